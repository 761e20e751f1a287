"""Own entries: published at once, followed up by the town, corrected and withdrawn with a reason (rules 1 and 2)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.activity import State, Verb
from app.domain.actor import Actor
from app.domain.contact import Channel
from app.domain.errors import Conflict, Invalid, NotAllowed
from app.models import Activity, Change, Decision, Goal, Level, Notice, NoticeKind, Organisation, Topic, User
from app.services import entries, history
from app.services.access import actor_of
from app.services.entries import ChannelValues, EntryValues
from tests.factories import (
    NEXT_WEEK,
    NOW,
    OrganisationFactory,
    absence,
    backup,
    local_admin,
    one,
    organiser,
    own_entry,
    platform,
    reason,
    town,
    town_organisation,
)

LATER = NOW + timedelta(hours=1)
MAIL = ChannelValues(Channel.EMAIL, "babbel@doemee.example", preferred=True)


@pytest.fixture(autouse=True)
def _committed(session: Session) -> Iterator[None]:
    """Each test ends with a commit, so that a change without a line of history shows."""
    yield
    session.commit()


@pytest.fixture
def club(session: Session) -> Organisation:
    return OrganisationFactory(name="De Babbelaar", municipality=town("Deinze"))


@pytest.fixture
def amina(club: Organisation) -> User:
    return organiser(club, name="Amina")


def acting(session: Session, user: User) -> Actor:
    return actor_of(session, user.id, NOW)


def values_of(club: Organisation, **more: Any) -> EntryValues:
    return EntryValues(
        **({"title": "Babbelen bij de koffie", "description": "Iedereen welkom.", "postal_code": "9800"} | more),
        organisation_id=club.id,
        schedule=NEXT_WEEK,
        channels=[MAIL],
    )


def as_it_is(activity: Activity, **more: Any) -> EntryValues:
    """What the form sends when only `more` was typed."""
    assert activity.organisation is not None
    return replace(
        values_of(activity.organisation),
        **({"title": activity.title, "description": activity.description} | more),
    )


def made(session: Session, user: User, club: Organisation, **more: Any) -> Activity:
    return entries.create(session, acting(session, user), NOW, values_of(club, **more), publish=True)


def notices(session: Session, kind: NoticeKind) -> list[Notice]:
    return list(session.scalars(select(Notice).where(Notice.kind == kind)))


def lines(session: Session, activity: Activity) -> list[Change]:
    mine = select(Change).where(Change.table_name == "activity", Change.record_id == activity.id)
    return list(session.scalars(mine.order_by(Change.id)))


# --- entering ---


def test_an_organiser_publishes_at_once_and_the_town_of_the_place_is_told(
    session: Session, club: Organisation, amina: User
) -> None:
    activity = made(session, amina, club, postal_code="9080", goals=[one(Goal, key="dutch")])

    assert (activity.state, activity.public_from) == (State.PUBLISHED, NOW)
    assert activity.municipality == town("Lochristi")
    assert activity.locality == "Lochristi"
    [notice] = notices(session, NoticeKind.NEW_ENTRY)
    assert (notice.activity, notice.municipality, notice.caused_by) == (activity, town("Lochristi"), amina)
    [line] = lines(session, activity)
    assert (line.verb, line.user, line.at) == ("publish", amina, NOW)
    assert line.after["title"] == "Babbelen bij de koffie"
    assert line.after["goals"] == ["Nederlands oefenen"]
    assert line.after["channels"][0]["value"] == "babbel@doemee.example"


def test_a_draft_tells_nobody_until_it_is_published(session: Session, club: Organisation, amina: User) -> None:
    draft = entries.create(session, acting(session, amina), NOW, values_of(club), publish=False)
    assert (draft.state, draft.public_from) == (State.DRAFT, None)
    assert notices(session, NoticeKind.NEW_ENTRY) == []

    entries.publish(session, acting(session, amina), LATER, draft)

    assert (draft.state, draft.public_from) == (State.PUBLISHED, LATER)
    assert len(notices(session, NoticeKind.NEW_ENTRY)) == 1
    assert [line.verb for line in lines(session, draft)] == ["draft", "publish"]


def test_nobody_enters_for_an_organisation_they_do_not_belong_to(
    session: Session, club: Organisation, amina: User
) -> None:
    other = OrganisationFactory(municipality=town("Deinze"))
    for person in (amina, local_admin(town("Deinze")), platform()):
        with pytest.raises(NotAllowed):
            made(session, person, other)
    assert session.scalar(select(func.count()).select_from(Activity)) == 0


def test_a_town_enters_its_own_offer(session: Session) -> None:
    own = town_organisation(town("Deinze"))
    assert made(session, local_admin(town("Deinze")), own).organisation == own


def test_the_same_form_sent_twice_makes_one_entry(session: Session, club: Organisation, amina: User) -> None:
    first, second = (
        entries.create(session, acting(session, amina), NOW, values_of(club), publish=True, form_token="form-1")
        for _ in range(2)
    )
    assert first is second
    assert len(notices(session, NoticeKind.NEW_ENTRY)) == 1


def test_a_form_of_somebody_else_is_not_answered(session: Session, club: Organisation, amina: User) -> None:
    entries.create(session, acting(session, amina), NOW, values_of(club), publish=True, form_token="form-1")
    with pytest.raises(NotAllowed):
        entries.create(
            session, acting(session, organiser(club)), NOW, values_of(club), publish=True, form_token="form-1"
        )


def test_a_postal_code_that_is_not_ours_is_told_beside_its_field(
    session: Session, club: Organisation, amina: User
) -> None:
    with pytest.raises(Invalid, match="4000") as refusal:
        made(session, amina, club, postal_code="4000")
    assert refusal.value.field == "postal_code"


def test_what_is_online_belongs_to_the_town_of_the_organisation(
    session: Session, club: Organisation, amina: User
) -> None:
    activity = made(session, amina, club, online=True, postal_code="", online_url="https://meet.example")
    assert activity.municipality == town("Deinze")
    assert (activity.postal_code, activity.locality) == ("", "")


# --- correcting ---


def test_the_organisation_corrects_its_own_and_nobody_is_told(
    session: Session, club: Organisation, amina: User
) -> None:
    activity = made(session, amina, club)
    entries.correct(session, acting(session, amina), LATER, activity, as_it_is(activity, title="Babbelen"))
    assert activity.title == "Babbelen"
    line = lines(session, activity)[-1]
    assert (line.verb, line.before, line.after) == (
        "correct",
        {"title": "Babbelen bij de koffie"},
        {"title": "Babbelen"},
    )
    assert notices(session, NoticeKind.CORRECTED) == []


def test_the_town_corrects_and_the_organisation_is_told(session: Session, club: Organisation, amina: User) -> None:
    activity, hanne = made(session, amina, club), local_admin(town("Deinze"))
    entries.correct(session, acting(session, hanne), LATER, activity, as_it_is(activity, title="Babbelen"))
    [notice] = notices(session, NoticeKind.CORRECTED)
    assert (notice.activity, notice.caused_by) == (activity, hanne)


def test_saving_without_a_change_leaves_no_line_and_tells_nobody(
    session: Session, club: Organisation, amina: User
) -> None:
    activity, hanne = made(session, amina, club), local_admin(town("Deinze"))
    entries.correct(session, acting(session, hanne), LATER, activity, as_it_is(activity))
    assert [line.verb for line in lines(session, activity)] == ["publish"]
    assert notices(session, NoticeKind.CORRECTED) == []


def test_the_town_corrects_only_what_is_published(session: Session, club: Organisation) -> None:
    hanne = local_admin(town("Deinze"))
    for state in (State.DRAFT, State.WITHDRAWN):
        activity = own_entry(club, state=state)
        with pytest.raises(NotAllowed):
            entries.correct(session, acting(session, hanne), LATER, activity, as_it_is(activity, title="x"))


def test_an_entry_stays_with_its_organisation(session: Session, club: Organisation, amina: User) -> None:
    other = OrganisationFactory()
    organiser(other, user=amina)
    activity = made(session, amina, club)
    with pytest.raises(Invalid) as refusal:
        entries.correct(session, acting(session, amina), LATER, activity, values_of(other))
    assert refusal.value.field == "organisation"


def test_the_organisation_moves_an_entry_anywhere(session: Session, club: Organisation, amina: User) -> None:
    activity = made(session, amina, club)
    entries.correct(session, acting(session, amina), LATER, activity, as_it_is(activity, postal_code="9300"))
    assert activity.municipality == town("Aalst")


def test_a_moderator_moves_an_entry_only_between_towns_of_their_own(
    session: Session, club: Organisation, amina: User
) -> None:
    activity, hanne = made(session, amina, club), local_admin(town("Deinze"))
    both = local_admin(town("Lochristi"), user=local_admin(town("Deinze")))
    wanted = as_it_is(activity, postal_code="9080")
    session.commit()
    with pytest.raises(Invalid) as refused:
        entries.correct(session, acting(session, hanne), LATER, activity, wanted)
    assert refused.value.field == "postal_code"
    session.rollback()
    assert activity.municipality == town("Deinze")
    entries.correct(session, acting(session, both), LATER, activity, wanted)
    session.commit()
    assert activity.municipality == town("Lochristi")


# --- what a form says, beside what is stored ---


def test_what_is_stored_and_what_a_form_says_of_it_are_the_same_words(
    session: Session, club: Organisation, amina: User
) -> None:
    """Two people in one form are compared by this: a difference that is none would be shown to somebody."""
    whole = entries.create(
        session,
        acting(session, amina),
        NOW,
        replace(
            values_of(
                club, price="gratis", place_name="Bib", street="Plein 1", online=True, online_url="https://x.example"
            ),
            level=session.scalars(select(Level).limit(1)).one(),
            goals=session.scalars(select(Goal).order_by(Goal.id.desc()).limit(3)).all(),
            topics=session.scalars(select(Topic).order_by(Topic.id.desc()).limit(3)).all(),
            channels=[MAIL, ChannelValues(Channel.WEBSITE, "https://babbel.example", public=False)],
        ),
        publish=True,
    )
    bare = entries.create(
        session,
        acting(session, amina),
        NOW,
        replace(values_of(club, postal_code=""), schedule=None, channels=[]),
        publish=False,
    )

    for activity in (whole, bare):
        said, stored = entries.said(entries.values_of(activity)), history.snapshot(activity)
        assert said == {key: stored[key] for key in said}
        untyped = {"first_moment", "over_at", "municipality_id", "locality", "organisation_id", "organiser_name"}
        kept = {"state", "status", "origin", "public_from", "created_by_id", "source_url", "source_record_id"}
        assert stored.keys() - said.keys() - untyped - kept == {"internal_note"}


# --- withdrawing ---


def test_the_organisation_withdraws_its_own_without_a_reason(session: Session, club: Organisation, amina: User) -> None:
    activity = made(session, amina, club)
    entries.withdraw(session, acting(session, amina), LATER, activity, None)
    assert activity.state is State.WITHDRAWN
    assert notices(session, NoticeKind.WITHDRAWN) == []


def test_the_town_withdraws_with_a_reason_that_the_organisation_reads(session: Session, club: Organisation) -> None:
    activity, hanne = own_entry(club), local_admin(town("Deinze"))
    with pytest.raises(Invalid) as refusal:
        entries.withdraw(session, acting(session, hanne), LATER, activity, None)
    assert refusal.value.field == "reason"
    assert activity.state is State.PUBLISHED

    entries.withdraw(session, acting(session, hanne), LATER, activity, reason("wrong"), " Het adres klopt niet. ")

    assert activity.state is State.WITHDRAWN
    assert len(notices(session, NoticeKind.WITHDRAWN)) == 1
    assert lines(session, activity)[-1].why == "Klopt niet. Het adres klopt niet."


def test_another_reason_asks_for_words(session: Session, club: Organisation) -> None:
    activity, hanne = own_entry(club), local_admin(town("Deinze"))
    with pytest.raises(Invalid) as refusal:
        entries.withdraw(session, acting(session, hanne), LATER, activity, reason("withdraw_other"), "  ")
    assert refusal.value.field == "remark"
    assert activity.state is State.PUBLISHED


def test_who_withdraws_as_a_stand_in_is_written_down_as_one(session: Session, club: Organisation) -> None:
    deinze, activity = town("Deinze"), own_entry(club)
    hanne, milan = local_admin(deinze), backup(deinze)
    absence(hanne, deinze, milan)
    entries.withdraw(session, acting(session, milan), LATER, activity, reason("wrong"))
    decision = session.scalars(select(Decision)).one()
    assert (decision.verb, decision.decided_by, decision.stand_in_for) == (Verb.WITHDRAW, milan, hanne)
    assert lines(session, activity)[-1].stand_in_for == hanne


def test_what_is_withdrawn_cannot_be_withdrawn_again_but_reopened(session: Session, club: Organisation) -> None:
    activity, hanne = own_entry(club), local_admin(town("Deinze"))
    entries.withdraw(session, acting(session, hanne), NOW, activity, reason("wrong"))
    with pytest.raises(Conflict):
        entries.withdraw(session, acting(session, hanne), LATER, activity, reason("wrong"))
    entries.reopen(session, acting(session, hanne), LATER, activity)
    assert (activity.state, activity.public_from) == (State.PUBLISHED, LATER)
    assert [line.verb for line in lines(session, activity)] == ["withdraw", "reopen"]


def test_a_backup_outside_an_absence_does_nothing(session: Session, club: Organisation) -> None:
    activity, milan = own_entry(club), acting(session, backup(town("Deinze")))
    for attempt in (
        lambda: entries.withdraw(session, milan, NOW, activity, reason("wrong")),
        lambda: entries.correct(session, milan, NOW, activity, as_it_is(activity, title="x")),
        lambda: entries.mark_seen(session, milan, NOW, activity),
    ):
        with pytest.raises(NotAllowed):
            attempt()


# --- seen and deleted ---


def test_seen_is_seen_by_the_first_who_looked(session: Session, club: Organisation) -> None:
    activity, hanne, wout = own_entry(club), local_admin(town("Deinze")), local_admin(town("Deinze"))
    entries.mark_seen(session, acting(session, hanne), NOW, activity)
    entries.mark_seen(session, acting(session, wout), LATER, activity)
    assert (activity.seen_at, activity.seen_by_id) == (NOW, hanne.id)
    entries.mark_unseen(session, acting(session, wout), activity)
    assert (activity.seen_at, activity.seen_by_id) == (None, None)


def test_a_draft_can_go_and_history_says_what_it_was(session: Session, club: Organisation, amina: User) -> None:
    draft = entries.create(session, acting(session, amina), NOW, values_of(club), publish=False)
    entries.delete(session, acting(session, amina), LATER, draft)
    assert session.scalar(select(func.count()).select_from(Activity)) == 0
    line = session.scalars(select(Change).where(Change.verb == "delete")).one()
    assert line.before["title"] == "Babbelen bij de koffie"


def test_what_was_published_is_never_deleted(session: Session, club: Organisation, amina: User) -> None:
    for state in (State.PUBLISHED, State.WITHDRAWN):
        with pytest.raises(NotAllowed):
            entries.delete(session, acting(session, amina), LATER, own_entry(club, state=state))
