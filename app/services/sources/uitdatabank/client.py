"""Search API 3 of UiTdatabank, as a reader: all changed events, page by page."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from types import TracebackType

from app.services.sources.uitdatabank.fetch import Fetcher
from app.services.sources.uitdatabank.pages import Answer, Page, Question, postal_codes_of
from app.services.sources.uitdatabank.walk import MOST_PAGES, Walk

__all__ = ["Page", "UitClient"]


class UitClient:
    """Reads `/events` of `base_url`, one question at a time, at most `requests_per_second` (0: no limit).

    `timeout_seconds` is for a whole page, retries apart; `body_limit_bytes` counts unpacked, and a page
    over it is asked in smaller ones. `clock` is for answers that do not tell their own time.
    """

    def __init__(
        self,
        base_url: str,
        client_id: str,
        timeout_seconds: float = 30.0,
        page_size: int = 200,
        requests_per_second: float = 1.0,
        body_limit_bytes: int = 10_000_000,
        most_pages: int = MOST_PAGES,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._fetcher = Fetcher(base_url, client_id, timeout_seconds, requests_per_second, body_limit_bytes, clock)
        self._page_size = page_size
        self._most_pages = most_pages

    @property
    def retries(self) -> int:
        """How many questions had to be asked again so far."""
        return self._fetcher.retries

    def changes(self, postal_codes: Sequence[str] | None, since: datetime | None) -> Iterator[Page]:
        """Events with `modified` at or after `since`, oldest first; None asks for all.

        `postal_codes` None asks for every place; an empty list for none, and asks nothing. Raises
        Unavailable, in words for the platform's administrators; the pages yielded before it are whole.
        """
        if postal_codes is not None and not postal_codes:
            return
        codes = None if postal_codes is None else postal_codes_of(postal_codes)
        question = Question(self._page_size, codes, modified_from=since)
        yield from Walk(self._ask, self._most_pages).pages(question)

    def _ask(self, question: Question) -> Answer:
        return self._fetcher.get("/events", question.parameters(), question.read)

    def close(self) -> None:
        self._fetcher.close()

    def __enter__(self) -> "UitClient":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
