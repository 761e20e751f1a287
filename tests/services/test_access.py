"""Rights follow the dates by themselves: the day before, the first, the last and the day after."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.clock import BRUSSELS
from app.models import User, db
from app.services import sessions
from app.services.access import actor_of
from tests.factories import (
    NOW,
    TODAY,
    UserFactory,
    absence,
    agreement,
    backup,
    local_admin,
    network,
    network_member,
    organiser,
    own_entry,
    platform,
    town,
    town_organisation,
)

FIRST, LAST = date(2026, 9, 21), date(2026, 9, 25)
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
IDLE = timedelta(minutes=60)


def at_noon(day: date) -> datetime:
    return datetime.combine(day, time(12), BRUSSELS)


def midnight(day: date) -> datetime:
    """The first instant of the day in Brussels, which in September is ten in the evening before, in UTC."""
    return datetime.combine(day, time(0), BRUSSELS)


# The pairs at both edges: within the day, and within a second.
WINDOW = [
    (at_noon(FIRST - DAY), False),
    (midnight(FIRST) - SECOND, False),
    (midnight(FIRST), True),
    (at_noon(FIRST), True),
    (at_noon(LAST), True),
    (midnight(LAST + DAY) - SECOND, True),
    (midnight(LAST + DAY), False),
    (at_noon(LAST + DAY), False),
]


@contextmanager
def statements() -> Iterator[list[str]]:
    """What was sent to the database meanwhile."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


@pytest.mark.parametrize(("now", "stands_in"), WINDOW)
def test_a_stand_in_moderates_from_the_first_to_the_last_day_of_the_absence(
    session: Session, now: datetime, stands_in: bool
) -> None:
    deinze, absent = town("Deinze"), local_admin(town("Deinze"), name="Hanne")
    own, milan = town_organisation(deinze), backup(deinze)
    absence(absent, deinze, milan, since=FIRST, until=LAST)
    absence(absent, town("Gent"), local_admin(town("Gent")), since=FIRST, until=LAST)  # noise

    actor = actor_of(session, milan.id, now)

    assert actor.moderates == ({deinze.id} if stands_in else frozenset())
    assert actor.organises == ({own.id} if stands_in else frozenset())
    assert actor.reads_along == (frozenset() if stands_in else {deinze.id})
    assert actor.in_place_of(deinze.id) == (absent.id if stands_in else None)
    assert [found.for_name for found in actor.stands_in] == (["Hanne"] if stands_in else [])


@pytest.mark.parametrize("now", [now for now, _ in WINDOW])
def test_who_is_absent_keeps_the_own_rights(session: Session, now: datetime) -> None:
    deinze, absent = town("Deinze"), local_admin(town("Deinze"))
    absence(absent, deinze, backup(deinze), since=FIRST, until=LAST)
    assert actor_of(session, absent.id, now).moderates == {deinze.id}


def test_only_the_stand_in_of_the_absence_gets_rights(session: Session) -> None:
    deinze, absent, other = town("Deinze"), local_admin(town("Deinze")), backup(town("Deinze"))
    absence(absent, deinze, backup(deinze))
    absence(absent, deinze, None)
    assert actor_of(session, other.id, NOW).moderates == frozenset()


def test_a_stand_in_without_a_mandate_in_the_town_gets_nothing(session: Session) -> None:
    deinze, absent = town("Deinze"), local_admin(town("Deinze"))
    stranger, neighbour, former = UserFactory(), backup(town("Lochristi")), backup(deinze, until=TODAY - DAY)
    dismissed, future = backup(deinze, ended_at=NOW), backup(deinze, since=TODAY + DAY)
    for person in (stranger, neighbour, former, dismissed, future):
        absence(absent, deinze, person)
        assert actor_of(session, person.id, NOW).stands_in == ()


def test_an_absence_that_was_ended_gives_nothing_from_then_on(session: Session) -> None:
    deinze, milan = town("Deinze"), backup(town("Deinze"))
    absence(local_admin(deinze), deinze, milan, ended_at=NOW - SECOND)
    assert actor_of(session, milan.id, NOW).moderates == frozenset()


def test_somebody_can_stand_in_for_two_people_in_two_towns(session: Session) -> None:
    deinze, lochristi = town("Deinze"), town("Lochristi")
    milan = backup(lochristi, user=backup(deinze))
    absence(local_admin(deinze), deinze, milan)
    away_longest = absence(local_admin(lochristi), lochristi, milan, until=TODAY + timedelta(days=20))
    actor = actor_of(session, milan.id, NOW)
    assert actor.moderates == {deinze.id, lochristi.id}
    assert actor.in_place_of(lochristi.id) == away_longest.user_id


@pytest.mark.parametrize(("now", "agreed"), WINDOW)
def test_an_agreement_counts_from_its_first_to_its_last_day(session: Session, now: datetime, agreed: bool) -> None:
    deinze, region = town("Deinze"), network("Regio Gent")
    own = town_organisation(deinze)
    member = network_member(region)
    agreement(deinze, region, moderation=True, since=FIRST, until=LAST)
    agreement(town("Aalst"), network("Denderregio"), moderation=True, dashboard=True)  # noise

    actor = actor_of(session, member.id, now)

    assert actor.network_moderates == ({deinze.id} if agreed else frozenset())
    assert actor.organises == ({own.id} if agreed else frozenset())
    assert actor.reads_dashboard_of == frozenset()
    assert deinze.id in actor.oversees


