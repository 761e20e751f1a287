"""Uitnodigingen: who was asked to take up a role, by whom, and what became of it."""

import secrets
from datetime import datetime, timedelta
from typing import Any

from flask import current_app, flash, redirect, request, url_for
from flask_admin import expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from markupsafe import Markup
from sqlalchemy import case, func, select
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response
from wtforms import EmailField, HiddenField, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length

from admin_views import cells
from admin_views.base import PolicyView
from admin_views.fields import PlainText, squeezed
from admin_views.guard import present
from admin_views.listing import Column
from app.domain import wording
from app.domain.actor import ROLE_WORDS, Actor, Role
from app.domain.clock import brussels_date
from app.domain.errors import AppError, Invalid
from app.domain.policy import Action, Resource
from app.models import Invitation, MandateRole, Municipality, Network, Organisation, connection, db
from app.services import invitations
from app.services.invitations import Asked
from app.web import limits
from app.web.errors import words
from app.web.limits import Limit
from app.web.words import stamp

BY_INVITER = Limit("invitation, inviter", 40, timedelta(hours=1))
GROUNDS = {
    MandateRole.LOCAL: ("municipality_id", Municipality),
    MandateRole.BACKUP: ("municipality_id", Municipality),
    MandateRole.NETWORK: ("network_id", Network),
    MandateRole.ORGANISER: ("organisation_id", Organisation),
}


def role_words(role: MandateRole) -> str:
    return _(ROLE_WORDS[Role(role.value)])


def what(row: Invitation, now: datetime) -> str:
    role = role_words(row.role)
    return _("%(role)s van %(ground)s", role=role, ground=row.ground) if row.ground else role


def who(row: Invitation, now: datetime) -> Markup:
    return cells.sub(row.name, row.email)


def standing(row: Invitation, now: datetime) -> Markup:
    """What became of it, and who asked."""
    by = _("uitgenodigd door %(name)s", name=row.invited_by.name) if row.invited_by else ""
    return cells.sub(said(row, now), by)


def said(row: Invitation, now: datetime) -> str:
    if row.accepted_at:
        return _("aangenomen op %(day)s", day=wording.day(brussels_date(row.accepted_at), now))
    if row.withdrawn_at:
        return _("ingetrokken op %(day)s", day=wording.day(brussels_date(row.withdrawn_at), now))
    if row.ends_at <= now:
        return _("verlopen op %(day)s", day=wording.day(brussels_date(row.ends_at), now))
    return _("wacht op antwoord, tot %(when)s", when=stamp(row.ends_at))


class InviteForm(FlaskForm):
    """Who, and as what: `asked` is one list of roles on the ground of whoever invites."""

    form_token = HiddenField(default=lambda: secrets.token_urlsafe(24))
    email = EmailField(
        _l("E-mailadres"),
        [InputRequired(_l("Vul het e-mailadres in.")), Length(max=254, message=_l("Hoogstens 254 tekens."))],
        description=_l("Wie al een account heeft met dit adres, krijgt de rol erbij."),
        render_kw={"autocomplete": "off"},
    )
    name = StringField(
        _l("Naam"),
        [DataRequired(_l("Vul de naam in.")), Length(max=80, message=_l("Hoogstens 80 tekens.")), PlainText()],
        description=_l("Zoals collega’s die persoon kennen; wie de uitnodiging aanneemt, kan hem nog verbeteren."),
        render_kw={"autocomplete": "off"},
    )
    asked = SelectField(_l("Als wat?"), validate_choice=True)

    def meant(self) -> Asked:
        role, _mark, ground = self.asked.data.partition(":")
        kind = MandateRole(role)
        return Asked(kind, **{GROUNDS[kind][0]: int(ground)})


class PlatformInviteForm(InviteForm):
    """The platform reaches everywhere: a role, and the name of its ground."""

    asked = SelectField(_l("Als wat?"))
    ground = StringField(
        _l("Waarvan?"),
        [Length(max=200, message=_l("Hoogstens 200 tekens."))],
        description=_l("De naam van de gemeente, de organisatie of het netwerk; niets voor een platformbeheerder."),
        render_kw={"list": "grounds", "autocomplete": "off"},
    )

    def meant(self) -> Asked:
        kind = MandateRole(self.asked.data)
        name = squeezed(self.ground.data)
        if kind is MandateRole.PLATFORM:
            if name:
                raise Invalid(
                    "Een platformbeheerder is dat overal. Laat dit leeg, of kies een andere rol.", field="ground"
                )
            return Asked(kind)
        if not name:
            raise Invalid("Vul in van welke gemeente, organisatie of welk netwerk.", field="ground")
        column, model = GROUNDS[kind]
        found = db.session.scalars(select(model.id).where(func.lower(model.name) == name.lower()).limit(2)).all()
        if not found:
            raise Invalid("We kennen hier geen “%(name)s”. Schrijf de naam voluit.", field="ground", name=name)
        if len(found) > 1:
            raise Invalid("Er zijn er meer met de naam “%(name)s”.", field="ground", name=name)
        return Asked(kind, **{column: found[0]})


