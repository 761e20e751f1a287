"""Brussels and UTC: the one place that knows both.

Instants are aware and stored in UTC; dates and weekly times are local in Brussels (DESIGN, Doors, transactions, time).
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

BRUSSELS = ZoneInfo("Europe/Brussels")


def now_utc() -> datetime:
    """The present instant. Only doors call this; everything behind them gets `now` as an argument."""
    return datetime.now(UTC)


def brussels_date(instant: datetime) -> date:
    """The calendar day on which `instant` falls in Brussels."""
    return instant.astimezone(BRUSSELS).date()


def at_brussels(day: date, clock: time) -> datetime:
    """The instant at which the clocks of Brussels show `clock` on `day`.

    A time that does not exist in the night the clocks go forward moves forward by the gap;
    a time that exists twice in the night they go back is the first of the two (PEP 495, fold=0).
    """
    local = datetime.combine(day, clock, BRUSSELS).replace(fold=0)
    return local.astimezone(UTC).astimezone(BRUSSELS)


def day_starts(day: date) -> datetime:
    """Midnight at the start of `day`, in Brussels."""
    return at_brussels(day, time.min)


def day_ends(day: date) -> datetime:
    """The first instant after `day`, in Brussels."""
    return day_starts(day + timedelta(days=1))


def covers(first_day: date, last_day: date | None, day: date) -> bool:
    """Whole days, both included; no last day means open-ended."""
    return first_day <= day and (last_day is None or day <= last_day)
