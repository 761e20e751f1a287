"""A decision: one legal step of an activity's state, with who, why and as whose stand-in."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.activity import State, Verb, step
from app.domain.actor import Actor
from app.domain.errors import Invalid
from app.models import Activity, Decision, Reason
from app.services import history


def decide(
    session: Session,
    actor: Actor,
    now: datetime,
    activity: Activity,
    verb: Verb,
    *,
    reason: Reason | None = None,
    remark: str = "",
    checks: dict[str, bool] | None = None,
) -> Decision:
    """Take the step and write it down. The caller has asked the policy.

    Raises Conflict when the state does not allow it, Invalid when the reason asks for words and there are none.
    """
    if reason is not None and reason.asks_words and not remark.strip():
        raise Invalid("Schrijf zelf waarom.", field="remark")
    before = history.snapshot(activity)
    activity.state = step(activity.origin, activity.state, verb)
    if activity.state is State.PUBLISHED:
        activity.public_from = max(activity.public_from or now, now)  # the source may ask to wait
    activity.updated_at = now
    decision = Decision(
        activity=activity,
        verb=verb,
        reason=reason,
        remark=remark.strip(),
        checks=checks or {},
        fingerprint=activity.source_record.fingerprint if activity.source_record else "",
        decided_by_id=actor.user_id,
        stand_in_for_id=actor.in_place_of(activity.municipality_id),
        decided_at=now,
    )
    session.add(decision)
    history.record(session, actor, now, activity, verb, before, decision.words)
    return decision


def last(session: Session, activity: Activity) -> Decision | None:
    """The latest decision on this activity, if anybody ever decided."""
    return session.scalar(
        select(Decision).where(Decision.activity_id == activity.id).order_by(Decision.id.desc()).limit(1)
    )
