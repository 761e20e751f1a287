"""Letters that concern their reader alone: an invitation, a link for a new password, a password that changed."""

from dataclasses import dataclass

from flask import current_app, url_for
from flask_babel import format_datetime
from flask_babel import gettext as _

from app.domain.actor import ROLE_WORDS, Role
from app.models import Invitation, Mail, MailKind


@dataclass(frozen=True, slots=True)
class Personal:
    """What such a letter says: its words in order, one button, and why its reader gets it."""

    subject: str
    words: tuple[str, ...]
    button: str
    url: str
    footer: str


def written(mail: Mail, token: str) -> Personal:
    """The letter of this mail; `token` is that of its link. Called within a request, for the addresses."""
    if mail.kind is MailKind.INVITATION and mail.invitation is not None:
        return invitation(mail.invitation, token)
    if mail.kind is MailKind.RESET:
        return forgotten(token)
    return changed(mail)


def invitation(asked: Invitation, token: str) -> Personal:
    role, by = _(ROLE_WORDS[Role(asked.role.value)]), asked.invited_by.name if asked.invited_by else "Doemee"
    what = _("%(role)s van %(ground)s", role=role, ground=asked.ground) if asked.ground else role
    return Personal(
        subject=_("%(by)s nodigt je uit op Doemee", by=by),
        words=(
            _("Dag %(name)s,", name=asked.name),
            _("%(by)s vraagt je als %(what)s.", by=by, what=what),
            _("Op Doemee staan activiteiten voor nieuwkomers in Vlaanderen."),
            _("De link werkt drie dagen en één keer. Daarna kan %(by)s je een nieuwe sturen.", by=by),
        ),
        button=_("Bekijk de uitnodiging"),
        url=url_for("web.invitation", token=token, _external=True),
        footer=_("%(by)s gaf dit adres op. Verwacht je deze mail niet? Dan hoef je niets te doen.", by=by),
    )


def forgotten(token: str) -> Personal:
    return Personal(
        subject=_("Kies een nieuw wachtwoord voor Doemee"),
        words=(
            _("Iemand vroeg een nieuw wachtwoord voor dit adres. Was jij dat? Kies het dan hier."),
            _("De link werkt één uur en één keer. Zolang je hem niet gebruikt, blijft je oude wachtwoord gelden."),
        ),
        button=_("Kies een nieuw wachtwoord"),
        url=url_for("web.password", token=token, _external=True),
        footer=_("Vroeg je dit niet zelf? Dan hoef je niets te doen."),
    )


def changed(mail: Mail) -> Personal:
    when = format_datetime(mail.created_at, "d MMMM yyyy, H.mm")
    contact = current_app.extensions["settings"].contact_email
    return Personal(
        subject=_("Je wachtwoord voor Doemee is gewijzigd"),
        words=(
            _("Op %(when)s koos iemand een nieuw wachtwoord voor je account.", when=when),
            _("Op alle andere toestellen ben je nu afgemeld."),
            _("Was jij dat niet? Kies meteen zelf een nieuw wachtwoord, en mail ons op %(contact)s.", contact=contact),
        ),
        button=_("Kies zelf een nieuw wachtwoord"),
        url=url_for("web.forgotten", _external=True),
        footer=_("Je krijgt deze mail bij elke wijziging van je wachtwoord."),
    )
