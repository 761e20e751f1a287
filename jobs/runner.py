"""Run a job's slot once, whoever is alive: inserting the unique (job, slot) row is the claim."""

import logging
from datetime import UTC, datetime
from time import perf_counter

import structlog
from flask import Flask, current_app
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from structlog.contextvars import bound_contextvars

from app.domain.clock import now_utc
from app.models import JobRun, RunState, connection, db
from jobs import Job, stopping

log = structlog.get_logger()


def seconds_of(job: Job) -> int:
    return job.demo_seconds if current_app.extensions["settings"].demo else job.every_seconds


def slot_at(instant: datetime, every_seconds: int) -> datetime:
    """The start of the slot that `instant` falls in."""
    return datetime.fromtimestamp(int(instant.timestamp()) // every_seconds * every_seconds, UTC)


def run_slot(app: Flask, job: Job) -> bool:
    """Run the present slot of this job, unless somebody did. Returns whether it was ours."""
    if stopping.asked():
        return False
    with app.app_context(), bound_contextvars(job=job.name):
        run_id = claim(job)
        if run_id is None:
            return False
        began = perf_counter()
        counts: dict[str, int] = {}
        error = ""
        try:
            counts = job.run()
        except Exception as trouble:
            # The last net: whatever it was, the slot says so and the next one runs.
            error = f"{type(trouble).__name__}: {trouble}"
            log.exception("job failed")
        if error and stopping.asked():
            release(run_id)
        else:
            finish(run_id, counts, error)
        # Most slots find nothing to do, and nobody wants to read that every ten seconds.
        level = logging.INFO if error or any(counts.values()) else logging.DEBUG
        log.log(level, "job", **counts, failed_run=bool(error), duration_ms=round((perf_counter() - began) * 1000))
        return True


def claim(job: Job) -> int | None:
    """Insert the row of the present slot, by the database's clock; None when it is there already."""
    connection.begin_write(db.session)
    slot = slot_at(database_time(), seconds_of(job))
    held = select(JobRun.id).where(JobRun.job == job.name, JobRun.slot == slot)
    if db.session.scalar(held) is not None:
        db.session.rollback()
        return None
    run = JobRun(job=job.name, slot=slot, started_at=now_utc(), state=RunState.RUNNING)
    db.session.add(run)
    try:
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
        return None
    return run.id


def finish(run_id: int, counts: dict[str, int], error: str) -> None:
    with connection.writing(db.session):
        run = db.session.get_one(JobRun, run_id)
        run.state = RunState.FAILED if error else RunState.DONE
        run.finished_at, run.counts, run.error = now_utc(), counts, error[:2000]


def release(run_id: int) -> None:
    """A stop broke this off: whoever starts next may take the slot again, a daily one too."""
    with connection.writing(db.session):
        db.session.delete(db.session.get_one(JobRun, run_id))


def database_time() -> datetime:
    """The time of the one clock all hosts share. SQLite is on this host, so ours will do."""
    if db.engine.dialect.name == "sqlite":
        return now_utc()
    return db.session.scalar(select(func.clock_timestamp()))
