"""`python -m jobs`: the timetable in a process of its own. Start as many as you like, on as many hosts."""

import os
import signal
import sys
from datetime import UTC, datetime
from threading import Timer

import structlog
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger
from flask import Flask
from stamina.instrumentation import StructlogOnRetryHook, set_on_retry_hooks

from app import checks
from app.factory import create_app
from app.settings import SettingsError
from jobs import TIMETABLE, stopping
from jobs.runner import run_slot, seconds_of

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
STOP = {signal.SIGTERM, signal.SIGINT}
GRACE_SECONDS, DEMO_GRACE_SECONDS = 18, 8  # whoever started us waits 20, or 12
log = structlog.get_logger("jobs")


def main() -> None:
    app = create_app()
    checks.refuse_unfit(app)
    # Blocked, so that no thread is torn out of its work; this one waits for them.
    signal.pthread_sigmask(signal.SIG_BLOCK, STOP)
    set_on_retry_hooks([StructlogOnRetryHook, stopping.wait_for_no_retry])
    scheduler = timetable_of(app)
    scheduler.start()
    log.info("jobs started", jobs=[job.name for job in TIMETABLE])
    number = signal.sigwait(STOP)
    log.info("jobs stop", signal=signal.Signals(number).name)
    stopping.ask()
    grace = DEMO_GRACE_SECONDS if app.extensions["settings"].demo else GRACE_SECONDS
    give_up = Timer(grace, leave, (grace,))
    give_up.daemon = True
    give_up.start()
    scheduler.shutdown(wait=True)
    log.info("jobs stopped")


def timetable_of(app: Flask) -> BackgroundScheduler:
    scheduler = BackgroundScheduler(
        timezone=UTC,
        executors={"default": ThreadPoolExecutor(len(TIMETABLE))},
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
    )
    for job in TIMETABLE:
        with app.app_context():
            seconds = seconds_of(job)
        scheduler.add_job(
            run_slot,
            IntervalTrigger(seconds=seconds, start_date=EPOCH, timezone=UTC),
            args=(app, job),
            id=job.name,
            next_run_time=datetime.now(UTC),  # catch up at once: the slot's row knows whether it ran
        )
    return scheduler


def leave(grace: int) -> None:
    """An item takes too long: what it did not commit is undone, its claim runs out, and another takes it up."""
    log.warning("jobs cut short", seconds=grace)
    os._exit(1)


if __name__ == "__main__":
    try:
        main()
    except SettingsError as unfit:
        sys.exit(unfit.message)
