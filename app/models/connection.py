"""How a connection behaves: SQLite made strict and durable, PostgreSQL as it comes; and the door for writing."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.orm import Session

BUSY_TIMEOUT_MS = 10_000
WRITES = "doemee_writes"


def prepare(engine: Engine) -> None:
    """Hang our habits on this engine. Does nothing on PostgreSQL."""
    if engine.dialect.name != "sqlite":
        return
    event.listen(engine, "connect", _strict)
    event.listen(engine, "begin", _begin)


def _strict(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None  # the driver starts no transactions of its own; `_begin` does
    for pragma in (
        "journal_mode=WAL",
        "foreign_keys=ON",
        f"busy_timeout={BUSY_TIMEOUT_MS}",
        "synchronous=FULL",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    # In WAL a transaction that reads first and writes later fails at once when another commits in between,
    # whatever the timeout; so whoever is going to write says so at the start.
    immediate = connection.get_execution_options().get(WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


def begin_write(session: Session) -> None:
    """Open this session's transaction for writing; must come before its first statement."""
    session.rollback()
    session.connection(execution_options={WRITES: True})


@contextmanager
def writing(session: Session) -> Iterator[None]:
    """A transaction for writing: committed at the end, rolled back when something goes wrong."""
    begin_write(session)
    try:
        yield
        session.commit()
    except BaseException:
        session.rollback()
        raise
