"""Days and times as people type them: `15/9/2026`, `15 september`, `14.30`, `14u30`, `14 u`.

Read in any usual notation, written back in one. Raises Invalid with words about this very value.
"""

import re
from datetime import date, time

from app.domain.errors import Invalid

MONTHS = (
    "januari",
    "februari",
    "maart",
    "april",
    "mei",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
)
YEARS = range(2000, 2101)  # beyond these somebody hit a key twice
LONGEST = 40

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_NUMBERS = re.compile(r"(\d{1,2})[/.\- ](\d{1,2})(?:[/.\- ](\d{4}|\d{2}))?")
_WORDS = re.compile(r"(?:[a-z]+ )?(\d{1,2}) ([a-z]{3,9})\.?(?: (\d{4}))?")
_TIME = re.compile(r"(\d{1,2})(?:\s*(?:[.:u]|uur)\s*(\d{2})?)?\s*(?:u|uur)?")


def read_day(text: str, today: date) -> date:
    """A day; without a year, the coming one."""
    cleaned = " ".join(text.lower().replace(",", " ").split())
    if len(cleaned) <= LONGEST and cleaned.isascii():
        for pattern, order in ((_ISO, "ymd"), (_NUMBERS, "dmy"), (_WORDS, "dmy")):
            if match := pattern.fullmatch(cleaned):
                parts = dict(zip(order, match.groups(), strict=True))
                return _day(text, parts["d"], parts["m"], parts["y"], today)
    raise Invalid("“%(text)s” is geen datum. Typ ze zoals 15/9/2026 of 15 september.", text=text[:LONGEST])


def read_clock(text: str) -> time:
    """A time of the day, from 0 to 23.59 hours."""
    match = _TIME.fullmatch(text.strip().lower()) if len(text) <= LONGEST and text.isascii() else None
    hour, minute = (int(match[1]), int(match[2] or 0)) if match else (99, 0)
    if hour > 23 or minute > 59:
        raise Invalid("“%(text)s” is geen uur. Typ het zoals 14 of 14.30.", text=text[:LONGEST])
    return time(hour, minute)


def written_day(day: date) -> str:
    return f"{day.day}/{day.month}/{day.year}"


def written_clock(clock: time) -> str:
    return f"{clock.hour}.{clock.minute:02d}"


def _day(text: str, day: str, month: str, year: str | None, today: date) -> date:
    number = int(month) if month.isdigit() else _month(text, month)
    wanted = int(year) + (2000 if len(year) == 2 else 0) if year else today.year
    try:
        found = date(wanted, number, int(day))
        if year is None and found < today:
            found = date(wanted + 1, number, int(day))
    except ValueError:
        raise Invalid("“%(text)s” bestaat niet op de kalender.", text=text[:LONGEST]) from None
    if found.year not in YEARS:
        raise Invalid("Het jaar %(year)d klopt vast niet.", year=found.year)
    return found


def _month(text: str, word: str) -> int:
    found = [index for index, name in enumerate(MONTHS, 1) if name.startswith(word) and len(word) >= 3]
    if len(found) != 1:
        raise Invalid("“%(text)s” is geen datum. Typ ze zoals 15/9/2026 of 15 september.", text=text[:LONGEST])
    return found[0]
