"""The demo, served on a socket: web, UiT and mail server are real, and each test starts with a fresh world."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from threading import Thread
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page
from werkzeug.serving import WSGIRequestHandler, make_server

from app.demo import world
from app.demo.uit_server import create_uit_app
from app.demo.uit_world import DemoWorld
from app.domain.clock import now_utc
from app.models import connection, db
from app.services.reference import UIT_KEY
from jobs import mail, sync
from tests import smtp
from tests.e2e import scene
from tests.e2e.eyes import Eyes


class Silent(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: Any) -> None:
        """A test needs no log of requests."""


@contextmanager
def served(app: Flask, name: str = "localhost") -> Iterator[str]:
    """The address of `app`, while it is served."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Silent)
    thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://{name}:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class Demo:
    """The running demo: where it answers, what its mailbox got, and its jobs, run when the test says so."""

    def __init__(self, app: Flask, url: str, uit: DemoWorld, mailbox: smtp.Mailbox) -> None:
        self.app, self.url, self.uit, self.mailbox = app, url, uit, mailbox

    def sync(self) -> dict[str, int]:
        with self.app.app_context():
            return sync.run(UIT_KEY).counts

    def send_mail(self) -> dict[str, int]:
        with self.app.app_context():
            return mail.run()

    def read(self, question: Callable[[], Any]) -> Any:
        with self.app.app_context():
            return question()


@pytest.fixture
def demo(app: Flask) -> Iterator[Demo]:
    before = app.extensions["settings"]
    uit = DemoWorld.invented(now_utc())
    with served(create_uit_app(uit), "127.0.0.1") as uit_url, smtp.mailbox() as mailbox, served(app) as url:
        app.extensions["settings"] = replace(
            before, base_url=url, smtp_url=mailbox.url, uit_base_url=uit_url, uit_entry_url=uit_url
        )
        running = Demo(app, url, uit, mailbox)
        with app.app_context():
            db.session.info["unrecorded"] = True  # setting the scene is no history
            with connection.writing(db.session):
                world.load(db.session, now_utc())
        running.sync()
        yield running
        app.extensions["settings"] = before


@pytest.fixture
def enter(demo: Demo) -> Callable[[Page, str], None]:
    """`enter(page, role)`: from the demo's sign-in page, by the button with this text."""

    def entered(page: Page, role: str) -> None:
        page.goto(f"{demo.url}/login")
        page.get_by_role("button", name=role).first.click()
        page.wait_for_url("**/admin/**")

    return entered


@pytest.fixture
def today() -> datetime:
    return now_utc()


@pytest.fixture
def places(demo: Demo) -> dict[str, object]:
    """An id, an address or a link of each thing there is to look at."""
    with demo.app.test_request_context():
        return scene.places()


@pytest.fixture
def eyes(demo: Demo, page: Page, troubles: list[str]) -> Eyes:
    return Eyes(demo, page, troubles)
