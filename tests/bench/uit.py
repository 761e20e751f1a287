"""A local UiTdatabank with thousands of events, in a process of its own: the invented ones, varied."""

import argparse
import copy
import csv
import random
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from itertools import count
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from werkzeug.serving import make_server

from app.demo.uit_calendar import atom
from app.demo.uit_events import invented_events
from app.demo.uit_people import ROOT
from app.demo.uit_server import create_uit_app
from app.demo.uit_world import DemoWorld

BULK = 5  # so many share the second of their last change


class StillWorld(DemoWorld):
    """A world in which nothing changes, so that a question need not copy it: the server should not be the slow part."""

    def all(self) -> list[dict[str, Any]]:
        return list(self.events.values())


def varied(number: int, now: datetime) -> Iterator[dict[str, Any]]:
    """The invented events as they are, then again and again under other ids, in other towns, changed at other times."""
    invented = invented_events(now)
    yield from invented[:number]
    sound = [event for event in invented if isinstance(event.get("name"), dict) and "nl" in event["name"]]
    towns = list(csv.DictReader((files("app.reference") / "municipalities.csv").read_text("utf-8").splitlines()))
    dice = random.Random(2_000)
    for index in count(len(invented)):
        if index >= number:
            return
        event = copy.deepcopy(sound[index % len(sound)])
        event["@id"] = f"{ROOT}/events/{uuid5(NAMESPACE_URL, f'doemee-bench:{index}')}"
        event["name"]["nl"] += f" {index}"
        event["modified"] = atom(now - timedelta(days=2, minutes=index // BULK))
        _move(event, dice.choice(towns))
        yield event


def _move(event: dict[str, Any], town: dict[str, str]) -> None:
    address = event["location"].get("address", {}).get("nl") if isinstance(event.get("location"), dict) else None
    if isinstance(address, dict) and event.get("attendanceMode") == "offline":
        address |= {"postalCode": town["postal_codes"].split()[0], "addressLocality": town["name"]}
        event["regions"] = [f"nis-{town['nis_code']}"]


@contextmanager
def uit_server(number: int) -> Iterator[str]:
    """Its URL; gone when the block ends."""
    command = [sys.executable, "-m", "tests.bench.uit", "--events", str(number)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as child:
        try:
            assert child.stdout is not None
            yield child.stdout.readline().strip()
        finally:
            child.terminate()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, required=True)
    number = parser.parse_args().events
    app = create_uit_app(StillWorld(varied(number, datetime.now(UTC))))
    server = make_server("127.0.0.1", 0, app, threaded=True)
    print(f"http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
