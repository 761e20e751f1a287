"""A back-up is only one when it comes back: into an empty database, row for row, and people sign in again."""

import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select, text, update
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from app import schema
from app.backups import archive, postgres
from app.domain.clock import now_utc
from app.factory import create_app
from app.models import Invitation, LoginSession, PasswordReset, User, db
from app.services.accounts import hash_password
from tests.admin_views import cast
from tests.conftest import Database, Visitor, settings
from tests.factories import NOW, LoginSessionFactory, UserFactory, own_entry, uit_event
from tests.jobs import elsewhere
from tests.postgres import drop_database, fresh_database

PASSWORD = "een lange zin met kip"
Command = Callable[..., Result]


def has_tools(url: str) -> bool:
    """Whether this machine has PostgreSQL's client tools, of the server's version or newer."""
    try:
        version = subprocess.run([postgres.found("pg_dump"), "--version"], capture_output=True, text=True).stdout
    except archive.BackupError:
        return False
    major = int(db.session.scalar(text("show server_version_num"))) // 10_000
    return int(version.split()[2].split(".")[0]) >= major


@pytest.fixture
def tools(database: Database, session: Session) -> None:
    if database.name == "postgresql" and not has_tools(database.url):
        pytest.skip("no pg_dump of the server's version here")


@pytest.fixture
def empty(database: Database, tmp_path: Path) -> Iterator[Flask]:
    """The application on an empty database of the same kind."""
    url = f"sqlite:///{tmp_path / 'empty.sqlite'}"
    if database.name == "postgresql":
        url = fresh_database(database.url, f"doemee_restore_{os.getpid()}")
    app = create_app(settings(url, tmp_path))
    app.testing, app.test_client_class = True, Visitor
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    if database.name == "postgresql":
        drop_database(database.url, f"doemee_restore_{os.getpid()}")


def on(app: Flask) -> Command:
    return lambda *words: elsewhere(app, lambda: app.test_cli_runner().invoke(args=list(words)))


def rows(app: Flask) -> dict[str, int]:
    def counted() -> dict[str, int]:
        tables = db.metadata.sorted_tables
        return {table.name: db.session.scalar(select(func.count()).select_from(table)) or 0 for table in tables}

    return elsewhere(app, counted)


@pytest.fixture
def filled(session: Session) -> User:
    """A small world, somebody who can sign in, and what was open when the back-up was made."""
    people = cast()
    own_entry(people.bib, title="Één zin met ’n accent; en 漢字")
    uit_event(people.gent)
    user = UserFactory(email="noor@doemee.example", name="Noor", password_hash=hash_password(PASSWORD))
    now = now_utc()
    LoginSessionFactory(user=user, ends_at=now + timedelta(hours=1))
    session.add(PasswordReset(user=user, token_hash="a" * 64, created_at=now, ends_at=now + timedelta(hours=1)))
    session.add(
        PasswordReset(user=user, token_hash="b" * 64, created_at=NOW, ends_at=NOW + timedelta(hours=1), used_at=NOW)
    )
    session.commit()
    return user


@pytest.fixture
def kept(app: Flask, filled: User, tools: None, tmp_path: Path) -> Path:
    """A back-up of that world."""
    path = tmp_path / "kept.backup"
    result = on(app)("backup", str(path))
    assert result.exit_code == 0, result.output
    return path


# --- there and back ---


def test_every_table_comes_back_with_every_row_and_people_sign_in(app: Flask, kept: Path, empty: Flask) -> None:
    before = rows(app)

    result = on(empty)("restore", str(kept))

    assert result.exit_code == 0, result.output
    assert "Every table has the rows it had. Sessions ended: 1, one-time links: 1." in result.output
    assert rows(empty) == before | {"login_session": 0}
    assert before["login_session"] == 1
    assert before["activity"] == 2
    visitor = empty.test_client()
    answer = visitor.send("/login", {"email": "noor@doemee.example", "password": PASSWORD})  # type: ignore[attr-defined]
    assert answer.status_code == 302
    assert visitor.get("/admin/").status_code == 200


def test_the_rows_themselves_are_the_same_and_new_ones_get_a_new_number(app: Flask, kept: Path, empty: Flask) -> None:
    def all_users() -> list[tuple[object, ...]]:
        return [tuple(row) for row in db.session.execute(select(User.__table__).order_by(User.id))]

    before = elsewhere(app, all_users)
    on(empty)("restore", str(kept))

    assert elsewhere(empty, all_users) == before
    result = on(empty)("create-user", "nieuw@doemee.example", "Nieuw")
    assert result.exit_code == 0, result.output


def test_sessions_and_links_of_then_open_nothing_now(kept: Path, empty: Flask) -> None:
    """Some were ended or used since the back-up, and it cannot know which."""
    on(empty)("restore", str(kept))

    def open_now() -> tuple[int, ...]:
        now = now_utc()
        asked = (
            select(func.count()).select_from(LoginSession),
            select(func.count()).select_from(PasswordReset).where(PasswordReset.ends_at > now),
            select(func.count()).select_from(Invitation).where(Invitation.ends_at > now),
        )
        return tuple(db.session.scalar(question) or 0 for question in asked)

    assert elsewhere(empty, open_now) == (0, 0, 0)


