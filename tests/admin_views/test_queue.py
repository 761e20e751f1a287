"""Te keuren: one click publishes, a rejection asks why, and nobody decides on what they did not see."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.domain.activity import State, Verb
from app.domain.clock import brussels_date
from app.domain.schedule import Dates, Status
from app.models import Activity, Change, Decision, Goal, Level, Topic
from tests.admin_views import Cast, again, cast, form_on, main_text, notes, read, rows
from tests.factories import NOW, UserFactory, local_admin, moment, own_entry, reason, uit_event

SignIn = Callable[..., FlaskClient]
QUEUE, DECIDE, UNDO = "/admin/queue/", "/admin/queue/decide/", "/admin/queue/undo/"


@pytest.fixture
def people(session: Session) -> Cast:
    return cast()


@pytest.fixture
def noor(people: Cast, sign_in: SignIn) -> FlaskClient:
    return sign_in(people["gent"])


def decide(visitor: FlaskClient, event: Activity, decision: str, page: str = "", **more: str) -> TestResponse:
    """Open the event, and press a button under it."""
    form = form_on(visitor.get(f"{QUEUE}?id={event.id}{page}"), DECIDE)
    return visitor.post(DECIDE, data={**form.to_dict(flat=False), "decision": decision, **more})


def reject(visitor: FlaskClient, event: Activity, **more: str) -> TestResponse:
    return decide(visitor, event, "reject", "&reject=1", **more)


def last_decision(session: Session, event: Activity) -> Decision:
    session.commit()
    found = select(Decision).where(Decision.activity_id == event.id).order_by(Decision.id.desc())
    return session.scalars(found.limit(1)).one()


# --- approving ---


def test_one_click_publishes_says_so_and_opens_the_next(
    people: Cast, noor: FlaskClient, client: FlaskClient, session: Session
) -> None:
    first = uit_event(people.gent, title="Zingen op het plein", created_at=NOW - timedelta(days=3))
    second = uit_event(people.gent, title="Wandelen langs de Leie", created_at=NOW - timedelta(days=2))
    assert "Zingen op het plein" not in client.get("/").text

    answer = decide(noor, first, "approve")

    assert answer.location == f"{QUEUE}?id={second.id}"
    following = noor.get(answer.location)
    assert "“Zingen op het plein” staat online." in notes(following)[0]
    assert read(following).by_id("rec").text == "Wandelen langs de Leie"
    assert again(first).state is State.PUBLISHED
    assert "Zingen op het plein" in client.get("/").text
    link = next(link for link in read(following).links() if link.startswith("/activiteiten/"))
    assert "Zingen op het plein" in client.get(link).text
    assert last_decision(session, first).verb is Verb.APPROVE


def test_the_last_one_done_leaves_an_empty_desk(people: Cast, noor: FlaskClient) -> None:
    answer = decide(noor, uit_event(people.gent), "approve")

    assert "Alles is gekeurd" in main_text(noor.get(answer.location))


def test_the_oldest_comes_first_and_opens_by_itself(people: Cast, noor: FlaskClient) -> None:
    uit_event(people.gent, title="Jongste", created_at=NOW - timedelta(hours=1))
    uit_event(people.gent, title="Oudste", created_at=NOW - timedelta(days=9))

    page = read(noor.get(QUEUE))

    assert page.by_id("rec").text == "Oudste"
    items = [node.all("a")[0].text for node in page.all("li") if "queue-item" in node.attributes.get("class", "")]
    assert items == ["Oudste", "Jongste"]


def test_what_is_over_waits_no_longer(people: Cast, noor: FlaskClient) -> None:
    uit_event(people.gent, title="Voorbij", schedule=Dates((moment(-2),)))

    assert "Alles is gekeurd" in main_text(noor.get(QUEUE))


def test_what_was_added_for_the_newcomer_is_saved_with_the_approval(
    people: Cast, noor: FlaskClient, session: Session
) -> None:
    event = uit_event(people.gent)
    goal, topic, level = (session.scalars(select(model).limit(1)).one() for model in (Goal, Topic, Level))

    form = {
        "goal": str(goal.id),
        "topic": str(topic.id),
        "level": str(level.id),
        "note": "Bel eerst.",
        "check": "group",
    }
    decide(noor, event, "approve", **form)

    assert (again(event).goals, event.topics, event.level) == ([goal], [topic], level)
    assert event.internal_note == "Bel eerst."
    assert last_decision(session, event).checks == {"group": True, "meet": False, "dutch": False, "lasting": False}


def test_only_adding_saves_and_keeps_it_waiting(people: Cast, noor: FlaskClient, session: Session) -> None:
    event = uit_event(people.gent, title="Zingen")

    answer = decide(noor, event, "enrich", note="Nog navragen.")

    assert "“Zingen” is aangevuld." in main_text(noor.get(answer.location or QUEUE))
    assert (again(event).state, event.internal_note) == (State.PENDING, "Nog navragen.")


def test_a_note_for_colleagues_is_never_public(people: Cast, noor: FlaskClient, client: FlaskClient) -> None:
    event = uit_event(people.gent)
    answer = decide(noor, event, "approve", note="Deze man belt altijd terug.")
    link = next(link for link in read(noor.get(answer.location)).links() if link.startswith("/activiteiten/"))

    assert "belt altijd terug" not in client.get(link).text


def test_what_uit_wants_online_later_comes_online_then(
    people: Cast, noor: FlaskClient, client: FlaskClient, clock: time_machine.Traveller
) -> None:
    event = uit_event(people.gent, title="Winterfeest", public_from=NOW + timedelta(days=3))

    answer = decide(noor, event, "approve")

    assert "Het komt online op vrijdag" in main_text(noor.get(answer.location))
    assert "Winterfeest" not in client.get("/").text
    clock.move_to(NOW + timedelta(days=3, seconds=1))
    assert "Winterfeest" in client.get("/").text


def test_undoing_an_approval_does_not_bring_it_online_sooner_than_uit_wants(
    people: Cast, noor: FlaskClient, client: FlaskClient
) -> None:
    event = uit_event(people.gent, title="Winterfeest", public_from=NOW + timedelta(days=3))
    decide(noor, event, "approve")
    noor.send(UNDO, {"id": str(event.id)})

    decide(noor, event, "approve")

    assert "Winterfeest" not in client.get("/").text
    assert again(event).public_from == NOW + timedelta(days=3)


# --- rejecting ---


def test_a_rejection_asks_a_reason_and_keeps_what_was_typed(people: Cast, noor: FlaskClient) -> None:
    event = uit_event(people.gent)

    answer = reject(noor, event, remark="Dit is enkel voor buren.")

    assert answer.status_code == 400
    assert "Kies een reden." in main_text(answer)
    assert form_on(answer, DECIDE)["remark"] == "Dit is enkel voor buren."
    assert again(event).state is State.PENDING


def test_a_rejection_with_a_reason_stays_offline_and_is_in_the_history(
    people: Cast, noor: FlaskClient, client: FlaskClient, session: Session
) -> None:
    event = uit_event(people.gent, title="Enkel voor leden")

    answer = reject(noor, event, reason=str(reason("not_for_newcomers").id), remark="Jammer.")

    assert "“Enkel voor leden” is afgewezen." in main_text(noor.get(answer.location))
    assert again(event).state is State.REJECTED
    assert "Enkel voor leden" not in client.get("/").text
    details = main_text(noor.get(f"/admin/activity/details/?id={event.id}"))
    assert "Noor wees dit af" in details
    assert "“Niet voor nieuwkomers. Jammer.”" in details


@pytest.mark.parametrize("remark", ["", "   ", "\r\n\t"])
def test_another_reason_asks_for_words_beside_the_box(people: Cast, noor: FlaskClient, remark: str) -> None:
    event = uit_event(people.gent)
    other = str(reason("reject_other").id)

    answer = reject(noor, event, reason=other, remark=remark)

    assert answer.status_code == 400
    assert "Schrijf zelf waarom" in read(answer).by_id("remark-error").text
    assert read(answer).by_id("remark").attributes["aria-describedby"] == "remark-error"
    assert form_on(answer, DECIDE)["reason"] == other
    assert again(event).state is State.PENDING


def test_another_reason_with_words_rejects(people: Cast, noor: FlaskClient) -> None:
    event = uit_event(people.gent)

    reject(noor, event, reason=str(reason("reject_other").id), remark="Dit bestaat niet meer.")

    assert again(event).state is State.REJECTED


def test_a_reason_to_withdraw_is_no_reason_to_reject(people: Cast, noor: FlaskClient) -> None:
    event = uit_event(people.gent)

    answer = reject(noor, event, reason=str(reason("wrong").id))

    assert answer.status_code == 400
    assert again(event).state is State.PENDING


# --- two people, and a source that goes on ---


def change_at_source(event: Activity) -> None:
    """As a sync does: what waits is replaced."""
    event.source_record.fingerprint = "f" * 64
    event.title = "Op een andere dag"


@pytest.mark.parametrize("decision", ["approve", "reject"])
def test_what_changed_since_one_looked_is_told_and_decides_nothing(
    people: Cast, noor: FlaskClient, session: Session, decision: str
) -> None:
    event = uit_event(people.gent, title="Op woensdag")
    form = form_on(noor.get(f"{QUEUE}?id={event.id}"), DECIDE).to_dict(flat=False)
    session.info["unrecorded"] = True
    change_at_source(event)
    session.commit()

    typed = {"note": "Bel eerst.", "remark": "Dit is dubbel."}
    sent = {**form, **typed, "decision": decision, "reason": str(reason("double").id)}
    page = noor.post(DECIDE, data=sent)

    assert page.status_code == 409
    assert notes(page) == ["Gewijzigd sinds je keek. Bekijk het opnieuw en beslis dan."]
    kept = "note" if decision == "approve" else "remark"
    assert form_on(page, DECIDE)[kept] == typed[kept]
    assert read(page).by_id("rec").text == "Op een andere dag"
    assert again(event).state is State.PENDING
    assert decide(noor, event, "approve").status_code == 302
    assert again(event).state is State.PUBLISHED


@pytest.mark.parametrize("seen", ["", "f" * 64, "zomaar"])
def test_who_did_not_look_does_not_decide(people: Cast, noor: FlaskClient, seen: str) -> None:
    event = uit_event(people.gent)

    noor.send(DECIDE, {"id": str(event.id), "decision": "approve", "seen": seen})

    assert again(event).state is State.PENDING


@pytest.mark.parametrize(
    ("first", "words"), [("approve", "Hanne keurde dit al goed."), ("reject", "Hanne wees dit al af.")]
)
@pytest.mark.parametrize("second", ["approve", "reject"])
def test_a_second_moderator_is_told_who_was_first(
    people: Cast, noor: FlaskClient, sign_in: SignIn, session: Session, first: str, words: str, second: str
) -> None:
    event = uit_event(people.gent)
    form = form_on(noor.get(f"{QUEUE}?id={event.id}"), DECIDE).to_dict(flat=False)
    why = {"reason": str(reason("double").id)}
    decide(sign_in(people["gent2"]), event, first, **why)
    state = again(event).state

    answer = noor.post(DECIDE, data={**form, "decision": second, **why})

    assert words in notes(noor.get(noor.get(answer.location).location))
    assert again(event).state is state
    assert last_decision(session, event).decided_by == people["gent2"]


def test_what_a_colleague_decided_opens_as_the_activity_itself(people: Cast, noor: FlaskClient) -> None:
    event = uit_event(people.gent, state=State.REJECTED)

    assert noor.get(f"{QUEUE}?id={event.id}").location == f"/admin/activity/details/?id={event.id}"


# --- taking it back ---


@pytest.mark.parametrize("decision", ["approve", "reject"])
def test_a_decision_is_taken_back_with_one_button(
    people: Cast, noor: FlaskClient, client: FlaskClient, session: Session, decision: str
) -> None:
    event = uit_event(people.gent, title="Zingen")
    answer = decide(noor, event, decision, reason=str(reason("double").id))
    undo = form_on(noor.get(answer.location), UNDO)

    back = noor.post(UNDO, data=undo)

    assert back.location == f"{QUEUE}?id={event.id}"
    assert "Ongedaan gemaakt: “Zingen” wacht weer." in main_text(noor.get(back.location))
    assert again(event).state is State.PENDING
    assert "Zingen" not in client.get("/").text


def test_undoing_is_for_the_last_half_hour(people: Cast, noor: FlaskClient, clock: time_machine.Traveller) -> None:
    event = uit_event(people.gent)
    decide(noor, event, "approve")
    clock.move_to(NOW + timedelta(minutes=31))

    answer = noor.send(UNDO, {"id": str(event.id)})

    assert "niet meer ongedaan maken" in main_text(noor.get(answer.location))
    assert again(event).state is State.PUBLISHED


def test_what_a_colleague_decided_is_not_undone_with_that_button(
    people: Cast, noor: FlaskClient, sign_in: SignIn
) -> None:
    event = uit_event(people.gent)
    decide(sign_in(people["gent2"]), event, "approve")

    noor.send(UNDO, {"id": str(event.id)})

    assert again(event).state is State.PUBLISHED


def test_a_rejected_event_waits_again_when_it_is_reopened(people: Cast, noor: FlaskClient) -> None:
    event = uit_event(people.gent, state=State.REJECTED, title="Toch wel")

    noor.send("/admin/activity/reopen/", {"id": str(event.id)})

    assert again(event).state is State.PENDING
    assert "Toch wel" in main_text(noor.get(QUEUE))


# --- in whose place ---


def test_the_stand_in_is_named_in_the_history_with_who_they_replace(
    people: Cast, sign_in: SignIn, session: Session
) -> None:
    event = uit_event(people.gent)

    decide(sign_in(people["backup"]), event, "approve")

    decision = last_decision(session, event)
    assert (decision.decided_by, decision.stand_in_for) == (people["backup"], people["gent2"])
    change = session.scalars(select(Change).where(Change.verb == "approve")).one()
    assert (change.user, change.stand_in_for) == (people["backup"], people["gent2"])
    history = main_text(sign_in(people["gent"]).get(f"/admin/activity/details/?id={event.id}"))
    assert "Milan, in de plaats van Hanne, keurde dit goed" in history


def test_an_administrator_decides_in_the_own_name(people: Cast, noor: FlaskClient, session: Session) -> None:
    event = uit_event(people.gent)

    decide(noor, event, "approve")

    assert last_decision(session, event).stand_in_for is None


def test_the_stand_in_reads_for_whom_on_every_page(people: Cast, sign_in: SignIn) -> None:
    last_day = brussels_date(NOW) + timedelta(days=6)

    text = read(sign_in(people["backup"]).get(QUEUE)).text

    assert "Je vervangt Hanne in Gent" in text
    assert str(last_day.day) in text


def test_who_reads_along_is_told_who_decides(people: Cast, sign_in: SignIn) -> None:
    uit_event(people.gent)

    page = sign_in(people["platform"]).get(QUEUE)

    assert "beslissen doet een lokale beheerder" in main_text(page)
    assert not read(page).all("button", name="decision")


# --- what the page tells ---


def test_what_was_cancelled_at_the_source_is_seen_before_deciding(people: Cast, noor: FlaskClient) -> None:
    uit_event(people.gent, status=Status.CANCELLED)

    assert main_text(noor.get(QUEUE)).count("gaat niet door") >= 2  # in the list, and on the record


def test_what_is_missing_is_named(people: Cast, noor: FlaskClient) -> None:
    uit_event(people.gent, description="", price="")

    text = main_text(noor.get(QUEUE))

    for words in ("Geen adres", "Geen contact", "Geen prijs", "Geen beschrijving"):
        assert words in text


def test_a_list_over_several_towns_says_which(people: Cast, sign_in: SignIn) -> None:
    both = local_admin(people.deinze, user=local_admin(people.lochristi, user=UserFactory(name="Veerle")))
    uit_event(people.deinze), uit_event(people.lochristi)

    text = main_text(sign_in(both).get(QUEUE))

    assert ", Deinze" in text
    assert ", Lochristi" in text


def test_the_menu_counts_what_waits(people: Cast, noor: FlaskClient) -> None:
    for _ in range(3):
        uit_event(people.gent)
    uit_event(people.deinze), own_entry(people.bib)

    menu = read(noor.get(QUEUE)).by_id("menu")

    link = next(node for node in menu.all("a") if node.attributes["href"] == QUEUE)
    assert link.text.endswith("3 wachten")


def test_reading_changes_nothing(people: Cast, noor: FlaskClient, session: Session) -> None:
    event = uit_event(people.gent)
    before = rows(session)

    for path in (QUEUE, f"{QUEUE}?id={event.id}", f"{QUEUE}?id={event.id}&reject=1"):
        assert noor.get(path).status_code == 200

    assert rows(session) == before
