"""/healthz and /readyz: the truth, in words, for whoever watches; and nothing for anybody else."""

from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, text
from sqlalchemy.orm import Session

import jobs
from app.factory import create_app
from app.models import JobRun, Mail, MailState, RunState, User, db
from jobs.runner import seconds_of
from tests.conftest import settings
from tests.factories import NOW, JobRunFactory, UserFactory

ALIVE = timedelta(seconds=1)


def heard_of(session: Session, name: str, ago: timedelta = ALIVE, **more: object) -> JobRun:
    at = NOW - ago
    facts: dict[str, object] = {"job": name, "slot": at, "started_at": at, "finished_at": at, "state": RunState.DONE}
    return JobRunFactory(**facts | more)


def all_alive(session: Session, but: str = "") -> None:
    for job in jobs.TIMETABLE:
        if job.name != but:
            heard_of(session, job.name)


def reasons(client: FlaskClient) -> list[str]:
    answer = client.get("/readyz")
    assert answer.status_code == (503 if answer.json.get("reasons") else 200)
    return list(answer.json.get("reasons", []))


def test_the_process_is_up_whatever_the_database_does(tmp_path: Path) -> None:
    away = create_app(settings("postgresql://nobody@127.0.0.1:1/nothing", tmp_path))

    answer = away.test_client().get("/healthz")

    assert (answer.status_code, answer.json) == (200, {"status": "ok"})


def test_being_asked_costs_no_statement_and_no_cookie_even_with_a_cookie(
    app: Flask, session: Session, client: FlaskClient, sign_in: object
) -> None:
    visitor = sign_in(UserFactory())  # type: ignore[operator]
    session.commit()
    said: list[str] = []

    def note(*told: object) -> None:
        said.append(str(told[2]))

    event.listen(db.engine, "before_cursor_execute", note)
    for who in (client, visitor):
        answer = who.get("/healthz")
        assert answer.status_code == 200
        assert "Set-Cookie" not in answer.headers
        assert answer.headers["Cache-Control"] == "no-store"
    event.remove(db.engine, "before_cursor_execute", note)

    assert said == []


def test_it_is_ready_when_all_jobs_are_heard_of_and_no_mail_waits(session: Session, client: FlaskClient) -> None:
    all_alive(session)

    answer = client.get("/readyz")

    assert (answer.status_code, answer.json) == (200, {"status": "ready"})
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("name", [job.name for job in jobs.TIMETABLE])
def test_a_job_that_never_ran_is_named(session: Session, client: FlaskClient, name: str) -> None:
    all_alive(session, but=name)

    assert reasons(client) == [f"The job {name} never ran. Is `python -m jobs` running?"]


@pytest.mark.parametrize("name", [job.name for job in jobs.TIMETABLE])
def test_three_slots_may_pass_in_silence_and_not_a_second_more(
    app: Flask, session: Session, client: FlaskClient, name: str
) -> None:
    every = seconds_of(next(job for job in jobs.TIMETABLE if job.name == name))
    allowed = timedelta(seconds=max(3 * every, 120))
    all_alive(session, but=name)

    run = heard_of(session, name, ago=allowed - timedelta(seconds=10))
    assert reasons(client) == []

    run.slot = run.started_at = run.finished_at = NOW - allowed - timedelta(seconds=1)
    [told] = reasons(client)
    assert told.startswith(f"The job {name} is silent for ")


def test_a_job_that_fails_is_alive_and_one_that_runs_too(session: Session, client: FlaskClient) -> None:
    all_alive(session, but="send-mail")
    run = heard_of(session, "send-mail", state=RunState.FAILED)
    assert reasons(client) == []

    run.state, run.finished_at = RunState.RUNNING, None
    run.slot = run.started_at = NOW - timedelta(minutes=50)
    assert reasons(client) == []

    run.slot = run.started_at = NOW - timedelta(minutes=61)
    assert reasons(client) == ["The job send-mail began 1 hour ago and did not finish."]


def test_mail_may_wait_half_an_hour(session: Session, client: FlaskClient) -> None:
    all_alive(session)
    user: User = UserFactory(email="geheim@doemee.example")
    waiting = [
        Mail(message_id=f"<{n}@x>", user=user, state=state, not_before=NOW, created_at=NOW - timedelta(minutes=ago))
        for n, (state, ago) in enumerate([(MailState.WAITING, 29), (MailState.SENT, 600), (MailState.FAILED, 600)])
    ]
    session.add_all(waiting)
    assert reasons(client) == []

    waiting[0].created_at = NOW - timedelta(minutes=45)
    [told] = reasons(client)
    assert told.startswith("1 mail waits to be sent, the oldest for 45 minutes.")
    assert "geheim" not in told


def test_tables_of_an_older_version_are_not_ready_and_those_of_a_newer_one_are(
    app: Flask, session: Session, client: FlaskClient
) -> None:
    all_alive(session)
    [(head,)] = session.execute(text("select version_num from alembic_version")).all()
    try:
        session.execute(text("update alembic_version set version_num = '0001'"))
        assert reasons(client) == ["The tables are older than this version. Run `flask --app wsgi db upgrade`."]
        session.execute(text("update alembic_version set version_num = '9999'"))
        assert reasons(client) == []
    finally:
        session.rollback()
        session.execute(text("update alembic_version set version_num = :head"), {"head": head})
        session.commit()


@pytest.mark.parametrize("url", ["postgresql://doemee:geheim@127.0.0.1:1/nothing", "sqlite:////nergens/geheim.sqlite"])
def test_a_database_that_is_away_is_told_without_its_address(tmp_path: Path, url: str) -> None:
    answer = create_app(settings(url, tmp_path)).test_client().get("/readyz")

    assert (answer.status_code, answer.json["reasons"]) == (503, ["The database does not answer."])
    assert "geheim" not in answer.text


def test_a_host_that_is_not_ours_is_refused_here_too(client: FlaskClient) -> None:
    assert client.get("/healthz", headers={"Host": "elders.example"}).status_code == 400
