"""From the commit of an entry to the mail in a box: real SMTP, each person once, and nobody else."""

import socket
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from html.parser import HTMLParser
from threading import Thread

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.models import Activity, Mail, MailState
from app.services.mailing import BATCH
from jobs import mail
from tests import smtp
from tests.admin_views import Cast, again, cast, main_text, typed
from tests.factories import (
    NOW,
    ContactChannelFactory,
    NoticeFactory,
    OrganisationFactory,
    UserFactory,
    local_admin,
    organiser,
    own_entry,
    reason,
)
from tests.jobs import elsewhere

SignIn = Callable[..., FlaskClient]
GENT, BACKUP = "gent@doemee.example", "backup@doemee.example"


@pytest.fixture
def people(session: Session, clock: time_machine.Traveller) -> Cast:
    return cast()


@pytest.fixture
def run(app: Flask) -> Callable[[], dict[str, int]]:
    return lambda: elsewhere(app, mail.run)


def counts(sent: int = 0, failed: int = 0, waiting: int = 0) -> dict[str, int]:
    return {"sent": sent, "failed": failed, "waiting": waiting}


def told(box: smtp.Mailbox) -> list[str]:
    return sorted(address for received in box.received for address in received.recipients)


def plain(message: EmailMessage) -> str:
    part = message.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def html(message: EmailMessage) -> str:
    part = message.get_body(("html",))
    assert part is not None
    return str(part.get_content())


def mails(session: Session) -> list[Mail]:
    session.commit()
    return list(session.scalars(select(Mail).order_by(Mail.id)))


# --- a new entry ---


def test_a_new_entry_in_gent_reaches_each_person_of_the_matrix_once_and_nobody_else(
    people: Cast, box: smtp.Mailbox, run: Callable[[], dict[str, int]], sign_in: SignIn
) -> None:
    """Row 37: `gent`, and `backup` while `gent2` is away with `backup` as stand-in."""
    organiser(people.bib, user=UserFactory(email="collega@doemee.example"))
    sign_in(people["organisator"]).send("/admin/activity/new/", typed(people.bib))

    assert run() == counts(sent=2)

    assert told(box) == [BACKUP, GENT]
    assert run() == counts()
    assert len(box.received) == 2


def test_the_day_after_the_absence_the_colleague_is_told_again_and_the_backup_is_not(
    people: Cast, box: smtp.Mailbox, run: Callable[[], dict[str, int]], clock: time_machine.Traveller
) -> None:
    clock.move_to(NOW + timedelta(days=7))
    NoticeFactory(activity=own_entry(people.bib))

    run()

    assert told(box) == ["gent2@doemee.example", GENT]


def test_rights_count_at_the_moment_of_sending(
    people: Cast, box: smtp.Mailbox, run: Callable[[], dict[str, int]], session: Session
) -> None:
    NoticeFactory(activity=own_entry(people.bib))
    session.info["unrecorded"] = True
    people["gent"].suspended_at = NOW
    people.absence.ended_at = NOW
    local_admin(people.gent, user=UserFactory(email="nieuw@doemee.example"))

    run()

    assert told(box) == ["gent2@doemee.example", "nieuw@doemee.example"]


def test_a_draft_and_a_refused_form_tell_nobody(
    people: Cast, box: smtp.Mailbox, run: Callable[[], dict[str, int]], sign_in: SignIn
) -> None:
    visitor = sign_in(people["organisator"])
    visitor.send("/admin/activity/new/", typed(people.bib, title=""))
    visitor.send("/admin/activity/new/", typed(people.bib) | {"draft": "1"})

    assert run() == counts()
    assert box.received == []


def test_several_entries_come_in_one_mail(people: Cast, box: smtp.Mailbox, run: Callable[[], dict[str, int]]) -> None:
    for title in ("Soep", "Brood", "Kaas"):
        NoticeFactory(activity=own_entry(people.bib, title=title))

    assert run() == counts(sent=2)

    message = box.to(GENT)[0]
    assert message["Subject"] == "3 nieuwe activiteiten in Gent"
    assert all(title in plain(message) and title in html(message) for title in ("Soep", "Brood", "Kaas"))


# --- what it says ---


