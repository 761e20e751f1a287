"""What a question to Search API 3 means: a filter and an order, or a refusal (CONTRACT 3 and 6)."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

Event = dict[str, Any]
Keep = Callable[[Event], bool]

WINDOW = 10_000
MOST = 2_000
USUAL = 30
_DEFAULTS = {
    "workflowStatus": "APPROVED,READY_FOR_VALIDATION",
    "availableFrom": "now",
    "availableTo": "now",
    "addressCountry": "BE",
    "audienceType": "everyone",
}
_SORTS = ("modified", "created")
_ROWS = {"start", "limit", "embed", "disableDefaultFilters"}
_WISHES = {"q", "postalCode", "id", "attendanceMode", "clientId"}
_BOUNDS = {"modifiedFrom", "modifiedTo", "createdFrom", "createdTo"}
KNOWN = _ROWS | _WISHES | _BOUNDS | set(_DEFAULTS) | {f"sort[{name}]" for name in _SORTS}
_QUERY = re.compile(r"(address\.\\\*\.postalCode|id):\(?([0-9A-Za-z-]+(?: OR [0-9A-Za-z-]+)*)\)?")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|[+-]\d\d:\d\d)")
_VERY_OLD = datetime(1, 1, 1, tzinfo=UTC)


class Refused(ValueError):
    """The question is not one, and why: Search API 3 answers 404 to it."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One question, read: which rows, whole or links only, and what they must meet."""

    start: int = 0
    limit: int = USUAL
    embed: bool = False
    keep: list[Keep] = field(default_factory=list)
    order: list[tuple[str, bool]] = field(default_factory=list)

    def answer(self, events: Iterable[Event]) -> tuple[list[Event], int]:
        """The rows of this page, and how many there are in all."""
        found = [event for event in events if all(keep(event) for keep in self.keep)]
        for name, descending in reversed(self.order):
            found.sort(key=lambda event: instant_of(event.get(name)) or _VERY_OLD, reverse=descending)
        return found[self.start : self.start + self.limit], len(found)


def read_question(pairs: list[tuple[str, str]], now: datetime) -> Asked:
    """Raises Refused for what Search API 3 refuses: unknown names, bad values, a window that is too far."""
    for name, _ in pairs:
        if name not in KNOWN:
            raise Refused(f"Unknown query parameter(s): {name}")
    values = dict(pairs)
    start, limit = _number(values.get("start"), 0, WINDOW), _number(values.get("limit"), USUAL, MOST) or USUAL
    if start + limit > WINDOW:
        raise Refused("The sum of start and limit may not exceed 10000.")
    return Asked(
        start,
        limit,
        embed=values.get("embed") == "true",
        keep=[_not_hidden, *_bounds(values), *_default_filters(values, now), *_wishes(values)],
        order=[_order(name, value) for name, value in pairs if name.startswith("sort[")],
    )


def instant_of(value: object) -> datetime | None:
    """An instant in UTC; None for what is no instant."""
    try:
        instant = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return (instant if instant.tzinfo else instant.replace(tzinfo=UTC)).astimezone(UTC)


def _number(text: str | None, usual: int, most: int) -> int:
    if text is None:
        return usual
    number = int(text) if text.isascii() and text.lstrip("-").isdigit() else 0
    if not 0 <= number <= most:
        raise Refused(f"A value between 0 and {most} was expected, not {text}.")
    return number


def _order(name: str, value: str) -> tuple[str, bool]:
    if value not in ("asc", "desc"):
        raise Refused(f"Invalid sort order: {value}")
    return name[5:-1], value == "desc"


def _not_hidden(event: Event) -> bool:
    return event.get("childrenOnly") is not True


def _bounds(values: dict[str, str]) -> list[Keep]:
    """`modifiedFrom` and its like, inclusive on both sides."""
    keeps: list[Keep] = []
    for name in _BOUNDS & values.keys():
        bound = _bound(name, values[name])
        what, upper = name.removesuffix("From").removesuffix("To"), name.endswith("To")

        def keep(event: Event, what: str = what, upper: bool = upper, bound: datetime = bound) -> bool:
            instant = instant_of(event.get(what))
            return instant is not None and (instant <= bound if upper else instant >= bound)

        keeps.append(keep)
    return keeps


def _bound(name: str, text: str) -> datetime:
    instant = instant_of(text) if _INSTANT.fullmatch(text) else None
    if instant is None:
        raise Refused(f"{name} should be an RFC-3339 formatted date-time.")
    return instant


def _default_filters(values: dict[str, str], now: datetime) -> list[Keep]:
    """Explicit values count; the others take their default, unless the defaults are switched off."""
    defaults = {} if values.get("disableDefaultFilters") == "true" else _DEFAULTS
    chosen = defaults | {name: values[name] for name in _DEFAULTS.keys() & values.keys()}
    return [_default(name, text, now) for name, text in chosen.items() if text != "*"]


def _default(name: str, text: str, now: datetime) -> Keep:
    words = set(text.split(","))
    if name == "workflowStatus":
        return lambda event: event.get("workflowStatus") in words
    if name == "audienceType":
        return lambda event: _at(event, "audience", "audienceType", usual="everyone") in words
    if name == "addressCountry":
        return lambda event: bool(words & _address_values(event, "addressCountry"))
    instant = now if text == "now" else _bound(name, text)
    if name == "availableFrom":
        return lambda event: (until := instant_of(event.get("availableTo"))) is None or until >= instant
    return lambda event: (since := instant_of(event.get("availableFrom"))) is not None and since <= instant


def _wishes(values: dict[str, str]) -> list[Keep]:
    keeps: list[Keep] = []
    if "q" in values:
        match = _QUERY.fullmatch(values["q"])
        if match is None:
            raise Refused("The query could not be parsed.")
        wanted = set(match[2].split(" OR "))
        keeps.append(_among("id" if match[1] == "id" else "postalCode", wanted))
    for name in ("id", "postalCode"):
        if name in values:
            keeps.append(_among(name, {values[name]}))
    if "attendanceMode" in values:
        modes = set(values["attendanceMode"].split(","))
        keeps.append(lambda event: event.get("attendanceMode", "offline") in modes)
    return keeps


def _among(name: str, wanted: set[str]) -> Keep:
    if name == "id":
        return lambda event: str(event["@id"]).rpartition("/")[2] in wanted
    return lambda event: bool(wanted & _address_values(event, "postalCode"))


def _address_values(event: Event, name: str) -> set[str]:
    address = _at(event, "location", "address", usual={})
    languages = address.values() if isinstance(address, dict) else []
    return {str(words.get(name)) for words in languages if isinstance(words, dict)}


def _at(event: Event, outer: str, inner: str, usual: Any) -> Any:
    value = event.get(outer)
    return value.get(inner, usual) if isinstance(value, dict) else usual
