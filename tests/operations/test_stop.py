"""Stopping: real processes, real signals. What was begun is finished, nothing new begins, within 20 seconds."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.request import Request, urlopen

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import Unavailable
from app.models import JobRun, Mail, MailState, RunState
from app.settings import ROOT
from jobs import Job, stopping
from jobs.runner import run_slot
from tests.conftest import Database
from tests.factories import NOW, UserFactory

START_SECONDS, STOP_SECONDS = 40, 20
DAY = 86_400


@pytest.fixture(autouse=True)
def _nobody_asked() -> Iterator[None]:
    yield
    stopping.forget()


class Running:
    """A process of ours and what it says."""

    def __init__(self, command: list[str], environment: dict[str, str], log: Path, folder: Path = ROOT) -> None:
        self.log = log
        known = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
        with log.open("wb") as words:
            self.process = subprocess.Popen(
                command, cwd=folder, env=known | environment, stdout=words, stderr=words, start_new_session=True
            )

    def said(self) -> str:
        return self.log.read_text("utf-8", "replace")

    def until(self, done: Callable[[], bool], seconds: float = START_SECONDS) -> None:
        give_up_at = time.monotonic() + seconds
        while not done():
            assert self.process.poll() is None, self.said()
            assert time.monotonic() < give_up_at, self.said()
            time.sleep(0.05)

    def stop(self, number: signal.Signals = signal.SIGTERM) -> tuple[int, float]:
        """The status it ended with, and how many seconds that took."""
        began = time.monotonic()
        self.process.send_signal(number)
        return self.process.wait(STOP_SECONDS + 10), time.monotonic() - began


@contextmanager
def running(command: list[str], environment: dict[str, str], log: Path) -> Iterator[Running]:
    process = Running([sys.executable, "-m", *command], environment, log)
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.process.pid, signal.SIGKILL)
        process.process.wait()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as held:
        return int(held.getsockname()[1])


@pytest.fixture
def environment(database: Database, session: Session) -> dict[str, str]:
    """Production's settings, on the database of the tests; a UiT that refuses and a mailbox that nobody reads."""
    return {
        "APP_ENV": "production",
        "SECRET_KEY": "8f14e45fceea167a5a36dedd4bea2543c81e728d9d4c2f636f067f89cc14862c",
        "DATABASE_URL": database.url,
        "BASE_URL": "https://doemee.stad.be",
        "SMTP_URL": "smtp://127.0.0.1:1",
        "MAIL_FROM": "Doemee <noreply@stad.be>",
        "UIT_BASE_URL": "http://127.0.0.1:1",
        "UIT_ENTRY_URL": "http://127.0.0.1:1",
        "UIT_CLIENT_ID": "demo",
        "CONTACT_EMAIL": "help@stad.be",
        "PROXY_COUNT": "1",
    }


# --- the jobs, as a process ---


def waiting_mails(session: Session, count: int) -> None:
    for n in range(count):
        user = UserFactory(email=f"lezer{n}@stad.be", password_hash="x")
        session.add(
            Mail(
                message_id=f"<mail.{n}@stad.be>",
                kind="password_changed",
                user=user,
                state=MailState.WAITING,
                not_before=NOW,
                created_at=NOW,
            )
        )
    session.commit()


def states(session: Session) -> list[str]:
    session.rollback()
    return sorted(state.value for state in session.scalars(select(Mail.state)))


@contextmanager
def slow_mail_server(seconds: float) -> Iterator[tuple[int, list[float]]]:
    """Speaks as much SMTP as a client needs, and waits before it says that it took a message."""
    took: list[float] = []
    listener = socket.create_server(("127.0.0.1", 0))

    def serve(connection: socket.socket) -> None:
        with connection, connection.makefile("rb") as lines, suppress(OSError):
            connection.sendall(b"220 hier\r\n")
            for line in lines:
                if line.upper().startswith(b"DATA"):
                    connection.sendall(b"354 ga door\r\n")
                    while lines.readline() not in (b".\r\n", b""):
                        pass
                    time.sleep(seconds)
                    took.append(time.monotonic())
                connection.sendall(b"250 goed\r\n")

    def accept() -> None:
        with suppress(OSError):
            while True:
                threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield listener.getsockname()[1], took
    finally:
        listener.close()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_jobs_finish_the_mail_in_hand_and_begin_no_other(
    environment: dict[str, str], session: Session, tmp_path: Path, number: signal.Signals
) -> None:
    waiting_mails(session, 5)
    with slow_mail_server(seconds=2) as (port, took):
        # An address of this machine, so that no TLS is asked of this server.
        told = environment | {"SMTP_URL": f"smtp://127.0.0.1:{port}"}
        with running(["jobs"], told, tmp_path / "log") as jobs:
            jobs.until(lambda: len(took) == 1)
            time.sleep(0.7)  # the second one is under way
            status, seconds = jobs.stop(number)
            said = jobs.said()

    assert status == 0, said
    assert seconds < STOP_SECONDS
    assert len(took) == 2, said
    assert states(session) == ["sent", "sent", "waiting", "waiting", "waiting"]
    lines = [json.loads(line) for line in said.splitlines()]
    assert [line["message"] for line in lines if line["logger"] == "jobs"] == [
        "jobs started",
        "jobs stop",
        "jobs stopped",
    ]
    assert {line["job"] for line in lines if "sent" in line} == {"send-mail"}
    assert "lezer" not in said


