"""Two people at one form, in a browser: the page that tells who was first holds for every eye and hand."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from app.domain.activity import Origin, State
from app.models import Activity, Organisation, db
from tests.e2e.conftest import Demo
from tests.e2e.eyes import Eyes

pytestmark = pytest.mark.only_on("sqlite")

GENT, ORGANISER = "Lokale beheerder van Gent", "Organisator bij Bibliotheek Gent-Demo"


def own(state: State) -> int:
    """An entry of the library that the demo's organiser belongs to."""
    library = select(Organisation.id).where(Organisation.name == "Bibliotheek Gent-Demo").scalar_subquery()
    mine = (Activity.organisation_id == library, Activity.origin == Origin.OWN, Activity.state == state)
    return db.session.scalars(select(Activity.id).where(*mine).order_by(Activity.id)).first() or 0


def test_the_second_to_save_sees_who_was_first_and_chooses(
    demo: Demo, page: Page, eyes: Eyes, open_page: Callable[..., Page], enter: Callable[[Page, str], None]
) -> None:
    path = f"{demo.url}/admin/activity/edit/?id={demo.read(lambda: own(State.PUBLISHED))}"
    other = open_page()
    enter(page, ORGANISER), enter(other, GENT)
    page.goto(path), other.goto(path)
    other.get_by_label("Titel").fill("Zo wil Gent het")
    other.get_by_label("Prijs").fill("3 euro")
    other.get_by_role("button", name="Bewaren").last.click()
    other.wait_for_url("**/details/**")
    page.get_by_label("Titel").fill("Zo wil de bib het")

    page.get_by_role("button", name="Bewaren").last.click()

    expect(page.get_by_role("heading", name="Intussen gewijzigd")).to_be_visible()
    eyes.look("two people in one form")
    eyes.closed()
    expect(page.get_by_label("Prijs")).to_have_value("3 euro")
    page.get_by_label("Zo wil Gent het").check()
    page.get_by_role("button", name="Bewaren").last.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Zo wil Gent het")


def test_two_moderators_at_one_record_and_what_is_gone(
    demo: Demo, page: Page, eyes: Eyes, open_page: Callable[..., Page], enter: Callable[[Page, str], None]
) -> None:
    other = open_page()
    enter(page, GENT), enter(other, GENT)
    page.goto(f"{demo.url}/admin/queue/")
    path = page.get_by_role("article").get_by_role("heading", level=2).inner_text()
    page.get_by_role("link", name=path).first.click()
    other.goto(page.url)
    for each, words in ((other, "Van de een."), (page, "Van de ander.")):
        each.get_by_label("Notitie voor collega’s").fill(words)
        each.get_by_role("button", name="Enkel aanvullen").click()

    expect(page.get_by_role("heading", name="Intussen gewijzigd")).to_be_visible()
    eyes.look("two moderators at one record")

    enter_again = open_page()
    enter(enter_again, ORGANISER)
    draft = demo.read(lambda: own(State.DRAFT))
    page.context.clear_cookies()
    enter(page, ORGANISER)
    page.goto(f"{demo.url}/admin/activity/edit/?id={draft}")
    page.get_by_label("Titel").fill("Mijn ontwerp")
    enter_again.goto(f"{demo.url}/admin/activity/remove/?id={draft}")
    eyes_there = Eyes(demo, enter_again, eyes.troubles)
    eyes_there.look("removing asks first")
    enter_again.get_by_role("button", name="Verwijderen").click()
    page.get_by_role("button", name="Bewaren").last.click()
    expect(page.get_by_text("Dit bestaat niet meer")).to_be_visible()
    expect(page.get_by_text("Mijn ontwerp")).to_be_visible()
    eyes.look("a draft that is gone")

    eyes_there.closed()
    eyes.closed()
