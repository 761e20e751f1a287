"""The start page: what waits for you, whoever you are."""

from typing import Any

from flask_admin import AdminIndexView, expose
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from admin_views.guard import Guarded, present
from admin_views.shell import counts
from app.domain.actor import Role
from app.domain.policy import Action, Resource, scope
from app.models import Activity, Change, db
from app.models.clauses import clause
from app.services import waiting

SHOWN = 8
ROLE_LINES = {
    Role.PLATFORM: _l("Je houdt gemeenten, onderwerpen en accounts in orde. Keuren doen de gemeenten zelf."),
    Role.LOCAL: _l("Je keurt UiT-evenementen van je gemeente en volgt op wat organisaties er publiceren."),
    Role.STAND_IN: _l("Je keurt mee zolang je een collega vervangt."),
    Role.BACKUP: _l("Je leest mee in de gemeente. Vervang je een collega, dan keur je ook."),
    Role.NETWORK_MODERATOR: _l("Je keurt mee waar een gemeente dat met je netwerk afsprak."),
    Role.NETWORK: _l("Je ziet wat gepubliceerd is in je hele netwerk."),
    Role.ORGANISER: _l("Je publiceert voor je organisatie, meteen en zonder te wachten."),
}


class StartView(Guarded, AdminIndexView):
    """Open to everyone who is signed in: each list on it is scoped by itself."""

    resource = Resource.ACTIVITY

    def is_accessible(self) -> bool:
        return bool(current_user.is_authenticated)

    @expose("/")
    def index(self) -> str:
        return self.render(
            "admin/index.html",
            waits=counts(),
            total=sum(count for name, count in counts().items() if name in waiting.for_you(self.actor)),
            oldest=self.oldest(),
            lately=self.lately(),
            role_lines=[ROLE_LINES[role] for role in ROLE_LINES if role in self.actor.roles - self.implied()],
        )

    def implied(self) -> set[Role]:
        """A backup who stands in reads the other line only."""
        return {Role.BACKUP} if self.actor.stands_in else set()

    def oldest(self) -> dict[str, Activity]:
        """Of each list, what waits longest: one statement."""
        wanted = waiting.conditions(self.actor, present())
        shown = (waiting.QUEUE, waiting.DRAFTS)
        wanted = {name: condition for name, condition in wanted.items() if name in shown and counts().get(name)}
        if not wanted:
            return {}
        firsts = {
            name: select(Activity.id).where(condition).order_by(Activity.created_at, Activity.id).limit(1)
            for name, condition in wanted.items()
        }
        ids = db.session.execute(select(*(query.scalar_subquery().label(name) for name, query in firsts.items()))).one()
        rows = {row.id: row for row in db.session.scalars(select(Activity).where(Activity.id.in_(set(ids))))}
        return {name: rows[id_] for name, id_ in ids._mapping.items() if id_ in rows}

    def lately(self) -> list[dict[str, Any]]:
        """What others did lately, on what this person may read the history of."""
        readable = clause(scope(self.actor, Action.READ_HISTORY, Resource.ACTIVITY), Activity)
        rows = db.session.execute(
            select(Change, Activity)
            .join(Activity, Activity.id == Change.record_id)
            .where(
                Change.table_name == Activity.__tablename__,
                Change.user_id.is_not(None),
                Change.user_id != self.actor.user_id,
                readable,
            )
            .options(joinedload(Change.user))
            .order_by(Change.at.desc(), Change.id.desc())
            .limit(SHOWN)
        ).all()
        return [{"change": row.Change, "activity": row.Activity} for row in rows]
