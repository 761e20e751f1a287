"""Two at once, really at once: two people in one form, and one form pressed twice."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Activity, Base, Decision, IntakeRule, Invitation, Mail, MailState, Notice, Report
from jobs.mail import resolve
from tests.admin_views import typed
from tests.attacks.stage import Battle, SignIn
from tests.attacks.together import how_many, judge_two_people, press_at_once, typed_form
from tests.factories import local_admin, town

# --- two people in one form ---


@pytest.mark.parametrize(
    ("kind", "screen", "field"), [("published", "activity", "title"), ("organisation", "organisation", "name")]
)
def test_of_two_people_in_one_form_nobody_loses_a_word(
    battle: Battle, sign_in: SignIn, kind: str, screen: str, field: str
) -> None:
    row, first = battle.ground.rows[kind], battle.ground.people["organiser of A"]
    second = "brugge" if screen == "activity" else "platform"

    judge_two_people(
        sign_in(first), battle.visitors[second], f"/admin/{screen}/edit/?id={row.id}", field, row, first.name
    )


def test_who_changed_another_field_loses_nothing_either(battle: Battle) -> None:
    """Both are kept, whoever was first: the second is asked to look, and sends again."""
    row = battle.ground.rows["published"]
    path = f"/admin/activity/edit/?id={row.id}"
    first, second = battle.visitors["organiser of A"], battle.visitors["brugge"]
    one, two = typed_form(first.get(path), "title"), typed_form(second.get(path), "title")
    one["title"], two["description"] = "Van de eerste", "Van de tweede, anders."

    assert first.post(path, data=one).status_code == 302
    answer = second.post(path, data=two)
    if answer.status_code == 409:
        answer = second.post(path, data=typed_form(answer, "title"))

    assert answer.status_code == 302
    battle.session.commit()
    battle.session.refresh(row)
    assert (row.title, row.description) == ("Van de eerste", "Van de tweede, anders.")


def test_of_two_who_save_at_the_very_same_moment_one_is_told(battle: Battle) -> None:
    row = battle.ground.rows["published"]
    path = f"/admin/activity/edit/?id={row.id}"
    two = [battle.visitors["organiser of A"], battle.visitors["brugge"]]
    forms = [typed_form(visitor.get(path), "title") for visitor in two]
    forms[0]["title"], forms[1]["title"] = "Van de ene", "Van de andere"

    statuses = press_at_once(two, path, forms, battle.session.commit)

    assert sorted(statuses) == [302, 409]
    battle.session.refresh(row)
    assert row.title in ("Van de ene", "Van de andere")


def test_of_two_who_decide_at_the_very_same_moment_one_decides(battle: Battle, sign_in: SignIn) -> None:
    row = battle.ground.rows["pending"]
    two = [battle.visitors["brugge"], sign_in(local_admin(town("Brugge")))]
    sent = {"id": str(row.id), "seen": row.source_record.fingerprint, "decision": "approve"}
    forms = [sent | {"csrf_token": visitor.csrf_token()} for visitor in two]  # type: ignore[attr-defined]

    statuses = press_at_once(two, "/admin/queue/decide/", forms, battle.session.commit)

    assert set(statuses) <= {302, 409}
    battle.session.refresh(row)
    assert row.state.value == "published"
    assert len(battle.session.scalars(select(Decision).where(Decision.activity_id == row.id)).all()) == 1


# --- one form, pressed twice ---


@dataclass(frozen=True)
class Press:
    """A form pressed twice at the same moment: what it makes, and whether somebody is told."""

    path: str
    model: type[Base]
    who: str
    form: Callable[[Battle], dict[str, str]]
    notices: int = 0
    mails: bool = False


PRESSES = {
    "an activity": Press(
        "/admin/activity/new/",
        Activity,
        "organiser of A",
        lambda battle: typed(battle.ground.clubs["brugge"], postal_code="8000"),
        notices=1,
        mails=True,
    ),
    "an invitation": Press(
        "/admin/invitation/new/",
        Invitation,
        "brugge",
        lambda battle: {"name": "Nieuw", "email": "nieuw@doemee.example", "asked": f"local:{town('Brugge').id}"},
        mails=True,
    ),
    "a rule": Press(
        "/admin/intake/new/",
        IntakeRule,
        "brugge",
        lambda battle: {"municipality": str(town("Brugge").id), "match": "label", "value": "voor iedereen"},
    ),
    "a report": Press(
        "/activiteiten/{published}/meld",
        Report,
        "stranger",
        lambda battle: {"problem": "wrong", "remark": "Het uur klopt niet."},
        notices=1,
        mails=True,
    ),
}


@pytest.mark.parametrize("what", PRESSES)
def test_a_form_pressed_twice_at_once_makes_one_row_one_notice_and_one_mail(
    app: Flask, battle: Battle, session: Session, what: str
) -> None:
    press = PRESSES[what]
    path = press.path.format(published=battle.ground.rows["published"].id)
    visitor = battle.visitors[press.who]
    opened = typed_form(visitor.get(path), "form_token").to_dict() | press.form(battle)
    assert opened["form_token"]
    before = {model: how_many(model) for model in (press.model, Notice, Mail)}

    statuses = press_at_once([visitor, same(app, visitor)], path, [opened, opened], session.commit)

    assert set(statuses) <= {302, 303}, "both see the page of what was made"
    again = visitor.post(path, data=opened)  # and once more, a minute later
    assert again.status_code in (302, 303)
    assert how_many(press.model) - before[press.model] == 1
    assert how_many(Notice) - before[Notice] == press.notices
    resolve(), resolve()
    assert sorted(set(mails_to(session))) == sorted(mails_to(session)), "somebody gets it twice"
    assert bool(how_many(Mail) - before[Mail]) == press.mails


def same(app: Flask, visitor: FlaskClient) -> FlaskClient:
    """The same browser, for another thread."""
    twin = app.test_client()
    if cookie := visitor.get_cookie("session"):
        twin.set_cookie("session", cookie.value)
    return twin


def mails_to(session: Session) -> list[str]:
    """The address of each mail that is about to leave."""
    session.commit()
    return [mail.address for mail in session.scalars(select(Mail).where(Mail.state == MailState.WAITING))]
