"""The rules, held against the answers that were written by hand, and what they say when they say no."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from app.domain.actor import Actor, Role, StandIn
from app.domain.errors import NotAllowed
from app.domain.policy import NAMED_CHECKS, RULES, Action, Resource, may, require, scope
from app.domain.where import holds
from tests.domain.access_matrix import ALLOWED, FIELDS, OPEN, PEOPLE, expected, things

TOWNS = {"M": 1, "N": 2, "O": 3, "-": None}
ORGANISATIONS = {"A": 11, "B": 12, "C": 13, "T": 14, "-": None}
NETWORKS = {"X": 21, "Y": 22, "-": None}
USERS = {name: number for number, name in enumerate((*PEOPLE, "LO2"), 31)} | {"-": None}
IN_X = {"networks": frozenset({21}), "oversees": frozenset({1, 2})}
STANDS_IN_FOR_LO2 = StandIn(1, "M", USERS["LO2"] or 0, "LO2", date(2026, 9, 20))

ACTORS = {
    "ORG": Actor(31, member_of=frozenset({11})),
    "OG2": Actor(32, member_of=frozenset({11, 12})),
    "LOC": Actor(33, local_of=frozenset({1}), town_organisations=frozenset({14})),
    "BKo": Actor(34, backup_of=frozenset({1})),
    "BKd": Actor(35, backup_of=frozenset({1}), stands_in=(STANDS_IN_FOR_LO2,), town_organisations=frozenset({14})),
    "NETm": Actor(36, network_moderates=frozenset({1}), town_organisations=frozenset({14}), **IN_X),
    "NETd": Actor(37, reads_dashboard_by_agreement=frozenset({1}), **IN_X),
    "NET0": Actor(38, **IN_X),
    "SUP": Actor(39, platform=True),
    "ANON": Actor(),
}


def row_of(resource: Resource, thing: tuple[str, ...]) -> Any:
    """The object as a row: ids for names."""
    told = dict(zip(FIELDS[resource], thing, strict=True))
    towns, organisation = TOWNS.get(told.get("municipality", "-")), told.get("organisation", "-")
    match resource:
        case Resource.ACTIVITY:
            return SimpleNamespace(
                origin=told["origin"],
                state=told["state"],
                organisation_id=ORGANISATIONS[organisation],
                municipality_id=towns,
            )
        case Resource.ORGANISATION:
            return SimpleNamespace(id=ORGANISATIONS[organisation], municipality_id=towns)
        case Resource.ACCOUNT:
            return SimpleNamespace(id=USERS[told["who"]] or 99)
        case Resource.HISTORY:
            return SimpleNamespace(organisation_id=ORGANISATIONS[organisation], municipality_id=towns)
        case Resource.MANDATE | Resource.INVITATION:
            ground = told["ground"]
            return SimpleNamespace(
                role=told["role"],
                municipality_id=TOWNS.get(ground),
                organisation_id=ORGANISATIONS.get(ground),
                network_id=NETWORKS.get(ground),
                user_id=99,
            )
        case Resource.ABSENCE:
            return SimpleNamespace(
                user_id=USERS[told["user"]],
                stand_in_id=USERS[told["stand_in"]],
                taken_over=told["taken_over"] == "yes",
                municipality_id=towns,
            )
    return SimpleNamespace(municipality_id=towns, network_id=NETWORKS[told.get("network", "-")])


WALK = [(resource, action) for resource in Resource for action in expected(resource)]


@pytest.mark.parametrize(("resource", "action"), WALK, ids=lambda word: str(word))
def test_everybody_may_exactly_what_the_matrix_says(resource: Resource, action: Action) -> None:
    wrong = [
        f"{person} {action} {' '.join(thing)}: expected {answers[person]!r}"
        for thing, answers in expected(resource)[action].items()
        for person in PEOPLE
        if answers[person] != OPEN
        and holds(scope(ACTORS[person], action, resource), row_of(resource, thing)) is not (answers[person] == ALLOWED)
    ]
    assert not wrong, "\n" + "\n".join(wrong)


@pytest.mark.parametrize("resource", list(Resource), ids=str)
def test_what_the_policy_grants_stands_in_the_matrix(resource: Resource) -> None:
    granted = {action for rule in RULES if rule.resource is resource for action in rule.actions}
    # Reading a list of organisations or topics is what their screens need; the matrix speaks of what it protects.
    unspoken = {
        Resource.ORGANISATION: {Action.READ, Action.CREATE},
        Resource.CATALOGUE: {Action.READ},
        Resource.ACCOUNT: {Action.READ},
    }
    assert granted - expected(resource).keys() <= unspoken.get(resource, set())


def test_the_matrix_speaks_of_every_activity_that_can_be() -> None:
    own = 3 * 4 * 3  # states, organisations, towns
    imported = 4 * 3 * 4
    assert len(things(Resource.ACTIVITY)) == own + imported
    assert set(things(Resource.ACTIVITY)) == set(expected(Resource.ACTIVITY)[Action.READ])


def test_without_a_row_may_asks_whether_any_row_could_be_theirs() -> None:
    assert may(ACTORS["LOC"], Action.DECIDE, Resource.ACTIVITY)
    assert not may(ACTORS["BKo"], Action.DECIDE, Resource.ACTIVITY)
    assert not may(ACTORS["SUP"], Action.DECIDE, Resource.ACTIVITY)


@pytest.mark.parametrize("resource", list(Resource), ids=str)
@pytest.mark.parametrize("action", list(Action), ids=str)
def test_nobody_in_particular_may_nothing(action: Action, resource: Resource) -> None:
    assert not may(Actor(), action, resource)


def test_a_refusal_says_who_may() -> None:
    with pytest.raises(NotAllowed) as refusal:
        require(ACTORS["SUP"], Action.DECIDE, Resource.ACTIVITY)
    assert "lokale beheerder" in str(refusal.value)
    assert "platformbeheerder" not in str(refusal.value)


def test_what_nobody_may_is_refused_in_as_many_words() -> None:
    with pytest.raises(NotAllowed, match="Dat kan niemand"):
        require(ACTORS["SUP"], Action.DELETE, Resource.MANDATE)


def test_every_rule_is_a_sentence_and_every_role_has_one() -> None:
    assert all(rule.sentence.endswith(".") and rule.actions for rule in RULES)
    assert all(sentence.endswith(".") for sentence, _ in NAMED_CHECKS)
    assert {rule.role for rule in RULES} == set(Role)
