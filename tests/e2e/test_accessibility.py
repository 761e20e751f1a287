"""Every kind of page, for every role: axe finds nothing, nothing scrolls sideways, the keyboard reaches all.

The markup is the same on both databases, so one is enough.
"""

from collections.abc import Callable
from string import Formatter

import pytest
from flask import Flask, abort, request
from playwright.sync_api import Page, expect
from sqlalchemy import update
from werkzeug.exceptions import TooManyRequests

from admin_views.base import OFFERED_BY
from app.demo.accounts import ACCOUNTS, Account
from app.domain.activity import State
from app.models import (
    Activity,
    db,
)
from tests.e2e.conftest import Demo
from tests.e2e.eyes import Eyes

pytestmark = pytest.mark.only_on("sqlite")

GENT, PLATFORM = "Lokale beheerder van Gent", "Platformbeheerder"
ORGANISER = "Organisator bij Bibliotheek Gent-Demo"

# Every page kind, under who meets it; {…} is an id of the demo.
OPEN = (
    "/",
    "/?waar=Gent",
    "/?q=nergens&waar=Gent",
    "/?waar=Atlantis",
    "{activity}",
    "/activiteiten/{entry}/meld",
    "/activiteiten/{entry}/meld/bedankt",
    "/login",
    "/wachtwoord-vergeten",
    "/welkom/{first}",
    "/wachtwoord/{reset}",
    "/uitnodiging/{invited}",
    "/uitnodiging/{invited_known}",
    "/toegankelijkheid",
    "/privacy",
    "/demo/mail",
)
OF_GENT = (
    "/admin/queue/?id={waiting}&reject=1",
    "/admin/fresh/",
    "/admin/report/",
    "/admin/activity/",
    "/admin/activity/?q=nergens",
    "/admin/activity/details/?id={entry}",
    "/admin/activity/details/?id={waiting}",
    "/admin/activity/withdraw/?id={entry}",
    "/admin/organisation/",
    "/admin/organisation/details/?id={organisation}",
    "/admin/people/",
    "/admin/intake/",
    "/admin/intake/new/",
    "/admin/intake/remove/?id={rule}",
    "/admin/invitation/",
    "/admin/invitation/new/",
    "/admin/history/",
    "/admin/history/?kind=activity&id={entry}",
    "/admin/account/",
    "/admin/rights/",
)
OF_ORGANISER = (
    "/admin/activity/new/",
    "/admin/activity/edit/?id={entry}",
    "/admin/activity/details/?id={draft}",
    "/admin/activity/remove/?id={draft}",
    "/admin/organisation/edit/?id={organisation}",
)
OF_PLATFORM = (
    "/admin/people/",
    "/admin/system/",
    "/admin/system/jobs/",
    "/admin/system/mails/",
    "/admin/system/runs/",
    "/admin/system/run/?id={run}",
)
# What has an address and no page of its own to look at, with the reason.
NO_PAGE = {
    "static": "a file",
    "healthz": "for machines",
    "readyz": "for machines",
    "web.seconds_left_here": "for the script",
    "admin.static": "closed",
    "public.activity_without_slug": "sends on",
    "demo.message": "holds a mail, which has its own test",
    "demo.message_html": "the mail itself",
}
ELSEWHERE = {"admin.index", "queue.index_view"}  # visited below, by every role
STOCK = {"ajax_lookup", "export"}  # answer 404, or a file


def test_no_page_is_forgotten_here(app: Flask) -> None:
    """Who adds a page, adds its address above."""
    offered = {
        f"{view.endpoint}.{name}"
        for view in app.extensions["admin"][0]._views
        for name, flag in OFFERED_BY.items()
        if name != "delete_view" and getattr(view, flag, False)
    }
    adapter = app.url_map.bind("localhost")
    pages = (*OPEN, *OF_GENT, *OF_ORGANISER, *OF_PLATFORM)
    names = {name for _text, name, _spec, _as in Formatter().parse(" ".join(pages)) if name}
    listed = [path.format(**dict.fromkeys(names, 1) | {"activity": "/activiteiten/1-x"}) for path in pages]
    seen = {adapter.match(path.partition("?")[0], method="GET")[0] for path in listed}
    kinds = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ())
        and rule.endpoint.rpartition(".")[2] not in STOCK
        and (rule.endpoint.rpartition(".")[2] not in OFFERED_BY or rule.endpoint in offered)
    }

    assert kinds - seen - set(NO_PAGE) - ELSEWHERE == set()


