"""A small local UiTdatabank: Search API 3 and the reading half of Entry API, over HTTP, without internet."""

import argparse
from collections.abc import Callable
from datetime import UTC, datetime
from threading import Event as Signal
from threading import Thread
from typing import Any
from urllib.parse import parse_qsl

import orjson
from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.serving import make_server

from app.demo.uit_query import Refused, read_question
from app.demo.uit_world import DemoWorld

TICK_SECONDS = 180
CONTEXT = "http://www.w3.org/ns/hydra/context.jsonld"
PROBLEMS = "https://api.publiq.be/probs/"
JSON_LD = "application/ld+json"


def create_uit_app(world: DemoWorld, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> Flask:
    """The server as a Flask app; `clock` tells what is published now under the default filters."""
    app = Flask(__name__)

    @app.get("/healthz")
    def health() -> Response:
        return Response("ok\n", mimetype="text/plain")

    @app.get("/events")
    @app.get("/events/")
    def by_url() -> Response:
        return _search(world, request.query_string.decode(), clock())

    @app.post("/events")
    @app.post("/events/")
    def by_body() -> Response:
        if any(name not in ("clientId", "apiKey") for name in request.args):
            return _problem(400, "body/bad-request", "Bad Request", "POST takes no URL parameters.")
        if request.mimetype != "text/plain":
            return _problem(415, "body/unsupported-media-type", "Unsupported media type")
        return _search(world, request.get_data(as_text=True), clock())

    @app.get("/events/<event_id>")
    def one(event_id: str) -> Response:
        event = world.get(event_id)
        if event is None:
            return _problem(404, "url/not-found", "Not Found", f"The Event with id {event_id} was not found.")
        return _json(event, 200, "application/json")

    @app.errorhandler(HTTPException)
    def refused(error: HTTPException) -> Response:
        if isinstance(error, MethodNotAllowed):
            return _problem(405, "method/not-allowed", "Method not allowed")
        return _problem(error.code or 500, "url/not-found" if error.code == 404 else "", error.name)

    return app


def _search(world: DemoWorld, query: str, now: datetime) -> Response:
    if not (request.headers.get("x-client-id") or request.args.get("clientId")):
        # Authentication errors of Search API come as JSON-LD (CONTRACT 6).
        return _problem(401, "auth/unauthorized", "Unauthorized", kind=JSON_LD)
    try:
        asked = read_question(parse_qsl(query, keep_blank_values=True), now)
    except Refused as reason:
        return _problem(404, "url/not-found", "Not Found", str(reason))
    members, total = asked.answer(world.all())
    if not asked.embed:
        members = [{"@id": event["@id"], "@type": "Event"} for event in members]
    page = {
        "@context": CONTEXT,
        "@type": "PagedCollection",
        "itemsPerPage": asked.limit,
        "totalItems": total,
        "member": members,
    }
    return _json(page, 200, JSON_LD)


def _problem(
    status: int, kind_of_problem: str, title: str, detail: str = "", kind: str = "application/problem+json"
) -> Response:
    body: dict[str, Any] = {
        "type": PROBLEMS + kind_of_problem if kind_of_problem else "about:blank",
        "title": title,
        "status": status,
    }
    if detail:
        body["detail"] = detail
    return _json(body, status, kind)


def _json(body: Any, status: int, kind: str) -> Response:
    return Response(orjson.dumps(body), status, content_type=kind)


def _live(world: DemoWorld, stop: Signal) -> None:
    """Something changes every few minutes, until `stop`."""
    while not stop.wait(TICK_SECONDS):
        print(world.tick(datetime.now(UTC)), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m app.demo.uit_server", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--still", action="store_true", help="nothing changes by itself")
    options = parser.parse_args()
    world = DemoWorld.invented(datetime.now(UTC))
    server = make_server("127.0.0.1", options.port, create_uit_app(world), threaded=True)
    stop = Signal()
    if not options.still:
        Thread(target=_live, args=(world, stop), daemon=True).start()
    print(f"UiTdatabank (demo): http://127.0.0.1:{server.server_port}", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass
    finally:
        stop.set()
        server.server_close()


if __name__ == "__main__":
    main()
