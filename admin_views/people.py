"""The people of a town: administrators, backups, and the networks a town made an agreement with."""

from datetime import date, datetime
from typing import Any

from flask_admin import expose
from flask_babel import format_date
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup
from sqlalchemy import Select, or_, select
from sqlalchemy.orm import joinedload

from admin_views import cells
from admin_views.base import PolicyView
from admin_views.guard import present
from admin_views.listing import Column
from app.domain.actor import ROLE_WORDS, Role
from app.domain.clock import brussels_date
from app.domain.policy import Action, Resource, scope
from app.models import Absence, Agreement, Invitation, Mandate, MandateRole, db
from app.models.clauses import clause
from app.services import invitations
from app.services.access import valid_on

ROLES = {
    MandateRole.LOCAL: Role.LOCAL,
    MandateRole.BACKUP: Role.BACKUP,
    MandateRole.NETWORK: Role.NETWORK,
    MandateRole.ORGANISER: Role.ORGANISER,
    MandateRole.PLATFORM: Role.PLATFORM,
}


def who(row: Mandate, now: datetime) -> Markup:
    return cells.sub(row.user.name, row.user.email)


def what(row: Mandate, now: datetime) -> str:
    ground = row.municipality or row.organisation or row.network
    word = _(ROLE_WORDS[ROLES[row.role]])
    return _("%(role)s van %(ground)s", role=word, ground=ground) if ground else word


def written(day: date) -> str:
    return format_date(day, "d MMMM yyyy")


def how_long(row: Mandate, now: datetime) -> Markup:
    since = _("sinds %(day)s", day=written(row.since))
    until = _("tot en met %(day)s", day=written(row.until)) if row.until else ""
    given = _("aangesteld door %(name)s", name=row.granted_by.name) if row.granted_by else ""
    return cells.sub(" ".join(part for part in (since, until) if part), given)


def until(row: Mandate, now: datetime) -> str:
    return written(row.until) if row.until else ""


class PeopleView(PolicyView):
    resource = Resource.MANDATE
    columns = (
        Column(_l("Wie"), who),
        Column(_l("Wat"), what, "w"),
        Column(_l("Hoe lang"), how_long),
    )
    export_columns = (
        Column(_l("Naam"), lambda row, now: row.user.name),
        Column(_l("E-mailadres"), lambda row, now: row.user.email),
        Column(_l("Wat"), what),
        Column(_l("Sinds"), lambda row, now: written(row.since)),
        Column(_l("Tot en met"), until),
        Column(_l("Aangesteld door"), lambda row, now: row.granted_by.name if row.granted_by else ""),
    )
    order = (Mandate.role.desc(), Mandate.user_id)
    load = (
        joinedload(Mandate.user),
        joinedload(Mandate.granted_by),
        joinedload(Mandate.municipality),
        joinedload(Mandate.organisation),
        joinedload(Mandate.network),
    )
    list_template = "people/list.html"

    def narrowed(self) -> Select[Any]:
        return self.scoped().where(valid_on(Mandate, brussels_date(present())))

    @expose("/")
    def index_view(self) -> str:
        return self.render(
            self.list_template,
            listing=self.listing(),
            absences=self.absences(),
            agreements=self.agreements(),
            invited=self.invited(),
        )

    def invited(self) -> int:
        """How many within reach were asked, and may still answer."""
        readable = clause(scope(self.actor, Action.READ, Resource.INVITATION), Invitation)
        return invitations.count_open(db.session, readable, present())

    def absences(self) -> list[Absence]:
        """Who is away now or will be, within reach."""
        readable = clause(scope(self.actor, Action.READ, Resource.ABSENCE), Absence)
        query = select(Absence).where(readable, Absence.ended_at.is_(None), Absence.until >= brussels_date(present()))
        loaded = query.options(joinedload(Absence.user), joinedload(Absence.stand_in), joinedload(Absence.municipality))
        return list(db.session.scalars(loaded.order_by(Absence.since).limit(50)))

    def agreements(self) -> list[Agreement]:
        readable = clause(scope(self.actor, Action.READ, Resource.AGREEMENT), Agreement)
        query = select(Agreement).where(
            readable, Agreement.ended_at.is_(None), or_(Agreement.until >= brussels_date(present()))
        )
        loaded = query.options(joinedload(Agreement.municipality), joinedload(Agreement.network))
        return list(db.session.scalars(loaded.order_by(Agreement.until).limit(50)))
