"""A slot of a job runs once, whoever is alive, and leaves a record however it ended."""

from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.models import JobRun, LoginSession, RunState, db
from app.services import throttle
from jobs import TIMETABLE, Job, tidy
from jobs.runner import run_slot, slot_at
from tests.factories import NOW, JobRunFactory, LoginSessionFactory, PasswordResetFactory
from tests.jobs import elsewhere

DAY = 24 * 3600


def job(name: str = "voorbeeld", seconds: int = DAY, fails: bool = False) -> tuple[Job, list[str]]:
    """A job that notes when it ran."""
    ran: list[str] = []

    def work() -> dict[str, int]:
        ran.append(name)
        if fails:
            raise RuntimeError("De bron is weg.")
        return {"done": len(ran)}

    return Job(name, work, every_seconds=seconds, demo_seconds=seconds), ran


def runs(session: Session) -> list[JobRun]:
    session.commit()
    return list(session.scalars(select(JobRun).order_by(JobRun.id)))


@pytest.mark.parametrize(
    ("instant", "start"),
    [
        (datetime(2026, 9, 15, 10, 0, 0, tzinfo=UTC), datetime(2026, 9, 15, 10, 0, 0, tzinfo=UTC)),
        (datetime(2026, 9, 15, 10, 14, 59, 999_999, tzinfo=UTC), datetime(2026, 9, 15, 10, 0, 0, tzinfo=UTC)),
        (datetime(2026, 9, 15, 10, 15, 0, tzinfo=UTC), datetime(2026, 9, 15, 10, 15, 0, tzinfo=UTC)),
        (datetime(2026, 10, 25, 2, 59, tzinfo=UTC), datetime(2026, 10, 25, 2, 45, tzinfo=UTC)),
    ],
)
def test_a_slot_begins_where_every_host_would_say(instant: datetime, start: datetime) -> None:
    assert slot_at(instant, 15 * 60) == start


def test_a_slot_runs_once_and_says_what_it_counted(app: Flask, session: Session) -> None:
    work, ran = job()

    assert elsewhere(app, lambda: run_slot(app, work)) is True
    assert elsewhere(app, lambda: run_slot(app, work)) is False

    assert ran == ["voorbeeld"]
    (record,) = runs(session)
    assert (record.state, record.counts, record.error) == (RunState.DONE, {"done": 1}, "")
    assert record.finished_at is not None
    assert record.finished_at >= record.started_at


def test_the_next_slot_runs_again(app: Flask, session: Session) -> None:
    work, ran = job(seconds=1)
    deadline = datetime.now(UTC) + timedelta(seconds=10)

    while len(ran) < 2 and datetime.now(UTC) < deadline:
        run_slot(app, work)

    assert len(ran) == len(runs(session)) == 2


def test_one_job_is_no_reason_for_another_to_wait(app: Flask, session: Session) -> None:
    first, second = job("een"), job("twee")

    assert run_slot(app, first[0])
    assert run_slot(app, second[0])


def test_of_two_at_the_same_moment_one_runs_it(app: Flask, session: Session) -> None:
    work, ran = job()
    session.commit()
    together, answers = Barrier(4), []

    def start() -> None:
        together.wait()
        answers.append(run_slot(app, work))

    threads = [Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(answers) == [False, False, False, True]
    assert ran == ["voorbeeld"]
    assert len(runs(session)) == 1


def test_a_job_that_raises_leaves_a_failed_run_and_the_next_slot_is_free(app: Flask, session: Session) -> None:
    broken, ran = job(fails=True, seconds=1)

    assert run_slot(app, broken) is True

    record = runs(session)[0]
    assert (record.state, record.error) == (RunState.FAILED, "RuntimeError: De bron is weg.")
    assert record.finished_at is not None
    deadline = datetime.now(UTC) + timedelta(seconds=10)
    while len(ran) < 2 and datetime.now(UTC) < deadline:
        run_slot(app, broken)
    assert len(ran) == 2


def test_an_endless_complaint_is_cut(app: Flask, session: Session) -> None:
    def work() -> dict[str, int]:
        raise RuntimeError("x" * 100_000)

    run_slot(app, Job("lang", work, every_seconds=DAY, demo_seconds=DAY))

    assert len(runs(session)[0].error) <= 2_000


def test_a_job_that_breaks_its_transaction_leaves_a_failed_run(app: Flask, session: Session) -> None:
    def work() -> dict[str, int]:
        db.session.execute(text("SELECT * FROM deze_tabel_is_er_niet"))
        return {}

    run_slot(app, Job("kapot", work, every_seconds=DAY, demo_seconds=DAY))

    assert runs(session)[0].state is RunState.FAILED


def test_every_job_of_the_timetable_has_a_name_of_its_own_and_a_rhythm() -> None:
    assert len({work.name for work in TIMETABLE}) == len(TIMETABLE)
    assert all(work.every_seconds > 0 and work.demo_seconds > 0 for work in TIMETABLE)


def test_tidying_takes_what_is_over_and_leaves_the_rest(app: Flask, session: Session, clock: object) -> None:
    LoginSessionFactory(ends_at=NOW - timedelta(seconds=1))
    LoginSessionFactory(ends_at=NOW + timedelta(hours=1))
    PasswordResetFactory(ends_at=NOW - timedelta(days=1))
    PasswordResetFactory()
    throttle.note(session, "oud", NOW - timedelta(days=1))
    throttle.note(session, "nieuw", NOW - timedelta(hours=23))
    JobRunFactory(slot=NOW - timedelta(days=15))
    JobRunFactory(slot=NOW - timedelta(days=13))

    assert elsewhere(app, tidy.run) == {"sessions": 1, "attempts": 1, "links": 1, "runs": 1}
    assert elsewhere(app, tidy.run) == dict.fromkeys(("sessions", "attempts", "links", "runs"), 0)

    assert len(session.scalars(select(LoginSession)).all()) == len(runs(session)) == 1
