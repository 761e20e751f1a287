"""Whatever the condition: SQL selects exactly the rows for which it holds, on both databases."""

import random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.activity import State, not_ended, public
from app.domain.where import After, Among, Is, Not, Until, Where, holds
from app.models import Activity
from app.models.clauses import clause
from tests.domain.conditions import IDS, INSTANTS, NOON, conditions
from tests.factories import NOW, OrganisationFactory, own_entry

# The rows are made once a test, and only read; so hypothesis need not make them anew for each condition.
reading = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def rows(session: Session) -> list[Activity]:
    """Forty activities with every mix of values and NULLs; ids stand for what they are in `conditions`."""
    dice = random.Random(7)
    organisations = [OrganisationFactory() for _ in range(3)]
    made = []
    for number in range(40):
        made.append(
            own_entry(
                dice.choice(organisations),
                state=dice.choice([State.DRAFT, State.WITHDRAWN]),
                public_from=dice.choice([None, *INSTANTS]),
                seen_at=dice.choice([None, *INSTANTS]),
                online=number % 2 == 0,
                municipality=None,
                municipality_id=dice.choice([None, *IDS]),
                level_id=dice.choice([None, *IDS]),
            )
        )
    for row in made:
        row.over_at = dice.choice([None, *INSTANTS])
    session.info["unrecorded"] = True
    session.flush()
    return made


def selected(session: Session, where: Where) -> set[int]:
    return set(session.scalars(select(Activity.id).where(clause(where, Activity))))


@reading
@given(where=conditions)
def test_the_two_faces_agree(session: Session, rows: list[Activity], where: Where) -> None:
    assert selected(session, where) == {row.id for row in rows if holds(where, row)}


@pytest.mark.parametrize(
    "where",
    [
        Among("municipality_id", frozenset()),
        Among("municipality_id", frozenset({1})),
        Is("municipality_id", 1),
        Until("over_at", NOON),
        After("over_at", NOON),
    ],
    ids=str,
)
def test_not_takes_the_rows_without_a_value_too(session: Session, rows: list[Activity], where: Any) -> None:
    empty = {row.id for row in rows if getattr(row, where.field) is None}
    assert empty
    assert empty <= selected(session, Not(where))
    assert selected(session, where) | selected(session, Not(where)) == {row.id for row in rows}
    assert not selected(session, where) & selected(session, Not(where))


def test_what_is_public_is_the_same_in_the_list_and_on_the_page(session: Session) -> None:
    online = own_entry()
    later, draft, withdrawn = own_entry(), own_entry(state=State.DRAFT), own_entry(state=State.WITHDRAWN)
    just_over = own_entry()
    session.info["unrecorded"] = True
    later.public_from = NOW.replace(second=1)
    just_over.over_at = NOW
    online.public_from = NOW
    session.flush()
    assert selected(session, public(NOW)) == {online.id}
    assert selected(session, not_ended(NOW)) == {online.id, later.id, draft.id, withdrawn.id}
