"""The demo's mailbox: what is sent over SMTP can be read, and only that."""

import smtplib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from flask import Flask
from flask.testing import FlaskClient

from app.demo import letters
from app.demo.__main__ import free_ports
from app.demo.mailbox import Folder, received_at

NOW = datetime(2026, 9, 14, 9, 20, tzinfo=UTC)


def mail(to: str = "gent@doemee.example", subject: str = "Nieuw in Gent: café") -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "noreply@doemee.example", to, subject
    message.set_content("Bekijk het op http://localhost:5000/admin/fresh/")
    message.add_alternative("<html><head></head><body><p>Bekijk <b>het</b></p></body></html>", subtype="html")
    return message


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "mail", most_kept=3)


@pytest.fixture
def smtp(folder: Folder) -> Iterator[smtplib.SMTP]:
    [port] = free_ports(1, but=0)
    controller = Controller(folder, hostname="127.0.0.1", port=port)
    controller.start()
    with smtplib.SMTP("127.0.0.1", port, timeout=10) as connection:
        yield connection
    controller.stop()


@pytest.fixture
def mailing_client(app: Flask, client: FlaskClient, folder: Folder) -> FlaskClient:
    settings = app.extensions["settings"]
    app.extensions["settings"] = replace(settings, demo_mail_folder=str(folder.path))
    yield client
    app.extensions["settings"] = settings


def test_a_mail_sent_over_smtp_is_kept_with_the_recipient_of_its_envelope(smtp: smtplib.SMTP, folder: Folder) -> None:
    smtp.send_message(mail(to="iedereen@doemee.example"), to_addrs=["gent@doemee.example"])

    [envelope] = letters.listed(folder.path)
    assert (envelope.to, envelope.subject) == ("gent@doemee.example", "Nieuw in Gent: café")
    letter = letters.opened(folder.path, envelope.name)
    assert letter is not None
    assert ("To", "iedereen@doemee.example") in letter.headers
    assert letter.text == "Bekijk het op http://localhost:5000/admin/fresh/"
    assert "<b>het</b>" in letter.html


def test_only_the_newest_mails_are_kept_and_they_are_listed_newest_first(folder: Folder) -> None:
    for minute in range(5):
        folder.keep(["a@b.example"], mail(subject=f"nr {minute}").as_bytes(), NOW + timedelta(minutes=minute))

    assert [envelope.subject for envelope in letters.listed(folder.path)] == ["nr 4", "nr 3", "nr 2"]


def test_two_mails_of_the_same_instant_are_both_kept(folder: Folder) -> None:
    first, second = (folder.keep(["a@b.example"], mail().as_bytes(), NOW) for _ in range(2))

    assert first != second
    assert received_at(first.name) == received_at(second.name) == NOW


def test_looking_for_a_recipient_finds_only_their_mail(folder: Folder) -> None:
    folder.keep(["gent@doemee.example"], mail().as_bytes(), NOW)
    folder.keep(["deinze@doemee.example"], mail().as_bytes(), NOW + timedelta(seconds=1))

    assert [envelope.to for envelope in letters.listed(folder.path, " GENT@")] == ["gent@doemee.example"]


@pytest.mark.parametrize("name", ["../geheim.eml", "..%2fgeheim.eml", "geheim.txt", "/etc/passwd", ""])
def test_a_name_that_is_not_in_the_folder_opens_nothing(folder: Folder, name: str) -> None:
    (folder.path.parent / "geheim.eml").write_bytes(mail().as_bytes())
    (folder.path / "geheim.txt").write_text("geheim")

    assert letters.opened(folder.path, name) is None


def test_an_empty_mailbox_says_so(mailing_client: FlaskClient) -> None:
    page = mailing_client.get("/demo/mail")

    assert page.status_code == 200
    assert "Nog geen mail" in page.text


def test_the_list_leads_to_the_message_in_words(mailing_client: FlaskClient, folder: Folder) -> None:
    name = folder.keep(["gent@doemee.example"], mail().as_bytes(), NOW).name

    assert f'href="/demo/mail/{name}"' in mailing_client.get("/demo/mail?to=gent").text
    page = mailing_client.get(f"/demo/mail/{name}").text
    assert "maandag 14 september, 11:20:00" in page
    assert '<a href="http://localhost:5000/admin/fresh/" rel="noopener">' in page


def test_the_formatted_face_runs_nothing_and_fetches_nothing(mailing_client: FlaskClient, folder: Folder) -> None:
    name = folder.keep(["gent@doemee.example"], mail().as_bytes(), NOW).name

    response = mailing_client.get(f"/demo/mail/{name}/html")
    policy = response.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'; sandbox")
    assert "allow-scripts" not in policy
    assert "<b>het</b>" in response.text


def test_an_unknown_message_is_not_found(mailing_client: FlaskClient) -> None:
    assert mailing_client.get("/demo/mail/20200101T000000.000000Z-0.eml").status_code == 404
