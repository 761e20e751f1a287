"""What was decided, and what changed: who, when, before and after, why (DESIGN rule 12)."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.activity import Verb
from app.models.activities import Activity
from app.models.base import Base, Json, words
from app.models.people import User
from app.models.reference import Reason


class Decision(Base):
    """A moderator's decision on an activity, with its reason and as whose stand-in it was taken."""

    __tablename__ = "decision"

    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id"), index=True)
    verb: Mapped[Verb] = mapped_column(words(Verb))
    reason_id: Mapped[int | None] = mapped_column(ForeignKey("reason.id"))
    remark: Mapped[str] = mapped_column(Text, default="")
    checks: Mapped[Json] = mapped_column(JSON, default=dict)
    fingerprint: Mapped[str] = mapped_column(String(64), default="")
    decided_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    stand_in_for_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    decided_at: Mapped[datetime]

    activity: Mapped[Activity] = relationship()
    reason: Mapped[Reason | None] = relationship()
    decided_by: Mapped[User] = relationship(foreign_keys=decided_by_id)
    stand_in_for: Mapped[User | None] = relationship(foreign_keys=stand_in_for_id)

    @property
    def words(self) -> str:
        """The reason and the remark, as the organiser reads them."""
        return " ".join(part for part in (f"{self.reason.name}." if self.reason else "", self.remark) if part)


class Change(Base):
    """One line of history: `before` and `after` hold only the fields that differ."""

    __tablename__ = "change"
    __table_args__ = (
        Index("ix_change_table_name_record_id", "table_name", "record_id", "id"),
        Index("ix_change_municipality_id", "municipality_id", "id"),
        Index("ix_change_organisation_id", "organisation_id", "id"),
        Index("ix_change_at", "at", "id"),
    )

    table_name: Mapped[str] = mapped_column(String(40))
    record_id: Mapped[int]
    verb: Mapped[str] = mapped_column(String(40))
    municipality_id: Mapped[int | None] = mapped_column(ForeignKey("municipality.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    stand_in_for_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    before: Mapped[Json] = mapped_column(JSON, default=dict)
    after: Mapped[Json] = mapped_column(JSON, default=dict)
    why: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime]

    user: Mapped[User | None] = relationship(foreign_keys=user_id)
    stand_in_for: Mapped[User | None] = relationship(foreign_keys=stand_in_for_id)
