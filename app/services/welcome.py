"""A one-time link for a new account: signed, good for 72 hours, and worthless once a password is chosen with it."""

import hashlib
from datetime import timedelta

from itsdangerous import BadSignature, URLSafeTimedSerializer
from sqlalchemy.orm import Session

from app.domain.errors import NotFound
from app.models import User
from app.services import accounts, sessions

LASTS = timedelta(hours=72)
SALT = "welcome"


def token_for(user: User, secret_key: str) -> str:
    """The link's secret part. It carries a mark of the present password, so that choosing one ends it."""
    return URLSafeTimedSerializer(secret_key, salt=SALT).dumps([user.id, _mark(user)])


def of_token(session: Session, token: str, secret_key: str) -> User:
    """The account a link is for. Raises NotFound for a used, altered or expired one, or a suspended account."""
    try:
        user_id, mark = URLSafeTimedSerializer(secret_key, salt=SALT).loads(token, max_age=int(LASTS.total_seconds()))
    except (BadSignature, ValueError, TypeError):
        user_id, mark = 0, ""
    user = session.get(User, user_id)
    if user is None or user.suspended_at is not None or mark != _mark(user):
        raise NotFound("Deze link werkt niet meer: hij is gebruikt, of ouder dan drie dagen. Vraag een nieuwe.")
    return user


def choose_password(session: Session, user: User, password: str) -> None:
    """Set the password and end every open session of the account. Raises Invalid for one that is too short."""
    user.password_hash = accounts.hash_password(password)
    sessions.end_all(session, user.id)
    session.flush()


def _mark(user: User) -> str:
    return hashlib.sha256(f"{user.id}:{user.password_hash}".encode()).hexdigest()[:32]
