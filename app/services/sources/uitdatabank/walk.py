"""The keyset walk through all changes: nothing skipped while events move, never endless (CONTRACT 5.2)."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from app.domain.errors import Unavailable
from app.services.sources.base import Json
from app.services.sources.uitdatabank.apart import too_large
from app.services.sources.uitdatabank.fetch import TooLarge
from app.services.sources.uitdatabank.pages import WINDOW, Answer, Page, Question
from app.services.sources.uitdatabank.stored import own_key

MOST_PAGES = 10_000
MOST_RESTARTS = 3  # of one second that keeps changing while we read it
ONE_SECOND = timedelta(seconds=1)


class Walk:
    """One walk by `modified`, oldest first; `ask` does one request."""

    def __init__(self, ask: Callable[[Question], Answer], most_pages: int = MOST_PAGES) -> None:
        self._ask_source = ask
        self._most_pages = most_pages
        self._asked = 0
        self._limit = WINDOW  # smaller for a while, where a page was too large
        self._seen: set[tuple[str, object]] = set()

    def pages(self, question: Question) -> Iterator[Page]:
        """Every page from `modified_from` on. Raises Unavailable where the source breaks the order."""
        while True:
            answer = self._ask(question)
            yield self._fresh(answer)
            if not answer.full:
                return
            seconds = answer.seconds("modified")
            if not seconds:
                question = self._past(question, answer)
                continue
            question, crowded = self._onward(question, seconds)
            if crowded:
                yield from self._one_second(replace(question, modified_from=crowded, modified_to=crowded))

    def _past(self, question: Question, answer: Answer) -> Question:
        """The next question where no member tells a credible time to go on from: by place, within the window."""
        start = question.start + len(answer.members)
        if start + question.limit > WINDOW:
            raise Unavailable("UiTdatabank geeft te veel evenementen zonder tijdstip van wijziging; we stoppen hier.")
        return replace(question, start=start)

    def _onward(self, question: Question, seconds: list[datetime]) -> tuple[Question, datetime | None]:
        """The next question; and the second that fills the whole page, if one does: no bound splits it."""
        bound = question.modified_from
        if bound and min(seconds) < bound.replace(microsecond=0):
            raise Unavailable("UiTdatabank houdt zich niet aan de gevraagde volgorde; we stoppen hier.")
        first, last = min(seconds), max(seconds)
        if first == last:
            return replace(question, modified_from=last + ONE_SECOND, start=0), last
        return replace(question, modified_from=last, start=0), None

    def _one_second(self, question: Question) -> Iterator[Page]:
        """All that share one second: by growing `start`, and by `created` where the window is too small."""
        start, restarts, total = 0, 0, None
        while True:
            answer = self._ask(replace(question, start=start))
            yield self._fresh(answer)
            if total is not None and answer.total != total and restarts < MOST_RESTARTS:
                # Something moved, so a neighbour may have slipped past the page border.
                start, restarts, total = 0, restarts + 1, None
                continue
            if not answer.full:
                return
            total, start = answer.total, start + len(answer.members)
            if start + question.limit > WINDOW:
                question, start, total = self._narrowed(question, answer), 0, None

    def _narrowed(self, question: Question, answer: Answer) -> Question:
        created = max(answer.seconds("created"), default=None)
        if created is None or (question.created_from and created <= question.created_from):
            raise Unavailable("UiTdatabank geeft in één seconde meer evenementen dan te lezen zijn.")
        return replace(question, created_from=created)

    def _ask(self, question: Question) -> Answer:
        """One page, with fewer events at once where they do not fit."""
        while True:
            asked = replace(question, limit=min(question.limit, self._limit))
            try:
                answer = self._ask_once(asked)
            except TooLarge:
                if asked.limit > 1:
                    self._limit = asked.limit // 2
                    continue
                answer = self._stand_in(asked)
            self._limit = min(asked.limit * 2, WINDOW)
            return answer

    def _stand_in(self, question: Question) -> Answer:
        """For the one event that does not fit: its link is all we learn of it, and a later page goes on behind it."""
        answer = self._ask_once(replace(question, embed=False))
        return replace(answer, members=[too_large(link) for link in answer.members])

    def _ask_once(self, question: Question) -> Answer:
        if self._asked >= self._most_pages:
            raise Unavailable(
                "UiTdatabank bleef bladzijden geven: gestopt na %(pages)s. De volgende keer gaan we verder.",
                pages=self._asked,
            )
        self._asked += 1
        return self._ask_source(question)

    def _fresh(self, answer: Answer) -> Page:
        members = []
        for member in answer.members:
            key = _key(member)
            if key not in self._seen:
                self._seen.add(key)
                members.append(member)
        return Page(members, answer.total, max(answer.seconds("modified"), default=None), answer.latest)


def _key(member: Json) -> tuple[str, object]:
    address, modified = member.get("@id"), member.get("modified")
    return address if isinstance(address, str) else own_key(member), modified if isinstance(modified, str) else None
