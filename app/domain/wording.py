"""A schedule in Dutch words: a whole sentence, or a few words for a card.

Dates always say their year, once. A week scheme says none when it lasts less than a year, because that leaves
no doubt; one that lasts longer, or has no end, says it. How a day and an hour are said stands in `day_words`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, time, timedelta
from itertools import groupby, pairwise

from app.domain.clock import brussels_date, day_ends, day_starts
from app.domain.day_words import (
    WEEKDAYS,
    WHOLE_DAY,
    ago,
    between,
    capital,
    clock,
    day,
    day_and_hour,
    days_listed,
    from_to,
    hours,
    last_day,
    listed,
    near,
    span,
)
from app.domain.schedule import Adjusted, Block, Dates, Flexible, Moment, Schedule, Status, Weekly

__all__ = ["STATUS_WORDS", "ago", "clock", "day", "day_and_hour", "hours", "near", "sentence", "short"]

STATUS_WORDS = {
    Status.CANCELLED: "gaat niet door",
    Status.POSTPONED: "uitgesteld",
    Status.SOLD_OUT: "volzet",
}
MOST_NAMED_DATES = 4
MOST_EXCEPTIONS = 8  # of a kind; the rest is counted
_WORKDAYS, _ALL_DAYS = frozenset(range(1, 6)), frozenset(range(1, 8))


def sentence(schedule: Schedule) -> str:
    """The whole schedule in one or a few sentences, each with its full stop."""
    match schedule:
        case Dates(moments):
            return _dates(moments)
        case Weekly():
            return " ".join((_week(schedule), *_exceptions(schedule)))
        case Flexible():
            return _flexible(schedule)


def short(schedule: Schedule) -> str:
    """A few words for a card: "elke maandag", "één keer", "12 data", "in overleg"."""
    match schedule:
        case Dates(moments):
            return "één keer" if len(moments) == 1 else f"{len(moments)} data"
        case Weekly():
            weekdays = frozenset[int]().union(*(block.weekdays for block in schedule.blocks))
            return " ".join(part for part in (_rhythm(schedule), _weekdays(weekdays, schedule.every)) if part)
        case Flexible():
            return "in overleg"


# --- dates ---


def _dates(moments: tuple[Moment, ...]) -> str:
    if len(moments) == 1:
        return f"{capital(span(moments[0]))}{_aside(moments[0].status)}."
    days = [brussels_date(moment.start) for moment in moments]
    each = {hours(moment) for moment in moments}
    plain = len(each) == 1 and all(map(_one_day, moments)) and len(set(days)) == len(days)
    always = f", telkens {each.pop()}" if plain else ""
    if _in_a_row(days) and plain and (len(moments) > MOST_NAMED_DATES or all(map(_planned, moments))):
        period = capital(from_to(days[0], days[-1], weekday=True))
        return " ".join((f"{period}{always}.", *_not_as_planned(moments)))
    if len(moments) > MOST_NAMED_DATES:
        period = from_to(days[0], max(map(last_day, moments)))
        return " ".join((f"{len(moments)} keer, {period}{always}.", *_not_as_planned(moments)))
    named = _days_alone(moments) if plain else _days_with_hours(moments)
    return f"{capital(listed(named))}{always}."


def _days_alone(moments: Sequence[Moment]) -> list[str]:
    days = days_listed([brussels_date(moment.start) for moment in moments], weekday=True)
    return [words + _aside(moment.status) for words, moment in zip(days, moments, strict=True)]


def _days_with_hours(moments: Sequence[Moment]) -> list[str]:
    """ "maandag 8 januari van 10 tot 12 uur en van 14 tot 16 uur (volzet)"."""
    grouped = {day: list(group) for day, group in groupby(moments, lambda moment: brussels_date(moment.start))}
    days = days_listed(list(grouped), weekday=True, months=True)
    return [_with_hours(words, group) for words, group in zip(days, grouped.values(), strict=True)]


def _with_hours(words: str, moments: Sequence[Moment]) -> str:
    if all(map(_one_day, moments)):
        return f"{words} {listed([hours(moment) + _aside(moment.status) for moment in moments])}"
    return listed([span(moment) + _aside(moment.status) for moment in moments])


def _not_as_planned(moments: Sequence[Moment]) -> list[str]:
    """A sentence a status: "Gaat niet door op 5 en 12 februari."."""
    found = []
    years = len({brussels_date(moment.start).year for moment in moments}) > 1
    for status, words in STATUS_WORDS.items():
        days = sorted({brussels_date(moment.start) for moment in moments if moment.status is status})
        if days:
            found.append(f"{capital(words)} op {_some(days_listed(days[:MOST_EXCEPTIONS], years=years), len(days))}.")
    return found


def _aside(status: Status) -> str:
    return f" ({STATUS_WORDS[status]})" if status in STATUS_WORDS else ""


def _one_day(moment: Moment) -> bool:
    return last_day(moment) == brussels_date(moment.start)


def _planned(moment: Moment) -> bool:
    return moment.status is Status.PLANNED


def _in_a_row(days: Sequence[date]) -> bool:
    return len(days) > 2 and all(after - before == timedelta(1) for before, after in pairwise(days))


# --- a week scheme ---


def _week(week: Weekly) -> str:
    groups = _same_hours(week.blocks)
    alone = len(groups) == 1
    days = [
        " ".join(part for part in (_weekdays(weekdays, week.every), _hours_of(blocks, alone=alone)) if part)
        for blocks, weekdays in groups
    ]
    words = " ".join(part for part in (_rhythm(week), listed(days)) if part)
    return f"{', '.join((capital(words) or 'Nog zonder vaste dag', *_period(week)))}."


def _same_hours(blocks: Iterable[Block]) -> list[tuple[tuple[Block, ...], frozenset[int]]]:
    """The hours, each with the weekdays that share all of them, in the order of the week."""
    found: dict[tuple[Block, ...], frozenset[int]] = {}
    in_order = sorted(blocks, key=lambda block: block.opens or time.min)
    for weekday in sorted(_ALL_DAYS):
        of_day = [replace(block, weekdays=_ALL_DAYS) for block in in_order if weekday in block.weekdays]
        if of_day:
            told = tuple(dict.fromkeys(of_day))
            found[told] = found.get(told, frozenset()) | {weekday}
    return list(found.items())


def _hours_of(blocks: Iterable[Block], *, alone: bool) -> str:
    """ "van 9 tot 12 uur en van 14 tot 18 uur". Without hours nothing, unless other days do have them."""
    if alone and all(block.opens is None for block in blocks):
        return ""
    return listed([WHOLE_DAY if b.opens is None else between(b.opens, b.closes) for b in blocks])


def _rhythm(week: Weekly) -> str:
    return f"om de {week.every} weken" if week.every > 1 else ""


def _weekdays(weekdays: frozenset[int], every: int) -> str:
    if not weekdays:
        return ""
    if weekdays == _ALL_DAYS:
        return "elke dag"
    if weekdays == _WORKDAYS:
        return "elke weekdag" if every == 1 else "op weekdagen"
    if len(weekdays) == 6:
        return f"elke dag behalve {WEEKDAYS[min(_ALL_DAYS - weekdays) - 1]}"
    names = listed([WEEKDAYS[weekday - 1] for weekday in sorted(weekdays)])
    return f"{'elke' if every == 1 else 'op'} {names}"


def _period(week: Weekly) -> list[str]:
    match week.first_day, week.last_day:
        case None, None:
            return []
        case None, date() as last:
            return [f"tot en met {days_listed([last])[0]}"]
        case date() as first, None:
            return [f"vanaf {days_listed([first])[0]}", "zonder einddatum"]
        case date() as first, date() as last:
            return [from_to(first, last, years=_needs_years(week))]
    return []


def _needs_years(week: Weekly) -> bool:
    """A period shorter than a year, of more than one day, says its days without one."""
    if week.first_day is None or week.last_day is None:
        return True
    return week.first_day == week.last_day or week.last_day - week.first_day >= timedelta(days=365)


def _exceptions(week: Weekly) -> list[str]:
    years = _needs_years(week)
    return [words for words in (_closed(week, years=years), *_adjusted(week, years=years)) if words]


def _closed(week: Weekly, *, years: bool) -> str:
    """ "Niet van 2 tot en met 8 november en niet op 13 oktober.": only days on which it would have been."""
    plain = replace(week, closed=(), adjusted=())
    shut = {(days.first_day, days.last_day) for days in week.closed}
    shut |= {(days.first_day, days.last_day) for days in week.adjusted if _shuts(days)}
    felt = sorted(days for days in shut if _takes_place(plain, *days))
    ranges = [days for days in felt if days[0] != days[1]]
    single = [first for first, last in felt if first == last]
    parts = []
    if ranges:
        parts.append(_some([from_to(*days, years=years) for days in ranges[:MOST_EXCEPTIONS]], len(ranges)))
    if single:
        parts.append(f"op {_some(days_listed(single[:MOST_EXCEPTIONS], years=years), len(single))}")
    comma = "," if len(ranges) > 1 else ""
    return f"Niet {f'{comma} en niet '.join(parts)}." if parts else ""


def _shuts(days: Adjusted) -> bool:
    """Adjusted hours of which none falls on the one day they are for."""
    one_day = days.first_day == days.last_day
    return one_day and bool(days.blocks) and not _blocks_on(days, days.first_day)


def _takes_place(week: Weekly, first: date, last: date) -> bool:
    start = day_starts(first)
    return any(moment.start >= start for moment in week.occurrences(start, day_ends(last)))


def _adjusted(week: Weekly, *, years: bool) -> list[str]:
    """ "Ander uur op 22 december: van 14 tot 15 uur."."""
    in_order = sorted(week.adjusted, key=lambda days: days.first_day)
    told = [days for days in in_order if days.blocks and not _shuts(days)]
    return [_other_hours(days, years=years) for days in told[:MOST_EXCEPTIONS]]


def _other_hours(days: Adjusted, *, years: bool) -> str:
    if days.first_day == days.last_day:
        instead = _hours_of(_blocks_on(days, days.first_day), alone=False)
    else:
        groups = _same_hours(days.blocks)
        instead = listed([f"{_weekdays(on, 1)} {_hours_of(blocks, alone=False)}" for blocks, on in groups])
    return f"Ander uur {from_to(days.first_day, days.last_day, years=years)}: {instead}."


def _blocks_on(days: Adjusted, day_: date) -> list[Block]:
    return [block for block in days.blocks if day_.isoweekday() in block.weekdays]


# --- in consultation ---


def _flexible(schedule: Flexible) -> str:
    since = f", vanaf {days_listed([schedule.from_day])[0]}" if schedule.from_day else ""
    words = schedule.words.strip()
    stop = "" if not words or words.endswith((".", "!", "?", "…")) else "."
    return f"Je spreekt zelf een moment af{since}. {capital(words)}{stop}".strip()


def _some(words: list[str], total: int) -> str:
    rest = total - len(words)
    more = [] if rest == 0 else [f"nog {rest} andere keren" if rest > 1 else "nog 1 andere keer"]
    return listed([*words, *more])
