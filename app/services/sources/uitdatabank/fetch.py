"""One question over HTTP: at our pace, within a deadline and a size, asked again where that can help."""

import contextlib
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TypeVar
from urllib.parse import quote, urlencode

import httpx2
import orjson
import stamina

from app.domain.errors import Unavailable
from app.services.sources.uitdatabank.deadline import Deadline

ATTEMPTS = 4
FIRST_WAIT_SECONDS = 2.0
LONGEST_WAIT_SECONDS = 60.0
LONGEST_RETRY_AFTER_SECONDS = 600.0
LONGEST_QUERY = 1800  # characters in a URL; beyond it the same question goes by POST (CONTRACT 1)
TEXT = {"Content-Type": "text/plain"}

T = TypeVar("T")


class Passing(Unavailable):
    """Likely over in a moment, so worth asking again, after `wait` seconds where the source named them."""

    def __init__(self, message: str, wait: float | None = None, **params: object) -> None:
        super().__init__(message, **params)
        self.wait = wait


class TooLarge(Unavailable):
    """A page over the limit: fewer events at once may fit."""


class Fetcher:
    """Asks one base address, one question at a time, and counts what it had to ask again in `retries`.

    The key travels in a header, never in a URL: URLs end up in logs. Redirects are not followed.
    """

    def __init__(
        self,
        base_url: str,
        client_id: str,
        timeout_seconds: float,
        requests_per_second: float,
        body_limit_bytes: int,
        clock: Callable[[], datetime],
    ) -> None:
        self.retries = 0
        self._clock = clock
        self._deadline_seconds = timeout_seconds
        self._pause_seconds = 1 / requests_per_second if requests_per_second else 0.0
        self._body_limit_bytes = body_limit_bytes
        self._not_before = 0.0
        self._http = httpx2.Client(
            base_url=base_url.rstrip("/"),
            headers={"x-client-id": client_id, "Accept": "application/json", "Accept-Encoding": "gzip"},
            timeout=timeout_seconds,
            follow_redirects=False,
            limits=httpx2.Limits(max_connections=1, max_keepalive_connections=0),
        )

    def close(self) -> None:
        self._http.close()

    def get(self, path: str, parameters: Sequence[tuple[str, str]], read: Callable[[bytes, datetime], T]) -> T:
        """What `read` makes of the answer and its date; a ValueError of `read` is a broken answer, asked again.

        Raises Unavailable with the status and the source's own words, after the last attempt, and TooLarge at once.
        """
        for attempt in stamina.retry_context(
            on=_again,
            attempts=ATTEMPTS,
            timeout=None,
            wait_initial=FIRST_WAIT_SECONDS,
            wait_max=LONGEST_WAIT_SECONDS,
            wait_jitter=FIRST_WAIT_SECONDS,
        ):
            with attempt:
                self.retries += attempt.num > 1
                self._wait_our_turn()
                return self._once(path, parameters, read)
        raise AssertionError("stamina returns or raises")

    def _wait_our_turn(self) -> None:
        pause = self._not_before - time.monotonic()
        if pause > 0:
            time.sleep(pause)
        self._not_before = time.monotonic() + self._pause_seconds

    def _once(self, path: str, parameters: Sequence[tuple[str, str]], read: Callable[[bytes, datetime], T]) -> T:
        with Deadline(self._deadline_seconds) as deadline:
            try:
                request = self._request(path, parameters)
                request.extensions["trace"] = deadline.trace
                with contextlib.closing(self._http.send(request, stream=True)) as response:
                    body = self._body(response, deadline)
            except httpx2.TimeoutException:
                raise _too_slow(self._deadline_seconds) from None
            except httpx2.HTTPError as error:
                if deadline.expired:
                    raise _too_slow(self._deadline_seconds) from None
                words = f"{type(error).__name__}: {error}"
                raise Passing("UiTdatabank is niet bereikbaar (%(detail)s).", detail=_line(words)) from None
        if response.status_code != 200:
            raise _refused(response, body)
        try:
            return read(body, _date_of(response) or self._clock())
        except ValueError as error:
            raise Passing(
                "Het antwoord van UiTdatabank (%(status)s) is niet te lezen: %(detail)s.",
                status=200,
                detail=_line(str(error)),
            ) from None

    def _request(self, path: str, parameters: Sequence[tuple[str, str]]) -> httpx2.Request:
        query = urlencode(parameters, quote_via=quote)
        if len(query) <= LONGEST_QUERY:
            return self._http.build_request("GET", f"{path}?{query}")
        return self._http.build_request("POST", path, content=query.encode(), headers=TEXT)

    def _body(self, response: httpx2.Response, deadline: Deadline) -> bytes:
        if response.headers.get("content-encoding", "identity") not in ("gzip", "identity"):
            raise Unavailable("UiTdatabank antwoordt in een verpakking die we niet vroegen.")
        body = bytearray()
        for chunk in response.iter_bytes():
            body += chunk
            if len(body) > self._body_limit_bytes:
                raise (TooLarge if response.status_code == 200 else Unavailable)(
                    "Het antwoord van UiTdatabank (%(status)s) is geweigerd: meer dan %(most)s bytes.",
                    status=response.status_code,
                    most=self._body_limit_bytes,
                )
            if deadline.expired:
                break
        if deadline.expired:  # an answer without a length ends quietly where its connection was shut down
            raise _too_slow(self._deadline_seconds)
        return bytes(body)


