"""From something that happened to a mail on its way: Notice, Delivery, Mail; and the record of each job's run."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.activities import Activity
from app.models.base import Base, Json, words
from app.models.mandates import Invitation
from app.models.people import PasswordReset, User
from app.models.sources import RunState
from app.models.territory import Municipality


class NoticeKind(StrEnum):
    NEW_ENTRY = "new_entry"
    WITHDRAWN = "withdrawn"
    CORRECTED = "corrected"
    REPORTED = "reported"


class Notice(Base):
    """Something happened, once: unique per activity, kind and version. Written in the commit of what it tells.
    Of a problem that was reported the version is the id of its report.

    `resolved_at` is set when the job has written its deliveries; `outcome` says in words why there are none.
    """

    __tablename__ = "notice"
    __table_args__ = (
        UniqueConstraint("activity_id", "kind", "version"),
        Index("ix_notice_resolved_at", "resolved_at", "id"),
    )

    kind: Mapped[NoticeKind] = mapped_column(words(NoticeKind))
    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id"))
    version: Mapped[int] = mapped_column(default=1)
    municipality_id: Mapped[int | None] = mapped_column(ForeignKey("municipality.id"))
    caused_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    created_at: Mapped[datetime]
    resolved_at: Mapped[datetime | None]
    outcome: Mapped[str] = mapped_column(String(200), default="")

    activity: Mapped[Activity] = relationship()
    municipality: Mapped[Municipality | None] = relationship()
    caused_by: Mapped[User | None] = relationship()


class MailState(StrEnum):
    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"


class MailKind(StrEnum):
    """What a mail is about: notices, or something that concerns its reader alone."""

    NOTICES = "notices"
    INVITATION = "invitation"
    RESET = "reset"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 -- a kind of mail


class Mail(Base):
    """One message to one person. `not_before` is the next try, `claimed_until` the end of a sender's claim.

    Its address is that of its person when it leaves, or, of an invitation, the one that was invited.
    """

    __tablename__ = "mail"
    __table_args__ = (
        Index("ix_mail_state_not_before", "state", "not_before", "id"),
        CheckConstraint("user_id is not null or invitation_id is not null", name="to_somebody"),
    )

    message_id: Mapped[str] = mapped_column(String(120), unique=True)
    kind: Mapped[MailKind] = mapped_column(words(MailKind), default=MailKind.NOTICES)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    invitation_id: Mapped[int | None] = mapped_column(ForeignKey("invitation.id"), index=True)
    password_reset_id: Mapped[int | None] = mapped_column(ForeignKey("password_reset.id"), index=True)
    state: Mapped[MailState] = mapped_column(words(MailState), default=MailState.WAITING)
    attempts: Mapped[int] = mapped_column(default=0)
    not_before: Mapped[datetime]
    claimed_until: Mapped[datetime | None]
    sent_to: Mapped[str] = mapped_column(String(254), default="")
    sent_at: Mapped[datetime | None]
    error: Mapped[str] = mapped_column(String(500), default="")
    created_at: Mapped[datetime]

    user: Mapped[User | None] = relationship()
    invitation: Mapped[Invitation | None] = relationship()
    password_reset: Mapped[PasswordReset | None] = relationship()
    deliveries: Mapped[list["Delivery"]] = relationship(order_by="Delivery.id", back_populates="mail")

    @property
    def address(self) -> str:
        """Where it goes, now."""
        if self.invitation is not None:
            return self.invitation.email
        return self.user.email if self.user else ""


class Delivery(Base):
    """A notice for one person, once; it leaves in a mail."""

    __tablename__ = "delivery"
    __table_args__ = (UniqueConstraint("notice_id", "user_id"),)

    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    mail_id: Mapped[int] = mapped_column(ForeignKey("mail.id"), index=True)
    capacity: Mapped[str] = mapped_column(String(200), default="")

    notice: Mapped[Notice] = relationship()
    user: Mapped[User] = relationship()
    mail: Mapped[Mail] = relationship(back_populates="deliveries")


class JobRun(Base):
    """One slot of one job. Inserting the unique (job, slot) row is the claim: whoever inserts, runs."""

    __tablename__ = "job_run"
    __table_args__ = (UniqueConstraint("job", "slot"),)

    job: Mapped[str] = mapped_column(String(60))
    slot: Mapped[datetime]
    state: Mapped[RunState] = mapped_column(words(RunState), default=RunState.RUNNING)
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    counts: Mapped[Json] = mapped_column(JSON, default=dict)
    error: Mapped[str] = mapped_column(Text, default="")
