"""The log: a line of JSON a request, with who by id and nothing that opens a door, names somebody or forges a line."""

import json
import logging
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import structlog
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from werkzeug.middleware.proxy_fix import ProxyFix

from app import logs
from app.models import db
from jobs import Job
from jobs.runner import run_slot
from tests.factories import UserFactory

Lines = Callable[[], list[dict[str, Any]]]


class Said:
    """All that went to stderr since the test began."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys, self._so_far = capsys, ""

    def getvalue(self) -> str:
        self._so_far += self._capsys.readouterr().err
        return self._so_far


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Iterator[Said]:
    """What is said, as production writes it."""
    logs.configure(as_json=True)
    yield Said(capsys)
    logs.configure(as_json=False)


@pytest.fixture
def lines(said: Said) -> Lines:
    return lambda: [json.loads(line) for line in said.getvalue().splitlines()]


@pytest.fixture
def behind_a_proxy(app: Flask) -> Iterator[FlaskClient]:
    told = app.wsgi_app.app if isinstance(app.wsgi_app, ProxyFix) else app.wsgi_app
    before, told.believe = told.believe, True
    yield app.test_client()
    told.believe = before


def get(client: FlaskClient, path: str, **options: Any) -> Any:
    return client.get(path, buffered=True, **options)


def test_a_request_is_one_line_with_its_facts(client: FlaskClient, lines: Lines) -> None:
    answer = get(client, "/?q=gitaar&town=44021")

    [line] = lines()
    assert line | {"duration_ms": 0, "timestamp": ""} == {
        "message": "request",
        "level": "info",
        "logger": "request",
        "timestamp": "",
        "request_id": answer.headers["X-Request-ID"],
        "method": "GET",
        "path": "/",
        "parameters": ["q", "town"],
        "endpoint": "public.index",
        "status": 200,
        "user": None,
        "duration_ms": 0,
    }
    assert line["duration_ms"] > 0
    assert line["timestamp"].endswith("Z")


def test_a_person_is_a_number(session: Session, sign_in: Callable[..., FlaskClient], said: Said, lines: Lines) -> None:
    user = UserFactory(name="Zeldzame Naam", email="zeldzaam@doemee.example")
    visitor = sign_in(user)

    get(visitor, "/admin/")

    assert lines()[-1]["user"] == user.id
    assert "eldzame" not in said.getvalue()
    assert "zeldzaam" not in said.getvalue()


def tokened(app: Flask) -> list[str]:
    return [rule.rule for rule in app.url_map.iter_rules() if "token" in rule.arguments]


def test_no_one_time_link_is_ever_in_it(app: Flask, client: FlaskClient, said: Said, lines: Lines) -> None:
    """Every route that carries a token, whoever adds one."""
    assert tokened(app)
    for rule in tokened(app):
        get(client, rule.replace("<token>", "GEHEIM-token_123"))
        client.post(rule.replace("<token>", "GEHEIM-token_123"), data={"password": "GEHEIM"}, buffered=True)

    assert len(lines()) >= 2 * len(tokened(app))
    assert "GEHEIM" not in said.getvalue()


def test_what_was_typed_in_the_address_or_the_form_is_not_in_it(client: FlaskClient, said: Said) -> None:
    get(client, "/?q=GEHEIM")
    data = {"email": "noor@doemee.example", "password": "GEHEIM-wachtwoord"}
    client.send("/login", data, buffered=True)  # type: ignore[attr-defined]
    get(client, "/login/noor@doemee.example")

    assert "GEHEIM" not in said.getvalue()
    assert "noor" not in said.getvalue()


@pytest.mark.parametrize(
    "path",
    [
        '/%0d%0a{"level":"info","message":"forged"}',
        "/%0aforged",
        "/%1b[31mred",
        "/%e2%80%a8forged",
        "/?%0aforged=1&%0d%0a=2",
        "/" + "x" * 3_000,
        "/%ff%fe",
    ],
)
def test_nobody_forges_a_line(client: FlaskClient, said: Said, lines: Lines, path: str) -> None:
    get(client, path, headers={"X-Request-ID": "forged", "User-Agent": "forged"})

    [line] = lines()
    assert line["message"] == "request"
    assert said.getvalue().isascii()
    assert len(said.getvalue()) < 1_200


def test_a_line_for_people_cannot_be_forged_either(client: FlaskClient, said: Said) -> None:
    logs.configure(as_json=False)

    get(client, "/nergens%0d%0a10:00:00 info forged%1b[31m")

    [line] = said.getvalue().splitlines()
    assert r"/nergens\r\n10:00:00 info forged\x1b[31m" in line


@pytest.mark.parametrize("given", ["abcdef12", "0af7651916cd43dd8448eb211c80319c", "Een-id.van_de.proxy"])
def test_the_id_of_our_own_proxy_is_kept(behind_a_proxy: FlaskClient, client: FlaskClient, given: str) -> None:
    assert get(behind_a_proxy, "/healthz", headers={"X-Request-ID": given}).headers["X-Request-ID"] == given
    assert get(client, "/healthz").headers["X-Request-ID"] != given


@pytest.mark.parametrize(
    "given", ["", "short", "x" * 65, "with space here", "<script>alert(1)", "été-été-été", "a;b;c;d;e"]
)
def test_an_id_that_is_none_is_made_anew(behind_a_proxy: FlaskClient, client: FlaskClient, given: str) -> None:
    made = get(behind_a_proxy, "/healthz", headers={"X-Request-ID": given.encode().decode("latin-1")})

    assert made.headers["X-Request-ID"] != given
    assert len(made.headers["X-Request-ID"]) == 32


def test_without_a_proxy_of_ours_nobody_chooses_the_id(client: FlaskClient) -> None:
    given = "chosen-by-a-stranger"

    first, second = (get(client, "/healthz", headers={"X-Request-ID": given}).headers["X-Request-ID"] for _ in "12")

    assert given not in (first, second)
    assert first != second


def test_an_error_has_the_id_of_its_request_and_its_trace_but_no_values(
    app: Flask, client: FlaskClient, session: Session, said: Said, lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    UserFactory(email="dubbel@doemee.example")

    def broken(**_: object) -> str:
        row = {"email": "dubbel@doemee.example", "name": "Zeldzame Naam", "hash": "argon2-GEHEIM"}
        columns = ", ".join(("email", "name", "password_hash", "created_at", "row_version"))
        statement = f"insert into \"user\" ({columns}) values (:email, :name, :hash, '2026-01-01', 1)"
        db.session.execute(text(statement), row)
        return ""

    monkeypatch.setitem(app.view_functions, "public.index", broken)
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    answer = get(client, "/")

    assert answer.status_code == 500
    assert {line["request_id"] for line in lines()} == {answer.headers["X-Request-ID"]}
    assert any(IntegrityError.__name__ in line.get("exception", "") for line in lines())
    for secret in ("GEHEIM", "Zeldzame", "dubbel@"):
        assert secret not in said.getvalue()


def test_health_that_is_well_is_not_worth_a_line_and_trouble_is(client: FlaskClient, lines: Lines) -> None:
    get(client, "/healthz")
    get(client, "/readyz")

    assert [(line["path"], line["status"]) for line in lines()] == [("/readyz", 503)]


def test_other_libraries_speak_through_the_same_pipe(lines: Lines) -> None:
    logging.getLogger("sqlalchemy.pool").warning("of %s and mailto:noor@doemee.example", "postgresql://u:GEHEIM@host/x")
    logging.getLogger("apscheduler.scheduler").info("not worth a line")
    structlog.get_logger("jobs.mail").info("sent", mail=3, where={"url": "smtp://a:GEHEIM@mail", "to": ["n@b.be"]})

    first, second = lines()
    assert (first["logger"], first["level"]) == ("sqlalchemy.pool", "warning")
    assert first["message"] == "of postgresql://u:***@host/x and mailto:***@***"
    assert second["where"] == {"url": "smtp://a:***@mail", "to": ["***@***"]}


def test_a_job_says_its_name_its_counts_and_how_long(app: Flask, session: Session, lines: Lines) -> None:
    def work() -> dict[str, int]:
        structlog.get_logger("jobs.mail").warning("halfway")
        return {"sent": 2}

    session.commit()
    run_slot(app, Job("voorbeeld", work, every_seconds=86_400, demo_seconds=86_400))

    halfway, done = lines()
    assert (halfway["job"], halfway["message"]) == ("voorbeeld", "halfway")
    assert (done["job"], done["sent"], done["failed_run"]) == ("voorbeeld", 2, False)
    assert done["duration_ms"] >= 0


def test_a_command_says_its_name_on_stderr_only(app: Flask, session: Session) -> None:
    @app.cli.command("say-something")
    def say_something() -> None:
        structlog.get_logger("app.commands").warning("something")
        print("counts")  # noqa: T201 -- what a command says itself

    try:
        result = app.test_cli_runner().invoke(args=["say-something"])
    finally:
        del app.cli.commands["say-something"]

    assert result.stdout == "counts\n"
    assert "command=say-something" in result.stderr


def test_many_applications_have_one_handler() -> None:
    with warnings.catch_warnings():
        logs.configure(as_json=False)
        logs.configure(as_json=False)

    assert len([handler for handler in logging.root.handlers if isinstance(handler, logs.Terminal)]) == 1
