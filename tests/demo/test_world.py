"""The demo's world: what DESIGN section 5 promises, and that loading it again does no harm."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.demo import world
from app.demo.accounts import ACCOUNTS, PASSWORD
from app.domain.activity import Origin, State
from app.domain.actor import Actor
from app.domain.clock import brussels_date
from app.domain.schedule import Kind
from app.models import Absence, Activity, Change, Mandate, Municipality, Notice, Organisation, User
from app.services import accounts, reference
from app.services.access import actor_of

NOW = datetime(2026, 9, 14, 9, 20, tzinfo=UTC)


@pytest.fixture
def loaded(session: Session) -> Session:
    reference.load(session, NOW)
    world.load(session, NOW)
    return session


def actor(session: Session, name: str, now: datetime = NOW) -> Actor:
    user_id = session.scalars(select(User.id).where(User.email == f"{name}@doemee.example")).one()
    return actor_of(session, user_id, now)


def town(session: Session, name: str) -> int:
    return session.scalars(select(Municipality.id).where(Municipality.name == name)).one()


def test_every_account_signs_in_with_the_password_of_the_demo(loaded: Session) -> None:
    for account in ACCOUNTS:
        assert accounts.with_password(loaded, account.email, PASSWORD), account.email


def test_each_account_holds_the_rights_its_line_promises(loaded: Session) -> None:
    gent, deinze, lochristi = (town(loaded, name) for name in ("Gent", "Deinze", "Lochristi"))
    bib = loaded.scalars(select(Organisation.id).where(Organisation.name == "Bibliotheek Gent-Demo")).one()

    assert actor(loaded, "platform").platform
    assert actor(loaded, "gent").local_of == actor(loaded, "gent2").local_of == {gent}
    assert actor(loaded, "deinze").local_of == {deinze}
    assert actor(loaded, "backup").backup_of == {gent}
    assert actor(loaded, "organisator").member_of == {bib}
    network = actor(loaded, "netwerk")
    assert network.network_moderates == {deinze}
    assert network.reads_dashboard_by_agreement == {deinze, lochristi}
    assert town(loaded, "Zulte") in network.oversees


@pytest.mark.parametrize(("days", "stands_in"), [(0, True), (7, True), (8, False)])
def test_the_backup_stands_in_from_the_day_of_loading_until_a_week_later(
    loaded: Session, days: int, stands_in: bool
) -> None:
    backup = actor(loaded, "backup", NOW + timedelta(days=days))

    assert bool(backup.stands_in) is stands_in


def test_zulte_has_no_administrator(loaded: Session) -> None:
    held = loaded.scalars(select(Mandate.id).where(Mandate.municipality_id == town(loaded, "Zulte"))).all()

    assert held == []


def test_loading_again_makes_nothing_twice_and_moves_only_the_absence(loaded: Session) -> None:
    tables = (User, Organisation, Mandate, Activity, Absence, Notice)
    before = [loaded.scalar(select(func.count()).select_from(table)) for table in tables]

    again = world.load(loaded, NOW + timedelta(days=3))

    assert again["new"] == 0
    assert [loaded.scalar(select(func.count()).select_from(table)) for table in tables] == before
    absence = loaded.scalars(select(Absence)).one()
    today = brussels_date(NOW + timedelta(days=3))
    assert (absence.since, absence.until) == (today, today + timedelta(days=7))


def test_what_people_changed_is_left_as_it_is(loaded: Session) -> None:
    activity = loaded.scalars(select(Activity).where(Activity.title == "Voetbal op zondag")).one()
    activity.title = "Voetbal op zaterdag"
    loaded.flush()

    world.load(loaded, NOW)

    assert activity.title == "Voetbal op zaterdag"


def test_three_entries_in_gent_are_new_and_nobody_gets_a_mail_about_the_others(loaded: Session) -> None:
    new = select(Activity.title).where(
        Activity.municipality_id == town(loaded, "Gent"),
        Activity.state == State.PUBLISHED,
        Activity.seen_at.is_(None),
    )

    assert len(loaded.scalars(new).all()) == 3
    assert loaded.scalars(select(Notice.id).where(Notice.resolved_at.is_(None))).all() == []


def test_the_offer_shows_every_kind_of_schedule_a_draft_and_a_withdrawal(loaded: Session) -> None:
    activities = loaded.scalars(select(Activity)).all()

    assert {activity.schedule.kind for activity in activities} == set(Kind)
    assert {activity.state for activity in activities} == {State.PUBLISHED, State.DRAFT, State.WITHDRAWN}
    assert {activity.origin for activity in activities} == {Origin.OWN}
    assert all(activity.channels for activity in activities)


def test_all_that_was_made_stands_in_the_history(loaded: Session) -> None:
    told = {(change.table_name, change.record_id) for change in loaded.scalars(select(Change))}

    for table in (Activity, Organisation, Mandate, Absence):
        assert {(table.__tablename__, row) for row in loaded.scalars(select(table.id))} <= told