class InvitationView(PolicyView):
    resource = Resource.INVITATION
    columns = (
        Column(_l("Wie"), who),
        Column(_l("Als wat"), what, "w"),
        Column(_l("Hoe staat het"), standing),
    )
    export_columns = (
        Column(_l("Naam"), lambda row, now: row.name),
        Column(_l("E-mailadres"), lambda row, now: row.email),
        Column(_l("Als wat"), what),
        Column(_l("Hoe staat het"), said),
        Column(_l("Uitgenodigd door"), lambda row, now: row.invited_by.name if row.invited_by else ""),
    )
    order = (case((Invitation.accepted_at.is_(None) & Invitation.withdrawn_at.is_(None), 0), else_=1),)
    load = load_one = (
        joinedload(Invitation.municipality),
        joinedload(Invitation.network),
        joinedload(Invitation.organisation),
        joinedload(Invitation.invited_by),
    )
    list_template = "invitation/list.html"
    create_template = "invitation/form.html"
    can_create = True

    def is_visible(self) -> bool:
        return False  # reached from the colleagues

    def create_form(self, obj: Any = None) -> InviteForm:
        if not self.actor.platform:
            form = InviteForm()
            form.asked.choices = choices_of(self.actor)
            return form
        form = PlatformInviteForm()
        form.asked.choices = [(role.value, role_words(role)) for role in MandateRole]
        return form

    def create(self, form: InviteForm) -> Invitation:
        meant, host = form.meant(), current_app.extensions["settings"].host
        made = invitations.invite(
            db.session,
            self.actor,
            present(),
            form.email.data or "",
            squeezed(form.name.data),
            meant,
            host,
            form.form_token.data or None,
        )
        flash(_("%(name)s krijgt een mail met een link die drie dagen werkt.", name=made.name), "done")
        return made

    def _form_page(self, template: str, form: Any, row: Any) -> tuple[str, int]:
        form.known = grounds() if self.actor.platform else []
        return super()._form_page(template, form, row)

    def already_made(self, form: InviteForm) -> Invitation | None:
        token = form.form_token.data
        mine = self.scoped().where(Invitation.form_token == token, Invitation.invited_by_id == self.actor.user_id)
        return db.session.scalar(mine) if token else None

    def _asked_to_save(self, form: Any) -> bool:
        """Not more than one can mean to ask: every invitation sends a mail to somebody who did not ask for it."""
        if not super()._asked_to_save(form):
            return False
        user_id = self.actor.user_id
        limits.note([(BY_INVITER, str(user_id))])
        connection.begin_write(db.session)
        return True

    @expose("/again/", methods=("POST",))
    def again_view(self) -> Response:
        """Send it again, with another link; the earlier one stops."""
        self.get_one(request.form.get("id"), Action.CREATE)  # what is not theirs counts for nothing
        limits.note([(BY_INVITER, str(self.actor.user_id))])
        connection.begin_write(db.session)
        row = self.get_one(request.form.get("id"), Action.CREATE)
        return self.done(
            row, _("%(name)s krijgt een nieuwe mail. De vorige link werkt niet meer.", name=row.name), True
        )

    @expose("/withdraw/", methods=("POST",))
    def end_view(self) -> Response:
        """Take it back: its link stops at once."""
        row = self.get_one(request.form.get("id"), Action.END)
        return self.done(row, _("De uitnodiging voor %(name)s is ingetrokken.", name=row.name), False)

    def done(self, row: Invitation, said: str, again: bool) -> Response:
        try:
            if again:
                host = current_app.extensions["settings"].host
                invitations.send_again(db.session, self.actor, present(), row, host)
            else:
                invitations.withdraw(db.session, self.actor, present(), row)
            db.session.commit()
            flash(said, "done")
        except AppError as error:
            db.session.rollback()
            flash(words(error), "stop")
        return redirect(url_for("invitation.index_view"))


def choices_of(actor: Actor) -> list[tuple[str, str]]:
    """The roles on the ground of somebody who appoints: a colleague or backup of the town, an organiser beside you."""
    towns = db.session.scalars(select(Municipality).where(Municipality.id.in_(sorted(actor.local_of)))).all()
    clubs = db.session.scalars(select(Organisation).where(Organisation.id.in_(sorted(actor.member_of)))).all()
    on = [(role, town) for town in towns for role in (MandateRole.LOCAL, MandateRole.BACKUP)]
    on += [(MandateRole.ORGANISER, club) for club in clubs]
    return [
        (f"{role}:{ground.id}", _("%(role)s van %(ground)s", role=role_words(role), ground=ground.name))
        for role, ground in on
    ]


def grounds() -> list[str]:
    """The names the platform is offered; an organisation is typed in full."""
    towns = db.session.scalars(select(Municipality.name).order_by(Municipality.name))
    return [*towns, *db.session.scalars(select(Network.name).order_by(Network.name))]
