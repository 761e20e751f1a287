"""The local UiTdatabank speaks Search API 3 as the contract says, and holds a world worth looking at."""

import json
import threading
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from werkzeug.serving import make_server

from app.demo.uit_events import invented_events
from app.demo.uit_server import create_uit_app
from app.demo.uit_world import DemoWorld, id_of
from app.domain.schedule import has_ended
from app.domain.source import SourceEvent, Unreadable
from app.services.sources.uitdatabank.mapping import content_hash, read_event

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
NOT_FOUND = "https://api.publiq.be/probs/url/not-found"


class Api:
    """Asks the server over a socket; `(status, content type, body)`."""

    def __init__(self, port: int) -> None:
        self.port = port

    def ask(
        self, path: str, method: str = "GET", body: str | None = None, **headers: str
    ) -> tuple[int, str, dict[str, Any]]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            given = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, body, {"x-client-id": "demo"} | given)
            response = connection.getresponse()
            return response.status, response.headers["Content-Type"], json.loads(response.read())
        finally:
            connection.close()

    def events(self, **parameters: Any) -> dict[str, Any]:
        status, kind, page = self.ask("/events?" + urlencode(parameters, quote_via=quote))
        assert (status, kind) == (200, "application/ld+json"), page
        return page

    def refused(self, query: str) -> dict[str, Any]:
        status, kind, body = self.ask(f"/events?{query}")
        assert (status, kind, body["type"]) == (404, "application/problem+json", NOT_FOUND)
        return body


@pytest.fixture
def world() -> DemoWorld:
    return DemoWorld.invented(NOW)


