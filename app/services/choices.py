"""The small lists a screen offers, read together in one statement."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Integer, Select, literal, null, select, union_all
from sqlalchemy.orm import Session

from app.models import Goal, Level, Reason, ReasonFor, Topic

GOALS, TOPICS, LEVELS, REASONS = "goals", "topics", "levels", "reasons"


@dataclass(frozen=True, slots=True)
class Choice:
    """One option: its id, its key (a level has none), what it is called, and for a level its number.

    `explanation` says more: of a reason what it means, of a level how people say it.
    """

    id: int
    key: str
    name: str
    number: int = 0
    explanation: str = ""


def lists(session: Session, reasons_for: ReasonFor | None = None) -> dict[str, list[Choice]]:
    """Goals, topics that are not retired, levels, and the reasons for one use, each in their own order."""
    arms = [
        _arm(GOALS, Goal, Goal.position),
        _arm(TOPICS, Topic, Topic.position).where(Topic.retired_at.is_(None)),
        _arm(LEVELS, Level, Level.number, Level.plain_words),
    ]
    if reasons_for is not None:
        arms.append(_arm(REASONS, Reason, Reason.position, Reason.explanation).where(Reason.used_for == reasons_for))
    found: dict[str, list[Choice]] = {GOALS: [], TOPICS: [], LEVELS: [], REASONS: []}
    rows = session.execute(union_all(*arms)).all()
    for row in sorted(rows, key=lambda row: row.position):
        found[row.kind].append(Choice(row.id, row.key or "", row.name, row.position, row.explanation or ""))
    return found


def _arm(kind: str, model: Any, position: Any, explanation: Any = None) -> Select[Any]:
    words = null() if explanation is None else explanation
    return select(
        literal(kind).label("kind"),
        model.id.label("id"),
        (null() if model is Level else model.key).label("key"),
        model.name.label("name"),
        position.cast(Integer).label("position"),
        words.label("explanation"),
    )
