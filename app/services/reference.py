"""Load the reference data; running it again changes only what differs."""

import csv
import tomllib
from collections.abc import Iterable
from datetime import datetime
from importlib.resources import files
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.relevance import Match
from app.models import (
    Goal,
    IntakeRule,
    Level,
    Municipality,
    Network,
    PostalCode,
    Reason,
    ReasonFor,
    Region,
    Source,
    Topic,
)

CITY_NETWORKS = {"11002": "Antwerpen", "44021": "Gent"}
BRUSSELS_NETWORK = "Brussel"
ALIASES = {"Middenkust": "Regio Oostende"}
UIT_KEY, UIT_NAME = "uitdatabank", "UiTdatabank"


def load(session: Session, now: datetime) -> dict[str, int]:
    """Bring every list up to date with the files of `app/reference`. Returns the number of rows per list."""
    rows = _municipality_rows()
    lists = tomllib.loads((files("app.reference") / "lists.toml").read_text("utf-8"))
    _territory(session, rows)
    _networks(session, rows)
    _numbered(session, Goal, "key", lists["goals"])
    _plain(session, Level, "number", lists["levels"])
    _numbered(session, Topic, "key", lists["topics"])
    _numbered(session, Reason, "key", [row | {"used_for": ReasonFor(row["used_for"])} for row in lists["reasons"]])
    _plain(session, Source, "key", [{"key": UIT_KEY, "name": UIT_NAME}])
    _default_intake(session, lists["intake"], now)
    session.flush()
    return {
        "municipalities": len(rows),
        "networks": len({_network_of(row) for row in rows}),
        "topics": len(lists["topics"]),
        "reasons": len(lists["reasons"]),
    }


def _municipality_rows() -> list[dict[str, str]]:
    text = (files("app.reference") / "municipalities.csv").read_text("utf-8")
    return list(csv.DictReader(text.splitlines()))


def _territory(session: Session, rows: list[dict[str, str]]) -> None:
    names = sorted({row["referentieregio"] for row in rows} - {""})
    _plain(session, Region, "name", [{"name": name, "alias": ALIASES.get(name, "")} for name in names])
    session.flush()
    regions = {region.name: region.id for region in session.scalars(select(Region))}
    _plain(
        session,
        Municipality,
        "nis_code",
        [
            {
                "nis_code": row["nis_code"],
                "name": row["name"],
                "province": row["province"],
                "region_id": regions.get(row["referentieregio"]),
            }
            for row in rows
        ],
    )
    session.flush()
    towns = {town.nis_code: town.id for town in session.scalars(select(Municipality))}
    codes = [
        {"code": code, "municipality_id": towns[row["nis_code"]]}
        for row in rows
        for code in row["postal_codes"].split()
    ]
    _plain(session, PostalCode, "code", codes)


def _network_of(row: dict[str, str]) -> str:
    return CITY_NETWORKS.get(row["nis_code"]) or row["referentieregio"] or BRUSSELS_NETWORK


def _networks(session: Session, rows: list[dict[str, str]]) -> None:
    """Seed the networks; who changed a network's municipalities by hand keeps that."""
    held = set(session.scalars(select(Network.name)))
    towns = {town.nis_code: town for town in session.scalars(select(Municipality))}
    for name in sorted({_network_of(row) for row in rows} - held):
        members = [towns[row["nis_code"]] for row in rows if _network_of(row) == name]
        session.add(Network(name=name, municipalities=members))


def _default_intake(session: Session, rows: list[dict[str, str]], now: datetime) -> None:
    if session.scalar(select(IntakeRule.id).where(IntakeRule.municipality_id.is_(None)).limit(1)):
        return  # the platform made the list its own
    session.add_all(IntakeRule(match=Match(row["match"]), value=row["value"], created_at=now) for row in rows)


def _numbered(session: Session, model: Any, key: str, rows: Iterable[dict[str, Any]]) -> None:
    _plain(session, model, key, [row | {"position": position} for position, row in enumerate(rows, 1)])


def _plain(session: Session, model: Any, key: str, rows: Iterable[dict[str, Any]]) -> None:
    """Insert the rows that are new by `key`, and set the fields that differ on the others."""
    held = {getattr(row, key): row for row in session.scalars(select(model))}
    for row in rows:
        found = held.get(row[key])
        if found is None:
            session.add(model(**row))
            continue
        for field, value in row.items():
            if getattr(found, field) != value:
                setattr(found, field, value)
