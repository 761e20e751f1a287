"""When an activity takes place: four kinds of schedule, one set of questions (DESIGN rule 13).

Moments are aware datetimes; days and weekly times are local in Brussels. A closed day beats an adjusted day beats
the week, as in UiTdatabank's opening hours (CONTRACT 8.2).
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from app.domain.clock import at_brussels, brussels_date, day_ends, day_starts

HORIZON_DAYS = 550  # an open-ended week is looked ahead some 18 months, never further


class Kind(StrEnum):
    ONE_DAY = "one_day"
    DAYS = "days"
    WEEKLY = "weekly"
    FLEXIBLE = "flexible"


class Status(StrEnum):
    """How one moment stands; the source's words are Available, TemporarilyUnavailable, Unavailable, sold out."""

    PLANNED = "planned"
    POSTPONED = "postponed"
    CANCELLED = "cancelled"
    SOLD_OUT = "sold_out"


@dataclass(frozen=True, slots=True)
class Moment:
    """One concrete time: aware datetimes; `end` is None where only a start was given."""

    start: datetime
    end: datetime | None = None
    status: Status = Status.PLANNED
    reason: str = ""
    whole_day: bool = False

    @property
    def over_at(self) -> datetime:
        """The instant from which this moment lies behind us. Without an end: when its day is over."""
        return self.end or day_ends(brussels_date(self.start))

    @property
    def goes_on(self) -> bool:
        return self.status in (Status.PLANNED, Status.SOLD_OUT)


@dataclass(frozen=True, slots=True)
class Dates:
    """One day or several, each with its own times. Sorted by start; at least one."""

    moments: tuple[Moment, ...]

    def __post_init__(self) -> None:
        if not self.moments:
            raise ValueError("a schedule of dates needs at least one")
        object.__setattr__(self, "moments", tuple(sorted(self.moments, key=lambda moment: moment.start)))

    @property
    def kind(self) -> Kind:
        return Kind.ONE_DAY if len(self.moments) == 1 else Kind.DAYS

    def occurrences(self, after: datetime, before: datetime) -> Iterator[Moment]:
        """The moments not yet over at `after` that start before `before`, in order."""
        return (moment for moment in self.moments if moment.over_at > after and moment.start < before)

    def first(self) -> datetime | None:
        return self.moments[0].start

    def over_at(self) -> datetime | None:
        return max(moment.over_at for moment in self.moments)


@dataclass(frozen=True, slots=True)
class Block:
    """Weekly hours: ISO weekdays (1 is Monday), `closes` None or equal to `opens` shows one time,
    `closes` before `opens` runs past midnight, neither means the whole day."""

    weekdays: frozenset[int]
    opens: time | None = None
    closes: time | None = None

    def on(self, day: date) -> Moment:
        if self.opens is None:
            return Moment(day_starts(day), day_ends(day), whole_day=True)
        if self.closes is None or self.closes == self.opens:
            return Moment(at_brussels(day, self.opens))
        last_day = day if self.closes > self.opens else day + timedelta(days=1)
        return Moment(at_brussels(day, self.opens), at_brussels(last_day, self.closes))


@dataclass(frozen=True, slots=True)
class Closed:
    """Days on which it does not take place, both included."""

    first_day: date
    last_day: date
    reason: str = ""

    def __contains__(self, day: date) -> bool:
        return self.first_day <= day <= self.last_day


@dataclass(frozen=True, slots=True)
class Adjusted:
    """Days, both included, on which other hours replace those of the week."""

    first_day: date
    last_day: date
    blocks: tuple[Block, ...] = ()
    reason: str = ""

    def __contains__(self, day: date) -> bool:
        return self.first_day <= day <= self.last_day


@dataclass(frozen=True, slots=True)
class Weekly:
    """Fixed days a week, from a day, until a day or open-ended, every week or every `every` weeks."""

    blocks: tuple[Block, ...]
    first_day: date | None = None
    last_day: date | None = None
    every: int = 1
    closed: tuple[Closed, ...] = ()
    adjusted: tuple[Adjusted, ...] = ()

    @property
    def kind(self) -> Kind:
        return Kind.WEEKLY

    def occurrences(self, after: datetime, before: datetime) -> Iterator[Moment]:
        """The moments not yet over at `after` that start before `before`, in order; lazy, capped by the horizon."""
        day = brussels_date(after) - timedelta(days=1)  # yesterday's may run past midnight
        if self.first_day:
            day = max(day, self.first_day)
        last = min(brussels_date(before), brussels_date(after) + timedelta(days=HORIZON_DAYS))
        if self.last_day:
            last = min(last, self.last_day)
        while day <= last:
            for moment in sorted(self._on(day), key=lambda moment: moment.start):
                if moment.over_at > after and moment.start < before:
                    yield moment
            day += timedelta(days=1)

    def _on(self, day: date) -> Iterator[Moment]:
        if any(day in closed for closed in self.closed):
            return
        adjusted = next((range_ for range_ in self.adjusted if day in range_ and range_.blocks), None)
        if adjusted is None and not self._week_counts(day):
            return
        for block in adjusted.blocks if adjusted else self.blocks:
            if day.isoweekday() in block.weekdays:
                yield block.on(day)

    def _week_counts(self, day: date) -> bool:
        if self.every == 1 or self.first_day is None:
            return True
        monday = self.first_day - timedelta(days=self.first_day.weekday())
        return (day - monday).days // 7 % self.every == 0

    def first(self) -> datetime | None:
        if self.first_day is None:
            return None
        start = day_starts(self.first_day)
        moment = next(self.occurrences(start, start + timedelta(days=HORIZON_DAYS)), None)
        return moment.start if moment else None

    def over_at(self) -> datetime | None:
        if self.last_day is None:
            return None
        # A block of the last day may run past midnight.
        late = max((moment.over_at for moment in self._on(self.last_day)), default=day_ends(self.last_day))
        return max(late, day_ends(self.last_day))


@dataclass(frozen=True, slots=True)
class Flexible:
    """In consultation: no moments of its own, perhaps a day from which it can start, and a free line."""

    from_day: date | None = None
    words: str = ""

    @property
    def kind(self) -> Kind:
        return Kind.FLEXIBLE

    def occurrences(self, after: datetime, before: datetime) -> Iterator[Moment]:
        return iter(())

    def first(self) -> datetime | None:
        return day_starts(self.from_day) if self.from_day else None

    def over_at(self) -> datetime | None:
        return None


Schedule = Dates | Weekly | Flexible


def next_moment(schedule: Schedule, now: datetime) -> Moment | None:
    """The first moment that is not over yet and goes on; None when there is none within the horizon."""
    until = now + timedelta(days=HORIZON_DAYS)
    return next((moment for moment in schedule.occurrences(now, until) if moment.goes_on), None)


def has_ended(schedule: Schedule, now: datetime) -> bool:
    """Ended = last moment < now (DESIGN rule 18); open-ended and flexible ones never end by themselves."""
    over_at = schedule.over_at()
    return over_at is not None and over_at <= now


def with_facts_of(ours: Schedule, theirs: Schedule) -> Schedule:
    """Our dates, with the status of those that the source has too: cancelled, postponed, sold out are facts."""
    if not isinstance(ours, Dates) or not isinstance(theirs, Dates):
        return ours
    known = {moment.start: moment for moment in theirs.moments}
    return Dates(
        tuple(
            replace(moment, status=known[moment.start].status, reason=known[moment.start].reason)
            if moment.start in known
            else moment
            for moment in ours.moments
        )
    )
