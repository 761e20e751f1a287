"""What waits for somebody: the counts of the navigation and the start page, in one statement."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, literal, select
from sqlalchemy.orm import Session

from app.domain.activity import State, not_ended
from app.domain.actor import Actor
from app.domain.policy import Action, Resource, may, scope
from app.domain.where import Is, both
from app.models import Activity, Report
from app.models.clauses import clause
from app.services import reports

QUEUE, FRESH, DRAFTS, ON_UIT, REPORTS = "queue", "fresh", "drafts", "on_uit", "reports"


def conditions(actor: Actor, now: datetime) -> dict[str, ColumnElement[bool]]:
    """What each list holds, for this actor: the one definition the counts, the lists and the start page share."""
    wanted: dict[str, ColumnElement[bool]] = {}
    live = not_ended(now)
    if may(actor, Action.READ_QUEUE, Resource.ACTIVITY):
        where = both(Is("state", State.PENDING), live, scope(actor, Action.READ_QUEUE, Resource.ACTIVITY))
        wanted[QUEUE] = clause(where, Activity)
    if may(actor, Action.READ_FRESH, Resource.ACTIVITY):
        where = both(
            Is("state", State.PUBLISHED),
            Is("seen_at", None),
            live,
            scope(actor, Action.READ_FRESH, Resource.ACTIVITY),
        )
        # One's own work is no news.
        wanted[FRESH] = and_(clause(where, Activity), Activity.created_by_id.is_distinct_from(actor.user_id))
    if actor.member_of:
        own = Activity.organisation_id.in_(sorted(actor.member_of))
        wanted[DRAFTS] = and_(own, Activity.state == State.DRAFT)
        wanted[ON_UIT] = and_(own, Activity.state == State.PENDING, clause(live, Activity))
    return wanted


def for_you(actor: Actor) -> frozenset[str]:
    """The lists on which this actor can do something; on the others they only read along."""
    acts = {
        QUEUE: may(actor, Action.DECIDE, Resource.ACTIVITY),
        FRESH: may(actor, Action.MARK_SEEN, Resource.ACTIVITY),
        DRAFTS: True,
        REPORTS: may(actor, Action.END, Resource.REPORT),
    }
    return frozenset(name for name, able in acts.items() if able)


def counts(session: Session, actor: Actor, now: datetime) -> Mapping[str, int]:
    """How much waits in each list this actor has. One statement, indexed."""
    wanted: dict[str, tuple[Any, ColumnElement[bool]]] = {
        name: (Activity, condition) for name, condition in conditions(actor, now).items()
    }
    if may(actor, Action.READ, Resource.REPORT):
        wanted[REPORTS] = (Report, reports.waiting(actor))
    if not wanted:
        return {}
    columns: list[Any] = [
        select(func.count()).select_from(model).where(condition).scalar_subquery().label(name)
        for name, (model, condition) in wanted.items()
    ]
    row = session.execute(select(literal(1), *columns)).one()
    return {name: getattr(row, name) for name in wanted}
