"""History: one line for each change, written by the verb that made it, in the same transaction."""

from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import inspect
from sqlalchemy.orm import Mapper, Session

from app.domain.actor import Actor
from app.models import (
    Absence,
    Activity,
    Agreement,
    Base,
    Change,
    IntakeRule,
    Invitation,
    Mandate,
    Organisation,
    User,
)

# A report is none: what a visitor wrote is deleted in time, and only handling it leaves a line.
AUDITED = (Activity, Organisation, Mandate, Agreement, Absence, IntakeRule, User, Invitation)
UNTOLD = frozenset(
    {
        *("row_version", "updated_at", "created_at", "form_token", "seen_at", "seen_by_id"),
        # Secrets, and what nobody needs to read later: how to reach who reported a problem.
        *("password_hash", "token_hash", "last_seen_on", "reply_to"),
    }
)


def snapshot(row: Base) -> dict[str, Any]:
    """The row's own columns and its lists, as plain JSON values; what changes by itself is left out."""
    mapper: Mapper[Any] = inspect(row).mapper
    values = {
        attribute.key: _plain(getattr(row, attribute.key))
        for attribute in mapper.column_attrs
        if attribute.key not in UNTOLD and attribute.key != "id"
    }
    if isinstance(row, Activity):
        values["goals"] = sorted(goal.name for goal in row.goals)
        values["topics"] = sorted(topic.name for topic in row.topics)
        values["channels"] = [
            {
                "kind": channel.kind.value,
                "value": channel.value,
                "public": channel.public,
                "preferred": channel.preferred,
            }
            for channel in row.channels
        ]
    return values


def record(
    session: Session,
    actor: Actor,
    now: datetime,
    row: Base,
    verb: str,
    before: dict[str, Any] | None = None,
    why: str = "",
) -> Change:
    """Write what changed since `before` (nothing, for a new row): who, as whose stand-in, when, why."""
    session.flush()
    return _line(session, actor, now, row, verb, before or {}, snapshot(row), why)


def record_removal(session: Session, actor: Actor, now: datetime, row: Base) -> Change:
    """Write what was, just before the row goes."""
    return _line(session, actor, now, row, "delete", snapshot(row), {}, "")


def ground_of(row: Base) -> tuple[int | None, int | None]:
    """Whose history it belongs to: the ids of its municipality and its organisation."""
    organisation_id = row.id if isinstance(row, Organisation) else getattr(row, "organisation_id", None)
    return getattr(row, "municipality_id", None), organisation_id


def _line(
    session: Session,
    actor: Actor,
    now: datetime,
    row: Base,
    verb: str,
    then: dict[str, Any],
    after: dict[str, Any],
    why: str,
) -> Change:
    differs = [key for key in {**then, **after} if key not in then or key not in after or then[key] != after[key]]
    municipality_id, organisation_id = ground_of(row)
    change = Change(
        table_name=row.__tablename__,
        record_id=row.id,
        verb=verb,
        municipality_id=municipality_id,
        organisation_id=organisation_id,
        user_id=actor.user_id,
        stand_in_for_id=actor.in_place_of(municipality_id),
        before={key: then[key] for key in differs if key in then},
        after={key: after[key] for key in differs if key in after},
        why=why,
        at=now,
    )
    session.add(change)
    session.flush()
    return change


def _plain(value: object) -> object:
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()  # one instant has one spelling, whatever offset it came with
    if isinstance(value, date):
        return value.isoformat()
    return value
