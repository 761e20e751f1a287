"""Collega's: who has a mandate in one's towns, who is away, and which networks look along."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.admin_views import Cast, cast, main_text
from tests.factories import NOW, TODAY, UserFactory, absence, backup, local_admin, organiser

SignIn = Callable[..., FlaskClient]
PEOPLE = "/admin/people/"


@pytest.fixture
def people(session: Session) -> Cast:
    return cast()


def text(sign_in: SignIn, people: Cast, who: str) -> str:
    return main_text(sign_in(people[who]).get(PEOPLE))


def test_it_names_the_own_team_with_what_they_are(people: Cast, sign_in: SignIn) -> None:
    page = text(sign_in, people, "gent")

    for name, role in (("Noor", "lokale beheerder"), ("Hanne", "lokale beheerder"), ("Milan", "back-upbeheerder")):
        assert name in page
        assert f"{role} van Gent" in page
    assert "Lotte" not in page


def test_it_says_who_is_away_and_who_stands_in(people: Cast, sign_in: SignIn) -> None:
    page = text(sign_in, people, "gent")

    assert "Hanne is in Gent afwezig van" in page
    assert "Milan vervangt en keurt in die dagen." in page


def test_an_absence_that_is_over_or_was_ended_is_not_named(people: Cast, sign_in: SignIn, session: Session) -> None:
    session.info["unrecorded"] = True
    people.absence.ended_at = NOW
    absence(people["gent"], people.gent, since=TODAY - timedelta(days=9), until=TODAY - timedelta(days=1))

    assert "Niemand is afwezig gemeld." in text(sign_in, people, "gent")


@pytest.mark.parametrize(("until", "there"), [(TODAY, True), (TODAY - timedelta(days=1), False)])
def test_a_mandate_is_shown_until_its_last_day(people: Cast, sign_in: SignIn, until: object, there: bool) -> None:
    backup(people.gent, user=UserFactory(name="Tijdelijke Tom"), until=until)

    assert ("Tijdelijke Tom" in text(sign_in, people, "gent")) is there


@pytest.mark.parametrize(("since", "there"), [(TODAY, True), (TODAY + timedelta(days=1), False)])
def test_a_mandate_is_shown_from_its_first_day(people: Cast, sign_in: SignIn, since: object, there: bool) -> None:
    local_admin(people.gent, user=UserFactory(name="Nieuwe Nele"), since=since)

    assert ("Nieuwe Nele" in text(sign_in, people, "gent")) is there


def test_a_town_sees_with_which_network_it_agreed(people: Cast, sign_in: SignIn) -> None:
    page = text(sign_in, people, "deinze")

    assert "Deinze laat netwerk Regio Gent het dashboard zien en mee keuren" in page
    assert "Lochristi" not in page


def test_an_organiser_sees_who_belongs_to_the_own_organisation_and_nobody_else(people: Cast, sign_in: SignIn) -> None:
    organiser(people.bib, user=UserFactory(name="Collega Cem"))

    page = text(sign_in, people, "organisator")

    assert "Ines" in page
    assert "Collega Cem" in page
    for name in ("Noor", "Hanne", "Milan", "Lotte", "Wannes"):
        assert name not in page


def test_the_platform_sees_everybody(people: Cast, sign_in: SignIn) -> None:
    page = text(sign_in, people, "platform")

    for name in ("Noor", "Hanne", "Milan", "Lotte", "Samira", "Ines", "Wannes"):
        assert name in page


def test_a_name_is_words_and_never_markup(people: Cast, sign_in: SignIn) -> None:
    local_admin(people.gent, user=UserFactory(name="<img src=x onerror=alert(1)>"))

    answer = sign_in(people["gent"]).get(PEOPLE)

    assert "<img" not in answer.text
    assert "<img src=x onerror=alert(1)>" in main_text(answer)
