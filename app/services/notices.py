"""Something happened: one notice, in the commit of what it tells. Who is told is decided when the mail is made."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.models import Activity, Notice, NoticeKind, Report


def announce(
    session: Session, actor: Actor, now: datetime, activity: Activity, kind: NoticeKind, *, moved: bool = False
) -> None:
    """Leave a notice about this activity; a new entry is announced once, ever, but to the town it moved to."""
    session.flush()
    version = 1 if kind is NoticeKind.NEW_ENTRY and not moved else activity.row_version
    told = select(Notice.id).where(Notice.activity_id == activity.id, Notice.kind == kind, Notice.version == version)
    if session.scalar(told) is not None:
        return
    session.add(
        Notice(
            kind=kind,
            activity_id=activity.id,
            version=version,
            municipality_id=activity.municipality_id,
            caused_by_id=actor.user_id,
            created_at=now,
        )
    )
    session.flush()


def announce_report(session: Session, now: datetime, report: Report) -> None:
    """Leave a notice about what a visitor reported, for the town that the activity lies in now."""
    session.add(
        Notice(
            kind=NoticeKind.REPORTED,
            activity_id=report.activity_id,
            version=report.id,
            municipality_id=report.municipality_id,
            created_at=now,
        )
    )
    session.flush()
