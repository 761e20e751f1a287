"""PostgreSQL's own tools, spoken to without a shell; the password goes by the environment, never on a command line."""

import os
import shutil
import subprocess
from pathlib import Path

from psycopg.conninfo import make_conninfo
from sqlalchemy.engine import URL

from app.backups.archive import BackupError

DEBIAN = Path("/usr/lib/postgresql")
WORDS = 500


def dump(url: URL, snapshot: str, target: Path) -> None:
    """All of the database as it was at this snapshot, in PostgreSQL's custom format."""
    options = ("--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}", f"--file={target}")
    run("pg_dump", url, *options, "--dbname")


def load(url: URL, source: Path) -> None:
    """All of it, or nothing: one transaction."""
    options = ("--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges", "--no-comments")
    run("pg_restore", url, *options, "--dbname", last=(str(source),))


def run(program: str, url: URL, *options: str, last: tuple[str, ...] = ()) -> None:
    """The last of `options` takes the connection. Raises BackupError with what the program said."""
    done = subprocess.run(  # noqa: S603 -- a program of PostgreSQL, with arguments of ours
        [found(program), "--no-password", *options, connection_of(url), *last],
        env=os.environ | {"PGPASSWORD": url.password or "", "LC_ALL": "C.UTF-8"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode != 0:
        raise BackupError(f"{program} failed: {done.stderr.strip()[-WORDS:] or f'status {done.returncode}'}")


def connection_of(url: URL) -> str:
    """The same database in libpq's words, without the password."""
    asked = {"host": url.host, "port": url.port, "user": url.username, "dbname": url.database, **url.query}
    return make_conninfo(**{name: str(value) for name, value in asked.items() if value})


def found(program: str) -> str:
    """Where it is: in the PATH, or the newest that Debian keeps outside it."""
    if held := shutil.which(program):
        return held
    kept = sorted(DEBIAN.glob(f"*/bin/{program}"), key=lambda path: path.parent.parent.name.zfill(4))
    if not kept:
        raise BackupError(
            f"{program} is not on this machine. Install PostgreSQL's client tools, of the server's version or newer "
            "(Debian: apt-get install postgresql-client)."
        )
    return str(kept[-1])