def letter(people: Cast, box: smtp.Mailbox, run: Callable[[], dict[str, int]], **more: object) -> EmailMessage:
    entry = own_entry(people.bib, postal_code="9000", locality="Gent", **more)
    ContactChannelFactory(activity=entry, value="soep@bib-demo.example")
    ContactChannelFactory(activity=entry, value="intern@bib-demo.example", public=False)
    NoticeFactory(activity=entry)
    run()
    return box.to(GENT)[0]


def test_it_says_in_dutch_what_when_where_by_whom_and_why_one_is_told(
    people: Cast, box: smtp.Mailbox, run: Callable[[], dict[str, int]]
) -> None:
    message = letter(people, box, run, title="Samen soep maken", description="We maken soep.", place_name="Buurthuis")

    assert message["Subject"] == "Nieuw in Gent: Samen soep maken"
    assert message["From"] == "Doemee <noreply@doemee.example>"
    assert message["To"] == GENT
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Date"].datetime == NOW
    for body in (plain(message), html(message)):
        for words in ("Samen soep maken", "Bibliotheek Gent-Demo", "We maken soep.", "Buurthuis", "14", "Gent"):
            assert words in body
        assert "soep@bib-demo.example" in body
        assert "lokale beheerder in Gent" in " ".join(body.split())
    assert "vervanger van Hanne" in " ".join(plain(box.to(BACKUP)[0]).split())


def test_the_link_opens_the_very_record(
    people: Cast, box: smtp.Mailbox, run: Callable[[], dict[str, int]], sign_in: SignIn
) -> None:
    message = letter(people, box, run, title="Samen soep maken")

    link = next(word for word in plain(message).split() if word.startswith("http://localhost/admin/activity/details/"))

    assert link in html(message).replace("&amp;", "&")
    assert "Samen soep maken" in main_text(sign_in(people["gent"]).get(link.removeprefix("http://localhost")))


class Addresses(HTMLParser):
    """What a mail program would fetch by itself, and where its links lead."""

    def __init__(self) -> None:
        super().__init__()
        self.fetched: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self.links += [values["href"]] if tag == "a" and "href" in values else []
        self.fetched += [values[name] for name in ("src", "background", "poster") if name in values]
        self.fetched += [values["href"]] if tag == "link" and "href" in values else []


def test_opening_it_fetches_nothing_and_its_links_lead_here(
    people: Cast, box: smtp.Mailbox, run: Callable[[], dict[str, int]]
) -> None:
    found = Addresses()
    found.feed(html(letter(people, box, run)))

    assert found.fetched == []
    assert found.links
    assert all(link.startswith(("http://localhost/", "mailto:")) for link in found.links)
    assert "url(" not in html(box.to(GENT)[0])


@pytest.mark.parametrize(
    "title",
    [
        "Soep\r\nBcc: iedereen@kwaad.example",
        "Soep\nX-Kwaad: ja\n\n<b>lijf</b>",
        "Soep\u2028Bcc: iedereen@kwaad.example",
        "=?utf-8?q?Soep=0ABcc=3A_iedereen=40kwaad=2Eexample?=",
        "<script>alert(1)</script> & “soep” — été 🍲",
        "S" + 150 * "oe" + "p",
        "%(town)s {{ town }} %s",
    ],
    ids=ascii,
)
def test_a_hostile_title_reaches_no_header_and_is_never_markup(
    people: Cast, box: smtp.Mailbox, run: Callable[[], dict[str, int]], title: str
) -> None:
    message = letter(people, box, run, title=title[:200])

    assert told(box) == [BACKUP, GENT]
    assert set(message.keys()) >= {"Subject", "From", "To", "Date", "Message-ID", "MIME-Version", "Content-Type"}
    assert not {"Bcc", "X-Kwaad"} & set(message.keys())
    assert "\n" not in message["Subject"]
    assert message["Subject"].startswith("Nieuw in Gent: ")
    assert len(message["Subject"]) <= 120
    assert "<script>" not in html(message)
    assert "<b>lijf</b>" not in html(message)
    assert message["To"] == GENT


def test_its_id_stays_the_same_however_often_it_is_tried(
    people: Cast, box: smtp.Mailbox, run: Callable[[], dict[str, int]], session: Session, clock: time_machine.Traveller
) -> None:
    NoticeFactory(activity=own_entry(people.bib))
    box.refuse = {GENT: "451 Even wachten", BACKUP: "451 Even wachten"}
    run()
    before = {row.message_id for row in mails(session)}
    box.refuse = {}
    clock.move_to(NOW + timedelta(minutes=2))

    run()

    assert {message["Message-ID"] for message in box.messages} == before
    assert len(before) == 2
    assert all(id.startswith("<") and id.endswith("@localhost>") for id in before)


