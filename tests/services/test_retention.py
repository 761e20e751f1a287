"""Forgetting: just past its time it goes, just before it stays, and nothing else is touched."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain import retention as table
from app.domain.activity import State
from app.domain.retention import KEPT, Kept, months_before
from app.domain.schedule import Dates
from app.domain.source import Standing
from app.models import (
    Activity,
    Base,
    Change,
    Delivery,
    LoginSession,
    Mail,
    MailState,
    Report,
    SourceRecord,
    SyncItem,
    SyncRun,
    User,
    connection,
)
from app.services import accounts, mailing, retention
from tests.factories import (
    NOW,
    TODAY,
    ChangeFactory,
    ContactChannelFactory,
    DecisionFactory,
    DeliveryFactory,
    InvitationFactory,
    LoginSessionFactory,
    MailFactory,
    NoticeFactory,
    PasswordResetFactory,
    ReportFactory,
    SourceRecordFactory,
    SyncItemFactory,
    SyncRunFactory,
    UserFactory,
    absence,
    local_admin,
    moment,
    own_entry,
    town,
    uit_event,
)
from tests.services.sources.uitdatabank.documents import event

DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
TIDIED = {table.SESSION, table.ATTEMPT, table.JOB, table.DELIVERY}  # jobs.tidy; a delivery goes with its mail
Forget = Callable[..., dict[str, int]]


def ago(months: int) -> datetime:
    return months_before(NOW, months)


@pytest.fixture
def forget(session: Session) -> Forget:
    """Everything that is due now, or some lines of it; how many of each, without the zeros."""

    def transaction() -> AbstractContextManager[None]:
        return connection.writing(session)

    def forgotten(*only: Kept) -> dict[str, int]:
        session.commit()
        return {name: count for name, count in retention.forget(session, NOW, transaction, *only).items() if count}

    return forgotten


def count(session: Session, model: type[Base]) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


def test_every_line_with_a_time_is_somebodys_duty() -> None:
    timed = {line for line in KEPT if line.then}
    assert {duty.kept for duty in retention.DUTIES} | TIDIED == timed


# --- accounts ---


def former(**more: Any) -> User:
    return UserFactory(last_seen_on=ago(24).date() - DAY, created_at=ago(40), **more)


def test_an_account_without_a_mandate_is_anonymised_two_years_after_its_last_sign_in(
    session: Session, forget: Forget
) -> None:
    gone = former(name="Hanne", email="hanne@doemee.example", password_hash="x")
    stays = UserFactory(last_seen_on=ago(24).date(), created_at=ago(40))
    LoginSessionFactory(user=gone, ends_at=NOW - DAY)
    mail = MailFactory(user=gone, sent_to="hanne@doemee.example", state=MailState.SENT, sent_at=NOW - DAY)
    waits = MailFactory(user=gone, error="450 hanne@doemee.example is full")

    assert forget() == {"Account": 1}

    assert (gone.name, gone.email) == (f"Vroegere gebruiker {gone.id}", f"vergeten-{gone.id}@vergeten.invalid")
    assert (gone.password_hash, gone.last_seen_on, gone.anonymised_at, gone.suspended_at) == ("", None, NOW, NOW)
    assert count(session, LoginSession) == 0
    assert (mail.sent_to, waits.error, waits.state) == ("", "", MailState.FAILED)
    assert stays.anonymised_at is None
    assert "hanne" not in str([row.__dict__ for row in session.scalars(select(Mail))]).lower()


def test_nobody_signs_in_to_a_forgotten_account(session: Session, forget: Forget) -> None:
    gone = former(email="hanne@doemee.example", password_hash=accounts.hash_password("een-heel-lang-wachtwoord"))
    assert accounts.with_password(session, "hanne@doemee.example", "een-heel-lang-wachtwoord")
    gone.row_version  # noqa: B018 -- read anew
    forget()
    for address in ("hanne@doemee.example", gone.email):
        assert accounts.with_password(session, address, "een-heel-lang-wachtwoord") is None


def test_one_that_was_never_used_counts_from_its_making(session: Session, forget: Forget) -> None:
    gone, stays = UserFactory(created_at=ago(24) - DAY), UserFactory(created_at=ago(24) + DAY)

    assert forget() == {"Account": 1}

    assert (gone.anonymised_at, stays.anonymised_at) == (NOW, None)


@pytest.mark.parametrize(
    ("mandate", "goes"),
    [
        ({}, False),
        ({"until": TODAY}, False),
        ({"until": TODAY - DAY}, True),
        ({"since": TODAY + 30 * DAY}, False),
        ({"ended_at": NOW - DAY}, True),
    ],
)
def test_who_holds_a_mandate_today_or_later_stays(
    session: Session, forget: Forget, mandate: dict[str, Any], goes: bool
) -> None:
    person = local_admin(town("Deinze"), user=former(), **mandate)

    forget()

    assert (person.anonymised_at is not None) is goes


def test_who_is_here_or_was_just_invited_again_stays(session: Session, forget: Forget) -> None:
    here, asked, asked_long_ago = former(), former(), former()
    LoginSessionFactory(user=here, ends_at=NOW + SECOND)
    InvitationFactory(email=asked.email, municipality=town("Deinze"), ends_at=NOW + SECOND)
    InvitationFactory(email=asked_long_ago.email, municipality=town("Deinze"), ends_at=NOW)

    assert forget(table.ACCOUNT) == {"Account": 1}

    assert (here.anonymised_at, asked.anonymised_at, asked_long_ago.anonymised_at) == (None, None, NOW)


def test_the_history_keeps_what_was_done_and_forgets_who_it_was(session: Session, forget: Forget) -> None:
    gone, other = former(name="Hanne", email="hanne@doemee.example"), UserFactory()
    entry = own_entry()
    DecisionFactory(activity=entry, decided_by=gone)
    done = ChangeFactory(record_id=entry.id, user_id=gone.id, before={"title": "Oud"}, after={"title": "Nieuw"})
    told = {"before": {"name": "Hanna"}, "after": {"name": "Hanne", "email": "hanne@doemee.example", "x": 1}}
    named = ChangeFactory(table_name="user", record_id=gone.id, **told)
    neighbour = ChangeFactory(table_name="user", record_id=other.id, after={"name": "Milan"})

    forget()

    assert (done.user_id, done.after) == (gone.id, {"title": "Nieuw"})
    assert (named.before, named.after) == ({}, {"x": 1})
    assert neighbour.after == {"name": "Milan"}
    line = session.scalars(select(Change).where(Change.verb == "anonymise")).one()
    assert (line.table_name, line.record_id, line.user_id, line.before, line.after) == ("user", gone.id, None, {}, {})
    lines = session.execute(select(Change.before, Change.after)).all()
    assert "hann" not in str(lines).lower()


def test_whom_somebody_stood_in_for_is_forgotten_too(session: Session, forget: Forget) -> None:
    former(name="Hanne")
    delivery = DeliveryFactory(capacity="vervanger van Hanne")
    other = DeliveryFactory(capacity="vervanger van Milan")

    forget()

    assert (delivery.capacity, other.capacity) == ("vervanger", "vervanger van Milan")


def test_forgetting_twice_forgets_nothing_more(session: Session, forget: Forget) -> None:
    gone = former()
    forget()
    version = gone.row_version

    assert forget() == {}

    assert gone.row_version == version
    assert count(session, Change) == 1


def test_many_go_in_batches_and_a_run_that_was_cut_short_goes_on(
    session: Session, forget: Forget, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "BATCH", 3)
    for _ in range(8):
        former()
    session.commit()
    done = 0

    def cut() -> AbstractContextManager[None]:
        nonlocal done
        done += 1
        if done > 2:
            raise KeyboardInterrupt
        return connection.writing(session)

    with pytest.raises(KeyboardInterrupt):
        retention.forget(session, NOW, cut, table.ACCOUNT)
    assert session.scalar(select(func.count()).where(User.anonymised_at.is_not(None))) == 6

    assert forget(table.ACCOUNT) == {"Account": 2}


# --- the rest, just inside and just outside ---


def test_an_invitation_forgets_who_was_asked_three_months_after_the_answer(session: Session, forget: Forget) -> None:
    old, young = ago(3) - SECOND, ago(3)
    ground = {"municipality": town("Deinze")}
    answers = ({"accepted_at": old}, {"withdrawn_at": old}, {"ends_at": old})
    gone = [InvitationFactory(**{"ends_at": NOW, **ground, **answer}) for answer in answers]
    stays = [InvitationFactory(**{"ends_at": old, **ground, "accepted_at": young}), InvitationFactory(**ground)]
    told = ChangeFactory(table_name="invitation", record_id=gone[0].id, after={"email": "x@y.example", "role": "local"})
    mail = MailFactory(user=None, invitation=gone[0], sent_to="x@y.example", state=MailState.SENT, sent_at=NOW - DAY)

    assert forget() == {"Uitnodiging": 3}

    assert {row.name for row in gone} == {"Vroegere genodigde"}
    assert all(row.email.endswith("@vergeten.invalid") for row in gone)
    assert not any(row.email.endswith("@vergeten.invalid") for row in stays)
    assert (told.after, mail.sent_to) == ({"role": "local"}, "")
    assert forget() == {}


def test_the_reason_of_an_absence_goes_a_year_after_its_end(session: Session, forget: Forget) -> None:
    past = ago(12).date()
    person = UserFactory(last_seen_on=TODAY)
    gone = absence(person, town("Deinze"), since=past - 9 * DAY, until=past - DAY, reason="ziek")
    stays = absence(person, town("Deinze"), since=past - 9 * DAY, until=past, reason="ziek")
    told = ChangeFactory(table_name="absence", record_id=gone.id, after={"reason": "ziek"}, why="ziek")

    assert forget() == {"Afwezigheid: de reden": 1}

    assert (gone.reason, stays.reason) == ("", "ziek")
    assert (told.after, told.why) == ({}, "")


def test_the_address_of_a_mail_goes_after_six_months_and_the_mail_after_two_years(
    session: Session, forget: Forget
) -> None:
    def sent(at: datetime, **more: Any) -> Mail:
        filled = {"state": MailState.SENT, "sent_at": at, "created_at": at, "sent_to": "x@y.example"}
        return MailFactory(**filled | more)

    blank, stays = sent(ago(6) - SECOND), sent(ago(6))
    failed = sent(ago(6) - SECOND, state=MailState.FAILED, sent_at=None, sent_to="", error="550 x@y.example")
    DeliveryFactory(mail=sent(ago(24) - SECOND))
    kept = DeliveryFactory(mail=sent(ago(24)))
    waits = MailFactory(created_at=ago(30), error="450 x@y.example")

    assert forget() == {"Mail": 1, "Mail: het adres": 3}

    assert (blank.sent_to, stays.sent_to, failed.error) == ("", "x@y.example", "")
    assert waits.error
    assert list(session.scalars(select(Delivery))) == [kept]


def test_a_report_loses_its_address_after_three_months_and_goes_after_a_year(session: Session, forget: Forget) -> None:
    def report(handled: datetime | None, created: datetime | None = None) -> Report:
        created = created or ago(23)
        return ReportFactory(handled_at=handled, created_at=created, reply_to="sien@doemee.example", remark="Dicht.")

    whole = report(ago(3), ago(4))
    blank = report(ago(3) - SECOND, ago(4))
    kept = report(ago(12))
    gone, never = report(ago(12) - SECOND), report(None, ago(24) - SECOND)
    unhandled, recent = report(None, ago(12) - SECOND), report(None, ago(12))
    told = ChangeFactory(table_name="report", record_id=gone.id, after={"remark": "Dicht.", "problem": "wrong"})
    ids = {gone.id, never.id}

    assert forget() == {"Melding": 2, "Melding: het adres": 3}

    left = set(session.scalars(select(Report)))
    assert left == {whole, blank, kept, unhandled, recent}
    assert {row for row in left if row.reply_to} == {whole, recent}
    assert told.after == {"problem": "wrong"}
    assert set(session.scalars(select(Change.record_id).where(Change.verb == "forget"))) == ids


def test_a_notice_whose_report_is_gone_tells_nobody(session: Session, forget: Forget) -> None:
    local_admin(town("Deinze"))
    gone = ReportFactory(handled_at=ago(13), created_at=ago(14))
    notice = NoticeFactory(kind="reported", activity=gone.activity, version=gone.id)
    forget()

    mailing.resolve(session, NOW, "localhost")

    assert notice.outcome == "intussen afgehandeld"


def test_contacts_go_two_years_after_an_activity_is_over_or_offline(session: Session, forget: Forget) -> None:
    def entry(**more: Any) -> Activity:
        row = own_entry(**more)
        ContactChannelFactory(activity=row, value="hanne@doemee.example")
        return row

    over = entry(schedule=Dates((moment(-740),)))
    offline = entry(state=State.WITHDRAWN, updated_at=ago(24) - SECOND)
    flexible = entry(updated_at=ago(30))
    recent = [entry(schedule=Dates((moment(-700),))), entry(state=State.WITHDRAWN, updated_at=ago(24)), flexible]
    told = ChangeFactory(record_id=over.id, after={"channels": [{"value": "hanne@doemee.example"}], "title": "Babbel"})

    assert forget() == {"Contact van een activiteit": 2}

    assert (over.channels, offline.channels) == ([], [])
    assert all(len(row.channels) == 1 for row in recent)
    assert told.after == {"title": "Babbel"}
    assert forget() == {}


def test_contacts_of_an_import_go_from_what_its_source_sent_too(session: Session, forget: Forget) -> None:
    payload = event(contactPoint={"email": ["hanne@doemee.example"]}, organizer={"name": "x", "email": ["a@b.example"]})
    record = SourceRecordFactory(payload=payload)
    row = uit_event(town("Deinze"), source_record=record, schedule=Dates((moment(-740),)))
    ContactChannelFactory(activity=row)

    forget()

    assert "@" not in str(record.payload.get("contactPoint")) + str(record.payload["organizer"])
    assert record.payload["name"] == payload["name"]
    assert record.complete  # else the source would be asked for it again


def test_what_uit_sent_goes_a_year_after_it_ended_when_it_never_was_an_activity(
    session: Session, forget: Forget
) -> None:
    def record(end: datetime | None, **more: Any) -> SourceRecord:
        dates = {"startDate": (end - DAY).isoformat(), "endDate": end.isoformat()} if end else {}
        payload = event(**dates) if end else event(calendarType="permanent", startDate=None, endDate=None)
        return SourceRecordFactory(**{"relevant": False, "modified": ago(20), "payload": payload} | more)

    gone = {
        record(ago(12) - SECOND).id,
        record(NOW, standing=Standing.GONE).id,
        record(None, payload={"raw": "tekst"}).id,
    }
    stays = {
        record(ago(12) + SECOND),
        record(None),
        record(ago(13), relevant=True),
        record(ago(13), modified=ago(12)),
        uit_event(town("Deinze"), source_record=record(ago(13))).source_record,
    }

    assert forget() == {"Evenement van UiT": 3}

    assert set(session.scalars(select(SourceRecord))) == stays
    assert not gone & {row.id for row in stays}


def test_what_could_not_be_read_goes_after_three_months_and_the_run_after_a_year(
    session: Session, forget: Forget
) -> None:
    old, year = SyncRunFactory(started_at=ago(3) - SECOND), SyncRunFactory(started_at=ago(12) - SECOND)
    SyncItemFactory(run=old)
    SyncItemFactory(run=year)
    stays = SyncItemFactory(run=SyncRunFactory(started_at=ago(3)))

    assert forget() == {"Evenement dat we niet konden lezen": 2, "Ophaling bij UiT": 1}

    assert list(session.scalars(select(SyncItem))) == [stays]
    assert set(session.scalars(select(SyncRun))) == {old, stays.run}


def test_a_link_goes_a_day_after_it_ended_but_not_while_its_mail_waits(session: Session, forget: Forget) -> None:
    person = UserFactory(last_seen_on=TODAY)
    gone = PasswordResetFactory(user=person, ends_at=NOW - DAY)
    mail = MailFactory(user=person, password_reset=gone, state=MailState.SENT, sent_at=NOW)
    waits = PasswordResetFactory(user=person, ends_at=NOW - 2 * DAY)
    MailFactory(user=person, password_reset=waits)
    PasswordResetFactory(user=person, ends_at=NOW - DAY + SECOND)

    assert forget() == {"Link voor een wachtwoord": 1}

    assert mail.password_reset is None


def test_a_preview_tells_what_would_go_and_changes_nothing(session: Session, forget: Forget) -> None:
    gone = former(name="Hanne")
    ReportFactory(handled_at=ago(13), created_at=ago(14))
    session.commit()

    seen = {kept.name: ids for kept, ids in retention.preview(session, NOW).items() if ids}

    assert seen["Account"] == [gone.id]
    assert len(seen["Melding"]) == 1
    assert not session.new
    assert not session.dirty
    session.commit()
    assert (gone.name, count(session, Report), count(session, Change)) == ("Hanne", 1, 0)
    assert forget() == {name: len(ids) for name, ids in seen.items()}
