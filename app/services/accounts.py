"""Accounts: making one, and checking a password with argon2id (RFC 9106)."""

import unicodedata
from datetime import datetime
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from email_validator import EmailNotValidError, validate_email
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.clock import brussels_date
from app.domain.errors import Invalid
from app.models import Mandate, MandateRole, User
from app.services import history

MIN_LENGTH, MAX_LENGTH = 12, 1_000
_hasher = PasswordHasher()


def normal_email(text: str) -> str:
    """The one spelling of an address: NFKC, normalised by the library, in lower case. Raises Invalid."""
    try:
        checked = validate_email(
            unicodedata.normalize("NFKC", text.strip()), check_deliverability=False, test_environment=True
        )
    except EmailNotValidError:
        raise Invalid("Dit is geen e-mailadres. Het heeft de vorm naam@organisatie.be.", field="email") from None
    return checked.normalized.lower()


def hash_password(password: str) -> str:
    """An argon2id hash. Raises Invalid outside 12 to 1000 characters; used exactly as typed, never cut."""
    if not MIN_LENGTH <= len(password) <= MAX_LENGTH:
        raise Invalid("Een wachtwoord heeft minstens %(least)d tekens.", field="password", least=MIN_LENGTH)
    return _hasher.hash(password)


def with_password(session: Session, email: str, password: str) -> User | None:
    """The account that these belong to. An unknown address costs as much time as a wrong password."""
    try:
        address = normal_email(email)
    except Invalid:
        address = ""
    user = session.scalar(select(User).where(User.email == address))
    stored = user.password_hash if user is not None and user.password_hash else _nobody()
    try:
        fits = len(password) <= MAX_LENGTH and _hasher.verify(stored, password)
    except (VerificationError, InvalidHashError):
        fits = False
    if not fits or user is None or not user.password_hash or user.suspended_at is not None:
        return None
    if _hasher.check_needs_rehash(stored):
        user.password_hash = _hasher.hash(password)
    return user


def create_user(session: Session, email: str, name: str, now: datetime, password_hash: str = "") -> User:
    """A new account, without rights. Raises Invalid when the address is taken."""
    address = normal_email(email)
    if session.scalar(select(User.id).where(User.email == address)) is not None:
        raise Invalid("Er is al een account met dit adres.", field="email")
    user = User(email=address, name=name.strip(), created_at=now, password_hash=password_hash)
    session.add(user)
    session.flush()
    return user


def make_platform_administrator(session: Session, user: User, now: datetime) -> None:
    """The first of them is made from the command line; there is no default account."""
    mandate = Mandate(user_id=user.id, role=MandateRole.PLATFORM, since=brussels_date(now))
    session.add(mandate)
    history.record(session, Actor(), now, mandate, "appoint")


@lru_cache(maxsize=1)
def _nobody() -> str:
    return _hasher.hash("a password that belongs to no account")
