"""The timetable, one line a job. Each is safe to run twice: it selects what is due and not yet done."""

from collections.abc import Callable
from dataclasses import dataclass

from jobs import mail, retention, sync, tidy


@dataclass(frozen=True, slots=True)
class Job:
    """A job and its rhythm: every so many seconds, in slots counted from 1970 (UTC), the same on every host."""

    name: str
    run: Callable[[], dict[str, int]]
    every_seconds: int
    demo_seconds: int


TIMETABLE = (
    Job("send-mail", mail.run, every_seconds=10, demo_seconds=3),
    Job("sync-uitdatabank", sync.counted, every_seconds=15 * 60, demo_seconds=60),
    Job("tidy", tidy.run, every_seconds=24 * 3600, demo_seconds=24 * 3600),
    Job("forget", retention.run, every_seconds=24 * 3600, demo_seconds=24 * 3600),
)
