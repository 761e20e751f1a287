"""A session that is about to end says so in time; one click keeps it, and what was typed is never lost."""

from collections.abc import Callable
from datetime import timedelta

from playwright.sync_api import Page, expect
from sqlalchemy import select, update

from app.domain.clock import now_utc
from app.models import LoginSession, connection, db
from tests.e2e.conftest import Demo

LOCAL = "Lokale beheerder van Gent"


def idle_for(demo: Demo, minutes: int) -> None:
    with demo.app.app_context(), connection.writing(db.session):
        db.session.execute(update(LoginSession).values(last_seen_at=now_utc() - timedelta(minutes=minutes)))


def look_again(page: Page) -> None:
    """Come back to the tab."""
    with page.expect_response("**/aangemeld"):
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def test_in_the_last_minutes_one_click_keeps_the_session(
    demo: Demo, page: Page, enter: Callable[[Page, str], None]
) -> None:
    enter(page, LOCAL)
    page.goto(f"{demo.url}/admin/intake/new/")
    warning = page.locator("#session")
    expect(warning).to_be_hidden()

    idle_for(demo, 57)
    look_again(page)
    expect(warning).to_contain_text("Over 3 minuten word je afgemeld")
    page.get_by_label("Welke precies?").fill("taalcafé")
    page.get_by_role("button", name="Blijf aangemeld").click()

    expect(warning).to_be_hidden()
    seen = demo.read(lambda: db.session.scalar(select(LoginSession.last_seen_at)))
    assert now_utc() - seen < timedelta(minutes=1)
    expect(page.get_by_label("Welke precies?")).to_have_value("taalcafé")


def test_what_was_typed_when_the_session_ended_comes_back_and_can_be_saved(
    demo: Demo, page: Page, enter: Callable[[Page, str], None], troubles: list[str]
) -> None:
    enter(page, LOCAL)
    page.goto(f"{demo.url}/admin/intake/new/")
    page.get_by_label("Welke precies?").fill("taalcafé <b>")
    idle_for(demo, 61)
    look_again(page)
    expect(page.locator("#session")).to_contain_text("Je bent afgemeld")
    expect(page.get_by_role("button", name="Blijf aangemeld")).to_be_hidden()

    page.get_by_role("button", name="Toevoegen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Meld je opnieuw aan")
    assert ["401" in trouble for trouble in troubles] == [True]  # the browser says so of the page itself
    troubles.clear()
    page.get_by_label("E-mailadres").fill("gent@doemee.example")
    page.get_by_label("Wachtwoord", exact=True).fill("samen-doen-is-leuker")
    page.get_by_role("button", name="Aanmelden").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Nieuwe regel")
    expect(page.get_by_label("Welke precies?")).to_have_value("taalcafé <b>")
    page.get_by_role("button", name="Toevoegen").click()
    expect(page.get_by_text("De regel geldt vanaf nu.")).to_be_visible()
