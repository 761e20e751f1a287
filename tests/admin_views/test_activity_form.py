"""The form of an own entry, as an organiser uses it: every save is a real POST of the form that was on the page."""

from collections.abc import Callable
from datetime import date
from threading import Barrier, Thread
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from app.domain.activity import Origin, State
from app.domain.clock import BRUSSELS
from app.domain.contact import Channel
from app.domain.schedule import Closed, Dates, Flexible, Kind, Weekly
from app.models import Activity, Change, Goal, Notice, NoticeKind, Topic
from app.web.catalogue import slug_of
from tests.admin_views import (
    Cast,
    again,
    cast,
    entry_titled,
    exists,
    form_on,
    main_text,
    notes,
    read,
    rows,
    typed,
)
from tests.conftest import Database
from tests.factories import (
    ContactChannelFactory,
    OrganisationFactory,
    moment,
    organiser,
    own_entry,
    reason,
    town,
    town_organisation,
)

SignIn = Callable[..., FlaskClient]
NEW = "/admin/activity/new/"


@pytest.fixture
def people(session: Session) -> Cast:
    return cast()


@pytest.fixture
def ines(people: Cast, sign_in: SignIn) -> FlaskClient:
    return sign_in(people["organisator"])


def filled(visitor: FlaskClient, path: str, changes: dict[str, Any]) -> MultiDict[str, str]:
    """The form that stands at `path`, with some fields typed over; a list of values ticks several boxes."""
    form = form_on(visitor.get(path))
    for name, value in changes.items():
        form.setlist(name, value if isinstance(value, list) else [value])
    return form


def send(visitor: FlaskClient, path: str, form: MultiDict[str, str], button: str = "publish") -> TestResponse:
    name, _equals, value = button.partition("=")
    return visitor.post(path, data=MultiDict([*form.items(multi=True), (name, value or "1")]))


def publish(visitor: FlaskClient, people: Cast, **changes: Any) -> TestResponse:
    return send(visitor, NEW, filled(visitor, NEW, typed(people.bib, **changes)))


def edit_path(activity: Activity) -> str:
    return f"/admin/activity/edit/?id={activity.id}"


def public_path(activity: Activity) -> str:
    return f"/activiteiten/{activity.id}-{slug_of(activity.title)}"


def notices(session: Session, activity: Activity) -> list[NoticeKind]:
    session.commit()
    found = select(Notice.kind).where(Notice.activity_id == activity.id).order_by(Notice.id)
    return list(session.scalars(found))


def history(session: Session, activity: Activity) -> list[str]:
    session.commit()
    told = select(Change.verb).where(Change.table_name == "activity", Change.record_id == activity.id)
    return list(session.scalars(told.order_by(Change.id)))


# --- new ---


def test_a_new_entry_is_public_at_once_and_its_town_is_told_in_the_same_commit(
    people: Cast, ines: FlaskClient, client: FlaskClient, session: Session
) -> None:
    answer = publish(ines, people)

    entry = entry_titled("Samen puzzelen")
    assert answer.location == f"/admin/activity/details/?id={entry.id}"
    assert notes(ines.get(answer.location)) == ["“Samen puzzelen” staat online."]
    assert (entry.state, entry.origin, entry.public_from) == (State.PUBLISHED, Origin.OWN, entry.created_at)
    assert (entry.organisation, entry.municipality, entry.created_by_id) == (
        people.bib,
        people.gent,
        people["organisator"].id,
    )
    assert notices(session, entry) == [NoticeKind.NEW_ENTRY]
    assert history(session, entry) == ["publish"]
    assert "Samen puzzelen" in client.get("/").text
    assert "puzzel@bib-demo.example" in client.get(public_path(entry)).text


def test_a_draft_is_seen_by_its_own_organisation_only_and_nobody_is_told(
    people: Cast, ines: FlaskClient, client: FlaskClient, sign_in: SignIn, session: Session
) -> None:
    answer = send(ines, NEW, filled(ines, NEW, typed(people.bib)), "draft")

    entry = entry_titled("Samen puzzelen")
    assert "bewaard als ontwerp" in main_text(ines.get(answer.location))
    assert entry.state is State.DRAFT
    assert notices(session, entry) == []
    assert "Samen puzzelen" not in client.get("/").text
    assert client.get(public_path(entry)).status_code == 404
    assert sign_in(people["gent"]).get(f"/admin/activity/details/?id={entry.id}").status_code == 404


