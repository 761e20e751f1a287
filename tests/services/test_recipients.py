"""Who is told of what (matrix row 37, DESIGN rule 9): from the rights of the moment, and never nobody."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from app.models import Municipality, Network, NoticeKind, User
from app.services import recipients
from tests.factories import (
    NOW,
    TODAY,
    NoticeFactory,
    OrganisationFactory,
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

DAY = timedelta(days=1)


@pytest.fixture
def deinze(session: Session) -> Municipality:
    """A town beside one with people of its own, so that who lives elsewhere would show."""
    local_admin(town("Lochristi"))
    backup(town("Lochristi"))
    return town("Deinze")


@pytest.fixture
def region(session: Session) -> Network:
    return network("Regio Gent")


def told(session: Session, place: Municipality, by: User | None = None) -> dict[int, str]:
    """Who is told of a new entry in this town, and in which capacity."""
    notice = NoticeFactory(municipality=place, caused_by=by)
    found = recipients.of(session, notice, NOW)
    assert len({recipient.user_id for recipient in found}) == len(found)
    return {recipient.user_id: recipient.capacity for recipient in found}


def test_every_local_administrator_is_told_and_no_backup(session: Session, deinze: Municipality) -> None:
    hanne, wout = local_admin(deinze), local_admin(deinze)
    backup(deinze)
    platform()
    assert told(session, deinze) == {hanne.id: "lokale beheerder", wout.id: "lokale beheerder"}


def test_during_an_absence_the_stand_in_is_told_instead(session: Session, deinze: Municipality) -> None:
    hanne, milan = local_admin(deinze, name="Hanne"), backup(deinze)
    backup(deinze)
    absence(hanne, deinze, milan)
    assert told(session, deinze) == {milan.id: "vervanger van Hanne"}


def test_who_is_absent_without_a_stand_in_is_still_told(session: Session, deinze: Municipality) -> None:
    hanne = local_admin(deinze)
    absence(hanne, deinze, None)
    assert told(session, deinze) == {hanne.id: "lokale beheerder"}


@pytest.mark.parametrize("why", ["suspended", "mandate ended", "stranger", "absence ended", "another town"])
def test_an_absence_whose_stand_in_has_no_rights_takes_nothing_from_who_is_absent(
    session: Session, deinze: Municipality, why: str
) -> None:
    hanne = local_admin(deinze)
    stand_in = (
        UserFactory() if why == "stranger" else backup(deinze, until=TODAY - DAY if why == "mandate ended" else None)
    )
    if why == "suspended":
        stand_in.suspended_at = NOW
    absence(
        hanne,
        town("Lochristi") if why == "another town" else deinze,
        stand_in,
        ended_at=NOW if why == "absence ended" else None,
    )
    assert told(session, deinze) == {hanne.id: "lokale beheerder"}


@pytest.mark.parametrize(("days", "stands_in"), [(-1, False), (0, True), (4, True), (5, False)])
def test_the_absence_counts_on_its_first_and_last_day(
    session: Session, deinze: Municipality, days: int, stands_in: bool
) -> None:
    hanne, milan = local_admin(deinze), backup(deinze)
    absence(hanne, deinze, milan, since=TODAY - days * DAY, until=TODAY + (4 - days) * DAY)
    assert told(session, deinze).keys() == ({milan.id} if stands_in else {hanne.id})


def test_an_administrator_who_stands_in_for_another_is_told_once(session: Session, deinze: Municipality) -> None:
    hanne, wout = local_admin(deinze), local_admin(deinze)
    absence(hanne, deinze, wout)
    assert told(session, deinze) == {wout.id: "lokale beheerder"}


def test_when_the_stand_in_is_away_too_their_stand_in_is_told(session: Session, deinze: Municipality) -> None:
    hanne, milan, zeynep = local_admin(deinze), backup(deinze), backup(deinze)
    absence(hanne, deinze, milan)
    absence(milan, deinze, zeynep)
    assert told(session, deinze).keys() == {zeynep.id}


def test_when_everybody_stands_in_for_everybody_the_platform_is_told(session: Session, deinze: Municipality) -> None:
    hanne, wout, boss = local_admin(deinze), local_admin(deinze), platform()
    absence(hanne, deinze, wout)
    absence(wout, deinze, hanne)
    assert told(session, deinze) == {boss.id: "platformbeheerder"}


def test_network_staff_is_told_where_moderation_was_agreed(
    session: Session, deinze: Municipality, region: Network
) -> None:
    hanne, wout = local_admin(deinze), network_member(region)
    network_member(network("Denderregio"))
    agreement(deinze, region, moderation=True)
    assert told(session, deinze) == {hanne.id: "lokale beheerder", wout.id: "netwerkmedewerker"}


@pytest.mark.parametrize("why", ["dashboard only", "ended", "over", "another town", "suspended"])
def test_network_staff_is_told_nothing_without_such_an_agreement(
    session: Session, deinze: Municipality, region: Network, why: str
) -> None:
    hanne, wout = local_admin(deinze), network_member(region)
    if why == "suspended":
        wout.suspended_at = NOW
    agreement(
        town("Lochristi") if why == "another town" else deinze,
        region,
        moderation=why != "dashboard only",
        dashboard=True,
        ended_at=NOW if why == "ended" else None,
        until=TODAY - DAY if why == "over" else TODAY,
    )
    assert told(session, deinze).keys() == {hanne.id}


def test_a_town_without_anybody_sends_it_to_the_platform(session: Session, deinze: Municipality) -> None:
    boss, gone = platform(), platform()
    gone.suspended_at = NOW
    local_admin(deinze, until=TODAY - DAY)
    assert told(session, deinze) == {boss.id: "platformbeheerder"}


def test_nobody_is_told_of_what_they_did_themselves(session: Session, deinze: Municipality) -> None:
    hanne, wout = local_admin(deinze), local_admin(deinze)
    assert told(session, deinze, by=hanne).keys() == {wout.id}


def test_a_town_whose_only_administrator_did_it_tells_nobody_not_even_the_platform(
    session: Session, deinze: Municipality
) -> None:
    hanne = local_admin(deinze)
    platform()
    assert told(session, deinze, by=hanne) == {}


@pytest.mark.parametrize("kind", [NoticeKind.WITHDRAWN, NoticeKind.CORRECTED], ids=str)
def test_what_was_done_to_an_entry_is_told_to_its_organisation(
    session: Session, deinze: Municipality, kind: NoticeKind
) -> None:
    club, hanne = OrganisationFactory(municipality=deinze), local_admin(deinze)
    amina, lotte = organiser(club), organiser(club)
    organiser(club, ended_at=NOW)
    organiser(OrganisationFactory())
    notice = NoticeFactory(kind=kind, activity=own_entry(club), caused_by=hanne)
    found = {recipient.user_id: recipient.capacity for recipient in recipients.of(session, notice, NOW)}
    assert found == {amina.id: "organisator", lotte.id: "organisator"}


def test_the_stand_in_of_a_backup_who_moderates_nothing_is_not_told(session: Session, deinze: Municipality) -> None:
    noor, milan, amira = local_admin(deinze), backup(deinze), backup(deinze)
    absence(milan, deinze, amira)

    assert set(told(session, deinze)) == {noor.id}


def test_what_the_platform_does_to_a_towns_own_entry_is_told_to_the_town(
    session: Session, deinze: Municipality
) -> None:
    noor, wannes = local_admin(deinze), platform()
    entry = own_entry(organisation=town_organisation(deinze), municipality=deinze)
    notice = NoticeFactory(kind=NoticeKind.WITHDRAWN, activity=entry, municipality=deinze, caused_by=wannes)

    assert [recipient.user_id for recipient in recipients.of(session, notice, NOW)] == [noor.id]


@pytest.mark.parametrize("kind", [NoticeKind.NEW_ENTRY, NoticeKind.REPORTED])
def test_what_a_visitor_reports_reaches_the_same_people_as_a_new_entry(
    session: Session, deinze: Municipality, kind: NoticeKind
) -> None:
    hanne, wout, milan = local_admin(deinze), local_admin(deinze), backup(deinze)
    platform()
    absence(hanne, deinze, milan)
    found = recipients.of(session, NoticeFactory(kind=kind, municipality=deinze), NOW)
    assert {recipient.user_id for recipient in found} == {wout.id, milan.id}


def test_what_is_reported_where_nobody_moderates_reaches_the_platform(session: Session, deinze: Municipality) -> None:
    backup(deinze)
    wannes = platform()
    for place in (deinze, None):
        found = recipients.of(session, NoticeFactory(kind=NoticeKind.REPORTED, municipality=place), NOW)
        assert [recipient.user_id for recipient in found] == [wannes.id]
