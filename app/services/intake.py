"""*Wat komt binnen*: which events of a source a town lets into its queue (DESIGN rule 4)."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.errors import Invalid, NotAllowed
from app.domain.policy import Action, Resource, require
from app.domain.relevance import Match
from app.models import IntakeRule
from app.services import history


def made_by(session: Session, actor: Actor, form_token: str | None) -> IntakeRule | None:
    """The line that this very form made before, if it did. Raises NotAllowed for the form of somebody else."""
    sent = session.scalar(select(IntakeRule).where(IntakeRule.form_token == form_token)) if form_token else None
    if sent is not None and sent.created_by_id != actor.user_id:
        raise NotAllowed("Dit formulier is niet van jou.")
    return sent


def add(
    session: Session,
    actor: Actor,
    now: datetime,
    municipality_id: int,
    match: Match,
    value: str,
    form_token: str | None = None,
) -> IntakeRule:
    """One more line for a town. Raises Invalid when it is there already."""
    same = select(IntakeRule.id).where(
        IntakeRule.municipality_id == municipality_id,
        IntakeRule.match == match,
        func.lower(IntakeRule.value) == value.lower(),
    )
    if session.scalar(same) is not None:
        raise Invalid("Deze regel staat er al.", field="value")
    rule = IntakeRule(
        municipality_id=municipality_id,
        match=match,
        value=value,
        created_by_id=actor.user_id,
        created_at=now,
        form_token=form_token,
    )
    require(actor, Action.CREATE, Resource.INTAKE_RULE, rule)
    session.add(rule)
    history.record(session, actor, now, rule, "add")
    return rule


def remove(session: Session, actor: Actor, now: datetime, rule: IntakeRule) -> None:
    """What came in by it stays; nothing new comes in by it."""
    require(actor, Action.DELETE, Resource.INTAKE_RULE, rule)
    history.record_removal(session, actor, now, rule)
    session.delete(rule)
    session.flush()
