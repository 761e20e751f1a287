"""What a visitor reports about an activity, without an account."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.activities import Activity
from app.models.base import Base, words
from app.models.people import User
from app.models.territory import Municipality


class Problem(StrEnum):
    """What is wrong, in a word; the rest stands in the remark."""

    NOT_HAPPENING = "not_happening"
    WRONG = "wrong"
    UNREACHABLE = "unreachable"
    UNFIT = "unfit"
    OTHER = "other"


class Report(Base):
    """A problem somebody met with a public activity; its town's moderators are told. `reply_to` only if given."""

    __tablename__ = "report"
    __table_args__ = (Index("ix_report_activity_id", "activity_id", "id"),)

    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id", ondelete="CASCADE"))
    municipality_id: Mapped[int | None] = mapped_column(ForeignKey("municipality.id"), index=True)
    problem: Mapped[Problem] = mapped_column(words(Problem))
    remark: Mapped[str] = mapped_column(Text, default="")
    reply_to: Mapped[str] = mapped_column(String(254), default="")
    form_token: Mapped[str | None] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    handled_at: Mapped[datetime | None]
    handled_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    activity: Mapped[Activity] = relationship()
    municipality: Mapped[Municipality | None] = relationship()
    handled_by: Mapped[User | None] = relationship()
