"""What is weak is told, a line each; production starts on no error, and warns of the rest."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from app import checks
from app.demo.accounts import PASSWORD
from app.models import Mandate, MandateRole
from app.services.accounts import hash_password
from app.settings import ROOT, Settings, SettingsError, from_environment, refuse_weak
from app.weakness import REQUIRED, of_settings
from tests.factories import NOW, MandateFactory, UserFactory
from tests.jobs import elsewhere

GOOD_KEY = "8f14e45fceea167a5a36dedd4bea2543c81e728d9d4c2f636f067f89cc14862c"
GOOD = {
    "APP_ENV": "production",
    "SECRET_KEY": GOOD_KEY,
    "DATABASE_URL": "postgresql://doemee:x@localhost/doemee",
    "BASE_URL": "https://doemee.stad.be",
    "SMTP_URL": "smtps://doemee:x@mail.stad.be:465",
    "MAIL_FROM": "Doemee <noreply@stad.be>",
    "UIT_BASE_URL": "https://search.stad.be",
    "UIT_ENTRY_URL": "https://io.stad.be",
    "UIT_CLIENT_ID": "abc-123",
    "CONTACT_EMAIL": "help@stad.be",
    "PROXY_COUNT": "1",
}


@pytest.fixture(autouse=True)
def _nothing_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for line in (ROOT / ".env.example").read_text("utf-8").splitlines():
        monkeypatch.delenv(line.partition("=")[0], raising=False)
    monkeypatch.delenv("FLASK_DEBUG", raising=False)


def read(monkeypatch: pytest.MonkeyPatch, **changed: str) -> Settings:
    """Production's settings, with these changed, whether or not it would start on them."""
    for name, value in (GOOD | changed).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("app.settings.refuse_weak", lambda settings: None)
    return from_environment(None)


