"""Accounts: making one, checking a password with argon2id (RFC 9106), and choosing another."""

import re
import unicodedata
from datetime import datetime
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from email_validator import EmailNotValidError, validate_email
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.clock import brussels_date
from app.domain.errors import Conflict, Invalid, NotFound
from app.domain.passwords import MAX_LENGTH, MIN_LENGTH, refuse_weak
from app.models import Mail, MailKind, MailState, Mandate, MandateRole, Municipality, Organisation, User
from app.services import history, sessions

LONGEST_NAME = 80
LINK = re.compile(r"://|\bwww\.|@", re.IGNORECASE)  # a name stands in mails to strangers
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


def normal_name(text: str) -> str:
    """A name on one line, at most 80 characters. Raises Invalid for none, and for what no keyboard types."""
    name = " ".join(unicodedata.normalize("NFC", text).split())
    if not name:
        raise Invalid("Vul de naam in.", field="name")
    if not name.isprintable() or len(name) > LONGEST_NAME or LINK.search(name):
        raise Invalid("Dit is geen naam: hoogstens 80 tekens, op één regel, zonder links.", field="name")
    return name


def hash_password(password: str) -> str:
    """An argon2id hash. Raises Invalid outside 12 to 1000 characters; used exactly as typed, never cut."""
    if not MIN_LENGTH <= len(password) <= MAX_LENGTH:
        raise Invalid("Een wachtwoord heeft minstens %(least)d tekens.", field="password", least=MIN_LENGTH)
    return _hasher.hash(password)


def choose_password(session: Session, actor: Actor, now: datetime, user: User, password: str, domain: str) -> None:
    """Give the account another password, end all its sessions, and tell its owner by mail.

    `domain` is the right-hand side of the Message-ID. Raises Invalid for a weak one.
    """
    refuse_weak(password, words_about(session, user))
    first = not user.password_hash
    user.password_hash = hash_password(password)
    sessions.end_all(session, user.id)
    history.record(session, actor, now, user, "password", history.snapshot(user))
    if not first:
        message_id = f"<password.{user.id}.{user.row_version}@{domain}>"
        session.add(
            Mail(
                kind=MailKind.PASSWORD_CHANGED,
                message_id=message_id,
                user_id=user.id,
                state=MailState.WAITING,
                not_before=now,
                created_at=now,
            )
        )
        session.flush()


def words_about(session: Session, user: User) -> list[str]:
    """What a guesser knows of somebody: name, address, and the towns and organisations of their mandates."""
    grounds = session.execute(
        select(Municipality.name, Organisation.name)
        .select_from(Mandate)
        .outerjoin(Municipality, Municipality.id == Mandate.municipality_id)
        .outerjoin(Organisation, Organisation.id == Mandate.organisation_id)
        .where(Mandate.user_id == user.id)
    )
    return [user.name, user.email, *(name for row in grounds for name in row if name)]


def seen(session: Session, user: User, now: datetime) -> None:
    """Write down the day of a sign-in; it is no change of the account, and raises no version."""
    day = brussels_date(now)
    if user.last_seen_on != day:
        session.execute(update(User).where(User.id == user.id).values(last_seen_on=day))


def rename(session: Session, actor: Actor, now: datetime, user: User, name: str) -> None:
    """Another name for the account. Raises Invalid for what is none."""
    before, name = history.snapshot(user), normal_name(name)
    if name == user.name:
        return
    user.name = name
    history.record(session, actor, now, user, "rename", before)


def suspend(session: Session, actor: Actor, now: datetime, user: User) -> None:
    """Out at the next request, and in no more; mandates and history stay. Raises Conflict when it is so already."""
    if user.suspended_at is not None:
        raise Conflict("Dit account is al geschorst.")
    before = history.snapshot(user)
    user.suspended_at = now
    sessions.end_all(session, user.id)
    history.record(session, actor, now, user, "suspend", before)


def unsuspend(session: Session, actor: Actor, now: datetime, user: User) -> None:
    """Undo a suspension. Raises Conflict when there is none, or when the person was forgotten since."""
    if user.suspended_at is None or user.anonymised_at is not None:
        raise Conflict("Dit account is niet geschorst.")
    before = history.snapshot(user)
    user.suspended_at = None
    history.record(session, actor, now, user, "unsuspend", before)


def of_email(session: Session, email: str) -> User:
    """The account with this address. Raises NotFound."""
    user = session.scalar(select(User).where(User.email == normal_email(email)))
    if user is None:
        raise NotFound("Er is geen account met dit adres.")
    return user


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
    user = User(email=address, name=normal_name(name), created_at=now, password_hash=password_hash)
    session.add(user)
    history.record(session, Actor(), now, user, "register")
    return user


def make_platform_administrator(session: Session, user: User, now: datetime) -> None:
    """The first of them is made from the command line; there is no default account."""
    mandate = Mandate(user_id=user.id, role=MandateRole.PLATFORM, since=brussels_date(now))
    session.add(mandate)
    history.record(session, Actor(), now, mandate, "appoint")


@lru_cache(maxsize=1)
def _nobody() -> str:
    return _hasher.hash("a password that belongs to no account")
