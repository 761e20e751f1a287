"""Login sessions: the browser holds a random token, the database its hash. Ending one is deleting its row."""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.models import LoginSession, User
from app.services.access import SignedIn, by_token_hash

TOKEN_BYTES = 32
TOUCH_EVERY = timedelta(minutes=2)


def start(session: Session, user: User, now: datetime, lasts: timedelta) -> str:
    """A new session; returns the token that goes in the cookie and is kept nowhere else."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    session.add(
        LoginSession(token_hash=hashed(token), user_id=user.id, created_at=now, last_seen_at=now, ends_at=now + lasts)
    )
    session.flush()
    return token


def find(session: Session, token: str, now: datetime, idle: timedelta) -> SignedIn | None:
    """Who this token belongs to, with all rights valid now; one statement."""
    return by_token_hash(session, hashed(token), now, now - idle)


def touch(session: Session, signed_in: SignedIn, now: datetime) -> bool:
    """Remember that somebody is there; at most every two minutes, so that reading stays reading."""
    if now - signed_in.last_seen_at < TOUCH_EVERY:
        return False
    seen(session, signed_in, now)
    return True


def seen(session: Session, signed_in: SignedIn, now: datetime) -> None:
    """Somebody is there: the idle time begins anew."""
    session.execute(update(LoginSession).where(LoginSession.id == signed_in.session_id).values(last_seen_at=now))


def end(session: Session, token: str) -> None:
    """The token, and every copy of it, is worthless from the next request on."""
    session.execute(delete(LoginSession).where(LoginSession.token_hash == hashed(token)))


def end_all(session: Session, user_id: int, but: int | None = None) -> int:
    """End every session of an account, or every other one `but` this. Returns how many."""
    theirs = delete(LoginSession).where(LoginSession.user_id == user_id)
    if but is not None:
        theirs = theirs.where(LoginSession.id != but)
    return len(session.execute(theirs.returning(LoginSession.id)).all())


def all_of(session: Session, user_id: int, now: datetime, idle: timedelta) -> list[LoginSession]:
    """The sessions of an account that still count, the latest used first."""
    return list(
        session.scalars(
            select(LoginSession)
            .where(LoginSession.user_id == user_id, LoginSession.ends_at > now, LoginSession.last_seen_at > now - idle)
            .order_by(LoginSession.last_seen_at.desc(), LoginSession.id.desc())
        )
    )


def forget_old(session: Session, now: datetime) -> int:
    """Delete sessions that are over. Returns how many."""
    gone = session.execute(delete(LoginSession).where(LoginSession.ends_at <= now).returning(LoginSession.id))
    return len(gone.all())


def hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