@pytest.fixture
def api(world: DemoWorld) -> Iterator[Api]:
    server = make_server("127.0.0.1", 0, create_uit_app(world, lambda: NOW), threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield Api(server.server_port)
    server.shutdown()
    thread.join()
    server.server_close()


def readable(world: DemoWorld) -> list[SourceEvent]:
    found = []
    for event in world.all():
        try:
            found.append(read_event(event))
        except Unreadable:
            continue
    return found


# --- the API ---


def test_a_page_holds_thirty_links_by_default_and_whole_events_when_asked(api: Api) -> None:
    page = api.events()
    assert (page["@type"], page["itemsPerPage"], len(page["member"])) == ("PagedCollection", 30, 30)
    assert set(page["member"][0]) == {"@id", "@type"}
    assert "calendarType" in api.events(embed="true")["member"][0]


def test_without_a_client_id_nothing_is_given(api: Api) -> None:
    status, kind, body = api.ask("/events", x_client_id="")
    assert (status, kind, body["type"]) == (
        401,
        "application/ld+json",
        "https://api.publiq.be/probs/auth/unauthorized",
    )


@pytest.mark.parametrize(
    "query",
    [
        "foo=1",
        "Limit=5",
        "limit=2001",
        "start=-1",
        "start=9990&limit=11",
        "modifiedFrom=2026-11-01",
        "modifiedFrom=2026-11-01T10:00:00+01:00",  # a bare + is a blank
        "sort[modified]=up",
        "sort[title]=asc",
        "q=address.postalCode:[",
    ],
)
def test_what_search_api_refuses_is_a_404_with_a_reason(api: Api, query: str) -> None:
    assert api.refused(query)["detail"]


def test_the_window_ends_at_ten_thousand_and_zero_counts_as_thirty(api: Api) -> None:
    assert api.events(start=9_970)["member"] == []
    assert api.events(limit=0)["itemsPerPage"] == 30


def test_default_filters_hide_what_is_not_published_now_and_can_be_switched_off(api: Api, world: DemoWorld) -> None:
    shown = {member["@id"] for member in api.events(limit=2000)["member"]}
    everything = {member["@id"] for member in api.events(limit=2000, disableDefaultFilters="true")["member"]}
    assert len(everything) == len(world.events)
    hidden = [event for event in world.all() if event["@id"] not in shown]
    reasons = {event["workflowStatus"] for event in hidden} | {event["audience"]["audienceType"] for event in hidden}
    assert {"DELETED", "REJECTED", "members", "education"} <= reasons
    assert any(event["availableFrom"] > NOW.isoformat() for event in hidden)


def test_an_explicit_filter_counts_also_without_the_defaults(api: Api) -> None:
    page = api.events(disableDefaultFilters="true", workflowStatus="DELETED,REJECTED", embed="true")
    assert {member["workflowStatus"] for member in page["member"]} == {"DELETED", "REJECTED"}
    assert page["totalItems"] == 2


def test_bounds_are_inclusive_and_the_order_holds(api: Api) -> None:
    second = (NOW - timedelta(hours=11)).isoformat()
    both = {"modifiedFrom": second, "modifiedTo": second, "disableDefaultFilters": "true", "embed": "true"}
    page = api.events(**both)
    assert {member["modified"] for member in page["member"]} == {second}
    assert page["totalItems"] == 5
    ordered = api.events(**{"disableDefaultFilters": "true", "embed": "true", "limit": 200, "sort[modified]": "desc"})
    times = [member["modified"] for member in ordered["member"]]
    assert times == sorted(times, reverse=True)


def test_postal_codes_and_ids_are_asked_by_query(api: Api, world: DemoWorld) -> None:
    page = api.events(q=r"address.\*.postalCode:(9800 OR 9850)", embed="true")
    assert {member["location"]["address"]["nl"]["postalCode"] for member in page["member"]} == {
        "9800",
        "9850",
    }
    two = list(world.events)[:2]
    assert api.events(q=f"id:({' OR '.join(two)})", disableDefaultFilters="true")["totalItems"] == 2


def test_post_takes_the_same_question_as_plain_text_only(api: Api) -> None:
    body = urlencode({"limit": 3})
    assert api.ask("/events", "POST", body, Content_Type="text/plain")[2]["itemsPerPage"] == 3
    assert api.ask("/events?limit=3", "POST", body, Content_Type="text/plain")[0] == 400
    assert api.ask("/events", "POST", body, Content_Type="application/x-www-form-urlencoded")[0] == 415
    assert api.ask("/events", "PUT")[0] == 405


def test_events_for_children_only_are_hidden_whatever_one_asks(api: Api, world: DemoWorld) -> None:
    event = world.all()[0] | {"childrenOnly": True}
    world.put(event)
    assert api.events(q=f"id:{id_of(event)}", disableDefaultFilters="true")["totalItems"] == 0


def test_entry_api_gives_one_event_deleted_ones_included(api: Api, world: DemoWorld) -> None:
    first = next(iter(world.events))
    world.delete(first)
    status, kind, event = api.ask(f"/events/{first}")
    assert (status, kind, event["workflowStatus"]) == (200, "application/json", "DELETED")
    world.forget(first)
    assert api.ask(f"/events/{first}")[0] == 404


# --- the world ---


def test_the_towns_of_the_demo_have_their_share() -> None:
    towns: Counter[str] = Counter()
    relevant: Counter[str] = Counter()
    for event in readable(DemoWorld.invented(NOW)):
        towns[event.place.locality] += 1
        relevant[event.place.locality] += any("taalico" in label for label in event.labels)
    assert 50 <= sum(towns.values()) <= 70
    assert towns["Gent"] >= 20
    assert relevant["Gent"] >= 8
    assert (towns["Deinze"], relevant["Deinze"]) == (8, 4)
    assert {"Lochristi", "Zulte", "Aalst", "Antwerpen", "Leuven", ""} <= set(towns)


def test_what_is_invented_is_read_without_a_complaint_and_lies_ahead() -> None:
    for event in readable(DemoWorld.invented(NOW)):
        assert not event.notes or "script" in event.title
        assert not has_ended(event.schedule, NOW)
        assert event.modified < NOW
        assert event.contacts


def test_one_event_is_sold_out_one_loses_a_date_and_one_comes_later() -> None:
    events = readable(DemoWorld.invented(NOW))
    assert [event.title for event in events if event.status == "sold_out"] == ["Toneel spelen in het Nederlands"]
    assert any(moment.status == "cancelled" for event in events for moment in getattr(event.schedule, "moments", ()))
    assert any(event.public_from and event.public_from > NOW for event in events)


def test_one_moment_invents_one_world() -> None:
    assert invented_events(NOW) == invented_events(NOW)


def test_each_tick_changes_one_event_and_one_seed_changes_the_same() -> None:
    one, other = DemoWorld.invented(NOW), DemoWorld.invented(NOW)
    for turn in range(200):
        now = NOW + timedelta(minutes=3 * turn)
        before = {event["@id"]: event for event in one.all()}
        assert one.tick(now) == other.tick(now)
        changed = [event for event in one.all() if before.get(event["@id"]) != event]
        assert len(changed) == 1
        assert changed[0]["modified"] == now.isoformat(timespec="seconds")
    assert one.all() == other.all()


def test_after_many_ticks_every_event_is_still_readable() -> None:
    world = DemoWorld.invented(NOW)
    count = len(readable(world))
    for turn in range(300):
        world.tick(NOW + timedelta(minutes=3 * turn))
    assert len(readable(world)) == count + 5
    assert all(content_hash(event) for event in readable(world))


def test_the_world_can_be_changed_from_many_threads(api: Api, world: DemoWorld) -> None:
    def change() -> None:
        for _ in range(50):
            world.tick(NOW)

    threads = [threading.Thread(target=change) for _ in range(4)]
    for thread in threads:
        thread.start()
    for _ in range(20):
        assert api.events(disableDefaultFilters="true", embed="true", limit=2000)["totalItems"] >= 55
    for thread in threads:
        thread.join()
