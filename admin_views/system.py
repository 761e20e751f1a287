"""Systeem: how the runs over the sources went, what could not be taken, and mail that did not leave."""

from flask_admin import expose
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from admin_views.guard import PolicyPage
from app.domain.policy import Resource
from app.models import JobRun, Mail, MailState, SyncItem, SyncRun, db

SHOWN = 20
JOB_WORDS = {
    "send-mail": _l("Mail versturen"),
    "sync-uitdatabank": _l("UiT ophalen"),
    "tidy": _l("Opruimen"),
}


class SystemView(PolicyPage):
    resource = Resource.SYSTEM

    @expose("/")
    def index(self) -> str:
        troubles = {"items": self.items(), "mails": self.mails()}
        ran = {"runs": self.runs(), "jobs": self.jobs(), "job_words": JOB_WORDS}
        return self.render("system/index.html", **ran, **troubles)

    def runs(self) -> list[SyncRun]:
        query = select(SyncRun).options(joinedload(SyncRun.source)).order_by(SyncRun.id.desc()).limit(SHOWN)
        return list(db.session.scalars(query))

    def items(self) -> list[SyncItem]:
        """What could not be taken lately: the newest line of each record."""
        query = select(SyncItem).options(joinedload(SyncItem.run)).order_by(SyncItem.id.desc()).limit(5 * SHOWN)
        newest = {item.external_id: item for item in reversed(db.session.scalars(query).all())}
        return sorted(newest.values(), key=lambda item: -item.id)[:SHOWN]

    def mails(self) -> list[Mail]:
        """Mail that failed for good, or waits after a first try."""
        trouble = (Mail.state == MailState.FAILED) | ((Mail.state == MailState.WAITING) & (Mail.error != ""))
        query = select(Mail).where(trouble).options(joinedload(Mail.user)).order_by(Mail.id.desc()).limit(SHOWN)
        return list(db.session.scalars(query))

    def jobs(self) -> list[JobRun]:
        """The last run of each job that is not long ago."""
        rows = db.session.scalars(select(JobRun).order_by(JobRun.id.desc()).limit(500))
        last: dict[str, JobRun] = {}
        for row in rows:
            last.setdefault(row.job, row)
        return sorted(last.values(), key=lambda row: row.job)
