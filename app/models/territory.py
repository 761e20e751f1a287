"""Municipalities, their postal codes, reference regions and networks: reference data, loaded from `app/reference`."""

from sqlalchemy import Column, ForeignKey, Integer, String, Table
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base

network_municipality = Table(
    "network_municipality",
    Base.metadata,
    Column("network_id", Integer, ForeignKey("network.id"), primary_key=True),
    Column("municipality_id", Integer, ForeignKey("municipality.id"), primary_key=True, index=True),
)


class Region(Base):
    """One of the 15 Flemish reference regions."""

    __tablename__ = "region"

    name: Mapped[str] = mapped_column(String(80), unique=True)
    alias: Mapped[str] = mapped_column(String(80), default="")

    def __str__(self) -> str:
        return self.name


class Municipality(Base):
    """A municipality by its NIS code (Statbel REFNIS 2025): 285 in Flanders and the 19 of Brussels."""

    __tablename__ = "municipality"

    nis_code: Mapped[str] = mapped_column(String(5), unique=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    province: Mapped[str] = mapped_column(String(80))
    region_id: Mapped[int | None] = mapped_column(ForeignKey("region.id"), index=True)

    region: Mapped[Region | None] = relationship()
    postal_codes: Mapped[list["PostalCode"]] = relationship(order_by="PostalCode.code", back_populates="municipality")

    def __str__(self) -> str:
        return self.name


class PostalCode(Base):
    """A postal code of four digits; each belongs to exactly one municipality here."""

    __tablename__ = "postal_code"

    code: Mapped[str] = mapped_column(String(4), unique=True)
    municipality_id: Mapped[int] = mapped_column(ForeignKey("municipality.id"), index=True)

    municipality: Mapped[Municipality] = relationship(back_populates="postal_codes")

    def __str__(self) -> str:
        return self.code


class Network(Base):
    """One of the 18 networks: the 15 regions and the cities Antwerpen, Gent and Brussel."""

    __tablename__ = "network"

    name: Mapped[str] = mapped_column(String(80), unique=True)

    municipalities: Mapped[list[Municipality]] = relationship(
        secondary=network_municipality, order_by=Municipality.name
    )

    def __str__(self) -> str:
        return self.name
