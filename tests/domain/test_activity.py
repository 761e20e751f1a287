"""The states of an activity, and the steps between them (DESIGN rule 18)."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from app.domain.activity import STATE_WORDS, Origin, State, Verb, can_step, not_ended, public, step
from app.domain.errors import Conflict
from app.domain.where import holds
from tests.factories import NOW

OWN, IMPORT = Origin.OWN, Origin.IMPORT
LEGAL = {
    (OWN, State.DRAFT, Verb.PUBLISH): State.PUBLISHED,
    (OWN, State.PUBLISHED, Verb.WITHDRAW): State.WITHDRAWN,
    (OWN, State.WITHDRAWN, Verb.REOPEN): State.PUBLISHED,
    (IMPORT, State.PENDING, Verb.APPROVE): State.PUBLISHED,
    (IMPORT, State.PENDING, Verb.REJECT): State.REJECTED,
    (IMPORT, State.PENDING, Verb.WITHDRAW): State.WITHDRAWN,
    (IMPORT, State.PUBLISHED, Verb.WITHDRAW): State.WITHDRAWN,
    (IMPORT, State.REJECTED, Verb.REOPEN): State.PENDING,
    (IMPORT, State.WITHDRAWN, Verb.REOPEN): State.PENDING,
}
EVERY = [(origin, state, verb) for origin in Origin for state in State for verb in Verb]
MOMENT = timedelta(microseconds=1)


@pytest.mark.parametrize(("origin", "state", "verb"), EVERY, ids=str)
def test_a_step_is_legal_or_a_conflict(origin: Origin, state: State, verb: Verb) -> None:
    result = LEGAL.get((origin, state, verb))
    assert can_step(origin, state, verb) is (result is not None)
    if result is not None:
        assert step(origin, state, verb) is result
    else:
        with pytest.raises(Conflict):
            step(origin, state, verb)


def test_an_own_entry_never_waits_and_an_import_is_never_published_by_reopening() -> None:
    assert State.PENDING not in {result for (origin, _, _), result in LEGAL.items() if origin is OWN}
    assert step(IMPORT, State.REJECTED, Verb.REOPEN) is State.PENDING


def test_the_second_of_two_moderators_hears_what_the_first_decided() -> None:
    with pytest.raises(Conflict, match="al afgewezen"):
        step(IMPORT, State.REJECTED, Verb.APPROVE)


def test_every_state_has_a_word() -> None:
    assert STATE_WORDS.keys() == set(State)


def row(**more: object) -> SimpleNamespace:
    return SimpleNamespace(**({"state": State.PUBLISHED, "public_from": NOW, "over_at": None} | more))


@pytest.mark.parametrize(
    ("activity", "expected"),
    [
        (row(), True),
        (row(public_from=NOW + MOMENT), False),
        (row(over_at=NOW + MOMENT), True),
        (row(over_at=NOW), False),
        (row(state=State.WITHDRAWN), False),
        (row(state=State.PENDING), False),
    ],
)
def test_public_is_published_since_now_or_before_and_not_ended(activity: SimpleNamespace, expected: bool) -> None:
    assert holds(public(NOW), activity) is expected


def test_what_has_no_last_moment_never_ends() -> None:
    assert holds(not_ended(NOW + timedelta(days=4000)), row())