def test_good_settings_have_nothing_to_tell(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = read(monkeypatch)

    assert of_settings(settings) == []
    refuse_weak(settings)


@pytest.mark.parametrize("name", REQUIRED)
def test_a_setting_that_is_missing_is_named_once(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    found = of_settings(read(monkeypatch, **{name.upper(): ""}))

    assert [(finding.level, finding.about, finding.what) for finding in found] == [
        ("error", name.upper(), "is missing.")
    ]


def test_all_that_is_missing_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("APP_ENV", "production")

    with pytest.raises(SettingsError) as refused:
        from_environment(None)

    for name in REQUIRED:
        assert f"- {name.upper()}: is missing." in refused.value.message


@pytest.mark.parametrize(
    ("name", "value", "level"),
    [
        ("SECRET_KEY", "demo-only-and-no-secret-at-all", "error"),
        ("SECRET_KEY", GOOD_KEY[:31], "error"),
        ("SECRET_KEY", GOOD_KEY[:32], None),
        ("SECRET_KEY", "a" * 64, "error"),
        ("SECRET_KEY", "123456789" * 5, "error"),
        ("SECRET_KEY", "1234567890" * 5, "error"),
        ("SECRET_KEY", "change-me-please-change-me-please", "error"),
        ("SECRET_KEY", "demo-only-and-no-secret-at-all-demo-only", "error"),
        ("SECRET_KEY", "12345678901357924680864297531", "error"),
        ("SECRET_KEY", "1234567890135792468086429753101", "error"),
        ("SECRET_KEY", "12345678901357924680864297531012", None),
        ("SECRET_KEY_FALLBACKS", "kort", "error"),
        ("SECRET_KEY_FALLBACKS", "demo-only-and-no-secret-at-all", "error"),
        ("SECRET_KEY_FALLBACKS", GOOD_KEY, "warning"),
        ("SECRET_KEY_FALLBACKS", GOOD_KEY[::-1], None),
        ("BASE_URL", "http://doemee.stad.be", "error"),
        ("BASE_URL", "http://localhost", "error"),
        ("BASE_URL", "doemee.stad.be", "error"),
        ("BASE_URL", "https://", "error"),
        ("BASE_URL", "https://doemee.stad.be/map", "error"),
        ("BASE_URL", "https://u:p@doemee.stad.be", "error"),
        ("BASE_URL", "https://doemee.stad.be:99999", "error"),
        ("BASE_URL", "https://doemee.stad.be/", None),
        ("BASE_URL", "https://doemee.stad.be:8443", None),
        ("BASE_URL", "https://localhost", "warning"),
        ("BASE_URL", "https://doemee.town.be", "warning"),
        ("DATABASE_URL", "sqlite:////srv/doemee.sqlite", "warning"),
        ("DATABASE_URL", "mysql://x@localhost/doemee", "error"),
        ("DATABASE_URL", "postgresql://x:y@db.stad.be/doemee", "warning"),
        ("DATABASE_URL", "postgresql://x:y@db.stad.be/doemee?sslmode=verify-full", None),
        ("DATABASE_URL", "postgresql://x:y@db.stad.be/doemee?sslmode=disable", "warning"),
        ("DATABASE_URL", "postgresql://x:y@db.stad.be/doemee?sslmode=prefer", "warning"),
        ("DATABASE_URL", "postgresql://x:y@db.stad.be/doemee?application_name=sslmode=require", "warning"),
        ("DATABASE_URL", "postgresql:///doemee?host=db.stad.be", "warning"),
        ("DATABASE_URL", "postgresql:///doemee?host=/var/run/postgresql", None),
        ("DATABASE_URL", "postgresql:///doemee", None),
        ("SMTP_URL", "mail.stad.be", "error"),
        ("SMTP_URL", "http://mail.stad.be", "error"),
        ("SMTP_URL", "smtp://mail.stad.be:poort", "error"),
        ("SMTP_URL", "smtp://mail.stad.be:587", None),  # insists on STARTTLS by itself, see jobs/post.py
        ("MAIL_FROM", "Doemee", "error"),
        ("MAIL_FROM", "Doemee <noreply>", "error"),
        ("MAIL_FROM", "Doemee <noreply@doemee.example>", "error"),
        ("MAIL_FROM", "noreply@stad.be", None),
        ("CONTACT_EMAIL", "help@doemee.example", "error"),
        ("UIT_BASE_URL", "http://search.stad.be", "warning"),
        ("UIT_ENTRY_URL", "ergens", "error"),
        ("UIT_CLIENT_ID", "demo", "warning"),
        ("UIT_PAGE_SIZE", "0", "error"),
        ("UIT_PAGE_SIZE", "2001", "error"),
        ("UIT_PAGE_SIZE", "2000", None),
        ("UIT_REQUESTS_PER_SECOND", "0", "warning"),
        ("SESSION_HOURS", "0", "error"),
        ("SESSION_HOURS", "12", None),
        ("SESSION_HOURS", "13", "error"),
        ("SESSION_IDLE_MINUTES", "4", "error"),
        ("SESSION_IDLE_MINUTES", "60", None),
        ("SESSION_IDLE_MINUTES", "61", "error"),
        ("PROXY_COUNT", "-1", "error"),
        ("PROXY_COUNT", "0", "warning"),
        ("PROXY_COUNT", "3", None),
        ("PROXY_COUNT", "4", "warning"),
        ("UIT_CLIENT_ID", "YOUR-CLIENT-ID", "warning"),
        ("SMTP_URL", "smtp://USER:PASSWORD@mail.stad.be:587", "warning"),
    ],
)
def test_what_is_weak_is_told_and_what_is_fine_is_not(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, level: str | None
) -> None:
    settings = read(monkeypatch, **{name: value})

    found = of_settings(settings)

    assert [(finding.level, finding.about) for finding in found] == ([(level, name)] if level else [])
    assert all(finding.todo.endswith((".", "))'")) or "https://" in finding.todo for finding in found)
    if level == "error":
        with pytest.raises(SettingsError, match=name):
            refuse_weak(settings)
    else:
        refuse_weak(settings)


@pytest.mark.parametrize(
    ("name", "value"), [("PROXY_COUNT", "een"), ("SESSION_HOURS", "1.5"), ("DEMO_STILL", "misschien")]
)
def test_a_setting_that_cannot_be_read_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        read(monkeypatch, **{name: value})


def test_no_finding_tells_a_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    hidden = "GEHEIM"
    told = of_settings(
        read(
            monkeypatch,
            SECRET_KEY=hidden,
            SECRET_KEY_FALLBACKS=hidden,
            DATABASE_URL=f"mysql://x:{hidden}@h/d",
            SMTP_URL=f"http://x:{hidden}@h",
            BASE_URL=f"http://x:{hidden}@h",
            MAIL_FROM=hidden,
        )
    )

    assert len(told) == 7  # the fallback is SECRET_KEY itself, too
    assert hidden not in "".join(map(str, told))


# --- the whole ---


@pytest.fixture
def production(app: Flask, session: Session) -> Iterator[Flask]:
    """The application of the tests, as if it were production with good settings."""
    before = app.extensions["settings"]
    good = {
        name.lower(): value for name, value in GOOD.items() if name not in ("APP_ENV", "PROXY_COUNT", "DATABASE_URL")
    }
    app.extensions["settings"] = replace(before, app_env="production", proxy_count=1, uit_requests_per_second=1, **good)
    yield app
    app.extensions["settings"] = before


@pytest.fixture
def check(production: Flask, session: Session, clock: object) -> Callable[..., Result]:
    return lambda *words: elsewhere(production, lambda: production.test_cli_runner().invoke(args=["check", *words]))


def administrator(password: str = f"{GOOD_KEY} met kip") -> None:
    user = UserFactory(email="wie@stad.be", password_hash=hash_password(password))
    MandateFactory(user=user, role=MandateRole.PLATFORM, municipality=None, organisation=None, network=None)


def refused(app: Flask) -> str:
    try:
        elsewhere(app, lambda: checks.refuse_unfit(app))
    except SettingsError as unfit:
        return unfit.message
    return ""


def test_a_good_production_only_hears_what_is_no_reason_to_stop(
    production: Flask, check: Callable[..., Result], session: Session
) -> None:
    administrator()

    result = check()

    assert result.exit_code == 0, result.output
    assert "error " not in result.output
    assert "errors: 0" in result.output
    assert "The job send-mail never ran" in result.output
    assert check("--strict").exit_code == 1
    assert refused(production) == ""


def test_machines_get_one_line(check: Callable[..., Result], session: Session) -> None:
    UserFactory(email="gent@doemee.example")
    session.commit()

    result = check("--json")

    told = json.loads(result.stdout)
    assert result.exit_code == 1
    assert told["errors"] == 1 == sum(finding["level"] == "error" for finding in told["findings"])
    assert told["warnings"] == len(told["findings"]) - 1
    assert set(told["findings"][0]) == {"level", "about", "what", "todo"}


@pytest.mark.parametrize("email", ["gent@doemee.example", "iemand@doemee.example"])
def test_people_of_the_demo_are_refused(
    production: Flask, check: Callable[..., Result], session: Session, email: str
) -> None:
    administrator()
    assert refused(production) == ""

    UserFactory(email=email)
    session.commit()

    assert "of the demo are here: 1." in refused(production)
    assert check().exit_code == 1


def test_an_administrator_with_the_password_of_the_demo_is_refused(production: Flask, session: Session) -> None:
    administrator(PASSWORD)
    session.commit()

    assert "A platform administrator has the demo's password" in refused(production)
    assert PASSWORD == checks.DEMO_PASSWORD


def test_nobody_to_administer_is_a_warning(production: Flask, check: Callable[..., Result], session: Session) -> None:
    administrator()
    mandate = session.query(Mandate).one()
    mandate.ended_at = NOW
    session.info["unrecorded"] = True
    session.commit()

    assert "Nobody administers the platform." in check().output
    assert refused(production) == ""


def test_older_tables_are_refused_and_newer_ones_are_not(
    production: Flask, check: Callable[..., Result], session: Session
) -> None:
    [(head,)] = session.execute(text("select version_num from alembic_version")).all()
    try:
        for version, words in (("0001", "are older than this version."), ("9999", "")):
            session.execute(text("update alembic_version set version_num = :version"), {"version": version})
            session.commit()
            assert (words in refused(production)) is True
            assert check().exit_code == (1 if words else 0)
            assert bool(refused(production)) is bool(words)
    finally:
        session.execute(text("update alembic_version set version_num = :version"), {"version": head})
        session.commit()


def test_debugging_is_refused(production: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLASK_DEBUG", "1")

    assert "FLASK_DEBUG" in refused(production)


def test_the_demo_is_told_what_production_would_say_and_starts(app: Flask, session: Session) -> None:
    result = elsewhere(app, lambda: app.test_cli_runner().invoke(args=["check"]))

    assert result.exit_code == 1
    assert result.output.startswith("This is the demo")
    assert "SECRET_KEY" in result.output
    assert refused(app) == ""


# --- real processes ---


def started(*command: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    known = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    return subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=known | environment, capture_output=True, text=True, timeout=60
    )


def sqlite(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'trial.sqlite'}"


@pytest.mark.skipif((ROOT / ".env").exists(), reason="the .env of this folder would fill in what is missing")
@pytest.mark.parametrize("command", [("-m", "flask", "--app", "wsgi", "check"), ("-m", "jobs"), ("-c", "import wsgi")])
def test_nothing_starts_on_weak_settings_and_says_so_without_a_trace_of_code(command: tuple[str, ...]) -> None:
    done = started(*command, APP_ENV="production", SECRET_KEY="kort")

    assert done.returncode == 1
    assert "SECRET_KEY: has fewer than 32 characters." in done.stderr
    assert "DATABASE_URL: is missing." in done.stderr
    if "-c" not in command:
        assert "Traceback" not in done.stderr


def test_the_server_and_the_jobs_refuse_a_database_without_tables_and_the_command_can_make_them(tmp_path: Path) -> None:
    environment = GOOD | {"DATABASE_URL": sqlite(tmp_path)}
    flask = ("-m", "flask", "--app", "wsgi")

    for command in (("-c", "import wsgi"), ("-m", "jobs")):
        done = started(*command, **environment)
        assert done.returncode == 1
        assert "tables: are not there. Run flask --app wsgi db upgrade." in done.stderr

    assert started(*flask, "check", **environment).returncode == 1
    assert started(*flask, "db", "upgrade", **environment).returncode == 0
    done = started(*flask, "check", **environment)
    assert (done.returncode, "errors: 0" in done.stdout) == (0, True), done.stdout + done.stderr
    assert started("-c", "import wsgi", **environment).returncode == 0
