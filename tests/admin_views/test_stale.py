"""Two people in one form: who changed what stands beside the own text, and nothing of either is lost."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, insert, update
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from admin_views import stale
from admin_views.activities import ActivityView
from app.domain.activity import State
from app.models import Activity, Change, Organisation, db
from tests.admin_views import MISSING_ID, Cast, again, cast, form_on, main_text, read, rows, typed
from tests.admin_views.test_queries import Crowd, counted
from tests.factories import NOW, ContactChannelFactory, OrganisationFactory, organiser, own_entry, reason, uit_event

SignIn = Callable[..., FlaskClient]
TOLD = "Iemand wijzigde dit terwijl je typte"
DECIDE = "/admin/queue/decide/"


@pytest.fixture
def people(session: Session) -> Cast:
    return cast()


@pytest.fixture
def ines(people: Cast, sign_in: SignIn) -> FlaskClient:
    return sign_in(people["organisator"])


@pytest.fixture
def noor(people: Cast, sign_in: SignIn) -> FlaskClient:
    return sign_in(people["gent"])


def path(row: Activity | Organisation) -> str:
    return f"/admin/{row.__tablename__}/edit/?id={row.id}"


def opened(visitor: FlaskClient, row: Any, **changes: Any) -> MultiDict[str, str]:
    """The form as this visitor opened it, with what they then type."""
    form = form_on(visitor.get(path(row)))
    for name, value in changes.items():
        form.setlist(name.replace("__", "-"), value if isinstance(value, list) else [value])
    return form


def save(visitor: FlaskClient, row: Any, form: MultiDict[str, str], **more: str) -> TestResponse:
    data = form.to_dict(flat=False) | {name.replace("__", "-"): [value] for name, value in more.items()}
    return visitor.post(path(row), data=data)


@pytest.fixture
def entry(people: Cast, ines: FlaskClient) -> Activity:
    """An entry as a person would make it, with all its fields."""
    made = ines.send("/admin/activity/new/", typed(people.bib, title="Zo was het", price="gratis"))
    id = int(made.location.rpartition("=")[2])
    db.session.commit()
    return db.session.get_one(Activity, id)


def clashes(answer: TestResponse) -> dict[str, tuple[str, str]]:
    """By field, their text and the own one, as the page shows them to choose from."""
    found = {}
    for table in read(answer).all("table", class_="diff"):
        for row in table.all("tr"):
            radios = row.all("input", type="radio")
            if radios:
                theirs, mine = (label.text for label in row.all("label"))
                found[radios[0].attributes["name"].removeprefix("keep-")] = (theirs, mine)
    return found


# --- the form of an activity ---


def test_fields_that_only_the_other_changed_are_taken_over_and_both_are_kept(
    entry: Activity, ines: FlaskClient, noor: FlaskClient
) -> None:
    mine = opened(ines, entry, title="Zo wil Ines het")
    assert save(noor, entry, opened(noor, entry, price="3 euro")).status_code == 302

    answer = save(ines, entry, mine)

    assert answer.status_code == 409
    text = main_text(answer)
    assert TOLD in text
    assert "Noor" in text
    assert "3 euro" in text
    assert "Het staat nu zoals je collega het schreef: Prijs." in text
    assert clashes(answer) == {}
    form = form_on(answer)
    assert (form["title"], form["price"]) == ("Zo wil Ines het", "3 euro")
    assert (again(entry).title, entry.price) == ("Zo was het", "3 euro")
    assert save(ines, entry, form).status_code == 302
    assert (again(entry).title, entry.price) == ("Zo wil Ines het", "3 euro")


@pytest.mark.parametrize(("choice", "stored"), [("mine", "Zo wil Ines het"), ("theirs", "Zo wil Noor het")])
def test_of_a_field_that_both_changed_one_chooses(
    entry: Activity, ines: FlaskClient, noor: FlaskClient, choice: str, stored: str
) -> None:
    mine = opened(ines, entry, title="Zo wil Ines het", price="5 euro")
    save(noor, entry, opened(noor, entry, title="Zo wil Noor het"))

    answer = save(ines, entry, mine)

    assert clashes(answer) == {"title": ("Zo wil Noor het", "Zo wil Ines het")}
    form = form_on(answer)
    assert form["keep-title"] == "mine"
    assert save(ines, entry, form, keep__title=choice).status_code == 302
    assert (again(entry).title, entry.price) == (stored, "5 euro")


EACH: list[Any] = [
    pytest.param({"description": "Van Noor."}, {"description": "Van Ines."}, "description", id="description"),
    pytest.param({"schedule__one__day": "23/9/2026"}, {"schedule__one__day": "24/9/2026"}, "schedule", id="schedule"),
    pytest.param({"place_name": "Bij Noor"}, {"place_name": "Bij Ines"}, "place_name", id="place"),
    pytest.param({"street": "Straat 1"}, {"street": "Straat 2"}, "street", id="street"),
    pytest.param({"postal_code": "9040"}, {"postal_code": "9030"}, "postal_code", id="postal code"),
    pytest.param({"level": "1"}, {"level": "0"}, "level", id="level"),
    pytest.param({"goals": ["1"]}, {"goals": ["2"]}, "goals", id="goals"),
    pytest.param({"topics": ["1"]}, {"topics": ["2", "3"]}, "topics", id="topics"),
    pytest.param(
        {"channels__0__value": "noor@bib-demo.example"},
        {"channels__0__value": "ines@bib-demo.example"},
        "channels",
        id="contact",
    ),
    pytest.param(
        {"channels__0__seen_by": "internal"},
        {"channels__0__value": "ines@bib-demo.example"},
        "channels",
        id="who sees the contact",
    ),
]


@pytest.mark.parametrize(("noors", "own", "field"), EACH)
@pytest.mark.parametrize("choice", ["mine", "theirs"])
def test_every_part_of_the_form_can_be_chosen(
    entry: Activity,
    ines: FlaskClient,
    noor: FlaskClient,
    noors: dict[str, Any],
    own: dict[str, Any],
    field: str,
    choice: str,
) -> None:
    mine = opened(ines, entry, title="Zo wil Ines het", **own)
    save(noor, entry, opened(noor, entry, **noors))
    theirs = opened(noor, entry)

    answer = save(ines, entry, mine)
    assert list(clashes(answer)) == [field]
    assert clashes(answer)[field][0] != clashes(answer)[field][1]
    assert save(ines, entry, form_on(answer), **{f"keep__{field}": choice}).status_code == 302

    now = opened(ines, entry)
    assert now["title"] == "Zo wil Ines het"
    expected = mine if choice == "mine" else theirs
    for name in (name.replace("__", "-") for name in {**noors, **own}):
        assert now.getlist(name) == expected.getlist(name), name


def test_words_that_differ_are_marked_and_never_markup(entry: Activity, ines: FlaskClient, noor: FlaskClient) -> None:
    mine = opened(ines, entry, description="We leggen grote puzzels in <b>het park</b>.")
    save(noor, entry, opened(noor, entry, description="We leggen grote puzzels in <i>de zaal</i>."))

    page = read(save(ines, entry, mine))

    marked = [node.text for node in page.all("mark")]
    assert any("park" in words for words in marked)
    assert any("zaal" in words for words in marked)
    assert not any("puzzels" in words for words in marked)
    assert not [node for node in page.by_id("meanwhile").all("i") if "zaal" in node.text]


def test_a_choice_stays_while_something_else_is_wrong(entry: Activity, ines: FlaskClient, noor: FlaskClient) -> None:
    mine = opened(ines, entry, title="Zo wil Ines het")
    save(noor, entry, opened(noor, entry, title="Zo wil Noor het"))
    form = form_on(save(ines, entry, mine))

    wrong = save(ines, entry, form, keep__title="theirs", postal_code="x")

    assert wrong.status_code == 400
    kept = form_on(wrong)
    assert (kept["keep-title"], kept["title"], kept["postal_code"]) == ("theirs", "Zo wil Ines het", "x")
    added = save(ines, entry, kept, rows="add:channels")
    assert (added.status_code, form_on(added)["keep-title"]) == (200, "theirs")
    assert save(ines, entry, kept, postal_code="9000").status_code == 302
    assert again(entry).title == "Zo wil Noor het"


def test_a_third_change_is_told_too_and_the_earlier_choice_stands(
    entry: Activity, ines: FlaskClient, noor: FlaskClient
) -> None:
    mine = opened(ines, entry, title="Zo wil Ines het")
    save(noor, entry, opened(noor, entry, title="Zo wil Noor het"))
    form = form_on(save(ines, entry, mine))
    save(noor, entry, opened(noor, entry, price="9 euro"))

    answer = save(ines, entry, form, keep__title="theirs")

    assert answer.status_code == 409
    assert form_on(answer)["keep-title"] == "theirs"
    assert save(ines, entry, form_on(answer)).status_code == 302
    assert (again(entry).title, entry.price) == ("Zo wil Noor het", "9 euro")


def test_who_only_looked_disturbs_nobody(entry: Activity, ines: FlaskClient, noor: FlaskClient) -> None:
    """Marking it seen makes a new version, and changes nothing that is on the form."""
    mine = opened(ines, entry, title="Zo wil Ines het")
    noor.send("/admin/fresh/seen/", {"rowid": str(entry.id)})

    assert save(ines, entry, mine).status_code == 302
    assert again(entry).title == "Zo wil Ines het"


def test_two_who_write_the_very_same_are_both_right(entry: Activity, ines: FlaskClient, noor: FlaskClient) -> None:
    mine, hers = opened(ines, entry, title="Eender"), opened(noor, entry, title="Eender")

    assert save(noor, entry, hers).status_code == 302
    assert save(ines, entry, mine).status_code == 302


def test_without_knowing_when_it_was_opened_every_difference_is_shown(
    entry: Activity, ines: FlaskClient, noor: FlaskClient
) -> None:
    mine = opened(ines, entry, title="Zo wil Ines het", last_change="geen getal")
    save(noor, entry, opened(noor, entry, price="3 euro"))

    answer = save(ines, entry, mine)

    assert answer.status_code == 409
    assert clashes(answer) == {"title": ("Zo was het", "Zo wil Ines het"), "price": ("3 euro", "gratis")}


def test_what_was_withdrawn_meanwhile_is_told(entry: Activity, ines: FlaskClient, noor: FlaskClient) -> None:
    mine = opened(ines, entry, title="Zo wil Ines het")
    noor.send("/admin/activity/withdraw/", {"id": str(entry.id), "reason": str(reason("wrong").id), "remark": "Oei."})

    answer = save(ines, entry, mine)

    assert answer.status_code == 409
    assert "Noor trok dit in" in main_text(answer)
    assert save(ines, entry, form_on(answer)).status_code == 302
    assert (again(entry).title, entry.state) == ("Zo wil Ines het", State.WITHDRAWN)


@pytest.mark.only_on("postgresql")
@pytest.mark.parametrize("same", [True, False])
def test_a_save_at_the_very_same_time_ends_on_the_same_page(
    entry: Activity, people: Cast, ines: FlaskClient, same: bool
) -> None:
    """Between reading the row and writing it, another transaction writes it first: only the database can see that."""
    mine = opened(ines, entry, title="Zo wil Ines het")
    theirs = "Zo wil Ines het" if same else "Zo wil Noor het"
    done: list[bool] = []

    def first(session: Session, *_rest: object) -> None:
        if done or not any(isinstance(row, Activity) for row in session.dirty):
            return
        done.append(True)
        change = {"table_name": "activity", "record_id": entry_id, "verb": "correct", "user_id": noor_id, "at": NOW}
        about = {"before": {"title": "Zo was het"}, "after": {"title": theirs}, "why": ""}
        with db.engine.begin() as other:
            row = update(Activity.__table__).where(Activity.__table__.c.id == entry_id)
            other.execute(row.values(title=theirs, row_version=Activity.__table__.c.row_version + 1))
            other.execute(insert(Change.__table__).values(change | about))

    entry_id, noor_id = entry.id, people["gent"].id
    event.listen(Session, "before_flush", first)
    try:
        answer = save(ines, entry, mine)
    finally:
        event.remove(Session, "before_flush", first)

    assert done
    if same:
        assert answer.status_code == 302
        return
    assert answer.status_code == 409
    assert "Noor verbeterde dit" in main_text(answer)
    assert clashes(answer) == {"title": ("Zo wil Noor het", "Zo wil Ines het")}
    assert save(ines, entry, form_on(answer)).status_code == 302
    assert again(entry).title == "Zo wil Ines het"


def test_the_page_asks_few_statements_whatever_happened(
    people: Cast, entry: Activity, ines: FlaskClient, noor: FlaskClient, session: Session
) -> None:
    asked = []
    for changes in (1, 20):
        mine = opened(ines, entry, title="Zo wil Ines het", goals=["1", "2"], topics=["1", "2", "3"])
        for number in range(changes):
            save(noor, entry, opened(noor, entry, title=f"Zo wil Noor het, {number}", price=f"{number} euro"))
        with counted() as statements:
            assert save(ines, entry, mine).status_code == 409
        asked.append(len(statements))
        if changes == 1:
            Crowd(session, people).grow(500)

    assert asked[0] == asked[1] <= 26


# --- a row that is gone ---


def test_a_draft_removed_meanwhile_leaves_what_was_typed_on_the_page(
    people: Cast, ines: FlaskClient, sign_in: SignIn
) -> None:
    draft = own_entry(people.bib, state=State.DRAFT, title="Een ontwerp")
    ContactChannelFactory(activity=draft)
    mine = opened(ines, draft, title="Zo wil Ines het", description="Een lang verhaal\r\nmet twee lijnen")
    other, where = sign_in(organiser(people.bib)), path(draft)
    other.send("/admin/activity/delete/", {"id": str(draft.id)})

    answer = ines.post(where, data=mine)

    assert answer.status_code == 404
    text = main_text(answer)
    assert "Dit bestaat niet meer" in text
    assert "Zo wil Ines het" in text
    assert "Een lang verhaal" in text
    assert len(read(answer).by_id("main").all("li")) == 1  # who removed it


def test_of_a_row_of_others_one_learns_no_more_than_of_none(people: Cast, ines: FlaskClient, sign_in: SignIn) -> None:
    club = OrganisationFactory(municipality=people.gent)
    foreign, gone = own_entry(club, state=State.DRAFT), own_entry(club, state=State.DRAFT)
    ids = (foreign.id, gone.id, MISSING_ID)
    sign_in(organiser(club)).send("/admin/activity/delete/", {"id": str(gone.id)})
    form = typed(people.bib, title="Zo wil Ines het")

    answers = [ines.send(f"/admin/activity/edit/?id={id}", form) for id in ids]

    assert {answer.status_code for answer in answers} == {404}
    assert len({main_text(answer) for answer in answers}) == 1
    assert "Zo wil Ines het" in main_text(answers[0])


def test_what_one_may_no_longer_change_leaves_the_text(entry: Activity, ines: FlaskClient, noor: FlaskClient) -> None:
    hers = opened(noor, entry, title="Zo wil Noor het")
    ines.send("/admin/activity/withdraw/", {"id": str(entry.id)})

    answer = save(noor, entry, hers)

    assert answer.status_code == 403
    assert "Zo wil Noor het" in main_text(answer)


# --- organisations ---


def test_an_organisation_merges_and_lets_choose(people: Cast, ines: FlaskClient, sign_in: SignIn) -> None:
    wannes = sign_in(people["platform"])
    mine = opened(ines, people.bib, name="De bib van Ines")
    save(wannes, people.bib, opened(wannes, people.bib, name="De bib van Wannes", website="bib-demo.example"))

    answer = save(ines, people.bib, mine)

    assert answer.status_code == 409
    assert "Wannes" in main_text(answer)
    assert clashes(answer) == {"name": ("De bib van Wannes", "De bib van Ines")}
    assert form_on(answer)["website"] == "https://bib-demo.example"
    assert save(ines, people.bib, form_on(answer), keep__name="theirs").status_code == 302
    bib = again(people.bib)
    assert (bib.name, bib.website) == ("De bib van Wannes", "https://bib-demo.example")


# --- withdrawing ---


def test_what_changed_since_one_wanted_to_withdraw_is_told_first(
    entry: Activity, ines: FlaskClient, noor: FlaskClient
) -> None:
    where = f"/admin/activity/withdraw/?id={entry.id}"
    form = form_on(noor.get(where))
    form["reason"], form["remark"] = str(reason("wrong").id), "De dag klopt niet."
    save(ines, entry, opened(ines, entry, schedule__one__day="29/9/2026"))

    answer = noor.post(where, data=form)

    assert answer.status_code == 409
    assert "Ines verbeterde dit" in main_text(answer)
    kept = form_on(answer)
    assert (kept["reason"], kept["remark"]) == (form["reason"], form["remark"])
    assert again(entry).state is State.PUBLISHED
    assert noor.post(where, data=kept).status_code == 302
    assert again(entry).state is State.WITHDRAWN


def test_what_a_colleague_withdrew_keeps_the_own_words(
    people: Cast, entry: Activity, noor: FlaskClient, sign_in: SignIn
) -> None:
    why = {"id": str(entry.id), "reason": str(reason("wrong").id)}
    sign_in(people["gent2"]).send("/admin/activity/withdraw/", why | {"remark": "Van Hanne."})

    answer = noor.send("/admin/activity/withdraw/", why | {"remark": "Van Noor."})

    assert answer.status_code == 409
    assert "Van Noor." in main_text(answer)


@pytest.mark.parametrize("remark", ["x" * 2_001, "bel\x07"])
def test_words_that_cannot_be_kept_are_said_beside_the_box(entry: Activity, noor: FlaskClient, remark: str) -> None:
    form = {"id": str(entry.id), "reason": str(reason("wrong").id), "remark": remark}

    answer = noor.send("/admin/activity/withdraw/", form)

    assert answer.status_code == 400
    assert read(answer).by_id("remark-error").text
    assert form_on(answer)["remark"] == remark


def test_two_thousand_signs_on_many_lines_fit(entry: Activity, noor: FlaskClient) -> None:
    """A browser counts a new line as one sign, and sends two."""
    remark = "\r\n".join(["x" * 99] * 20)

    noor.send("/admin/activity/withdraw/", {"id": str(entry.id), "reason": str(reason("wrong").id), "remark": remark})

    assert again(entry).state is State.WITHDRAWN


# --- the queue ---


def decide(visitor: FlaskClient, form: MultiDict[str, str], decision: str, **more: Any) -> TestResponse:
    return visitor.post(DECIDE, data=form.to_dict(flat=False) | {"decision": decision} | more)


def test_what_a_colleague_added_meanwhile_is_not_overwritten(people: Cast, noor: FlaskClient, sign_in: SignIn) -> None:
    waits = uit_event(people.gent)
    hanne = sign_in(people["gent2"])
    where = f"/admin/queue/?id={waits.id}"
    form = form_on(noor.get(where), DECIDE)
    decide(hanne, form_on(hanne.get(where), DECIDE), "enrich", note="Van Hanne.", goal=["1", "2"])

    answer = decide(noor, form, "approve", note="Van Noor.", topic=["1"])

    assert answer.status_code == 409
    assert "Hanne vulde dit aan" in read(answer).text
    assert clashes(answer) == {"note": ("Van Hanne.", "Van Noor.")}
    kept = form_on(answer, DECIDE)
    assert kept.getlist("goal") == ["1", "2"]
    assert (kept["note"], kept.getlist("topic")) == ("Van Noor.", ["1"])
    assert again(waits).state is State.PENDING
    assert decide(noor, kept, "approve", **{"keep-note": "theirs"}).status_code == 302
    assert again(waits).state is State.PUBLISHED
    assert waits.internal_note == "Van Hanne."
    assert [goal.id for goal in waits.goals] == [1, 2]
    assert [topic.id for topic in waits.topics] == [1]


def test_what_a_colleague_decided_keeps_the_own_words(people: Cast, noor: FlaskClient, sign_in: SignIn) -> None:
    waits = uit_event(people.gent)
    hanne, where = sign_in(people["gent2"]), f"/admin/queue/?id={waits.id}"
    form = form_on(noor.get(where), DECIDE)
    decide(hanne, form_on(hanne.get(where), DECIDE), "approve")

    answer = decide(noor, form, "enrich", note="Dit is een lang verhaal van Noor.")
    rejected = decide(noor, form, "reject", reason=str(reason("double").id), remark="Ook van Noor.")

    assert "Dit is een lang verhaal van Noor." in read(answer).text or answer.status_code == 302
    assert rejected.status_code == 409
    assert "Hanne keurde dit al goed." in main_text(rejected)
    assert "Ook van Noor." in main_text(rejected)


@pytest.mark.only_on("postgresql")
def test_a_decision_at_the_very_same_time_is_told_and_keeps_the_words(people: Cast, noor: FlaskClient) -> None:
    waits = uit_event(people.gent)
    form = form_on(noor.get(f"/admin/queue/?id={waits.id}"), DECIDE)
    waits_id, done = waits.id, []

    def first(session: Session, *_rest: object) -> None:
        if not done and any(isinstance(row, Activity) for row in session.dirty):
            done.append(True)
            with db.engine.begin() as other:
                table = Activity.__table__
                row = update(table).where(table.c.id == waits_id)
                other.execute(row.values(row_version=table.c.row_version + 1))

    event.listen(Session, "before_flush", first)
    try:
        answer = decide(noor, form, "approve", note="Van Noor.", goal=["1"])
    finally:
        event.remove(Session, "before_flush", first)

    assert answer.status_code == 409
    kept = form_on(answer, DECIDE)
    assert (kept["note"], kept.getlist("goal")) == ("Van Noor.", ["1"])
    assert decide(noor, kept, "approve").status_code == 302
    assert again(waits).state is State.PUBLISHED


# --- back after signing in again ---


def test_a_form_that_comes_back_after_signing_in_is_shown_and_saves_nothing(
    people: Cast, entry: Activity, ines: FlaskClient, noor: FlaskClient, session: Session
) -> None:
    waits = uit_event(people.gent)
    seen = {"id": str(waits.id), "seen": waits.source_record.fingerprint}
    forms: list[tuple[FlaskClient, str, str | None, dict[str, Any], str]] = [
        (ines, "/admin/activity/new/", None, typed(people.bib, title="Weer terug"), "title"),
        (ines, path(entry), None, typed(people.bib, title="Weer terug", row_version=str(entry.row_version)), "title"),
        (ines, path(people.bib), None, {"name": "Weer terug", "website": "", "row_version": "1"}, "name"),
        (noor, "/admin/intake/new/", None, {"match": "label", "value": "Weer terug"}, "value"),
        (noor, f"/admin/activity/withdraw/?id={entry.id}", None, {"remark": "Weer terug"}, "remark"),
        (noor, DECIDE, DECIDE, seen | {"decision": "approve", "note": "Weer terug", "goal": ["2"]}, "note"),
        (noor, DECIDE, DECIDE, seen | {"decision": "reject", "remark": "Weer terug", "reason": "1"}, "remark"),
    ]
    before = rows(session)

    for visitor, where, action, form, field in forms:
        answer = visitor.send(where, form | {"resume": "1"})
        assert answer.status_code == 200, where
        back = form_on(answer, action)
        assert back[field] == "Weer terug", where
        assert not read(answer).all("section", class_="errors-top"), where
        if "goal" in form:
            assert back.getlist("goal") == ["2"]

    assert rows(session) == before


def test_what_comes_back_to_something_decided_meanwhile_is_still_there(
    people: Cast, noor: FlaskClient, session: Session
) -> None:
    waits = uit_event(people.gent, state=State.REJECTED, created_at=NOW - timedelta(days=1))
    before = rows(session)

    answer = noor.send(DECIDE, {"id": str(waits.id), "decision": "approve", "note": "Weer terug", "resume": "1"})

    assert answer.status_code == 409
    assert "Weer terug" in main_text(answer)
    assert rows(session) == before


def test_what_comes_back_to_a_row_that_is_gone_is_still_there(ines: FlaskClient, people: Cast) -> None:
    form = typed(people.bib, title="Weer terug") | {"resume": "1"}

    answer = ines.send(f"/admin/activity/edit/?id={MISSING_ID}", form)

    assert answer.status_code == 404
    assert "Weer terug" in main_text(answer)


def test_the_second_to_withdraw_reads_who_was_first_and_when(
    entry: Activity, ines: FlaskClient, noor: FlaskClient
) -> None:
    form = {"id": str(entry.id), "reason": str(reason("wrong").id), "remark": "Oei."}
    noor.send("/admin/activity/withdraw/", form)

    answer = ines.send("/admin/activity/withdraw/", form)

    assert answer.status_code == 409
    assert "Noor trok dit in, vandaag om" in main_text(answer)
    assert "Oei." in answer.text


def test_a_mark_beyond_all_lines_overwrites_nothing(ines: FlaskClient, noor: FlaskClient, entry: Activity) -> None:
    mine = opened(ines, entry, title="Van Ines", last_change="2147483647")
    save(noor, entry, opened(noor, entry, price="5 euro"))

    answer = save(ines, entry, mine)

    assert answer.status_code == 409
    assert "price" in clashes(answer)


def test_who_saves_while_a_form_is_opened_is_not_overwritten(
    ines: FlaskClient, noor: FlaskClient, entry: Activity, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mark is read first: a line written after it is told of, whatever the row said."""
    order: list[str] = []
    get_one, last_line = ActivityView.get_one, stale.last_line
    monkeypatch.setattr(ActivityView, "get_one", lambda *a: (order.append("row"), get_one(*a))[1])
    monkeypatch.setattr(stale, "last_line", lambda *a: (order.append("mark"), last_line(*a))[1])

    ines.get(path(entry))

    assert order[:2] == ["mark", "row"]
