"""Pictures of nine pages, light, dark and on a phone, made anew at each run; `make screens` keeps them in docs."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Demo

pytestmark = pytest.mark.only_on("sqlite")  # the pages are the same on both

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / os.environ.get("SCREENS", "test-results/screens")
GENT, ORGANISER = "Lokale beheerder van Gent", "Organisator bij Bibliotheek Gent-Demo"

VIEWS: dict[str, dict[str, Any]] = {
    "light": {"viewport": {"width": 1280, "height": 800}, "color_scheme": "light"},
    "dark": {"viewport": {"width": 1280, "height": 800}, "color_scheme": "dark"},
    "390": {"viewport": {"width": 390, "height": 780}, "is_mobile": True, "has_touch": True},
}
PAGES = {
    "public": "/?waar=Gent",
    "login": "/login",
    "start": "/admin/",
    "queue": "/admin/queue/",
    "list": "/admin/activity/",
    "history": "/admin/history/",
    "error": "/admin/dit-bestaat-niet",
}
MOST_BYTES = 3_000_000


@pytest.mark.parametrize("view", VIEWS)
def test_the_pages_are_pictured(
    demo: Demo, open_page: Callable[..., Page], enter: Callable[[Page, str], None], troubles: list[str], view: str
) -> None:
    page = open_page(**VIEWS[view], reduced_motion="reduce")
    for name in ("public", "login"):
        page.goto(f"{demo.url}{PAGES[name]}")
        keep(page, f"{name}-{view}")
    enter(page, GENT)
    for name in ("start", "list", "history", "error"):
        page.goto(f"{demo.url}{PAGES[name]}")
        keep(page, f"{name}-{view}")
    [meant] = troubles
    assert "404" in meant
    troubles.clear()
    page.goto(f"{demo.url}{PAGES['queue']}")
    if view == "390":  # the phone shows the list or the record
        page.locator(".queue-item a").nth(1).click()
    expect(page.locator("#rec")).to_be_visible()
    keep(page, f"queue-{view}")
    page.context.clear_cookies()
    enter(page, ORGANISER)
    page.goto(f"{demo.url}/admin/activity/?q=Babbelen en breien")
    page.get_by_role("link", name="Babbelen en breien").first.click()
    keep(page, f"details-{view}")
    page.get_by_role("link", name="Verbeteren").click()
    keep(page, f"form-{view}")

    made = {path.name for path in FOLDER.glob(f"*-{view}.png")}
    assert made >= {f"{name}-{view}.png" for name in (*PAGES, "details", "form")}
    assert sum(path.stat().st_size for path in FOLDER.glob("*.png")) < MOST_BYTES


def keep(page: Page, name: str) -> None:
    page.evaluate("document.fonts.ready")
    page.screenshot(path=FOLDER / f"{name}.png", scale="css")
