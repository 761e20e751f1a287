"""The first page: what waits for you, whoever you are."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.domain.activity import State
from tests.admin_views import Cast, cast, main_text, read
from tests.factories import (
    NOW,
    ChangeFactory,
    OrganisationFactory,
    UserFactory,
    own_entry,
    uit_event,
)

SignIn = Callable[..., FlaskClient]
START = "/admin/"


@pytest.fixture
def people(session: Session) -> Cast:
    return cast()


def text(sign_in: SignIn, people: Cast, who: str) -> str:
    return main_text(sign_in(people[who]).get(START))


def test_an_administrator_reads_how_much_waits_and_which_is_oldest(people: Cast, sign_in: SignIn) -> None:
    for days in (1, 5, 3):
        uit_event(people.gent, title=f"Van {days} dagen", created_at=NOW - timedelta(days=days))
    own_entry(people.bib)
    uit_event(people.deinze)

    page = text(sign_in, people, "gent")

    assert "Dag Noor" in page
    assert "Er wachten 4 dingen op jou." in page
    assert "3 UiT-evenementen te keuren" in page
    assert "Van 5 dagen" in page
    assert "Begin met keuren" in page


def test_nothing_that_waits_is_said_too(people: Cast, sign_in: SignIn) -> None:
    page = text(sign_in, people, "gent")

    assert "Er wacht niets op jou." in page
    assert "Alles is gedaan." in page


def test_an_organiser_finds_drafts_and_what_waits_on_uit(people: Cast, sign_in: SignIn) -> None:
    own_entry(people.bib, title="Half klaar", state=State.DRAFT)
    uit_event(people.gent, organisation=people.bib)
    own_entry(OrganisationFactory(municipality=people.gent), state=State.DRAFT)

    page = text(sign_in, people, "organisator")

    assert "1 ontwerp" in page
    assert "Half klaar staat nog niet online." in page
    assert "1 van jullie UiT-evenementen wachten" in page
    assert "Nieuwe activiteit" in page
    assert "te keuren" not in page


def test_the_platform_is_not_asked_to_approve(people: Cast, sign_in: SignIn) -> None:
    uit_event(people.gent)

    page = text(sign_in, people, "platform")

    assert "Begin met keuren" not in page
    assert "Keuren doen de gemeenten zelf." in page


def test_the_stand_in_reads_for_whom_and_until_when(people: Cast, sign_in: SignIn) -> None:
    uit_event(people.gent)

    page = text(sign_in, people, "backup")

    assert "Hanne in Gent, tot en met" in page
    assert "Begin met keuren" in page


def test_what_others_did_lately_is_told_as_far_as_one_may_know(people: Cast, sign_in: SignIn) -> None:
    entry, foreign = own_entry(people.bib, title="Soep"), own_entry(OrganisationFactory(), title="In Deinze")
    mine = own_entry(people.bib, title="Eigen werk")
    for row, user in ((entry, "organisator"), (foreign, "deinze"), (mine, "gent")):
        ChangeFactory(record_id=row.id, user_id=people[user].id)

    page = text(sign_in, people, "gent")

    assert "Ines verbeterde Soep." in page
    assert "In Deinze" not in page
    assert "Eigen werk" not in page


def test_who_has_no_rights_is_told_whom_to_ask(session: Session, sign_in: SignIn) -> None:
    answer = sign_in(UserFactory(name="Nieuw hier")).get(START)

    assert answer.status_code == 200
    assert "Je hebt op dit moment nergens rechten." in main_text(answer)


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        ("gent", ["Start", "Te keuren", "Nieuw op je grondgebied", "Activiteiten", "Wat komt binnen"]),
        ("organisator", ["Start", "Activiteiten", "Organisaties", "Collega’s"]),
        ("netwerk", ["Start", "Te keuren", "Activiteiten", "Organisaties", "Rechten"]),
    ],
)
def test_the_menu_holds_what_one_can_open_and_nothing_else(
    people: Cast, sign_in: SignIn, who: str, seen: list[str]
) -> None:
    visitor = sign_in(people[who])
    links = {
        node.text: node.attributes["href"]
        for node in read(visitor.get(START)).by_id("menu").all("a")
        if node.attributes.get("class") == "side-link"
    }

    assert [word for word in links if word in seen] == seen
    if who == "organisator":
        assert not {"Te keuren", "Nieuw op je grondgebied", "Wat komt binnen"} & set(links)
    for path in links.values():
        assert visitor.get(path).status_code == 200
    assert visitor.get("/admin/queue/").status_code == (403 if who == "organisator" else 200)
