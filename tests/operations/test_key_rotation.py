"""SECRET_KEY is replaced while people work: what the old key signed holds as long as it is kept, and no longer."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.factory import create_app
from app.models import db
from app.services.accounts import hash_password
from app.settings import Settings, from_environment
from tests.conftest import Database, Visitor, settings
from tests.factories import UserFactory

OLD, NEW, OTHER = (letter * 4 + "0123456789abcdef0123456789abcdef" for letter in "onx")


@pytest.fixture
def with_keys(database: Database, tmp_path: Path) -> Iterator[Callable[..., Flask]]:
    """The same application on the same database, with these keys."""
    apps: list[Flask] = []

    def made(key: str, *fallbacks: str) -> Flask:
        told = settings(database.url, tmp_path)
        app = create_app(replace(told, secret_key=key, secret_key_fallbacks=fallbacks))
        app.testing, app.test_client_class = True, Visitor
        apps.append(app)
        return app

    yield made
    for app in apps:
        with app.app_context():
            db.engine.dispose()


def moved(visitor: FlaskClient, app: Flask) -> FlaskClient:
    """The same browser, at the application as it is after a restart."""
    there = app.test_client()
    cookie = visitor.get_cookie("session")
    assert cookie is not None
    there.set_cookie("session", cookie.value)
    return there


@pytest.fixture
def signed_in(with_keys: Callable[..., Flask], session: Session, clock: object) -> FlaskClient:
    UserFactory(email="noor@doemee.example", password_hash=hash_password("een lange zin met kip"))
    visitor = with_keys(OLD).test_client()
    answer = visitor.send("/login", {"email": "noor@doemee.example", "password": "een lange zin met kip"})  # type: ignore[attr-defined]
    assert answer.status_code == 302
    assert visitor.get("/admin/").status_code == 200
    return visitor


def test_who_was_signed_in_stays_so_while_the_old_key_is_kept(
    signed_in: FlaskClient, with_keys: Callable[..., Flask]
) -> None:
    after = moved(signed_in, with_keys(NEW, OTHER, OLD))

    assert after.get("/admin/").status_code == 200


def test_a_key_that_was_dropped_opens_nothing(signed_in: FlaskClient, with_keys: Callable[..., Flask]) -> None:
    for app in (with_keys(NEW), with_keys(NEW, OTHER)):
        answer = moved(signed_in, app).get("/admin/")
        assert (answer.status_code, answer.location.partition("?")[0]) == (302, "/login")


def test_a_form_that_stood_open_while_the_key_changed_is_taken(
    signed_in: FlaskClient, with_keys: Callable[..., Flask]
) -> None:
    token = signed_in.csrf_token()  # type: ignore[attr-defined]

    assert moved(signed_in, with_keys(NEW)).post("/logout", data={"csrf_token": token}).status_code == 400
    assert moved(signed_in, with_keys(NEW, OLD)).post("/logout", data={"csrf_token": token}).status_code == 302


def test_what_is_signed_from_now_on_is_signed_with_the_new_key(
    signed_in: FlaskClient, with_keys: Callable[..., Flask]
) -> None:
    between = moved(signed_in, with_keys(NEW, OLD))
    fresh = with_keys(NEW, OLD).test_client()
    fresh.get("/login")

    for visitor in (between, fresh):
        visitor.send("/login", {"email": "noor@doemee.example", "password": "een lange zin met kip"})  # type: ignore[attr-defined]
        assert visitor.get("/admin/").status_code == 200

    assert moved(fresh, with_keys(NEW)).get("/admin/").status_code == 200
    assert moved(fresh, with_keys(OLD)).get("/admin/").status_code == 302


@pytest.mark.parametrize(
    ("text", "keys"), [("", ()), (" , ", ()), ("een", ("een",)), ("een, twee,", ("een", "twee")), ("a,b", ("a", "b"))]
)
def test_the_setting_is_a_list_with_commas(monkeypatch: pytest.MonkeyPatch, text: str, keys: tuple[str, ...]) -> None:
    monkeypatch.setenv("APP_ENV", "demo")
    monkeypatch.setenv("SECRET_KEY_FALLBACKS", text)

    read: Settings = from_environment(None)

    assert read.secret_key_fallbacks == keys
