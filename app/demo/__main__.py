"""`make run`: the whole demo in one terminal. Ctrl-C stops all of it."""

import argparse
import http.client
import os
import signal
import socket
import sys
import time
import urllib.request
from collections.abc import Callable, Mapping
from pathlib import Path
from types import FrameType

from dotenv import dotenv_values

from app.demo import processes
from app.demo.accounts import ACCOUNTS, PASSWORD
from app.demo.processes import Failed, Process
from app.settings import ROOT

HOST = "127.0.0.1"
INSTANCE = ROOT / "instance"
LOGS, MAIL = INSTANCE / "logs", INSTANCE / "mail"
START_SECONDS = 60
WATCH_SECONDS = 0.5
PYTHON = (sys.executable, "-m")
FLASK = (*PYTHON, "flask", "--app", "wsgi")


class Stopped(BaseException):
    """Somebody asked us to stop."""


class Demo:
    """Everything that runs; `environment` is what each part is told."""

    def __init__(self, environment: Mapping[str, str], port: int, uit_port: int, mail_port: int) -> None:
        self.environment, self.port = environment, port
        self.uit_port, self.mail_port = uit_port, mail_port
        self.running: list[Process] = []

    def start(self) -> None:
        """Prepare the database, start every part, and return when all answer. Raises Failed."""
        self.do("Databank bijwerken", "db-upgrade", *FLASK, "db", "upgrade")
        self.do("Gemeenten en lijsten laden", "load-reference", *FLASK, "load-reference")
        self.do("Demogegevens laden", "load-demo", *FLASK, "load-demo")
        self.start_uit()
        self.start_mailbox()
        self.first_sync()
        self.start_web()
        self.start_jobs()

    def start_uit(self) -> None:
        still = ["--still"] if is_still(self.environment) else []
        server = self.run(
            "Lokale UiT-server", "uit", *PYTHON, "app.demo.uit_server", "--port", str(self.uit_port), *still
        )
        server.wait_until(answers(f"{self.environment['UIT_BASE_URL']}/healthz"), START_SECONDS)

    def start_mailbox(self) -> None:
        where = ("--port", str(self.mail_port), "--folder", self.environment["DEMO_MAIL_FOLDER"])
        server = self.run("Lokale mailbox", "mailbox", *PYTHON, "app.demo.mailbox", *where)
        server.wait_until(lambda: greets(self.mail_port), START_SECONDS)

    def first_sync(self) -> None:
        try:
            self.do("UiT-evenementen ophalen", "sync", *FLASK, "sync")
        except Failed as trouble:  # the jobs try again; the rest of the demo works without
            say(str(trouble))

    def start_web(self) -> None:
        web = self.run(
            "Web", "web", *PYTHON, "gunicorn", "wsgi:app", "--bind", f"{HOST}:{self.port}", "--workers", "2",
            "--threads", "4", "--graceful-timeout", "5", "--no-control-socket",
        )  # fmt: skip
        web.wait_until(answers(f"http://{HOST}:{self.port}/login"), START_SECONDS)

    def start_jobs(self) -> None:
        self.run("Taken", "jobs", *PYTHON, "jobs")
        time.sleep(1)  # they answer nobody; what cannot start is gone by then
        self.check()

    def do(self, words: str, log: str, *command: str) -> None:
        """One step that ends."""
        step = self.run(words, log, *command)
        step.wait()
        self.running.remove(step)

    def run(self, words: str, log: str, *command: str) -> Process:
        say(f"- {words}")
        process = Process(words, command, self.environment, LOGS / f"{log}.log")
        self.running.append(process)
        return process

    def check(self) -> None:
        """Raises Failed when a part is no longer there."""
        for process in self.running:
            process.check()

    def stay(self) -> None:
        """Until a part dies (Failed) or somebody asks us to stop (Stopped)."""
        while True:
            self.check()
            time.sleep(WATCH_SECONDS)

    def stop(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)  # a second Ctrl-C leaves nothing half stopped
        processes.stop(self.running)


