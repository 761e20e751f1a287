"""Whose history somebody may read: a line tells of a record, and only who may read that record now reads the line."""

from collections.abc import Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, false, or_, select, true
from sqlalchemy.orm import Session, aliased, joinedload

from app.domain.activity import Verb
from app.domain.actor import Actor
from app.domain.policy import Action, Resource, may, scope
from app.domain.where import among, either
from app.models import (
    Absence,
    Activity,
    Agreement,
    Base,
    Change,
    IntakeRule,
    Invitation,
    Level,
    Mail,
    Mandate,
    Municipality,
    Network,
    Organisation,
    Report,
    User,
)
from app.models.clauses import clause
from app.services import history


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of record with a history: who may do one of `reads` on the record, reads its lines.

    `by_record`: the rule of the record alone decides about its own page, also where no history of a town or an
    organisation is within reach. `loads` are the relationships its words need.
    """

    model: type[Base]
    resource: Resource
    reads: tuple[Action, ...] = (Action.READ,)
    by_record: bool = False
    loads: tuple[str, ...] = ()


GROUND = ("municipality", "organisation", "network")
KINDS = {
    "activity": Kind(Activity, Resource.ACTIVITY, (Action.READ_HISTORY,), by_record=True),
    "organisation": Kind(Organisation, Resource.ORGANISATION),
    "mandate": Kind(Mandate, Resource.MANDATE, loads=("user", *GROUND)),
    "invitation": Kind(Invitation, Resource.INVITATION, loads=GROUND),
    "absence": Kind(Absence, Resource.ABSENCE, loads=("user", "municipality")),
    "agreement": Kind(Agreement, Resource.AGREEMENT, loads=("municipality", "network")),
    "intake_rule": Kind(IntakeRule, Resource.INTAKE_RULE, loads=("municipality",)),
    "report": Kind(Report, Resource.REPORT, loads=("activity",)),
    "user": Kind(User, Resource.ACCOUNT, (Action.READ, Action.EDIT), by_record=True),
    "mail": Kind(Mail, Resource.SYSTEM, loads=("user", "invitation")),
}
# Fields that hold an id, and what it names.
NAMED: dict[str, Any] = {
    **dict.fromkeys(("user_id", "stand_in_id", "granted_by_id", "agreed_by_id", "invited_by_id"), User),
    **dict.fromkeys(("accepted_by_id", "handled_by_id", "created_by_id"), User),
    "municipality_id": Municipality,
    "organisation_id": Organisation,
    "network_id": Network,
    "level_id": Level,
}
Records = dict[tuple[str, int], Any]
NOWHERE = SimpleNamespace(municipality_id=None, organisation_id=None)


def reads_all(actor: Actor) -> bool:
    """Whether the policy gives the whole history, wherever it lies."""
    return may(actor, Action.READ, Resource.HISTORY, NOWHERE)


def kinds_of(actor: Actor) -> list[str]:
    """The kinds of record of which this actor's list may tell."""
    if reads_all(actor):
        return list(KINDS)
    return [
        name
        for name, kind in KINDS.items()
        if name not in ("user", "mail") and any(may(actor, action, kind.resource) for action in kind.reads)
    ]


def readable(actor: Actor) -> ColumnElement[bool]:
    """The lines this actor's list may tell, as a condition on Change: on own ground, of what can be read now."""
    if reads_all(actor):
        return Change.table_name.in_(list(KINDS))
    ground = clause(scope(actor, Action.READ, Resource.HISTORY), Change)
    return and_(ground, told_to(actor), or_(false(), *(_of_kind(actor, name) for name in kinds_of(actor))))


def told_to(actor: Actor) -> ColumnElement[bool]:
    """The lines of an activity this actor may read: what an organisation wrote in a draft stays its own, also after it
    was published (matrix 3)."""
    if reads_all(actor):
        return true()
    drafted, published = aliased(Change), aliased(Change)

    def earlier(line: type[Change], verb: str) -> ColumnElement[bool]:
        same = and_(line.table_name == Change.table_name, line.record_id == Change.record_id)
        return exists(select(line.id).where(same, line.verb == verb, line.id <= Change.id))

    return or_(
        Change.table_name != Activity.__tablename__,
        clause(among("organisation_id", actor.organises), Change),
        ~earlier(drafted, "draft"),
        earlier(published, Verb.PUBLISH),
    )


def record_of(session: Session, actor: Actor, name: str, id: int) -> Any:
    """The record with this id, if this actor may read its history; None for a foreign and for a missing one."""
    kind = KINDS[name]
    loads = [joinedload(getattr(kind.model, load)) for load in kind.loads]
    found = session.scalar(select(kind.model).where(kind.model.id == id, _readable_now(actor, kind)).options(*loads))
    return found if found is not None and may_read(actor, name, found) else None


