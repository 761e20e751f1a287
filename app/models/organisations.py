"""Organisations: who publishes. A municipality is one too (DESIGN rule 1)."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base, words
from app.models.territory import Municipality


class OrganisationKind(StrEnum):
    TOWN = "town"
    ASSOCIATION = "association"
    PUBLIC = "public"
    OTHER = "other"


KIND_WORDS = {
    OrganisationKind.TOWN: "lokaal bestuur",
    OrganisationKind.ASSOCIATION: "vereniging",
    OrganisationKind.PUBLIC: "openbare dienst",
    OrganisationKind.OTHER: "andere",
}


class Organisation(Base):
    __tablename__ = "organisation"

    name: Mapped[str] = mapped_column(String(120))
    kind: Mapped[OrganisationKind] = mapped_column(words(OrganisationKind), default=OrganisationKind.ASSOCIATION)
    municipality_id: Mapped[int] = mapped_column(ForeignKey("municipality.id"), index=True)
    website: Mapped[str] = mapped_column(String(254), default="")
    uit_id: Mapped[str | None] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    row_version: Mapped[int] = mapped_column(default=1)

    municipality: Mapped[Municipality] = relationship()

    __mapper_args__ = {"version_id_col": row_version}  # noqa: RUF012 -- SQLAlchemy reads it as it stands
    __table_args__ = (
        # A town is an organisation once.
        Index(
            "uq_organisation_town",
            "municipality_id",
            unique=True,
            sqlite_where=text("kind = 'town'"),
            postgresql_where=text("kind = 'town'"),
        ),
        Index("ix_organisation_name", "name"),
    )

    def __str__(self) -> str:
        return self.name
