"""One pipe for everything that is said: a line of JSON in production, a readable line in the demo; people by id only.

Nothing goes in that opens a door or names somebody: one-time tokens, addresses and passwords are masked in whatever
string comes along, and of a query string only the names of its parameters are kept.
"""

import logging
import re
import sys
from collections.abc import Callable, Iterable, MutableMapping
from time import perf_counter
from typing import TYPE_CHECKING, Any, TextIO
from urllib.parse import parse_qsl
from uuid import uuid4

import click
import structlog
from flask import Flask, Request, Response, g, has_request_context, request
from structlog.contextvars import bind_contextvars, clear_contextvars, merge_contextvars
from structlog.stdlib import ProcessorFormatter
from werkzeug.wsgi import ClosingIterator

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

Event = MutableMapping[str, Any]

HEADER = "X-Request-ID"
SANE_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
MOST_PARAMETERS = 20
LONGEST_PATH = 500
OURS = ("app", "admin_views", "jobs", "request")  # of what others say, warnings only
SILENT = frozenset({"/healthz", "/readyz"})  # asked every few seconds; told only when they fail

_MASKS = (
    (re.compile(r"(/(?:welkom|wachtwoord|uitnodiging)/) *[^?#\s\"']+", re.IGNORECASE), r"\1***"),
    (re.compile(r"(://[^/\s:@]*):[^/\s@]+@"), r"\1:***@"),
    # Only from where a word begins: from every letter of a long one, the search would take the square of its length.
    (re.compile(r"(?<![\w.+%-])[\w.+%-]+@[\w-]+(?:\.[\w-]+)+"), "***@***"),
)
log = structlog.get_logger("request")


class Terminal(logging.StreamHandler[TextIO]):
    """Our one handler. It looks up stderr at every line, because tests and commands change it."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self) -> TextIO:  # type: ignore[override]
        return sys.stderr


def configure(*, as_json: bool) -> None:
    """Send structlog and the standard library through the same pipe. Safe to repeat; the last one holds."""
    shared: list[structlog.types.Processor] = [
        merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        add_command,
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *shared, ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    last: list[structlog.types.Processor] = (
        [structlog.processors.EventRenamer("message"), structlog.processors.JSONRenderer(ensure_ascii=True)]
        if as_json
        else [readable]
    )
    handler = next((held for held in logging.root.handlers if isinstance(held, Terminal)), None)
    if handler is None:
        handler = Terminal()
        logging.root.addHandler(handler)
    handler.setFormatter(
        ProcessorFormatter(
            foreign_pre_chain=shared, processors=[ProcessorFormatter.remove_processors_meta, mask, *last]
        )
    )
    logging.root.setLevel(logging.WARNING)
    for name in OURS:
        logging.getLogger(name).setLevel(logging.INFO)


def init(app: Flask) -> None:
    settings = app.extensions["settings"]
    configure(as_json=not settings.demo)
    app.wsgi_app = Told(app.wsgi_app, believe=settings.proxy_count > 0)  # type: ignore[method-assign]
    app.after_request(remember_who)


# --- a request ---


class Told:
    """Around the application: gives each request an id, and tells of it in one line when its answer is finished."""

    def __init__(self, wsgi_app: "WSGIApplication", *, believe: bool) -> None:
        self.wsgi_app, self.believe = wsgi_app, believe

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        began = perf_counter()
        request_id = self.id_of(environ)
        clear_contextvars()
        bind_contextvars(request_id=request_id)
        said: dict[str, Any] = {"status": 0}

        def start(status: str, headers: list[tuple[str, str]], error: Any = None) -> Callable[[bytes], object]:
            said["status"] = int(status[:3])
            return start_response(status, [*headers, (HEADER, request_id)], error)

        def finished() -> None:
            tell(environ, said["status"], began)
            clear_contextvars()

        try:
            answer = self.wsgi_app(environ, start)
        except BaseException:
            finished()
            raise
        return ClosingIterator(answer, finished)

    def id_of(self, environ: "WSGIEnvironment") -> str:
        """The proxy's own, when it is ours and sane; a stranger does not get to choose what our log says."""
        given = environ.get("HTTP_X_REQUEST_ID", "")
        return given if self.believe and SANE_ID.fullmatch(given) else uuid4().hex


def remember_who(response: Response) -> Response:
    """Leave the account's id for the line of this request; reading it costs nothing, nobody is looked up."""
    person = g.get("actor")
    request.environ["doemee.user"] = person.user_id if person is not None else None
    request.environ["doemee.endpoint"] = request.endpoint
    return response


def tell(environ: "WSGIEnvironment", status: int, began: float) -> None:
    asked = Request(environ, populate_request=False)
    if asked.path in SILENT and status < 400:
        return
    log.log(
        logging.ERROR if status >= 500 or not status else logging.INFO,
        "request",
        method=asked.method[:20],
        path=asked.path[:LONGEST_PATH],
        parameters=names_of(environ.get("QUERY_STRING", "")),
        endpoint=environ.get("doemee.endpoint"),
        status=status,
        user=environ.get("doemee.user"),
        duration_ms=round((perf_counter() - began) * 1000, 1),
    )


def names_of(query: str) -> list[str]:
    """The names of the parameters, never what they held."""
    try:
        pairs = parse_qsl(query[:4_000], keep_blank_values=True)
    except ValueError:
        return []
    return sorted({name[:40] for name, _value in pairs})[:MOST_PARAMETERS]


# --- what happens to a line ---


def add_command(_logger: Any, _method: str, event: Event) -> Event:
    """Which command is speaking, when one is."""
    context = click.get_current_context(silent=True)
    if context is not None and context.info_name and not has_request_context():
        event.setdefault("command", context.info_name)
    return event


def mask(_logger: Any, _method: str, event: Event) -> Event:
    for name, value in event.items():
        event[name] = masked(value)
    return event


def masked(value: Any) -> Any:
    """The same value without tokens, passwords and addresses, however deep they lie."""
    if isinstance(value, str):
        for pattern, instead in _MASKS:
            value = pattern.sub(instead, value)
        return value
    if isinstance(value, dict):
        return {masked(key): masked(held) for key, held in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [masked(held) for held in value]
    if value is None or isinstance(value, int | float):
        return value
    return masked(str(value))


def readable(_logger: Any, _method: str, event: Event) -> str:
    """`14:03:07 info  request  method=GET path=/`; what was typed stays within its line."""
    at, level = str(event.pop("timestamp", ""))[11:19], event.pop("level", "")
    what, trace = event.pop("event", ""), event.pop("exception", "")
    event.pop("logger", None)
    facts = " ".join(f"{name}={_word(value)}" for name, value in event.items() if value not in (None, [], ""))
    line = f"{at} {level:<7} {_printable(str(what))}  {facts}".rstrip()
    return f"{line}\n{trace}" if trace else line


def _word(value: Any) -> str:
    text = _printable(str(value))
    return f'"{text}"' if " " in text else text


def _printable(text: str) -> str:
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in text)
