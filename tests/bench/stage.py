"""A database with its app and its people signed in: what the pages are asked of."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from sqlalchemy import create_engine, func, select
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool

from app.domain.clock import now_utc
from app.factory import create_app
from app.models import Activity, Mandate, MandateRole, Municipality, Network, Organisation, User, connection, db
from app.models.organisations import OrganisationKind
from app.models.territory import network_municipality
from app.services import reference, sessions
from tests import postgres
from tests.bench import data
from tests.conftest import settings

LOCAL, NETWORK, PLATFORM, ANYBODY = "local", "network", "platform", ""


@dataclass
class Stage:
    """`facts` are what hand-written SQL needs to know: the ids of the people and places that the pages are about."""

    rows: int
    app: Flask
    raw: psycopg.Connection[Any]
    clients: dict[str, FlaskClient]
    facts: dict[str, Any]


@contextmanager
def stage(server: str, rows: int, now: datetime, folder: Path) -> Iterator[Stage]:
    """A new database with so many activities, gone at the end."""
    name = f"doemee_bench_{rows}"
    url = postgres.fresh_database(server, name)
    app = create_app(settings(url, folder))
    logging.getLogger("alembic").setLevel(logging.WARNING)
    with app.app_context():
        upgrade()
        with connection.writing(db.session):
            reference.load(db.session, now)
        with db.engine.begin() as open_connection:
            data.fill(open_connection, rows, now)
        idle = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
        with idle.connect() as open_connection:
            data.settle(open_connection)
        facts = _facts(now)
        clients = {ANYBODY: app.test_client()} | {
            role: _signed_in(app, facts[f"{role}_user"]) for role in (LOCAL, NETWORK, PLATFORM)
        }
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    try:
        with psycopg.connect(plain, autocommit=True) as raw:
            yield Stage(rows, app, raw, clients, facts)
    finally:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
        postgres.drop_database(server, name)


def _facts(now: datetime) -> dict[str, Any]:
    town = db.session.scalars(select(Municipality).filter_by(name=data.TOWN)).one().id
    network = db.session.scalars(select(Network).filter_by(name=data.NETWORK)).one().id
    member = network_municipality.c
    return {
        "now": now,
        "town": town,
        "towns": list(db.session.scalars(select(member.municipality_id).where(member.network_id == network))),
        "town_organisation": db.session.scalar(
            select(Organisation.id).filter_by(municipality_id=town, kind=OrganisationKind.TOWN)
        ),
        "entry": db.session.scalar(
            select(func.max(Activity.id)).filter_by(municipality_id=town, origin="own", state="published")
        ),
        "topic": "cooking",
        "local_user": _holder(role=MandateRole.LOCAL, municipality_id=town),
        "network_user": _holder(role=MandateRole.NETWORK, network_id=network),
        "platform_user": _holder(role=MandateRole.PLATFORM),
    }


def _holder(**mandate: Any) -> int:
    return db.session.scalars(select(Mandate.user_id).filter_by(**mandate)).one()


def _signed_in(app: Flask, user_id: int) -> FlaskClient:
    """A browser with the cookie that signing in leaves; the password is not what is measured here."""
    with connection.writing(db.session):
        token = sessions.start(db.session, db.session.get_one(User, user_id), now_utc(), timedelta(hours=12))
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = token, True
    return client
