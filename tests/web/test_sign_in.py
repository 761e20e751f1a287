"""Signing in and out: who you are is read anew at each request, and a session ends when it should."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.http import parse_cookie
from werkzeug.test import TestResponse

from app.domain.errors import Conflict
from app.factory import create_app
from app.models import LoginSession, User, db
from app.web.sign_in import begin
from tests.admin_views import form_on, main_text, read, words_at
from tests.conftest import Database, settings
from tests.factories import NOW, PASSWORD, MandateFactory, UserFactory, local_admin, platform, town

SignIn = Callable[..., FlaskClient]
START = "/admin/"
REFUSED = "Dit adres en dit wachtwoord horen niet bij elkaar."
AWAY = [
    *("https://kwaad.example", "//kwaad.example", "///kwaad.example", "////kwaad.example/admin", "http:kwaad.example"),
    *("https:kwaad.example", "https:/kwaad.example", "/\\kwaad.example", "\\\\kwaad.example", "\\/kwaad.example"),
    *("javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "vbscript:x", "mailto:x@kwaad.example"),
    *("/\t/kwaad.example", "/\n/kwaad.example", "/\r\n/kwaad.example", "\t//kwaad.example", " //kwaad.example"),
    *("/\x0b/kwaad.example", "/\u2028/kwaad.example", "/\\/kwaad.example", "//kwaad.example@localhost/"),
    *("//localhost@kwaad.example/", "//localhost:80@kwaad.example", "kwaad.example", "@kwaad.example", "."),
    *("//kwaad%E3%80%82example", "//[::1]/", "//2130706433/", "//", "http://localhost.kwaad.example/admin/"),
    *("http://localhost/admin/", "//localhost/admin/", "ftp://localhost", "?next=//kwaad.example", "#//kwaad.example"),
    *("/admin/\r\nSet-Cookie: a=b", "/admin/\nLocation: //kwaad.example", "/\u00a0/kwaad.example\u2029"),
]
HERE = ["/admin/people/", "/admin/activity/?q=soep&when=all", "/activiteiten/1-x", "/admin/queue/?id=3"]
ODD_BUT_HERE = ["/%09/kwaad.example", "/%0d%0aSet-Cookie:%20a=b", "/.//kwaad.example", "/%5ckwaad.example", "/@x", "/é"]


@pytest.fixture
def noor(session: Session) -> User:
    user = UserFactory(name="Noor", email="noor@doemee.example", can_sign_in=True)
    return local_admin(town("Gent"), user=user)


def sign_in_by_form(
    client: FlaskClient, email: str = "noor@doemee.example", password: str = PASSWORD, next: str = ""
) -> TestResponse:
    """Open the page, type, and press the button."""
    form = form_on(client.get("/login", query_string={"next": next} if next else {}), "/login")
    return client.post("/login", data={**form, "email": email, "password": password})


def is_in(client: FlaskClient) -> bool:
    answer = client.get(START)
    assert answer.status_code == 200 or answer.location.startswith("/login")
    return answer.status_code == 200


def cookies(client: FlaskClient) -> str:
    cookie = client.get_cookie("session")
    assert cookie
    return cookie.value


# --- in ---


def test_the_right_password_opens_the_first_page(client: FlaskClient, noor: User) -> None:
    answer = sign_in_by_form(client)

    assert answer.location == START
    assert "Dag Noor" in main_text(client.get(START))


@pytest.mark.parametrize("typed", ["NOOR@Doemee.Example", "  noor@doemee.example ", "ＮＯＯＲ@doemee.example"])
def test_an_address_is_one_however_it_is_written(client: FlaskClient, noor: User, typed: str) -> None:
    assert sign_in_by_form(client, typed).location == START


def test_a_password_counts_exactly_as_typed(client: FlaskClient, noor: User) -> None:
    for wrong in (PASSWORD.upper(), f" {PASSWORD}", f"{PASSWORD} ", PASSWORD[:-1], f"{PASSWORD}x"):
        assert sign_in_by_form(client, password=wrong).status_code == 400


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("noor@doemee.example", "een-ander-wachtwoord"),
        ("niemand@doemee.example", PASSWORD),
        ("geen adres", PASSWORD),
        ("zonder@doemee.example", PASSWORD),
        ("zonder@doemee.example", ""),
        ("geschorst@doemee.example", PASSWORD),
    ],
)
def test_an_unknown_account_and_a_wrong_password_are_told_the_same(
    client: FlaskClient, noor: User, email: str, password: str
) -> None:
    UserFactory(email="zonder@doemee.example")
    UserFactory(email="geschorst@doemee.example", can_sign_in=True, suspended_at=NOW)

    answer = sign_in_by_form(client, email, password or "x")

    assert answer.status_code == 400
    assert words_at(answer, "password") == REFUSED
    assert form_on(answer, "/login")["email"] == email
    assert not is_in(client)


def test_who_is_in_already_is_not_asked_again(client: FlaskClient, noor: User) -> None:
    sign_in_by_form(client)

    assert client.get("/login").location == START


def test_signing_in_gives_a_new_session_and_ends_the_old_one(
    app: Flask, client: FlaskClient, noor: User, session: Session
) -> None:
    UserFactory(email="ander@doemee.example", can_sign_in=True)
    sign_in_by_form(client)
    before = cookies(client)
    token = client.csrf_token()

    data = {"csrf_token": token, "email": "ander@doemee.example", "password": PASSWORD}
    assert client.post("/login", data=data).location == START

    assert cookies(client) != before
    session.commit()
    assert session.scalar(select(func.count()).select_from(LoginSession)) == 1
    assert not is_in(copy_of(app, before))


def test_the_id_that_the_cookie_holds_is_kept_nowhere(client: FlaskClient, noor: User, session: Session) -> None:
    sign_in_by_form(client)
    with client.session_transaction() as cookie:
        token = cookie["_user_id"]

    held = session.scalars(select(LoginSession.token_hash)).one()

    assert token not in held
    assert len(token) >= 40
    assert set(dict(cookie)) <= {"_user_id", "_fresh", "_id", "csrf_token", "who"}


def test_a_cookie_that_was_fixed_beforehand_is_worthless_after_signing_in(
    app: Flask, client: FlaskClient, noor: User
) -> None:
    with client.session_transaction() as cookie:
        cookie["_user_id"] = "gekozen-door-een-ander"
    planted = cookies(client)

    sign_in_by_form(client)

    assert is_in(client)
    assert not is_in(copy_of(app, planted))


# --- out ---


def copy_of(app: Flask, value: str) -> FlaskClient:
    """Another browser, with a cookie that was copied."""
    other = app.test_client()
    other.set_cookie("session", value)
    return other


def sign_out(client: FlaskClient) -> TestResponse:
    return client.post("/logout", data=form_on(client.get(START), "/logout"))


def test_signing_out_leads_back_to_the_door(client: FlaskClient, noor: User) -> None:
    sign_in_by_form(client)

    answer = sign_out(client)

    assert answer.location == "/login"
    assert "Je bent afgemeld." in main_text(client.get(answer.location))
    assert not is_in(client)


def test_a_cookie_copied_before_signing_out_is_dead_after_it(
    app: Flask, client: FlaskClient, noor: User, session: Session
) -> None:
    sign_in_by_form(client)
    thief = copy_of(app, cookies(client))
    assert is_in(thief)

    sign_out(client)

    assert not is_in(thief)
    assert thief.post("/admin/fresh/seen/", data={"csrf_token": thief.csrf_token()}).location.startswith("/login")
    session.commit()
    assert not session.scalars(select(LoginSession)).all()


def test_signing_out_here_leaves_another_browser_in(app: Flask, client: FlaskClient, noor: User) -> None:
    other = app.test_client()
    sign_in_by_form(client), sign_in_by_form(other)

    sign_out(client)

    assert is_in(other)


def test_signing_out_is_no_link(client: FlaskClient, noor: User) -> None:
    sign_in_by_form(client)

    assert client.get("/logout").status_code == 405
    assert client.post("/logout").status_code == 400
    assert is_in(client)


def test_who_is_not_in_can_sign_out_without_harm(client: FlaskClient, session: Session) -> None:
    assert client.send("/logout").location == "/login"


@pytest.mark.parametrize(
    "value", ["x", "eyJfdXNlcl9pZCI6IjEifQ.aaaa.bbbb", "", "e30.", ".e30.x.y", "ä", "x" * 4_000, "null", "[]"]
)
def test_a_cookie_nobody_gave_is_nobody(app: Flask, session: Session, value: str) -> None:
    assert not is_in(copy_of(app, value))


@pytest.mark.parametrize("token", ["", "1", "x" * 5_000, None, "\0", "é"])
def test_a_signed_cookie_with_a_strange_id_is_nobody(client: FlaskClient, noor: User, token: object) -> None:
    with client.session_transaction() as cookie:
        cookie["_user_id"] = token

    assert not is_in(client)


# --- what ends by itself ---


def test_who_is_suspended_is_out_at_the_next_request(client: FlaskClient, noor: User, session: Session) -> None:
    sign_in_by_form(client)
    assert is_in(client)
    session.info["unrecorded"] = True
    noor.suspended_at = NOW

    assert not is_in(client)
    assert sign_in_by_form(client).status_code == 400


def test_a_mandate_that_ends_takes_its_rights_along_at_the_next_request(client: FlaskClient, session: Session) -> None:
    user = UserFactory(email="noor@doemee.example", can_sign_in=True)
    mandate = MandateFactory(user=user, role="local", municipality=town("Gent"))
    sign_in_by_form(client)
    assert client.get("/admin/queue/").status_code == 200
    session.info["unrecorded"] = True
    mandate.ended_at = NOW

    assert client.get("/admin/queue/").status_code == 403
    assert is_in(client)


def test_a_right_that_begins_counts_at_the_next_request(client: FlaskClient, noor: User, session: Session) -> None:
    sign_in_by_form(client)
    assert client.get("/admin/queue/").status_code == 200
    assert "Wannes" not in main_text(client.get("/admin/people/"))
    platform(user=UserFactory(name="Wannes"))

    MandateFactory(user=noor, role="platform")

    assert "Wannes" in main_text(client.get("/admin/people/"))


@pytest.mark.parametrize(("minutes", "still"), [(59, True), (61, False)])
def test_who_does_nothing_for_an_hour_is_out(
    client: FlaskClient, noor: User, clock: time_machine.Traveller, minutes: int, still: bool
) -> None:
    sign_in_by_form(client)

    clock.move_to(NOW + timedelta(minutes=minutes))

    assert is_in(client) is still


def test_who_goes_on_stays_in_until_the_end_of_the_day(
    client: FlaskClient, noor: User, clock: time_machine.Traveller
) -> None:
    sign_in_by_form(client)

    for half_hours in range(1, 24):
        clock.move_to(NOW + timedelta(minutes=30 * half_hours))
        assert is_in(client), half_hours
    clock.move_to(NOW + timedelta(hours=12, seconds=5))

    assert not is_in(client)


def test_reading_on_writes_at_most_once_in_two_minutes(
    client: FlaskClient, noor: User, session: Session, clock: time_machine.Traveller
) -> None:
    sign_in_by_form(client)

    def seen() -> object:
        session.commit()
        return session.scalars(select(LoginSession.last_seen_at)).one()

    first = seen()
    clock.move_to(NOW + timedelta(minutes=1))
    client.get(START)
    assert seen() == first
    clock.move_to(NOW + timedelta(minutes=3))
    client.get(START)
    assert seen() > first  # type: ignore[operator]


# --- where one was going ---


@pytest.mark.parametrize("next", HERE)
def test_after_signing_in_one_is_where_one_was_going(client: FlaskClient, noor: User, next: str) -> None:
    assert sign_in_by_form(client, next=next).location == next


@pytest.mark.parametrize("next", AWAY, ids=ascii)
def test_next_never_leaves_the_site(client: FlaskClient, noor: User, next: str) -> None:
    data = {"csrf_token": client.csrf_token(), "email": "noor@doemee.example", "password": PASSWORD, "next": next}

    for answer in (client.post("/login", data=data), sign_in_again(client, next)):
        assert answer.status_code == 302
        assert answer.location == START
        assert "Set-Cookie: a=b" not in str(answer.headers)


def sign_in_again(client: FlaskClient, next: str) -> TestResponse:
    """The same with `next` in the address, as a link in a mail would have it."""
    data = {"csrf_token": client.csrf_token(), "email": "noor@doemee.example", "password": PASSWORD}
    return client.post("/login", query_string={"next": next}, data=data)


@pytest.mark.parametrize("next", ODD_BUT_HERE)
def test_what_only_looks_like_another_site_stays_here(client: FlaskClient, noor: User, next: str) -> None:
    answer = sign_in_by_form(client, next=next)

    # As a browser reads it: it strips tabs and line ends, and takes a backslash for a slash.
    seen = "".join(char for char in answer.location if char not in "\t\r\n").replace("\\", "/")
    assert urlsplit(urljoin("http://localhost/login", seen)).netloc == "localhost"
    assert "Set-Cookie: a=b" not in str(answer.headers)


@pytest.mark.parametrize("path", ["//kwaad.example/", "//kwaad.example/admin/", "/\\kwaad.example/", "/admin//queue/"])
def test_a_stranger_is_never_sent_to_another_site(client: FlaskClient, path: str) -> None:
    answer = client.get(path, base_url="http://localhost")

    where = urljoin("http://localhost/", (answer.location or "/").replace("\\", "/"))
    assert urlsplit(where).netloc == "localhost"


def test_the_page_shows_next_as_text_and_keeps_it_after_a_mistake(client: FlaskClient, noor: User) -> None:
    hostile = '/admin/"><script>alert(1)</script>'

    answer = client.send("/login", {"email": "x@doemee.example", "password": "x", "next": hostile})

    assert not [node for node in read(answer).all("script") if "src" not in node.attributes]
    assert form_on(answer, "/login")["next"] == hostile


# --- cookies and hosts ---


def cookie_lines(answer: TestResponse) -> list[str]:
    return answer.headers.getlist("Set-Cookie")


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(client: FlaskClient, noor: User) -> None:
    line = cookie_lines(sign_in_by_form(client))[-1]

    assert line.startswith("session=")
    assert "HttpOnly" in line
    assert "SameSite=Lax" in line
    assert "Path=/" in line
    assert "Domain" not in line
    assert "Expires" not in line  # it ends with the browser


def test_the_page_to_sign_in_is_kept_by_no_cache(client: FlaskClient, noor: User) -> None:
    assert client.get("/login").headers["Cache-Control"] == "no-store"
    assert sign_in_by_form(client).headers["Cache-Control"] == "no-store"
    assert sign_out(client).headers["Clear-Site-Data"] == '"cache"'


def test_a_public_page_of_who_is_signed_in_is_not_given_to_others(client: FlaskClient, noor: User) -> None:
    sign_in_by_form(client)

    answer = client.get("/")

    assert "Noor" not in answer.text or "public" not in answer.headers["Cache-Control"]


@pytest.fixture
def over_https(database: Database, session: Session, tmp_path: Path) -> Iterator[FlaskClient]:
    """A second application on the same database, for a site on https."""
    secure = replace(settings(database.url, tmp_path), base_url="https://doemee.example", app_env="production")
    app = create_app(secure)
    app.testing = True
    app.test_client_class = type(database.app.test_client())
    yield app.test_client()
    with app.app_context():
        db.engine.dispose()


def test_over_https_the_cookie_is_bound_to_host_and_channel(
    over_https: FlaskClient, noor: User, clock: time_machine.Traveller
) -> None:
    site = "https://doemee.example"
    page = over_https.get("/login", base_url=site)
    data = {**form_on(page, "/login"), "email": noor.email, "password": PASSWORD}

    answer = over_https.post("/login", data=data, base_url=site, headers={"Referer": f"{site}/login"})

    assert answer.location == START
    line = cookie_lines(answer)[-1]
    assert parse_cookie(line.partition(";")[0]).keys() == {"__Host-session"}
    assert all(word in line for word in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"))
    assert "Domain" not in line
    for path in ("/login", "/", "/bestaat-niet", "/static/css/base.css"):
        assert "max-age=31536000" in over_https.get(path, base_url=site).headers["Strict-Transport-Security"]


def test_over_https_a_form_of_another_site_is_refused(
    over_https: FlaskClient, noor: User, clock: time_machine.Traveller
) -> None:
    site = "https://doemee.example"
    data = {**form_on(over_https.get("/login", base_url=site), "/login"), "email": noor.email, "password": PASSWORD}

    answer = over_https.post("/login", data=data, base_url=site, headers={"Referer": "https://kwaad.example/"})

    assert answer.status_code == 400


def test_production_offers_no_demo_accounts_and_no_mailbox(over_https: FlaskClient, noor: User) -> None:
    page = over_https.get("/login", base_url="https://doemee.example")

    assert "samen-doen-is-leuker" not in page.text
    assert over_https.get("/demo/mail", base_url="https://doemee.example").status_code == 404


@pytest.mark.parametrize("host", ["kwaad.example", "localhost.kwaad.example", "localhost:80@kwaad.example", "", "a b"])
@pytest.mark.parametrize("path", ["/", "/login", "/admin/", "/static/css/base.css", "/bestaat-niet"])
def test_a_request_for_another_host_is_refused(client: FlaskClient, host: str, path: str) -> None:
    answer = client.get(path, headers={"Host": host})

    assert answer.status_code == 400
    assert "kwaad" not in answer.text
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("header", ["X-Forwarded-Host", "Forwarded", "X-Host", "X-Original-Host"])
def test_without_a_proxy_no_header_says_which_host_it_is(client: FlaskClient, noor: User, header: str) -> None:
    answer = client.get(START, headers={header: "kwaad.example"})

    assert answer.location.startswith("/login")
    assert "kwaad" not in client.get("/login", headers={header: "host=kwaad.example"}).text


@pytest.mark.parametrize("meanwhile", ["another password", "suspended"])
def test_a_password_that_was_changed_while_it_was_weighed_opens_no_session(
    app: Flask, noor: User, session: Session, clock: time_machine.Traveller, meanwhile: str
) -> None:
    proved = noor.password_hash
    session.info["unrecorded"] = True
    if meanwhile == "suspended":
        noor.suspended_at = NOW
    else:
        noor.password_hash = "another"
    session.commit()

    with app.test_request_context(), pytest.raises(Conflict):
        begin(noor.id, proved)

    assert session.scalar(select(func.count(LoginSession.id))) == 0
