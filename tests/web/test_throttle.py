"""How often one may try a password: ten times an account, thirty an address, and nobody locks out another."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.models import Attempt, User
from tests.factories import NOW, PASSWORD, UserFactory, local_admin, town

WRONG = "een-ander-wachtwoord"
ELSEWHERE = {"REMOTE_ADDR": "192.0.2.7"}


@pytest.fixture
def noor(session: Session) -> User:
    return local_admin(town("Gent"), user=UserFactory(email="noor@doemee.example", can_sign_in=True))


def attempt(
    visitor: FlaskClient, password: str = WRONG, email: str = "noor@doemee.example", address: str = "127.0.0.1"
) -> TestResponse:
    return visitor.send("/login", {"email": email, "password": password}, environ_base={"REMOTE_ADDR": address})


def test_the_eleventh_bad_try_within_a_quarter_is_refused_though_the_password_is_right(
    client: FlaskClient, noor: User
) -> None:
    assert [attempt(client).status_code for _ in range(10)] == [400] * 10

    answer = attempt(client, PASSWORD)

    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 15 * 60
    assert client.get("/admin/").status_code == 302


def test_the_tenth_try_may_be_the_right_one(client: FlaskClient, noor: User) -> None:
    for _ in range(9):
        attempt(client)

    assert attempt(client, PASSWORD).location == "/admin/"


@pytest.mark.parametrize(("minutes", "status"), [(14, 429), (16, 302)])
def test_there_is_room_again_after_a_quarter(
    client: FlaskClient, noor: User, clock: time_machine.Traveller, minutes: int, status: int
) -> None:
    for _ in range(10):
        attempt(client)
    clock.move_to(NOW + timedelta(minutes=minutes))

    assert attempt(client, PASSWORD).status_code == status


def test_who_is_refused_does_not_wait_longer_for_trying(
    client: FlaskClient, noor: User, clock: time_machine.Traveller
) -> None:
    for _ in range(10):
        attempt(client)
    clock.move_to(NOW + timedelta(minutes=14))
    assert [attempt(client).status_code for _ in range(20)] == [429] * 20
    clock.move_to(NOW + timedelta(minutes=16))

    assert attempt(client, PASSWORD).status_code == 302


@pytest.mark.parametrize("email", ["niemand@doemee.example", "NOOR@doemee.example ", "geen adres"])
def test_an_unknown_account_is_counted_and_refused_like_a_known_one(
    client: FlaskClient, noor: User, email: str
) -> None:
    said = [attempt(client, email=email).text for _ in range(10)]
    refused = attempt(client, email=email)

    assert refused.status_code == 429
    assert len({text.count("horen niet bij elkaar") for text in said}) == 1
    assert "noor" not in refused.text


def test_another_spelling_of_an_address_is_no_other_account(client: FlaskClient, noor: User) -> None:
    spellings = [
        "NOOR@doemee.example",
        "noor@doemee\u3002example",
        "ｎoor@doemee.example",
        " noor@Doemee.Example",
        noor.email,
    ]
    assert [attempt(client, email=spellings[n % 5]).status_code for n in range(10)] == [400] * 10

    assert attempt(client, PASSWORD).status_code == 429


@pytest.mark.parametrize("same", ["::ffff:192.0.2.7", "192.0.2.7:5555", "192.0.2.7"])
def test_one_address_is_one_however_it_is_written(client: FlaskClient, noor: User, same: str) -> None:
    for n in range(30):
        attempt(client, email=f"persoon{n}@doemee.example", address="192.0.2.7")

    assert attempt(client, PASSWORD, address=same).status_code == 429
    assert attempt(client, PASSWORD, address="::ffff:192.0.2.8").status_code == 302


def test_one_address_has_thirty_tries_over_all_accounts(client: FlaskClient, noor: User) -> None:
    statuses = [attempt(client, email=f"persoon{n}@doemee.example").status_code for n in range(31)]

    assert statuses == [400] * 30 + [429]
    assert attempt(client, PASSWORD, address="192.0.2.7").status_code == 302


def test_a_whole_ipv6_subscriber_counts_as_one_address(client: FlaskClient, noor: User) -> None:
    addresses = [f"2001:db8::{n:x}" for n in range(1, 32)]
    statuses = [
        attempt(client, email=f"persoon{n}@doemee.example", address=at).status_code for n, at in enumerate(addresses)
    ]

    assert statuses == [400] * 30 + [429]
    assert attempt(client, PASSWORD, address="2001:db8:0:1::1").status_code == 302


def test_who_signs_in_often_is_never_refused(client: FlaskClient, noor: User) -> None:
    for _ in range(12):
        attempt(client)
        assert attempt(client, PASSWORD).status_code == 302
        client.send("/logout")


def test_a_stranger_who_guesses_locks_out_only_strangers(app: Flask, client: FlaskClient, noor: User) -> None:
    attempt(client, PASSWORD)
    client.send("/logout")
    stranger = app.test_client()
    while attempt(stranger).status_code != 429:
        pass

    assert attempt(app.test_client(), PASSWORD).status_code == 429
    assert attempt(client, PASSWORD).location == "/admin/"


def test_a_known_browser_has_ten_tries_like_anybody(client: FlaskClient, noor: User) -> None:
    attempt(client, PASSWORD)
    client.send("/logout")

    assert [attempt(client).status_code for _ in range(11)] == [400] * 10 + [429]


def test_a_browser_is_known_for_its_own_account_only(app: Flask, client: FlaskClient, noor: User) -> None:
    UserFactory(email="milan@doemee.example", can_sign_in=True)
    attempt(client, PASSWORD, email="milan@doemee.example")
    stranger = app.test_client()
    for _ in range(10):
        attempt(stranger)

    assert attempt(client, PASSWORD).status_code == 429


@pytest.mark.parametrize("spoil", [lambda value: value[:-2], lambda value: "", lambda value: "e30.x"])
def test_an_altered_cookie_makes_no_browser_known(
    app: Flask, client: FlaskClient, noor: User, spoil: Callable[[str], str]
) -> None:
    attempt(client, PASSWORD)
    cookie = client.get_cookie("browser")
    assert cookie
    assert cookie.http_only
    assert "noor" not in cookie.value
    stranger = app.test_client()
    stranger.set_cookie("browser", spoil(cookie.value))
    for _ in range(10):
        attempt(app.test_client())

    assert attempt(stranger, PASSWORD).status_code == 429


def test_of_many_at_once_no_more_than_ten_are_weighed(app: Flask, session: Session, noor: User) -> None:
    visitors = [app.test_client() for _ in range(14)]
    forms = [{"csrf_token": visitor.csrf_token(), "email": noor.email, "password": WRONG} for visitor in visitors]
    session.commit()

    def go(number: int) -> int:
        return FlaskClient.open(visitors[number], "/login", method="POST", data=forms[number]).status_code

    with ThreadPoolExecutor(5) as pool:
        statuses = list(pool.map(go, range(14)))

    assert statuses.count(400) <= 10
    assert set(statuses) == {400, 429}


def test_what_is_kept_of_a_try_names_nobody(client: FlaskClient, session: Session, noor: User) -> None:
    attempt(client)

    buckets = session.scalars(select(Attempt.bucket)).all()
    assert len(buckets) == 2
    assert all(len(bucket) == 64 and "noor" not in bucket for bucket in buckets)
    assert session.scalar(select(func.count(Attempt.id))) == 2


def test_an_unknown_account_costs_as_much_work_as_a_known_one(
    client: FlaskClient, noor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.services import accounts

    weighed: list[str] = []
    verify = accounts._hasher.verify
    monkeypatch.setattr(
        accounts,
        "_hasher",
        type(
            "Counted",
            (),
            {"verify": lambda self, *args: weighed.append("x") or verify(*args), "hash": accounts._hasher.hash},
        )(),
    )
    for email in ("noor@doemee.example", "niemand@doemee.example", "geen adres"):
        attempt(client, email=email)

    assert len(weighed) == 3
