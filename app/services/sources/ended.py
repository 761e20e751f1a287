"""Which stored events of a source are over for long: read from what was stored."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.retention import RECORD
from app.domain.source import Standing, Unreadable
from app.models import SourceRecord
from app.services.sources.uitdatabank.mapping import read_event


def long_ago(session: Session, now: datetime, ids: Sequence[int]) -> list[int]:
    """Those of these records that ended before what the table says, or are gone at the source, or say nothing."""
    rows = session.execute(
        select(SourceRecord.id, SourceRecord.standing, SourceRecord.payload)
        .where(SourceRecord.id.in_(ids))
        .order_by(SourceRecord.id)
    )
    before = RECORD.before(now)
    return [id for id, standing, payload in rows if standing is not Standing.LIVE or _ended(payload, before)]


def _ended(payload: dict[str, object], before: datetime) -> bool:
    try:
        over_at = read_event(payload).schedule.over_at()
    except Unreadable:
        return True
    return over_at is not None and over_at < before