def test_an_agreement_on_the_dashboard_gives_the_dashboard_only(session: Session) -> None:
    deinze, region = town("Deinze"), network("Regio Gent")
    town_organisation(deinze)
    agreement(deinze, region, dashboard=True)
    actor = actor_of(session, network_member(region).id, NOW)
    assert actor.reads_dashboard_of == {deinze.id}
    assert actor.moderates == actor.organises == frozenset()


def test_an_agreement_with_a_town_outside_the_network_reaches_nothing(session: Session) -> None:
    region = network("Regio Gent")
    agreement(town("Aalst"), region, moderation=True, dashboard=True)
    actor = actor_of(session, network_member(region).id, NOW)
    assert actor.moderates == actor.reads_dashboard_of == frozenset()


def test_an_agreement_that_was_ended_gives_nothing_from_then_on(session: Session) -> None:
    deinze, region = town("Deinze"), network("Regio Gent")
    agreement(deinze, region, moderation=True, dashboard=True, ended_at=NOW)
    actor = actor_of(session, network_member(region).id, NOW)
    assert actor.moderates == actor.reads_dashboard_of == frozenset()


@pytest.mark.parametrize(("now", "holds"), WINDOW)
def test_a_mandate_counts_from_its_first_to_its_last_day(session: Session, now: datetime, holds: bool) -> None:
    deinze = town("Deinze")
    person = local_admin(deinze, since=FIRST, until=LAST)
    assert actor_of(session, person.id, now).local_of == ({deinze.id} if holds else frozenset())


def test_every_role_stands_on_its_own_ground(session: Session) -> None:
    deinze, club = town("Deinze"), own_entry().organisation
    assert club is not None
    person = organiser(club, user=local_admin(deinze, user=platform()))
    actor = actor_of(session, person.id, NOW)
    assert (actor.platform, actor.local_of, actor.member_of) == (True, {deinze.id}, {club.id})
    assert actor.networks == actor.oversees == actor.backup_of == frozenset()


def test_who_is_suspended_is_a_stranger(session: Session) -> None:
    person = local_admin(town("Deinze"))
    person.suspended_at = NOW
    session.flush()
    assert actor_of(session, person.id, NOW) == Actor()


def test_an_account_without_rights_has_a_name_and_nothing_else(session: Session) -> None:
    person = UserFactory(name="Sien")
    assert actor_of(session, person.id, NOW) == Actor(user_id=person.id, name="Sien")


# --- sessions ---


@pytest.fixture
def busy(session: Session) -> User:
    """Somebody with every kind of right at once, several times over."""
    deinze, region = town("Deinze"), network("Regio Gent")
    person = network_member(region, user=platform(user=backup(deinze, user=local_admin(town("Lochristi")))))
    agreement(deinze, region, moderation=True, dashboard=True)
    absence(local_admin(deinze), deinze, person)
    absence(local_admin(deinze), deinze, person)
    return person


def test_who_is_asking_is_one_statement_however_much_they_may(session: Session, busy: User) -> None:
    token = sessions.start(session, busy, NOW, timedelta(hours=12))
    session.flush()
    with statements() as seen:
        found = sessions.find(session, token, NOW, IDLE)
    assert len(seen) == 1
    assert found is not None
    assert found.actor == actor_of(session, busy.id, NOW)
    assert found.actor.platform


@pytest.mark.parametrize(
    ("later", "counts"),
    [
        (IDLE - SECOND, True),
        (IDLE, False),
    ],
)
def test_a_session_ends_after_an_hour_without_a_request(session: Session, later: timedelta, counts: bool) -> None:
    token = sessions.start(session, UserFactory(), NOW, timedelta(hours=12))
    assert (sessions.find(session, token, NOW + later, IDLE) is not None) is counts


@pytest.mark.parametrize(("later", "counts"), [(timedelta(hours=12) - SECOND, True), (timedelta(hours=12), False)])
def test_a_session_ends_after_twelve_hours_whatever_happens(session: Session, later: timedelta, counts: bool) -> None:
    token = sessions.start(session, UserFactory(), NOW, timedelta(hours=12))
    assert (sessions.find(session, token, NOW + later, timedelta(days=1)) is not None) is counts


def test_a_suspended_account_is_out_at_the_next_request(session: Session) -> None:
    person = UserFactory()
    token = sessions.start(session, person, NOW, timedelta(hours=12))
    person.suspended_at = NOW
    session.flush()
    assert sessions.find(session, token, NOW, IDLE) is None


def test_ending_a_session_ends_every_copy_of_its_cookie_and_no_other(session: Session) -> None:
    person = UserFactory()
    here, there = (sessions.start(session, person, NOW, timedelta(hours=12)) for _ in range(2))
    sessions.end(session, here)
    assert sessions.find(session, here, NOW, IDLE) is None
    assert sessions.find(session, there, NOW, IDLE) is not None
    sessions.end_all(session, person.id)
    assert sessions.find(session, there, NOW, IDLE) is None


def test_the_database_never_holds_the_token_itself(session: Session) -> None:
    token = sessions.start(session, UserFactory(), NOW, timedelta(hours=12))
    assert sessions.find(session, sessions.hashed(token), NOW, IDLE) is None
    assert token not in str(session.execute(db.text("select * from login_session")).all())
