"""A schedule as months: the days it takes place and those it does not, as the macro `month` draws them."""

from calendar import Calendar
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any, Literal

from app.domain.clock import brussels_date, day_ends, day_starts
from app.domain.day_words import last_day, month_and_year
from app.domain.schedule import HORIZON_DAYS, Dates, Flexible, Moment, Schedule, Weekly

Mark = Literal["on", "off", "moved"]
Weeks = list[list[dict[str, Any] | None]]
Hours = dict[date, list[tuple[datetime, datetime | None]]]


def weeks(year: int, month: int, marks: Mapping[date, str], today: date | None) -> tuple[str, Weeks]:
    """The caption, and the weeks from Monday: None outside the month, else the square of a day."""
    found: Weeks = [
        [_square(day, marks, today) if day.month == month else None for day in week]
        for week in Calendar().monthdatescalendar(year, month)
    ]
    return month_and_year(year, month), found


def _square(day: date, marks: Mapping[date, str], today: date | None) -> dict[str, Any]:
    return {"day": day.day, "iso": day.isoformat(), "mark": marks.get(day), "today": day == today}


def marks(schedule: Schedule, first: date, last: date) -> dict[date, Mark]:
    """What is marked between two days, both included.

    "on" takes place, "moved" takes place at another hour than usual, "off" would have been and is not.
    """
    match schedule:
        case Dates(moments):
            return _of_dates(moments, first, last)
        case Weekly():
            return _of_week(schedule, first, last)
        case Flexible():
            return {}


def around(schedule: Schedule, now: datetime, count: int = 2) -> list[tuple[str, Weeks]]:
    """The first `count` months that hold a moment not yet over, drawn with all their days."""
    today = brussels_date(now)
    return [_drawn(schedule, year, month, today) for year, month in islice(_months(schedule, now), count)]


def _drawn(schedule: Schedule, year: int, month: int, today: date) -> tuple[str, Weeks]:
    first = date(year, month, 1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return weeks(year, month, marks(schedule, first, last), today)


def _months(schedule: Schedule, now: datetime) -> Iterator[tuple[int, int]]:
    """Each month with something still to come, once, in order."""
    seen = set()
    for moment in schedule.occurrences(now, now + timedelta(days=HORIZON_DAYS)):
        for day in _days_of(moment, brussels_date(now)):
            if (day.year, day.month) not in seen:
                seen.add((day.year, day.month))
                yield day.year, day.month


def _of_dates(moments: Iterable[Moment], first: date, last: date) -> dict[date, Mark]:
    found: dict[date, Mark] = {}
    for moment in moments:
        for day in _days_of(moment, first, last):
            # Of two on one day the one that goes on is what people come for.
            if moment.goes_on or day not in found:
                found[day] = "on" if moment.goes_on else "off"
    return found


def _days_of(moment: Moment, first: date, last: date | None = None) -> Iterator[date]:
    """The days of one moment between two days; a year of them at most."""
    starts = brussels_date(moment.start)
    ends = last_day(moment)
    # A night that began yesterday and is not over still belongs to yesterday.
    day = max(starts, min(first, ends)) if last is None else max(starts, first)
    ends = min(ends if last is None else min(ends, last), day + timedelta(days=366))
    while day <= ends:
        yield day
        day += timedelta(days=1)


def _of_week(week: Weekly, first: date, last: date) -> dict[date, Mark]:
    actual = _hours(week, first, last)
    usual = _hours(replace(week, closed=(), adjusted=()), first, last)
    opened = _hours(replace(week, closed=()), first, last)
    found: dict[date, Mark] = dict.fromkeys((*usual, *opened), "off")
    for day, hours in actual.items():
        found[day] = "moved" if day in usual and usual[day] != hours else "on"
    return dict(sorted(found.items()))


def _hours(week: Weekly, first: date, last: date) -> Hours:
    found: Hours = {}
    for moment in week.occurrences(day_starts(first), day_ends(last)):
        day = brussels_date(moment.start)
        if day >= first:
            found.setdefault(day, []).append((moment.start, moment.end))
    return found
