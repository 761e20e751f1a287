"""The calendar of an event as a schedule: four types there, one value here (CONTRACT 8)."""

from datetime import time

from app.domain.clock import brussels_date, day_ends, day_starts
from app.domain.schedule import Dates, Moment, Schedule, Status
from app.domain.source import Unreadable
from app.services.sources.base import Json
from app.services.sources.uitdatabank.hours import read_week
from app.services.sources.uitdatabank.text import localised, one_line, part
from app.services.sources.uitdatabank.times import read_instant

MOST_DATES = 2_000
_MIDNIGHT = time(0, 0)
_STATUSES = {
    "Available": Status.PLANNED,
    "TemporarilyUnavailable": Status.POSTPONED,
    "Unavailable": Status.CANCELLED,
}


def read_schedule(event: Json, notes: list[str]) -> Schedule:
    """When the event takes place; `notes` say what was dropped. Raises Unreadable when nothing is left.

    A calendar type we do not know is refused: a guess could send newcomers to a closed door.
    """
    kind = event.get("calendarType")
    match kind:
        case "single" | None:
            return Dates((_single(event, notes),))
        case "multiple":
            return Dates(_multiple(event, notes))
        case "periodic":
            return read_week(event, notes, bounded=True)
        case "permanent":
            return read_week(event, notes, bounded=False)
    raise Unreadable(f"Dit soort kalender kennen we niet: {one_line(str(kind), 40)}.")


def read_status(event: Json, schedule: Schedule) -> Status:
    """The status of the whole: that of its dates taken together, as UiTdatabank derives it (CONTRACT 8.3)."""
    if not isinstance(schedule, Dates):
        return _status(event, {})
    found = {moment.status for moment in schedule.moments}
    order = (Status.PLANNED, Status.SOLD_OUT, Status.POSTPONED)
    return next((status for status in order if status in found), Status.CANCELLED)


def _single(event: Json, notes: list[str]) -> Moment:
    for item in _sub_events(event):
        moment = _moment(item, event, notes)
        if moment and read_instant(item.get("endDate")):
            return moment
    moment = _moment(event, event, notes)
    if moment is None:
        raise Unreadable("De datum van dit evenement is niet te lezen.")
    return moment


def _multiple(event: Json, notes: list[str]) -> tuple[Moment, ...]:
    items = _sub_events(event)
    whole = [item for item in items if read_instant(item.get("endDate"))]
    moments = [moment for item in whole if (moment := _moment(item, event, notes))]
    if len(moments) < len(items):
        notes.append("Een datum zonder leesbaar begin en einde is weggelaten.")
    if len(moments) > MOST_DATES:
        notes.append(f"Dit evenement telt meer dan {MOST_DATES} data; de latere zijn weggelaten.")
    if moments:
        return tuple(sorted(moments, key=lambda moment: moment.start)[:MOST_DATES])
    span = _moment(event, event, notes)
    if span is None:
        raise Unreadable("Geen enkele datum van dit evenement is te lezen.")
    notes.append("De aparte data ontbreken: we kennen enkel het begin en het einde.")
    return (span,)


def _sub_events(event: Json) -> list[Json]:
    items = event.get("subEvent")
    return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []


def _moment(item: Json, event: Json, notes: list[str]) -> Moment | None:
    start, end = read_instant(item.get("startDate")), read_instant(item.get("endDate"))
    if start is None:
        return None
    status, reason = _status(item, event), _reason(item, event)
    if end is not None and end < start:
        notes.append("Het einde ligt voor het begin: enkel het begin is bewaard.")
        end = None
    if _whole_days(start.time(), end.time() if end else start.time()):
        first, last = brussels_date(start), brussels_date(end or start)
        return Moment(day_starts(first), day_ends(last), status, reason, whole_day=True)
    return Moment(start, end if end != start else None, status, reason)


def _whole_days(opens: time, closes: time) -> bool:
    """00:00 to 23:59, with or without seconds; in old documents 00:00 to 00:00, or no end (CONTRACT 8.2)."""
    return opens == _MIDNIGHT and (closes == _MIDNIGHT or closes >= time(23, 59))


def _status(item: Json, event: Json) -> Status:
    """Cancelled outweighs postponed, postponed sold out, and a date's own word that of the whole."""
    status = _word(item.get("status"), event.get("status"))
    if status != Status.PLANNED:
        return status
    full = _full(item.get("bookingAvailability"))
    if full is None:
        full = _full(event.get("bookingAvailability"))
    return Status.SOLD_OUT if full else Status.PLANNED


def _word(*values: object) -> Status:
    for value in values:
        word = value.get("type") if isinstance(value, dict) else value
        if isinstance(word, str) and word in _STATUSES:
            return _STATUSES[word]
    return Status.PLANNED


def _full(value: object) -> bool | None:
    """Whether booking is over; None where nothing is said. Without a type the remaining places decide."""
    kind = value.get("type") if isinstance(value, dict) else value
    if kind in ("Available", "Unavailable"):
        return bool(kind == "Unavailable")
    left = part(value).get("remainingCapacity")
    return left <= 0 if isinstance(left, int) else None


def _reason(item: Json, event: Json) -> str:
    main = event.get("mainLanguage")
    own = localised(part(item.get("status")).get("reason"), main)
    return one_line(own or localised(part(event.get("status")).get("reason"), main))
