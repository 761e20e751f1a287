"""Instants, days and clock times as UiTdatabank writes them (CONTRACT 8.1); None for what is unreadable."""

import re
from datetime import UTC, date, datetime, time

from app.domain.clock import BRUSSELS, at_brussels, brussels_date

FIRST_YEAR, LAST_YEAR = 1970, 2200  # outside these a date is a mistake; 2100 means "for ever" there
_LONGEST = 40
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::\d{2})?")


def read_instant(value: object) -> datetime | None:
    """RFC 3339 with any offset, in Brussels time; without an offset it already is Brussels time."""
    if not isinstance(value, str) or len(value) > _LONGEST:
        return None
    try:
        instant = datetime.fromisoformat(value.strip())
        if not FIRST_YEAR <= instant.year <= LAST_YEAR:
            return None
        if instant.tzinfo is None:
            return at_brussels(instant.date(), instant.time())
        return instant.astimezone(BRUSSELS)
    except (ValueError, OverflowError):
        return None


def read_second(value: object) -> datetime | None:
    """The whole second of an instant, in UTC: the resolution of `modified` and `created`."""
    instant = read_instant(value)
    return instant.astimezone(UTC).replace(microsecond=0) if instant else None


def read_day(value: object) -> date | None:
    """A local day: `2026-04-06`, or the Brussels day of an instant."""
    if isinstance(value, str) and len(value.strip()) == 10:
        try:
            day = date.fromisoformat(value.strip())
        except ValueError:
            return None
        return day if FIRST_YEAR <= day.year <= LAST_YEAR else None
    instant = read_instant(value)
    return brussels_date(instant) if instant else None


def read_clock(value: object) -> time | None:
    """`HH:MM` or `H:MM`, Brussels wall-clock; 24:00 is the midnight at which a day ends."""
    match = _CLOCK.fullmatch(value.strip()) if isinstance(value, str) and len(value) <= _LONGEST else None
    if match is None:
        return None
    hour, minute = int(match[1]), int(match[2])
    if (hour, minute) == (24, 0):
        return time(0, 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None
