"""The history: what a line keeps, and whose lines somebody may read, held against the matrix by hand."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.activity import State
from app.domain.actor import Actor
from app.domain.errors import Conflict, NotAllowed
from app.domain.policy import Action, Resource, may
from app.models import Base, Change, Invitation, Mail, MailKind, MailState, MandateRole, User
from app.services import accounts, history, past, resending
from app.services.access import actor_of
from tests.admin_views import Cast, cast
from tests.factories import (
    NOW,
    ChangeFactory,
    IntakeRuleFactory,
    InvitationFactory,
    MailFactory,
    MandateFactory,
    OrganisationFactory,
    PasswordResetFactory,
    ReportFactory,
    UserFactory,
    absence,
    agreement,
    network,
    own_entry,
    town,
    uit_event,
)

WHO = ("gent", "gent2", "backup", "deinze", "netwerk", "organisator", "platform")


def told(row: Base, **more: Any) -> Change:
    """A line about this row, on the ground where `history.record` would lay it."""
    municipality_id, organisation_id = history.ground_of(row)
    ground = {"municipality_id": municipality_id, "organisation_id": organisation_id}
    return ChangeFactory(table_name=row.__tablename__, record_id=row.id, **(ground | more))


@pytest.fixture
def people(session: Session) -> Cast:
    return cast()


@pytest.fixture
def actors(session: Session, people: Cast) -> dict[str, Actor]:
    return {who: actor_of(session, people[who].id, NOW) for who in WHO} | {"nobody": Actor()}


# --- what a line keeps ---


def test_no_line_keeps_a_secret(session: Session) -> None:
    user = UserFactory(password_hash="$argon2id$geheim")
    invitation = InvitationFactory(municipality=town("Gent"), token_hash="a" * 64, form_token="b" * 64)
    report = ReportFactory(reply_to="bezoeker@doemee.example")

    for row in (user, invitation, report):
        kept = history.snapshot(row)
        assert not kept.keys() & {"password_hash", "token_hash", "form_token", "last_seen_on", "reply_to"}
        assert "geheim" not in str(kept)
        assert "bezoeker@" not in str(kept)


def test_another_password_leaves_a_line_without_values(session: Session) -> None:
    user = UserFactory(can_sign_in=True)
    accounts.choose_password(session, Actor(user.id), NOW, user, "paarse-fietsbel-in-de-regen", domain="localhost")
    line = session.scalars(select(Change).where(Change.table_name == "user")).one()

    assert (line.verb, line.before, line.after, line.why) == ("password", {}, {}, "")


@pytest.mark.parametrize("model", [User, Invitation])
def test_accounts_and_invitations_are_watched(model: type[Base]) -> None:
    assert model in history.AUDITED


# --- whose lines ---


def rows_of(people: Cast) -> dict[str, Any]:
    """One row of each kind in Gent, in Deinze and elsewhere; the club lies in Gent and is nobody's of the cast."""
    gent, deinze, aalst = people.gent, people.deinze, town("Aalst")
    club = OrganisationFactory(name="Club", municipality=gent)
    somebody = UserFactory()
    return {
        "bib": people.bib,
        "club": club,
        "entry of bib": own_entry(people.bib),
        "draft of bib": own_entry(people.bib, state=State.DRAFT),
        "entry of club": own_entry(club),
        "draft of club": own_entry(club, state=State.DRAFT),
        "event in gent": uit_event(gent),
        "event in deinze": uit_event(deinze),
        "event in aalst": uit_event(aalst),
        "event nowhere": uit_event(None),
        "mandate in gent": MandateFactory(user=somebody, role=MandateRole.BACKUP, municipality=gent),
        "mandate in deinze": MandateFactory(user=somebody, role=MandateRole.BACKUP, municipality=deinze),
        "mandate at bib": MandateFactory(user=somebody, role=MandateRole.ORGANISER, organisation=people.bib),
        "mandate of platform": MandateFactory(user=somebody),
        "absence in gent": people.absence,
        "agreement of deinze": agreement(deinze, network("Regio Gent"), moderation=True),
        "rule of gent": IntakeRuleFactory(municipality=gent),
        "rule of all": IntakeRuleFactory(municipality=None),
        "invitation in gent": InvitationFactory(municipality=gent),
        "invitation at bib": InvitationFactory(role=MandateRole.ORGANISER, organisation=people.bib),
        "report in gent": ReportFactory(activity=own_entry(club)),
        "report in deinze": ReportFactory(activity=uit_event(deinze)),
        "somebody": somebody,
        "mail": MailFactory(user=somebody),
    }


