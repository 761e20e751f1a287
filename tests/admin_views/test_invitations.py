"""Inviting: only for one's own ground, one mail a form, a link that works three days and once, never for another."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.domain.errors import NotFound
from app.models import Invitation, Mail, MailState, Mandate, MandateRole, User
from app.services import invitations
from jobs import mail
from tests import smtp
from tests.admin_views import Cast, cast, form_on, main_text, rows, words_at
from tests.factories import NOW, PASSWORD, InvitationFactory, UserFactory, backup, password_hash
from tests.jobs import elsewhere

SignIn = Callable[..., FlaskClient]
NEW, LIST, AGAIN, WITHDRAW = (f"/admin/invitation/{path}" for path in ("new/", "", "again/", "withdraw/"))
FRESH = "een lange zin om te onthouden"


@pytest.fixture
def people(session: Session, clock: time_machine.Traveller) -> Cast:
    return cast()


def asked(people: Cast, role: str = "local", **changes: str) -> dict[str, str]:
    return {
        "email": "nieuw@doemee.example",
        "name": "Fatima Demo",
        "asked": f"{role}:{people.gent.id}",
        "form_token": "een-formulier",
        **changes,
    }


def links(app: Flask, box: smtp.Mailbox) -> list[str]:
    elsewhere(app, mail.run)
    bodies = [received.message.get_body(("plain",)) for received in box.received]
    found = [re.search(r"http://localhost(/uitnodiging/\S+)", str(body.get_content())) for body in bodies if body]
    return [match[1] for match in found if match]


def invited(app: Flask, box: smtp.Mailbox, visitor: FlaskClient, people: Cast, **changes: str) -> str:
    assert visitor.send(NEW, asked(people, **changes)).status_code == 302
    return links(app, box)[-1]


# --- asking ---


@pytest.mark.parametrize(("role", "words"), [("local", "lokale beheerder"), ("backup", "back-upbeheerder")])
def test_a_colleague_is_asked_by_one_clear_mail_and_takes_up_the_role(
    app: Flask,
    people: Cast,
    session: Session,
    sign_in: SignIn,
    box: smtp.Mailbox,
    client: FlaskClient,
    role: str,
    words: str,
) -> None:
    address = invited(app, box, sign_in(people["gent"]), people, asked=f"{role}:{people.gent.id}")
    [letter] = box.received
    assert letter.recipients == ("nieuw@doemee.example",)
    assert letter.message["Subject"] == "Noor nodigt je uit op Doemee"

    page = client.get(address)
    assert f"{words} van Gent" in main_text(page)
    answer = client.send(address, {"name": "Fatima", "password": FRESH})

    assert answer.location == "/admin/"
    assert f"Fatima, {words}" in client.get("/admin/").text
    session.commit()
    mandate = session.scalars(
        select(Mandate).join(User, Mandate.user_id == User.id).where(User.email == "nieuw@doemee.example")
    ).one()
    assert (mandate.role, mandate.municipality_id, mandate.granted_by_id) == (role, people.gent.id, people["gent"].id)


def test_the_platform_asks_the_first_one_of_a_town(
    app: Flask, people: Cast, session: Session, sign_in: SignIn, box: smtp.Mailbox, client: FlaskClient
) -> None:
    visitor = sign_in(people["platform"])
    address = invited(app, box, visitor, people, asked="local", ground="Zulte")

    client.send(address, {"name": "Fatima", "password": FRESH})

    assert "Fatima, lokale beheerder" in client.get("/admin/").text
    session.commit()
    assert (
        session.scalars(select(Mandate).where(Mandate.granted_by_id == people["platform"].id)).one().municipality.name
        == "Zulte"
    )


def test_the_platform_is_told_which_name_it_does_not_know(people: Cast, sign_in: SignIn) -> None:
    answer = sign_in(people["platform"]).send(NEW, asked(people, asked="local", ground="Zultte"))

    assert answer.status_code == 400
    assert "Zultte" in words_at(answer, "ground")


@pytest.mark.parametrize("who", ["gent", "organisator"])
@pytest.mark.parametrize(
    "wanted", ["local:{deinze}", "platform:1", "platform", "network:1", "organiser:999999", "local:", "x:1", ""]
)
def test_nobody_asks_for_ground_or_a_role_that_is_not_theirs(
    people: Cast, session: Session, sign_in: SignIn, who: str, wanted: str
) -> None:
    visitor = sign_in(people[who])
    before = rows(session, "attempt")

    answer = visitor.send(NEW, asked(people, asked=wanted.format(deinze=people.deinze.id)))

    assert answer.status_code == 400
    assert rows(session, "attempt") == before


@pytest.mark.parametrize("who", ["backup", "netwerk"])
def test_who_appoints_nobody_invites_nobody(people: Cast, session: Session, sign_in: SignIn, who: str) -> None:
    visitor = sign_in(people[who])

    assert visitor.get(NEW).status_code == 403
    assert visitor.send(NEW, asked(people)).status_code == 403
    assert session.scalar(select(func.count(Invitation.id))) == 0


def test_an_organiser_asks_somebody_for_the_own_organisation(
    app: Flask, people: Cast, session: Session, sign_in: SignIn, box: smtp.Mailbox, client: FlaskClient
) -> None:
    address = invited(app, box, sign_in(people["organisator"]), people, asked=f"organiser:{people.bib.id}")

    assert client.send(address, {"name": "Fatima", "password": FRESH}).status_code == 302
    assert "Fatima, organisator" in client.get("/admin/").text


def test_a_double_click_asks_once(app: Flask, people: Cast, session: Session, sign_in: SignIn) -> None:
    visitors = [sign_in(people["gent"]) for _ in range(2)]
    forms = [{"csrf_token": visitor.csrf_token(), **asked(people)} for visitor in visitors]
    session.commit()

    def go(number: int) -> int:
        return FlaskClient.open(visitors[number], NEW, method="POST", data=forms[number]).status_code

    with ThreadPoolExecutor(2) as pool:
        statuses = list(pool.map(go, range(2)))

    assert statuses == [302, 302]
    assert session.scalar(select(func.count(Invitation.id))) == 1
    assert session.scalar(select(func.count(Mail.id))) == 1


def test_who_was_asked_already_or_has_the_role_is_not_asked_again(people: Cast, sign_in: SignIn) -> None:
    visitor = sign_in(people["gent"])
    visitor.send(NEW, asked(people))

    twice = visitor.send(NEW, asked(people, form_token="een-ander"))
    held = visitor.send(NEW, asked(people, form_token="nog-een", email="gent2@doemee.example"))

    assert "al uitgenodigd" in words_at(twice, "email")
    assert "heeft deze rol al" in words_at(held, "email")


def test_not_more_than_forty_an_hour(people: Cast, session: Session, sign_in: SignIn) -> None:
    visitor = sign_in(people["gent"])
    statuses = [
        visitor.send(NEW, asked(people, email=f"p{n}@doemee.example", form_token=f"f{n}")).status_code
        for n in range(41)
    ]

    assert statuses == [302] * 40 + [429]


@pytest.mark.parametrize("field", ["email", "name"])
@pytest.mark.parametrize("value", ["", "x\r\nBcc: kwaad@doemee.example", "x" * 300, "Win op https://kwaad.example"])
def test_bad_input_is_said_beside_the_field_and_nothing_typed_is_lost(
    people: Cast, session: Session, sign_in: SignIn, field: str, value: str
) -> None:
    answer = sign_in(people["gent"]).send(NEW, asked(people, **{field: value}))

    assert answer.status_code == 400
    assert words_at(answer, field)
    other = "name" if field == "email" else "email"
    assert form_on(answer)[other] == asked(people)[other]
    assert session.scalar(select(func.count(Invitation.id))) == 0


# --- the list ---


def test_the_list_shows_those_of_the_own_town_with_what_became_of_them(
    people: Cast, session: Session, sign_in: SignIn
) -> None:
    for name, town, more in [
        ("Open", people.gent, {}),
        ("Oud", people.gent, {"ends_at": NOW - timedelta(minutes=1)}),
        ("Weg", people.gent, {"withdrawn_at": NOW}),
        ("Elders", people.deinze, {}),
    ]:
        InvitationFactory(name=name, municipality=town, invited_by=people["gent"], **more)

    said = main_text(sign_in(people["gent"]).get(LIST))

    assert "wacht op antwoord" in said
    assert "verlopen" in said
    assert "ingetrokken op" in said
    assert "Elders" not in said


def test_sent_again_the_new_link_works_and_the_old_one_does_not(
    app: Flask,
    people: Cast,
    session: Session,
    sign_in: SignIn,
    box: smtp.Mailbox,
    client: FlaskClient,
    clock: time_machine.Traveller,
) -> None:
    visitor = sign_in(people["gent"])
    old = invited(app, box, visitor, people)
    clock.move_to(NOW + timedelta(minutes=30))
    row = session.scalars(select(Invitation)).one()

    visitor.send(AGAIN, {"id": str(row.id)})
    new = links(app, box)[-1]

    assert client.get(old).status_code == 404
    assert client.get(new).status_code == 200
    assert len({str(received.message["Message-ID"]) for received in box.received}) == 2


def test_a_double_click_on_sending_again_makes_one_mail(
    app: Flask, people: Cast, session: Session, sign_in: SignIn
) -> None:
    visitors = [sign_in(people["gent"]) for _ in range(2)]
    row = InvitationFactory(municipality=people.gent, invited_by=people["gent"])
    forms = [{"csrf_token": visitor.csrf_token(), "id": str(row.id)} for visitor in visitors]
    session.commit()

    def go(number: int) -> int:
        return FlaskClient.open(visitors[number], AGAIN, method="POST", data=forms[number]).status_code

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(go, range(2))) == [302, 302]

    assert session.scalar(select(func.count(Mail.id))) == 1


def test_sending_again_counts_as_inviting(people: Cast, session: Session, sign_in: SignIn) -> None:
    visitor = sign_in(people["gent"])
    row = InvitationFactory(municipality=people.gent, invited_by=people["gent"])

    assert [visitor.send(AGAIN, {"id": str(row.id)}).status_code for _ in range(41)] == [302] * 40 + [429]
    session.commit()
    assert session.scalar(select(func.count(Mail.id))) == 1


def test_what_a_colleague_sends_again_is_worth_what_the_colleague_may_give(
    app: Flask, people: Cast, session: Session, sign_in: SignIn, box: smtp.Mailbox, client: FlaskClient
) -> None:
    invited(app, box, sign_in(people["gent"]), people)
    session.info["unrecorded"] = True
    for mandate in session.scalars(select(Mandate).where(Mandate.user_id == people["gent"].id)):
        mandate.ended_at = NOW
    session.commit()
    session.info["unrecorded"] = False

    sign_in(people["gent2"]).send(AGAIN, {"id": str(session.scalars(select(Invitation.id)).one())})

    assert client.send(links(app, box)[-1], {"name": "Fatima", "password": FRESH}).status_code == 302


@pytest.mark.parametrize("meanwhile", [{"withdrawn_at": NOW}, {"ends_at": NOW - timedelta(seconds=1)}])
def test_what_was_withdrawn_a_moment_ago_is_not_accepted(
    people: Cast, session: Session, meanwhile: dict[str, datetime]
) -> None:
    row = InvitationFactory(municipality=people.gent, invited_by=people["gent"], email="organisator@doemee.example")
    session.commit()
    session.info["unrecorded"] = True
    session.execute(update(Invitation).values(**meanwhile).execution_options(synchronize_session=False))

    with pytest.raises(NotFound):
        invitations.accept(session, NOW, row, people["organisator"])


def test_two_clicks_of_somebody_new_make_one_account(
    app: Flask, people: Cast, session: Session, sign_in: SignIn, box: smtp.Mailbox
) -> None:
    address = invited(app, box, sign_in(people["gent"]), people)
    visitors = [app.test_client() for _ in range(2)]
    forms = [{"csrf_token": visitor.csrf_token(), "name": "Fatima", "password": FRESH} for visitor in visitors]
    session.commit()

    def go(number: int) -> int:
        return FlaskClient.open(visitors[number], address, method="POST", data=forms[number]).status_code

    with ThreadPoolExecutor(2) as pool:
        statuses = set(pool.map(go, range(2)))

    assert statuses <= {302, 404}
    assert session.scalar(select(func.count(User.id)).where(User.email == "nieuw@doemee.example")) == 1


def test_withdrawn_its_link_stops_at_once(
    app: Flask, people: Cast, session: Session, sign_in: SignIn, box: smtp.Mailbox, client: FlaskClient
) -> None:
    visitor = sign_in(people["gent"])
    address = invited(app, box, visitor, people)

    visitor.send(WITHDRAW, {"id": str(session.scalars(select(Invitation.id)).one())})

    assert client.get(address).status_code == 404
    assert client.send(address, {"name": "Fatima", "password": FRESH}).status_code == 404
    assert not session.scalars(select(User).where(User.email == "nieuw@doemee.example")).all()


def test_withdrawn_before_its_mail_left_it_never_leaves(
    app: Flask, people: Cast, session: Session, sign_in: SignIn, box: smtp.Mailbox
) -> None:
    visitor = sign_in(people["gent"])
    visitor.send(NEW, asked(people))
    visitor.send(WITHDRAW, {"id": str(session.scalars(select(Invitation.id)).one())})

    assert links(app, box) == []
    assert session.scalars(select(Mail)).one().state is MailState.FAILED


@pytest.mark.parametrize("path", [AGAIN, WITHDRAW])
@pytest.mark.parametrize("who", ["deinze", "organisator", "backup"])
def test_an_invitation_of_another_town_does_not_exist(
    people: Cast, session: Session, sign_in: SignIn, path: str, who: str
) -> None:
    row = InvitationFactory(municipality=people.gent, invited_by=people["gent"])
    before = rows(session)

    assert sign_in(people[who]).send(path, {"id": str(row.id)}).status_code in (403, 404)
    assert rows(session) == before


# --- accepting ---


@pytest.mark.parametrize(("hours", "status"), [(71.9, 200), (72.1, 404)])
def test_a_link_works_three_days(
    app: Flask,
    people: Cast,
    sign_in: SignIn,
    box: smtp.Mailbox,
    client: FlaskClient,
    clock: time_machine.Traveller,
    hours: float,
    status: int,
) -> None:
    address = invited(app, box, sign_in(people["gent"]), people)
    clock.move_to(NOW + timedelta(hours=hours))

    assert client.get(address).status_code == status


def test_a_link_works_once(app: Flask, people: Cast, sign_in: SignIn, box: smtp.Mailbox, client: FlaskClient) -> None:
    address = invited(app, box, sign_in(people["gent"]), people)
    client.send(address, {"name": "Fatima", "password": FRESH})

    again = app.test_client()
    assert again.get(address).status_code == 404
    assert again.send(address, {"name": "Kwaad", "password": "een andere lange zin"}).status_code == 404


def test_who_has_an_account_signs_in_and_takes_the_role_along(
    app: Flask, people: Cast, session: Session, sign_in: SignIn, box: smtp.Mailbox, client: FlaskClient
) -> None:
    session.info["unrecorded"] = True
    people["organisator"].password_hash = password_hash()
    session.commit()
    session.info["unrecorded"] = False
    address = invited(app, box, sign_in(people["gent"]), people, email="organisator@doemee.example")

    page = client.get(address)
    assert "Meld je aan" in main_text(page)
    assert address.rpartition("/")[2] not in page.text  # the token goes into no other address
    assert client.send("/login", {"email": "organisator@doemee.example", "password": PASSWORD}).location == address
    assert client.post(address, data=form_on(client.get(address))).location == "/admin/"

    assert "lokale beheerder" in client.get("/admin/").text
    session.commit()
    held = session.scalars(select(Mandate.role).where(Mandate.user_id == people["organisator"].id)).all()
    assert sorted(held) == [MandateRole.LOCAL, MandateRole.ORGANISER]


def test_somebody_else_who_holds_the_link_cannot_accept_in_their_own_account(
    app: Flask, people: Cast, session: Session, sign_in: SignIn, box: smtp.Mailbox, client: FlaskClient
) -> None:
    address = invited(app, box, sign_in(people["gent"]), people, email="organisator@doemee.example")
    before = rows(session)

    assert "ander account" in main_text(sign_in(people["deinze"]).get(address))
    assert sign_in(people["deinze"]).send(address).status_code in (200, 400)
    assert client.send(address, {"name": "Kwaad", "password": FRESH}).status_code in (200, 400)

    assert rows(session) == before


def test_an_invitation_outlives_no_mandate_of_who_sent_it(
    app: Flask, people: Cast, session: Session, sign_in: SignIn, box: smtp.Mailbox, client: FlaskClient
) -> None:
    address = invited(app, box, sign_in(people["gent"]), people)
    session.info["unrecorded"] = True
    for mandate in session.scalars(select(Mandate).where(Mandate.user_id == people["gent"].id)):
        mandate.ended_at = NOW

    assert client.get(address).status_code == 404
    assert client.send(address, {"name": "Fatima", "password": FRESH}).status_code == 404


@pytest.mark.parametrize("weak", ["kort", "gemeente gent 2026", "fatima demo 12"])
def test_a_weak_password_is_refused_and_no_account_is_made(
    app: Flask, people: Cast, session: Session, sign_in: SignIn, box: smtp.Mailbox, client: FlaskClient, weak: str
) -> None:
    address = invited(app, box, sign_in(people["gent"]), people)

    answer = client.send(address, {"name": "Fatima Demo", "password": weak})

    assert words_at(answer, "password")
    assert form_on(answer)["name"] == "Fatima Demo"
    session.commit()
    assert not session.scalars(select(User).where(User.email == "nieuw@doemee.example")).all()
    assert client.send(address, {"name": "Fatima Demo", "password": FRESH}).status_code == 302


def test_a_suspended_account_accepts_nothing(
    app: Flask, people: Cast, session: Session, sign_in: SignIn, box: smtp.Mailbox, client: FlaskClient
) -> None:
    UserFactory(email="weg@doemee.example", can_sign_in=True, suspended_at=NOW)
    address = invited(app, box, sign_in(people["gent"]), people, email="weg@doemee.example")
    before = rows(session)

    client.send(address, {"name": "Weg", "password": FRESH})

    assert rows(session) == before


def test_only_the_hash_of_a_link_is_kept(
    app: Flask, people: Cast, session: Session, sign_in: SignIn, box: smtp.Mailbox
) -> None:
    token = invited(app, box, sign_in(people["gent"]), people).rpartition("/")[2]

    assert len(token) >= 40
    assert token not in "".join(str(held) for held in rows(session).values())


def test_a_backup_may_become_a_colleague(
    app: Flask, people: Cast, session: Session, sign_in: SignIn, box: smtp.Mailbox
) -> None:
    backup(people.gent, user=UserFactory(email="b@doemee.example"))

    assert sign_in(people["gent"]).send(NEW, asked(people, email="b@doemee.example")).status_code == 302
