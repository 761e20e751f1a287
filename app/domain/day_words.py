"""A moment, a day and an hour in Dutch words, as one says them (LOOK 4); all in Brussels time.

When the year is said: always with a day that stands by itself, once in a list; where `now` is given, only
when it is another year. The names of days and months stand here alone, so that English can come beside them.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from app.domain.clock import BRUSSELS, brussels_date
from app.domain.schedule import Moment

WEEKDAYS = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag")
MONTHS = (
    *("januari", "februari", "maart", "april", "mei", "juni"),
    *("juli", "augustus", "september", "oktober", "november", "december"),
)
WHOLE_DAY = "de hele dag"
_NOON, _MIDNIGHT = time(12), time(0)


def day_and_hour(moment: Moment, now: datetime) -> str:
    """When it starts: "Vandaag om 14 uur", "Dinsdag 15 september om 14 uur"."""
    starts = brussels_date(moment.start)
    words = capital(near(starts, now) or day(starts, now))
    return words if moment.whole_day else f"{words} om {clock(moment.start.astimezone(BRUSSELS).time())}"


def day(date_: date, now: datetime | None = None) -> str:
    """ "dinsdag 15 september 2026"; with `now`, the year only when it is not this one."""
    years = now is None or brussels_date(now).year != date_.year
    return days_listed([date_], weekday=True, years=years)[0]


def near(date_: date, now: datetime) -> str:
    """ "vandaag" or "morgen"; nothing for another day."""
    return {0: "vandaag", 1: "morgen"}.get((date_ - brussels_date(now)).days, "")


def clock(time_: time) -> str:
    """ "14 uur", "18.30 uur"."""
    return f"{_figures(time_)} uur"


def ago(instant: datetime, now: datetime) -> str:
    """How long something waits, by the calendar: "vandaag", "gisteren", "3 dagen", "2 weken"."""
    days = (brussels_date(now) - brussels_date(instant)).days
    if days < 2:
        return "gisteren" if days == 1 else "vandaag"
    if days < 14:
        return f"{days} dagen"
    return f"{days // 7} weken" if days < 63 else f"{days // 30} maanden"


def hours(moment: Moment) -> str:
    """The hours of a moment within its day: "van 14 tot 16 uur", "om 14 uur", "de hele dag"."""
    if moment.whole_day:
        return WHOLE_DAY
    start = moment.start.astimezone(BRUSSELS)
    end = (moment.end or moment.start).astimezone(BRUSSELS)
    return between(start.time(), None if end == start else end.time())


def span(moment: Moment, now: datetime | None = None) -> str:
    """The moment with its day or days: "maandag 8 januari 2018 van 20 tot 21.30 uur"."""
    first, last = brussels_date(moment.start), last_day(moment)
    if first == last:
        return f"{day(first, now)}{', ' if moment.whole_day else ' '}{hours(moment)}"
    if moment.whole_day or moment.end is None:
        return from_to(first, last, weekday=True)
    begins, ends = days_listed([first, last], weekday=True, months=True)
    opens, closes = (instant.astimezone(BRUSSELS).time() for instant in (moment.start, moment.end))
    return f"van {begins} om {clock(opens)} tot {ends} om {clock(closes)}"


def last_day(moment: Moment) -> date:
    """The day on which people would say it ends: a night belongs to the evening before."""
    first = brussels_date(moment.start)
    if moment.end is None:
        return first
    end = moment.end.astimezone(BRUSSELS)
    a_night = end - moment.start < timedelta(hours=24) and end.time() <= _NOON
    if end.time() == _MIDNIGHT or (a_night and not moment.whole_day):
        return max(first, end.date() - timedelta(days=1))
    return end.date()


def month_and_year(year: int, month: int) -> str:
    return f"{MONTHS[month - 1]} {year}"


def capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def listed(words: Sequence[str]) -> str:
    """ "a, b en c"."""
    return " en ".join(part for part in (", ".join(words[:-1]), *words[-1:]) if part)


def days_listed(days: Sequence[date], *, weekday: bool = False, months: bool = False, years: bool = True) -> list[str]:
    """Each day as it stands in a list, month and year with the last that shares them: "8", "10 januari 2018".

    With `months`, each says its month.
    """
    found = []
    for this, after in zip(days, (*days[1:], None), strict=True):
        same_year = after is not None and after.year == this.year
        same_month = same_year and after is not None and after.month == this.month
        parts = [WEEKDAYS[this.weekday()]] if weekday else []
        parts.append(str(this.day))
        if months or not same_month:
            parts.append(MONTHS[this.month - 1])
        if years and not same_year:
            parts.append(str(this.year))
        found.append(" ".join(parts))
    return found


def from_to(first: date, last: date, *, weekday: bool = False, years: bool = True) -> str:
    """ "van 2 tot en met 8 november", or "op 2 november" for one day."""
    if first == last:
        return f"op {days_listed([first], weekday=weekday, years=years)[0]}"
    return f"van {' tot en met '.join(days_listed([first, last], weekday=weekday, years=years))}"


def between(opens: time, closes: time | None) -> str:
    """ "van 14 tot 16 uur"; past midnight "van 22 tot 2 uur ’s nachts"; one time: "om 14 uur"."""
    if closes is None or closes == opens:
        return f"om {clock(opens)}"
    if closes == _MIDNIGHT:
        return f"van {_figures(opens)} tot 24 uur"
    next_day = "" if closes > opens else " ’s nachts" if closes.hour < 6 else " ’s morgens"
    return f"van {_figures(opens)} tot {clock(closes)}{next_day}"


def _figures(time_: time) -> str:
    return f"{time_.hour}.{time_.minute:02}" if time_.minute else str(time_.hour)
