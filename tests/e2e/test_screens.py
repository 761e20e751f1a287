"""Pictures of the pages people meet first, made anew at each run; `make screens` keeps those the README shows."""

import os
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page

from tests.e2e.conftest import Demo

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / os.environ.get("SCREENS", "test-results/screens")


def keep(page: Page, name: str) -> None:
    page.evaluate("document.fonts.ready")
    page.screenshot(path=FOLDER / f"{name}.png")


def test_the_first_pages_are_pictured(
    demo: Demo, page: Page, open_page: Callable[..., Page], enter: Callable[[Page, str], None]
) -> None:
    enter(page, "Lokale beheerder van Gent")
    keep(page, "start-1280")
    page.get_by_role("link", name="Begin met keuren").click()
    keep(page, "queue-1280")
    page.goto(f"{demo.url}/?waar=Gent")
    keep(page, "catalogue-1280")
    phone = open_page(viewport={"width": 390, "height": 844}, device_scale_factor=2, is_mobile=True, has_touch=True)
    phone.goto(f"{demo.url}/?waar=Gent")
    keep(phone, "catalogue-390")
    assert {path.name for path in FOLDER.glob("*.png")} >= {"start-1280.png", "queue-1280.png", "catalogue-1280.png"}
