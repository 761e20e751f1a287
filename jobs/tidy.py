"""The door of the nightly tidying: sessions that are over, and slots nobody will ask about."""

from datetime import timedelta

from sqlalchemy import delete

from app.domain.clock import now_utc
from app.models import JobRun, connection, db
from app.services import sessions

KEEP_RUNS = timedelta(days=14)


def run() -> dict[str, int]:
    now = now_utc()
    with connection.writing(db.session):
        ended = sessions.forget_old(db.session, now)
        gone = db.session.execute(delete(JobRun).where(JobRun.slot < now - KEEP_RUNS).returning(JobRun.id)).all()
    return {"sessions": ended, "runs": len(gone)}
