"""Imports: approved or rejected once, by who may, having seen what it says (DESIGN rules 3, 6 and 11)."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.activity import State, Verb
from app.domain.actor import Actor
from app.domain.errors import Conflict, Invalid, NotAllowed
from app.models import Activity, Change, Decision, Goal, Level, Municipality, Topic, User
from app.services import entries, history, moderation
from app.services.access import actor_of
from app.services.moderation import UNDO_WITHIN, Enrichment
from tests.factories import (
    NOW,
    absence,
    agreement,
    backup,
    local_admin,
    network,
    network_member,
    one,
    organiser,
    own_entry,
    platform,
    reason,
    town,
    uit_event,
)

LATER, SECOND = NOW + timedelta(minutes=5), timedelta(seconds=1)


@pytest.fixture(autouse=True)
def _committed(session: Session) -> Iterator[None]:
    """Each test ends with a commit, so that a change without a line of history shows."""
    yield
    session.commit()


@pytest.fixture
def deinze(session: Session) -> Municipality:
    return town("Deinze")


@pytest.fixture
def hanne(deinze: Municipality) -> User:
    return local_admin(deinze, name="Hanne")


@pytest.fixture
def walk(deinze: Municipality) -> Activity:
    uit_event(deinze, title="Een ander evenement")
    return uit_event(deinze)


def acting(session: Session, user: User) -> Actor:
    return actor_of(session, user.id, NOW)


def seen(activity: Activity) -> str:
    assert activity.source_record is not None
    return activity.source_record.fingerprint


def approve(session: Session, user: User, activity: Activity, now: object = NOW) -> None:
    moderation.approve(session, acting(session, user), now, activity, seen=seen(activity))  # type: ignore[arg-type]


def verbs(session: Session, activity: Activity) -> list[str]:
    mine = select(Change.verb).where(Change.table_name == "activity", Change.record_id == activity.id)
    return list(session.scalars(mine.order_by(Change.id)))


def test_an_approved_event_is_public_from_that_moment(session: Session, hanne: User, walk: Activity) -> None:
    approve(session, hanne, walk)
    assert (walk.state, walk.public_from) == (State.PUBLISHED, NOW)
    decision = session.scalars(select(Decision)).one()
    assert (decision.verb, decision.decided_by, decision.fingerprint) == (Verb.APPROVE, hanne, seen(walk))
    assert decision.stand_in_for is None
    assert verbs(session, walk) == ["approve"]


@pytest.mark.parametrize(("days", "waits"), [(-1, False), (1, True)])
def test_the_source_may_ask_to_wait_but_not_to_have_been_public_before(
    session: Session, hanne: User, walk: Activity, days: int, waits: bool
) -> None:
    session.info["unrecorded"] = True
    walk.public_from = NOW + timedelta(days=days)
    session.flush()
    session.info["unrecorded"] = False
    approve(session, hanne, walk)
    assert walk.public_from == (NOW + timedelta(days=1) if waits else NOW)


def test_a_stand_in_approves_in_the_name_of_who_is_away(
    session: Session, deinze: Municipality, hanne: User, walk: Activity
) -> None:
    milan = backup(deinze)
    absence(hanne, deinze, milan)
    approve(session, milan, walk)
    assert session.scalars(select(Decision)).one().stand_in_for == hanne


def test_network_staff_approves_where_that_was_agreed(session: Session, deinze: Municipality, walk: Activity) -> None:
    agreement(deinze, network("Regio Gent"), moderation=True)
    approve(session, network_member(network("Regio Gent")), walk)
    assert walk.state is State.PUBLISHED


def test_nobody_else_decides(session: Session, deinze: Municipality, walk: Activity) -> None:
    club = own_entry().organisation
    assert club is not None
    session.info["unrecorded"] = True
    walk.organisation = club
    session.flush()
    session.info["unrecorded"] = False
    agreement(deinze, network("Regio Gent"), dashboard=True)
    people = (
        platform(),
        backup(deinze),
        local_admin(town("Lochristi")),
        organiser(club),
        network_member(network("Regio Gent")),
    )
    for person in people:
        with pytest.raises(NotAllowed):
            approve(session, person, walk)
        with pytest.raises(NotAllowed):
            moderation.reject(
                session, acting(session, person), NOW, walk, seen=seen(walk), reason=reason("double"), remark=""
            )
        with pytest.raises(NotAllowed):
            moderation.enrich(session, acting(session, person), NOW, walk, Enrichment([], [], None, "hoi"))
    assert walk.state is State.PENDING


def test_what_changed_at_the_source_since_it_was_looked_at_is_not_approved(
    session: Session, hanne: User, walk: Activity
) -> None:
    with pytest.raises(Conflict, match="Gewijzigd sinds je keek"):
        moderation.approve(session, acting(session, hanne), NOW, walk, seen="what it was before")
    assert walk.state is State.PENDING


def test_the_second_moderator_hears_who_was_first(
    session: Session, deinze: Municipality, hanne: User, walk: Activity
) -> None:
    wout = local_admin(deinze, name="Wout")
    approve(session, hanne, walk)
    with pytest.raises(Conflict, match="Hanne keurde dit al goed"):
        approve(session, wout, walk, LATER)
    with pytest.raises(Conflict, match="Hanne keurde dit al goed"):
        moderation.reject(
            session, acting(session, wout), LATER, walk, seen=seen(walk), reason=reason("double"), remark=""
        )
    assert verbs(session, walk) == ["approve"]


def test_rejecting_takes_a_reason(session: Session, hanne: User, walk: Activity) -> None:
    def reject(key: str | None, remark: str = "") -> None:
        chosen = reason(key) if key else None
        moderation.reject(session, acting(session, hanne), NOW, walk, seen=seen(walk), reason=chosen, remark=remark)

    with pytest.raises(Invalid) as refusal:
        reject(None)
    assert refusal.value.field == "reason"
    with pytest.raises(Invalid) as refusal:
        reject("reject_other", " ")
    assert refusal.value.field == "remark"
    assert walk.state is State.PENDING
    reject("reject_other", "Dit is een optreden.")
    assert (walk.state, walk.public_from) == (State.REJECTED, None)


def test_a_rejected_event_waits_again_when_it_is_reopened(session: Session, hanne: User, walk: Activity) -> None:
    moderation.reject(session, acting(session, hanne), NOW, walk, seen=seen(walk), reason=reason("double"), remark="")
    entries.reopen(session, acting(session, hanne), LATER, walk)
    assert walk.state is State.PENDING
    assert verbs(session, walk) == ["reject", "reopen"]


def test_what_we_add_is_ours_and_the_rest_stays_of_the_source(session: Session, hanne: User, walk: Activity) -> None:
    level = one(Level, number=2)
    added = Enrichment([one(Goal, key="meet")], [one(Topic, key="walking")], level, "Bellen voor een buddy.")
    before = walk.title, walk.schedule, walk.municipality_id
    moderation.enrich(session, acting(session, hanne), NOW, walk, added)
    session.commit()
    assert [goal.key for goal in walk.goals] == ["meet"]
    assert [topic.key for topic in walk.topics] == ["walking"]
    assert (walk.level, walk.internal_note) == (level, "Bellen voor een buddy.")
    assert (walk.title, walk.schedule, walk.municipality_id) == before
    assert walk.state is State.PENDING

    moderation.enrich(session, acting(session, hanne), LATER, walk, added)
    assert verbs(session, walk) == ["enrich"]


def test_an_own_entry_is_not_enriched_but_corrected(session: Session, hanne: User) -> None:
    with pytest.raises(NotAllowed):
        moderation.enrich(session, acting(session, hanne), NOW, own_entry(), Enrichment([], [], None, "hoi"))


@pytest.mark.parametrize("approved", [True, False])
@pytest.mark.parametrize(("after", "possible"), [(UNDO_WITHIN, True), (UNDO_WITHIN + SECOND, False)])
def test_a_decision_is_undone_within_half_an_hour(
    session: Session, hanne: User, walk: Activity, after: timedelta, possible: bool, approved: bool
) -> None:
    if approved:
        approve(session, hanne, walk)
    else:
        moderation.reject(
            session, acting(session, hanne), NOW, walk, seen=seen(walk), reason=reason("double"), remark=""
        )
    if not possible:
        with pytest.raises(Conflict):
            moderation.undo(session, acting(session, hanne), NOW + after, walk)
        return
    moderation.undo(session, acting(session, hanne), NOW + after, walk)
    assert (walk.state, walk.public_from) == (State.PENDING, None)
    approve(session, hanne, walk, NOW + after)
    assert walk.state is State.PUBLISHED


def test_only_the_own_last_decision_is_undone(
    session: Session, deinze: Municipality, hanne: User, walk: Activity
) -> None:
    approve(session, hanne, walk)
    with pytest.raises(Conflict):
        moderation.undo(session, acting(session, local_admin(deinze)), LATER, walk)
    moderation.undo(session, acting(session, hanne), LATER, walk)
    with pytest.raises(Conflict):
        moderation.undo(session, acting(session, hanne), LATER, walk)


def test_the_history_after_an_undo_says_it_is_not_public(session: Session, hanne: User, walk: Activity) -> None:
    approve(session, hanne, walk)
    moderation.undo(session, acting(session, hanne), LATER, walk)
    told = [change.after.get("public_from") for change in session.scalars(select(Change).order_by(Change.id))]
    assert told[-1] is None
    assert verbs(session, walk) == ["approve", "withdraw", "reopen"]


def test_what_is_added_and_what_is_stored_of_it_are_the_same_words(
    session: Session, walk: Activity, hanne: User
) -> None:
    goals, topics = session.scalars(select(Goal).limit(3)).all(), session.scalars(select(Topic).limit(3)).all()
    wanted = Enrichment(goals, topics, session.scalars(select(Level).limit(1)).one(), "Bel eerst.")

    moderation.enrich(session, acting(session, hanne), LATER, walk, wanted)

    said, stored = moderation.said(wanted), history.snapshot(walk)
    assert said == {key: stored[key] for key in said}
