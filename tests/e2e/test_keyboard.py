"""Without a mouse, magnified, on paper or with one’s own colours: every control is reached, every word is read."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Demo
from tests.e2e.eyes import PHONE, WIDE, ZOOMED, Eyes

pytestmark = pytest.mark.only_on("sqlite")  # the markup is the same on both

GENT = "Lokale beheerder van Gent"


def test_the_keyboard_reaches_every_control_and_one_sees_where_it_is(
    demo: Demo, eyes: Eyes, places: dict[str, object], enter: Callable[[Page, str], None]
) -> None:
    enter(eyes.page, GENT)
    screens = ("", "queue/", "fresh/", "activity/", "activity/new/", "account/")
    paths = (*(f"/admin/{screen}" for screen in screens), "/", "/privacy", f"/activiteiten/{places['entry']}/meld")
    for width, height in (WIDE, PHONE, ZOOMED):
        eyes.page.set_viewport_size({"width": width, "height": height})
        for path in paths:
            eyes.page.goto(f"{demo.url}{path}")
            eyes.tab_through(f"{path} ({width} px)")
    eyes.closed()


def test_the_skip_link_brings_one_to_the_content(demo: Demo, page: Page, enter: Callable[[Page, str], None]) -> None:
    enter(page, GENT)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Naar de inhoud")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_escape_goes_back_and_enter_confirms(demo: Demo, page: Page, enter: Callable[[Page, str], None]) -> None:
    enter(page, GENT)
    page.goto(f"{demo.url}/admin/queue/")
    title = page.locator("#rec").inner_text()
    why = page.get_by_role("heading", name="Waarom past dit niet?")
    page.wait_for_load_state()  # the keys listen once the script has run
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Toetsen")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Toetsen")).to_be_hidden()
    page.keyboard.press("r")
    expect(why).to_be_visible()
    page.wait_for_load_state()
    page.keyboard.press("Escape")
    expect(why).to_be_hidden()
    expect(page.locator("#rec")).to_have_text(title)
    page.wait_for_load_state()
    page.keyboard.press("r")
    page.get_by_label("Dubbel").check()
    page.keyboard.press("Enter")
    expect(page.get_by_text(f"“{title}” is afgewezen.")).to_be_visible()


def test_the_menu_of_a_phone_opens_and_closes_without_a_mouse(
    demo: Demo, page: Page, enter: Callable[[Page, str], None]
) -> None:
    enter(page, GENT)
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    page.goto(f"{demo.url}/admin/")
    menu = page.get_by_role("navigation", name="Beheer")
    expect(menu).to_be_hidden()
    page.get_by_role("link", name="Menu").press("Enter")
    expect(menu).to_be_visible()
    page.get_by_role("link", name="Sluit het menu").press("Enter")
    expect(menu).to_be_hidden()


def test_with_forced_colours_every_control_keeps_an_edge_and_a_ring(
    demo: Demo, open_page: Callable[..., Page], troubles: list[str], enter: Callable[[Page, str], None]
) -> None:
    page = open_page(forced_colors="active")
    enter(page, GENT)
    eyes = Eyes(demo, page, troubles)
    for path in ("/admin/", "/admin/queue/", "/admin/activity/new/", "/?waar=Gent"):
        page.goto(f"{demo.url}{path}")
        bare = page.evaluate(
            """() => [...document.querySelectorAll('.btn, .form-control, .form-select, .choice label')]
              .filter((one) => one.checkVisibility() && getComputedStyle(one).borderStyle.includes('none'))
              .map((one) => one.className + ' ' + one.innerText)"""
        )
        assert not bare, path
        eyes.tab_through(f"{path} (forced colours)")
    eyes.closed()


def test_on_paper_the_letters_are_dark_whatever_the_screen_is(
    demo: Demo, open_page: Callable[..., Page], enter: Callable[[Page, str], None]
) -> None:
    page = open_page(color_scheme="dark")
    enter(page, GENT)
    page.get_by_role("button", name="Donker scherm").click()  # chosen light
    page.get_by_role("button", name="Donker scherm").click()  # and chosen dark
    expect(page.locator("html")).to_have_class("dark")
    page.emulate_media(media="print")
    page.goto(f"{demo.url}/admin/activity/")
    red, green, blue = page.evaluate(
        "() => getComputedStyle(document.querySelector('table.list td')).color.match(/\\d+/g).slice(0, 3).map(Number)"
    )
    assert max(red, green, blue) < 100
    expect(page.get_by_role("navigation", name="Beheer")).to_be_hidden()
    expect(page.get_by_role("link", name="Nieuwe activiteit")).to_be_hidden()
