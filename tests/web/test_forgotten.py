"""Forgotten: one answer for everybody, one link that works an hour and once, and every other session ends."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models import Change, LoginSession, Mail, MailState, PasswordReset, User
from app.services import accounts
from jobs import mail
from tests import smtp
from tests.admin_views import main_text, words_at
from tests.factories import NOW, PASSWORD, UserFactory, local_admin, town
from tests.jobs import elsewhere

NEW = "een lange zin om te onthouden"
SignIn = Callable[..., FlaskClient]


@pytest.fixture
def noor(session: Session) -> User:
    return local_admin(town("Gent"), user=UserFactory(email="noor@doemee.example", name="Noor Demo", can_sign_in=True))


def ask(client: FlaskClient, email: str = "noor@doemee.example", **options: object) -> str:
    answer = client.send("/wachtwoord-vergeten", {"email": email}, **options)
    assert answer.status_code == 200
    return main_text(answer)


def letters(app: Flask, box: smtp.Mailbox) -> list[str]:
    elsewhere(app, mail.run)
    found = []
    for received in box.received:
        part = received.message.get_body(("plain",))
        assert part is not None
        found.append(str(part.get_content()))
    return found


def link(app: Flask, box: smtp.Mailbox) -> str:
    found = re.search(r"http://localhost(/wachtwoord/\S+)", letters(app, box)[-1])
    assert found
    return found[1]


def test_the_link_gives_a_new_password_and_ends_every_session(
    app: Flask, client: FlaskClient, box: smtp.Mailbox, noor: User, sign_in: SignIn, session: Session
) -> None:
    elsewhere_in = sign_in(noor)
    ask(client)
    address = link(app, box)

    assert "noor@doemee.example" in client.get(address).text
    assert client.send(address, {"password": NEW}).location == "/admin/"

    assert client.get("/admin/").status_code == 200
    assert elsewhere_in.get("/admin/").status_code == 302
    session.commit()
    assert session.scalar(select(func.count(LoginSession.id))) == 1
    assert accounts.with_password(session, "noor@doemee.example", NEW)
    assert not accounts.with_password(session, "noor@doemee.example", PASSWORD)
    assert [change.verb for change in session.scalars(select(Change))] == ["password"]


def test_its_owner_is_told_by_mail(app: Flask, client: FlaskClient, box: smtp.Mailbox, noor: User) -> None:
    ask(client)
    client.send(link(app, box), {"password": NEW})

    told = letters(app, box)[-1]
    assert "koos iemand een nieuw wachtwoord" in told
    assert "http://localhost/wachtwoord-vergeten" in told
    assert box.received[-1].recipients == ("noor@doemee.example",)


def test_a_link_works_once(app: Flask, client: FlaskClient, box: smtp.Mailbox, noor: User) -> None:
    ask(client)
    address = link(app, box)
    client.send(address, {"password": NEW})

    assert client.get(address).status_code == 404
    assert client.send(address, {"password": "nog een andere lange zin"}).status_code == 404


@pytest.mark.parametrize(("minutes", "status"), [(59, 200), (61, 404)])
def test_a_link_works_an_hour(
    app: Flask,
    client: FlaskClient,
    box: smtp.Mailbox,
    noor: User,
    clock: time_machine.Traveller,
    minutes: int,
    status: int,
) -> None:
    ask(client)
    address = link(app, box)
    clock.move_to(NOW + timedelta(minutes=minutes))

    assert client.get(address).status_code == status


def test_of_two_links_using_one_ends_the_other(app: Flask, client: FlaskClient, box: smtp.Mailbox, noor: User) -> None:
    ask(client)
    first = link(app, box)
    ask(client)
    second = link(app, box)
    assert first != second

    client.send(second, {"password": NEW})

    assert client.get(first).status_code == 404


@pytest.mark.parametrize("spoil", [lambda path: path[:-1], lambda path: f"{path}x", lambda path: path.swapcase()])
def test_an_altered_link_finds_nothing(
    app: Flask, client: FlaskClient, box: smtp.Mailbox, noor: User, spoil: Callable[[str], str]
) -> None:
    ask(client)

    path, token = link(app, box).rsplit("/", 1)
    assert client.get(f"{path}/{spoil(token)}").status_code == 404


def test_only_the_hash_of_a_link_is_kept(
    app: Flask, client: FlaskClient, box: smtp.Mailbox, noor: User, session: Session
) -> None:
    ask(client)
    token = link(app, box).rpartition("/")[2]

    session.commit()
    held = session.scalars(select(PasswordReset)).one()
    assert token not in (held.token_hash or token)
    assert len(token) >= 40
    assert all(token not in str(row.__dict__) for row in session.scalars(select(Mail)))


@pytest.mark.parametrize("email", ["noor@doemee.example", "niemand@doemee.example", "geschorst@doemee.example"])
def test_the_answer_and_what_is_written_are_the_same_for_everybody(
    client: FlaskClient, session: Session, noor: User, email: str
) -> None:
    UserFactory(email="geschorst@doemee.example", can_sign_in=True, suspended_at=NOW)

    said = ask(client, email)

    assert "binnen enkele minuten een mail" in said
    session.commit()
    assert session.scalar(select(func.count(PasswordReset.id))) == 1
    assert session.scalar(select(func.count(Mail.id))) == 0  # the job makes it, and finds out


@pytest.mark.parametrize("email", ["niemand@doemee.example", "geschorst@doemee.example"])
def test_who_has_no_account_gets_no_mail(
    app: Flask, client: FlaskClient, box: smtp.Mailbox, noor: User, email: str
) -> None:
    UserFactory(email="geschorst@doemee.example", can_sign_in=True, suspended_at=NOW)
    ask(client, email)

    assert letters(app, box) == []


def test_who_was_suspended_meanwhile_gets_no_link_that_works(
    app: Flask, client: FlaskClient, box: smtp.Mailbox, noor: User, session: Session
) -> None:
    ask(client)
    address = link(app, box)
    session.info["unrecorded"] = True
    noor.suspended_at = NOW

    assert client.get(address).status_code == 404
    assert client.send(address, {"password": NEW}).status_code == 404


def test_the_link_leads_to_our_own_address_whatever_the_request_says(
    app: Flask, client: FlaskClient, box: smtp.Mailbox, noor: User
) -> None:
    ask(client, headers={"X-Forwarded-Host": "kwaad.example", "Forwarded": "host=kwaad.example"})
    assert (
        client.send("/wachtwoord-vergeten", {"email": noor.email}, headers={"Host": "kwaad.example"}).status_code == 400
    )

    assert "kwaad" not in "".join(letters(app, box))


def test_a_look_alike_of_an_address_mails_the_address_of_the_account(
    app: Flask, client: FlaskClient, box: smtp.Mailbox, noor: User
) -> None:
    ask(client, "ＮＯＯＲ@Doemee.example")
    letters(app, box)

    assert [received.recipients for received in box.received] == [("noor@doemee.example",)]


@pytest.mark.parametrize("email", ["geen adres", "noor@doemee.example\r\nBcc: kwaad@doemee.example", "a@b@c"])
def test_what_is_no_address_is_said_beside_the_field(client: FlaskClient, session: Session, email: str) -> None:
    answer = client.send("/wachtwoord-vergeten", {"email": email})

    assert answer.status_code == 400
    assert "geen e-mailadres" in words_at(answer, "email")
    assert not session.scalars(select(PasswordReset)).all()


def test_who_asks_too_often_for_one_account_is_told_the_same_and_mails_nobody(
    client: FlaskClient, session: Session, noor: User
) -> None:
    assert len({ask(client) for _ in range(8)}) == 1

    session.commit()
    assert session.scalar(select(func.count(PasswordReset.id))) == 5


def test_one_visitor_asks_twenty_times_an_hour(client: FlaskClient, noor: User) -> None:
    for n in range(20):
        ask(client, f"persoon{n}@doemee.example")

    assert client.send("/wachtwoord-vergeten", {"email": "nog@doemee.example"}).status_code == 429


@pytest.mark.parametrize("weak", ["kort", "wachtwoord123", "noor demo noor", "gemeente gent 2026", "123456789012345"])
def test_a_weak_password_is_refused_and_the_link_still_works(
    app: Flask, client: FlaskClient, box: smtp.Mailbox, noor: User, weak: str
) -> None:
    ask(client)
    address = link(app, box)

    refused = client.send(address, {"password": weak})
    assert refused.status_code == 400
    assert words_at(refused, "password")
    assert client.send(address, {"password": NEW}).status_code == 302


def test_a_mail_that_could_not_leave_within_the_hour_never_leaves(
    app: Flask, client: FlaskClient, session: Session, noor: User, clock: time_machine.Traveller
) -> None:
    ask(client)
    elsewhere(app, mail.run)  # nothing listens
    clock.move_to(NOW + timedelta(minutes=61))
    elsewhere(app, mail.run)

    session.commit()
    assert session.scalars(select(Mail)).one().state is MailState.FAILED
