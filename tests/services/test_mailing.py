"""From notice to mail: each person once, each mail claimed by one sender, tried again and given up in the open."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.models import Delivery, Mail, MailState, Municipality, Notice, NoticeKind, connection, db
from app.services import mailing
from app.services.mailing import CLAIM_LASTS, GIVE_UP_AFTER
from tests.factories import (
    NOW,
    MailFactory,
    NoticeFactory,
    OrganisationFactory,
    ReportFactory,
    local_admin,
    organiser,
    own_entry,
    platform,
    town,
)

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
HOST = "localhost"


@pytest.fixture
def deinze(session: Session) -> Municipality:
    return town("Deinze")


def mails(session: Session) -> list[Mail]:
    return list(session.scalars(select(Mail).order_by(Mail.id)))


# --- resolving ---


def test_what_is_new_in_a_town_comes_in_one_mail_a_person(session: Session, deinze: Municipality) -> None:
    hanne, wout = local_admin(deinze), local_admin(deinze)
    elsewhere = local_admin(town("Lochristi"))
    here = [NoticeFactory(municipality=deinze) for _ in range(3)]
    there = NoticeFactory(municipality=town("Lochristi"))

    resolved = mailing.resolve(session, NOW, HOST)

    assert (resolved.notices, resolved.mails) == (4, 3)
    told = {mail.user_id: [delivery.notice for delivery in mail.deliveries] for mail in mails(session)}
    assert told == {hanne.id: here, wout.id: here, elsewhere.id: [there]}
    assert {delivery.capacity for delivery in session.scalars(select(Delivery))} == {"lokale beheerder"}
    assert all(mail.state is MailState.WAITING and mail.not_before == NOW for mail in mails(session))


def test_a_notice_is_resolved_once(session: Session, deinze: Municipality) -> None:
    local_admin(deinze)
    notice = NoticeFactory(municipality=deinze)
    mailing.resolve(session, NOW, HOST)
    assert notice.resolved_at == NOW
    assert mailing.resolve(session, NOW + MINUTE, HOST).notices == 0
    assert len(mails(session)) == 1


def test_a_decision_on_an_entry_is_a_letter_of_its_own(session: Session) -> None:
    club = OrganisationFactory()
    organiser(club)
    for kind in (NoticeKind.WITHDRAWN, NoticeKind.CORRECTED, NoticeKind.CORRECTED):
        NoticeFactory(kind=kind, activity=own_entry(club))
    mailing.resolve(session, NOW, HOST)
    assert [len(mail.deliveries) for mail in mails(session)] == [1, 1, 1]


def test_a_notice_for_nobody_says_so(session: Session, deinze: Municipality) -> None:
    hanne = local_admin(deinze)
    platform()
    notice = NoticeFactory(municipality=deinze, caused_by=hanne)
    mailing.resolve(session, NOW, HOST)
    assert mails(session) == []
    assert notice.resolved_at == NOW
    assert notice.outcome


def test_message_ids_are_unique_stable_and_at_our_host(session: Session, deinze: Municipality) -> None:
    hanne, _ = local_admin(deinze), local_admin(deinze)
    notice = NoticeFactory(municipality=deinze)
    mailing.resolve(session, NOW, "doemee.example")
    ids = [mail.message_id for mail in mails(session)]
    assert len(set(ids)) == 2
    assert f"<new_entry.{notice.id}.{hanne.id}@doemee.example>" in ids


# --- claiming ---


def test_a_mail_is_claimed_from_the_moment_it_is_due(session: Session) -> None:
    due, later = MailFactory(not_before=NOW), MailFactory(not_before=NOW + SECOND)
    assert mailing.claim(session, NOW) == [due.id]
    assert mailing.claim(session, NOW + SECOND) == [later.id]


def test_a_claim_runs_out_after_two_minutes(session: Session) -> None:
    mail = MailFactory()
    assert mailing.claim(session, NOW) == [mail.id]
    assert mailing.claim(session, NOW + CLAIM_LASTS - SECOND) == []
    assert mailing.claim(session, NOW + CLAIM_LASTS) == [mail.id]
    session.refresh(mail)
    assert mail.attempts == 2


def test_what_was_sent_or_refused_is_never_claimed_again(session: Session) -> None:
    sent, refused, waiting = MailFactory(), MailFactory(), MailFactory()
    mailing.sent(sent, "hanne@doemee.example", NOW)
    mailing.refused(refused, "550 Onbekend")
    session.flush()
    assert mailing.claim(session, NOW + GIVE_UP_AFTER) == [waiting.id]
    assert (sent.sent_to, sent.sent_at, refused.error) == ("hanne@doemee.example", NOW, "550 Onbekend")


def test_the_oldest_are_claimed_first_and_no_more_than_asked(session: Session) -> None:
    old = [MailFactory(not_before=NOW - MINUTE).id for _ in range(2)]
    new = [MailFactory(not_before=NOW).id for _ in range(3)]
    assert mailing.claim(session, NOW, limit=3) == [*old, new[0]]
    assert mailing.claim(session, NOW, limit=3) == new[1:]


def at_once(app: Flask, work: Callable[[], list[int]], hands: int = 4) -> list[list[int]]:
    """The same work in several threads, each with a connection of its own."""

    def in_context(_: int) -> list[int]:
        with app.app_context():
            return work()

    with ThreadPoolExecutor(hands) as pool:
        return list(pool.map(in_context, range(hands)))


def test_senders_side_by_side_never_hold_the_same_mail(app: Flask, session: Session) -> None:
    wanted = sorted(MailFactory().id for _ in range(40))
    session.commit()

    def claim_all() -> list[int]:
        mine: list[int] = []
        for _ in wanted:
            with connection.writing(db.session):
                mine += mailing.claim(db.session, NOW, limit=3)
        return mine

    claimed = [mail_id for mine in at_once(app, claim_all) for mail_id in mine]
    assert sorted(claimed) == wanted


@pytest.mark.only_on("postgresql")  # SQLite has one writer at a time
def test_a_sender_does_not_wait_for_another_that_is_still_claiming(app: Flask, session: Session) -> None:
    first, second = sorted(MailFactory().id for _ in range(2))
    session.commit()
    assert mailing.claim(session, NOW, limit=1) == [first]  # and no commit yet

    def claim_too() -> list[int]:
        with connection.writing(db.session):
            db.session.execute(text("set local lock_timeout = '2s'"))
            return mailing.claim(db.session, NOW, limit=2)

    assert at_once(app, claim_too, hands=1) == [[second]]


def test_resolving_side_by_side_tells_everybody_once(app: Flask, session: Session, deinze: Municipality) -> None:
    for _ in range(2):
        local_admin(deinze)
    for _ in range(6):
        NoticeFactory(municipality=deinze)
    session.commit()

    def resolve() -> list[int]:
        with connection.writing(db.session):
            return [mailing.resolve(db.session, NOW, HOST).notices]

    assert sum(count for [count] in at_once(app, resolve)) == 6
    assert len(session.scalars(select(Delivery)).all()) == 12
    assert session.scalars(select(Notice).where(Notice.resolved_at.is_(None))).all() == []


# --- trying again ---


@pytest.mark.parametrize(
    ("attempts", "minutes"), [(1, 1), (2, 5), (3, 15), (4, 60), (5, 60), (40, 60)], ids=lambda number: str(number)
)
def test_each_try_waits_longer_up_to_an_hour(session: Session, attempts: int, minutes: int) -> None:
    mail = MailFactory(attempts=attempts, claimed_until=NOW + MINUTE)
    mailing.postponed(mail, "421 Later", NOW)
    session.flush()
    assert (mail.state, mail.not_before) == (MailState.WAITING, NOW + minutes * MINUTE)
    assert mailing.claim(session, mail.not_before - SECOND) == []
    assert mailing.claim(session, mail.not_before) == [mail.id]


@pytest.mark.parametrize(
    ("age", "state"), [(GIVE_UP_AFTER, MailState.WAITING), (GIVE_UP_AFTER + SECOND, MailState.FAILED)]
)
def test_after_two_days_a_mail_has_failed_and_says_why(session: Session, age: timedelta, state: MailState) -> None:
    mail = MailFactory(attempts=9, created_at=NOW - age)
    mailing.postponed(mail, "421 Later", NOW)
    assert (mail.state, mail.error) == (state, "421 Later")


def test_the_words_of_a_server_are_cut_to_what_fits(session: Session) -> None:
    mail = MailFactory()
    mailing.refused(mail, "x" * 5000)
    session.commit()
    assert len(mail.error) == 500


# --- what visitors report ---


def reported(place: Municipality, **more: object) -> Notice:
    report = ReportFactory(municipality=place, **more)
    return NoticeFactory(kind=NoticeKind.REPORTED, activity=report.activity, municipality=place, version=report.id)


def test_reports_of_one_town_come_in_one_mail_apart_from_what_is_new(session: Session, deinze: Municipality) -> None:
    local_admin(deinze)
    new = NoticeFactory(municipality=deinze)
    both = [reported(deinze), reported(deinze)]

    mailing.resolve(session, NOW, HOST)

    assert [[delivery.notice for delivery in mail.deliveries] for mail in mails(session)] == [[new], both]
    assert mails(session)[1].not_before == NOW


def test_whoever_reports_much_fills_nobodys_box(session: Session, deinze: Municipality) -> None:
    local_admin(deinze)
    reported(deinze)
    mailing.resolve(session, NOW, HOST)
    first = mailing.claim(session, NOW)
    mailing.sent(session.get_one(Mail, first[0]), "hanne@doemee.example", NOW)

    for minutes in (1, 20, 59):
        reported(deinze)
        mailing.resolve(session, NOW + minutes * MINUTE, HOST)

    assert [(len(mail.deliveries), mail.not_before) for mail in mails(session)] == [
        (1, NOW),
        (3, NOW + 60 * MINUTE),
    ]
    assert mailing.claim(session, NOW + 59 * MINUTE) == []
    assert len(mailing.claim(session, NOW + 60 * MINUTE)) == 1


def test_what_is_reported_while_a_mail_leaves_waits_for_the_next(session: Session, deinze: Municipality) -> None:
    local_admin(deinze)
    reported(deinze)
    mailing.resolve(session, NOW, HOST)
    mailing.claim(session, NOW)

    reported(deinze)
    mailing.resolve(session, NOW, HOST)

    assert [len(mail.deliveries) for mail in mails(session)] == [1, 1]


def test_after_an_hour_a_report_is_told_at_once_again_and_one_town_does_not_hold_up_another(
    session: Session, deinze: Municipality
) -> None:
    hanne = local_admin(deinze)
    local_admin(town("Lochristi"), user=hanne)
    reported(deinze)
    mailing.resolve(session, NOW, HOST)
    reported(town("Lochristi"))
    mailing.resolve(session, NOW + MINUTE, HOST)
    reported(deinze)
    mailing.resolve(session, NOW + 60 * MINUTE, HOST)

    assert [mail.not_before for mail in mails(session)] == [NOW, NOW + MINUTE, NOW + 60 * MINUTE]


def test_nobody_is_told_of_a_report_that_was_handled_before_the_mail_was_made(
    session: Session, deinze: Municipality
) -> None:
    local_admin(deinze)
    notice = reported(deinze, handled_at=NOW)
    mailing.resolve(session, NOW, HOST)
    assert mails(session) == []
    assert notice.outcome == "intussen afgehandeld"


@pytest.mark.only_on("postgresql")
def test_a_claim_takes_no_more_than_asked_whatever_the_plan(session: Session, now: datetime) -> None:
    """Statistics of a table with one row make PostgreSQL run the inner query again for each mail."""
    MailFactory(not_before=now)
    session.commit()
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as other:
        other.execute(text("analyze mail"))
    for _ in range(9):
        MailFactory(not_before=now)
    session.commit()

    assert len(mailing.claim(session, now, limit=1)) == 1
