"""The door of the nightly tidying: sessions that are over, tries that no longer count, links of no use, old slots."""

from datetime import timedelta

from sqlalchemy import delete

from app.domain import retention as table
from app.domain.clock import now_utc
from app.models import JobRun, connection, db
from app.services import retention, sessions, throttle

KEEP_RUNS = timedelta(days=table.JOB.days or 0)


def run() -> dict[str, int]:
    now = now_utc()
    with connection.writing(db.session):
        ended = sessions.forget_old(db.session, now)
        attempts = throttle.forget_old(db.session, now)
        gone = db.session.execute(delete(JobRun).where(JobRun.slot < now - KEEP_RUNS).returning(JobRun.id)).all()
    links = retention.forget(db.session, now, lambda: connection.writing(db.session), table.RESET)
    return {"sessions": ended, "attempts": attempts, "links": sum(links.values()), "runs": len(gone)}
