"""Reading Search API 3 over a real socket: nothing lost, nothing endless, and a clear word when it fails."""

import gzip
import json
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask, Response, redirect, request

from app.demo.uit_world import DemoWorld
from app.domain.errors import Unavailable
from app.domain.source import Unreadable
from app.services.sources.base import RawRecord
from app.services.sources.uitdatabank.client import UitClient
from app.services.sources.uitdatabank.mapping import read_event
from app.services.sources.uitdatabank.pages import Answer, Question
from app.services.sources.uitdatabank.source import UitSource
from app.services.sources.uitdatabank.walk import Walk
from tests.services.sources.uitdatabank.conftest import NOW, served
from tests.services.sources.uitdatabank.documents import event

Clients = Callable[..., UitClient]
BASE = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)


def put(world: DemoWorld, key: str, second: int, created: int = 0, **fields: Any) -> None:
    moment, birth = BASE + timedelta(seconds=second), BASE - timedelta(days=1, seconds=-created)
    world.put(event(key, modified=moment.isoformat(), created=birth.isoformat(), **fields))


def ids(client: UitClient, since: datetime | None = None, codes: list[str] | None = None) -> list[str]:
    return [key_of(member) for page in client.changes(codes, since) for member in page.members]


def key_of(member: dict[str, Any]) -> str:
    return str(member["@id"]).rpartition("/")[2]


def page(*members: Any, **fields: Any) -> dict[str, Any]:
    return {"itemsPerPage": 200, "totalItems": len(members), "member": list(members)} | fields


@pytest.fixture
def answering() -> Iterator[Callable[[Callable[[], Any]], str]]:
    """Serves one function under /events; gives its address."""
    with_exit: list[Any] = []

    def start(answer: Callable[[], Any]) -> str:
        app = Flask(__name__)
        app.add_url_rule("/events", "events", answer, methods=["GET", "POST"])
        context = served(app)
        with_exit.append(context)
        return context.__enter__()

    yield start
    for context in with_exit:
        context.__exit__(None, None, None)


def failing(client: UitClient) -> str:
    with pytest.raises(Unavailable) as problem:
        list(client.changes(None, None))
    return str(problem.value)


# --- the walk ---


def test_every_event_comes_once_over_pages_and_ties_in_one_second(
    world: DemoWorld, uit: str, client_of: Clients
) -> None:
    for number in range(4):
        put(world, f"early{number}", number)
    for number in range(8):
        put(world, f"tie{number}", 10, created=number % 2)
    for number in range(5):
        put(world, f"late{number}", 11 + number)
    found = ids(client_of(uit, page_size=3))
    assert sorted(found) == sorted(world.events)
    assert len(found) == 17


def test_a_first_and_a_last_page_full_of_one_second_lose_nothing(
    world: DemoWorld, uit: str, client_of: Clients
) -> None:
    for number in range(6):
        put(world, f"tie{number}", 0)
    assert sorted(ids(client_of(uit, page_size=3))) == sorted(world.events)


def test_the_bound_is_inclusive_and_newest_is_what_was_received(world: DemoWorld, uit: str, client_of: Clients) -> None:
    for number in range(3):
        put(world, f"e{number}", number)
    pages = list(client_of(uit).changes(None, BASE + timedelta(seconds=1)))
    assert [key_of(member) for member in pages[0].members] == ["e1", "e2"]
    assert pages[0].newest == BASE + timedelta(seconds=2)
    assert pages[0].total == 2


def test_events_that_move_while_we_read_are_not_lost_and_push_none_aside(
    world: DemoWorld, uit: str, client_of: Clients
) -> None:
    for number in range(12):
        put(world, f"e{number:02d}", number)
    found = []
    for turn, batch in enumerate(client_of(uit, page_size=3).changes(None, None)):
        found += [key_of(member) for member in batch.members]
        if turn < 2:  # an event that was read already is edited: all behind it shift one place
            put(world, f"e{turn:02d}", 100 + turn)
    assert set(found) == set(world.events)
    assert found.count("e00") == found.count("e01") == 2


