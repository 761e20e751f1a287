"""What a list is made of: columns, filters that read as a sentence, and the page with its way on."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for
from sqlalchemy import Select
from werkzeug.datastructures import MultiDict

from admin_views import export
from app.domain.errors import NotFound

LAST_PAGE = 10_000
Words = Any  # a lazy string: the words of the reader's language, known at the request


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its words, and what stands in the cell of a row. `css`: 'w' or 'e' places it on a phone's card.

    `text` is what an export says instead, for a cell that is more than plain text.
    """

    words: Words
    cell: Callable[[Any, datetime], Any]
    css: str = ""
    text: Callable[[Any, datetime], Any] | None = None


@dataclass(frozen=True, slots=True)
class Filter:
    """A choice within the sentence above a list: `lead` comes before it, `options` gives (value, words) pairs.

    `apply` narrows the query for a chosen value; a value that is no option narrows nothing.
    """

    name: str
    label: Words
    lead: Words
    options: Callable[[], Iterable[tuple[str, Any]]]
    apply: Callable[[Select[Any], str, datetime], Select[Any]]

    def narrow(self, query: Select[Any], value: str, now: datetime) -> Select[Any]:
        if value and value not in {key for key, _words in self.options()}:
            value = ""
        return self.apply(query, value, now)


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of rows. `total` counts all that fit; `page` starts at 0."""

    view: Any
    rows: Sequence[Any]
    total: int
    page: int
    page_size: int
    args: MultiDict[str, str]
    now: datetime

    @property
    def first(self) -> int:
        return self.page * self.page_size + 1

    @property
    def last(self) -> int:
        return self.page * self.page_size + len(self.rows)

    @property
    def previous_url(self) -> str | None:
        return self._url({"page": self.page - 1 or None}) if self.page else None

    @property
    def next_url(self) -> str | None:
        return self._url({"page": self.page + 1}) if self.last < self.total else None

    @property
    def narrowed(self) -> bool:
        """Whether a filter or a search is on."""
        return any(self.args.get(name) for name in ("q", *(part.name for part in self.view.filters)))

    @property
    def exports(self) -> list[tuple[str, str]]:
        """The words and the address of each kind of export of these rows; none when there is nothing to export."""
        if not self.rows or not self.view.exported:
            return []
        return [(words, self._url({"export_type": kind}, "export")) for kind, words in export.WORDS.items()]

    def chosen(self, part: Filter) -> str:
        return self.args.get(part.name, "")

    def _url(self, changes: Mapping[str, Any], door: str = "index_view") -> str:
        names = ("q", *self.view.keeps, *(part.name for part in self.view.filters))
        kept = {name: self.args[name] for name in names if self.args.get(name)}
        return url_for(f"{self.view.endpoint}.{door}", **{**kept, **changes})


def page_number(text: str | None) -> int:
    """The page asked for, from 0; one too far becomes the last. Raises NotFound for what is no page."""
    if not text:
        return 0
    if not (text.isascii() and text.isdigit()):
        raise NotFound
    return min(int(text[:9]), LAST_PAGE)