def test_the_restored_database_goes_on_as_it_was(kept: Path, empty: Flask) -> None:
    on(empty)("restore", str(kept))

    assert on(empty)("db", "upgrade").exit_code == 0
    again = on(empty)("load-reference", "--json")
    assert again.exit_code == 0, again.output
    assert empty.test_client().get("/").status_code == 200


def test_machines_get_one_line(app: Flask, filled: User, tools: None, empty: Flask, tmp_path: Path) -> None:
    path = tmp_path / "one.backup"

    made = json.loads(on(app)("backup", str(path), "--json").stdout)
    back = json.loads(on(empty)("restore", str(path), "--json").stdout)

    assert made["file"] == str(path)
    assert made["rows"]["user"] == rows(app)["user"]
    assert back["rows"] == made["rows"]
    assert (back["sessions_ended"], back["links_ended"]) == (1, 1)


def test_what_is_written_meanwhile_is_not_half_in_it(
    app: Flask, filled: User, tools: None, empty: Flask, tmp_path: Path
) -> None:
    """A writer that never stops: counts and rows are of one moment."""
    enough = Event()

    def write() -> None:
        with app.app_context():
            while not enough.is_set():
                db.session.execute(update(User).where(User.id == filled_id).values(row_version=User.row_version + 1))
                times = {"created_at": NOW, "last_seen_at": NOW, "ends_at": NOW}
                db.session.add(LoginSession(token_hash=os.urandom(32).hex(), user_id=filled_id, **times))
                db.session.commit()

    filled_id = filled.id
    writer = Thread(target=write)
    writer.start()
    try:
        made = [on(app)("backup", str(tmp_path / f"{n}.backup")).exit_code for n in range(3)]
    finally:
        enough.set()
        writer.join()

    assert made == [0, 0, 0]
    result = on(empty)("restore", str(tmp_path / "2.backup"))
    assert result.exit_code == 0, result.output


# --- the file ---


def test_the_file_is_for_its_owner_only_and_holds_what_it_says(kept: Path, app: Flask) -> None:
    assert kept.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in kept.parent.iterdir() if "backup" in path.name] == ["kept.backup"]
    manifest = archive.read_manifest(kept)
    assert manifest.rows == rows(app)
    assert set(manifest.migration.split(",")) == set(schema.heads())


def test_its_checksums_can_be_held_without_us(kept: Path, tmp_path: Path) -> None:
    with tarfile.open(kept) as tar:
        tar.extractall(tmp_path / "out", filter="data")

    done = subprocess.run(["sha256sum", "--check", "SHA256SUMS"], cwd=tmp_path / "out", capture_output=True, text=True)

    assert (done.returncode, done.stdout.count(": OK")) == (0, 2)


def test_a_file_that_is_there_is_never_written_over(app: Flask, filled: User, tools: None, tmp_path: Path) -> None:
    path = tmp_path / "mine.txt"
    path.write_text("mine")
    (tmp_path / "link.backup").symlink_to(path)

    for name in ("mine.txt", "link.backup"):
        result = on(app)("backup", str(tmp_path / name))
        assert result.exit_code == 1
        assert "is there already" in result.output

    assert path.read_text() == "mine"
    assert not [left for left in tmp_path.iterdir() if left.name.startswith(".")]


def test_of_two_at_the_same_moment_one_keeps_its_name(tmp_path: Path) -> None:
    path = tmp_path / "x.backup"

    def slowly() -> None:
        with archive.new_file(path) as file:
            file.write_text("second")
            path.write_text("first")

    with pytest.raises(archive.BackupError, match="is there already"):
        slowly()

    assert path.read_text() == "first"
    assert [left.name for left in tmp_path.iterdir()] == ["x.backup"]


