"""What visitors report about a public activity, without an account, and what the town does with it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, joinedload

from app.domain.actor import Actor
from app.domain.contact import Channel, clean
from app.domain.errors import Invalid
from app.domain.policy import Action, Resource, require, scope
from app.domain.where import Is, both
from app.models import Activity, Problem, Report
from app.models.clauses import clause
from app.services import history, notices

LONGEST_REMARK = 1_000
NOBODY = Actor()
PROBLEM_WORDS = {
    Problem.NOT_HAPPENING: "Het gaat niet door",
    Problem.WRONG: "Er klopt iets niet",
    Problem.UNREACHABLE: "Ik kan de organisator niet bereiken",
    Problem.UNFIT: "Dit hoort hier niet",
    Problem.OTHER: "Iets anders",
}


def report(
    session: Session,
    now: datetime,
    activity: Activity,
    problem: Problem,
    remark: str,
    reply_to: str,
    form_token: str | None,
) -> Report:
    """Write down what a visitor says of this public activity; its town is told. The same form sent twice is one.

    Raises Invalid, beside the field.
    """
    if (sent := sent_before(session, form_token)) is not None:
        return sent
    made = Report(
        activity=activity,
        municipality_id=activity.municipality_id,
        problem=problem,
        remark=_remark(problem, remark),
        reply_to=_address(reply_to),
        form_token=form_token or None,
        created_at=now,
    )
    session.add(made)
    # The history outlives the row: the visitor's own words stay out of it.
    history.record(session, NOBODY, now, made, "report", {"remark": made.remark})
    notices.announce_report(session, now, made)
    return made


def sent_before(session: Session, form_token: str | None) -> Report | None:
    """What this very form made a moment ago."""
    return session.scalar(select(Report).where(Report.form_token == form_token)) if form_token else None


def handle(session: Session, actor: Actor, now: datetime, of: Report) -> None:
    """Somebody looked, and did what was needed. Once is enough: a colleague who was first stays the one who did."""
    require(actor, Action.END, Resource.REPORT, of)
    if of.handled_at is not None:
        return
    before = history.snapshot(of)
    of.handled_at, of.handled_by_id = now, actor.user_id
    history.record(session, actor, now, of, "handle", before)


def waiting(actor: Actor) -> ColumnElement[bool]:
    """The reports this actor reads and that nobody handled yet."""
    return clause(both(Is("handled_at", None), scope(actor, Action.READ, Resource.REPORT)), Report)


def open_about(session: Session, actor: Actor, activity: Activity) -> Sequence[Report]:
    """Of one activity, what is still to be handled, as far as this actor may read it; the oldest first."""
    return session.scalars(
        select(Report)
        .where(Report.activity_id == activity.id, waiting(actor))
        .options(joinedload(Report.activity))
        .order_by(Report.id)
        .limit(50)
    ).all()


def _remark(problem: Problem, text: str) -> str:
    """Lines of readable characters. Raises Invalid when it is too long, or says nothing where words are needed."""
    lines = ("".join(char for char in line if char.isprintable()).strip() for line in text.splitlines())
    remark = "\n".join(lines).strip()
    if len(remark) > LONGEST_REMARK:
        raise Invalid("Dit is te lang: hoogstens %(most)d tekens.", field="remark", most=LONGEST_REMARK)
    if problem is Problem.OTHER and not remark:
        raise Invalid("Schrijf in een paar woorden wat er mis is.", field="remark")
    return remark


def _address(text: str) -> str:
    if not text.strip():
        return ""
    try:
        return clean(Channel.EMAIL, text)
    except Invalid as error:
        raise Invalid(error.message, field="reply_to", **error.params) from None
