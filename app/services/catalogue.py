"""What everybody may read: the public activities, found by place, topic, level, goal and words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, case, false, func, literal, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.domain.activity import State, public
from app.domain.schedule import next_moment
from app.domain.where import Is, Until, both
from app.models import (
    BIGGEST_ID,
    Activity,
    Goal,
    Instant,
    Level,
    Organisation,
    Topic,
)
from app.models.clauses import clause
from app.services import choices as small
from app.services import places
from app.services.choices import Choice
from app.services.places import Place, towns

__all__ = ["PAGE_SIZE", "Choices", "Entry", "Filters", "Found", "Way", "choices", "one", "search", "towns"]

PAGE_SIZE = 24
MOST_WORDS = 6


@dataclass(frozen=True, slots=True)
class Filters:
    """What somebody looks for; what is empty does not count.

    `where` is the name of a municipality or a postal code, `topic` and `goal` are keys, `level` is the level
    asked (1 to 4, exactly), each of `words` must stand in title, description, place, organiser or topic.
    """

    where: str = ""
    topic: str = ""
    level: int | None = None
    goal: str = ""
    words: str = ""

    @property
    def given(self) -> list[str]:
        return [name for name in ("words", "goal", "level", "topic", "where") if getattr(self, name)]


@dataclass(frozen=True, slots=True)
class Way:
    """A way out of an empty list: these filters find `count`.

    `without` names what went: a field of Filters, "all", or "" where only the town is spelled better.
    """

    filters: Filters
    count: int
    without: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """A page of activities, and how many there are in all; `ways` only when there are none."""

    activities: Sequence[Activity]
    total: int
    page: int
    pages: int
    town: str = ""
    unknown_place: bool = False
    ways: Sequence[Way] = ()

    @property
    def first(self) -> int:
        return (self.page - 1) * PAGE_SIZE + 1

    @property
    def last(self) -> int:
        return self.first + len(self.activities) - 1


@dataclass(frozen=True, slots=True)
class Entry:
    """An activity at its own address. `gone`: it was public once and is withdrawn now."""

    activity: Activity
    gone: bool


@dataclass(frozen=True, slots=True)
class Choices:
    """What one can choose from in the questions."""

    topics: Sequence[Choice]
    levels: Sequence[Choice]
    goals: Sequence[Choice]


def search(session: Session, now: datetime, filters: Filters, page: int = 1) -> Found:
    """The public activities that match: first what is under way or has no fixed start, then by first moment;
    within a page by the next moment.

    A page that is not there becomes the nearest one that is. The number of queries is the same for any rows.
    """
    place = places.find(session, filters.where)
    conditions = list(_conditions(now, filters, place))
    page = max(page, 1)
    ids, total = _ids(session, now, conditions, page)
    if not ids and page > 1:
        total = session.scalar(select(func.count()).select_from(Activity).where(*conditions)) or 0
        page = max(1, -(-total // PAGE_SIZE))
        ids, total = _ids(session, now, conditions, page)
    return Found(
        activities=sorted(_rows(session, ids), key=lambda row: _next(row, now)),
        total=total,
        page=page,
        pages=max(1, -(-total // PAGE_SIZE)),
        town=place.name if place else "",
        unknown_place=place is not None and place.id is None,
        ways=() if total else _ways(session, now, filters, place),
    )


def _next(activity: Activity, now: datetime) -> tuple[bool, datetime]:
    """Where it stands on its page: by its next moment, those without one at the end."""
    moment = next_moment(activity.schedule, now)
    return (moment is None, moment.start if moment else now)


def one(session: Session, now: datetime, activity_id: int) -> Entry | None:
    """The activity if everybody may read it, or once could; None for drafts, ended ones and all others."""
    if not 0 < activity_id <= BIGGEST_ID:
        return None
    gone = both(Is("state", State.WITHDRAWN), Until("public_from", now))
    readable = or_(clause(public(now), Activity), clause(gone, Activity))
    activity = session.scalar(
        select(Activity)
        .where(Activity.id == activity_id, readable)
        .options(
            *_joined(),
            selectinload(Activity.topics),
            selectinload(Activity.goals),
            selectinload(Activity.channels),
        )
    )
    return Entry(activity, gone=activity.state is State.WITHDRAWN) if activity else None


def choices(session: Session) -> Choices:
    """Topics still in use, levels and goals, each in its order on screen."""
    found = small.lists(session)
    return Choices(topics=found[small.TOPICS], levels=found[small.LEVELS], goals=found[small.GOALS])


# --- the list ---


def _ids(
    session: Session, now: datetime, conditions: Sequence[ColumnElement[bool]], page: int
) -> tuple[Sequence[int], int]:
    """The ids of a page, and how many there are in all, in one reading of the rows.

    Ids only: sorting whole rows, descriptions and all, costs several times as much.
    """
    moment = literal(now, Instant())
    soonest = case((Activity.first_moment >= moment, Activity.first_moment), else_=moment)
    rows = session.execute(
        select(Activity.id, func.count().over().label("total"))
        .where(*conditions)
        .order_by(soonest, Activity.id)
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    ).all()
    return [row.id for row in rows], rows[0].total if rows else 0


def _rows(session: Session, ids: Sequence[int]) -> Sequence[Activity]:
    rows = session.scalars(
        select(Activity).where(Activity.id.in_(ids)).options(*_joined(), selectinload(Activity.topics))
    )
    found = {activity.id: activity for activity in rows}
    return [found[activity_id] for activity_id in ids if activity_id in found]


def _joined() -> tuple[Any, ...]:
    return joinedload(Activity.municipality), joinedload(Activity.organisation), joinedload(Activity.level)


def _conditions(now: datetime, filters: Filters, place: Place | None) -> Iterator[ColumnElement[bool]]:
    yield clause(public(now), Activity)
    if place:
        yield Activity.municipality_id == place.id if place.id else false()
    if filters.topic:
        yield Activity.topics.any(Topic.key == filters.topic)
    if filters.goal:
        yield Activity.goals.any(Goal.key == filters.goal)
    if filters.level:
        yield Activity.level.has(Level.number == filters.level)
    for word in filters.words.split()[:MOST_WORDS]:
        yield _says(word)


def _says(word: str) -> ColumnElement[bool]:
    """The word stands somewhere in what people read of the activity; % and _ in it are no wildcards."""
    columns = (Activity.title, Activity.description, Activity.place_name, Activity.organiser_name)
    return or_(
        *(column.icontains(word, autoescape=True) for column in columns),
        Activity.organisation.has(Organisation.name.icontains(word, autoescape=True)),
        Activity.topics.any(Topic.name.icontains(word, autoescape=True)),
    )


# --- the ways out ---


def _ways(session: Session, now: datetime, filters: Filters, place: Place | None) -> list[Way]:
    """What finds something when one filter goes, or all of them, counted in one statement."""
    tries = list(_looser(session, filters, place))
    if not tries:
        return []
    counts = [
        select(func.count())
        .select_from(Activity)
        .where(*_conditions(now, filters_, place_))
        .scalar_subquery()
        .label(f"way_{number}")
        for number, (filters_, _, place_) in enumerate(tries)
    ]
    row = session.execute(select(*counts)).one()
    return [Way(filters_, count, without) for (filters_, without, _), count in zip(tries, row, strict=True) if count]


def _looser(session: Session, filters: Filters, place: Place | None) -> Iterator[tuple[Filters, str, Place | None]]:
    if place and place.meant:
        yield replace(filters, where=place.meant), "", places.find(session, place.meant)
    for name in filters.given:
        yield _without(filters, name), name, None if name == "where" else place
    if len(filters.given) > 1:
        yield Filters(), "all", None


def _without(filters: Filters, name: str) -> Filters:
    loose: dict[str, Any] = {name: getattr(Filters(), name)}
    return replace(filters, **loose)
