"""Systeem, taken: each job of the timetable, how it went the last time and when it is next; and what ran before."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_admin import expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy import Select, Text, cast, func, or_, select

from admin_views.guard import present
from admin_views.listing import Filter
from admin_views.paging import Sentence, page_of
from app.models import JobRun, RunState, db
from app.services import heartbeat
from jobs import TIMETABLE, Job
from jobs.runner import seconds_of, slot_at

JOB_WORDS = {
    "send-mail": _l("Mail versturen"),
    "sync-uitdatabank": _l("UiT ophalen"),
    "tidy": _l("Opruimen"),
    "forget": _l("Gegevens wissen"),
}
COUNT_WORDS = {
    "sent": _l("%(n)s verstuurd"),
    "failed": _l("%(n)s mislukt"),
    "waiting": _l("%(n)s nog te proberen"),
    "created": _l("%(n)s nieuw"),
    "changed": _l("%(n)s gewijzigd"),
    "unchanged": _l("%(n)s gelijk"),
    "gone": _l("%(n)s weg"),
    "sessions": _l("%(n)s oude aanmeldingen gewist"),
    "runs": _l("%(n)s oude taken gewist"),
    "attempts": _l("%(n)s oude pogingen gewist"),
    "links": _l("%(n)s oude links gewist"),
}

UNREADABLE = _l("%(n)s niet te lezen")  # what "failed" counts where events are fetched, as on the page of a run
ALL = "all"


@dataclass(frozen=True, slots=True)
class Standing:
    """How a job stands now: its last run, whether it is silent for too long, and when its next slot begins."""

    name: str
    seconds: int
    last: JobRun | None
    silent: bool
    next_slot: datetime

    @property
    def failed(self) -> bool:
        return self.last is not None and self.last.state is RunState.FAILED


class Jobs:
    """The part of the screen Systeem that is about jobs."""

    @expose("/jobs/")
    def jobs(self) -> str:
        said = Sentence(
            (
                Filter("state", _l("toestand"), _l("Toon"), state_options, by_state),
                Filter("job", _l("taak"), _l("van"), job_options, by_job),
            )
        )
        page = page_of(said.narrow(select(JobRun).order_by(JobRun.id.desc())), ".jobs", said.on)
        return self.render("system/jobs.html", standings=standings(), said=said, page=page)  # type: ignore[attr-defined]


def standings() -> list[Standing]:
    """Every job of the timetable, its last run by the index of its slots: one statement."""
    newest = [
        select(JobRun.id).where(JobRun.job == job.name).order_by(JobRun.slot.desc()).limit(1).scalar_subquery()
        for job in TIMETABLE
    ]
    last = {run.job: run for run in db.session.scalars(select(JobRun).where(JobRun.id.in_(newest)))}
    return [standing(job, last.get(job.name), present()) for job in TIMETABLE]


def standing(job: Job, last: JobRun | None, now: datetime) -> Standing:
    seconds = seconds_of(job)
    return Standing(
        name=job.name,
        seconds=seconds,
        last=last,
        silent=bool(heartbeat.why_silent(heartbeat.Rhythm(job.name, seconds), last, now)),
        next_slot=slot_at(now, seconds) + timedelta(seconds=seconds),
    )


# --- in words ---


def job_words(name: str) -> str:
    return str(JOB_WORDS.get(name, name))


def counts_words(counts: dict[str, Any], job: str = "") -> str:
    """What a run did, without what it did nothing of."""
    said = {**COUNT_WORDS, "failed": UNREADABLE} if job.startswith("sync-") else COUNT_WORDS
    parts = [
        str(said[key]) % {"n": number} if key in said else f"{_(key)}: {number}"
        for key, number in counts.items()
        if number
    ]
    return ", ".join(parts) or _("niets te doen")


def lasting(run: Any) -> str:
    """How long a run took; nothing while it runs."""
    if run.finished_at is None:
        return ""
    seconds = int((run.finished_at - run.started_at).total_seconds())
    if seconds < 1:
        return _("minder dan een seconde")
    if seconds < 120:
        return ngettext("%(num)s seconde", "%(num)s seconden", seconds)
    return ngettext("%(num)s minuut", "%(num)s minuten", seconds // 60)


def rhythm_words(seconds: int) -> str:
    """ "elke 15 minuten"."""
    if seconds % 86_400 == 0:
        return ngettext("elke dag", "elke %(num)s dagen", seconds // 86_400)
    if seconds % 3_600 == 0:
        return ngettext("elk uur", "elke %(num)s uur", seconds // 3_600)
    if seconds % 60 == 0:
        return ngettext("elke minuut", "elke %(num)s minuten", seconds // 60)
    return ngettext("elke seconde", "elke %(num)s seconden", seconds)


# --- the choices of the sentence ---


def state_options() -> list[tuple[str, Any]]:
    return [
        ("", _("wat iets te doen had")),
        (ALL, _("alles")),
        (RunState.FAILED, _("wat mislukte")),
        (RunState.DONE, _("wat lukte")),
        (RunState.RUNNING, _("wat bezig is")),
    ]


def job_options() -> list[tuple[str, Any]]:
    return [("", _("alle taken")), *((job.name, job_words(job.name)) for job in TIMETABLE)]


def by_state(query: Select[Any], value: str, now: datetime) -> Select[Any]:
    """By itself without what went well and had nothing to do: nearly every run of the mail."""
    if value == ALL:
        return query
    if value:
        return query.where(JobRun.state == RunState(value))
    did = func.replace(cast(JobRun.counts, Text), ": 0", "").contains(": ")
    return query.where(or_(JobRun.state != RunState.DONE, did))


def by_job(query: Select[Any], value: str, now: datetime) -> Select[Any]:
    return query.where(JobRun.job == value) if value else query
