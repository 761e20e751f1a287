"""docs/operations.md, followed literally: its blocks are run as they stand, from an empty database to a sign-in, a
back-up that is restored, and another secret key. Only addresses that belong to a machine are put in."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import fields
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, HTTPRedirectHandler, Request, build_opener

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.settings import ROOT, Settings
from jobs import TIMETABLE
from tests.conftest import Database
from tests.operations.test_backups import has_tools
from tests.operations.test_stop import Running, free_port
from tests.postgres import drop_database, fresh_database

PAGE = (ROOT / "docs" / "operations.md").read_text("utf-8")
HOST, ADMINISTRATOR, PASSWORD = "doemee.town.be", "you@town.be", "een lange zin met kip"
CODE = ("app", "admin_views", "jobs", "migrations", "deploy", "wsgi.py", ".env.example")
KINDS = {"", "as-root", "install", "serve", "ask", "restore", "containers"}


def blocks(kind: str) -> list[str]:
    """The shell blocks of this kind, in the order of the page."""
    return [body for found, body in re.findall(r"^```sh ?([a-z-]*)\n(.*?)^```$", PAGE, re.M | re.S) if found == kind]


# --- what can be held against the code without running it ---


def test_every_block_has_a_kind_that_somebody_holds_against_the_code() -> None:
    kinds = re.findall(r"^```(\S*)[ ]?(\S*)$", PAGE, re.M)

    assert {kind for language, kind in kinds if language == "sh"} <= KINDS
    assert {language for language, _ in kinds} == {"sh", ""}
    assert len(blocks("")) >= 7


def test_every_command_and_job_it_names_exists(app: Flask, session: Session) -> None:
    named = set(re.findall(r"flask --app wsgi ([a-z-]+)", PAGE))

    assert {"db", "load-reference", "create-user", "check", "send-mail", "backup", "restore", "run-job"} <= named
    assert named - {"db"} <= set(app.cli.commands)
    assert set(re.findall(r"run-job ([a-z-]+)", PAGE)) <= {job.name for job in TIMETABLE}
    for name in re.findall(r"the job `([a-z-]+)`", PAGE, re.I):
        assert name in {job.name for job in TIMETABLE}


def test_every_option_it_names_is_one_of_that_command(app: Flask, session: Session) -> None:
    for name, options in re.findall(r"flask --app wsgi ([a-z-]+)((?: [^`\n]*?)?)[`\n]", PAGE):
        for option in re.findall(r" (--[a-z]+)", options):
            assert option in {text for held in app.cli.commands[name].params for text in held.opts}, f"{name} {option}"


def test_every_setting_it_names_exists_and_every_one_that_production_needs_is_in_its_file() -> None:
    known = {field.name.upper() for field in fields(Settings)}
    theirs = {"WEB_CONCURRENCY", "WEB_THREADS", "WEB_BIND", "TMPDIR", "X_FORWARDED_FOR"}
    named = set(re.findall(r"`([A-Z]+(?:_[A-Z]+)+)[`=]", PAGE)) | set(re.findall(r"^([A-Z]+_[A-Z_]+)=", PAGE, re.M))

    assert named - theirs <= known
    gunicorn = (ROOT / "deploy" / "gunicorn.conf.py").read_text("utf-8")
    assert all(name in gunicorn for name in theirs if name.startswith("WEB_"))


def test_every_file_it_names_exists() -> None:
    named = set(re.findall(r"\b((?:deploy|tests|docs)/[\w./-]+[\w])", PAGE)) | {"CHANGELOG.md", ".env.example"}

    assert len(named) > 6
    assert [name for name in named if not list(ROOT.glob(f"{name}*"))] == []


def test_every_heading_it_points_at_is_there() -> None:
    headings = {
        re.sub(r"[^a-z0-9 -]", "", line.lower()).replace(" ", "-") for line in re.findall(r"^## (.+)$", PAGE, re.M)
    }

    assert set(re.findall(r"\]\(#([a-z0-9-]+)\)", PAGE)) <= headings


def test_the_units_run_what_the_page_runs_and_as_strictly_as_it_says() -> None:
    units = {path.name: path.read_text("utf-8") for path in (ROOT / "deploy" / "systemd").glob("*.service")}

    assert set(units) == {"doemee-web.service", "doemee-jobs.service", "doemee-backup.service"}
    for line in (command.strip() for command in blocks("serve")):
        assert any(f"ExecStart=/opt/doemee/{line}\n" in unit for unit in units.values()), line
    for unit in units.values():
        for strictness in ("NoNewPrivileges=yes", "ProtectSystem=strict", "CapabilityBoundingSet=\n", "User=doemee"):
            assert strictness in unit
    assert all("TimeoutStopSec=25" in units[name] for name in ("doemee-web.service", "doemee-jobs.service"))


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd here")
def test_systemd_understands_the_units(tmp_path: Path) -> None:
    for path in (ROOT / "deploy" / "systemd").iterdir():
        text = re.sub(r"/opt/doemee/\.venv/bin/\w+", "/bin/true", path.read_text("utf-8"))
        (tmp_path / path.name).write_text(text)

    files = [str(path) for path in tmp_path.iterdir()]
    done = subprocess.run(["systemd-analyze", "verify", *files], capture_output=True, text=True)

    assert (done.returncode, done.stderr) == (0, "")


def test_the_image_holds_no_address_of_a_registry_of_ours_and_runs_without_rights() -> None:
    recipe = (ROOT / "deploy" / "Containerfile").read_text("utf-8")

    assert re.findall(r"^FROM (.+)$", recipe, re.M) == ["docker.io/library/python:3.11-slim-bookworm"]
    assert recipe.index("\nUSER doemee") < recipe.index("\nCMD")
    assert "--require-hashes -r requirements.txt" in recipe
    copied = [source for line in re.findall(r"^COPY (.+) \S+$", recipe, re.M) for source in line.split()]
    assert [source for source in copied if not (ROOT / source).exists()] == []


# --- followed ---


class Reader:
    """Somebody who follows the page in a folder with the code, and browses as through the proxy."""

    def __init__(self, folder: Path, put_in: dict[str, str], port: int) -> None:
        self.folder, self.put_in, self.port = folder, put_in, port
        self.opener = build_opener(HTTPCookieProcessor(Https()), Stay())
        self.running: list[Running] = []

    def types(self, block: str) -> str:
        """What the block says when it is typed as it stands."""
        done = subprocess.run(
            ["bash", "-eu", "-o", "pipefail", "-c", self.written(block)],
            cwd=self.folder, env=self.environment(), capture_output=True, text=True, timeout=120,
        )  # fmt: skip
        assert done.returncode == 0, f"{block}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def written(self, block: str) -> str:
        for theirs, ours in self.put_in.items():
            block = block.replace(theirs, ours)
        return block

    def environment(self) -> dict[str, str]:
        return {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}

    def serves(self, block: str) -> Running:
        words = self.written(block).split()
        command = [sys.executable if word.endswith("/python") else word for word in words]
        known = self.environment() | {"WEB_BIND": f"127.0.0.1:{self.port}", "WEB_CONCURRENCY": "1"}
        process = Running(command, known, self.folder / f"{len(self.running)}.log", self.folder)
        self.running.append(process)
        return process

    def browses(self, path: str, data: dict[str, str] | None = None) -> tuple[int, str, str]:
        """Status, where to, and the page."""
        headers = {"Host": HOST, "X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.7", "X-Forwarded-Host": HOST}
        headers["Referer"] = f"https://{HOST}{path}"
        body = urlencode(data).encode() if data is not None else None
        try:
            with self.opener.open(Request(f"http://127.0.0.1:{self.port}{path}", body, headers), timeout=30) as answer:
                return answer.status, answer.headers.get("Location", ""), answer.read().decode()
        except HTTPError as answer:
            return answer.code, answer.headers.get("Location", ""), answer.read().decode()

    def fills_in(self, path: str, **typed: str) -> tuple[int, str, str]:
        page = self.browses(path)[2]
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
        assert token, page
        return self.browses(path, {"csrf_token": token[1], **typed})

    def until(self, done: Callable[[], bool], process: Running) -> None:
        process.until(done)

    def stops(self) -> None:
        for process in self.running:
            if process.process.poll() is None:
                process.stop()
        self.running.clear()


class Https(CookieJar):
    """The proxy speaks https with the browser, so it keeps Secure cookies and sends them."""

    def __init__(self) -> None:
        super().__init__()
        self._policy.secure_protocols = ("https", "wss", "http")  # type: ignore[attr-defined]
        self._policy.strict_domain = False  # type: ignore[attr-defined]


class Stay(HTTPRedirectHandler):
    """Tells where it is sent instead of going there."""

    def redirect_request(self, *_: object) -> None:
        return None


@pytest.fixture
def reader(database: Database, session: Session, tmp_path: Path) -> Iterator[Reader]:
    if not has_tools(database.url):
        pytest.skip("no pg_dump of the server's version here")
    folder = tmp_path / "doemee"
    folder.mkdir()
    for name in CODE:
        source = ROOT / name
        skip = shutil.ignore_patterns("__pycache__")
        shutil.copytree(source, folder / name, ignore=skip) if source.is_dir() else shutil.copy(source, folder / name)
    (folder / ".venv").symlink_to(Path(sys.prefix), target_is_directory=True)
    names = [f"doemee_manual_{os.getpid()}", f"doemee_manual_restored_{os.getpid()}"]
    first, second = (fresh_database(database.url, name) for name in names)
    port = free_port()
    put_in = {
        "postgresql:///doemee?host=/var/run/postgresql": first,
        "postgresql:///doemee_restored?host=/var/run/postgresql": second,
        "https://search.uitdatabank.be": "http://127.0.0.1:1",  # no test leaves the machine
        "https://io.uitdatabank.be": "http://127.0.0.1:1",
        "127.0.0.1:8000": f"127.0.0.1:{port}",
        "/var/backups/doemee": str(tmp_path / "backups"),
    }
    for theirs in put_in:
        assert theirs in PAGE, f"the page no longer says {theirs}"
    reader = Reader(folder, put_in, port)
    yield reader
    reader.stops()
    for name in names:
        drop_database(database.url, name)


def signed_in(reader: Reader) -> bool:
    return reader.browses("/admin/")[0] == 200


@pytest.mark.only_on("postgresql")
@pytest.mark.timeout(240)
def test_a_new_user_who_follows_the_page_signs_in_and_gets_everything_back(reader: Reader) -> None:
    write_settings, tables, account, check, mail, keep, rotate, drop = blocks("")
    web, jobs = blocks("serve")

    reader.types(write_settings)
    assert (reader.folder / ".env").stat().st_mode & 0o777 == 0o600
    assert "municipalities: 304" in reader.types(tables)
    link = re.search(rf"https://{HOST}(/welkom/\S+)", reader.types(account))
    assert link
    assert "errors: 0" in reader.types(check)
    assert "sent: 0" in reader.types(mail)

    serving, working = reader.serves(web), reader.serves(jobs)
    reader.until(lambda: reader.browses("/healthz")[0] == 200 if listening(reader.port) else False, serving)
    reader.until(lambda: reader.browses("/readyz")[0] == 200, working)
    if shutil.which("curl"):
        assert reader.types(blocks("ask")[0]).split() == ['{"status":"ok"}', '{"status":"ready"}']

    status, where, page = reader.fills_in(link[1], password=PASSWORD)
    assert (status, where) == (302, "/admin/"), page
    assert signed_in(reader)
    assert reader.browses(link[1])[0] == 404
    reader.opener = build_opener(HTTPCookieProcessor(Https()), Stay())
    assert not signed_in(reader)
    assert reader.fills_in("/login", email=ADMINISTRATOR, password=PASSWORD)[:2] == (302, "/admin/")
    assert signed_in(reader)

    reader.types(rotate)
    reader.stops()
    serving = reader.serves(web)
    reader.until(lambda: listening(reader.port), serving)
    assert signed_in(reader)
    reader.types(drop)
    reader.stops()
    serving = reader.serves(web)
    reader.until(lambda: listening(reader.port), serving)
    assert not signed_in(reader)

    Path(reader.put_in["/var/backups/doemee"]).mkdir()
    kept = reader.types(keep)
    reader.stops()
    assert "Every table has the rows it had." in reader.types(blocks("restore")[0])
    first, second = list(reader.put_in.values())[:2]
    settings = reader.folder / ".env"
    settings.write_text(settings.read_text().replace(first, second))
    serving = reader.serves(web)
    reader.until(lambda: listening(reader.port), serving)
    assert reader.fills_in("/login", email=ADMINISTRATOR, password=PASSWORD)[:2] == (302, "/admin/")
    assert signed_in(reader)
    assert "Written:" in kept


def listening(port: int) -> bool:
    try:
        build_opener().open(Request(f"http://127.0.0.1:{port}/healthz", headers={"Host": HOST}), timeout=5).close()
    except OSError:
        return False
    return True
