"""A double click, or a form that was sent again: one row, one notice, and the same answer twice."""

from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.domain.activity import State
from app.models import Activity, Change, Decision, IntakeRule, Notice
from tests.admin_views import Cast, again, cast, exists, form_on, main_text, notes, read, rows, typed
from tests.factories import ContactChannelFactory, IntakeRuleFactory, own_entry, reason, uit_event

SignIn = Callable[..., FlaskClient]
NEW, NEW_RULE, DECIDE = "/admin/activity/new/", "/admin/intake/new/", "/admin/queue/decide/"


@pytest.fixture
def people(session: Session) -> Cast:
    return cast()


@pytest.fixture
def ines(people: Cast, sign_in: SignIn) -> FlaskClient:
    return sign_in(people["organisator"])


@pytest.fixture
def noor(people: Cast, sign_in: SignIn) -> FlaskClient:
    return sign_in(people["gent"])


def count(session: Session, model: Any, *conditions: Any) -> int:
    session.commit()
    return session.scalar(select(func.count()).select_from(model).where(*conditions)) or 0


def at_once(session: Session, visitors: list[FlaskClient], path: str, form: dict[str, Any]) -> list[TestResponse]:
    """Every visitor sends the same form at the very same time."""
    sent = [form | {"csrf_token": visitor.csrf_token()} for visitor in visitors]
    session.commit()
    together, answers = Barrier(len(visitors)), []

    def press(visitor: FlaskClient, data: dict[str, Any]) -> None:
        together.wait()
        answers.append(FlaskClient.open(visitor, path, method="POST", data=data, buffered=True))

    threads = [Thread(target=press, args=pair) for pair in zip(visitors, sent, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


# --- forms that make something ---


@pytest.mark.parametrize("button", ["publish", "draft"])
def test_an_activity_sent_at_once_is_one_with_one_notice_and_one_answer(
    people: Cast, session: Session, sign_in: SignIn, button: str
) -> None:
    visitors = [sign_in(people["organisator"]) for _ in range(3)]

    answers = at_once(session, visitors, NEW, typed(people.bib, form_token="een-en-hetzelfde") | {button: "1"})

    assert [answer.status_code for answer in answers] == [302, 302, 302]
    assert len({answer.location for answer in answers}) == 1
    assert count(session, Activity) == 1
    assert count(session, Notice) == (1 if button == "publish" else 0)
    assert count(session, Change, Change.table_name == "activity") == 1


def test_a_rule_sent_at_once_is_one_with_one_answer(people: Cast, session: Session, sign_in: SignIn) -> None:
    visitors = [sign_in(people["gent"]) for _ in range(3)]
    form = {"municipality": str(people.gent.id), "match": "label", "value": "babbelen", "form_token": "een"}

    answers = at_once(session, visitors, NEW_RULE, form)

    assert [answer.status_code for answer in answers] == [302, 302, 302]
    assert count(session, IntakeRule, IntakeRule.value == "babbelen") == 1
    assert count(session, Change, Change.table_name == "intake_rule") == 1


def test_a_rule_sent_again_is_answered_as_the_first_time(people: Cast, noor: FlaskClient, session: Session) -> None:
    form = form_on(noor.get(NEW_RULE))
    form["value"] = "babbelen"

    answers = [noor.post(NEW_RULE, data=form) for _ in range(2)]

    assert [answer.location for answer in answers] == ["/admin/intake/", "/admin/intake/"]
    assert set(notes(noor.get("/admin/intake/"))) == {"De regel geldt vanaf nu."}
    assert count(session, IntakeRule, IntakeRule.value == "babbelen") == 1


def test_two_people_who_add_the_same_rule_at_once_make_one(people: Cast, session: Session, sign_in: SignIn) -> None:
    visitors = [sign_in(people["gent"]), sign_in(people["gent2"])]
    form = {"municipality": str(people.gent.id), "match": "label", "value": "babbelen"}

    answers = at_once(session, visitors, NEW_RULE, form)

    assert sorted(answer.status_code for answer in answers) == [302, 400]
    refused = next(answer for answer in answers if answer.status_code == 400)
    assert "staat er al" in main_text(refused) or "botst met iets dat al bestaat" in main_text(refused)
    assert count(session, IntakeRule, IntakeRule.value == "babbelen") == 1


def test_the_form_of_somebody_else_makes_no_rule(people: Cast, sign_in: SignIn, session: Session) -> None:
    form = {"municipality": str(people.gent.id), "match": "label", "value": "babbelen", "form_token": "van-noor"}
    sign_in(people["gent"]).send(NEW_RULE, form)
    before = rows(session)

    assert sign_in(people["gent2"]).send(NEW_RULE, form | {"value": "iets anders"}).status_code == 403
    assert rows(session) == before


# --- buttons ---


def test_withdrawing_twice_withdraws_once_and_says_the_same(people: Cast, noor: FlaskClient, session: Session) -> None:
    entry = own_entry(people.bib, title="Weg ermee")
    form = {"id": str(entry.id), "reason": str(reason("wrong").id), "remark": "De dag klopt niet."}

    answers = [noor.send("/admin/activity/withdraw/", form) for _ in range(2)]

    assert [answer.location for answer in answers] == [f"/admin/activity/details/?id={entry.id}"] * 2
    assert set(notes(noor.get(answers[1].location))) == {"“Weg ermee” is ingetrokken."}
    assert count(session, Decision) == count(session, Notice) == 1


@pytest.mark.parametrize("decision", ["approve", "reject"])
def test_deciding_twice_decides_once_and_opens_the_same_next_one(
    people: Cast, noor: FlaskClient, session: Session, decision: str
) -> None:
    first, second = uit_event(people.gent, title="Zingen"), uit_event(people.gent)
    uit_event(people.gent)
    seen = {"seen": first.source_record.fingerprint, "reason": str(reason("double").id)}

    answers = [noor.send(DECIDE, {"id": str(first.id), "decision": decision} | seen) for _ in range(2)]

    assert [answer.location for answer in answers] == [f"/admin/queue/?id={second.id}"] * 2
    assert count(session, Decision) == 1


def test_deciding_twice_at_once_decides_once(people: Cast, session: Session, sign_in: SignIn) -> None:
    event = uit_event(people.gent)
    visitors = [sign_in(people["gent"]) for _ in range(3)]
    form = {"id": str(event.id), "decision": "approve", "seen": event.source_record.fingerprint, "note": "Bel eerst."}

    answers = at_once(session, visitors, DECIDE, form)

    assert [answer.status_code for answer in answers] == [302, 302, 302]
    assert count(session, Decision) == 1
    assert again(event).state is State.PUBLISHED


def test_reopening_and_publishing_twice_do_it_once(people: Cast, ines: FlaskClient, session: Session) -> None:
    withdrawn = own_entry(people.bib, state=State.WITHDRAWN)
    draft = own_entry(people.bib, state=State.DRAFT, description="Kom mee.")
    ContactChannelFactory(activity=draft)

    for row, verb in ((withdrawn, "reopen"), (draft, "publish")):
        answers = [ines.send(f"/admin/activity/{verb}/", {"id": str(row.id)}) for _ in range(2)]
        assert [answer.location for answer in answers] == [f"/admin/activity/details/?id={row.id}"] * 2
        assert count(session, Change, Change.record_id == row.id, Change.table_name == "activity") == 1
        assert again(row).state is State.PUBLISHED
    assert count(session, Notice) == 1


def test_what_a_colleague_just_did_is_not_ones_own_second_click(
    people: Cast, noor: FlaskClient, sign_in: SignIn
) -> None:
    entry = own_entry(people.bib)
    form = {"id": str(entry.id), "reason": str(reason("wrong").id)}
    sign_in(people["gent2"]).send("/admin/activity/withdraw/", form)

    assert noor.send("/admin/activity/withdraw/", form).status_code == 409


def test_removing_twice_removes_once_and_says_so(people: Cast, ines: FlaskClient, noor: FlaskClient) -> None:
    draft, rule = own_entry(people.bib, state=State.DRAFT), IntakeRuleFactory(municipality=people.gent)
    ids = {"activity": draft.id, "intake": rule.id}

    for visitor, screen in ((ines, "activity"), (noor, "intake")):
        form = {"id": str(ids[screen])}
        answers = [visitor.send(f"/admin/{screen}/delete/", form) for _ in range(2)]
        assert [answer.location for answer in answers] == [f"/admin/{screen}/"] * 2
        assert "Dit was al verwijderd." in notes(visitor.get(f"/admin/{screen}/"))
    assert not exists(Activity, ids["activity"])


def test_who_could_not_remove_it_is_not_told_that_it_was_there(
    people: Cast, ines: FlaskClient, sign_in: SignIn
) -> None:
    draft = own_entry(people.bib, state=State.DRAFT)
    id = draft.id
    ines.send("/admin/activity/delete/", {"id": str(id)})

    for who in ("gent", "deinze", "netwerk", "backup"):
        assert sign_in(people[who]).send("/admin/activity/delete/", {"id": str(id)}).status_code in (403, 404)


# --- one form to remove, on a page of its own ---


def test_removing_asks_first_on_a_page_with_one_form(people: Cast, ines: FlaskClient, session: Session) -> None:
    draft = own_entry(people.bib, state=State.DRAFT, title="Toch maar niet")
    before = rows(session)

    page = ines.get(f"/admin/activity/remove/?id={draft.id}")

    assert "“Toch maar niet” verwijderen?" in main_text(page)
    forms = [form.attributes["action"] for form in read(page).by_id("main").all("form")]
    assert forms == ["/admin/activity/delete/"]
    assert rows(session) == before
    assert ines.get(f"/admin/activity/delete/?id={draft.id}").status_code == 405


def test_what_cannot_be_removed_is_not_asked(people: Cast, ines: FlaskClient, noor: FlaskClient) -> None:
    online, draft = own_entry(people.bib), own_entry(people.bib, state=State.DRAFT)

    assert ines.get(f"/admin/activity/remove/?id={online.id}").status_code == 403
    assert noor.get(f"/admin/activity/remove/?id={draft.id}").status_code in (403, 404)
    assert ines.get(f"/admin/organisation/remove/?id={people.bib.id}").status_code in (403, 404)


def test_a_list_has_one_form_to_remove_whatever_the_rows(people: Cast, noor: FlaskClient) -> None:
    for number in range(5):
        IntakeRuleFactory(municipality=people.gent, value=f"regel {number}")
        own_entry(people.bib, state=State.DRAFT)

    for screen in ("intake", "activity", "organisation"):
        forms = read(noor.get(f"/admin/{screen}/")).by_id("main").all("form", method="post")
        assert len(forms) <= 1, screen


@pytest.mark.parametrize("screen", ["activity", "organisation", "people", "intake", "fresh", "queue"])
def test_many_rows_are_never_removed_at_once(people: Cast, noor: FlaskClient, session: Session, screen: str) -> None:
    ids = [str(own_entry(people.bib, state=State.DRAFT).id), str(IntakeRuleFactory(municipality=people.gent).id)]
    before = rows(session)

    assert noor.send(f"/admin/{screen}/action/", {"action": "delete", "rowid": ids}).status_code == 404
    assert noor.get(f"/admin/{screen}/action/").status_code == 405
    assert rows(session) == before