def test_events_that_leave_a_crowded_second_push_no_neighbour_past_the_page_border(
    world: DemoWorld, uit: str, client_of: Clients
) -> None:
    for number in range(10):
        put(world, f"tie{number}", 0, created=number)
    found = []
    for turn, batch in enumerate(client_of(uit, page_size=3).changes(None, None)):
        found += [key_of(member) for member in batch.members]
        if turn == 1:
            put(world, "tie0", 50)
    assert set(found) == set(world.events)


def test_a_second_larger_than_the_window_is_split_by_created() -> None:
    members = [
        event(
            f"e{number}",
            modified=BASE.isoformat(),
            created=(BASE + timedelta(seconds=number // 3)).isoformat(),
        )
        for number in range(23_000)
    ]

    def ask(question: Question) -> Answer:
        assert question.start + question.limit <= 10_000
        since = question.created_from
        rest = members if since is None else members[int((since - BASE).total_seconds()) * 3 :]
        if question.modified_from and question.modified_from > BASE:
            rest = []
        rows = rest[question.start : question.start + question.limit]
        return Answer(rows, len(rest), full=len(rows) == question.limit)

    found = {key_of(member) for batch in Walk(ask).pages(Question(2_000)) for member in batch.members}
    assert len(found) == 23_000


def test_one_page_for_ever_ends_in_a_clear_error(answering: Any, client_of: Clients) -> None:
    same = page(event("a", modified="2026-11-20T10:00:00Z"), event("b", modified="2026-11-20T10:00:01Z"))
    assert "volgorde" in failing(client_of(answering(lambda: same), page_size=2))


def test_pages_without_end_stop_at_the_cap(answering: Any, client_of: Clients) -> None:
    asked = []

    def ever_new() -> Any:
        asked.append(1)
        second = BASE + timedelta(seconds=2 * len(asked))
        return page(
            event("a", modified=second.isoformat()),
            event("b", modified=(second + timedelta(seconds=1)).isoformat()),
            totalItems=2,
        )

    assert "gestopt na 7" in failing(client_of(answering(ever_new), page_size=2, most_pages=7))
    assert len(asked) == 7


def test_a_server_that_gives_fewer_a_page_than_asked_is_read_to_the_end(answering: Any, client_of: Clients) -> None:
    events = [event(f"e{n}", modified=(BASE + timedelta(seconds=n)).isoformat()) for n in range(5)]

    def two_at_most() -> Any:
        since = request.args.get("modifiedFrom", BASE.isoformat())
        left = [item for item in events if item["modified"] >= since]
        return page(*left[:2], itemsPerPage=2, totalItems=len(left))

    assert ids(client_of(answering(two_at_most), page_size=50)) == ["e0", "e1", "e2", "e3", "e4"]


# --- the question ---


def test_postal_codes_are_asked_and_no_codes_ask_nothing(world: DemoWorld, uit: str, client_of: Clients) -> None:
    put(world, "gent", 0)
    place = event()["location"] | {"address": {"nl": {"addressCountry": "BE", "postalCode": "9800"}}}
    put(world, "deinze", 1, location=place)
    assert ids(client_of(uit), codes=["9800", "9850"]) == ["deinze"]
    assert ids(client_of(uit), codes=[]) == []
    with pytest.raises(ValueError, match="not a postal code"):
        ids(client_of(uit), codes=["9000) OR (*"])


def test_many_postal_codes_go_by_post_as_plain_text(answering: Any, client_of: Clients) -> None:
    seen = []

    def remember() -> Any:
        seen.append((request.method, request.mimetype, request.query_string, request.get_data(as_text=True)))
        return page()

    ids(client_of(answering(remember)), codes=[str(code) for code in range(1000, 1500)])
    method, kind, query, body = seen[0]
    assert (method, kind, query) == ("POST", "text/plain", b"")
    assert "postalCode%3A%281000%20OR%201001" in body


def test_many_postal_codes_find_the_same(world: DemoWorld, uit: str, client_of: Clients) -> None:
    put(world, "gent", 0)
    assert ids(client_of(uit), codes=[str(code) for code in range(8800, 9200)]) == ["gent"]


def test_the_key_travels_in_a_header_and_times_in_utc(answering: Any, client_of: Clients) -> None:
    seen = []

    def remember() -> Any:
        seen.append((request.headers["x-client-id"], request.query_string.decode()))
        return page()

    brussels = datetime.fromisoformat("2026-11-20T11:00:00+01:00")
    ids(client_of(answering(remember)), since=brussels)
    key, query = seen[0]
    assert key == "demo"
    assert "demo" not in query
    assert "modifiedFrom=2026-11-20T10%3A00%3A00%2B00%3A00" in query


def test_deleted_rejected_and_unpublished_events_come_too_and_drafts_do_not(
    world: DemoWorld, uit: str, client_of: Clients
) -> None:
    for status in ("APPROVED", "READY_FOR_VALIDATION", "REJECTED", "DELETED", "DRAFT"):
        put(world, status, 0, workflowStatus=status)
    put(world, "later", 0, availableFrom="2030-01-01T00:00:00+00:00", audience={"audienceType": "members"})
    assert sorted(ids(client_of(uit))) == ["APPROVED", "DELETED", "READY_FOR_VALIDATION", "REJECTED", "later"]


# --- what goes wrong ---


def problem(status: int, detail: str) -> Response:
    body = json.dumps({"type": "x", "title": "Not Found", "status": status, "detail": detail})
    return Response(body, status, content_type="application/problem+json")


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 415])
def test_a_refusal_is_an_error_with_its_reason_and_is_not_asked_again(
    answering: Any, client_of: Clients, status: int
) -> None:
    asked = []

    def refuse() -> Response:
        asked.append(1)
        return problem(status, "Unknown query\r\nparameter(s): foo")

    words = failing(client_of(answering(refuse)))
    assert str(status) in words
    assert "Unknown query parameter(s): foo" in words
    assert len(asked) == 1


