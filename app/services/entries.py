"""Own entries: what organisations publish at once, and what moderators may do with it afterwards (rules 1 and 2)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain import schedule_json
from app.domain.activity import Origin, State, Verb, missing, step
from app.domain.actor import Actor
from app.domain.contact import Channel
from app.domain.errors import Conflict, Invalid, NotAllowed
from app.domain.policy import Action, Resource, require
from app.domain.schedule import Flexible, Schedule
from app.models import (
    Activity,
    ContactChannel,
    Goal,
    Level,
    NoticeKind,
    Organisation,
    PostalCode,
    Reason,
    Topic,
)
from app.models.activities import UNDECIDED
from app.services import decisions, history, notices


@dataclass(frozen=True, slots=True)
class ChannelValues:
    """One contact channel; `value` as `app.domain.contact.clean` returns it."""

    kind: Channel
    value: str
    public: bool = True
    preferred: bool = False


@dataclass(frozen=True, slots=True)
class EntryValues:
    """What an organiser says of an activity, checked field by field. A draft may leave things open: no schedule
    is one to decide later, no postal code a place."""

    title: str
    description: str
    organisation_id: int
    schedule: Schedule | None
    channels: Sequence[ChannelValues]
    place_name: str = ""
    street: str = ""
    postal_code: str = ""
    online: bool = False
    online_url: str = ""
    price: str = ""
    level: Level | None = None
    goals: Sequence[Goal] = field(default=())
    topics: Sequence[Topic] = field(default=())


def said(values: EntryValues) -> dict[str, Any]:
    """What a form says of an activity, as history keeps it: to lay beside what is stored."""
    undecided = schedule_json.to_json(Flexible()) | {UNDECIDED: True}
    return {
        "title": values.title,
        "description": values.description,
        "schedule_data": schedule_json.to_json(values.schedule) if values.schedule else undecided,
        "place_name": values.place_name,
        "street": values.street,
        "postal_code": values.postal_code,
        "online": values.online,
        "online_url": values.online_url,
        "price": values.price,
        "level_id": values.level.id if values.level else None,
        "goals": sorted(goal.name for goal in values.goals),
        "topics": sorted(topic.name for topic in values.topics),
        "channels": [
            {"kind": row.kind.value, "value": row.value, "public": row.public, "preferred": row.preferred}
            for row in values.channels
        ],
    }


def values_of(activity: Activity) -> EntryValues:
    """What is stored, as a form would say it."""
    return EntryValues(
        title=activity.title,
        description=activity.description,
        organisation_id=activity.organisation_id or 0,
        schedule=None if activity.undecided else activity.schedule,
        channels=[ChannelValues(row.kind, row.value, row.public, row.preferred) for row in activity.channels],
        place_name=activity.place_name,
        street=activity.street,
        postal_code=activity.postal_code,
        online=activity.online,
        online_url=activity.online_url,
        price=activity.price,
        level=activity.level,
        goals=list(activity.goals),
        topics=list(activity.topics),
    )


def create(
    session: Session,
    actor: Actor,
    now: datetime,
    values: EntryValues,
    *,
    publish: bool,
    form_token: str | None = None,
) -> Activity:
    """A new entry: public at once, or kept as a draft. The same form sent twice makes one.

    Raises NotAllowed for another's organisation, Invalid with the field for what does not fit.
    """
    if form_token and (sent := session.scalar(select(Activity).where(Activity.form_token == form_token))):
        if sent.created_by_id != actor.user_id:
            raise NotAllowed("Dit formulier is niet van jou.")
        return sent
    activity = Activity(
        origin=Origin.OWN,
        state=State.PUBLISHED if publish else State.DRAFT,
        public_from=now if publish else None,
        created_by_id=actor.user_id,
        created_at=now,
        form_token=form_token,
    )
    _fill(session, activity, values, now)
    require(actor, Action.CREATE, Resource.ACTIVITY, activity)
    if publish and (lacking := missing(activity)):
        raise Invalid("Nog niet volledig. Wat ontbreekt: %(what)s.", what=tuple(lacking))
    session.add(activity)
    history.record(session, actor, now, activity, Verb.PUBLISH if publish else "draft")
    if publish:
        notices.announce(session, actor, now, activity, NoticeKind.NEW_ENTRY)
    return activity


def correct(session: Session, actor: Actor, now: datetime, activity: Activity, values: EntryValues) -> Activity:
    """Change what an entry says. Another's correction is told to its organisation."""
    require(actor, Action.EDIT, Resource.ACTIVITY, activity)
    if values.organisation_id != activity.organisation_id:
        raise Invalid("Een activiteit blijft bij haar organisatie.", field="organisation")
    before, town = history.snapshot(activity), activity.municipality_id
    _fill(session, activity, values, now)
    if activity.municipality_id != town and not may_move(actor, activity, town):
        raise Invalid(
            "Deze postcode ligt in een gemeente waar je geen rechten hebt. Enkel de organisatie kiest die.",
            field="postal_code",
        )
    session.flush()
    require(actor, Action.EDIT, Resource.ACTIVITY, activity)
    if history.snapshot(activity) == before:
        return activity
    activity.updated_at = now
    moved = activity.municipality_id != town
    if moved:
        activity.seen_at = activity.seen_by_id = None  # the other town saw it, not this one
    history.record(session, actor, now, activity, "correct", before)
    if moved and activity.state is State.PUBLISHED:
        notices.announce(session, actor, now, activity, NoticeKind.NEW_ENTRY, moved=True)
    if activity.state is State.PUBLISHED and activity.organisation_id not in actor.organises:
        notices.announce(session, actor, now, activity, NoticeKind.CORRECTED)
    return activity


