"""Accounts and their sessions. The cookie holds a random id; a session's row holds only its hash."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base


class User(Base):
    """An account. `email` is stored normalised and in lower case, so that look-alikes are one.

    `last_seen_on` is the day of the last sign-in; an anonymised account keeps its id, for the history, and no more.
    """

    __tablename__ = "user"
    __table_args__ = (CheckConstraint("email = lower(email)", name="email_lower"),)

    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    password_hash: Mapped[str] = mapped_column(String(255), default="")
    suspended_at: Mapped[datetime | None]
    anonymised_at: Mapped[datetime | None]
    last_seen_on: Mapped[date | None]
    created_at: Mapped[datetime]
    row_version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": row_version}  # noqa: RUF012 -- SQLAlchemy reads it as it stands

    def __str__(self) -> str:
        return self.name


class LoginSession(Base):
    """One signed-in browser. Its end is a deleted row, so a copied cookie is dead at the next request."""

    __tablename__ = "login_session"

    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    ends_at: Mapped[datetime]

    user: Mapped[User] = relationship()


class PasswordReset(Base):
    """One request for a new password: good for an hour, once. Without an account the address belonged to nobody;
    such a row is written all the same, so that the answer takes as long. The token is made when the mail is."""

    __tablename__ = "password_reset"

    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    user: Mapped[User | None] = relationship()


class Attempt(Base):
    """Something that may be done only so often: `bucket` is a keyed hash of what and by whom, never a name."""

    __tablename__ = "attempt"
    __table_args__ = (Index("ix_attempt_bucket_at", "bucket", "at"), Index("ix_attempt_at", "at"))

    bucket: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