@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_a_hiccup_is_asked_again_and_counted(answering: Any, client_of: Clients, status: int) -> None:
    answers = [Response("<h1>Bad Gateway</h1>", status, {"Retry-After": "7"}), page(event("a"))]
    client = client_of(answering(lambda: answers.pop(0)))
    assert ids(client) == ["a"]
    assert client.retries == 1


def test_after_four_attempts_it_gives_up_with_status_and_detail(answering: Any, client_of: Clients) -> None:
    asked = []

    def down() -> Response:
        asked.append(1)
        return problem(503, "Elasticsearch error")

    assert "503: Elasticsearch error" in failing(client_of(answering(down)))
    assert len(asked) == 4


BROKEN = {
    "html with 200": b"<html>onderhoud</html>",
    "cut off": b'{"totalItems": 1, "member": [{"@id": "a',
    "byte order mark": b'\xef\xbb\xbf{"totalItems": 0, "member": []}',
    "wrong charset": '{"totalItems": 0, "member": [], "x": "\u00e9"}'.encode("latin-1"),
    "too deep": b"[" * 3000 + b"]" * 3000,
    "a list": b"[]",
    "no members": b'{"totalItems": 3}',
    "members no list": b'{"totalItems": 1, "member": {"@id": "a"}}',
    "total no number": b'{"totalItems": "many", "member": []}',
    "empty": b"",
}