def may_move(actor: Actor, activity: Activity, from_municipality_id: int | None) -> bool:
    """Matrix row 28: the own organisation and the platform anywhere, who moderates only between own towns."""
    if actor.platform or activity.organisation_id in actor.organises:
        return True
    return {from_municipality_id, activity.municipality_id} <= actor.moderates


def publish(session: Session, actor: Actor, now: datetime, activity: Activity) -> None:
    """A draft goes online, and its town is told."""
    require(actor, Action.EDIT, Resource.ACTIVITY, activity)
    before = history.snapshot(activity)
    online = step(activity.origin, activity.state, Verb.PUBLISH)
    if lacking := missing(activity):
        raise Invalid("Nog niet volledig. Wat ontbreekt: %(what)s.", what=tuple(lacking))
    if activity.over_at is not None and activity.over_at <= now:
        raise Invalid("Dit is al voorbij. Kies eerst een nieuwe dag.")
    activity.state = online
    activity.public_from = activity.updated_at = now
    history.record(session, actor, now, activity, Verb.PUBLISH, before)
    notices.announce(session, actor, now, activity, NoticeKind.NEW_ENTRY)


def withdraw(
    session: Session, actor: Actor, now: datetime, activity: Activity, reason: Reason | None, remark: str = ""
) -> None:
    """Take a published activity offline. Outside the own organisation a reason is needed: the organiser reads it."""
    require(actor, Action.WITHDRAW, Resource.ACTIVITY, activity)
    own = activity.organisation_id is not None and activity.organisation_id in actor.organises
    if reason is None and not own:
        raise Invalid("Kies een reden: de organisatie leest ze.", field="reason")
    decisions.decide(session, actor, now, activity, Verb.WITHDRAW, reason=reason, remark=remark)
    if activity.origin is Origin.OWN and not own:
        notices.announce(session, actor, now, activity, NoticeKind.WITHDRAWN)


def reopen(session: Session, actor: Actor, now: datetime, activity: Activity) -> None:
    """Undo a withdrawal or a rejection: an own entry is online again, an import waits again."""
    require(actor, Action.REOPEN, Resource.ACTIVITY, activity)
    decisions.decide(session, actor, now, activity, Verb.REOPEN)


def mark_seen(session: Session, actor: Actor, now: datetime, activity: Activity) -> None:
    """The town has looked at it. Seen is seen: a second time changes nothing."""
    require(actor, Action.MARK_SEEN, Resource.ACTIVITY, activity)
    if activity.seen_at is None:
        activity.seen_at, activity.seen_by_id = now, actor.user_id
        session.flush()


def mark_unseen(session: Session, actor: Actor, activity: Activity) -> None:
    """Put it back among what is new."""
    require(actor, Action.MARK_SEEN, Resource.ACTIVITY, activity)
    activity.seen_at = activity.seen_by_id = None
    session.flush()


def delete(session: Session, actor: Actor, now: datetime, activity: Activity) -> None:
    """Remove a draft nobody but the organisation ever saw."""
    require(actor, Action.DELETE, Resource.ACTIVITY, activity)
    if activity.state is not State.DRAFT:
        raise Conflict("Enkel een ontwerp kan weg. Trek in wat online staat.")
    history.record_removal(session, actor, now, activity)
    session.delete(activity)
    session.flush()


def _fill(session: Session, activity: Activity, values: EntryValues, now: datetime) -> None:
    with session.no_autoflush:
        activity.organisation_id = values.organisation_id
        activity.title, activity.description = values.title, values.description
        if values.schedule is None:
            activity.decide_later()
        else:
            activity.schedule = values.schedule
        activity.place_name, activity.street = values.place_name, values.street
        activity.online, activity.online_url = values.online, values.online_url
        activity.price, activity.level_id = values.price, values.level.id if values.level else None
        activity.goals, activity.topics = list(values.goals), list(values.topics)
        activity.updated_at = activity.updated_at or now
        _place(session, activity, values)
        _channels(activity, values.channels)


def _place(session: Session, activity: Activity, values: EntryValues) -> None:
    """An activity belongs to the municipality of its place; online, to the organisation's (rule 17)."""
    if not values.postal_code and not values.online:
        # Only a draft gets here without a place: the form asks it of everything else, and so does publishing.
        activity.municipality, activity.municipality_id = None, None
        activity.postal_code = activity.locality = ""
        return
    if not values.postal_code:
        organisation = session.get(Organisation, values.organisation_id)
        activity.municipality = organisation.municipality if organisation else None
        activity.municipality_id = organisation.municipality_id if organisation else None
        activity.postal_code = activity.locality = ""
        return
    code = session.scalar(select(PostalCode).where(PostalCode.code == values.postal_code))
    if code is None:
        raise Invalid(
            "Postcode %(code)s ligt niet in Vlaanderen of Brussel.",
            field="postal_code",
            code=values.postal_code,
        )
    activity.municipality, activity.municipality_id = code.municipality, code.municipality_id
    activity.postal_code, activity.locality = code.code, code.municipality.name


def _channels(activity: Activity, wanted: Sequence[ChannelValues]) -> None:
    """Replace the channels only where they differ, so that history stays quiet when nothing changed."""
    held = [ChannelValues(row.kind, row.value, row.public, row.preferred) for row in activity.channels]
    if held != list(wanted):
        activity.channels = [
            ContactChannel(
                kind=values.kind,
                value=values.value,
                public=values.public,
                preferred=values.preferred,
                position=position,
            )
            for position, values in enumerate(wanted)
        ]