GENT = {
    *("bib", "club", "entry of bib", "entry of club", "event in gent", "mandate in gent", "absence in gent"),
    *("rule of gent", "report in gent"),
}
DEINZE = {"event in deinze", "mandate in deinze", "agreement of deinze", "report in deinze"}
LISTED = {
    "gent": GENT | {"invitation in gent"},
    "gent2": GENT | {"invitation in gent"},
    "backup": GENT,
    "deinze": DEINZE,
    "netwerk": DEINZE,
    "organisator": {"bib", "entry of bib", "draft of bib", "mandate at bib", "invitation at bib"},
    "nobody": set[str](),
}


@pytest.mark.parametrize("who", [*WHO, "nobody"])
def test_a_list_tells_what_the_matrix_gives(session: Session, people: Cast, actors: dict[str, Actor], who: str) -> None:
    rows = rows_of(people)
    lines = {told(row).id: name for name, row in rows.items()}
    expected = set(rows) if who == "platform" else LISTED[who]

    found = session.scalars(past.lines(past.readable(actors[who])))

    assert {lines[line.id] for line in found} == expected


@pytest.mark.parametrize("who", [*WHO, "nobody"])
def test_the_page_of_a_record_opens_for_whom_the_list_tells_of_it(
    session: Session, people: Cast, actors: dict[str, Actor], who: str
) -> None:
    actor = actors[who]
    for name, row in rows_of(people).items():
        kind = row.__tablename__
        opens = past.record_of(session, actor, kind, row.id) is row
        assert opens is (who == "platform" or name in LISTED[who]), name
        assert past.may_read(actor, kind, row) is opens, name


def test_everyone_reads_the_history_of_the_own_account_and_of_no_other(
    session: Session, people: Cast, actors: dict[str, Actor]
) -> None:
    for who in WHO:
        for other in WHO:
            found = past.record_of(session, actors[who], "user", people[other].id)
            assert (found is not None) is (who in (other, "platform"))


def test_a_stand_in_reads_like_who_is_away_only_while_that_lasts(session: Session, people: Cast) -> None:
    line = told(uit_event(people.gent))
    stand_in = MandateFactory(role=MandateRole.BACKUP, municipality=people.gent).user
    absence(people["gent"], people.gent, stand_in)

    assert line in session.scalars(past.lines(past.readable(actor_of(session, stand_in.id, NOW)))).all()
    nobody = actor_of(session, UserFactory().id, NOW)
    assert session.scalars(past.lines(past.readable(nobody))).all() == []


def test_a_line_is_gone_from_the_list_of_a_town_that_its_activity_left(
    session: Session, people: Cast, actors: dict[str, Actor]
) -> None:
    event = uit_event(people.gent)
    line = told(event)
    event.municipality = people.deinze
    session.info["unrecorded"] = True
    session.flush()

    assert line not in session.scalars(past.lines(past.readable(actors["gent"]))).all()
    assert line in session.scalars(past.lines(past.of_record("activity", event.id))).all()
    assert past.record_of(session, actors["gent"], "activity", event.id) is None
    assert past.record_of(session, actors["deinze"], "activity", event.id) is event


