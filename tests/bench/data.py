"""N invented activities in a fresh database: the same for the same seed, inserted in bulk."""

import random
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Table, func, insert, select, text

from app.domain.clock import brussels_date
from app.models import Activity, Change, ContactChannel, Mandate, Organisation, SourceRecord, User
from app.models.mandates import MandateRole
from app.models.organisations import OrganisationKind
from app.models.territory import Municipality, Network
from tests.bench.rows import Makers

ORGANISATIONS = 2_000
TOWN, TOWN_SHARE = "Aalst", 0.015  # one large town has 1.5 % of all
NETWORK = "Regio Gent"
AT_ONCE = 2_000
COUNTED = (User, Mandate, Organisation, SourceRecord, Activity, ContactChannel, Change)


def fill(connection: Connection, rows: int, now: datetime, seed: int = 20_000) -> None:
    """People and organisations, then the activities with all that hangs on them; ids count on from what is there."""
    dice = random.Random(seed)
    towns = [tuple(row) for row in connection.execute(select(Municipality.id, Municipality.name).order_by("id"))]
    organisations = list(_organisations(dice, towns, now))
    _insert(connection, Organisation, organisations)
    users, mandates = _people(connection, towns, organisations, now)
    _insert(connection, User, users)
    _insert(connection, Mandate, mandates)
    weights = _weights(dice, [name for _id, name in towns])
    ids = [id_ for id_, _name in towns]
    makers = Makers(connection, dice, organisations, mandates, now)
    places = dice.choices(ids, weights, k=rows)
    for part in parts(enumerate(places, 1)):
        for table, made in makers.make(part).items():
            _insert(connection, table, made)
    for model in COUNTED:
        name = model.__tablename__
        biggest = connection.scalar(select(func.max(model.id)))
        connection.execute(select(func.setval(func.pg_get_serial_sequence(f'"{name}"', "id"), biggest)))


def settle(connection: Connection) -> None:
    """What autovacuum would have done by the time anybody looks."""
    connection.execute(text("VACUUM ANALYZE"))


def parts(items: Iterable[Any]) -> Iterator[list[Any]]:
    """These items, so many at a time as go in one statement."""
    iterator = iter(items)
    while part := list(islice(iterator, AT_ONCE)):
        yield part


def _insert(connection: Connection, into: Any, rows: Iterable[dict[str, Any]]) -> None:
    table = into if isinstance(into, Table) else into.__table__
    for part in parts(rows):
        connection.execute(insert(table), part)


def _weights(dice: random.Random, names: list[str]) -> list[float]:
    """Some towns are ten times as busy as others; the one large town has its fixed share."""
    ranks = dice.sample(range(len(names)), len(names))
    weights = [1 / (30 + rank) for rank in ranks]
    others = sum(weights) - weights[names.index(TOWN)]
    weights[names.index(TOWN)] = TOWN_SHARE * others / (1 - TOWN_SHARE)
    return weights


def _organisations(dice: random.Random, towns: list[tuple[int, str]], now: datetime) -> Iterator[dict[str, Any]]:
    """Each town itself, and associations here and there."""
    for id_ in range(1, ORGANISATIONS + 1):
        is_town = id_ <= len(towns)
        place, name = towns[id_ - 1] if is_town else dice.choice(towns)
        yield {
            "id": id_,
            "name": f"Stad {name}" if is_town else f"De {dice.choice(('Babbelaar', 'Brug', 'Kring'))} {id_} vzw",
            "kind": OrganisationKind.TOWN if is_town else OrganisationKind.ASSOCIATION,
            "municipality_id": place,
            "website": "",
            "created_at": now - timedelta(days=500),
            "row_version": 1,
        }


def _people(
    connection: Connection, towns: list[tuple[int, str]], organisations: list[dict[str, Any]], now: datetime
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """A local administrator a town, an organiser an association, somebody a network, one of the platform."""
    networks = connection.scalars(select(Network.id).order_by(Network.id)).all()
    posts: list[tuple[MandateRole, str, int | None]] = [
        *((MandateRole.LOCAL, "municipality_id", id_) for id_, _name in towns),
        *((MandateRole.NETWORK, "network_id", id_) for id_ in networks),
        *((MandateRole.ORGANISER, "organisation_id", row["id"]) for row in organisations[len(towns) :]),
        (MandateRole.PLATFORM, "", None),
    ]
    users, mandates = [], []
    for id_, (role, ground, of) in enumerate(posts, 1):
        held = {"municipality_id": None, "network_id": None, "organisation_id": None}
        created = now - timedelta(days=400)
        address = f"persoon{id_}@doemee.example"
        users.append(
            {"id": id_, "email": address, "name": f"Persoon {id_}", "password_hash": "", "created_at": created}
        )
        users[-1]["row_version"] = 1
        since = brussels_date(created)
        mandates.append({"id": id_, "user_id": id_, "role": role, "since": since} | held | ({ground: of} if of else {}))
    return users, mandates