def test_a_draft_goes_online_with_one_button_and_then_the_town_is_told(
    people: Cast, ines: FlaskClient, client: FlaskClient, session: Session
) -> None:
    draft = own_entry(people.bib, state=State.DRAFT, title="Bijna klaar", description="We maken het af.")
    ContactChannelFactory(activity=draft)
    details = f"/admin/activity/details/?id={draft.id}"

    answer = send(ines, "/admin/activity/publish/", form_on(ines.get(details), "/admin/activity/publish/"))

    assert answer.location == details
    assert again(draft).state is State.PUBLISHED
    assert notices(session, draft) == [NoticeKind.NEW_ENTRY]
    assert "Bijna klaar" in client.get("/").text


def test_what_is_online_cannot_be_published_again(people: Cast, ines: FlaskClient, session: Session) -> None:
    entry = own_entry(people.bib)
    before = rows(session)

    assert ines.send("/admin/activity/publish/", {"id": str(entry.id)}).status_code == 409

    assert rows(session) == before


WHEN: list[Any] = [
    pytest.param({}, lambda when: isinstance(when, Dates) and when.kind is Kind.ONE_DAY, id="one day"),
    pytest.param(
        {"schedule__one__opens": "", "schedule__one__closes": ""},
        lambda when: when.moments[0].whole_day,
        id="one whole day",
    ),
    pytest.param(
        {
            **{"schedule__kind": "days", "schedule__days__0__day": "1 december", "schedule__days__0__opens": "10u"},
            **{"schedule__days__1__day": "8/12/2026", "schedule__days__1__opens": "14.30"},
        },
        lambda when: (
            when.kind is Kind.DAYS and [one.start.astimezone(BRUSSELS).hour for one in when.moments] == [10, 14]
        ),
        id="several days",
    ),
    pytest.param(
        {
            **{"schedule__kind": "weekly", "schedule__weekdays": ["1", "3"], "schedule__opens": "19"},
            **{"schedule__closes": "21", "schedule__first_day": "1/12/2026", "schedule__last_day": "1/6/2027"},
            **{"schedule__every": "2"},
        },
        lambda when: (
            isinstance(when, Weekly)
            and (when.blocks[0].weekdays, when.every, when.last_day) == ({1, 3}, 2, date(2027, 6, 1))
        ),
        id="days of the week",
    ),
    pytest.param(
        {"schedule__kind": "flexible", "schedule__from_day": "1/12/2026", "schedule__words": "in overleg"},
        lambda when: when == Flexible(date(2026, 12, 1), "in overleg"),
        id="by appointment",
    ),
]


@pytest.mark.parametrize(("changes", "as_meant"), WHEN)
def test_each_kind_of_schedule_is_stored_and_comes_back_in_the_form_as_it_was(
    people: Cast, ines: FlaskClient, changes: dict[str, Any], as_meant: Callable[[Any], bool]
) -> None:
    publish(ines, people, **changes)

    entry = entry_titled("Samen puzzelen")
    stored, version = entry.schedule_data, entry.row_version
    assert as_meant(entry.schedule)
    assert send(ines, edit_path(entry), filled(ines, edit_path(entry), {}), "save").status_code == 302
    assert (again(entry).schedule_data, entry.title) == (stored, "Samen puzzelen")
    assert entry.row_version <= version + 1


def test_weekly_days_take_exceptions_with_a_reason(people: Cast, ines: FlaskClient) -> None:
    form = typed(people.bib) | {
        **{"schedule-kind": "weekly", "schedule-weekdays": "3", "schedule-first_day": "2/12/2026"},
        **{"schedule-exceptions-0-first_day": "23/12/2026", "schedule-exceptions-0-last_day": "6/1/2027"},
        **{"schedule-exceptions-0-reason": "kerstvakantie", "schedule-exceptions-1-first_day": "17/2/2027"},
    }

    assert ines.send(NEW, form).status_code == 302

    schedule = entry_titled("Samen puzzelen").schedule
    assert isinstance(schedule, Weekly)
    assert schedule.closed == (
        Closed(date(2026, 12, 23), date(2027, 1, 6), "kerstvakantie"),
        Closed(date(2027, 2, 17), date(2027, 2, 17)),
    )


