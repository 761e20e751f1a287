"""Pages of a list that is too long to count: one row more than fits says whether there is a next one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request, url_for
from sqlalchemy import Select

from admin_views.guard import present
from admin_views.listing import Filter, page_number
from app.models import db

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows of a list, and the way to the others; `number` starts at 0, `kept` is what of the address stays."""

    rows: Sequence[Any]
    number: int
    endpoint: str
    kept: Mapping[str, Any]
    more: bool

    @property
    def previous_url(self) -> str | None:
        return self._url(self.number - 1) if self.number else None

    @property
    def next_url(self) -> str | None:
        return self._url(self.number + 1) if self.more else None

    @property
    def first_url(self) -> str:
        return self._url(0)

    def _url(self, number: int) -> str:
        return url_for(self.endpoint, **{**self.kept, **({"page": number} if number else {})})


@dataclass(frozen=True, slots=True)
class Sentence:
    """The filters above a list, read from the address: what is no option narrows nothing."""

    filters: Sequence[Filter]

    def narrow(self, query: Select[Any]) -> Select[Any]:
        for part in self.filters:
            query = part.narrow(query, self.chosen(part), present())
        return query

    def chosen(self, part: Filter) -> str:
        return request.args.get(part.name, "")

    @property
    def on(self) -> dict[str, str]:
        """What is chosen, for the address of a next page."""
        return {part.name: value for part in self.filters if (value := self.chosen(part))}


def page_of(query: Select[Any], endpoint: str, kept: Mapping[str, Any], size: int = PAGE_SIZE) -> Page:
    """The page that the address asks for."""
    number = page_number(request.args.get("page"))
    rows = db.session.scalars(query.limit(size + 1).offset(number * size)).unique().all()
    return Page(rows[:size], number, endpoint, kept, more=len(rows) > size)
