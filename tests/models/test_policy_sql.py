"""The same matrix in the database: what a scope selects there is what it holds for here, and what was expected.

The people are real accounts with mandates, agreements and an absence; so this also holds `app.services.access`
against the matrix.
"""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.activity import State
from app.domain.actor import Actor
from app.domain.policy import Resource, scope
from app.domain.where import holds
from app.models import (
    Absence,
    Activity,
    Agreement,
    Change,
    IntakeRule,
    Invitation,
    Mandate,
    MandateRole,
    Municipality,
    Organisation,
    Report,
    User,
)
from app.models.clauses import clause
from app.services.access import actor_of
from tests.domain.access_matrix import ALLOWED, FIELDS, OPEN, PEOPLE, expected, things
from tests.factories import (
    NOW,
    TODAY,
    AbsenceFactory,
    AgreementFactory,
    ChangeFactory,
    IntakeRuleFactory,
    InvitationFactory,
    MandateFactory,
    OrganisationFactory,
    ReportFactory,
    UserFactory,
    absence,
    agreement,
    backup,
    local_admin,
    network,
    network_member,
    organiser,
    own_entry,
    platform,
    town,
    town_organisation,
    uit_event,
)

MODELS: dict[Resource, type] = {
    Resource.ACTIVITY: Activity,
    Resource.ORGANISATION: Organisation,
    Resource.MANDATE: Mandate,
    Resource.ABSENCE: Absence,
    Resource.AGREEMENT: Agreement,
    Resource.INTAKE_RULE: IntakeRule,
    Resource.ACCOUNT: User,
    Resource.HISTORY: Change,
    Resource.INVITATION: Invitation,
    Resource.REPORT: Report,
}

NEXT_MONTH, A_YEAR_ON = NOW + timedelta(days=30), NOW + timedelta(days=365)
ASKED = {"NETd": NEXT_MONTH, "NET0": A_YEAR_ON}


class World:
    """The ground of the matrix and its people. Deinze and Lochristi are in Regio Gent, Aalst is not.

    The three network people share a network, and M agreed to one thing at a time: each is asked in another month.
    """

    def __init__(self) -> None:
        m, n, o = town("Deinze"), town("Lochristi"), town("Aalst")
        self.towns: dict[str, Municipality | None] = {"M": m, "N": n, "O": o, "-": None}
        self.organisations: dict[str, Organisation | None] = {
            "A": OrganisationFactory(municipality=m),
            "B": OrganisationFactory(municipality=n),
            "C": OrganisationFactory(municipality=o),
            "T": town_organisation(m),
            "-": None,
        }
        x = network("Regio Gent")
        self.networks = {"X": x, "Y": network("Denderregio"), "-": None}
        a, b = self.organisations["A"], self.organisations["B"]
        assert a is not None
        assert b is not None
        self.users: dict[str, User | None] = {
            "ORG": organiser(a),
            "OG2": organiser(b, user=organiser(a)),
            "LOC": local_admin(m),
            "LO2": local_admin(m),
            "BKo": backup(m),
            "BKd": backup(m),
            "NETm": network_member(x),
            "NETd": network_member(x),
            "NET0": network_member(x),
            "SUP": platform(),
            "ANON": UserFactory(),
            "-": None,
        }
        absence(self.user("LO2"), m, self.user("BKd"))
        agreement(m, x, moderation=True, until=TODAY)
        agreement(m, x, dashboard=True, since=NEXT_MONTH.date(), until=NEXT_MONTH.date())
        self.noise(m, n)

    def user(self, name: str) -> User:
        found = self.users[name]
        assert found is not None
        return found

    def noise(self, m: Municipality, n: Municipality) -> None:
        """What would show if a day, an end or a town were forgotten."""
        absence(self.user("LO2"), m, self.user("BKo"), ended_at=NOW)
        local_admin(n, user=self.user("BKo"), ended_at=NOW)
        agreement(n, self.networks["X"], moderation=True, dashboard=True, ended_at=NOW)
        organiser(self.organisations["C"], user=self.user("ORG"), ended_at=NOW)  # type: ignore[arg-type]

    def actors(self, session: Session) -> dict[str, Actor]:
        return {name: actor_of(session, self.user(name).id, ASKED.get(name, NOW)) for name in PEOPLE}

    def row_of(self, resource: Resource, thing: tuple[str, ...]) -> Any:
        told = dict(zip(FIELDS[resource], thing, strict=True))
        place = self.towns.get(told.get("municipality", "-"))
        organisation = self.organisations.get(told.get("organisation", "-"))
        match resource:
            case Resource.ACTIVITY if told["origin"] == "own":
                return own_entry(organisation, state=State(told["state"]), municipality=place)
            case Resource.ACTIVITY:
                return uit_event(place, state=State(told["state"]), organisation=organisation)
            case Resource.ORGANISATION:
                return organisation
            case Resource.ACCOUNT:
                return self.users[told["who"]] or UserFactory()
            case Resource.HISTORY:
                return ChangeFactory(
                    organisation_id=organisation.id if organisation else None,
                    municipality_id=place.id if place else None,
                )
            case Resource.REPORT:
                return ReportFactory(municipality=place)
            case Resource.MANDATE | Resource.INVITATION:
                ground = told["ground"]
                make = MandateFactory if resource is Resource.MANDATE else InvitationFactory
                return make(
                    role=MandateRole(told["role"]),
                    municipality=self.towns.get(ground),
                    organisation=self.organisations.get(ground),
                    network=self.networks.get(ground),
                )
            case Resource.ABSENCE:
                return AbsenceFactory(
                    user=self.user(told["user"]),
                    stand_in=self.users[told["stand_in"]],
                    taken_over=told["taken_over"] == "yes",
                    municipality=place,
                    ended_at=NOW,  # it gives nobody rights, and the rules of the policy do not ask
                )
            case Resource.AGREEMENT:
                return AgreementFactory(municipality=place, network=self.networks[told["network"]], ended_at=NOW)
            case _:
                return IntakeRuleFactory(municipality=place)