def test_contact_topics_goals_and_level_are_stored_as_chosen(people: Cast, ines: FlaskClient, session: Session) -> None:
    goals = [str(row.id) for row in session.scalars(select(Goal).order_by(Goal.id).limit(2))]
    topics = [str(row.id) for row in session.scalars(select(Topic).order_by(Topic.id).limit(3))]
    second = {"kind": "landline", "value": "09 200 00 01", "seen_by": "internal"}

    publish(
        ines,
        people,
        goals=goals,
        topics=topics,
        preferred="channels-1",
        **{f"channels__1__{name}": value for name, value in second.items()},
    )

    entry = entry_titled("Samen puzzelen")
    assert (len(entry.goals), len(entry.topics), entry.level and entry.level.number) == (2, 3, 2)
    assert [(row.kind, row.value, row.public, row.preferred) for row in entry.channels] == [
        (Channel.EMAIL, "puzzel@bib-demo.example", True, False),
        (Channel.LANDLINE, "+3292000001", False, True),
    ]


def test_an_internal_channel_is_never_public(people: Cast, ines: FlaskClient, client: FlaskClient) -> None:
    publish(
        ines, people, channels__1__kind="mobile", channels__1__value="0470 12 34 56", channels__1__seen_by="internal"
    )

    page = client.get(public_path(entry_titled("Samen puzzelen"))).text

    assert "puzzel@bib-demo.example" in page
    assert "0470" not in page
    assert "+32470" not in page


def test_the_postal_code_decides_in_which_town_it_is(people: Cast, ines: FlaskClient) -> None:
    publish(ines, people, postal_code="9850")

    assert entry_titled("Samen puzzelen").municipality == town("Deinze")


def test_online_belongs_to_the_town_of_the_organisation(people: Cast, ines: FlaskClient, client: FlaskClient) -> None:
    publish(ines, people, online="y", online_url="praat.example.be/kamer", postal_code="", street="", place_name="")

    entry = entry_titled("Samen puzzelen")
    assert (entry.municipality, entry.online_url) == (people.gent, "https://praat.example.be/kamer")
    assert "online" in client.get(public_path(entry)).text.lower()


def test_a_town_publishes_its_own_offer_and_not_that_of_others(people: Cast, sign_in: SignIn) -> None:
    """DESIGN rule 1: its staff enter the town's own offer; other organisations place their own."""
    own = town_organisation(people.gent)
    visitor = sign_in(people["gent"])

    offered = read(visitor.get(NEW)).by_id("organisation").all("option")
    assert [option.text for option in offered] == [own.name]
    assert visitor.send(NEW, typed(people.bib)).status_code == 400
    assert visitor.send(NEW, typed(own)).status_code == 302
    assert entry_titled("Samen puzzelen").organisation == own


@pytest.mark.parametrize("who", ["platform", "netwerk", "deinze"])
def test_who_belongs_to_no_organisation_enters_nothing(
    people: Cast, sign_in: SignIn, session: Session, who: str
) -> None:
    visitor = sign_in(people[who])
    before = rows(session)

    assert visitor.get(NEW).status_code == 403
    assert visitor.send(NEW, typed(people.bib)).status_code == 403

    assert rows(session) == before


# --- sent twice ---


def test_the_same_form_sent_twice_makes_one_row(people: Cast, ines: FlaskClient, session: Session) -> None:
    form = filled(ines, NEW, typed(people.bib))

    first, second = send(ines, NEW, form), send(ines, NEW, form)

    assert first.location == second.location
    entry = entry_titled("Samen puzzelen")
    assert notices(session, entry) == [NoticeKind.NEW_ENTRY]
    assert history(session, entry) == ["publish"]