@pytest.mark.parametrize("body", BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_page_is_asked_again_and_then_refused_whole(answering: Any, client_of: Clients, body: bytes) -> None:
    client = client_of(answering(lambda: Response(body, 200, content_type="application/ld+json")))
    assert "niet te lezen" in failing(client)
    assert client.retries == 3


def test_a_page_is_read_by_its_status_and_not_by_its_content_type(answering: Any, client_of: Clients) -> None:
    body = json.dumps(page(event("a")))
    assert ids(client_of(answering(lambda: Response(body, 200, content_type="text/html")))) == ["a"]


def test_a_gzipped_page_is_unpacked(answering: Any, client_of: Clients) -> None:
    body = gzip.compress(json.dumps(page(event("a"))).encode())
    assert ids(client_of(answering(lambda: Response(body, 200, {"Content-Encoding": "gzip"})))) == ["a"]


def test_a_body_over_the_limit_is_refused_also_when_it_is_small_before_unpacking(
    answering: Any, client_of: Clients
) -> None:
    bomb = gzip.compress(b'{"x": "' + b" " * 50_000_000)
    plain = b" " * 2_000_000
    assert len(bomb) < 100_000
    for body, headers in ((bomb, {"Content-Encoding": "gzip"}), (plain, {})):
        address = answering(lambda body=body, headers=headers: Response(body, 200, headers))
        client = client_of(address, body_limit_bytes=1_000_000)
        assert "1000000 bytes" in failing(client)
        assert client.retries == 0


def test_an_unasked_packing_is_refused(answering: Any, client_of: Clients) -> None:
    assert "verpakking" in failing(client_of(answering(lambda: Response(b"x", 200, {"Content-Encoding": "br"}))))


def test_a_redirect_is_not_followed(answering: Any, client_of: Clients, uit: str) -> None:
    words = failing(client_of(answering(lambda: redirect(f"{uit}/events?embed=true"))))
    assert "302" in words


def test_a_drip_meets_the_deadline_of_the_whole_page(answering: Any, client_of: Clients) -> None:
    def drip() -> Response:
        def slowly() -> Iterator[bytes]:
            for _ in range(40):
                yield b" "
                time.sleep(0.1)

        return Response(slowly(), 200)

    client = client_of(answering(drip), timeout_seconds=0.3)
    started = time.monotonic()
    assert "niet binnen" in failing(client)
    assert time.monotonic() - started < 3


def test_silence_before_the_first_byte_meets_the_deadline(answering: Any, client_of: Clients) -> None:
    def sleep() -> Any:
        time.sleep(0.6)
        return page()

    assert "niet binnen" in failing(client_of(answering(sleep), timeout_seconds=0.1))


def test_nobody_at_the_address_is_said_so(client_of: Clients) -> None:
    assert "niet bereikbaar" in failing(client_of("http://127.0.0.1:9"))


def test_questions_keep_their_pace(world: DemoWorld, uit: str, client_of: Clients) -> None:
    for number in range(4):
        put(world, f"e{number}", number)
    started = time.monotonic()
    ids(client_of(uit, page_size=2, requests_per_second=10))
    assert time.monotonic() - started >= 0.2


def test_pages_before_a_failure_are_kept(answering: Any, client_of: Clients) -> None:
    first = page(event("a"), event("b", modified="2026-11-20T10:00:05+00:00"))
    answers: list[Any] = [first, problem(404, "gone wrong")]
    changes = client_of(answering(lambda: answers.pop(0)), page_size=2).changes(None, None)
    assert len(next(changes).members) == 2
    with pytest.raises(Unavailable):
        next(changes)


# --- the source around it ---


def test_the_source_gives_stored_records_without_who_made_them(world: DemoWorld, uit: str, client_of: Clients) -> None:
    put(world, "a", 0, creator="auth0|x", contributors=["x@y.example"], organizer={"creator": "z"})
    (batch,) = UitSource(client_of(uit), ["9000"]).changes(None)
    (record,) = batch.records
    assert (record.external_id, record.modified) == ("a", BASE)
    assert "creator" not in json.dumps(record.payload)
    assert "contributors" not in record.payload


def test_the_source_also_asks_for_what_is_only_online(world: DemoWorld, uit: str, client_of: Clients) -> None:
    put(world, "online", 0, location={"address": {"nl": {"postalCode": "0000"}}})
    (batch,) = UitSource(client_of(uit), ["9000"]).changes(None)
    assert [record.external_id for record in batch.records] == ["online"]


def test_a_record_without_a_usable_id_comes_along_to_be_set_apart(
    world: DemoWorld, uit: str, client_of: Clients
) -> None:
    put(world, "x" * 70, 0)
    (batch,) = UitSource(client_of(uit)).changes(None)
    assert batch.records[0].external_id.startswith("zonder-id-")


def records(client: UitClient) -> list[RawRecord]:
    return [record for batch in UitSource(client).changes(None) for record in batch.records]


def reason(payload: dict[str, Any]) -> str:
    with pytest.raises(Unreadable) as refused:
        read_event(payload)
    return str(refused.value)


# --- members that are no events ---


def test_members_without_a_usable_id_are_set_apart_one_by_one_and_the_others_go_in(
    answering: Any, client_of: Clients
) -> None:
    nameless = {key: value for key, value in event().items() if key != "@id"}
    odd = [nameless, nameless | {"@id": 5}, nameless | {"@id": {"x": 1}}, ["geen", "object"], "tekst\x00", None, 7]
    found = records(client_of(answering(lambda: page(event("a"), *odd, event("b")))))
    apart = [record for record in found if record.external_id.startswith("zonder-id-")]
    assert [record.external_id for record in found if record not in apart] == ["a", "b"]
    assert len({record.external_id for record in apart}) == len(odd)
    reasons = {reason(record.payload) for record in apart}
    assert reasons == {
        "Dit evenement heeft geen bruikbaar kenmerk (@id).",
        "Dit is geen evenement: op de bladzijde staat iets anders.",
    }
    assert apart[4].payload == {"raw": "tekst"}


def test_a_member_that_is_an_endless_text_is_kept_in_part(answering: Any, client_of: Clients) -> None:
    (record,) = records(client_of(answering(lambda: page("x" * 1_000_000))))
    assert len(json.dumps(record.payload)) < 3_000


def test_a_full_page_of_members_without_a_time_stops_nothing(answering: Any, client_of: Clients) -> None:
    everything: list[Any] = [*({"x": number} for number in range(5)), event("a"), event("b")]

    def some() -> Any:
        start, limit = int(request.args["start"]), int(request.args["limit"])
        asked = everything[5:] if "modifiedFrom" in request.args else everything
        if request.args.get("modifiedFrom", "").startswith("2026-11-20T10:00:01"):
            asked = []
        return page(*asked[start : start + limit], totalItems=len(asked), itemsPerPage=limit)

    found = [record.external_id for record in records(client_of(answering(some), page_size=2))]
    assert len(found) == 7
    assert {"a", "b"} <= set(found)


def test_one_page_for_ever_of_members_without_a_time_ends() -> None:
    asked = []

    def same(question: Question) -> Answer:
        asked.append(question.start)
        return Answer([{"x": 1}] * 500, 500, full=True)

    with pytest.raises(Unavailable, match="zonder tijdstip"):
        list(Walk(same).pages(Question(500)))
    assert asked == list(range(0, 10_000, 500))


# --- JSON that no database takes ---


@pytest.mark.parametrize("odd", ['"\\ud800"', "1e400", "-1e400", "NaN", "9" * 5_000, '{"\\udfff": ["\\ud800x"]}'])
def test_odd_json_in_one_event_costs_the_others_nothing(answering: Any, client_of: Clients, odd: str) -> None:
    body = json.dumps(page(event("a"), event("b", odd="ODD"))).replace('"ODD"', odd)
    found = records(client_of(answering(lambda: Response(body, 200))))
    assert [record.external_id for record in found] == ["a", "b"]
    for record in found:
        json.dumps(record.payload, allow_nan=False, ensure_ascii=False).encode()
        read_event(record.payload)


# --- pages that are too large ---


def large(world: DemoWorld, number: int, size: int, **fields: Any) -> None:
    put(world, f"e{number:02d}", number, description={"nl": "x" * size}, **fields)


def test_a_page_over_the_limit_is_asked_in_smaller_ones(world: DemoWorld, uit: str, client_of: Clients) -> None:
    for number in range(9):
        large(world, number, 40_000)
    found = ids(client_of(uit, body_limit_bytes=100_000))
    assert sorted(found) == sorted(world.events)
    assert len(found) == 9


@pytest.mark.parametrize("second", [{}, {"modified": BASE.isoformat()}], ids=["apart", "in one second"])
@pytest.mark.parametrize("too_large", [{0}, {4}, {8}, {3, 4, 5}, {0, 8}, set(range(9))])
def test_an_event_over_the_limit_is_set_apart_and_the_walk_goes_on(
    world: DemoWorld, uit: str, client_of: Clients, too_large: set[int], second: dict[str, str]
) -> None:
    for number in range(9):
        large(world, number, 200_000 if number in too_large else 10)
        world.put((world.get(f"e{number:02d}") or {}) | second)
    found = records(client_of(uit, page_size=4, body_limit_bytes=100_000))
    assert sorted(record.external_id for record in found) == sorted(world.events)
    apart = {record.external_id: record.payload for record in found if "name" not in record.payload}
    assert set(apart) == {f"e{number:02d}" for number in too_large}
    assert all("te groot" in reason(payload) for payload in apart.values())


def test_pages_too_large_whatever_one_asks_end_soon(answering: Any, client_of: Clients) -> None:
    asked = []

    def endless() -> Response:
        asked.append((request.args["limit"], request.args["embed"]))
        return Response(b" " * 2_000, 200)

    assert "1000 bytes" in failing(client_of(answering(endless), page_size=8, body_limit_bytes=1_000))
    assert asked == [("8", "true"), ("4", "true"), ("2", "true"), ("1", "true"), ("1", "false")]


# --- a `modified` that cannot be ---


def test_a_modified_in_the_future_moves_neither_cursor_nor_walk(world: DemoWorld, uit: str, client_of: Clients) -> None:
    for number in range(5):
        put(world, f"e{number}", number)
    for number in range(5):
        world.put(event(f"later{number}", modified=f"2199-01-0{number + 1}T00:00:00+00:00"))
    pages = list(client_of(uit, page_size=2).changes(None, None))
    assert {key_of(member) for page_ in pages for member in page_.members} == set(world.events)
    assert max(page_.newest for page_ in pages if page_.newest) == BASE + timedelta(seconds=4)


def test_a_modified_in_the_future_is_taken_with_a_note_and_a_correction_counts_as_newer(
    world: DemoWorld, uit: str, client_of: Clients
) -> None:
    world.put(event("later", modified="2199-01-01T00:00:00+00:00"))
    source = UitSource(client_of(uit), clock=lambda: NOW)
    (batch,) = source.changes(None)
    (record,) = batch.records
    found = source.read(record.payload)
    assert (batch.newest, record.modified) == (None, None)
    assert found.modified < NOW
    assert any("toekomst" in note for note in found.notes)


@pytest.mark.parametrize("date", ["", "gisteren", "Thu, 99 Nov 2026 00:00:00 GMT"])
def test_an_answer_without_a_readable_date_goes_by_our_clock(client_of: Clients, date: str) -> None:
    app = Flask(__name__)
    ahead = BASE + timedelta(days=2)
    both = page(event("a", modified=BASE.isoformat()), event("b", modified=ahead.isoformat()))
    app.add_url_rule("/events", "events", lambda: both)
    with served(app, date) as address:
        for clock, newest in ((BASE, BASE), (BASE + timedelta(days=1), ahead)):
            (first,) = client_of(address, clock=lambda clock=clock: clock).changes(None, None)
            assert first.newest == newest
