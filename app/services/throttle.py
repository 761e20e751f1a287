"""How often something may be done: each try is a row, told apart by a keyed hash, so that no name or address is kept.

The door notes first, in a transaction of its own, and counts after its commit, its own try included: of many at
once, none slips through.
"""

import hashlib
import hmac
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app.models import Attempt

KEPT = timedelta(days=1)


def bucket(secret_key: str, what: str, who: str) -> str:
    """Where the tries of this one at this thing are counted; nobody without the key can tell whose they are."""
    return hmac.new(secret_key.encode(), f"{what}\0{who}".encode(), hashlib.sha256).hexdigest()


def note(session: Session, bucket: str, now: datetime) -> Attempt:
    attempt = Attempt(bucket=bucket, at=now)
    session.add(attempt)
    session.flush()
    return attempt


def count(session: Session, bucket: str, now: datetime, within: timedelta) -> int:
    """How many tries lie less than `within` back."""
    return session.scalar(select(func.count()).where(Attempt.bucket == bucket, Attempt.at > now - within)) or 0


def free_at(session: Session, bucket: str, now: datetime, within: timedelta, limit: int) -> datetime | None:
    """When there is room for one more; None when there is room now, that is, below the limit."""
    last_in_the_way = (
        select(Attempt.at)
        .where(Attempt.bucket == bucket, Attempt.at > now - within)
        .order_by(Attempt.at.desc(), Attempt.id.desc())
        .offset(limit - 1)
        .limit(1)
    )
    at = session.scalar(last_in_the_way)
    return at + within if at else None


def forget(session: Session, bucket: str) -> None:
    """Begin anew, after a success."""
    session.execute(delete(Attempt).where(Attempt.bucket == bucket))


def forget_old(session: Session, now: datetime) -> int:
    """Delete what no longer counts anywhere. Returns how many."""
    gone = session.execute(delete(Attempt).where(Attempt.at <= now - KEPT).returning(Attempt.id))
    return len(gone.all())