def test_the_same_form_sent_twice_at_once_makes_one_row(
    app: Flask, database: Database, people: Cast, session: Session, sign_in: SignIn
) -> None:
    visitors = [sign_in(people["organisator"]) for _ in range(2)]
    form = typed(people.bib, form_token="een-en-hetzelfde")
    data = [form | {"csrf_token": visitor.csrf_token()} for visitor in visitors]
    session.commit()
    together, answers = Barrier(2), []

    def press(visitor: FlaskClient, sent: dict[str, str]) -> None:
        together.wait()
        answers.append(FlaskClient.open(visitor, NEW, method="POST", data=sent).status_code)

    threads = [Thread(target=press, args=pair) for pair in zip(visitors, data, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert 302 in answers
    assert set(answers) <= {302, 400, 409}
    assert session.scalar(select(func.count()).where(Activity.title == "Samen puzzelen")) == 1
    assert session.scalar(select(func.count()).select_from(Notice)) == 1


def test_two_forms_make_two_rows(people: Cast, ines: FlaskClient, session: Session) -> None:
    publish(ines, people)
    publish(ines, people)

    session.commit()
    assert session.scalar(select(func.count()).where(Activity.title == "Samen puzzelen")) == 2


def test_a_form_token_of_somebody_else_shows_nothing_of_theirs(
    people: Cast, ines: FlaskClient, sign_in: SignIn, session: Session
) -> None:
    ines.send(NEW, typed(people.bib, form_token="van-ines"))
    club = OrganisationFactory(municipality=people.gent)
    other = sign_in(organiser(club))
    before = rows(session)

    answer = other.send(NEW, typed(club, form_token="van-ines"))

    assert answer.status_code == 403
    assert rows(session) == before


# --- the buttons that change the rows ---


@pytest.mark.parametrize(
    ("button", "appears", "goes"),
    [
        ("rows=add:channels", ["channels-1-value", "channels-1-kind"], []),
        ("rows=copy:channels", ["channels-1-value"], []),
        ("rows=drop:channels:0", [], ["channels-0-value"]),
        ("rows=add:days", ["schedule-days-2-day"], []),
        ("rows=copy:days", ["schedule-days-2-day", "schedule-days-2-opens"], []),
        ("rows=drop:days:1", [], ["schedule-days-1-day"]),
        ("rows=add:exceptions", ["schedule-exceptions-0-first_day"], []),
    ],
)
def test_a_row_button_saves_nothing_and_keeps_what_was_typed(
    people: Cast, ines: FlaskClient, session: Session, button: str, appears: list[str], goes: list[str]
) -> None:
    form = filled(ines, NEW, typed(people.bib, title="x" * 200, schedule__days__1__day="onzin", postal_code=""))
    before = rows(session)

    answer = send(ines, NEW, form, button)

    assert answer.status_code == 200
    kept = form_on(answer)
    assert all(name in kept for name in appears)
    dropped = tuple(name.rpartition("-")[0] for name in goes) or ("-",)
    assert not [name for name in kept if name.startswith(dropped)]
    for name in form:
        if name not in ("csrf_token", "preferred") and not name.startswith(dropped):
            assert kept.getlist(name) == form.getlist(name), name
    assert not read(answer).all("section", class_="errors-top")
    assert rows(session) == before


def test_a_copied_row_says_the_same(people: Cast, ines: FlaskClient) -> None:
    form = filled(ines, NEW, {"schedule-days-1-day": "1/12/2026", "schedule-days-1-opens": "14.30"})

    kept = form_on(send(ines, NEW, form, "rows=copy:days"))

    assert (kept["schedule-days-2-day"], kept["schedule-days-2-opens"]) == ("1/12/2026", "14.30")


def test_after_adding_and_dropping_rows_the_rest_is_published(people: Cast, ines: FlaskClient) -> None:
    form = filled(ines, NEW, typed(people.bib))
    form = form_on(send(ines, NEW, form, "rows=add:channels"))
    form["channels-1-value"] = "tweede@bib-demo.example"
    form = form_on(send(ines, NEW, form, "rows=add:channels"))
    form = form_on(send(ines, NEW, form, "rows=drop:channels:0"))

    assert send(ines, NEW, form).status_code == 302

    assert [row.value for row in entry_titled("Samen puzzelen").channels] == ["tweede@bib-demo.example"]


def test_a_row_button_while_correcting_stores_nothing(people: Cast, ines: FlaskClient, session: Session) -> None:
    entry = own_entry(people.bib, title="Zo was het")
    ContactChannelFactory(activity=entry)
    form = filled(ines, edit_path(entry), {"title": "Half getypt", "postal_code": "9000"})
    before = rows(session)

    answer = send(ines, edit_path(entry), form, "rows=drop:channels:0")

    assert (answer.status_code, form_on(answer)["title"]) == (200, "Half getypt")
    assert rows(session) == before


# --- correcting ---


def test_a_correction_is_public_at_once_and_told_in_the_history(
    people: Cast, ines: FlaskClient, client: FlaskClient, session: Session
) -> None:
    publish(ines, people)
    entry = entry_titled("Samen puzzelen")

    answer = send(ines, edit_path(entry), filled(ines, edit_path(entry), {"title": "Samen leggen"}), "save")

    assert "is bewaard" in main_text(ines.get(answer.location))
    assert "Samen leggen" in client.get("/").text
    assert history(session, entry) == ["publish", "correct"]
    change = session.scalars(select(Change).where(Change.verb == "correct")).one()
    assert (change.before, change.after) == ({"title": "Samen puzzelen"}, {"title": "Samen leggen"})
    assert notices(session, entry) == [NoticeKind.NEW_ENTRY]  # one's own correction is no news


def test_a_correction_by_the_town_is_told_to_the_organisation(people: Cast, sign_in: SignIn, session: Session) -> None:
    entry = own_entry(people.bib, title="Samen puzelen", description="Zo.", postal_code="9000", locality="Gent")
    ContactChannelFactory(activity=entry)
    visitor = sign_in(people["gent"])

    answer = send(visitor, edit_path(entry), filled(visitor, edit_path(entry), {"title": "Samen puzzelen"}), "save")

    assert answer.status_code == 302
    assert again(entry).title == "Samen puzzelen"
    assert notices(session, entry) == [NoticeKind.CORRECTED]


def test_saving_what_is_already_there_tells_nobody(people: Cast, sign_in: SignIn, session: Session) -> None:
    entry = own_entry(people.bib, title="Zo was het", description="Zo.", postal_code="9000", locality="Gent")
    ContactChannelFactory(activity=entry, preferred=True)
    visitor = sign_in(people["gent"])

    assert send(visitor, edit_path(entry), filled(visitor, edit_path(entry), {}), "save").status_code == 302

    assert notices(session, entry) == []
    assert history(session, entry) == []


def test_a_form_that_was_overtaken_is_told_keeps_the_text_and_may_be_saved_after_all(
    people: Cast, ines: FlaskClient, sign_in: SignIn
) -> None:
    entry = own_entry(people.bib, title="Zo was het", description="Zo.", postal_code="9000", locality="Gent")
    ContactChannelFactory(activity=entry)
    mine = filled(ines, edit_path(entry), {"title": "Zo wil Ines het"})
    noor = sign_in(people["gent"])
    send(noor, edit_path(entry), filled(noor, edit_path(entry), {"title": "Zo wil Noor het"}), "save")

    answer = send(ines, edit_path(entry), mine, "save")

    assert answer.status_code == 409
    assert "Iemand wijzigde dit terwijl je typte" in main_text(answer)
    assert form_on(answer)["title"] == "Zo wil Ines het"
    assert again(entry).title == "Zo wil Noor het"
    assert send(ines, edit_path(entry), form_on(answer), "save").status_code == 302
    assert again(entry).title == "Zo wil Ines het"


def test_what_is_not_on_the_form_cannot_be_set_with_it(people: Cast, ines: FlaskClient, session: Session) -> None:
    club = OrganisationFactory(municipality=people.deinze)
    extra = {
        **{"state": "draft", "origin": "import", "id": "4711", "created_by_id": str(people["gent"].id)},
        **{"municipality_id": str(people.deinze.id), "municipality": str(people.deinze.id)},
        **{"organisation_id": str(club.id), "public_from": "2020-01-01", "seen_at": "2020-01-01"},
        **{"seen_by_id": "1", "internal_note": "ingebroken", "organiser_name": "Iemand anders", "locality": "Aalst"},
        **{"source_url": "https://kwaad.example", "status": "cancelled", "over_at": "2099-01-01"},
    }

    publish(ines, people, **extra)

    entry = entry_titled("Samen puzzelen")
    assert entry.id != 4711
    assert (entry.state, entry.origin, entry.organisation) == (State.PUBLISHED, Origin.OWN, people.bib)
    assert (entry.municipality, entry.locality, entry.created_by_id) == (people.gent, "Gent", people["organisator"].id)
    assert (entry.internal_note, entry.organiser_name, entry.source_url, entry.seen_at) == ("", "", "", None)
    assert entry.status.value == "planned"
    version = entry.row_version
    send(ines, edit_path(entry), filled(ines, edit_path(entry), extra | {"title": "Samen leggen"}), "save")
    assert (again(entry).title, entry.state, entry.municipality) == ("Samen leggen", State.PUBLISHED, people.gent)
    assert (entry.organisation, entry.created_by_id) == (people.bib, people["organisator"].id)
    assert entry.row_version > version


def test_text_is_shown_as_it_was_typed_and_is_never_markup(
    people: Cast, ines: FlaskClient, client: FlaskClient
) -> None:
    title = "<script>alert(1)</script> & “wij”"

    publish(ines, people, title=title, description="<b onclick=x>Kom</b>\r\n\r\nTweede alinea", price='"><img src=x>')

    entry = entry_titled(title)
    for page in (
        ines.get(f"/admin/activity/details/?id={entry.id}"),
        ines.get("/admin/activity/"),
        ines.get(edit_path(entry)),
        client.get("/"),
        client.get(public_path(entry)),
    ):
        assert page.status_code == 200
        assert title in read(page).text
        assert not [node for node in read(page).walk() if node.tag == "img" or "onclick" in node.attributes]
        assert all("alert" not in node.raw for node in read(page).all("script"))


# --- withdrawing, reopening, deleting ---


def test_ones_own_entry_is_withdrawn_without_a_reason_and_put_back(
    people: Cast, ines: FlaskClient, client: FlaskClient, session: Session
) -> None:
    entry = own_entry(people.bib, title="Even niet")
    path = f"/admin/activity/withdraw/?id={entry.id}"
    details = f"/admin/activity/details/?id={entry.id}"

    withdrawn = send(ines, path, form_on(ines.get(path)), "intrekken")

    assert withdrawn.location == details
    assert again(entry).state is State.WITHDRAWN
    assert "Even niet" not in client.get("/").text
    assert client.get(public_path(entry)).status_code == 410
    assert notices(session, entry) == []

    send(ines, "/admin/activity/reopen/", form_on(ines.get(details), "/admin/activity/reopen/"))

    assert again(entry).state is State.PUBLISHED
    assert "Even niet" in client.get("/").text
    assert history(session, entry) == ["withdraw", "reopen"]


@pytest.mark.parametrize("who", ["gent", "backup", "platform"])
def test_withdrawing_what_is_of_another_asks_a_reason_and_tells_the_organisation(
    people: Cast, sign_in: SignIn, session: Session, who: str
) -> None:
    entry = own_entry(people.bib)
    visitor = sign_in(people[who])
    path = f"/admin/activity/withdraw/?id={entry.id}"

    without = send(visitor, path, form_on(visitor.get(path)), "intrekken")

    assert without.status_code == 400
    assert "Kies een reden" in main_text(without)
    assert again(entry).state is State.PUBLISHED

    form = form_on(without)
    form["reason"] = str(reason("wrong").id)
    assert send(visitor, path, form, "intrekken").status_code == 302
    assert again(entry).state is State.WITHDRAWN
    assert notices(session, entry) == [NoticeKind.WITHDRAWN]


def test_another_reason_asks_for_words_and_keeps_what_was_chosen(people: Cast, sign_in: SignIn) -> None:
    entry = own_entry(people.bib)
    visitor = sign_in(people["gent"])
    path = f"/admin/activity/withdraw/?id={entry.id}"
    other = str(reason("withdraw_other").id)

    answer = visitor.send(path, {"id": str(entry.id), "reason": other, "remark": "  "})

    assert answer.status_code == 400
    assert "Schrijf zelf waarom" in read(answer).by_id("remark-error").text
    assert form_on(answer)["reason"] == other
    assert visitor.send(path, {"id": str(entry.id), "reason": other, "remark": "Dit is reclame."}).status_code == 302
    assert again(entry).state is State.WITHDRAWN


def test_a_reason_to_reject_is_no_reason_to_withdraw(people: Cast, sign_in: SignIn) -> None:
    entry = own_entry(people.bib)

    form = {"id": str(entry.id), "reason": str(reason("double").id)}
    answer = sign_in(people["gent"]).send("/admin/activity/withdraw/", form)

    assert answer.status_code == 400
    assert again(entry).state is State.PUBLISHED


def test_what_is_withdrawn_cannot_be_withdrawn_again(people: Cast, ines: FlaskClient, session: Session) -> None:
    entry = own_entry(people.bib, state=State.WITHDRAWN)
    before = rows(session)

    assert ines.get(f"/admin/activity/withdraw/?id={entry.id}").status_code == 409
    assert ines.send("/admin/activity/withdraw/", {"id": str(entry.id)}).status_code == 409

    assert rows(session) == before


def test_a_draft_is_removed_for_good(people: Cast, ines: FlaskClient, session: Session) -> None:
    draft = own_entry(people.bib, state=State.DRAFT, title="Toch maar niet")
    ContactChannelFactory(activity=draft)
    details = ines.get(f"/admin/activity/details/?id={draft.id}")
    id = draft.id
    asks = next(link for link in read(details).links() if "/remove/" in link)
    assert not [form for form in read(details).all("form") if "delete" in form.attributes.get("action", "")]
    assert exists(Activity, id)

    answer = send(ines, "/admin/activity/delete/", form_on(ines.get(asks), "/admin/activity/delete/"))

    assert answer.location == "/admin/activity/"
    assert "“Toch maar niet” is verwijderd." in notes(ines.get(answer.location))
    assert not exists(Activity, id)


@pytest.mark.parametrize("state", [State.PUBLISHED, State.WITHDRAWN])
def test_what_people_have_seen_is_never_removed(people: Cast, ines: FlaskClient, state: State) -> None:
    entry = own_entry(people.bib, state=state)

    assert ines.send("/admin/activity/delete/", {"id": str(entry.id)}).status_code == 403

    assert exists(Activity, entry.id)


# --- the list ---


def test_the_list_shows_what_is_to_come_and_filters_say_the_rest(people: Cast, ines: FlaskClient) -> None:
    own_entry(people.bib, title="Volgende week")
    own_entry(people.bib, title="Een ontwerp", state=State.DRAFT)
    own_entry(people.bib, title="In het verleden", schedule=Dates((moment(-30),)))

    assert "In het verleden" not in main_text(ines.get("/admin/activity/"))
    assert "In het verleden" in main_text(ines.get("/admin/activity/?when=over"))
    drafts = main_text(ines.get("/admin/activity/?state=draft"))
    assert "Een ontwerp" in drafts
    assert "Volgende week" not in drafts
    assert "Geen enkele activiteit past" in main_text(ines.get("/admin/activity/?q=bestaat-niet"))
    assert "Volgende week" in main_text(ines.get("/admin/activity/?q=volgende WEEK".replace(" ", "+")))


def test_the_list_goes_on_after_fifty_and_keeps_its_filters(people: Cast, ines: FlaskClient) -> None:
    for _ in range(51):
        own_entry(people.bib)

    first = ines.get("/admin/activity/?origin=own")
    link = next(link for link in read(first).links() if "page=1" in link)

    assert "51 activiteiten" in main_text(first)
    assert "origin=own" in link
    assert "51 tot 51 van 51" in main_text(ines.get(link))
