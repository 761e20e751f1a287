"""Conditions as small values: one condition, two faces.

`holds` evaluates a condition on a row; `app.models.clauses.clause` turns the same condition into SQL. What NULL means
is defined here, once, for both: a field without a value is among nothing and equals only None, and comparing it
with an instant is false. So `Not(Among(...))` holds for a row without a value.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Anything:
    """Every row."""


@dataclass(frozen=True, slots=True)
class Among:
    """The field's value is one of these ids."""

    field: str
    ids: frozenset[int]


@dataclass(frozen=True, slots=True)
class Is:
    """The field equals this value; None asks for a field without a value."""

    field: str
    value: object


@dataclass(frozen=True, slots=True)
class Until:
    """The field's instant lies at or before this one."""

    field: str
    instant: datetime


@dataclass(frozen=True, slots=True)
class After:
    """The field's instant lies after this one."""

    field: str
    instant: datetime


@dataclass(frozen=True, slots=True)
class All:
    """Each of these holds."""

    parts: "tuple[Where, ...]"


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one of these holds; of none, none does."""

    parts: "tuple[Where, ...]"


@dataclass(frozen=True, slots=True)
class Not:
    """This does not hold."""

    part: "Where"


Where = Anything | Among | Is | Until | After | All | AnyOf | Not

NOTHING = AnyOf(())


def among(field: str, ids: Iterable[int]) -> Among:
    return Among(field, frozenset(ids))


def both(*parts: Where) -> All:
    return All(parts)


def either(*parts: Where) -> AnyOf:
    return AnyOf(parts)


def holds(where: Where, row: Any) -> bool:
    """Whether the condition is true of this row (any object with the fields as attributes)."""
    match where:
        case Anything():
            return True
        case Among(field, ids):
            return getattr(row, field) in ids
        case Is(field, value):
            return bool(getattr(row, field) == value)
        case Until(field, instant):
            found = getattr(row, field)
            return found is not None and found <= instant
        case After(field, instant):
            found = getattr(row, field)
            return found is not None and found > instant
        case All(parts):
            return all(holds(part, row) for part in parts)
        case AnyOf(parts):
            return any(holds(part, row) for part in parts)
        case Not(part):
            return not holds(part, row)


def never(where: Where) -> bool:
    """Whether this can be seen to hold for no row at all, without asking one."""
    match where:
        case Among(_, ids):
            return not ids
        case All(parts):
            return any(never(part) for part in parts)
        case AnyOf(parts):
            return all(never(part) for part in parts)
        case _:
            return False
