"""What rights stand on: mandates, agreements and absences; whole days, both included, Brussels time. And the
invitation a mandate may begin with."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base, words
from app.models.organisations import Organisation
from app.models.people import User
from app.models.territory import Municipality, Network


class MandateRole(StrEnum):
    LOCAL = "local"
    BACKUP = "backup"
    NETWORK = "network"
    ORGANISER = "organiser"
    PLATFORM = "platform"


# Each role stands on exactly one ground, or, for the platform, on none.
_GROUND = (
    "(role in ('local', 'backup') and municipality_id is not null and network_id is null and organisation_id is null)"
    " or (role = 'network' and network_id is not null and municipality_id is null and organisation_id is null)"
    " or (role = 'organiser' and organisation_id is not null and municipality_id is null and network_id is null)"
    " or (role = 'platform' and municipality_id is null and network_id is null and organisation_id is null)"
)


class Mandate(Base):
    """A person's role on one ground, from a day, until a day or open-ended; `ended_at` ends it at once."""

    __tablename__ = "mandate"
    __table_args__ = (
        CheckConstraint(_GROUND, name="one_ground"),
        CheckConstraint("until is null or until >= since", name="until_after_since"),
        Index("ix_mandate_user_id_role", "user_id", "role"),
    )

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    role: Mapped[MandateRole] = mapped_column(words(MandateRole))
    municipality_id: Mapped[int | None] = mapped_column(ForeignKey("municipality.id"), index=True)
    network_id: Mapped[int | None] = mapped_column(ForeignKey("network.id"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    since: Mapped[date]
    until: Mapped[date | None]
    ended_at: Mapped[datetime | None]
    granted_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    user: Mapped[User] = relationship(foreign_keys=user_id)
    municipality: Mapped[Municipality | None] = relationship()
    network: Mapped[Network | None] = relationship()
    organisation: Mapped[Organisation | None] = relationship()
    granted_by: Mapped[User | None] = relationship(foreign_keys=granted_by_id)


class Agreement(Base):
    """A town lets a network see its dashboard, moderate, or both; it always has an end (DESIGN rule 10)."""

    __tablename__ = "agreement"
    __table_args__ = (
        CheckConstraint("until >= since", name="until_after_since"),
        CheckConstraint("dashboard or moderation", name="about_something"),
    )

    municipality_id: Mapped[int] = mapped_column(ForeignKey("municipality.id"), index=True)
    network_id: Mapped[int] = mapped_column(ForeignKey("network.id"), index=True)
    dashboard: Mapped[bool] = mapped_column(default=False)
    moderation: Mapped[bool] = mapped_column(default=False)
    since: Mapped[date]
    until: Mapped[date]
    ended_at: Mapped[datetime | None]
    agreed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    municipality: Mapped[Municipality] = relationship()
    network: Mapped[Network] = relationship()
    agreed_by: Mapped[User | None] = relationship()


class Absence(Base):
    """Somebody is away in one town, and who stands in (DESIGN rule 9)."""

    __tablename__ = "absence"
    __table_args__ = (
        CheckConstraint("until >= since", name="until_after_since"),
        CheckConstraint("stand_in_id is null or stand_in_id <> user_id", name="another_stands_in"),
    )

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    municipality_id: Mapped[int] = mapped_column(ForeignKey("municipality.id"), index=True)
    since: Mapped[date]
    until: Mapped[date]
    stand_in_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    reason: Mapped[str] = mapped_column(String(200), default="")
    taken_over: Mapped[bool] = mapped_column(default=False)
    ended_at: Mapped[datetime | None]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    user: Mapped[User] = relationship(foreign_keys=user_id)
    stand_in: Mapped[User | None] = relationship(foreign_keys=stand_in_id)
    municipality: Mapped[Municipality] = relationship()


class Invitation(Base):
    """Somebody asked to take up a mandate: good for 72 hours, once. The token is made when the mail is, and only its
    hash is kept."""

    __tablename__ = "invitation"
    __table_args__ = (CheckConstraint(_GROUND, name="one_ground"),)

    email: Mapped[str] = mapped_column(String(254))
    name: Mapped[str] = mapped_column(String(80))
    role: Mapped[MandateRole] = mapped_column(words(MandateRole))
    municipality_id: Mapped[int | None] = mapped_column(ForeignKey("municipality.id"), index=True)
    network_id: Mapped[int | None] = mapped_column(ForeignKey("network.id"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    invited_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    form_token: Mapped[str | None] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    accepted_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    withdrawn_at: Mapped[datetime | None]

    municipality: Mapped[Municipality | None] = relationship()
    network: Mapped[Network | None] = relationship()
    organisation: Mapped[Organisation | None] = relationship()
    invited_by: Mapped[User | None] = relationship(foreign_keys=invited_by_id)
    accepted_by: Mapped[User | None] = relationship(foreign_keys=accepted_by_id)

    @property
    def ground(self) -> Municipality | Network | Organisation | None:
        """Where the mandate will hold; nowhere in particular for the platform."""
        return self.municipality or self.organisation or self.network

    def __str__(self) -> str:
        return self.name
