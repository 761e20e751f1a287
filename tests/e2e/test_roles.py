"""Each role in the browser: what they find on their first page, and that the frame holds at phone width."""

from collections.abc import Callable

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

PAGES = ("", "queue/", "fresh/", "activity/", "activity/new/", "people/", "intake/", "rights/")


def test_every_role_finds_its_work_on_the_first_page(
    demo: Demo, open_page: Callable[..., Page], enter: Callable[[Page, str], None]
) -> None:
    for role, work in ROLES.items():
        page = open_page()
        enter(page, role)
        expect(page.get_by_role("link", name=work).first).to_be_visible()
        for link in page.locator("nav.side .side-group a").all():
            answer = page.request.get(f"{demo.url}{link.get_attribute('href')}")
            assert answer.status == 200, (role, link.inner_text())


def test_the_backup_is_told_for_whom_they_stand_in(demo: Demo, page: Page, enter: Callable[[Page, str], None]) -> None:
    enter(page, "Back-upbeheerder van Gent")
    expect(page.get_by_text("Je vervangt", exact=False).first).to_be_visible()


def test_no_page_scrolls_sideways_on_a_phone(
    demo: Demo, open_page: Callable[..., Page], enter: Callable[[Page, str], None]
) -> None:
    phone = open_page(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    enter(phone, "Lokale beheerder van Gent")
    for path in PAGES:
        phone.goto(f"{demo.url}/admin/{path}")
        assert phone.evaluate("document.documentElement.scrollWidth") <= 390, path


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


def test_j_opens_the_next_record_so_that_a_letter_acts_on_what_is_read(
    demo: Demo, page: Page, enter: Callable[[Page, str], None]
) -> None:
    enter(page, "Lokale beheerder van Gent")
    page.get_by_role("link", name="Begin met keuren").click()
    second = page.locator(".queue-item a").nth(1).inner_text()
    page.wait_for_load_state()  # the keys listen once the script has run
    page.keyboard.press("j")
    expect(page.locator("#rec")).to_have_text(second)
    expect(page.locator("#rec")).to_be_focused()
    page.keyboard.press("a")
    expect(page.get_by_text(f"“{second}”").first).to_be_visible()


def test_correcting_one_thing_keeps_every_topic_and_goal(
    demo: Demo, page: Page, enter: Callable[[Page, str], None]
) -> None:
    enter(page, "Organisator bij Bibliotheek Gent-Demo")
    page.goto(f"{demo.url}/admin/activity/?q=Babbelen en breien")
    page.get_by_role("link", name="Babbelen en breien").click()
    before = page.locator("dl.facts").text_content() or ""
    page.get_by_role("link", name="Verbeteren").click()
    page.get_by_label("Prijs").fill("2 euro")
    page.get_by_label("Prijs").press("Enter")
    expect(page.get_by_text("“Babbelen en breien” is bewaard.")).to_be_visible()
    assert page.locator("dl.facts").text_content() == before.replace("gratis", "2 euro")
