"""What was typed when a session ended comes back after signing in again, for who typed it and nobody else."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.domain.activity import State
from app.models import User
from tests.admin_views import Cast, cast, fields, form_on, read, rows, typed
from tests.factories import NOW, PASSWORD, own_entry, password_hash, uit_event

SignIn = Callable[..., FlaskClient]
HERE = {"Sec-Fetch-Site": "same-origin"}
NEW = "/admin/activity/new/"
TITLE = "Samen <b>brood</b> bakken\r\nen eten"


@pytest.fixture
def people(session: Session) -> Cast:
    made = cast()
    session.info["unrecorded"] = True
    for who in ("organisator", "gent"):
        made[who].password_hash = password_hash()
    session.commit()
    session.info["unrecorded"] = False
    return made


def sign_in_on(page: TestResponse, visitor: FlaskClient, user: User) -> TestResponse:
    """Fill in the form of signing in as it stands on this page."""
    return visitor.post("/login", data={**form_on(page, "/login"), "email": user.email, "password": PASSWORD})


def follow(page: TestResponse, visitor: FlaskClient) -> TestResponse:
    """Press the one button of the page that holds what was typed."""
    [form] = [form for form in read(page).all("form", method="post") if "resume" in fields(form)]
    return visitor.post(form.attributes["action"], data=fields(form))


def test_what_was_typed_stands_in_its_form_again(
    people: Cast, session: Session, sign_in: SignIn, clock: time_machine.Traveller
) -> None:
    visitor = sign_in(people["organisator"])
    data = typed(people.bib, title="Samen brood bakken", description=TITLE)
    before = rows(session, "attempt", "user")
    clock.move_to(NOW + timedelta(minutes=61))

    page = visitor.send(NEW, data, headers=HERE)
    assert page.status_code == 401
    back = sign_in_on(page, visitor, people["organisator"])
    form = follow(back, visitor)

    assert form.status_code == 200
    shown = form_on(form)
    assert {name: shown[name] for name in ("title", "description", "postal_code", "schedule-one-day")} == {
        name: data[name] for name in ("title", "description", "postal_code", "schedule-one-day")
    }
    assert rows(session, "attempt", "user") == before  # shown, and nothing saved
    assert visitor.post(NEW, data=form_on(form)).status_code == 302


def test_a_wrong_password_in_between_loses_nothing(
    people: Cast, sign_in: SignIn, clock: time_machine.Traveller
) -> None:
    visitor = sign_in(people["organisator"])
    clock.move_to(NOW + timedelta(hours=13))
    page = visitor.send(NEW, typed(people.bib, title="Samen brood bakken"), headers=HERE)

    wrong = visitor.post("/login", data={**form_on(page, "/login"), "email": "x@doemee.example", "password": "x"})
    form = follow(sign_in_on(wrong, visitor, people["organisator"]), visitor)

    assert form_on(form)["title"] == "Samen brood bakken"


def test_it_comes_back_too_after_signing_out_in_another_tab(people: Cast, sign_in: SignIn) -> None:
    visitor = sign_in(people["organisator"])
    entry = own_entry(people.bib, state=State.DRAFT)
    open_form = form_on(visitor.get(f"/admin/activity/edit/?id={entry.id}"))
    visitor.send("/logout")

    page = visitor.post(f"/admin/activity/edit/?id={entry.id}", data={**open_form, "title": "Anders"}, headers=HERE)
    form = follow(sign_in_on(page, visitor, people["organisator"]), visitor)

    assert form_on(form)["title"] == "Anders"


def test_a_page_from_before_signing_in_again_shows_its_text_once_more(people: Cast, sign_in: SignIn) -> None:
    visitor = sign_in(people["organisator"])
    old = form_on(visitor.get(NEW))
    with visitor.session_transaction() as cookie:
        cookie["csrf_token"] = "van-na-het-aanmelden"

    page = visitor.post(NEW, data={**old, **typed(people.bib, title="Samen brood bakken")}, headers=HERE)

    assert page.status_code == 400
    assert form_on(follow(page, visitor))["title"] == "Samen brood bakken"


def test_the_reason_of_a_rejection_comes_back(
    people: Cast, session: Session, sign_in: SignIn, clock: time_machine.Traveller
) -> None:
    event = uit_event(people.gent)
    visitor = sign_in(people["gent"])
    data = {"id": str(event.id), "decision": "reject", "remark": "Dit is voor leden.", "seen": "x"}
    clock.move_to(NOW + timedelta(minutes=61))

    page = visitor.send("/admin/queue/decide/", data, headers=HERE)
    shown = follow(sign_in_on(page, visitor, people["gent"]), visitor)

    assert shown.status_code == 200
    assert "Dit is voor leden." in shown.text
    session.refresh(event)
    assert event.state is State.PENDING


def test_another_person_who_signs_in_there_does_not_see_it(
    people: Cast, sign_in: SignIn, clock: time_machine.Traveller
) -> None:
    visitor = sign_in(people["organisator"])
    clock.move_to(NOW + timedelta(minutes=61))
    page = visitor.send(NEW, typed(people.bib, title="Van Ines alleen"), headers=HERE)

    answer = sign_in_on(page, visitor, people["gent"])

    assert answer.status_code == 302
    assert "Van Ines" not in answer.text


@pytest.mark.parametrize("headers", [{}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://kwaad.example"}])
def test_what_another_site_sent_is_never_kept(
    app: Flask, people: Cast, headers: dict[str, str], client: FlaskClient
) -> None:
    answer = client.send(NEW, typed(people.bib, title="Ondergeschoven"), headers=headers)

    assert answer.status_code == 302
    assert "Ondergeschoven" not in answer.text


@pytest.mark.parametrize("kept", ["", "zomaar", "eyJ0byI6Ii8ifQ.x.y"])
def test_text_that_we_did_not_sign_is_dropped(people: Cast, client: FlaskClient, kept: str) -> None:
    answer = client.send("/login", {"email": people["gent"].email, "password": PASSWORD, "kept": kept})

    assert answer.location == "/admin/"


def test_a_password_is_never_kept(people: Cast, sign_in: SignIn, clock: time_machine.Traveller) -> None:
    visitor = sign_in(people["organisator"])
    clock.move_to(NOW + timedelta(minutes=61))
    page = visitor.send(NEW, typed(people.bib) | {"password": "geheim!geheim"}, headers=HERE)

    assert "geheim!geheim" not in sign_in_on(page, visitor, people["organisator"]).text


def test_a_button_without_text_only_asks_to_sign_in_and_goes_on_where_it_stood(client: FlaskClient) -> None:
    answer = client.send(
        "/admin/fresh/seen/", {"id": "1"}, headers={**HERE, "Referer": "http://localhost/admin/fresh/?page=1"}
    )

    assert answer.status_code == 302
    assert answer.location == "/login?next=/admin/fresh/?page%3D1"


def test_the_text_outlives_a_brake_on_guessing(people: Cast, sign_in: SignIn, clock: time_machine.Traveller) -> None:
    visitor = sign_in(people["organisator"])
    clock.move_to(NOW + timedelta(minutes=61))
    page = visitor.send(NEW, typed(people.bib, title="Samen brood bakken"), headers=HERE)
    for _ in range(11):
        page = visitor.post(
            "/login", data={**form_on(page, "/login"), "email": "organisator@doemee.example", "password": "x"}
        )

    assert page.status_code == 429
    assert int(page.headers["Retry-After"]) > 0
    clock.move_to(NOW + timedelta(minutes=80))
    form = follow(sign_in_on(page, visitor, people["organisator"]), visitor)
    assert form_on(form)["title"] == "Samen brood bakken"


def test_the_name_typed_in_ones_account_comes_back(
    people: Cast, session: Session, sign_in: SignIn, clock: time_machine.Traveller
) -> None:
    visitor = sign_in(people["gent"])
    clock.move_to(NOW + timedelta(minutes=61))

    page = visitor.send("/admin/account/name/", {"name": "Noor Nieuw"}, headers=HERE)
    shown = follow(sign_in_on(page, visitor, people["gent"]), visitor)

    assert shown.status_code == 200
    assert form_on(shown, "/admin/account/name/")["name"] == "Noor Nieuw"
    session.refresh(people["gent"])
    assert people["gent"].name == "Noor"
