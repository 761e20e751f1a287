"""The promises of the site, and the pages that say what went wrong: they come whatever is broken."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask, abort
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.domain import retention
from app.domain.errors import NotAllowed, TooMany
from app.services import sessions
from app.settings import SettingsError, from_environment
from tests.admin_views import Cast, Node, cast, read
from tests.factories import NOW


@pytest.fixture
def people(session: Session) -> Cast:
    return cast()


@pytest.fixture
def broken(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Callable[[BaseException | int], None]:
    """`broken(error)`: from now on the page of the rights and that of privacy raise it."""

    def breaks(error: BaseException | int) -> None:
        def fails(**_options: object) -> None:
            if isinstance(error, int):
                abort(error)
            raise error

        monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
        for door in ("rights.index", "pages.privacy"):
            monkeypatch.setitem(app.view_functions, door, fails)

    return breaks


# --- promises ---


def test_the_statement_says_which_standard_what_is_wanting_and_whom_to_write(app: Flask, client: FlaskClient) -> None:
    before = app.extensions["settings"]
    app.extensions["settings"] = replace(before, contact_email="help@gent.example")
    page = client.get("/toegankelijkheid")
    app.extensions["settings"] = before

    assert page.status_code == 200
    assert "WCAG 2.2, niveau AA" in page.text
    assert "Wat werkt nog niet goed?" in page.text
    assert 'href="mailto:help@gent.example"' in page.text
    assert "Laatst nagekeken op" in page.text


def test_production_asks_for_an_address_to_write_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("APP_ENV", "production")
    monkeypatch.delenv("CONTACT_EMAIL", raising=False)

    with pytest.raises(SettingsError, match="CONTACT_EMAIL"):
        from_environment(None)


@pytest.mark.parametrize("path", ["/", "/login", "/privacy"])
def test_both_promises_are_one_step_away(client: FlaskClient, path: str) -> None:
    page = client.get(path).text

    assert 'href="/toegankelijkheid"' in page
    assert 'href="/privacy"' in page


def test_the_administration_links_to_the_statement_too(people: Cast, sign_in: Callable[..., FlaskClient]) -> None:
    assert 'href="/toegankelijkheid"' in sign_in(people["gent"]).get("/admin/").text


@pytest.mark.parametrize("path", ["/privacy", "/toegankelijkheid"])
def test_reading_a_promise_leaves_no_cookie(client: FlaskClient, path: str) -> None:
    answer = client.get(path)

    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Cache-Control"] == "public, max-age=60"


def test_what_is_said_about_keeping_is_what_the_nightly_job_does(client: FlaskClient) -> None:
    page = client.get("/privacy").text

    assert f"wissen we het {retention.REPLY_TO.months} maanden nadat" in page
    assert f"{retention.ACCOUNT.months} maanden niet meer aan" in page


def test_every_cookie_is_on_the_page_that_names_them(app: Flask, client: FlaskClient) -> None:
    """Those the server sets and those the script sets, under the names a person sees in the browser."""
    script = (Path(app.static_folder or "") / "js" / "app.js").read_text()
    names = {word.split("'")[1] for word in script.split("remember(")[1:] if word.startswith("'")}
    named = client.get("/privacy").text

    assert names >= {"theme", "keys"}
    for name in names | {"lang", "session", "browser"}:
        assert f"<dt>{name}</dt>" in named


# --- what went wrong ---

WAYS_OUT = {"stranger": "/", "gent": "/admin/"}


def ways_out(page: Node) -> list[str]:
    [main] = page.all("main")
    return main.links()


@pytest.mark.parametrize("who", ["stranger", "gent"])
@pytest.mark.parametrize("status", [400, 403, 404, 413, 429, 500, 503])
def test_every_error_page_says_its_code_and_a_way_out(
    people: Cast,
    client: FlaskClient,
    sign_in: Callable[..., FlaskClient],
    broken: Callable[..., None],
    status: int,
    who: str,
) -> None:
    broken(status)
    visitor = client if who == "stranger" else sign_in(people[who])
    answer = visitor.get("/privacy" if who == "stranger" else "/admin/rights/")
    page = read(answer)

    assert answer.status_code == status
    assert str(status) in page.text
    assert WAYS_OUT[who] in ways_out(page)
    assert bool(page.all("nav", id="menu")) == (who == "gent")


def test_an_error_of_ours_comes_with_a_code_to_pass_on(
    client: FlaskClient, broken: Callable[..., None], caplog: pytest.LogCaptureFixture
) -> None:
    broken(RuntimeError("de keuken brandt"))
    answer = client.get("/privacy")
    [code] = [node.text for node in read(answer).all("b", class_="ref")]

    assert answer.status_code == 500
    assert f"subject={code}" in answer.text
    assert "keuken" not in answer.text
    assert "Traceback" not in answer.text


def test_a_refusal_says_why(people: Cast, sign_in: Callable[..., FlaskClient], broken: Callable[..., None]) -> None:
    broken(NotAllowed("Op zondag keurt niemand."))
    page = sign_in(people["gent"]).get("/admin/rights/")

    assert page.status_code == 403
    assert "Op zondag keurt niemand." in page.text
    assert "Waarom?" in page.text
    assert 'href="/admin/rights/"' in page.text


def test_too_often_says_when_to_try_again(client: FlaskClient, broken: Callable[..., None]) -> None:
    broken(TooMany(NOW + timedelta(minutes=7)))
    answer = client.get("/privacy")

    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) in range(400, 421)
    assert "Probeer het opnieuw om " in answer.text


def test_without_a_database_who_is_signed_in_still_gets_a_page(
    people: Cast, sign_in: Callable[..., FlaskClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The frame asks who you are, and that is just what cannot be asked: the same words come without it."""

    def away(*_arguments: object) -> None:
        raise OperationalError("select", {}, Exception("connection refused"))

    visitor = sign_in(people["gent"])
    monkeypatch.setattr(sessions, "find", away)
    answer = visitor.get("/admin/")
    page = read(answer)

    assert answer.status_code == 503
    assert "We kunnen dit nu niet tonen" in answer.text
    assert not page.all("nav", id="menu")
    assert "/admin/" in ways_out(page)
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"


# --- closed ---


def test_no_file_of_flask_admin_is_served(client: FlaskClient) -> None:
    for path in ("admin/js/actions.js", "vendor/jquery.min.js", "vendor/moment.min.js"):
        assert client.get(f"/admin/static/{path}").status_code == 404
