"""*Wat komt binnen*: a line is added once, by who moderates the town."""

import pytest
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.errors import Invalid, NotAllowed
from app.domain.relevance import Match
from app.models import Municipality, Organisation, User
from app.services import history, intake, organisations
from app.services.access import actor_of
from tests.factories import NOW, OrganisationFactory, local_admin, organiser, platform, town


@pytest.fixture
def gent(session: Session) -> Municipality:
    return town("Gent")


@pytest.fixture
def noor(gent: Municipality) -> User:
    return local_admin(gent)


def acting(session: Session, user: User) -> Actor:
    return actor_of(session, user.id, NOW)


def test_the_form_that_made_a_line_finds_it_again(session: Session, gent: Municipality, noor: User) -> None:
    made = intake.add(session, acting(session, noor), NOW, gent.id, Match.LABEL, "babbelen", "een-formulier")

    assert intake.made_by(session, acting(session, noor), "een-formulier") is made
    for none in ("een-ander", "", None):
        assert intake.made_by(session, acting(session, noor), none) is None


def test_the_form_of_somebody_else_finds_nothing(session: Session, gent: Municipality, noor: User) -> None:
    intake.add(session, acting(session, noor), NOW, gent.id, Match.LABEL, "babbelen", "een-formulier")

    with pytest.raises(NotAllowed):
        intake.made_by(session, acting(session, local_admin(gent)), "een-formulier")


def test_a_line_that_is_there_is_refused_beside_its_field(session: Session, gent: Municipality, noor: User) -> None:
    intake.add(session, acting(session, noor), NOW, gent.id, Match.LABEL, "Babbelen")

    with pytest.raises(Invalid) as refused:
        intake.add(session, acting(session, noor), NOW, gent.id, Match.LABEL, "babbelen")
    assert refused.value.field == "value"


@pytest.mark.parametrize("who", ["platform", "elsewhere"])
def test_who_does_not_moderate_the_town_adds_nothing(session: Session, gent: Municipality, who: str) -> None:
    person = platform() if who == "platform" else local_admin(town("Deinze"))

    with pytest.raises(NotAllowed):
        intake.add(session, acting(session, person), NOW, gent.id, Match.LABEL, "babbelen")
    session.rollback()


def test_what_a_form_says_of_an_organisation_is_what_history_keeps(session: Session, gent: Municipality) -> None:
    club: Organisation = OrganisationFactory(municipality=gent)
    said = organisations.said("De bib", "https://bib.example")

    organisations.change(session, acting(session, organiser(club)), NOW, club, **said)

    stored = history.snapshot(club)
    assert said == {key: stored[key] for key in said}