def may_read(actor: Actor, name: str, record: Any) -> bool:
    """Whether this actor may read the history of this record: the same as `record_of`, of a row that is at hand."""
    kind = KINDS[name]
    if not any(may(actor, action, kind.resource, record) for action in kind.reads):
        return False
    municipality_id, organisation_id = history.ground_of(record)
    ground = SimpleNamespace(municipality_id=municipality_id, organisation_id=organisation_id)
    return kind.by_record or may(actor, Action.READ, Resource.HISTORY, ground)


def lines(condition: ColumnElement[bool], *narrower: ColumnElement[bool]) -> Select[Change]:
    """The lines for which all this holds, newest first, each with who wrote it."""
    people = (joinedload(Change.user), joinedload(Change.stand_in_for))
    return select(Change).where(condition, *narrower).options(*people).order_by(Change.at.desc(), Change.id.desc())


def of_record(name: str, id: int) -> ColumnElement[bool]:
    return and_(Change.table_name == name, Change.record_id == id)


def records(session: Session, actor: Actor, changes: Sequence[Change]) -> Records:
    """What these lines tell of, as far as this actor may read it: one statement a kind."""
    ids: dict[str, set[int]] = {}
    for change in changes:
        ids.setdefault(change.table_name, set()).add(change.record_id)
    found: Records = {}
    for name in ids.keys() & KINDS.keys():
        kind = KINDS[name]
        loads = [joinedload(getattr(kind.model, load)) for load in kind.loads]
        query = (
            select(kind.model).where(kind.model.id.in_(sorted(ids[name])), _readable_now(actor, kind)).options(*loads)
        )
        found |= {(name, row.id): row for row in session.scalars(query)}
    return found


def hidden(actor: Actor, name: str, record: Any) -> frozenset[str]:
    """The fields of a record that this actor may not read on the record itself. Of what is gone: all of these."""
    match name:
        case "activity" if record is None or not may(actor, Action.ENRICH, Resource.ACTIVITY, record):
            return frozenset({"internal_note"})
        case "absence" if record is None or not _knows_why(actor, record):
            return frozenset({"reason"})
        case _:
            return frozenset()


def reads_internal_contact(actor: Actor, record: Activity | None) -> bool:
    """Whether this actor finds the channels that are not public on the activity itself."""
    return record is not None and may(actor, Action.READ, Resource.ACTIVITY, record)


def _knows_why(actor: Actor, absence: Absence) -> bool:
    """Why somebody is away is for that person, and for who arranges absences there; not for who reads along."""
    return absence.user_id == actor.user_id or may(actor, Action.END, Resource.ABSENCE, absence)


def _readable_now(actor: Actor, kind: Kind) -> ColumnElement[bool]:
    return clause(either(*(scope(actor, action, kind.resource) for action in kind.reads)), kind.model)


def _of_kind(actor: Actor, name: str) -> ColumnElement[bool]:
    kind = KINDS[name]
    same = kind.model.id == Change.record_id
    readable_now = exists(select(kind.model.id).where(same, _readable_now(actor, kind)))
    return and_(
        Change.table_name == name,
        or_(readable_now, and_(_said_of_the_gone(actor, name), ~exists(select(kind.model.id).where(same)))),
    )


def _said_of_the_gone(actor: Actor, name: str) -> ColumnElement[bool]:
    """Of a record that is no more, the line itself says whose it was."""
    match name:
        case "activity":  # a draft: nobody but its organisation ever saw it
            return clause(among("organisation_id", actor.organises), Change)
        case "intake_rule":
            return clause(scope(actor, Action.READ, Resource.INTAKE_RULE), Change)
        case _:
            return false()


def _named_by(changes: Sequence[Change]) -> dict[Any, set[int]]:
    ids: dict[Any, set[int]] = {}
    for change in changes:
        if change.municipality_id is not None:
            ids.setdefault(Municipality, set()).add(change.municipality_id)
        for values in (change.before, change.after):
            for field, model in NAMED.items():
                if isinstance(value := values.get(field), int):
                    ids.setdefault(model, set()).add(value)
    return ids


def names(session: Session, changes: Sequence[Change]) -> dict[tuple[str, int], str]:
    """The words for the ids on these lines: by table and id, one statement a table."""
    found: dict[tuple[str, int], str] = {}
    for model, ids in _named_by(changes).items():
        rows = session.execute(select(model.id, model.name).where(model.id.in_(sorted(ids))))
        found |= {(model.__tablename__, id): name for id, name in rows}
    return found
