"""Weekly hours of a periodic or permanent event, with its closed and adjusted days (CONTRACT 8.2)."""

from datetime import date, time

from app.domain.schedule import Adjusted, Block, Closed, Weekly
from app.domain.source import Unreadable
from app.services.sources.base import Json
from app.services.sources.uitdatabank.text import each, localised, one_line
from app.services.sources.uitdatabank.times import read_clock, read_day

MOST_ITEMS = 500  # of hours, closed days or adjusted days
_EVERY_DAY = Block(frozenset(range(1, 8)))
_WEEKDAYS = {
    "monday": 1,
    "tuesday": 2,
    "wednesday": 3,
    "thursday": 4,
    "friday": 5,
    "saturday": 6,
    "sunday": 7,
}


def read_week(event: Json, notes: list[str], *, bounded: bool) -> Weekly:
    """The week scheme between two local days, both included; without `bounded` it has no ends.

    Without hours it is every day, all day. Hours that are there and all unreadable are refused.
    """
    first_day, last_day = _bounds(event, notes) if bounded else (None, None)
    given = _items(event.get("openingHours"))
    blocks = _blocks(given, notes)
    if given and not blocks:
        raise Unreadable("De openingsuren van dit evenement zijn niet te lezen.")
    main = event.get("mainLanguage")
    return Weekly(
        blocks or (_EVERY_DAY,),
        first_day,
        last_day,
        closed=tuple(
            Closed(first, last, _why(item, main))
            for item, first, last in _ranges(event.get("openingHoursClosedDays"), notes)
        ),
        adjusted=tuple(
            Adjusted(first, last, _blocks(_items(item.get("openingHours")), notes), _why(item, main))
            for item, first, last in _ranges(event.get("openingHoursAdjustedDays"), notes)
        ),
    )


def _bounds(event: Json, notes: list[str]) -> tuple[date | None, date | None]:
    first_day, last_day = read_day(event.get("startDate")), read_day(event.get("endDate"))
    if first_day is None and last_day is None:
        raise Unreadable("De periode van dit evenement is niet te lezen.")
    if first_day and last_day and last_day < first_day:
        raise Unreadable("De periode van dit evenement eindigt voor ze begint.")
    if first_day is None or last_day is None:
        notes.append("Het begin of het einde van de periode ontbreekt.")
    return first_day, last_day


def _blocks(items: list[object], notes: list[str]) -> tuple[Block, ...]:
    blocks = [block for item in items if (block := _block(item))]
    if len(blocks) < len(items):
        notes.append("Een deel van de openingsuren is niet te lezen en weggelaten.")
    return tuple(blocks)


def _block(item: object) -> Block | None:
    if not isinstance(item, dict):
        return None
    names = [str(name).lower() for name in each(item.get("dayOfWeek"))]
    weekdays = frozenset(_WEEKDAYS[name] for name in names if name in _WEEKDAYS)
    opens, closes = read_clock(item.get("opens")), read_clock(item.get("closes"))
    if not weekdays or opens is None or closes is None:
        return None
    if opens == time(0, 0) and (closes >= time(23, 59) or item.get("closes") == "24:00"):
        return Block(weekdays)
    return Block(weekdays, opens, None if closes == opens else closes)


def _ranges(value: object, notes: list[str]) -> list[tuple[Json, date, date]]:
    """Each item with its first and last day, both included; one day where only the first is given."""
    found = []
    for item in _items(value):
        first = read_day(item.get("startDate")) if isinstance(item, dict) else None
        last = (read_day(item.get("endDate")) or first) if isinstance(item, dict) else None
        if isinstance(item, dict) and first and last and first <= last:
            found.append((item, first, last))
        else:
            notes.append("Een gesloten of aangepaste dag is niet te lezen en weggelaten.")
    return found


def _items(value: object) -> list[object]:
    return value[:MOST_ITEMS] if isinstance(value, list) else []


def _why(item: Json, main: object) -> str:
    return one_line(localised(item.get("description"), main))
