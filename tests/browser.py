"""Chromium for the tests: a page that leaves this machine or meets an error in its console fails its test."""

import shutil
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    WebError,
    sync_playwright,
)

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = [
    "--no-sandbox",  # the tests may run as root
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Nothing leaves this machine, whatever a page asks for; `watch` writes down that it asked. A route that aborts
    # would do it too, and switch the cache off.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE *.localhost, EXCLUDE 127.0.0.1, EXCLUDE [::1]",
]
LOCAL = {"localhost", "127.0.0.1", "::1"}
VISITOR = {"locale": "nl-BE", "timezone_id": "Europe/Brussels", "viewport": {"width": 1280, "height": 900}}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """`-m 'not browser'` leaves out every test that needs one, without anyone having to remember the mark."""
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    program = next(filter(None, map(shutil.which, NAMES)), None)
    if program is None:
        pytest.fail("Chromium ontbreekt: run `make test`, that installs it", pytrace=False)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield running
        running.close()


@pytest.fixture
def troubles() -> Iterator[list[str]]:
    """What went wrong on this test's pages. A test that means to meet some asserts it and clears the list."""
    seen: list[str] = []
    yield seen
    if seen:
        pytest.fail("In the browser:\n" + "\n".join(seen), pytrace=False)


@pytest.fixture
def open_page(browser: Browser, troubles: list[str]) -> Iterator[Callable[..., Page]]:
    """`open_page(**context_options)`: a page with its own cookies, for a second person in the same test."""
    contexts: list[BrowserContext] = []

    def opened(**options: Any) -> Page:
        context = browser.new_context(**VISITOR | options)
        contexts.append(context)
        watch(context, troubles)
        return context.new_page()

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture
def page(open_page: Callable[..., Page]) -> Page:
    return open_page()


def watch(context: BrowserContext, troubles: list[str]) -> None:
    """Write down requests that leave this machine, console errors (CSP violations are) and exceptions."""

    def on_request(request: Request) -> None:
        if not is_local(request.url):
            troubles.append(f"request to the outside: {request.url}")

    def on_console(message: ConsoleMessage) -> None:
        if message.type == "error":
            troubles.append(f"console: {message.text} ({message.location.get('url', '')})")

    def on_error(error: WebError) -> None:
        troubles.append(f"exception: {error.error}")

    context.on("request", on_request)
    context.on("console", on_console)
    context.on("weberror", on_error)


def is_local(url: str) -> bool:
    """Without a host (data:, blob:, about:) nothing is asked of anyone."""
    host = urlsplit(url).hostname
    return host is None or host in LOCAL or host.endswith(".localhost")
