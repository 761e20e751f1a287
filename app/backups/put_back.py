"""Putting a back-up into an empty database: checked before, counted after, and nobody is signed in when it is done."""

import gzip
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Connection, Engine, delete, func, inspect, select, update

from app import schema
from app.backups import archive, postgres
from app.backups.archive import BackupError, Manifest
from app.backups.keep import counted
from app.models import Invitation, LoginSession, PasswordReset

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back, and how many sessions and one-time links of that time were ended."""

    manifest: Manifest
    sessions: int
    links: int
    behind: bool


def restore(engine: Engine, path: Path, now: datetime, say: Progress) -> Restored:
    """Put the back-up of `path` in this database, which must be empty. Raises BackupError."""
    manifest = archive.read_manifest(path)
    refuse_unfit(engine, path, manifest)
    with TemporaryDirectory(prefix="doemee-restore-") as folder:
        data = Path(folder) / "data"
        say("checking")
        archive.unpack(path, data)
        say("restoring")
        (load_sqlite if manifest.database == "sqlite" else load_postgres)(engine, path, data)
    with engine.begin() as connection:
        compare(connection, manifest)
        sessions, links = end_what_was_open(connection, now)
        behind = schema.of(connection).behind
    return Restored(manifest, sessions, links, behind)


def refuse_unfit(engine: Engine, path: Path, manifest: Manifest) -> None:
    if manifest.database != engine.dialect.name:
        raise BackupError(
            f"{path} is of {manifest.database}, and DATABASE_URL names {engine.dialect.name}. A back-up goes back into "
            "its own kind of database."
        )
    if not set(manifest.migration.split(",")) <= schema.known():
        raise BackupError(
            f"{path} was made by a newer version (migration {manifest.migration}). Install that one, then restore."
        )
    if tables := inspect(engine).get_table_names():
        raise BackupError(
            f"The database is not empty: it has {len(tables)} tables. Nothing is overwritten; point DATABASE_URL at an "
            "empty one."
        )


def load_postgres(engine: Engine, path: Path, data: Path) -> None:
    engine.dispose()
    postgres.load(engine.url, data)


def load_sqlite(engine: Engine, path: Path, data: Path) -> None:
    copy = data.with_suffix(".sqlite")
    try:
        with gzip.open(data) as packed, copy.open("wb") as file:
            shutil.copyfileobj(packed, file, archive.CHUNK)
    except (OSError, EOFError) as trouble:
        raise archive.damaged(path) from trouble
    with closing(sqlite3.connect(copy)) as source:
        if source.execute("pragma integrity_check").fetchone() != ("ok",):
            raise archive.damaged(path)
        with engine.connect() as connection:
            raw = connection.connection.driver_connection
            assert isinstance(raw, sqlite3.Connection)  # noqa: S101 -- for the reader: this is the driver's own
            source.backup(raw)
    engine.dispose()
    if engine.url.database:
        Path(engine.url.database).chmod(0o600)


def compare(connection: Connection, manifest: Manifest) -> None:
    held = counted(connection, manifest.rows)
    if wrong := [name for name, rows in manifest.rows.items() if held[name] != rows]:
        told = ", ".join(f"{name} {held[name]} instead of {manifest.rows[name]}" for name in wrong)
        raise BackupError(f"Not every row came back: {told}. Do not use this database; restore into a new one.")


def end_what_was_open(connection: Connection, now: datetime) -> tuple[int, int]:
    """Sessions and one-time links of then are ended: some were ended or used since, which the back-up cannot know."""
    sessions = connection.scalar(select(func.count()).select_from(LoginSession)) or 0
    connection.execute(delete(LoginSession))
    links = 0
    for link, used in ((PasswordReset, PasswordReset.used_at), (Invitation, Invitation.accepted_at)):
        done = connection.execute(update(link).where(used.is_(None), link.ends_at > now).values(ends_at=now))
        links += done.rowcount
    return sessions, links
