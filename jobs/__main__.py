"""`python -m jobs`: the timetable in a process of its own. Start as many as you like, on as many hosts."""

import signal
from datetime import UTC, datetime
from types import FrameType

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.blocking import BlockingScheduler
from apscheduler.triggers.interval import IntervalTrigger

from app.factory import create_app
from jobs import TIMETABLE
from jobs.runner import run_slot, seconds_of

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def main() -> None:
    app = create_app()
    scheduler = BlockingScheduler(
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

    def stop(_signal: int, _frame: FrameType | None) -> None:
        scheduler.shutdown(wait=True)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    scheduler.start()


if __name__ == "__main__":
    main()
