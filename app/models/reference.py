"""The platform's lists: topics, goals, levels, reasons."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, words


class Topic(Base):
    """What an activity is about, in a newcomer's words. A retired topic stays on what has it."""

    __tablename__ = "topic"

    key: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(60), unique=True)
    position: Mapped[int] = mapped_column(default=0)
    retired_at: Mapped[datetime | None]

    def __str__(self) -> str:
        return self.name


class Goal(Base):
    """Why a newcomer comes: one of the six of DESIGN rule 16."""

    __tablename__ = "goal"

    key: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(60), unique=True)
    position: Mapped[int] = mapped_column(default=0)

    def __str__(self) -> str:
        return self.name


class Level(Base):
    """One of the four taaliconen: how much Dutch is asked."""

    __tablename__ = "level"
    __table_args__ = (CheckConstraint("number between 1 and 4", name="one_to_four"),)

    number: Mapped[int] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(String(60), unique=True)
    plain_words: Mapped[str] = mapped_column(String(60))

    def __str__(self) -> str:
        return self.name


class ReasonFor(StrEnum):
    REJECT = "reject"
    WITHDRAW = "withdraw"


class Reason(Base):
    """Why a moderator rejects or withdraws, in words the organiser will read."""

    __tablename__ = "reason"

    key: Mapped[str] = mapped_column(String(40), unique=True)
    used_for: Mapped[ReasonFor] = mapped_column(words(ReasonFor))
    name: Mapped[str] = mapped_column(String(80))
    explanation: Mapped[str] = mapped_column(String(200), default="")
    asks_words: Mapped[bool] = mapped_column(default=False)
    position: Mapped[int] = mapped_column(default=0)

    def __str__(self) -> str:
        return self.name