def test_a_draft_that_is_gone_is_told_to_its_organisation_and_the_platform_alone(
    session: Session, people: Cast, actors: dict[str, Actor]
) -> None:
    line = ChangeFactory(
        record_id=999_999,
        verb="delete",
        before={"title": "Nooit geweest"},
        municipality_id=people.gent.id,
        organisation_id=people.bib.id,
    )
    readers = {who for who in WHO if line in session.scalars(past.lines(past.readable(actors[who]))).all()}

    assert readers == {"organisator", "platform"}


# --- what stands on a line ---


def test_the_internal_note_is_for_who_moderates(session: Session, people: Cast, actors: dict[str, Actor]) -> None:
    event = uit_event(people.gent, organisation=people.bib, internal_note="Bel eerst even.")
    reads = {who for who in WHO if "internal_note" not in past.hidden(actors[who], "activity", event)}

    assert reads == {"gent", "gent2", "backup"}  # Milan stands in; without an absence a backup reads no notes
    outside = actor_of(session, MandateFactory(role=MandateRole.BACKUP, municipality=people.gent).user_id, NOW)
    assert may(outside, Action.READ_HISTORY, Resource.ACTIVITY, event)
    assert "internal_note" in past.hidden(outside, "activity", event)
    assert "internal_note" in past.hidden(actors["platform"], "activity", None)


def test_why_somebody_is_away_is_for_who_arranges_absences(
    session: Session, people: Cast, actors: dict[str, Actor]
) -> None:
    reads = {who for who in WHO if "reason" not in past.hidden(actors[who], "absence", people.absence)}

    assert reads == {"gent", "gent2", "platform"}


# --- a mail that gets another chance ---


def test_a_failed_mail_waits_again_and_that_is_told(session: Session, people: Cast, actors: dict[str, Actor]) -> None:
    mail = MailFactory(state=MailState.FAILED, error="550 unknown", attempts=3, not_before=NOW - timedelta(days=1))

    resending.try_again(session, actors["platform"], NOW, mail)

    assert (mail.state, mail.not_before, mail.attempts) == (MailState.WAITING, NOW, 3)
    line = session.scalars(select(Change).where(Change.table_name == "mail")).one()
    assert (line.verb, line.user_id, line.before["state"], line.after["state"]) == (
        "retry",
        people["platform"].id,
        "failed",
        "waiting",
    )


@pytest.mark.parametrize("state", [MailState.WAITING, MailState.SENT])
def test_a_mail_that_did_not_fail_is_left_alone(session: Session, actors: dict[str, Actor], state: MailState) -> None:
    mail = MailFactory(state=state)

    with pytest.raises(Conflict):
        resending.try_again(session, actors["platform"], NOW, mail)
    assert mail.state is state


OVER: dict[str, Callable[[], Mail]] = {
    "an old invitation": lambda: MailFactory(
        kind=MailKind.INVITATION, user=None, invitation=InvitationFactory(municipality=town("Gent"), ends_at=NOW)
    ),
    "a withdrawn invitation": lambda: MailFactory(
        kind=MailKind.INVITATION, user=None, invitation=InvitationFactory(municipality=town("Gent"), withdrawn_at=NOW)
    ),
    "a used link": lambda: MailFactory(kind=MailKind.RESET, password_reset=PasswordResetFactory(used_at=NOW)),
    "an old link": lambda: MailFactory(kind=MailKind.RESET, password_reset=PasswordResetFactory(ends_at=NOW)),
}


@pytest.mark.parametrize("what", OVER)
def test_a_link_that_would_not_work_is_not_sent_again(session: Session, actors: dict[str, Actor], what: str) -> None:
    mail = OVER[what]()
    mail.state = MailState.FAILED
    session.flush()

    with pytest.raises(Conflict):
        resending.try_again(session, actors["platform"], NOW, mail)


@pytest.mark.parametrize("who", [who for who in WHO if who != "platform"])
def test_only_the_platform_sends_again(session: Session, actors: dict[str, Actor], who: str) -> None:
    mail = MailFactory(state=MailState.FAILED)

    with pytest.raises(NotAllowed):
        resending.try_again(session, actors[who], NOW, mail)
