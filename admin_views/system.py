"""Systeem: how what runs by itself is doing; first what is wrong, in sentences, then the ways to look closer."""

from dataclasses import dataclass
from typing import Any, ClassVar

from flask import url_for
from flask_admin import expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from admin_views import system_jobs
from admin_views.guard import PolicyPage, present
from admin_views.system_jobs import Jobs, Standing
from admin_views.system_mails import Mails, mail_words
from admin_views.system_runs import Runs
from app.domain.policy import Action, Resource
from app.models import Mail, MailState, RunState, Source, SyncRun, db
from app.services import heartbeat
from app.web.history_words import said_when

STOP, WAIT = "stop", "wait"
VIEWS = (
    ("index", _l("Overzicht")),
    ("runs", _l("Synchronisatie")),
    ("mails", _l("Mails")),
    ("jobs", _l("Taken")),
)


@dataclass(frozen=True, slots=True)
class Trouble:
    """A sentence about what is wrong, how bad it is, the machine's own words, and where to look closer."""

    tone: str
    words: str
    url: str
    details: str = ""


class SystemView(Runs, Mails, Jobs, PolicyPage):
    resource = Resource.SYSTEM
    needs: ClassVar[dict[str, Action]] = {"retry_mail": Action.EDIT}

    def render(self, template: str, **more: Any) -> str:
        said = {
            "views": VIEWS,
            "job_words": system_jobs.job_words,
            "counts_words": system_jobs.counts_words,
            "rhythm_words": system_jobs.rhythm_words,
            "lasting": system_jobs.lasting,
            "mail_words": mail_words,
            "said_when": said_when,
        }
        return str(super().render(template, **said, **more))

    @expose("/")
    def index(self) -> str:
        standings, mails, runs = system_jobs.standings(), mail_counts(), last_runs()
        troubles = [*of_jobs(standings), *of_runs(runs), *of_mail(mails)]
        return self.render(
            "system/index.html",
            troubles=sorted(troubles, key=lambda trouble: trouble.tone != STOP),
            standings=standings,
            mails=mails,
            runs=runs,
        )


def last_runs() -> list[SyncRun]:
    """The last run over each source."""
    newest = select(func.max(SyncRun.id)).group_by(SyncRun.source_id)
    query = select(SyncRun).where(SyncRun.id.in_(newest)).join(Source).order_by(Source.name)
    return list(db.session.scalars(query.options(joinedload(SyncRun.source))))


def mail_counts() -> dict[str, int]:
    """How many mails failed, try again, and wait for their first try."""
    tried = (Mail.error != "").label("tried")
    counted = db.session.execute(
        select(Mail.state, tried, func.count()).where(Mail.state != MailState.SENT).group_by(Mail.state, tried)
    ).all()
    counts = {"failed": 0, "retrying": 0, "waiting": 0}
    for state, tried_before, count in counted:
        counts["failed" if state is MailState.FAILED else "retrying" if tried_before else "waiting"] += count
    return counts


# --- what is wrong ---


def of_jobs(standings: list[Standing]) -> list[Trouble]:
    return [trouble for standing in standings if (trouble := of_job(standing))]


def of_job(standing: Standing) -> Trouble | None:
    name, last = system_jobs.job_words(standing.name), standing.last
    url = url_for(".jobs", job=standing.name)
    if standing.silent:
        return Trouble(STOP, silence_words(name, standing), url)
    if last is not None and standing.failed:
        when = said_when(last.started_at, present())
        return Trouble(STOP, _("De taak “%(name)s” mislukte %(when)s.", name=name, when=when), url, last.error)
    return None


def silence_words(name: str, standing: Standing) -> str:
    last, rhythm = standing.last, system_jobs.rhythm_words(standing.seconds)
    if last is None:
        return _("De taak “%(name)s” liep nog nooit. Draait het proces van de taken wel?", name=name)
    if last.finished_at is None:
        when = said_when(last.started_at, present())
        return _("De taak “%(name)s” begon %(when)s en is nog altijd bezig.", name=name, when=when)
    return _(
        "De taak “%(name)s” zwijgt: ze liep het laatst %(when)s, en hoort %(rhythm)s te lopen.",
        name=name,
        when=said_when(last.finished_at, present()),
        rhythm=rhythm,
    )


def of_runs(runs: list[SyncRun]) -> list[Trouble]:
    found = []
    for run in runs:
        url, when = url_for(".run", id=run.id), said_when(run.started_at, present())
        if run.state is RunState.FAILED:
            words = _("%(source)s ophalen mislukte %(when)s.", source=run.source.name, when=when)
            found.append(Trouble(STOP, words, url, run.error))
        if run.failed:
            words = ngettext(
                "%(num)s evenement van %(source)s was niet te lezen.",
                "%(num)s evenementen van %(source)s waren niet te lezen.",
                run.failed,
                source=run.source.name,
            )
            found.append(Trouble(WAIT, words, url))
    return found


def of_mail(counts: dict[str, int]) -> list[Trouble]:
    found = []
    if heartbeat.backlog(db.session, present()):
        words = _("Er wacht mail langer dan een half uur. Antwoordt de mailserver?")
        found.append(Trouble(STOP, words, url_for(".mails", state=MailState.WAITING)))
    if counts["failed"]:
        words = ngettext("%(num)s mail raakte niet weg.", "%(num)s mails raakten niet weg.", counts["failed"])
        found.append(Trouble(STOP, words, url_for(".mails", state=MailState.FAILED)))
    if counts["retrying"]:
        words = ngettext(
            "%(num)s mail probeert het straks opnieuw.",
            "%(num)s mails proberen het straks opnieuw.",
            counts["retrying"],
        )
        found.append(Trouble(WAIT, words, url_for(".mails", state="retrying")))
    return found