# --- what comes back to the organisation ---


def test_a_withdrawal_tells_the_organisation_why(
    people: Cast, box: smtp.Mailbox, run: Callable[[], dict[str, int]], sign_in: SignIn
) -> None:
    entry = own_entry(people.bib, title="Reclame")
    form = {"id": str(entry.id), "reason": str(reason("withdraw_other").id), "remark": "Dit is reclame."}
    sign_in(people["gent"]).send("/admin/activity/withdraw/", form)

    assert run() == counts(sent=1)

    assert told(box) == ["organisator@doemee.example"]
    assert box.messages[0]["Subject"] == "Ingetrokken: Reclame"
    assert "Dit is reclame." in plain(box.messages[0])
    assert "Dit is reclame." in html(box.messages[0])


def test_a_correction_by_the_town_tells_the_organisation(
    people: Cast, box: smtp.Mailbox, run: Callable[[], dict[str, int]], sign_in: SignIn
) -> None:
    entry = own_entry(people.bib, title="Samen puzelen")
    form = typed(people.bib, row_version="1", title="Samen puzzelen")
    assert sign_in(people["gent"]).send(f"/admin/activity/edit/?id={entry.id}", form).status_code == 302

    assert run() == counts(sent=1)

    assert told(box) == ["organisator@doemee.example"]
    assert box.messages[0]["Subject"] == "Verbeterd: Samen puzzelen"


# --- what goes wrong ---


def test_a_recipient_who_is_refused_fails_and_the_others_go_on(
    people: Cast, box: smtp.Mailbox, run: Callable[[], dict[str, int]], session: Session, clock: time_machine.Traveller
) -> None:
    NoticeFactory(activity=own_entry(people.bib))
    box.refuse = {GENT: "550 Onbekend hier"}

    assert run() == counts(sent=1, failed=1)

    assert told(box) == [BACKUP]
    failed = next(row for row in mails(session) if row.state is MailState.FAILED)
    assert failed.user == people["gent"]
    assert failed.error.startswith("550 Onbekend hier")
    box.refuse = {}
    clock.move_to(NOW + timedelta(days=1))
    assert run() == counts()


def test_a_recipient_who_must_wait_is_told_later_and_once(
    people: Cast, box: smtp.Mailbox, run: Callable[[], dict[str, int]], clock: time_machine.Traveller
) -> None:
    NoticeFactory(activity=own_entry(people.bib))
    box.refuse = {GENT: "451 Te druk"}

    assert run() == counts(sent=1, waiting=1)
    assert run() == counts()  # it pauses
    box.refuse = {}
    clock.move_to(NOW + timedelta(minutes=1, seconds=5))

    assert run() == counts(sent=1)
    assert told(box) == [BACKUP, GENT]


def test_a_server_that_is_down_is_tried_again_after_growing_pauses(
    app: Flask,
    people: Cast,
    box: smtp.Mailbox,
    run: Callable[[], dict[str, int]],
    session: Session,
    clock: time_machine.Traveller,
) -> None:
    NoticeFactory(activity=own_entry(people.bib))
    there = app.extensions["settings"]
    with socket.create_server(("127.0.0.1", 0)) as taken:
        nobody = f"smtp://127.0.0.1:{taken.getsockname()[1]}"
    app.extensions["settings"] = replace(there, smtp_url=nobody)
    waits = []
    for _ in range(3):
        before = max((row.not_before for row in mails(session)), default=NOW)
        clock.move_to(before + timedelta(seconds=1))
        assert run() == counts(waiting=2)
        assert run() == counts()
        waits.append(min(row.not_before for row in mails(session)) - before)

    assert sorted(waits) == waits
    assert waits[0] >= timedelta(minutes=1)
    assert all("ConnectionRefused" in row.error for row in mails(session))
    app.extensions["settings"] = there
    clock.move_to(max(row.not_before for row in mails(session)) + timedelta(seconds=1))
    assert run() == counts(sent=2)
    assert told(box) == [BACKUP, GENT]


def test_after_two_days_it_is_given_up_in_the_open(
    app: Flask,
    people: Cast,
    run: Callable[[], dict[str, int]],
    session: Session,
    clock: time_machine.Traveller,
) -> None:
    NoticeFactory(activity=own_entry(people.bib))
    run()
    clock.move_to(NOW + timedelta(hours=49))

    assert run() == counts(failed=2)

    assert {row.state for row in mails(session)} == {MailState.FAILED}
    assert all(row.error for row in mails(session))


