"""Each role in the browser: what they find on their first page, and that the frame holds at phone width."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Demo

ROLES = {
    "Lokale beheerder van Gent": "Begin met keuren",
    "Back-upbeheerder van Gent": "Begin met keuren",
    "Lokale beheerder van Deinze": "Begin met keuren",
    "Netwerkmedewerker Regio Gent": "Begin met keuren",
    "Organisator bij Bibliotheek Gent-Demo": "Nieuwe activiteit",
    "Platformbeheerder": "Bekijken",
}


@pytest.mark.parametrize("role", ROLES)
def test_every_role_finds_its_work_on_the_first_page(
    demo: Demo, page: Page, enter: Callable[[Page, str], None], role: str
) -> None:
    enter(page, role)
    expect(page.get_by_role("link", name=ROLES[role]).first).to_be_visible()
    for link in page.locator("nav.side .side-group a").all():
        answer = page.request.get(f"{demo.url}{link.get_attribute('href')}")
        assert answer.status == 200, link.inner_text()


def test_the_backup_is_told_for_whom_they_stand_in(demo: Demo, page: Page, enter: Callable[[Page, str], None]) -> None:
    enter(page, "Back-upbeheerder van Gent")
    expect(page.get_by_text("Je vervangt", exact=False).first).to_be_visible()


@pytest.mark.parametrize(
    "path", ["", "queue/", "fresh/", "activity/", "activity/new/", "people/", "intake/", "rights/"]
)
def test_no_page_scrolls_sideways_on_a_phone(
    demo: Demo, open_page: Callable[..., Page], enter: Callable[[Page, str], None], path: str
) -> None:
    phone = open_page(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    enter(phone, "Lokale beheerder van Gent")
    phone.goto(f"{demo.url}/admin/{path}")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_stranger_is_asked_to_sign_in_and_then_brought_where_they_were_going(demo: Demo, page: Page) -> None:
    page.goto(f"{demo.url}/admin/people/")
    expect(page.get_by_role("heading", name="Aanmelden")).to_be_visible()
    page.get_by_role("button", name="Lokale beheerder van Gent").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Collega’s")


def test_without_javascript_the_queue_still_decides(
    demo: Demo, open_page: Callable[..., Page], enter: Callable[[Page, str], None]
) -> None:
    plain = open_page(java_script_enabled=False)
    enter(plain, "Lokale beheerder van Deinze")
    plain.get_by_role("link", name="Begin met keuren").click()
    title = plain.locator("#rec").inner_text()
    plain.get_by_role("button", name="Goedkeuren").click()
    expect(plain.get_by_text(f"“{title}”").first).to_be_visible()
