"""The one-time link of a new account: good once, for 72 hours, and only as it was made."""

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.services import accounts
from tests.factories import NOW

PASSWORD = "een lange zin om te onthouden"


@pytest.fixture
def link(app: Flask, session: Session) -> str:
    with time_machine.travel(NOW):
        said = app.test_cli_runner().invoke(args=["create-user", "Nieuw@Doemee.example", "Nieuw", "--platform"])
    assert said.exit_code == 0, said.output
    return urlsplit(said.output.split()[-1]).path


def test_the_link_lets_its_owner_choose_a_password_and_come_in(client: FlaskClient, link: str) -> None:
    assert "nieuw@doemee.example" in client.get(link).text
    assert client.send(link, {"password": PASSWORD}).location == "/admin/"
    assert "Nieuw, platformbeheerder" in client.get("/admin/").text


def test_the_link_works_once(client: FlaskClient, session: Session, link: str) -> None:
    client.send(link, {"password": PASSWORD})
    assert client.send(link, {"password": "een ander wachtwoord"}).status_code == 404
    assert accounts.with_password(session, "nieuw@doemee.example", PASSWORD)


@pytest.mark.parametrize(
    ("age", "status"), [(timedelta(hours=71, minutes=59), 200), (timedelta(hours=72, minutes=1), 404)]
)
def test_the_link_lasts_72_hours(
    client: FlaskClient, clock: time_machine.Traveller, link: str, age: timedelta, status: int
) -> None:
    clock.move_to(NOW + age)
    assert client.get(link).status_code == status


@pytest.mark.parametrize("spoil", [lambda path: path[:-1], lambda path: f"{path}x", lambda path: "/welkom/x"])
def test_an_altered_link_finds_nothing(client: FlaskClient, link: str, spoil: Callable[[str], str]) -> None:
    assert client.get(spoil(link)).status_code == 404


def test_a_short_password_is_refused_beside_the_field(client: FlaskClient, link: str) -> None:
    answer = client.send(link, {"password": "te kort"})
    assert answer.status_code == 400
    assert "minstens 12 tekens" in answer.text


def test_the_same_address_twice_is_refused(app: Flask, link: str) -> None:
    again = app.test_cli_runner().invoke(args=["create-user", "nieuw@doemee.example", "Nog eens"])
    assert again.exit_code == 1
    assert "al een account" in again.output