def _again(problem: Exception) -> bool | float:
    if not isinstance(problem, Passing):
        return False
    return True if problem.wait is None else problem.wait


def _too_slow(seconds: float) -> Passing:
    return Passing("UiTdatabank antwoordde niet binnen %(seconds)g seconden.", seconds=seconds)


def _refused(response: httpx2.Response, body: bytes) -> Unavailable:
    """An answer that is not 200: CONTRACT 6 says which may be asked again."""
    status, detail = response.status_code, _detail(body)
    if status == 429 or status >= 500:
        return Passing(
            "UiTdatabank is even niet beschikbaar (%(status)s: %(detail)s).",
            wait=_retry_after(response),
            status=status,
            detail=detail,
        )
    if status in (401, 403):
        words = "UiTdatabank weigert onze sleutel (%(status)s: %(detail)s)."
    elif 300 <= status < 400:
        words = "UiTdatabank verwijst ons door (%(status)s), en dat volgen we niet: %(detail)s."
    else:
        words = "UiTdatabank begrijpt onze vraag niet (%(status)s: %(detail)s)."
    return Unavailable(words, status=status, detail=detail)


def _detail(body: bytes) -> str:
    """`detail` or `title` of a problem document (RFC 7807), on one line."""
    try:
        problem = orjson.loads(body)
    except ValueError:
        problem = None
    words = (problem.get("detail") or problem.get("title")) if isinstance(problem, dict) else None
    return _line(words) if isinstance(words, str) else "zonder uitleg"


def _line(words: str) -> str:
    return " ".join("".join(sign if sign.isprintable() else " " for sign in words[:300]).split())


def _date_of(response: httpx2.Response) -> datetime | None:
    """The source's own clock; None where it tells no readable time."""
    try:
        date = parsedate_to_datetime(response.headers.get("date", ""))
        return (date if date.tzinfo else date.replace(tzinfo=UTC)).astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        return None


def _retry_after(response: httpx2.Response) -> float | None:
    """Seconds of `Retry-After` (RFC 9110, 10.2.3), capped; a date counts from the server's own `Date`."""
    text = response.headers.get("retry-after", "")
    try:
        if text.isascii() and text.isdigit():
            seconds = float(text[:9])
        else:
            date = parsedate_to_datetime(response.headers.get("date", ""))
            seconds = (parsedate_to_datetime(text) - date).total_seconds()
    except (TypeError, ValueError):
        return None
    return min(max(seconds, 1.0), LONGEST_RETRY_AFTER_SECONDS)
