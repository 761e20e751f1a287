"""What a source's record does to the activity made from it: the table of DESIGN rule 6."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.activity import Origin, State
from app.domain.actor import Actor
from app.domain.contact import Channel
from app.domain.relevance import level_of
from app.domain.schedule import with_facts_of
from app.domain.source import Audience, SourceEvent, Standing
from app.models import Activity, Change, ContactChannel, Level, SourceRecord
from app.services import history

NOBODY = Actor()


def is_over(standing: Standing) -> bool:
    return standing in (Standing.GONE, Standing.REJECTED)


def by_record(session: Session, record_ids: Sequence[int]) -> dict[int, Activity]:
    rows = session.scalars(select(Activity).where(Activity.source_record_id.in_(record_ids)))
    return {row.source_record_id: row for row in rows if row.source_record_id}


def apply(
    session: Session,
    now: datetime,
    record: SourceRecord,
    event: SourceEvent,
    activity: Activity | None,
    organisations: Mapping[str, int],
    *,
    completed: bool = False,
) -> None:
    """Bring the activity in line with its record, as far as that may happen without a moderator.

    `completed`: how to reach people was left out of the record until now.
    """
    if activity is None:
        if event.standing is Standing.LIVE and record.relevant:
            _new(session, now, record, event, organisations)
        return
    not_for_all = event.standing is Standing.LIVE and event.audience is not Audience.EVERYONE
    if is_over(event.standing) or not_for_all:
        _withdraw(session, now, activity)
    elif event.standing is Standing.LIVE:
        _update(session, now, record, event, activity, organisations, completed)


def _new(
    session: Session,
    now: datetime,
    record: SourceRecord,
    event: SourceEvent,
    organisations: Mapping[str, int],
) -> None:
    activity = Activity(
        origin=Origin.IMPORT,
        state=State.PENDING,
        source_record=record,
        created_at=now,
        updated_at=now,
        level=_level(session, event),
    )
    _copy(activity, record, event, organisations)
    session.add(activity)
    history.record(session, NOBODY, now, activity, "arrive")


def _update(
    session: Session,
    now: datetime,
    record: SourceRecord,
    event: SourceEvent,
    activity: Activity,
    organisations: Mapping[str, int],
    completed: bool,
) -> None:
    before = history.snapshot(activity)
    moved = activity.municipality_id != record.municipality_id
    match activity.state:
        case State.REJECTED:
            return  # stays rejected
        case State.PENDING:
            _copy(activity, record, event, organisations)
        case State.WITHDRAWN if _was_withdrawn_by_source(session, activity):
            activity.state, activity.public_from = State.PENDING, None
            _copy(activity, record, event, organisations)
        case State.PUBLISHED if moved:
            activity.state, activity.public_from = State.PENDING, None
            _copy(activity, record, event, organisations)
        case State.PUBLISHED:
            # Facts go at once; every other field is a difference that waits for a moderator.
            _apply_facts(activity, event)
            if completed and not activity.channels:
                _copy_channels(activity, event)
        case _:
            return
    session.flush()
    if history.snapshot(activity) != before:
        activity.updated_at = now
        history.record(session, NOBODY, now, activity, "source_changed", before)


def _withdraw(session: Session, now: datetime, activity: Activity) -> None:
    if activity.state not in (State.PENDING, State.PUBLISHED):
        return
    before = history.snapshot(activity)
    activity.state, activity.updated_at = State.WITHDRAWN, now
    history.record(session, NOBODY, now, activity, "source_gone", before)


def _was_withdrawn_by_source(session: Session, activity: Activity) -> bool:
    last = session.scalar(
        select(Change.verb)
        .where(Change.table_name == Activity.__tablename__, Change.record_id == activity.id)
        .order_by(Change.id.desc())
        .limit(1)
    )
    return last == "source_gone"


def _apply_facts(activity: Activity, event: SourceEvent) -> None:
    """Cancelled, postponed, sold out: whole, or on a date that both know (rule 6)."""
    activity.status = event.status
    kept = with_facts_of(activity.schedule, event.schedule)
    if kept != activity.schedule:
        activity.schedule = kept


def _copy(activity: Activity, record: SourceRecord, event: SourceEvent, organisations: Mapping[str, int]) -> None:
    place = event.place
    activity.title, activity.description = event.title, event.description
    activity.organiser_name = event.organiser_name
    activity.organisation_id = organisations.get(event.organiser_id)
    activity.municipality_id = record.municipality_id
    activity.place_name, activity.street = place.name, place.street
    activity.postal_code, activity.locality = place.postal_code, place.locality
    activity.online, activity.online_url = place.online, place.online_url
    activity.schedule, activity.status = event.schedule, event.status
    activity.public_from = event.public_from
    if event.public_until and (activity.over_at is None or event.public_until < activity.over_at):
        activity.over_at = event.public_until  # it leaves queue and site by itself (CONTRACT 9)
    activity.price, activity.source_url = event.price, event.url
    _copy_channels(activity, event)


def _copy_channels(activity: Activity, event: SourceEvent) -> None:
    wanted = [(Channel(contact.kind), contact.value) for contact in event.contacts]
    if [(channel.kind, channel.value) for channel in activity.channels] != wanted:
        activity.channels = [
            ContactChannel(kind=kind, value=value, position=position, preferred=position == 0)
            for position, (kind, value) in enumerate(wanted)
        ]


def _level(session: Session, event: SourceEvent) -> Level | None:
    number = level_of(event)
    return session.scalar(select(Level).where(Level.number == number)) if number else None
