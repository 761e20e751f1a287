"""Nieuw op je grondgebied: what organisations published themselves, to look at afterwards."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.domain.activity import State
from app.domain.schedule import Dates
from tests.admin_views import Cast, again, cast, form_on, main_text, notes, read
from tests.factories import NOW, OrganisationFactory, moment, own_entry, uit_event

SignIn = Callable[..., FlaskClient]
FRESH, SEEN, UNSEEN = "/admin/fresh/", "/admin/fresh/seen/", "/admin/fresh/unseen/"


@pytest.fixture
def people(session: Session) -> Cast:
    return cast()


@pytest.fixture
def noor(people: Cast, sign_in: SignIn) -> FlaskClient:
    return sign_in(people["gent"])


def test_it_holds_what_is_new_in_the_own_town_and_nothing_else(people: Cast, noor: FlaskClient) -> None:
    own_entry(people.bib, title="Nieuw in Gent")
    own_entry(people.bib, title="Al gezien", seen_at=NOW)
    own_entry(people.bib, title="Nog een ontwerp", state=State.DRAFT)
    own_entry(people.bib, title="Voorbij", schedule=Dates((moment(-3),)))
    own_entry(OrganisationFactory(municipality=people.deinze), title="Nieuw in Deinze")
    uit_event(people.gent, title="Van UiT")

    titles = [node.text for node in read(noor.get(FRESH)).by_id("main").all("h2")]

    assert titles == ["Nieuw in Gent"]


def test_ones_own_work_is_no_news(people: Cast, noor: FlaskClient) -> None:
    own_entry(people.bib, created_by_id=people["gent"].id, title="Zelf gemaakt")

    assert "Alles is bekeken" in main_text(noor.get(FRESH))


def test_one_button_marks_it_seen_and_another_puts_it_back(people: Cast, noor: FlaskClient) -> None:
    entry = own_entry(people.bib, title="Soep")

    seen = noor.post(SEEN, data=form_on(noor.get(FRESH), SEEN))

    assert notes(noor.get(seen.location)) == ["1 activiteit staat op gezien."]
    assert (again(entry).seen_at, entry.seen_by) == (entry.seen_at, people["gent"])
    assert entry.state is State.PUBLISHED
    page = noor.get(f"{FRESH}?show=seen")
    assert "gezien door Noor" in main_text(page)

    back = noor.post(UNSEEN, data=form_on(page, UNSEEN))

    assert notes(noor.get(back.location)) == ["“Soep” staat weer bij nieuw."]
    assert again(entry).seen_at is None


def test_all_that_the_page_shows_is_marked_seen_at_once(people: Cast, noor: FlaskClient) -> None:
    entries = [own_entry(people.bib) for _ in range(3)]
    form = form_on(noor.get(FRESH), SEEN)

    answer = noor.post(SEEN, data=form)

    assert form.getlist("rowid") == [str(entry.id) for entry in reversed(entries)]
    assert notes(noor.get(answer.location)) == ["3 activiteiten staan op gezien."]
    assert all(again(entry).seen_by == people["gent"] for entry in entries)


def test_seen_by_the_first_stays_so(people: Cast, noor: FlaskClient, sign_in: SignIn) -> None:
    entry = own_entry(people.bib)
    noor.send(SEEN, {"rowid": str(entry.id)})
    moment_seen = again(entry).seen_at

    sign_in(people["gent2"]).send(SEEN, {"rowid": str(entry.id)})

    assert (again(entry).seen_by, entry.seen_at) == (people["gent"], moment_seen)


def test_nothing_chosen_says_so_without_a_fault(people: Cast, noor: FlaskClient) -> None:
    assert "0 activiteiten" in notes(noor.get(noor.send(SEEN).location))[0]


def test_a_thousand_ids_at_once_are_taken_as_far_as_they_are_ones_own(people: Cast, noor: FlaskClient) -> None:
    entry = own_entry(people.bib)

    answer = noor.send(SEEN, {"rowid": [str(entry.id), *map(str, range(500_000, 501_500))]})

    assert answer.status_code == 302
    assert again(entry).seen_at is not None


@pytest.mark.parametrize(
    ("who", "marks"), [("backup", True), ("platform", False), ("netwerk", False), ("deinze", False)]
)
def test_who_moderates_marks_it_seen(people: Cast, sign_in: SignIn, who: str, marks: bool) -> None:
    entry = own_entry(people.bib)

    sign_in(people[who]).send(SEEN, {"rowid": str(entry.id)})

    assert (again(entry).seen_at is not None) is marks


def test_outside_an_absence_a_backup_reads_along_and_has_no_buttons(
    people: Cast, sign_in: SignIn, session: Session
) -> None:
    session.info["unrecorded"] = True
    people.absence.ended_at = NOW
    own_entry(people.bib, title="Soep")

    page = sign_in(people["backup"]).get(FRESH)

    assert "Soep" in main_text(page)
    assert not read(page).by_id("main").all("button")
    assert not [link for link in read(page).by_id("main").links() if "/edit/" in link or "/withdraw/" in link]


def test_withdrawn_ones_stand_apart_and_can_be_put_back(people: Cast, noor: FlaskClient) -> None:
    entry = own_entry(people.bib, title="Soep", state=State.WITHDRAWN)
    page = noor.get(f"{FRESH}?show=withdrawn")
    assert "Soep" in main_text(page)

    noor.post("/admin/activity/reopen/", data=form_on(page, "/admin/activity/reopen/"))

    assert again(entry).state is State.PUBLISHED


def test_the_list_goes_on_after_twenty_within_its_view(people: Cast, noor: FlaskClient) -> None:
    for _ in range(21):
        own_entry(people.bib, seen_at=NOW)

    first = noor.get(f"{FRESH}?show=seen")
    link = next(link for link in read(first).links() if "page=1" in link)

    assert "21 tot 21 van 21" in main_text(noor.get(link))
