"""A local UiTdatabank on a real socket, a client for it, and retries that do not wait."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import format_datetime
from threading import Thread
from typing import Any

import pytest
import stamina
from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from app.demo.uit_server import create_uit_app
from app.demo.uit_world import DemoWorld
from app.services.sources.uitdatabank.client import UitClient

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


class Silent(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: Any) -> None:
        """A test needs no log of requests."""


@contextmanager
def served(app: Flask, date: str = format_datetime(NOW, usegmt=True)) -> Iterator[str]:
    """The address of `app`, while it is served; every answer bears `date`."""

    class Dated(Silent):
        def date_time_string(self, timestamp: float | None = None) -> str:
            return date

    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Dated)
    thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(autouse=True)
def _no_waiting() -> Iterator[None]:
    with stamina.set_testing(True, attempts=10, cap=True):
        yield


@pytest.fixture
def world() -> DemoWorld:
    return DemoWorld()


@pytest.fixture
def uit(world: DemoWorld) -> Iterator[str]:
    with served(create_uit_app(world, lambda: NOW)) as address:
        yield address


@pytest.fixture
def client_of() -> Iterator[Callable[..., UitClient]]:
    """Makes clients without a pace, and closes them."""
    made: list[UitClient] = []

    def make(address: str, **options: Any) -> UitClient:
        made.append(UitClient(address, "demo", **({"requests_per_second": 0} | options)))
        return made[-1]

    yield make
    for client in made:
        client.close()
