"""Whether the jobs are alive and the mail leaves: what somebody should know, each in a sentence for the operator."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models import JobRun, Mail, MailState, RunState

MISSED = 3  # slots that may pass in silence
LEAST_SILENCE = timedelta(minutes=2)
LONGEST_RUN = timedelta(hours=1)
MAIL_MAY_WAIT = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Rhythm:
    """A job of the timetable, and every how many seconds it should be heard of."""

    name: str
    seconds: int

    @property
    def every(self) -> timedelta:
        return timedelta(seconds=self.seconds)

    @property
    def may_be_silent(self) -> timedelta:
        return max(MISSED * self.every, LEAST_SILENCE)

    @property
    def may_run(self) -> timedelta:
        return max(MISSED * self.every, LONGEST_RUN)


def trouble(session: Session, rhythms: Iterable[Rhythm], now: datetime) -> list[str]:
    """A sentence for each job that is silent, and one for mail that does not leave."""
    return [words for rhythm in rhythms if (words := silence(session, rhythm, now))] + backlog(session, now)


def silence(session: Session, rhythm: Rhythm, now: datetime) -> str:
    """Why this job seems dead; nothing when it does not."""
    newest = select(JobRun).where(JobRun.job == rhythm.name).order_by(JobRun.slot.desc()).limit(1)
    return why_silent(rhythm, session.scalar(newest), now)


def why_silent(rhythm: Rhythm, newest: JobRun | None, now: datetime) -> str:
    """The same of its newest run. A job that runs is heard of, unless it runs for ever; one that fails is alive."""
    if newest is None:
        return f"The job {rhythm.name} never ran. Is `python -m jobs` running?"
    if newest.state is RunState.RUNNING and newest.finished_at is None:
        if now - newest.started_at > rhythm.may_run:
            return f"The job {rhythm.name} began {_ago(now - newest.started_at)} ago and did not finish."
        return ""
    quiet = now - (newest.finished_at or newest.started_at)
    if quiet > rhythm.may_be_silent:
        return f"The job {rhythm.name} is silent for {_ago(quiet)}; it should run every {_ago(rhythm.every)}."
    return ""


def backlog(session: Session, now: datetime) -> list[str]:
    count, oldest = session.execute(
        select(func.count(), func.min(Mail.created_at)).where(
            Mail.state == MailState.WAITING, Mail.created_at < now - MAIL_MAY_WAIT
        )
    ).one()
    if not count:
        return []
    mails = "1 mail waits" if count == 1 else f"{count} mails wait"
    return [f"{mails} to be sent, the oldest for {_ago(now - oldest)}. Does the mail server of SMTP_URL answer?"]


def _ago(span: timedelta) -> str:
    seconds = int(span.total_seconds())
    for size, name in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if seconds >= size:
            count = seconds // size
            return f"{count} {name}" if count == 1 else f"{count} {name}s"
    return f"{seconds} seconds"
