"""Making a back-up while everything runs on: one moment of the database, whatever is written meanwhile."""

import gzip
import shutil
import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Connection, Engine, func, select, table, text

from app import schema
from app.backups import archive, postgres
from app.backups.archive import BackupError, Manifest

Progress = Callable[[str], None]
PAGES_A_STEP = 2_000


def default_name(now: datetime) -> str:
    return f"doemee-{now:%Y%m%dT%H%M%SZ}.backup"


def backup(engine: Engine, path: Path, tables: Iterable[str], now: datetime, say: Progress) -> Manifest:
    """Write a back-up to `path`, which must not exist. Returns what is in it. Raises BackupError."""
    with archive.new_file(path) as file, TemporaryDirectory(dir=path.parent, prefix=".backup-") as folder:
        data = Path(folder) / "data"
        with engine.connect() as connection:
            keep = keep_sqlite if engine.dialect.name == "sqlite" else keep_postgres
            manifest = keep(connection, data, tables, now, say)
        say("packing")
        archive.pack(file, manifest, data)
    return manifest


def keep_postgres(connection: Connection, data: Path, tables: Iterable[str], now: datetime, say: Progress) -> Manifest:
    """Counts and dump see the same snapshot."""
    connection.execute(text("set transaction isolation level repeatable read, read only"))
    snapshot = connection.scalar(text("select pg_export_snapshot()"))
    manifest = described(connection, tables, now)
    say("pg_dump")
    postgres.dump(connection.engine.url, str(snapshot), data)
    return manifest


def keep_sqlite(connection: Connection, data: Path, tables: Iterable[str], now: datetime, say: Progress) -> Manifest:
    """By SQLite's own backup: from within a reading transaction, so that writers neither wait nor disturb."""
    manifest = described(connection, tables, now)  # its first read fixes the moment
    copy = data.with_suffix(".sqlite")

    def step(_status: int, remaining: int, total: int) -> None:
        say(f"copying: {100 * (total - remaining) // max(total, 1)} %")

    with closing(sqlite3.connect(copy)) as target:
        raw = connection.connection.driver_connection
        assert isinstance(raw, sqlite3.Connection)  # noqa: S101 -- for the reader and mypy: this is the driver's own
        raw.backup(target, pages=PAGES_A_STEP, progress=step)
    say("compressing")
    with copy.open("rb") as source, gzip.open(data, "wb", compresslevel=6) as packed:
        shutil.copyfileobj(source, packed, archive.CHUNK)
    return manifest


def described(connection: Connection, tables: Iterable[str], now: datetime) -> Manifest:
    state = schema.of(connection)
    if not state.at:
        raise BackupError("There is nothing to back up: this database has no tables of ours.")
    return Manifest(
        database=connection.dialect.name,
        migration=",".join(state.at),
        made_at=now.isoformat(timespec="seconds"),
        rows=counted(connection, tables),
    )


def counted(connection: Connection, tables: Iterable[str]) -> dict[str, int]:
    """How many rows each table has."""
    return {name: connection.scalar(select(func.count()).select_from(table(name))) or 0 for name in sorted(tables)}
