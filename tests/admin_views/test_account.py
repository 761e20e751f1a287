"""One's own account: another name, another password, signed out elsewhere; never somebody else's."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models import Change, LoginSession, Mail, MailKind, User
from app.services import accounts
from tests.admin_views import Cast, again, cast, main_text, rows, words_at
from tests.factories import NOW, PASSWORD, password_hash

SignIn = Callable[..., FlaskClient]
HERE, NAME, CHANGE, ELSEWHERE = (f"/admin/account/{path}" for path in ("", "name/", "password/", "elsewhere/"))
NEW = "een lange zin om te onthouden"


@pytest.fixture
def people(session: Session) -> Cast:
    made = cast()
    session.info["unrecorded"] = True
    made["gent"].password_hash = password_hash()
    session.commit()
    session.info["unrecorded"] = False
    return made


def test_another_name_is_shown_everywhere_and_in_the_history(people: Cast, session: Session, sign_in: SignIn) -> None:
    visitor = sign_in(people["gent"])

    visitor.send(NAME, {"name": "Noor Janssens-Demo"})

    assert "Dag Noor Janssens-Demo" in main_text(visitor.get("/admin/"))
    change = session.scalars(select(Change)).one()
    assert (change.verb, change.before, change.after) == (
        "rename",
        {"name": "Noor"},
        {"name": "Noor Janssens-Demo"},
    )


@pytest.mark.parametrize("name", ["", "   ", "x" * 81])
def test_a_name_that_is_none_is_said_beside_the_field(
    people: Cast, session: Session, sign_in: SignIn, name: str
) -> None:
    visitor = sign_in(people["gent"])
    before = rows(session)

    answer = visitor.send(NAME, {"name": name})

    assert answer.status_code == 400
    assert words_at(answer, "name")
    assert rows(session) == before


def test_another_password_ends_every_other_session_and_begins_this_one_anew(
    people: Cast, session: Session, sign_in: SignIn
) -> None:
    visitor, elsewhere = sign_in(people["gent"]), sign_in(people["gent"])
    with visitor.session_transaction() as cookie:
        copied = cookie["_user_id"]

    assert visitor.send(CHANGE, {"current_password": PASSWORD, "password": NEW}).location == HERE

    assert visitor.get(HERE).status_code == 200
    assert elsewhere.get(HERE).status_code == 302
    with visitor.session_transaction() as cookie:
        assert cookie["_user_id"] != copied
    session.commit()
    assert session.scalar(select(func.count(LoginSession.id))) == 1
    assert accounts.with_password(session, "gent@doemee.example", NEW)
    assert [told.kind for told in session.scalars(select(Mail))] == [MailKind.PASSWORD_CHANGED]
    assert [change.verb for change in session.scalars(select(Change))] == ["password"]
    assert "argon2" not in str([change.__dict__ for change in session.scalars(select(Change))])


@pytest.mark.parametrize(
    ("current", "new", "field"),
    [("iets-anders-dan-dit", NEW, "current_password"), (PASSWORD, "kort", "password"), ("", NEW, "current_password")],
)
def test_without_the_old_password_or_with_a_weak_new_one_nothing_changes(
    people: Cast, session: Session, sign_in: SignIn, current: str, new: str, field: str
) -> None:
    visitor = sign_in(people["gent"])
    before = rows(session, "attempt")

    answer = visitor.send(CHANGE, {"current_password": current, "password": new})

    assert answer.status_code == 400
    assert words_at(answer, field)
    assert rows(session, "attempt") == before
    assert new not in answer.text


def test_a_copied_cookie_does_not_guess_the_password_for_ever(people: Cast, sign_in: SignIn) -> None:
    visitor = sign_in(people["gent"])
    wrong = {"current_password": "iets-anders-dan-dit", "password": NEW}

    assert [visitor.send(CHANGE, wrong).status_code for _ in range(11)] == [400] * 10 + [429]


def test_signing_out_elsewhere_leaves_this_browser_in(people: Cast, session: Session, sign_in: SignIn) -> None:
    visitor, others, colleague = (
        sign_in(people["gent"]),
        [sign_in(people["gent"]) for _ in range(2)],
        sign_in(people["gent2"]),
    )
    assert main_text(visitor.get(HERE)).count("Elders, sinds") == 2

    visitor.send(ELSEWHERE)

    assert visitor.get(HERE).status_code == 200
    assert [other.get(HERE).status_code for other in others] == [302, 302]
    assert colleague.get(HERE).status_code == 200


def test_no_extra_field_reaches_another_account(people: Cast, session: Session, sign_in: SignIn) -> None:
    other = people["gent2"]
    sign_in(people["gent"]).send(
        f"{NAME}?id={other.id}",
        {"name": "Kwaad", "id": str(other.id), "user_id": str(other.id), "email": "kwaad@doemee.example"},
    )

    assert again(other).name == "Hanne"
    assert again(people["gent"]).email == "gent@doemee.example"
    assert session.scalar(select(func.count(User.id)).where(User.name == "Kwaad")) == 1


# --- the session itself ---


def left(visitor: FlaskClient) -> dict[str, int]:
    answer = visitor.get("/aangemeld")
    assert answer.json is not None
    return dict(answer.json)


def test_asking_how_long_it_lasts_does_not_make_it_longer(
    people: Cast, sign_in: SignIn, clock: time_machine.Traveller
) -> None:
    visitor = sign_in(people["gent"])
    clock.move_to(NOW + timedelta(minutes=50))

    assert 590 <= left(visitor)["left"] <= 600
    clock.move_to(NOW + timedelta(minutes=59, seconds=50))
    assert left(visitor)["left"] <= 10
    clock.move_to(NOW + timedelta(minutes=61))
    assert left(visitor) == {"left": 0, "most": 0}
    assert visitor.get(HERE).status_code == 302


def test_staying_signed_in_begins_the_hour_anew(people: Cast, sign_in: SignIn, clock: time_machine.Traveller) -> None:
    visitor = sign_in(people["gent"])
    clock.move_to(NOW + timedelta(minutes=58))

    assert visitor.send("/aangemeld").status_code == 200
    clock.move_to(NOW + timedelta(minutes=117))
    assert visitor.get(HERE).status_code == 200


def test_nothing_makes_a_session_longer_than_twelve_hours(
    people: Cast, sign_in: SignIn, clock: time_machine.Traveller
) -> None:
    visitor = sign_in(people["gent"])
    for half_hour in range(1, 24):
        clock.move_to(NOW + timedelta(minutes=30 * half_hour))
        visitor.send("/aangemeld")
    held = left(visitor)
    assert held["left"] == held["most"] <= 30 * 60
    clock.move_to(NOW + timedelta(hours=12, seconds=5))

    assert visitor.get(HERE).status_code == 302
    assert visitor.send("/aangemeld").json == {"left": 0, "most": 0}


def test_staying_signed_in_needs_the_token_of_this_session(people: Cast, sign_in: SignIn) -> None:
    assert sign_in(people["gent"]).post("/aangemeld").status_code == 400


def test_a_page_opened_after_a_while_counts_from_now(
    people: Cast, sign_in: SignIn, clock: time_machine.Traveller
) -> None:
    visitor = sign_in(people["gent"])
    clock.move_to(NOW + timedelta(minutes=50))

    page = visitor.get(HERE)

    assert 'data-left="3600"' in page.text
    assert left(visitor)["left"] > 3590


def test_every_page_says_how_long_the_session_lasts(people: Cast, sign_in: SignIn) -> None:
    page = sign_in(people["gent"]).get(HERE)

    assert 'data-left="36' in page.text or 'data-left="35' in page.text
    assert "Blijf aangemeld" in page.text
