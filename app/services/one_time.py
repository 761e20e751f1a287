"""One-time links: to choose a password, at the first visit or when it is forgotten. Only the hash of one is kept."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.errors import NotFound
from app.models import Mail, MailKind, MailState, PasswordReset, User
from app.services import accounts
from app.services.sessions import hashed

RESET_LASTS, FIRST_LASTS = timedelta(hours=1), timedelta(hours=72)
TOKEN_BYTES = 32
GONE = "Deze link werkt niet meer: hij is gebruikt, of te oud. Vraag een nieuwe."


def ask(session: Session, email: str, now: datetime) -> None:
    """Somebody forgot a password. The same row is written whether or not the address is known; the job that makes
    the mail finds out, so that nobody else can. Raises Invalid for what is no address."""
    address = accounts.normal_email(email)
    user_id = session.scalar(select(User.id).where(User.email == address, User.suspended_at.is_(None)))
    session.add(PasswordReset(user_id=user_id, created_at=now, ends_at=now + RESET_LASTS))
    session.flush()


def make_mails(session: Session, now: datetime, domain: str) -> int:
    """A mail for every request that belongs to somebody and has none yet. Returns how many."""
    mailed = exists().where(Mail.password_reset_id == PasswordReset.id)
    waiting = session.scalars(
        select(PasswordReset).where(
            PasswordReset.user_id.is_not(None),
            PasswordReset.token_hash.is_(None),
            PasswordReset.ends_at > now,
            ~mailed,
        )
    ).all()
    for reset in waiting:
        session.add(
            Mail(
                kind=MailKind.RESET,
                message_id=f"<reset.{reset.id}@{domain}>",
                user_id=reset.user_id,
                password_reset=reset,
                state=MailState.WAITING,
                not_before=now,
                created_at=now,
            )
        )
    session.flush()
    return len(waiting)


def first_link(session: Session, user: User, now: datetime) -> str:
    """The token of a new account's first visit, good for 72 hours."""
    reset = PasswordReset(user_id=user.id, created_at=now, ends_at=now + FIRST_LASTS)
    session.add(reset)
    return issue(session, reset)


def issue(session: Session, reset: PasswordReset) -> str:
    """The token that goes in the link; a mail that leaves twice carries a new one, and the old one is worthless."""
    token, reset.token_hash = issue_token()
    session.flush()
    return token


def issue_token() -> tuple[str, str]:
    """A random token of 256 bits, and the hash of it that is kept."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    return token, hashed(token)


def of_token(session: Session, token: str, now: datetime) -> PasswordReset:
    """What a link is for. Raises NotFound for a used, altered or expired one, or a suspended account."""
    reset = session.scalar(
        select(PasswordReset).where(
            PasswordReset.token_hash == hashed(token), PasswordReset.used_at.is_(None), PasswordReset.ends_at > now
        )
    )
    if reset is None or reset.user is None or reset.user.suspended_at is not None:
        raise NotFound(GONE)
    return reset


def use(session: Session, now: datetime, reset: PasswordReset, password: str, domain: str) -> User:
    """Choose the password the link was for; every other open link of the account ends with it. Raises Invalid."""
    user = reset.user
    # Claimed by one statement: of two who use the link at once, one finds it used.
    mine = update(PasswordReset).where(PasswordReset.id == reset.id, PasswordReset.used_at.is_(None))
    if user is None or session.scalar(mine.values(used_at=now).returning(PasswordReset.id)) is None:
        raise NotFound(GONE)
    accounts.choose_password(session, Actor(user_id=user.id, name=user.name), now, user, password, domain)
    session.execute(
        update(PasswordReset)
        .where(PasswordReset.user_id == user.id, PasswordReset.used_at.is_(None))
        .values(used_at=now)
    )
    return user
