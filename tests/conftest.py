"""What a test can ask for: a database of each kind, a session that leaves nothing behind, a browser of paper.

A test that asks for `session`, `client` or anything on top of them runs once on SQLite and once on PostgreSQL
(`--db sqlite` for one of them). A database is made once a worker, by the real migrations and with the real
reference data; after each test all that came on top of those is deleted.
"""

import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from contextvars import Context
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import ColumnElement, Connection, Table, event, exists, func, select, text, true
from sqlalchemy.orm import ORMExecuteState, Session, SessionTransaction, UOWTransaction
from werkzeug.test import TestResponse

from app.factory import create_app
from app.models import (
    Base,
    Change,
    Municipality,
    Network,
    PostalCode,
    Reason,
    Region,
    Topic,
    User,
    connection,
    db,
)
from app.models.reference import Goal, Level
from app.models.sources import Source
from app.services import reference, sessions
from app.services.history import AUDITED, UNTOLD
from app.settings import Settings
from tests import postgres, smtp
from tests.factories import NOW

pytest_plugins = ["tests.browser"]

DATABASES = ("sqlite", "postgresql")
FIXED = (Region, Municipality, PostalCode, Network, Goal, Level, Topic, Reason)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--db", choices=DATABASES, help="run only on this database; without it, on both")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "database" in metafunc.fixturenames:
        only, mark = metafunc.config.getoption("db"), metafunc.definition.get_closest_marker("only_on")
        names = mark.args if mark else DATABASES
        metafunc.parametrize("database", [name for name in names if only in (None, name)], indirect=True)


def settings(database_url: str, folder: Path) -> Settings:
    """Settings like the demo's; nothing listens at its mail server and its UiT."""
    return Settings(
        app_env="demo",
        secret_key="only-for-the-tests",
        database_url=database_url,
        base_url="http://localhost",
        smtp_url="smtp://127.0.0.1:1",
        mail_from="Doemee <noreply@doemee.example>",
        uit_base_url="http://127.0.0.1:1",
        uit_entry_url="http://127.0.0.1:1",
        uit_client_id="demo",
        uit_requests_per_second=0,
        demo_still=True,
        demo_mail_folder=str(folder / "mail"),
    )


# --- databases ---


@dataclass(frozen=True)
class Database:
    """An app on a migrated database with the reference data; `last` is the highest reference id of each table."""

    name: str
    url: str
    app: Flask
    last: dict[str, int]

    def added(self, table: Table) -> ColumnElement[bool]:
        """What is no reference row."""
        key = table.c.id if "id" in table.c else next(iter(table.c))
        owner = table.name if "id" in table.c else next(iter(key.foreign_keys)).column.table.name
        return key > self.last[owner] if self.last.get(owner) else true()

    def empty(self) -> None:
        """Delete all that tests added: one question for all tables, then only what is there."""
        tables = list(reversed(db.metadata.sorted_tables))
        with self.app.app_context(), db.engine.begin() as open_connection:
            if self.name == "postgresql":  # fail rather than wait for who left a transaction open
                open_connection.execute(text("set local lock_timeout = '10s'"))
            columns = [exists(select(1).select_from(t).where(self.added(t))).label(t.name) for t in tables]
            filled = open_connection.execute(select(*columns)).one()
            for table in tables:
                if getattr(filled, table.name):
                    open_connection.execute(table.delete().where(self.added(table)))
            open_connection.execute(Source.__table__.update().where(Source.cursor.is_not(None)).values(cursor=None))


@contextmanager
def made(name: str, url: str, folder: Path) -> Iterator[Database]:
    app = create_app(settings(url, folder))
    app.testing = True
    app.test_client_class = Visitor
    with app.app_context():
        if name == "sqlite":
            event.listen(db.engine, "connect", _hasty)
        upgrade()
        with connection.writing(db.session):
            reference.load(db.session, NOW)
        with db.engine.connect() as open_connection:
            last = dict(_last_ids(open_connection))
    try:
        yield Database(name, url, app, last)
    finally:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def _hasty(raw: Any, _record: Any) -> None:
    raw.execute("PRAGMA synchronous=OFF")  # a test database need not survive a power cut


def _last_ids(open_connection: Connection) -> Iterator[tuple[str, int]]:
    for table in db.metadata.sorted_tables:
        if "id" in table.c:
            yield table.name, open_connection.scalar(select(func.max(table.c.id))) or 0


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Database]]:
    """Makes each database the first time it is asked for, and takes them down at the end."""
    held: dict[str, Database] = {}
    folder = tmp_path_factory.mktemp("databases")
    with ExitStack() as stack:

        def database_of(name: str) -> Database:
            if name not in held:
                url = f"sqlite:///{folder / 'test.sqlite'}"
                if name == "postgresql":
                    server = stack.enter_context(postgres.server())
                    own_name = f"doemee_test_{os.getpid()}"  # in CI the workers share a server
                    url = postgres.fresh_database(server, own_name)
                    stack.callback(postgres.drop_database, server, own_name)
                held[name] = stack.enter_context(made(name, url, folder))
            return held[name]

        yield database_of


@pytest.fixture
def database(request: pytest.FixtureRequest, databases: Callable[[str], Database]) -> Database:
    return databases(request.param)


# --- history ---


