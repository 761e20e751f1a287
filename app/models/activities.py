"""Activities, and how to reach who organises them."""

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, Column, ForeignKey, Index, Integer, String, Table, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain import schedule_json
from app.domain.activity import Origin, State
from app.domain.contact import WORDS as CHANNEL_WORDS
from app.domain.contact import Channel, Shown, shown
from app.domain.schedule import Flexible, Schedule, Status
from app.models.base import Base, Json, words
from app.models.organisations import Organisation
from app.models.people import User
from app.models.reference import Goal, Level, Topic
from app.models.sources import SourceRecord
from app.models.territory import Municipality

UNDECIDED = "undecided"

activity_goal = Table(
    "activity_goal",
    Base.metadata,
    Column("activity_id", Integer, ForeignKey("activity.id", ondelete="CASCADE"), primary_key=True),
    Column("goal_id", Integer, ForeignKey("goal.id"), primary_key=True, index=True),
)
activity_topic = Table(
    "activity_topic",
    Base.metadata,
    Column("activity_id", Integer, ForeignKey("activity.id", ondelete="CASCADE"), primary_key=True),
    Column("topic_id", Integer, ForeignKey("topic.id"), primary_key=True, index=True),
)


def _waiting(name: str, where: str) -> Index:
    """An index on only the rows that wait, in the order of their lists."""
    condition = text(where)
    return Index(name, "municipality_id", "created_at", "id", sqlite_where=condition, postgresql_where=condition)


class Activity(Base):
    """What a newcomer can join. An own entry has an organisation; an import has a source record.

    `schedule_data` is the schedule (see `schedule`); `first_moment` and `over_at` are taken from it, so that
    *ended* and *coming* are columns. Without a municipality it lies in the bin *Geen gemeente*.
    """

    __tablename__ = "activity"
    __table_args__ = (
        CheckConstraint("(origin = 'import') = (source_record_id is not null)", name="import_has_record"),
        CheckConstraint("origin = 'import' or organisation_id is not null", name="own_has_organisation"),
        CheckConstraint("state <> 'published' or public_from is not null", name="published_since"),
        Index("ix_activity_municipality_id_state_id", "municipality_id", "state", "id"),
        Index("ix_activity_municipality_id_updated_at", "municipality_id", "updated_at", "id"),
        Index("ix_activity_state_over_at", "state", "over_at"),
        # What waits is counted on every page, and is a small part of what there is.
        _waiting("ix_activity_pending", "state = 'pending'"),
        _waiting("ix_activity_unseen", "state = 'published' and origin = 'own' and seen_at is null"),
        Index("ix_activity_organisation_id", "organisation_id", "id"),
        Index("ix_activity_updated_at", "updated_at", "id"),
    )

    title: Mapped[str] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(Text, default="")
    origin: Mapped[Origin] = mapped_column(words(Origin))
    state: Mapped[State] = mapped_column(words(State))
    status: Mapped[Status] = mapped_column(words(Status), default=Status.PLANNED)

    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    organiser_name: Mapped[str] = mapped_column(String(200), default="")
    source_record_id: Mapped[int | None] = mapped_column(ForeignKey("source_record.id"), unique=True)

    municipality_id: Mapped[int | None] = mapped_column(ForeignKey("municipality.id"))
    place_name: Mapped[str] = mapped_column(String(200), default="")
    street: Mapped[str] = mapped_column(String(200), default="")
    postal_code: Mapped[str] = mapped_column(String(10), default="")
    locality: Mapped[str] = mapped_column(String(100), default="")
    online: Mapped[bool] = mapped_column(default=False)
    online_url: Mapped[str] = mapped_column(String(500), default="")

    schedule_data: Mapped[Json] = mapped_column("schedule", JSON)
    first_moment: Mapped[datetime | None]
    over_at: Mapped[datetime | None]

    price: Mapped[str] = mapped_column(String(100), default="")
    source_url: Mapped[str] = mapped_column(String(500), default="")
    level_id: Mapped[int | None] = mapped_column(ForeignKey("level.id"), index=True)
    internal_note: Mapped[str] = mapped_column(Text, default="")

    public_from: Mapped[datetime | None]
    seen_at: Mapped[datetime | None]
    seen_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    form_token: Mapped[str | None] = mapped_column(String(64), unique=True)
    row_version: Mapped[int] = mapped_column(default=1)

    organisation: Mapped[Organisation | None] = relationship()
    municipality: Mapped[Municipality | None] = relationship()
    source_record: Mapped[SourceRecord | None] = relationship()
    level: Mapped[Level | None] = relationship()
    goals: Mapped[list[Goal]] = relationship(secondary=activity_goal, order_by=Goal.position)
    topics: Mapped[list[Topic]] = relationship(secondary=activity_topic, order_by=Topic.position)
    seen_by: Mapped[User | None] = relationship(foreign_keys=seen_by_id)
    channels: Mapped[list["ContactChannel"]] = relationship(
        order_by="ContactChannel.position", cascade="all, delete-orphan", back_populates="activity"
    )

    __mapper_args__ = {"version_id_col": row_version}  # noqa: RUF012 -- SQLAlchemy reads it as it stands

    def __str__(self) -> str:
        return self.title

    @property
    def schedule(self) -> Schedule:
        return schedule_json.from_json(self.schedule_data)

    @schedule.setter
    def schedule(self, schedule: Schedule) -> None:
        self.schedule_data = schedule_json.to_json(schedule)
        self.first_moment = schedule.first()
        self.over_at = schedule.over_at()

    @property
    def undecided(self) -> bool:
        """A draft that leaves its moment for later; until then it reads as flexible."""
        return bool(self.schedule_data.get(UNDECIDED))

    def decide_later(self) -> None:
        self.schedule = Flexible()
        self.schedule_data = self.schedule_data | {UNDECIDED: True}

    @property
    def organiser(self) -> str:
        """Who organises it, in words: our organisation, or the name the source gives."""
        return self.organisation.name if self.organisation else self.organiser_name

    @property
    def address(self) -> str:
        """One line: place, street, postal code and locality, without what is missing."""
        town = " ".join(part for part in (self.postal_code, self.locality) if part)
        return ", ".join(part for part in (self.place_name, self.street, town) if part)


class ContactChannel(Base):
    """One way to reach the organiser; public or internal, one of them preferred."""

    __tablename__ = "contact_channel"

    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id", ondelete="CASCADE"), index=True)
    kind: Mapped[Channel] = mapped_column(words(Channel))
    value: Mapped[str] = mapped_column(String(254))
    public: Mapped[bool] = mapped_column(default=True)
    preferred: Mapped[bool] = mapped_column(default=False)
    position: Mapped[int] = mapped_column(default=0)

    activity: Mapped[Activity] = relationship(back_populates="channels")

    @property
    def shown(self) -> Shown:
        return shown(self.kind, self.value)

    @property
    def kind_words(self) -> str:
        return CHANNEL_WORDS[self.kind]

    def __str__(self) -> str:
        return f"{self.kind_words}: {self.shown.words}"
