"""What a condition says of a row, and above all of a row without a value."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.where import (
    NOTHING,
    After,
    All,
    Anything,
    Is,
    Not,
    Until,
    Where,
    among,
    both,
    either,
    holds,
    never,
)
from tests.domain.conditions import ID_FIELDS, IDS, INSTANT_FIELDS, INSTANTS, conditions

NOON = datetime(2026, 9, 15, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
FULL = SimpleNamespace(town=1, at=NOON)
EMPTY = SimpleNamespace(town=None, at=None)

rows = st.builds(
    SimpleNamespace,
    **{field: st.sampled_from([None, *IDS]) for field in ID_FIELDS},
    **{field: st.sampled_from([None, *INSTANTS]) for field in INSTANT_FIELDS},
    state=st.sampled_from(["draft", "published"]),
    origin=st.sampled_from(["own", "import"]),
    online=st.booleans(),
)


@pytest.mark.parametrize(
    ("where", "full", "empty"),
    [
        (Anything(), True, True),
        (among("town", {1, 2}), True, False),
        (among("town", {2}), False, False),
        (among("town", ()), False, False),
        (Not(among("town", {2})), True, True),
        (Not(among("town", {1})), False, True),
        (Is("town", 1), True, False),
        (Is("town", None), False, True),
        (Not(Is("town", None)), True, False),
        (Until("at", NOON), True, False),
        (Until("at", NOON - SECOND), False, False),
        (After("at", NOON), False, False),
        (After("at", NOON - SECOND), True, False),
        (Not(After("at", NOON)), True, True),
        (both(), True, True),
        (either(), False, False),
        (NOTHING, False, False),
        (both(Is("town", 1), Until("at", NOON)), True, False),
        (either(Is("town", None), Until("at", NOON)), True, True),
    ],
    ids=str,
)
def test_a_condition_holds_for_a_row_with_values_and_for_one_without(where: Where, full: bool, empty: bool) -> None:
    assert (holds(where, FULL), holds(where, EMPTY)) == (full, empty)


@given(conditions, rows)
def test_not_is_the_other_answer_always(where: Where, row: SimpleNamespace) -> None:
    assert holds(Not(where), row) is not holds(where, row)


@given(conditions, rows)
def test_what_can_never_hold_holds_for_no_row(where: Where, row: SimpleNamespace) -> None:
    assert not (never(where) and holds(where, row))


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        (NOTHING, True),
        (among("town", ()), True),
        (among("town", {1}), False),
        (both(Is("town", 1), among("town", ())), True),
        (either(Is("town", 1), among("town", ())), False),
        (either(among("town", ()), NOTHING), True),
        (All(()), False),
        (Anything(), False),
    ],
    ids=str,
)
def test_some_conditions_are_seen_never_to_hold_without_a_row(where: Where, expected: bool) -> None:
    assert never(where) is expected