class Watch:
    """Follows every session: a commit that changes an audited row without a line of history is noted in `faults`.

    `session.info["unrecorded"] = True` opts out, as the factories do while they set things up. Columns that change
    by themselves or on sight (`UNTOLD`) ask for no line. A commit that changes a reference row is refused: those
    are made once for all tests.
    """

    def __init__(self, last: dict[str, int]) -> None:
        self.last = last
        self.faults: list[str] = []

    def flushed(self, session: Session, _context: UOWTransaction) -> None:
        noted = session.info.setdefault("changed", set())
        session.info.setdefault("told", set()).update(
            (row.table_name, row.record_id) for row in session.new if isinstance(row, Change)
        )
        if session.info.get("unrecorded"):
            return
        for row in [*session.new, *session.dirty, *session.deleted]:
            known = row not in session.new
            if isinstance(row, AUDITED) and (not known or row in session.deleted or _changed(row)):
                noted.add((row.__tablename__, row.id))
            elif isinstance(row, FIXED) and known and row.id <= self.last[row.__tablename__] and _changed(row):
                session.info["reference_row"] = row

    def executed(self, state: ORMExecuteState) -> None:
        table = getattr(state.statement, "table", None)
        writes = state.is_insert or state.is_update or state.is_delete
        if state.is_update and {column.key for column in state.statement._values or {}} <= UNTOLD:
            return
        if writes and table is not None and table.name in {model.__tablename__ for model in AUDITED}:
            state.session.info.setdefault("changed", set()).add((table.name, None))

    def committing(self, session: Session) -> None:
        if session.in_nested_transaction():
            return
        session.flush()
        if row := session.info.pop("reference_row", None):
            raise AssertionError(f"{row!r} is a reference row: make one of the test's own to change")
        changed, told = session.info.pop("changed", set()), session.info.pop("told", set())
        if session.info.get("unrecorded"):
            return
        told |= {(name, None) for name, _ in told}
        self.faults += [f"{name} {key or '(by a statement)'}" for name, key in sorted(changed - told, key=str)]

    def rolled_back(self, session: Session, _transaction: SessionTransaction) -> None:
        for name in ("changed", "told", "reference_row"):
            session.info.pop(name, None)


def _changed(row: Base) -> bool:
    held = {item.key for item in db.inspect(row).attrs if item.history.has_changes()}
    return bool(held - UNTOLD - {"seen_by"})


@pytest.fixture
def _history_is_kept(database: Database) -> Iterator[None]:
    watch = Watch(database.last)
    listeners = (
        ("after_flush", watch.flushed),
        ("do_orm_execute", watch.executed),
        ("before_commit", watch.committing),
        ("after_soft_rollback", watch.rolled_back),
    )
    for name, listener in listeners:
        event.listen(Session, name, listener)
    yield
    for name, listener in listeners:
        event.remove(Session, name, listener)
    if watch.faults:
        pytest.fail("Committed without a line of history:\n" + "\n".join(watch.faults), pytrace=False)


# --- what tests ask for ---


@pytest.fixture
def app(database: Database, _history_is_kept: None) -> Iterator[Flask]:
    yield database.app
    database.empty()


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """The session of an app context that lasts as long as the test; the factories use it too."""
    with app.app_context():
        yield db.session
        db.session.rollback()
        db.session.remove()


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """The machine's clock starts at `now` and runs; `clock.move_to(...)` moves it."""
    with time_machine.travel(NOW, tick=True) as traveller:
        yield traveller


class Visitor(FlaskClient):
    """A browser without a screen. Its requests stand outside the test's context, as real ones do.

    What the test made is committed before each request, and what it holds is read anew after it.
    """

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        db.session.commit()
        kwargs.setdefault("buffered", True)  # read to its end within the request, as a server sends it
        return Context().run(super().open, *args, **kwargs)

    def send(self, path: str, data: dict[str, Any] | None = None, **options: Any) -> TestResponse:
        """POST a form as a page would: with the token of this visitor."""
        return self.post(path, data={"csrf_token": self.csrf_token(), **(data or {})}, **options)

    def csrf_token(self) -> str:
        with self.session_transaction() as cookie:
            raw = cookie.setdefault("csrf_token", secrets.token_hex(20))
        return URLSafeTimedSerializer(self.application.secret_key or "", salt="wtf-csrf-token").dumps(raw)


@pytest.fixture
def client(app: Flask, session: Session, clock: time_machine.Traveller) -> FlaskClient:
    """A visitor who is not signed in; it is `now`."""
    return app.test_client()


@pytest.fixture
def sign_in(app: Flask, session: Session, clock: time_machine.Traveller) -> Callable[..., FlaskClient]:
    """`sign_in(user)`: a visitor with a session of this account, begun at `at`, as signing in leaves one."""

    def signed_in(user: User, at: datetime = NOW) -> FlaskClient:
        hours = timedelta(hours=app.extensions["settings"].session_hours)
        token = sessions.start(session, user, at, hours)
        session.commit()
        visitor = app.test_client()
        with visitor.session_transaction() as cookie:
            cookie["_user_id"], cookie["_fresh"], cookie["who"] = token, True, user.id
        return visitor

    return signed_in


@pytest.fixture
def box(app: Flask) -> Iterator[smtp.Mailbox]:
    """A mail server on a socket, with all that the jobs hand it during this test."""
    before = app.extensions["settings"]
    with smtp.mailbox() as mailbox:
        app.extensions["settings"] = replace(before, smtp_url=mailbox.url)
        yield mailbox
        app.extensions["settings"] = before