def test_what_needs_no_account(eyes: Eyes, places: dict[str, object]) -> None:
    for path in OPEN:
        eyes.visit(path.format(**places))
    eyes.page.goto(f"{eyes.demo.url}/login")
    eyes.page.locator("main form").first.get_by_role("button").click()
    expect(eyes.page.locator("[aria-invalid]").first).to_be_visible()  # the browser has told of the 400 by then
    eyes.look("/login, sent empty")
    eyes.closed()


@pytest.mark.parametrize(
    ("role", "pages"),
    [(GENT, OF_GENT[::2]), (GENT, OF_GENT[1::2]), (ORGANISER, OF_ORGANISER), (PLATFORM, OF_PLATFORM)],
    ids=["gent, one half", "gent, the other", "bib", "platform"],
)
def test_the_screens(
    eyes: Eyes, places: dict[str, object], enter: Callable[[Page, str], None], role: str, pages: tuple[str, ...]
) -> None:
    enter(eyes.page, role)
    for path in pages:
        eyes.visit(path.format(**places))
    eyes.closed()


@pytest.mark.parametrize("accounts", [ACCOUNTS[::2], ACCOUNTS[1::2]], ids=["one half", "the other"])
def test_start_and_queue_of_every_role(
    eyes: Eyes, open_page: Callable[..., Page], enter: Callable[[Page, str], None], accounts: tuple[Account, ...]
) -> None:
    for account in accounts:
        eyes.page = open_page()
        enter(eyes.page, account.role)
        eyes.visit("/admin/")
        if eyes.page.locator("nav.side a[href='/admin/queue/']").count():
            eyes.visit("/admin/queue/")
        eyes.page.close()
    eyes.closed()


def test_a_form_that_comes_back_and_one_that_somebody_else_saved(
    demo: Demo,
    eyes: Eyes,
    places: dict[str, object],
    open_page: Callable[..., Page],
    enter: Callable[[Page, str], None],
) -> None:
    enter(eyes.page, ORGANISER)
    page = eyes.page
    page.goto(f"{demo.url}/admin/activity/new/")
    page.get_by_role("button", name="Publiceren").last.click()
    expect(page.get_by_role("alert")).to_be_visible()
    eyes.look("the form, sent empty")
    page.goto(f"{demo.url}/admin/activity/edit/?id={places['entry']}")
    colleague = open_page()
    enter(colleague, GENT)
    colleague.goto(f"{demo.url}/admin/activity/edit/?id={places['entry']}")
    save(colleague, "3 euro")
    expect(colleague.get_by_text("is bewaard").first).to_be_visible()
    save(page, "2 euro")
    expect(page.get_by_role("alert").first).to_be_visible()
    eyes.look("the form, saved by somebody else meanwhile")
    eyes.closed()


def save(page: Page, price: str) -> None:
    page.get_by_label("Prijs").fill(price)
    page.get_by_label("Prijs").press("Enter")


def test_when_nothing_waits(
    demo: Demo, eyes: Eyes, enter: Callable[[Page, str], None], places: dict[str, object]
) -> None:
    demo.read(lambda: all_done())
    enter(eyes.page, GENT)
    for path in ("/admin/", "/admin/queue/", "/admin/fresh/", "/admin/activity/", "/admin/organisation/?q=nergens"):
        eyes.visit(path)
    eyes.closed()


def all_done() -> None:
    db.session.info["unrecorded"] = True
    db.session.execute(update(Activity).values(state=State.WITHDRAWN))
    db.session.commit()


@pytest.mark.parametrize("role", [None, ORGANISER], ids=["stranger", "signed in"])
def test_the_pages_that_say_what_went_wrong(
    demo: Demo,
    eyes: Eyes,
    places: dict[str, object],
    enter: Callable[[Page, str], None],
    monkeypatch: pytest.MonkeyPatch,
    role: str | None,
) -> None:
    def fails() -> str:
        wanted = request.args.get("met", type=int)
        if wanted == 429:
            raise TooManyRequests(retry_after=90)
        if wanted:
            abort(wanted)
        raise RuntimeError("a test says so")

    monkeypatch.setitem(demo.app.config, "PROPAGATE_EXCEPTIONS", False)
    if role:
        enter(eyes.page, role)
    door = "rights.index" if role else "pages.privacy"
    path = "/admin/rights/" if role else "/privacy"
    monkeypatch.setitem(demo.app.view_functions, door, fails)
    for status in (400, 403, 404, 413, 429, 503):
        eyes.visit(f"{path}?met={status}", status)
    eyes.visit(path, 500)
    if role:
        eyes.visit("/admin/system/", 403)
    else:
        demo.read(lambda: all_done())
        eyes.visit(str(places["activity"]), 410)
    eyes.closed()