def environment_of(port: int, uit_port: int, mail_port: int) -> dict[str, str]:
    """What every part is told. The database is the person's own, or instance/demo.sqlite (app.settings)."""
    uit = f"http://{HOST}:{uit_port}"
    return os.environ | {
        "APP_ENV": "demo",
        "BASE_URL": f"http://localhost:{port}",
        "SMTP_URL": f"smtp://{HOST}:{mail_port}",
        "UIT_BASE_URL": uit,
        "UIT_ENTRY_URL": uit,
        "DEMO_MAIL_FOLDER": os.environ.get("DEMO_MAIL_FOLDER") or str(MAIL),
        "PYTHONUNBUFFERED": "1",
    }


def is_still(environment: Mapping[str, str]) -> bool:
    """DEMO_STILL, in the words app.settings understands."""
    return environment.get("DEMO_STILL", "").strip().lower() in {"1", "true", "t", "yes", "y", "on"}


def answers(url: str) -> Callable[[], bool]:
    def asked() -> bool:
        try:
            with urllib.request.urlopen(url, timeout=10) as response:  # noqa: S310 -- our own address
                return bool(response.status == 200)
        except (OSError, http.client.HTTPException):
            return False

    return asked


def greets(port: int) -> bool:
    """Whether an SMTP server says hello there (RFC 5321, 4.3.1)."""
    try:
        with socket.create_connection((HOST, port), timeout=5) as connection:
            return connection.recv(4) == b"220 "
    except OSError:
        return False


def refuse_unfit(port: int) -> None:
    """Raises Failed, in words, when the demo cannot or should not start here."""
    env_file = ROOT / ".env"
    if env_file.exists() and dotenv_values(env_file).get("APP_ENV") == "production":
        raise Failed("In .env staat APP_ENV=production. De demo begint niet aan echte gegevens: zet .env even opzij.")
    try:
        with socket.create_connection((HOST, port), timeout=1):
            raise taken(port)
    except OSError:
        pass
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except PermissionError:
            raise Failed(f"Poort {port} mag je niet gebruiken. Kies een hogere: PORT=5001 make run") from None
        except OSError:
            raise taken(port) from None


def taken(port: int) -> Failed:
    other = port + 1 if port < 65_535 else 5000
    return Failed(f"Poort {port} is al bezet. Stop wat daar draait, of kies een andere: PORT={other} make run")


def free_ports(count: int, but: int) -> list[int]:
    """Ports nobody listens on now; held together while choosing, so that they differ."""
    sockets = [socket.create_server((HOST, 0)) for _ in range(count + 1)]
    ports = [held.getsockname()[1] for held in sockets]
    for held in sockets:
        held.close()
    return [port for port in ports if port != but][:count]


def say(words: str) -> None:
    print(words, flush=True)


def welcome(port: int) -> None:
    """Where to go, and who you can be."""
    width = max(len(account.email) for account in ACCOUNTS)
    people = [f"  {account.email:<{width}}  {account.role}. {account.line}" for account in ACCOUNTS]
    address = f"http://localhost:{port}"
    say(
        "\n".join(
            [
                "",
                f"Doemee draait op {address}",
                f"  Aanmelden          {address}/login",
                f"  Mail van de demo   {address}/demo/mail",
                "",
                f"Iedereen heeft het wachtwoord {PASSWORD}",
                *people,
                "",
                "Stoppen: Ctrl-C",
            ]
        )
    )


def listen_for_stop() -> None:
    """Ctrl-C, SIGTERM and a closed terminal end the demo; so does the end of the `make` that started it."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise Stopped

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    started_by = Path(f"/proc/{os.getppid()}/comm")
    if started_by.exists() and started_by.read_text().strip() in ("make", "gmake"):
        processes.die_with_parent()


def port_number(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 65_536:
        raise argparse.ArgumentTypeError(f"{text!r} is geen poort; kies er een van 1 tot 65535")
    return int(text)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m app.demo", description=__doc__)
    parser.add_argument("--port", type=port_number, default=5000, help="where people browse to (5000)")
    port = parser.parse_args().port
    LOGS.mkdir(parents=True, exist_ok=True)
    uit_port, mail_port = free_ports(2, but=port)
    demo = Demo(environment_of(port, uit_port, mail_port), port, uit_port, mail_port)
    listen_for_stop()
    try:
        refuse_unfit(port)
        say("De demo start.")
        demo.start()
        welcome(port)
        demo.stay()
    except Failed as trouble:
        print(trouble, file=sys.stderr, flush=True)
        return 1
    except Stopped:
        say("\nDe demo stopt.")
        return 0
    finally:
        demo.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