@pytest.fixture
def world(session: Session) -> World:
    return World()


@pytest.mark.parametrize("resource", list(MODELS), ids=str)
def test_a_scope_selects_what_the_matrix_allows(session: Session, world: World, resource: Resource) -> None:
    model, actors = MODELS[resource], world.actors(session)
    rows = {thing: world.row_of(resource, thing) for thing in things(resource)}
    session.flush()
    wrong = []
    for action, answers_of in expected(resource).items():
        for person in PEOPLE:
            where = scope(actors[person], action, resource)
            selected = set(session.scalars(select(model.id).where(clause(where, model))))
            for thing, row in rows.items():
                answer = answers_of.get(thing, {}).get(person, OPEN)
                here, there = holds(where, row), row.id in selected
                if here is not there or (answer != OPEN and there is not (answer == ALLOWED)):
                    wrong.append(f"{person} {action} {' '.join(thing)}: {answer!r}, {here=}, {there=}")
    assert not wrong, "\n" + "\n".join(wrong)


def test_the_people_of_the_matrix_are_who_they_say(session: Session, world: World) -> None:
    actors = world.actors(session)
    m, n = world.towns["M"].id, world.towns["N"].id
    t = world.organisations["T"].id
    assert actors["LOC"].moderates == actors["BKd"].moderates == actors["NETm"].moderates == {m}
    assert actors["LOC"].organises == actors["BKd"].organises == actors["NETm"].organises == {t}
    assert actors["BKo"].moderates == actors["NETd"].moderates == actors["NET0"].moderates == frozenset()
    assert actors["BKo"].reads_along == {m}
    assert actors["BKo"].organises == actors["NETd"].organises == frozenset()
    assert {m, n} < actors["NET0"].oversees
    assert actors["NETd"].reads_dashboard_of == {m}
    assert actors["NETm"].reads_dashboard_of == actors["NET0"].reads_dashboard_of == frozenset()
    assert actors["BKd"].in_place_of(m) == world.user("LO2").id
    assert actors["BKd"].in_place_of(n) is None
    assert actors["ANON"].roles == frozenset()
