"""Systeem, mails: what leaves, what waits and what failed, never what a mail says."""

from datetime import datetime
from typing import Any

from flask import flash, redirect, request, url_for
from flask_admin import expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response

from admin_views.guard import present, row_id
from admin_views.listing import Filter
from admin_views.paging import Sentence, page_of
from app.domain.errors import Conflict, NotFound
from app.models import Mail, MailKind, MailState, db
from app.services import resending
from app.web.errors import words

RETRYING = "retrying"
MAIL_WORDS = {
    MailKind.NOTICES: _l("seintje over activiteiten"),
    MailKind.INVITATION: _l("uitnodiging"),
    MailKind.RESET: _l("link voor een nieuw wachtwoord"),
    MailKind.PASSWORD_CHANGED: _l("melding van een ander wachtwoord"),
}
PEOPLE = (joinedload(Mail.user), joinedload(Mail.invitation), joinedload(Mail.password_reset))


class Mails:
    """The part of the screen Systeem that is about mail."""

    @expose("/mails/")
    def mails(self) -> str:
        said = Sentence(
            (
                Filter("kind", _l("soort"), _l("Toon"), kind_options, by_kind),
                Filter("state", _l("toestand"), "", state_options, by_state),
            )
        )
        page = page_of(said.narrow(select(Mail).options(*PEOPLE).order_by(Mail.id.desc())), ".mails", said.on)
        again = {mail.id for mail in page.rows if mail.state is MailState.FAILED}
        again -= {mail.id for mail in page.rows if resending.is_pointless(mail, present())}
        return self.render("system/mails.html", said=said, page=page, again=again)  # type: ignore[attr-defined]

    @expose("/mails/retry/", methods=("POST",))
    def retry_mail(self) -> Response:
        """A failed mail leaves with the next run."""
        mail = db.session.get(Mail, row_id(request.form.get("id")), options=list(PEOPLE))
        if mail is None:
            raise NotFound
        address = mail.address
        try:
            resending.try_again(db.session, self.actor, present(), mail)  # type: ignore[attr-defined]
            db.session.commit()
            flash(_("De mail aan %(address)s vertrekt zo meteen opnieuw.", address=address), "done")
        except Conflict as error:
            db.session.rollback()
            flash(words(error), "wait")
        return redirect(url_for(".mails", state=request.form.get("state") or None))


def mail_words(mail: Mail) -> str:
    return str(MAIL_WORDS[mail.kind])


def kind_options() -> list[tuple[str, Any]]:
    return [("", _("alle mails")), *((kind.value, MAIL_WORDS[kind]) for kind in MailKind)]


def state_options() -> list[tuple[str, Any]]:
    return [
        ("", _("in welke toestand ook")),
        (MailState.FAILED, _("die mislukten")),
        (RETRYING, _("die opnieuw proberen")),
        (MailState.WAITING, _("die nog moeten vertrekken")),
        (MailState.SENT, _("die vertrokken")),
    ]


def by_kind(query: Select[Any], value: str, now: datetime) -> Select[Any]:
    return query.where(Mail.kind == MailKind(value)) if value else query


def by_state(query: Select[Any], value: str, now: datetime) -> Select[Any]:
    if value == RETRYING:
        return query.where(Mail.state == MailState.WAITING, Mail.error != "")
    return query.where(Mail.state == MailState(value)) if value else query
