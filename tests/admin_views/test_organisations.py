"""Organisaties: those of one's towns to read, the own one to keep in order."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.activity import State
from app.models import Change
from tests.admin_views import Cast, again, cast, form_on, main_text, read
from tests.factories import OrganisationFactory, own_entry, uit_event

SignIn = Callable[..., FlaskClient]
LIST = "/admin/organisation/"


@pytest.fixture
def people(session: Session) -> Cast:
    return cast()


@pytest.fixture
def ines(people: Cast, sign_in: SignIn) -> FlaskClient:
    return sign_in(people["organisator"])


def edit_path(people: Cast) -> str:
    return f"{LIST}edit/?id={people.bib.id}"


def test_an_administrator_finds_the_organisations_of_the_town_by_name(people: Cast, sign_in: SignIn) -> None:
    OrganisationFactory(name="Buurthuis De Kring", municipality=people.gent)
    OrganisationFactory(name="Kring van Deinze", municipality=people.deinze)
    visitor = sign_in(people["gent"])

    assert "Buurthuis De Kring" in main_text(visitor.get(LIST))
    found = main_text(visitor.get(f"{LIST}?q=kring"))
    assert "Buurthuis De Kring" in found
    assert "Bibliotheek" not in found
    assert "Kring van Deinze" not in found


def test_its_page_shows_what_one_may_see_of_it(people: Cast, sign_in: SignIn, ines: FlaskClient) -> None:
    own_entry(people.bib, title="Online")
    own_entry(people.bib, title="Nog een ontwerp", state=State.DRAFT)
    uit_event(people.gent, title="Van UiT", organisation=people.bib)
    details = f"{LIST}details/?id={people.bib.id}"

    own, town = main_text(ines.get(details)), main_text(sign_in(people["gent"]).get(details))

    assert "3 activiteiten die jij kan zien" in own
    assert "Ines organisator@doemee.example" in own
    assert "2 activiteiten die jij kan zien" in town
    assert "Nog een ontwerp" not in town
    assert "organisator@doemee.example" not in town


def test_an_organiser_keeps_name_and_website_up_to_date(people: Cast, ines: FlaskClient, session: Session) -> None:
    form = form_on(ines.get(edit_path(people)))
    form["name"], form["website"] = "  De   Bib ", "www.bib-demo.example"

    answer = ines.post(edit_path(people), data=form)

    assert "“De Bib” is bewaard." in main_text(ines.get(answer.location))
    assert (again(people.bib).name, people.bib.website) == ("De Bib", "https://www.bib-demo.example")
    assert session.scalars(select(Change.verb).where(Change.table_name == "organisation")).all() == ["change"]


def test_a_form_that_was_overtaken_is_told_and_keeps_the_text(people: Cast, ines: FlaskClient) -> None:
    mine = form_on(ines.get(edit_path(people)))
    theirs = form_on(ines.get(edit_path(people)))
    theirs["name"] = "Zo wil een collega het"
    ines.post(edit_path(people), data=theirs)
    mine["name"] = "Zo wil Ines het"

    answer = ines.post(edit_path(people), data=mine)

    assert answer.status_code == 409
    assert "Iemand wijzigde dit terwijl je typte" in main_text(answer)
    assert form_on(answer)["name"] == "Zo wil Ines het"
    assert again(people.bib).name == "Zo wil een collega het"


def test_after_being_told_one_may_save_after_all(people: Cast, ines: FlaskClient) -> None:
    mine = form_on(ines.get(edit_path(people)))
    ines.post(edit_path(people), data={**form_on(ines.get(edit_path(people))), "name": "Zo wil een collega het"})
    told = ines.post(edit_path(people), data={**mine, "name": "Zo wil Ines het"})

    assert ines.post(edit_path(people), data=form_on(told)).status_code == 302

    assert again(people.bib).name == "Zo wil Ines het"


def test_what_is_not_on_the_form_cannot_be_set_with_it(people: Cast, ines: FlaskClient) -> None:
    extra = {"kind": "town", "municipality_id": str(people.deinze.id), "uit_id": "van-een-ander", "id": "4711"}

    ines.post(edit_path(people), data={**form_on(ines.get(edit_path(people))), **extra, "name": "De bib"})

    bib = again(people.bib)
    assert (bib.name, bib.kind.value, bib.municipality, bib.uit_id) == ("De bib", "association", people.gent, None)


@pytest.mark.parametrize(("who", "may"), [("gent", False), ("backup", False), ("platform", True)])
def test_who_reads_an_organisation_only_reads_it(people: Cast, sign_in: SignIn, who: str, may: bool) -> None:
    visitor = sign_in(people[who])
    links = read(visitor.get(f"{LIST}details/?id={people.bib.id}")).by_id("main").links()

    answer = visitor.send(edit_path(people), {"row_version": "1", "name": "Veranderd", "website": ""})

    assert any("/edit/" in link for link in links) is may
    assert (answer.status_code == 302) is may
    assert (again(people.bib).name == "Veranderd") is may


def test_without_a_website_there_is_no_link_to_one(people: Cast, ines: FlaskClient) -> None:
    assert "Website" not in main_text(ines.get(f"{LIST}details/?id={people.bib.id}"))
