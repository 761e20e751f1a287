"""What is over is over at the next request: a copied cookie opens nothing, reads nothing and changes nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.models import Absence, Activity, Agreement, LoginSession, Mandate, User, db
from app.services import one_time
from tests.admin_views import form_on, rows
from tests.factories import (
    NOW,
    PASSWORD,
    TODAY,
    UserFactory,
    absence,
    agreement,
    backup,
    local_admin,
    network,
    network_member,
    town,
    uit_event,
)

SECRET = "Dit wacht op Deinze"
ANOTHER = "een ander lang wachtwoord, van Noor"
EMAIL = "noor@doemee.example"


@dataclass
class Scene:
    """Somebody who may judge an event of Deinze, signed in, and a thief with a copy of the cookie."""

    app: Flask
    session: Session
    user: User
    visitor: FlaskClient
    event: Activity
    clock: time_machine.Traveller

    def copied(self) -> FlaskClient:
        cookie = self.visitor.get_cookie("session")
        assert cookie is not None
        thief = self.app.test_client()
        thief.set_cookie("session", cookie.value)
        return thief

    def approve(self, visitor: FlaskClient, token: str) -> TestResponse:
        form = {"csrf_token": token, "id": str(self.event.id), "decision": "approve"}
        seen = {"seen": self.event.source_record.fingerprint} if self.event.source_record else {}
        return visitor.post("/admin/queue/decide/", data=form | seen)


def signed_in(client: FlaskClient) -> None:
    form = form_on(client.get("/login"), "/login")
    assert client.post("/login", data={**form, "email": EMAIL, "password": PASSWORD}).status_code == 302


@pytest.fixture
def scene(app: Flask, client: FlaskClient, session: Session, clock: time_machine.Traveller) -> Callable[..., Scene]:
    def laid(role: str) -> Scene:
        user = UserFactory(email=EMAIL, name="Noor", can_sign_in=True)
        deinze, region = town("Deinze"), network("Regio Gent")
        match role:
            case "local":
                local_admin(deinze, user=user)
            case "stand-in":
                absence(local_admin(deinze), deinze, backup(deinze, user=user))
            case "network":
                network_member(region, user=user)
                agreement(deinze, region, moderation=True)
        event = uit_event(deinze, title=SECRET)
        session.commit()
        signed_in(client)
        client.get("/admin/")  # from here on its forms carry a token
        return Scene(app, session, user, client, event, clock)

    return laid


def unrecorded(scene: Scene, change: Callable[[], None]) -> None:
    """Something happens elsewhere, of which this test needs no line of history."""
    scene.session.info["unrecorded"] = True
    change()
    scene.session.commit()
    scene.session.info["unrecorded"] = False


# --- the ends ---


def by_logout(scene: Scene) -> None:
    assert scene.visitor.send("/logout").status_code == 302  # type: ignore[attr-defined]


def by_suspension(scene: Scene) -> None:
    unrecorded(scene, lambda: setattr(scene.user, "suspended_at", NOW))


def by_password(scene: Scene) -> None:
    """On the screen of the account, in the rightful browser."""
    sent = {"current_password": PASSWORD, "password": ANOTHER}
    assert scene.visitor.send("/admin/account/password/", sent).status_code == 302  # type: ignore[attr-defined]
    assert scene.visitor.get("/admin/").status_code == 200, "the browser that changed it stays in"


def by_reset(scene: Scene) -> None:
    """By the link of the mail to who forgot, in another browser."""
    one_time.ask(scene.session, EMAIL, NOW)
    one_time.make_mails(scene.session, NOW, "localhost")
    token = one_time.issue(scene.session, scene.session.scalars(select(one_time.PasswordReset)).one())
    scene.session.commit()
    other = scene.app.test_client()
    assert other.send(f"/wachtwoord/{token}", {"password": ANOTHER}).status_code == 302  # type: ignore[attr-defined]


def by_another_place(scene: Scene) -> None:
    """“Meld alle andere toestellen af”, pressed elsewhere."""
    other = scene.app.test_client()
    signed_in(other)
    assert other.send("/admin/account/elsewhere/").status_code == 302  # type: ignore[attr-defined]


def by_an_hour_of_nothing(scene: Scene) -> None:
    scene.clock.move_to(NOW + timedelta(minutes=61))


def by_the_end_of_the_day(scene: Scene) -> None:
    scene.clock.move_to(NOW + timedelta(hours=13))


ENDS = (
    by_logout,
    by_suspension,
    by_password,
    by_reset,
    by_another_place,
    by_an_hour_of_nothing,
    by_the_end_of_the_day,
)


@pytest.mark.parametrize("end", ENDS, ids=lambda end: end.__name__)
def test_a_cookie_copied_before_the_end_opens_nothing_after_it(scene: Callable[..., Scene], end: Callable) -> None:
    here = scene("local")
    thief = here.copied()
    token = thief.csrf_token()  # type: ignore[attr-defined]
    assert SECRET in thief.get(f"/admin/queue/?id={here.event.id}").text

    end(here)

    before = rows(here.session, "attempt")
    page = thief.get(f"/admin/queue/?id={here.event.id}")
    assert page.status_code == 302
    assert page.location.startswith("/login")
    assert SECRET not in page.text
    answer = here.approve(thief, token)
    assert answer.status_code in (302, 401)
    assert answer.status_code == 401 or answer.location.startswith("/login")
    assert thief.get("/admin/account/").location.startswith("/login")
    if end is not by_password:  # there the rightful browser has a new one
        assert here.visitor.get(f"/admin/queue/?id={here.event.id}").location.startswith("/login")
    assert rows(here.session, "attempt") == before


# --- rights that end while the session goes on ---


def end_mandate(scene: Scene) -> None:
    mandate = scene.session.scalars(select(Mandate).where(Mandate.user_id == scene.user.id)).one()
    unrecorded(scene, lambda: setattr(mandate, "ended_at", NOW))


def mandate_runs_out(scene: Scene) -> None:
    mandate = scene.session.scalars(select(Mandate).where(Mandate.user_id == scene.user.id)).one()
    unrecorded(scene, lambda: setattr(mandate, "until", TODAY - timedelta(days=1)))


def end_agreement(scene: Scene) -> None:
    unrecorded(scene, lambda: setattr(scene.session.scalars(select(Agreement)).one(), "ended_at", NOW))


def agreement_runs_out(scene: Scene) -> None:
    unrecorded(
        scene, lambda: setattr(scene.session.scalars(select(Agreement)).one(), "until", TODAY - timedelta(days=1))
    )


def end_absence(scene: Scene) -> None:
    unrecorded(scene, lambda: setattr(scene.session.scalars(select(Absence)).one(), "ended_at", NOW))


def absence_is_over(scene: Scene) -> None:
    def back() -> None:
        away = scene.session.scalars(select(Absence)).one()
        away.since, away.until = TODAY - timedelta(days=6), TODAY - timedelta(days=1)

    unrecorded(scene, back)


@pytest.mark.parametrize(
    ("role", "end", "reads"),
    [
        ("local", end_mandate, False),
        ("local", mandate_runs_out, False),
        ("network", end_agreement, False),
        ("network", agreement_runs_out, False),
        ("network", end_mandate, False),
        ("stand-in", end_absence, True),  # a backup goes on reading along
        ("stand-in", absence_is_over, True),
        ("stand-in", end_mandate, False),
    ],
    ids=lambda value: getattr(value, "__name__", str(value)),
)
def test_a_right_that_ends_is_gone_at_the_next_request(
    scene: Callable[..., Scene], role: str, end: Callable, reads: bool
) -> None:
    here = scene(role)
    assert SECRET in here.visitor.get(f"/admin/queue/?id={here.event.id}").text
    token = here.visitor.csrf_token()  # type: ignore[attr-defined]

    end(here)

    before = rows(here.session)
    page = here.visitor.get(f"/admin/queue/?id={here.event.id}")
    assert (SECRET in page.text) == reads
    assert page.status_code == (200 if reads else 403)
    assert here.approve(here.visitor, token).status_code in (403, 404)
    assert (SECRET in here.visitor.get(f"/admin/activity/details/?id={here.event.id}").text) == reads
    assert rows(here.session) == before


@pytest.mark.parametrize("role", ["local", "stand-in", "network"])
def test_until_then_the_very_same_request_is_carried_out(scene: Callable[..., Scene], role: str) -> None:
    """The control of the two tables above."""
    here = scene(role)

    token = here.visitor.csrf_token()  # type: ignore[attr-defined]
    assert here.approve(here.copied(), token).status_code == 302

    here.session.commit()
    assert db.session.get_one(Activity, here.event.id).state.value == "published"


# --- signing in begins anew ---


def test_signing_in_changes_the_session_and_the_token_of_forms(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    local_admin(town("Deinze"), user=UserFactory(email=EMAIL, can_sign_in=True))
    form = form_on(client.get("/login"), "/login")
    planted = client.get_cookie("session")
    assert planted is not None
    with client.session_transaction() as cookie:
        before = dict(cookie)

    assert client.post("/login", data={**form, "email": EMAIL, "password": PASSWORD}).status_code == 302

    now = client.get_cookie("session")
    assert now is not None
    assert now.value != planted.value
    token = form_on(client.get("/admin/"), "/logout")["csrf_token"]
    with client.session_transaction() as cookie:
        assert cookie["csrf_token"] != before["csrf_token"]
        assert cookie["_user_id"] != before.get("_user_id")
    thief = app.test_client()
    thief.set_cookie("session", planted.value)
    assert thief.get("/admin/").location.startswith("/login")
    assert thief.post("/logout", data={"csrf_token": token}).status_code == 400
    assert client.post("/logout", data={"csrf_token": form["csrf_token"]}).status_code == 400
    assert client.get("/admin/").status_code == 200


def test_every_sign_in_is_a_session_of_its_own(app: Flask, session: Session, client: FlaskClient) -> None:
    local_admin(town("Deinze"), user=UserFactory(email=EMAIL, can_sign_in=True))
    other = app.test_client()
    signed_in(client), signed_in(other)
    session.commit()

    assert len(set(session.scalars(select(LoginSession.token_hash)))) == 2
    by_logout_of = client.send("/logout")  # type: ignore[attr-defined]
    assert by_logout_of.status_code == 302
    assert other.get("/admin/").status_code == 200
