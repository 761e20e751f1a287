"""An activity's states, the steps between them, and what it must say before people can see it."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from app.domain.errors import Conflict
from app.domain.where import After, Is, Until, Where, both, either


class State(StrEnum):
    DRAFT = "draft"
    PENDING = "pending"
    PUBLISHED = "published"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class Origin(StrEnum):
    """Made here by an organisation, or made from a source's record."""

    OWN = "own"
    IMPORT = "import"


class Verb(StrEnum):
    """A decision's verb; the same word in button, history and mail."""

    PUBLISH = "publish"
    APPROVE = "approve"
    REJECT = "reject"
    WITHDRAW = "withdraw"
    REOPEN = "reopen"


STATE_WORDS = {
    State.DRAFT: "Ontwerp",
    State.PENDING: "Te keuren",
    State.PUBLISHED: "Gepubliceerd",
    State.REJECTED: "Afgewezen",
    State.WITHDRAWN: "Ingetrokken",
}

MISSING_WORDS = {
    "text": "een tekst",
    "place": "een plaats",
    "moment": "een moment",
    "contact": "een manier om contact op te nemen",
}

# DESIGN rule 18. Reopening asks an import's moderator again; an own entry is back online at once.
STEPS: dict[tuple[Origin, Verb], tuple[frozenset[State], State]] = {
    (Origin.OWN, Verb.PUBLISH): (frozenset({State.DRAFT}), State.PUBLISHED),
    (Origin.OWN, Verb.WITHDRAW): (frozenset({State.PUBLISHED}), State.WITHDRAWN),
    (Origin.OWN, Verb.REOPEN): (frozenset({State.WITHDRAWN}), State.PUBLISHED),
    (Origin.IMPORT, Verb.APPROVE): (frozenset({State.PENDING}), State.PUBLISHED),
    (Origin.IMPORT, Verb.REJECT): (frozenset({State.PENDING}), State.REJECTED),
    (Origin.IMPORT, Verb.WITHDRAW): (frozenset({State.PUBLISHED, State.PENDING}), State.WITHDRAWN),
    (Origin.IMPORT, Verb.REOPEN): (frozenset({State.REJECTED, State.WITHDRAWN}), State.PENDING),
}

IMPOSSIBLE = {
    State.DRAFT: "Dit is nog een ontwerp.",
    State.PENDING: "Dit wacht nog op goedkeuring.",
    State.PUBLISHED: "Dit staat al online.",
    State.REJECTED: "Dit is al afgewezen.",
    State.WITHDRAWN: "Dit is al ingetrokken.",
}


def step(origin: Origin, state: State, verb: Verb) -> State:
    """The state after `verb`. Raises Conflict when the state it is in does not allow that: somebody was first."""
    allowed, result = STEPS.get((origin, verb), (frozenset(), state))
    if state not in allowed:
        raise Conflict(IMPOSSIBLE[state])
    return result


def can_step(origin: Origin, state: State, verb: Verb) -> bool:
    return state in STEPS.get((origin, verb), (frozenset(), state))[0]


def missing(activity: Any) -> list[str]:
    """What an activity lacks before people can see it, in words (DESIGN rules 13, 14 and 17)."""
    lacks = {
        "text": not activity.description,
        "place": activity.municipality_id is None,
        "moment": activity.undecided,
        "contact": not activity.channels,
    }
    return [MISSING_WORDS[part] for part, lacking in lacks.items() if lacking]


def public(now: datetime) -> Where:
    """Public = published, public from <= now, not ended (rule 18), as a condition with both faces."""
    return both(Is("state", State.PUBLISHED), Until("public_from", now), not_ended(now))


def not_ended(now: datetime) -> Where:
    return either(Is("over_at", None), After("over_at", now))
