"""The demo's invented world: who there is, and what they published in the past weeks."""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.demo import society
from app.demo.offer import OFFERS, Fate, Offer
from app.demo.society import Society
from app.domain.clock import brussels_date
from app.domain.contact import clean
from app.models import Activity, Goal, Level, Notice, Reason, Topic
from app.services import entries
from app.services.access import actor_of


def load(session: Session, now: datetime) -> dict[str, int]:
    """Make what is missing, and leave the rest as people left it. Flushes, never commits.

    The reference data must be there. Returns how many of each the demo has, and how many activities are new.
    """
    there = society.gather(session, now)
    made = [_entry(session, there, now, offer) for offer in OFFERS if not _held(session, offer)]
    _settle_notices(session, made, now)
    session.flush()
    return {
        "accounts": len(there.people),
        "organisations": len(there.organisations),
        "activities": len(OFFERS),
        "new": len(made),
    }


def _held(session: Session, offer: Offer) -> bool:
    return session.scalar(select(Activity.id).where(Activity.form_token == _token(offer))) is not None


def _entry(session: Session, there: Society, now: datetime, offer: Offer) -> Activity:
    """One own entry, made by its organiser when it says, and what became of it since."""
    then = now - timedelta(hours=offer.hours_ago)
    organisation = there.organisations[offer.organisation]
    activity = entries.create(
        session,
        actor_of(session, there.organiser(offer.organisation).id, then),
        then,
        _values(session, organisation.id, brussels_date(now), offer),
        publish=offer.fate is not Fate.DRAFT,
        form_token=_token(offer),
    )
    if offer.fate in (Fate.SEEN, Fate.WITHDRAWN):
        _follow_up(session, there, min(now, then + timedelta(days=1)), activity, offer)
    return activity


def _follow_up(session: Session, there: Society, then: datetime, activity: Activity, offer: Offer) -> None:
    """What the town's administrator did with it the next day; in a town without one, nothing."""
    administrator = there.administrator(activity.municipality_id)
    if administrator is None:
        return
    actor = actor_of(session, administrator.id, then)
    entries.mark_seen(session, actor, then, activity)
    if offer.fate is Fate.WITHDRAWN:
        double = session.scalars(select(Reason).where(Reason.key == "withdraw_double")).one()
        entries.withdraw(session, actor, then, activity, double, "Dit staat er al als “Zoek een buddy”.")


def _values(session: Session, organisation_id: int, today: date, offer: Offer) -> entries.EntryValues:
    return entries.EntryValues(
        title=offer.title,
        description=offer.text,
        organisation_id=organisation_id,
        schedule=offer.when(today),
        channels=[
            entries.ChannelValues(
                reach.kind, clean(reach.kind, reach.text), public=reach.public, preferred=position == 0
            )
            for position, reach in enumerate(offer.reach)
        ],
        place_name=offer.place,
        street=offer.street,
        postal_code=offer.postal_code,
        online=bool(offer.online_url),
        online_url=offer.online_url,
        price=offer.price,
        level=session.scalar(select(Level).where(Level.number == offer.level)),
        goals=_by_keys(session, Goal, offer.goals),
        topics=_by_keys(session, Topic, offer.topics),
    )


def _settle_notices(session: Session, made: list[Activity], now: datetime) -> None:
    """Nobody gets a mail about what was there when the demo began."""
    ids = [activity.id for activity in made]
    waiting = select(Notice).where(Notice.activity_id.in_(ids), Notice.resolved_at.is_(None))
    for notice in session.scalars(waiting):
        notice.resolved_at, notice.outcome = now, "demo"


def _token(offer: Offer) -> str:
    return f"demo:{offer.key}"


def _by_keys(session: Session, model: type[Goal] | type[Topic], keys: str) -> list[Any]:
    return list(session.scalars(select(model).where(model.key.in_(keys.split())).order_by(model.position)))