def test_in_a_folder_it_gets_a_name_with_the_time(app: Flask, filled: User, tools: None, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()

    assert on(app)("backup", str(folder)).exit_code == 0

    [made] = folder.iterdir()
    assert made.match("doemee-20??????T??????Z.backup")


def test_a_place_where_nothing_can_be_written_is_told_in_words(app: Flask, session: Session, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    result = on(app)("backup", str(tmp_path / "file" / "x.backup"))

    assert result.exit_code == 1
    assert result.output.startswith("Error: Cannot write in ")


def test_a_database_without_tables_is_nothing_to_back_up(empty: Flask, session: Session, tmp_path: Path) -> None:
    result = on(empty)("backup", str(tmp_path / "x.backup"))

    assert result.exit_code == 1
    assert "There is nothing to back up" in result.output
    assert not list(tmp_path.glob("*.backup"))


# --- refused ---


def left_empty(app: Flask) -> bool:
    return elsewhere(app, lambda: not db.inspect(db.engine).get_table_names())


@pytest.mark.parametrize(("part", "where"), [(0, 0.5), (1, 0.1), (1, 0.9), (2, 0.0), (2, 0.3), (2, 0.6), (2, 0.9)])
def test_a_damaged_file_is_refused(kept: Path, empty: Flask, part: int, where: float) -> None:
    with tarfile.open(kept) as tar:
        held = tar.getmembers()[part]
    content = bytearray(kept.read_bytes())
    content[held.offset_data + 4 + int(held.size * where)] ^= 1  # the fifth byte: gzip itself does not miss it
    kept.write_bytes(content)

    result = on(empty)("restore", str(kept))

    assert result.exit_code == 1
    assert "its checksum does not hold. Nothing was restored." in result.output
    assert left_empty(empty)


@pytest.mark.parametrize("content", [b"", b"niets", b"x" * 100_000, None])
def test_what_is_no_back_up_is_refused(empty: Flask, session: Session, tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "x.backup"
    if content is not None:
        path.write_bytes(content)

    result = on(empty)("restore", str(path))

    assert result.exit_code == 1
    assert result.output.startswith("Error: ")
    assert "Traceback" not in result.output
    assert left_empty(empty)


def test_half_a_file_is_refused(kept: Path, empty: Flask) -> None:
    content = kept.read_bytes()
    kept.write_bytes(content[: len(content) // 2])

    assert on(empty)("restore", str(kept)).exit_code == 1
    assert left_empty(empty)


def test_a_database_that_is_not_empty_is_left_alone(app: Flask, kept: Path) -> None:
    before = rows(app)

    result = on(app)("restore", str(kept))

    assert result.exit_code == 1
    assert "The database is not empty" in result.output
    assert rows(app) == before


def rewritten(path: Path, **changed: object) -> Path:
    """The same back-up, saying something else of itself, with checksums that hold."""
    data = path.with_suffix(".data")
    manifest = archive.unpack(path, data)
    other = archive.Manifest(**{name: getattr(manifest, name) for name in manifest.__slots__} | changed)
    target = path.with_suffix(".other")
    archive.pack(target, other, data)
    return target


def test_one_of_the_other_kind_of_database_is_refused(kept: Path, empty: Flask, database: Database) -> None:
    other = "sqlite" if database.name == "postgresql" else "postgresql"

    result = on(empty)("restore", str(rewritten(kept, database=other)))

    assert result.exit_code == 1
    assert "goes back into its own kind of database" in result.output
    assert left_empty(empty)


def test_one_of_a_newer_version_is_refused(kept: Path, empty: Flask) -> None:
    result = on(empty)("restore", str(rewritten(kept, migration="9999")))

    assert result.exit_code == 1
    assert "was made by a newer version (migration 9999)" in result.output
    assert left_empty(empty)


def test_rows_that_did_not_come_back_are_told(kept: Path, empty: Flask) -> None:
    manifest = archive.read_manifest(kept)

    result = on(empty)("restore", str(rewritten(kept, rows=manifest.rows | {"user": manifest.rows["user"] + 1})))

    assert result.exit_code == 1
    assert f"user {manifest.rows['user']} instead of {manifest.rows['user'] + 1}" in result.output


@pytest.mark.parametrize("changed", [{"format": 2}, {"database": "oracle"}])
def test_one_that_is_written_differently_is_refused(kept: Path, empty: Flask, changed: dict[str, object]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(archive.DATA, "oracle", "x")
        other = rewritten(kept, **changed)

    result = on(empty)("restore", str(other))

    assert result.exit_code == 1
    assert "made by another version" in result.output


@pytest.mark.only_on("postgresql")
def test_without_the_tools_of_postgresql_it_says_what_to_install(
    app: Flask, session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    monkeypatch.setattr(postgres, "DEBIAN", tmp_path)

    result = on(app)("backup", str(tmp_path / "x.backup"))

    assert result.exit_code == 1
    assert "pg_dump is not on this machine" in result.output
    assert not list(tmp_path.glob("*.backup"))


def test_the_password_is_on_no_command_line() -> None:
    url = make_url("postgresql+psycopg://doemee:GEHEIM@db.stad.be:5433/doemee?sslmode=require")

    words = postgres.connection_of(url)

    assert "GEHEIM" not in words
    assert set(words.split()) == {"host=db.stad.be", "port=5433", "user=doemee", "dbname=doemee", "sslmode=require"}


@pytest.mark.only_on("sqlite")
def test_a_restored_sqlite_is_whole_and_for_its_owner_only(kept: Path, empty: Flask, tmp_path: Path) -> None:
    on(empty)("restore", str(kept))

    assert (tmp_path / "empty.sqlite").stat().st_mode & 0o777 == 0o600
    with closing(sqlite3.connect(tmp_path / "empty.sqlite")) as raw:
        assert raw.execute("pragma integrity_check").fetchone() == ("ok",)
        assert raw.execute("pragma foreign_key_check").fetchall() == []


@pytest.mark.parametrize("name", ["check", "backup", "restore"])
def test_every_command_explains_itself(app: Flask, session: Session, name: str) -> None:
    result = on(app)(name, "--help")

    assert result.exit_code == 0
    assert len(result.output.splitlines()) > 6
