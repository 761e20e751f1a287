"""The commands: what they print, what they leave behind, and the status they end with."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
import stamina
from click.testing import Result
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.demo.uit_server import create_uit_app
from app.demo.uit_world import DemoWorld
from app.domain.clock import now_utc
from app.models import (
    Activity,
    Change,
    IntakeRule,
    Mandate,
    Municipality,
    Network,
    PostalCode,
    Reason,
    Region,
    SourceRecord,
    SyncRun,
    Topic,
    User,
)
from app.models.reference import Goal, Level
from tests import smtp
from tests.admin_views import cast
from tests.factories import NOW, NoticeFactory, UserFactory, own_entry, platform
from tests.jobs import elsewhere
from tests.services.sources.uitdatabank.conftest import served
from tests.services.sources.uitdatabank.documents import event

Command = Callable[..., Result]
SOURCE_COUNTS = {"created", "changed", "unchanged", "gone", "failed"}


@pytest.fixture
def command(app: Flask, session: Session) -> Command:
    """`command("sync", "--json")`: as `flask --app wsgi sync --json`, in a context of its own."""

    def run(*words: str, **options: object) -> Result:
        return elsewhere(app, lambda: app.test_cli_runner().invoke(args=words, **options))

    return run


def last_line(result: Result) -> dict[str, int]:
    assert result.exit_code == 0, result.output
    return dict(json.loads(result.stdout.strip().splitlines()[-1]))


# --- load-reference ---


def test_loading_the_reference_data_again_changes_nothing(command: Command, session: Session) -> None:
    tables = (Region, Municipality, PostalCode, Network, Goal, Level, Topic, Reason, IntakeRule)

    def held() -> list[int | None]:
        return [session.scalar(select(func.count()).select_from(table)) for table in tables]

    before = held()

    first = last_line(command("load-reference", "--json"))

    assert held() == before
    assert (before[1], before[3]) == (304, 18)
    assert last_line(command("load-reference", "--json")) == first
    assert held() == before


# --- load-demo ---


def test_the_demo_is_refused_in_production(app: Flask, command: Command, session: Session) -> None:
    before = app.extensions["settings"]
    app.extensions["settings"] = replace(before, app_env="production")
    try:
        result = command("load-demo")
    finally:
        app.extensions["settings"] = before

    assert result.exit_code == 1
    assert "refused in production" in result.output
    assert not session.scalars(select(User)).all()


def test_the_demo_is_loaded_once(command: Command, session: Session) -> None:
    first = last_line(command("load-demo", "--json"))
    again = last_line(command("load-demo", "--json"))

    assert first["new"] > 0
    assert again["new"] == 0
    assert session.scalar(select(func.count()).select_from(Activity)) == first["activities"]


# --- sync ---


@pytest.fixture
def world() -> DemoWorld:
    return DemoWorld(
        [
            event("a1", labels=["één taalicoon"]),
            event("a2", labels=["twee taaliconen"], name={"nl": "Fietsen"}),
            event("a3"),
            event("kapot", name=42),
        ]
    )


@pytest.fixture
def uit(app: Flask, world: DemoWorld) -> Iterator[str]:
    before = app.extensions["settings"]
    with served(create_uit_app(world)) as address:
        app.extensions["settings"] = replace(before, uit_base_url=address, uit_entry_url=address)
        yield address
        app.extensions["settings"] = before


def test_a_sync_counts_source_records_in_one_line_for_machines(
    command: Command, uit: str, world: DemoWorld, session: Session
) -> None:
    first = last_line(command("sync", "--json"))

    assert set(first) == SOURCE_COUNTS
    assert (first["created"], first["failed"], first["changed"], first["gone"]) == (3, 1, 0, 0)
    assert sorted(session.scalars(select(Activity.title))) == ["Babbelcafé", "Fietsen"]

    world.put(world.get("a1") | {"name": {"nl": "Babbelen"}, "modified": "2026-11-21T10:00:00+00:00"})  # type: ignore[operator]
    world.delete("a2")
    second = last_line(command("sync", "uitdatabank", "--json"))

    assert (second["created"], second["changed"], second["gone"]) == (0, 1, 1)
    full = last_line(command("sync", "--full", "--json"))
    assert (full["created"], full["changed"], full["gone"]) == (0, 0, 0)
    assert full["unchanged"] >= 2


def test_a_sync_says_its_counts_in_words_too(command: Command, uit: str) -> None:
    result = command("sync")

    assert result.exit_code == 0
    assert "created: 3" in result.output


def test_a_sync_of_a_source_that_is_down_ends_with_status_1_and_says_why(
    app: Flask, command: Command, session: Session
) -> None:
    with stamina.set_testing(True, attempts=3, cap=True):
        result = command("sync", "--json")  # nothing listens at the address of the tests

    assert result.exit_code == 1
    counts = json.loads(result.stdout.strip().splitlines()[-1])
    assert set(counts) == SOURCE_COUNTS
    assert set(counts.values()) == {0}
    assert result.stderr.strip()
    record = session.scalars(select(SyncRun)).one()
    assert (record.state.value, bool(record.error)) == ("failed", True)
    assert "Traceback" not in result.output


def test_a_source_that_stops_halfway_keeps_what_it_gave(
    app: Flask, command: Command, session: Session, uit: str
) -> None:
    command("sync")
    held = session.scalar(select(func.count()).select_from(SourceRecord))
    app.extensions["settings"] = replace(app.extensions["settings"], uit_base_url="http://127.0.0.1:1")

    with stamina.set_testing(True, attempts=2, cap=True):
        assert command("sync").exit_code == 1

    assert session.scalar(select(func.count()).select_from(SourceRecord)) == held


def test_an_unknown_source_is_named_with_those_there_are(command: Command) -> None:
    result = command("sync", "nergens")

    assert result.exit_code == 1
    assert "uitdatabank" in result.output


# --- send-mail ---


def test_sending_counts_in_one_line_for_machines(command: Command, box: smtp.Mailbox) -> None:
    people = cast()
    NoticeFactory(activity=own_entry(people.bib), created_at=now_utc())

    assert last_line(command("send-mail", "--json")) == {"sent": 2, "failed": 0, "waiting": 0}
    assert last_line(command("send-mail", "--json")) == {"sent": 0, "failed": 0, "waiting": 0}
    assert len(box.received) == 2


def test_a_mail_that_fails_for_good_ends_with_status_1(command: Command, box: smtp.Mailbox) -> None:
    people = cast()
    NoticeFactory(activity=own_entry(people.bib), created_at=now_utc())
    box.refuse = {"gent@doemee.example": "550 Onbekend", "gent2@doemee.example": "550 Onbekend"}

    result = command("send-mail", "--json")

    assert result.exit_code == 1
    assert json.loads(result.stdout.strip().splitlines()[-1])["failed"] >= 1


# --- run-job ---


def test_a_job_is_run_by_its_name(command: Command, box: smtp.Mailbox) -> None:
    assert command("run-job", "send-mail").output.strip() == "sent: 0, failed: 0, waiting: 0"
    assert command("run-job", "tidy").exit_code == 0


def test_an_unknown_job_is_named_with_those_there_are(command: Command) -> None:
    result = command("run-job", "koffie")

    assert result.exit_code == 1
    assert "send-mail" in result.output
    assert "tidy" in result.output


# --- create-user ---


def test_a_new_account_gets_a_link_to_choose_a_password(
    app: Flask, command: Command, client: FlaskClient, session: Session
) -> None:
    result = command("create-user", "Nieuw@Doemee.Example", "Nieuwe Nele")

    assert result.exit_code == 0, result.output
    user = session.scalars(select(User)).one()
    assert (user.email, user.name, user.password_hash) == ("nieuw@doemee.example", "Nieuwe Nele", "")
    link = next(word for word in result.output.split() if word.startswith("http://localhost/"))
    assert client.get(link.removeprefix("http://localhost")).status_code == 200
    assert not session.scalars(select(Mandate)).all()


def test_the_first_platform_administrator_is_made_here(command: Command, session: Session) -> None:
    command("create-user", "wannes@doemee.example", "Wannes", "--platform")

    mandate = session.scalars(select(Mandate)).one()
    assert (mandate.role.value, mandate.user.email) == ("platform", "wannes@doemee.example")


@pytest.mark.parametrize("email", ["bestaat@doemee.example", "BESTAAT@doemee.example", "geen adres", ""])
def test_an_address_that_is_taken_or_none_is_refused_in_words(command: Command, session: Session, email: str) -> None:
    UserFactory(email="bestaat@doemee.example")

    result = command("create-user", email, "Iemand")

    assert result.exit_code == 1
    assert result.output.startswith("Error: ")
    assert "Traceback" not in result.output
    assert session.scalar(select(func.count()).select_from(User)) == 1


def test_a_suspended_account_is_out_at_once_until_it_is_let_in_again(
    command: Command, session: Session, sign_in: Callable[..., FlaskClient]
) -> None:
    user = platform(user=UserFactory(email="wannes@doemee.example"))
    visitor = sign_in(user)

    assert command("suspend-user", "Wannes@doemee.example").exit_code == 0
    assert visitor.get("/admin/").status_code == 302
    assert command("suspend-user", "wannes@doemee.example").exit_code == 1
    assert command("suspend-user", "wannes@doemee.example", "--lift").exit_code == 0
    assert sign_in(user).get("/admin/").status_code == 200
    assert command("suspend-user", "niemand@doemee.example").exit_code == 1
    assert [change.verb for change in session.scalars(select(Change).order_by(Change.id))] == ["suspend", "unsuspend"]


@pytest.mark.parametrize("name", ["load-reference", "load-demo", "sync", "send-mail", "run-job", "create-user"])
def test_every_command_explains_itself(command: Command, name: str) -> None:
    result = command(name, "--help")

    assert result.exit_code == 0
    assert len(result.output.splitlines()) > 4


# --- forget ---


def test_a_preview_names_the_accounts_and_forgets_nobody(command: Command, session: Session) -> None:
    gone = UserFactory(name="Hanne", last_seen_on=(NOW - timedelta(days=3 * 366)).date())
    session.commit()

    result = command("forget", "--preview")

    assert result.exit_code == 0, result.output
    assert "Account (24 maanden na de laatste aanmelding, zonder mandaat dat nog geldt): 1 anoniem" in result.output
    assert f"accounts {gone.id}\n" in result.output
    assert "Hanne" not in result.output
    assert (gone.name, gone.anonymised_at) == ("Hanne", None)


def test_what_a_preview_told_is_forgotten_and_the_job_then_finds_nothing(command: Command, session: Session) -> None:
    gone = UserFactory(name="Hanne", last_seen_on=(NOW - timedelta(days=3 * 366)).date())
    session.commit()

    result = command("forget")

    assert result.exit_code == 0, result.output
    assert "Account: 1\n" in result.output
    session.refresh(gone)
    assert gone.name == f"Vroegere gebruiker {gone.id}"
    assert "Account: 0" in command("run-job", "forget").output
