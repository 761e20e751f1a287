"""Imports: approve, reject, and add what a newcomer needs to know (DESIGN rules 3, 6 and 11)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from app.domain.activity import State, Verb
from app.domain.actor import Actor
from app.domain.errors import Conflict, Invalid
from app.domain.policy import Action, Resource, require
from app.models import Activity, Goal, Level, Reason, Topic
from app.services import decisions, history

CHECKS = {
    "group": "Je doet het in duo of in groep",
    "meet": "Je leert nieuwe mensen kennen",
    "dutch": "Het gaat in het Nederlands",
    "lasting": "Er is kans op blijvend contact",
}
FIRST = {Verb.APPROVE: "%(name)s keurde dit al goed.", Verb.REJECT: "%(name)s wees dit al af."}
UNDO_WITHIN = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Enrichment:
    """What we add to an import, ours from then on: everything else on it stays the source's."""

    goals: Sequence[Goal]
    topics: Sequence[Topic]
    level: Level | None
    internal_note: str


def said(wanted: Enrichment) -> dict[str, Any]:
    """What a moderator wants to add, as history keeps it: to lay beside what is stored."""
    return {
        "goals": sorted(goal.name for goal in wanted.goals),
        "topics": sorted(topic.name for topic in wanted.topics),
        "level_id": wanted.level.id if wanted.level else None,
        "internal_note": wanted.internal_note,
    }


def approve(
    session: Session,
    actor: Actor,
    now: datetime,
    activity: Activity,
    *,
    seen: str,
    enrichment: Enrichment | None = None,
    checks: dict[str, bool] | None = None,
) -> None:
    """Publish an import. `seen` is the fingerprint of what the moderator looked at.

    Raises Conflict when the source changed it since, or when a colleague was first.
    """
    require(actor, Action.DECIDE, Resource.ACTIVITY, activity)
    refuse_unseen(session, activity, seen)
    if enrichment is not None:
        enrich(session, actor, now, activity, enrichment)
    decisions.decide(session, actor, now, activity, Verb.APPROVE, checks=checks)


def reject(
    session: Session,
    actor: Actor,
    now: datetime,
    activity: Activity,
    *,
    seen: str,
    reason: Reason | None,
    remark: str,
) -> None:
    """Keep an import offline, with a reason. Nothing is written to the source."""
    require(actor, Action.DECIDE, Resource.ACTIVITY, activity)
    refuse_unseen(session, activity, seen)
    if reason is None:
        raise Invalid("Kies een reden.", field="reason")
    decisions.decide(session, actor, now, activity, Verb.REJECT, reason=reason, remark=remark)


def enrich(session: Session, actor: Actor, now: datetime, activity: Activity, wanted: Enrichment) -> None:
    """Set topics, goals, level and the internal note; the source's own fields cannot be reached from here."""
    require(actor, Action.ENRICH, Resource.ACTIVITY, activity)
    before = history.snapshot(activity)
    activity.goals, activity.topics = list(wanted.goals), list(wanted.topics)
    activity.level_id = wanted.level.id if wanted.level else None
    activity.internal_note = wanted.internal_note
    session.flush()
    if history.snapshot(activity) != before:
        activity.updated_at = now
        history.record(session, actor, now, activity, "enrich", before)


def undo(session: Session, actor: Actor, now: datetime, activity: Activity) -> None:
    """Take back one's own last decision, shortly after it: what was decided waits again.

    Raises Conflict when somebody decided since, or when it is too long ago.
    """
    require(actor, Action.DECIDE, Resource.ACTIVITY, activity)
    last = decisions.last(session, activity)
    mine = last is not None and last.decided_by_id == actor.user_id and now - last.decided_at <= UNDO_WITHIN
    if last is None or not mine or last.verb not in (Verb.APPROVE, Verb.REJECT):
        raise Conflict("Dit kan je niet meer ongedaan maken. Zet het terug vanuit de activiteit zelf.")
    if activity.state is State.PUBLISHED:
        decisions.decide(session, actor, now, activity, Verb.WITHDRAW, remark="Ongedaan gemaakt.")
        if activity.public_from is not None and activity.public_from <= now:
            activity.public_from = None  # a day to come was asked by the source, and still counts
    decisions.decide(session, actor, now, activity, Verb.REOPEN)


def refuse_unseen(session: Session, activity: Activity, seen: str) -> None:
    """Raise Conflict when somebody decided already, or when the source changed it since `seen`."""
    if activity.state is not State.PENDING:
        last = decisions.last(session, activity)
        if last is not None:
            raise Conflict(FIRST.get(last.verb, "%(name)s was je net voor."), name=last.decided_by.name)
    if activity.source_record is not None and activity.source_record.fingerprint != seen:
        raise Conflict("Gewijzigd sinds je keek. Bekijk het opnieuw en beslis dan.")