def test_an_item_that_takes_too_long_is_cut_short_within_twenty_seconds(
    environment: dict[str, str], session: Session, tmp_path: Path
) -> None:
    waiting_mails(session, 1)
    with slow_mail_server(seconds=60) as (port, _took):
        told = environment | {"SMTP_URL": f"smtp://127.0.0.1:{port}"}
        with running(["jobs"], told, tmp_path / "log") as jobs:
            jobs.until(lambda: "jobs started" in jobs.said())
            time.sleep(2)
            status, seconds = jobs.stop()
            said = jobs.said()

    assert (status, seconds < STOP_SECONDS) == (1, True), said
    assert "jobs cut short" in said
    assert states(session) == ["waiting"]


# --- the jobs, one by one ---


def test_nothing_begins_after_somebody_asked_to_stop(app: Flask, session: Session) -> None:
    ran: list[str] = []
    stopping.ask()
    session.commit()

    assert run_slot(app, Job("laat", lambda: ran.append("laat") or {}, DAY, DAY)) is False

    assert ran == []
    assert not session.scalars(select(JobRun)).all()


def test_a_slot_that_a_stop_broke_off_is_free_again_and_one_that_failed_is_not(app: Flask, session: Session) -> None:
    def broken_off() -> dict[str, int]:
        stopping.ask()
        raise Unavailable("Gestopt.")

    def fails() -> dict[str, int]:
        raise Unavailable("Weg.")

    session.commit()
    run_slot(app, Job("dagelijks", broken_off, DAY, DAY))
    stopping.forget()
    run_slot(app, Job("kapot", fails, DAY, DAY))

    session.rollback()
    assert [(run.job, run.state) for run in session.scalars(select(JobRun))] == [("kapot", RunState.FAILED)]
    assert run_slot(app, Job("dagelijks", lambda: {"n": 1}, DAY, DAY)) is True
    assert run_slot(app, Job("kapot", lambda: {"n": 1}, DAY, DAY)) is False


def test_a_sync_ends_after_the_page_in_hand() -> None:
    class Source:
        key = "bron"

        def changes(self, since: object) -> Iterator[int]:
            yield from range(5)

    pages, seen = stopping.Pages(Source()), []

    def read() -> None:
        for page in pages.changes(None):
            seen.append(page)
            if page == 1:
                stopping.ask()

    with pytest.raises(Unavailable, match="Gestopt"):
        read()

    assert (seen, pages.key) == ([0, 1], "bron")
    stopping.forget()
    assert list(pages.changes(None)) == [0, 1, 2, 3, 4]


# --- the web ---


SLOW = """
import time
import wsgi

@wsgi.app.get("/langzaam")
def slow():
    time.sleep(3)
    return "klaar"

app = wsgi.app
"""


def test_the_web_finishes_the_request_in_hand_takes_no_other_and_writes_one_line_each(
    environment: dict[str, str], tmp_path: Path
) -> None:
    port = free_port()
    (tmp_path / "slow_wsgi.py").write_text(SLOW)
    told = environment | {"WEB_BIND": f"127.0.0.1:{port}", "PYTHONPATH": f"{tmp_path}:{ROOT}"}
    command = ["gunicorn", "-c", "deploy/gunicorn.conf.py", "slow_wsgi:app"]
    with running(command, told, tmp_path / "log") as web:
        web.until(lambda: answers(port, "/healthz") == "200")
        got: list[str] = []
        visitor = threading.Thread(target=lambda: got.append(answers(port, "/langzaam")))
        visitor.start()
        time.sleep(1)
        status, seconds = web.stop()
        visitor.join()
        said = web.said()

    assert got == ["200"], said
    assert status == 0
    assert 1 < seconds < STOP_SECONDS
    assert answers(port, "/healthz") == "refused"
    lines = [json.loads(line) for line in said.splitlines()]
    asked = [line for line in lines if line["message"] == "request"]
    assert [(line["path"], line["status"]) for line in asked] == [("/langzaam", 200)]
    assert {line["logger"] for line in lines} >= {"request", "gunicorn.error"}


def answers(port: int, path: str) -> str:
    request = Request(
        f"http://127.0.0.1:{port}{path}", headers={"Host": "doemee.stad.be", "X-Forwarded-Proto": "https"}
    )
    try:
        with urlopen(request, timeout=30) as answer:
            return str(answer.status)
    except OSError:
        return "refused"