def test_a_mail_that_cannot_be_written_stops_no_other(
    people: Cast, box: smtp.Mailbox, run: Callable[[], dict[str, int]], session: Session
) -> None:
    """One bad record is written down and passed over."""
    broken = own_entry(OrganisationFactory(municipality=people.deinze), title="Kapot")
    NoticeFactory(activity=broken), NoticeFactory(activity=own_entry(people.bib, title="Heel"))
    session.execute(text("UPDATE activity SET schedule = '{\"v\": 99}' WHERE id = :id"), {"id": broken.id})

    run()

    assert told(box) == [BACKUP, GENT]


def test_a_thousand_notices_at_once_are_all_resolved(
    people: Cast, box: smtp.Mailbox, run: Callable[[], dict[str, int]], session: Session
) -> None:
    for _ in range(BATCH + 3):
        NoticeFactory(activity=own_entry(people.bib))

    run()

    lines = [line for message in box.messages if message["To"] == GENT for line in plain(message).splitlines()]
    assert sum("/admin/activity/details/" in line for line in lines) == BATCH + 3


def test_two_senders_at_once_send_each_mail_once(app: Flask, people: Cast, box: smtp.Mailbox, session: Session) -> None:
    for _ in range(8):
        club = OrganisationFactory(municipality=people.deinze)
        local_admin(people.deinze)
        NoticeFactory(activity=own_entry(club))
    wanted = 9 + 1  # nine administrators, and the network with its agreement
    session.commit()
    results: list[dict[str, int]] = []

    def send() -> None:
        with app.app_context():
            results.append(mail.run())

    threads = [Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sum(result["sent"] for result in results) == wanted
    assert len(told(box)) == len(set(told(box))) == wanted
    assert len({message["Message-ID"] for message in box.messages}) == wanted


def test_what_was_told_is_not_told_again_when_it_is_withdrawn_and_put_back(
    people: Cast, box: smtp.Mailbox, run: Callable[[], dict[str, int]], sign_in: SignIn, session: Session
) -> None:
    visitor = sign_in(people["organisator"])
    visitor.send("/admin/activity/new/", typed(people.bib))
    run()
    entry = session.scalars(select(Activity)).one()
    visitor.send("/admin/activity/withdraw/", {"id": str(entry.id)})
    visitor.send("/admin/activity/reopen/", {"id": str(entry.id)})

    assert again(entry).state.value == "published"
    assert run() == counts()


# --- what visitors report ---


def test_what_a_visitor_reports_reaches_who_moderates_without_the_visitors_own_words(
    people: Cast, box: smtp.Mailbox, run: Callable[[], dict[str, int]], client: FlaskClient
) -> None:
    """Anybody can write those, and a mail of ours would carry them."""
    entry = own_entry(people.bib, title="Babbelen")
    path = f"/activiteiten/{entry.id}/meld"
    sent = {"problem": "wrong", "remark": "Betaal op www.kwaad.example", "reply_to": "sien@doemee.example"}
    assert client.send(path, sent).status_code == 303

    assert run() == counts(sent=2)

    assert told(box) == [BACKUP, GENT]
    message = box.received[0].message
    assert message["Subject"] == "Probleem gemeld: Babbelen"
    for said in (plain(message), html(message)):
        assert "Er klopt iets niet (met een opmerking)" in said
        assert f"http://localhost/admin/activity/details/?id={entry.id}" in said
        assert "http://localhost/admin/report/" in said
        assert "kwaad" not in said
        assert "sien@" not in said
    assert "Je krijgt deze mail als lokale beheerder in Gent." in plain(box.received[1].message) + plain(message)


def test_several_reports_are_told_in_one_mail(
    people: Cast, box: smtp.Mailbox, run: Callable[[], dict[str, int]], client: FlaskClient
) -> None:
    for title in ("Babbelen", "Wandelen"):
        client.send(f"/activiteiten/{own_entry(people.bib, title=title).id}/meld", {"problem": "not_happening"})

    assert run() == counts(sent=2)

    message = box.received[0].message
    assert message["Subject"] == "2 problemen gemeld in Gent"
    assert plain(message).count("Het gaat niet door") == 2
    assert "Wandelen" in plain(message)
