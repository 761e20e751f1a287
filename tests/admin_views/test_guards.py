"""Over the whole application: every screen asks the policy, every door is shut to strangers, every answer is armed."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from admin_views.base import PolicyView
from admin_views.guard import Guarded, PolicyPage
from admin_views.start import StartView
from app.domain.activity import State
from app.factory import create_app
from tests.admin_views import Cast, cast, read, rows, typed
from tests.conftest import settings
from tests.factories import IntakeRuleFactory, own_entry, uit_event

OPEN_TO_STRANGERS = {
    "healthz",
    "readyz",
    "static",
    "admin.static",
    "web.login",
    "web.welcome",
    "web.forgotten",
    "web.password",
    "web.invitation",
    "web.seconds_left_here",
    "web.stay_signed_in",
    "public.index",
    "public.activity",
    "public.activity_without_slug",
    "problem.new",
    "problem.thanks",
    "pages.accessibility",
    "pages.privacy",
    "demo.mail",
    "demo.message",
    "demo.message_html",
}
OWN_POLICY = {"demo.message_html"}  # a mail's own styles work there, in a sandbox
SECRET = "Dit staat nog nergens"


def screens(app: Flask) -> list[object]:
    return list(app.extensions["admin"][0]._views)


def path_of(rule: Rule, id: int) -> str:
    values = {"id": id, "slug": "x", "name": "x", "token": "x", "filename": "x", "export_type": "csv"}
    path = rule.rule
    for argument in rule.arguments:
        for converter in (f"<{argument}>", f"<int:{argument}>", f"<path:{argument}>"):
            path = path.replace(converter, str(values[argument]))
    assert "<" not in path, f"say which value {rule.rule} may take"
    return f"{path}?id={id}"


def doors(app: Flask, id: int) -> Iterator[tuple[str, str, str]]:
    """Every endpoint with its method and an address that exists."""
    for rule in app.url_map.iter_rules():
        for method in sorted(rule.methods or ()):
            yield rule.endpoint, method, path_of(rule, id)


def sent(organisation_id: int, id: int) -> dict[str, str]:
    """Something for every form at once."""
    return {
        **{"id": str(id), "rowid": str(id), "decision": "approve", "seen": "", "action": "delete"},
        **{"organisation": str(organisation_id), "name": "Nieuwe naam", "value": "iets", "reason": "1"},
    }


@pytest.fixture
def people(session: Session) -> Cast:
    return cast()


# --- screens ---


def test_every_screen_asks_the_policy(app: Flask) -> None:
    for view in screens(app):
        assert isinstance(view, PolicyView | PolicyPage | StartView), view
        assert isinstance(view, Guarded)


def test_no_door_of_flask_admin_itself_is_left_in(app: Flask) -> None:
    """What a screen serves is written here: its stock views know nothing of the policy."""
    stock = {
        f"{view.endpoint}.{name}: {getattr(type(view), name).__module__}"  # type: ignore[attr-defined]
        for view in screens(app)
        for _url, name, _methods in view._urls  # type: ignore[attr-defined]
        if not getattr(type(view), name).__module__.startswith("admin_views.")
    }

    assert not stock


# --- strangers ---


def test_every_route_refuses_a_stranger_but_for_a_short_list(
    app: Flask, client: FlaskClient, session: Session, people: Cast
) -> None:
    waiting = uit_event(people.gent, title=SECRET)
    own_entry(people.bib, title=SECRET, state=State.DRAFT)
    before = rows(session)

    for endpoint, method, path in doors(app, waiting.id):
        if endpoint in OPEN_TO_STRANGERS or method == "OPTIONS":
            continue
        data = {"csrf_token": client.csrf_token(), **sent(people.bib.id, waiting.id)} if method == "POST" else None
        answer = client.open(path, method=method, data=data)
        where = f"{method} {path}: {answer.status}"
        assert answer.status_code in (302, 401, 403, 404), where
        assert answer.status_code != 302 or answer.location.startswith("/login"), where
        assert SECRET not in answer.text, where

    assert rows(session) == before


def test_what_is_open_to_strangers_tells_nothing_that_is_not_public(
    app: Flask, client: FlaskClient, session: Session, people: Cast
) -> None:
    hidden = [uit_event(people.gent, title=SECRET)]
    hidden += [own_entry(people.bib, title=SECRET, state=state) for state in (State.DRAFT, State.WITHDRAWN)]
    before = rows(session)

    for row in hidden:
        for endpoint, method, path in doors(app, row.id):
            if endpoint in OPEN_TO_STRANGERS and method == "GET":
                assert SECRET not in client.get(f"{path}&q=nergens").text or row.state is State.WITHDRAWN, path

    assert rows(session) == before


def test_what_answers_about_a_method_says_nothing_else(app: Flask, client: FlaskClient, people: Cast) -> None:
    for _endpoint, method, path in doors(app, uit_event(people.gent, title=SECRET).id):
        if method == "OPTIONS":
            assert client.open(path, method=method).text == ""


@pytest.mark.parametrize("path", ["/admin/people/", "/admin/activity/details/?id=7"])
def test_a_stranger_is_sent_to_sign_in_and_remembers_where_they_went(client: FlaskClient, path: str) -> None:
    answer = client.get(path)

    assert answer.status_code == 302
    assert client.get(answer.location).text.count(f'name="next" value="{path}"') >= 1


# --- forms of another site ---


@pytest.mark.parametrize("who", ["gent", "organisator"])
def test_a_post_without_a_token_changes_nothing(
    app: Flask, session: Session, people: Cast, sign_in: Callable[..., FlaskClient], who: str
) -> None:
    entry = own_entry(people.bib, state=State.DRAFT)
    uit_event(people.gent), IntakeRuleFactory(municipality=people.gent)
    visitor = sign_in(people[who])
    before = rows(session)

    for _endpoint, method, path in doors(app, entry.id):
        if method == "POST":
            answer = visitor.post(path, data=sent(people.bib.id, entry.id) | typed(people.bib))
            assert answer.status_code == 400, f"{path}: {answer.status}"

    assert rows(session) == before


@pytest.mark.parametrize("token", ["", "zomaar", "van-een-ander"])
def test_a_token_that_is_not_ones_own_is_none(
    app: Flask, session: Session, people: Cast, sign_in: Callable[..., FlaskClient], token: str
) -> None:
    entry = own_entry(people.bib)
    visitor = sign_in(people["organisator"])
    given = app.test_client().csrf_token() if token == "van-een-ander" else token
    before = rows(session)

    for path in ("/admin/activity/new/", "/admin/activity/withdraw/", "/logout"):
        data = typed(people.bib) | {"id": str(entry.id), "csrf_token": given}
        assert visitor.post(path, data=data).status_code == 400

    assert rows(session) == before


# --- headers ---


def assert_armed(answer: TestResponse) -> None:
    headers = answer.headers
    policy = dict(part.strip().partition(" ")[::2] for part in headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["object-src"] == policy["base-uri"] == "'none'"
    assert policy["form-action"] == "'self'"
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    secret = answer.request.path.startswith(("/welkom/", "/wachtwoord/", "/uitnodiging/"))
    assert headers["Referrer-Policy"] == ("strict-origin" if secret else "same-origin")
    assert "geolocation=()" in headers["Permissions-Policy"]


def test_every_answer_carries_the_headers(
    app: Flask, session: Session, people: Cast, client: FlaskClient, sign_in: Callable[..., FlaskClient]
) -> None:
    entry = own_entry(people.bib)
    visitor = sign_in(people["gent"])
    for endpoint, method, path in doors(app, entry.id):
        for who in (client, visitor):
            if endpoint == "web.logout":
                continue
            answer = who.open(path, method=method, data={"csrf_token": who.csrf_token()} if method == "POST" else None)
            assert_armed(answer)
            if path.startswith(("/admin/", "/login")) and "/static/" not in path:
                assert answer.headers["Cache-Control"] == "no-store", f"{method} {path}"


@pytest.mark.parametrize(
    ("path", "method", "options", "status"),
    [
        ("/bestaat-niet", "GET", {}, 404),
        ("/admin/bestaat-niet", "GET", {}, 404),
        ("/login", "PUT", {}, 405),
        ("/admin/queue/decide/", "GET", {}, 405),
        ("/login", "POST", {"data": {"email": "x"}}, 400),
        ("/?q=%00", "GET", {}, 400),
        ("/login", "POST", {"data": b"q=" + 2_100_000 * b"x"}, 413),
        ("/", "GET", {"headers": {"Host": "kwaad.example"}}, 400),
        ("/admin/", "GET", {"headers": {"Host": "kwaad.example:5000"}}, 400),
    ],
)
def test_errors_carry_the_headers_too(client: FlaskClient, path: str, method: str, options: dict, status: int) -> None:
    if "data" in options:
        options = options | {"content_type": "application/x-www-form-urlencoded"}

    answer = client.open(path, method=method, **options)

    assert answer.status_code == status
    assert_armed(answer)


def test_a_database_that_does_not_answer_is_told_in_words_and_with_the_headers(tmp_path: Path) -> None:
    answer = create_app(settings(f"sqlite:///{tmp_path / 'leeg.sqlite'}", tmp_path)).test_client().get("/")

    assert answer.status_code == 503
    assert "We kunnen dit nu niet tonen" in answer.text
    assert_armed(answer)


# --- pages ---


@pytest.mark.parametrize("who", ["gent", "organisator", "platform"])
def test_no_page_holds_script_or_style_of_its_own(
    app: Flask, session: Session, people: Cast, sign_in: Callable[..., FlaskClient], who: str
) -> None:
    entry, event = own_entry(people.bib), uit_event(people.gent)
    visitor = sign_in(people[who])
    pages = 0
    for id in (entry.id, event.id):
        for endpoint, method, path in doors(app, id):
            answer = visitor.get(path) if method == "GET" and endpoint not in OWN_POLICY else None
            if answer is None or answer.mimetype != "text/html":
                continue
            pages += 1
            for node in read(answer).walk():
                assert node.tag != "style", path
                assert node.tag != "script" or node.attributes.get("src", "").startswith("/static/"), path
                assert not {name for name in node.attributes if name.startswith("on")}, path
                assert "style" not in node.attributes, path
                address = node.attributes.get("href", "")
                assert not address.startswith(("javascript:", "data:")), path
    assert pages > 20
