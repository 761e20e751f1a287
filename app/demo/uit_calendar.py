"""Calendars for the invented events, as UiTdatabank writes them, counted from a day of one's choice."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from app.domain.clock import at_brussels

Calendar = dict[str, Any]
When = Callable[[date], Calendar]
FOR_EVER = "2100-01-01T00:00:00+00:00"
AVAILABLE = {"type": "Available"}


def atom(instant: datetime) -> str:
    """An instant as UiTdatabank writes it: whole seconds, +00:00."""
    return instant.astimezone(UTC).isoformat(timespec="seconds")


def once(days: int, opens: str, closes: str, **more: Any) -> When:
    """One date, so many days ahead; `more` goes into the date itself (status, bookingAvailability)."""
    return lambda today: _dated("single", [_date(today, days, opens, closes, more)])


def dates(opens: str, closes: str, *days: int, cancelled: int | None = None, why: str = "") -> When:
    """Several dates with the same hours; one of them cancelled, if asked."""

    def calendar(today: date) -> Calendar:
        off = {"status": {"type": "Unavailable", "reason": {"nl": why}}}
        items = [_date(today, day, opens, closes, off if day == cancelled else {}) for day in days]
        return _dated("multiple", [item | {"id": index} for index, item in enumerate(items)])

    return calendar


def weekly(weekdays: str, opens: str, closes: str, *, start: int = -14, weeks: int = 26, closed: int = 0) -> When:
    """Fixed days between two days; `closed` names a day ahead from which a week is skipped."""

    def calendar(today: date) -> Calendar:
        first, last = today + timedelta(days=start), today + timedelta(days=start, weeks=weeks)
        periodic = {
            "calendarType": "periodic",
            "startDate": atom(at_brussels(first, time(0, 0))),
            "endDate": atom(at_brussels(last, time(23, 59, 59))),
            "openingHours": [_hours(weekdays, opens, closes)],
            "availableTo": atom(at_brussels(last, time(23, 59, 59))),
        }
        if closed:
            day = today + timedelta(days=closed)
            last_closed = (day + timedelta(days=6)).isoformat()
            periodic["openingHoursClosedDays"] = [
                {"startDate": day.isoformat(), "endDate": last_closed, "description": {"nl": "Vakantie"}}
            ]
        return _whole(periodic)

    return calendar


def always(*hours: tuple[str, str, str]) -> When:
    """For ever, on the given weekdays and hours; without any it is every day."""
    items = [_hours(*item) for item in hours]
    calendar = {"calendarType": "permanent", "availableTo": FOR_EVER}
    return lambda today: _whole(calendar | ({"openingHours": items} if items else {}))


def _dated(kind: str, items: list[Calendar]) -> Calendar:
    states = {item["status"]["type"] for item in items}
    booking = {item["bookingAvailability"]["type"] for item in items}
    return {
        "calendarType": kind,
        "startDate": items[0]["startDate"],
        "endDate": items[-1]["endDate"],
        "subEvent": items,
        "status": dict(AVAILABLE) if "Available" in states else items[0]["status"],
        "bookingAvailability": {"type": "Available" if "Available" in booking else "Unavailable"},
        "availableTo": items[-1]["endDate"],
    }


def _date(today: date, days: int, opens: str, closes: str, more: Calendar) -> Calendar:
    start, end = time.fromisoformat(opens), time.fromisoformat(closes)
    day = today + timedelta(days=days)
    last_day = day if end > start else day + timedelta(days=1)
    return {
        "id": 0,
        "startDate": atom(at_brussels(day, start)),
        "endDate": atom(at_brussels(last_day, end)),
        "status": dict(AVAILABLE),
        "bookingAvailability": dict(AVAILABLE),
    } | more


def _hours(weekdays: str, opens: str, closes: str) -> Calendar:
    return {"opens": opens, "closes": closes, "dayOfWeek": weekdays.split()}


def _whole(calendar: Calendar) -> Calendar:
    return calendar | {"status": dict(AVAILABLE), "bookingAvailability": dict(AVAILABLE)}
