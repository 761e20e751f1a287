"""What a run over UiT does here, by real HTTP against a local UiTdatabank: the table of DESIGN rule 6."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import stamina
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.demo.uit_server import create_uit_app
from app.demo.uit_world import DemoWorld
from app.domain.activity import Origin, State
from app.domain.contact import Channel
from app.domain.schedule import Status
from app.models import Activity, Change, Goal, Municipality, Source, SourceRecord, SyncItem, SyncRun, db
from app.services.reference import UIT_KEY
from app.web.catalogue import slug_of
from jobs import sync
from tests.admin_views import Cast, again, cast, main_text, rows
from tests.factories import NOW, IntakeRuleFactory, OrganisationFactory, reason, town
from tests.jobs import elsewhere
from tests.services.sources.uitdatabank.conftest import served
from tests.services.sources.uitdatabank.documents import event

SignIn = Callable[..., FlaskClient]
START = datetime(2026, 9, 1, 10, tzinfo=UTC)
PLACES = {"Gent": ("9000", "nis-44021"), "Deinze": ("9800", "nis-44083"), "Nergens": ("0001", "")}


def located(place: str, **more: Any) -> dict[str, Any]:
    """The fields that say where: a venue with its postal code, and the regions UiT gives it."""
    code, region = PLACES[place]
    address = {"addressCountry": "BE", "addressLocality": place, "postalCode": code, "streetAddress": "Demokaai 1"}
    return {
        "location": {"name": {"nl": "Bib"}, "address": {"nl": address}},
        "regions": [region] if region else [],
    } | more


class Uit:
    """The local UiTdatabank, and the runs over it. Each change gets a later `modified` than the one before."""

    def __init__(self, app: Flask, world: DemoWorld) -> None:
        self.app, self.world, self.changes = app, world, 0

    def put(self, key: str = "a1", **fields: Any) -> None:
        """Add an event with a taalicoon, or change one: what is not named stays as it was."""
        self.changes += 1
        modified = (START + timedelta(minutes=self.changes)).isoformat()
        known = self.world.get(key) or event(key, labels=["één taalicoon"], **located("Gent"))
        self.world.put(known | {"modified": modified} | fields)

    def delete(self, key: str = "a1") -> None:
        self.put(key, workflowStatus="DELETED")

    def run(self, **options: Any) -> dict[str, int]:
        """One run; what it counted."""
        finished = elsewhere(self.app, lambda: sync.run(UIT_KEY, **options))
        assert not finished.error
        return finished.counts


@pytest.fixture
def people(session: Session, clock: time_machine.Traveller) -> Cast:
    return cast()


@pytest.fixture
def uit(app: Flask, people: Cast) -> Iterator[Uit]:
    before, world = app.extensions["settings"], DemoWorld()
    with served(create_uit_app(world)) as address, stamina.set_testing(True, attempts=3, cap=True):
        app.extensions["settings"] = replace(before, uit_base_url=address, uit_entry_url=address)
        yield Uit(app, world)
        app.extensions["settings"] = before


def counts(**more: int) -> dict[str, int]:
    return {"created": 0, "changed": 0, "unchanged": 0, "gone": 0, "failed": 0} | more


def the_activity(title: str | None = None) -> Activity:
    db.session.commit()
    query = select(Activity) if title is None else select(Activity).where(Activity.title == title)
    return db.session.scalars(query).one()


def titles(session: Session, state: State = State.PENDING) -> list[str]:
    session.commit()
    return sorted(session.scalars(select(Activity.title).where(Activity.state == state)))


def verbs(session: Session) -> list[str]:
    session.commit()
    return list(session.scalars(select(Change.verb).where(Change.table_name == "activity").order_by(Change.id)))


@pytest.fixture
def approve(people: Cast, sign_in: SignIn) -> Callable[[Activity], None]:
    visitor = sign_in(people["gent"])

    def approved(activity: Activity) -> None:
        seen = activity.source_record.fingerprint  # type: ignore[union-attr]
        answer = visitor.send("/admin/queue/decide/", {"id": str(activity.id), "decision": "approve", "seen": seen})
        assert answer.status_code == 302
        assert again(activity).state is State.PUBLISHED

    return approved


def public_page(client: FlaskClient, activity: Activity) -> Any:
    return client.get(f"/activiteiten/{activity.id}-{slug_of(activity.title)}")


# --- what comes in ---


def test_a_new_event_waits_in_its_town_as_uit_tells_it(
    uit: Uit, people: Cast, client: FlaskClient, sign_in: SignIn, session: Session
) -> None:
    contact = {"phone": ["09 200 00 01"], "email": ["bib@gent-demo.example"], "url": []}
    uit.put(contactPoint=contact, description={"nl": "<p>Kom <b>babbelen</b>.</p>"}, priceInfo=[])

    assert uit.run() == counts(created=1)

    activity = the_activity()
    assert (activity.title, activity.state, activity.origin) == ("Babbelcafé", State.PENDING, Origin.IMPORT)
    assert (activity.municipality, activity.street, activity.description) == (
        people.gent,
        "Demokaai 1",
        "Kom babbelen.",
    )
    assert {(row.kind, row.value) for row in activity.channels} == {
        (Channel.LANDLINE, "+3292000001"),
        (Channel.EMAIL, "bib@gent-demo.example"),
    }
    assert activity.level
    assert activity.level.number == 1
    assert verbs(session) == ["arrive"]
    assert "Babbelcafé" not in client.get("/").text
    assert "Babbelcafé" in main_text(sign_in(people["gent"]).get("/admin/queue/"))
    assert "Babbelcafé" not in sign_in(people["deinze"]).get("/admin/queue/").text


def test_an_event_without_a_taalicoon_is_known_and_not_offered(uit: Uit, session: Session) -> None:
    uit.put(labels=["jazz"])

    assert uit.run() == counts(created=1)

    assert session.scalars(select(SourceRecord.relevant)).all() == [False]
    assert titles(session) == []


def test_a_line_of_the_town_lets_in_what_carries_its_label_there_and_nowhere_else(
    uit: Uit, people: Cast, session: Session
) -> None:
    IntakeRuleFactory(municipality=people.gent, value="Babbelen")
    uit.put("a1", labels=["babbelen"], name={"nl": "In Gent"})
    uit.put("a2", labels=["babbelen"], name={"nl": "In Deinze"}, **located("Deinze"))

    uit.run()

    assert titles(session) == ["In Gent"]


@pytest.mark.parametrize(
    "fields",
    [{"audience": {"audienceType": "members"}}, {"audience": {"audienceType": "education"}}, {"childrenOnly": True}],
    ids=["members", "schools", "children"],
)
def test_what_is_not_for_everyone_is_never_offered(
    uit: Uit, people: Cast, session: Session, fields: dict[str, Any]
) -> None:
    IntakeRuleFactory(municipality=people.gent, value="één taalicoon")
    uit.put(**fields)

    uit.run()

    assert titles(session) == []


def test_what_becomes_for_members_only_while_it_waits_leaves_the_queue(uit: Uit, session: Session) -> None:
    uit.put()
    uit.run()
    uit.put(audience={"audienceType": "members"})

    uit.run()

    assert titles(session) == []


def test_an_event_of_an_organisation_of_ours_is_linked_to_it(uit: Uit, people: Cast, sign_in: SignIn) -> None:
    people.bib.uit_id = "bib-demo"
    db.session.info["unrecorded"] = True
    uit.put(organizer={"@id": "https://io.uitdatabank.example/organizers/bib-demo", "name": {"nl": "De bib"}})

    uit.run()

    assert the_activity().organisation == people.bib
    assert "wacht tot een lokale beheerder" in main_text(
        sign_in(people["organisator"]).get(f"/admin/activity/details/?id={the_activity().id}")
    )


def test_an_event_without_a_town_of_ours_goes_to_the_bin_of_the_platform(
    uit: Uit, people: Cast, sign_in: SignIn
) -> None:
    uit.put(**located("Nergens"))

    uit.run()

    assert the_activity().municipality is None
    assert "Geen gemeente" in main_text(sign_in(people["platform"]).get("/admin/queue/"))
    for who in ("gent", "deinze", "netwerk"):
        assert "Babbelcafé" not in sign_in(people[who]).get("/admin/queue/").text


def test_where_postal_code_and_region_disagree_neither_is_trusted(uit: Uit) -> None:
    uit.put(regions=["nis-40000", "nis-44083"])  # the postal code says Gent

    uit.run()

    assert the_activity().municipality is None


def test_online_belongs_to_the_town_of_its_organisation(uit: Uit, session: Session) -> None:
    club = OrganisationFactory(municipality=town("Deinze"), uit_id="babbel-demo")
    nowhere = {"addressCountry": "BE", "postalCode": "0000", "addressLocality": "___", "streetAddress": "___"}
    place = {"@id": "x/places/00000000-0000-0000-0000-000000000000", "name": {"nl": "Online"}}
    uit.put(
        attendanceMode="online",
        onlineUrl="https://praat.example.be/kamer",
        location=place | {"address": {"nl": nowhere}},
        regions=[],
        organizer={"@id": "x/organizers/babbel-demo", "name": {"nl": "Babbel"}},
    )

    uit.run()

    activity = the_activity()
    assert (activity.online, activity.municipality, activity.organisation) == (True, club.municipality, club)


# --- while it waits ---


def test_what_changes_while_it_waits_is_replaced(uit: Uit, session: Session) -> None:
    uit.put()
    uit.run()
    before = the_activity().source_record.fingerprint  # type: ignore[union-attr]
    uit.put(
        name={"nl": "Babbelen op zondag"}, startDate="2026-12-06T13:00:00+00:00", endDate="2026-12-06T15:00:00+00:00"
    )

    assert uit.run()["changed"] == 1

    activity = the_activity()
    assert (activity.title, activity.state) == ("Babbelen op zondag", State.PENDING)
    assert activity.first_moment == datetime(2026, 12, 6, 13, tzinfo=UTC)
    assert activity.source_record
    assert activity.source_record.fingerprint != before
    assert verbs(session) == ["arrive", "source_changed"]


def test_what_we_added_stays_ours_whatever_changes(uit: Uit, people: Cast, sign_in: SignIn, session: Session) -> None:
    uit.put()
    uit.run()
    goal = session.scalars(select(Goal).limit(1)).one()
    form = {"id": str(the_activity().id), "decision": "enrich", "goal": str(goal.id), "note": "Bel eerst."}
    sign_in(people["gent"]).send("/admin/queue/decide/", form)
    uit.put(name={"nl": "Babbelen op zondag"}, labels=["drie taaliconen"])

    uit.run()

    activity = the_activity("Babbelen op zondag")
    assert (activity.goals, activity.internal_note, activity.level) == ([goal], "Bel eerst.", None)


@pytest.mark.parametrize("goes", [{"workflowStatus": "DELETED"}, {"workflowStatus": "REJECTED"}])
def test_what_goes_while_it_waits_leaves_the_queue(
    uit: Uit, people: Cast, sign_in: SignIn, goes: dict[str, str]
) -> None:
    uit.put()
    uit.run()
    uit.put(**goes)

    assert uit.run()["gone"] == 1

    assert the_activity().state is State.WITHDRAWN
    assert "Alles is gekeurd" in main_text(sign_in(people["gent"]).get("/admin/queue/"))


def test_what_never_came_in_and_goes_makes_nothing(uit: Uit, session: Session) -> None:
    uit.put(workflowStatus="DELETED")
    uit.put("a2", workflowStatus="DRAFT")

    uit.run()

    assert not session.scalars(select(Activity)).all()


# --- after approval ---

OFF = {"type": "Unavailable", "reason": {"nl": "De zaal is bezet."}}
DATES = ("2026-12-01T13:00:00+00:00", "2026-12-08T13:00:00+00:00")


def several(*states: dict[str, Any]) -> dict[str, Any]:
    items = [
        {
            "id": index,
            "startDate": start,
            "endDate": start.replace("T13", "T15"),
            "bookingAvailability": {"type": "Available"},
        }
        | {"status": {"type": "Available"}}
        | state
        for index, (start, state) in enumerate(zip(DATES, states, strict=True))
    ]
    return {"calendarType": "multiple", "startDate": DATES[0], "endDate": items[-1]["endDate"], "subEvent": items}


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"status": OFF}, Status.CANCELLED),
        ({"status": {"type": "TemporarilyUnavailable"}}, Status.POSTPONED),
        ({"bookingAvailability": {"type": "Unavailable"}}, Status.SOLD_OUT),
    ],
)
def test_cancelled_postponed_and_sold_out_are_shown_at_once(
    uit: Uit,
    client: FlaskClient,
    session: Session,
    approve: Callable[[Activity], None],
    fields: dict[str, Any],
    status: Status,
) -> None:
    uit.put()
    uit.run()
    approve(the_activity())
    uit.put(**fields)

    uit.run()

    activity = the_activity()
    assert (activity.state, activity.status) == (State.PUBLISHED, status)
    words = {Status.CANCELLED: "gaat niet door", Status.POSTPONED: "uitgesteld", Status.SOLD_OUT: "volzet"}[status]
    assert words in public_page(client, activity).text.lower()
    assert verbs(session)[-1] == "source_changed"


def test_one_cancelled_date_of_several_is_shown_at_once_and_the_others_stay(
    uit: Uit, client: FlaskClient, approve: Callable[[Activity], None]
) -> None:
    uit.put(**several({}, {}))
    uit.run()
    approve(the_activity())
    uit.put(**several({}, {"status": OFF}))

    uit.run()

    activity = the_activity()
    assert [moment.status for moment in activity.schedule.moments] == [Status.PLANNED, Status.CANCELLED]  # type: ignore[union-attr]
    assert activity.status is Status.PLANNED
    assert "gaat niet door" in public_page(client, activity).text.lower()


@pytest.mark.parametrize(
    "fields",
    [
        {"name": {"nl": "Een andere naam"}},
        {"description": {"nl": "Een andere tekst"}},
        {"startDate": "2026-12-05T13:00:00+00:00", "endDate": "2026-12-05T15:00:00+00:00"},
        {"contactPoint": {"email": ["ander@doemee.example"]}},
        {"priceInfo": [{"category": "base", "price": 12}]},
        {"labels": ["vier taaliconen"]},
    ],
    ids=["name", "text", "date", "contact", "price", "level"],
)
def test_any_other_change_after_approval_leaves_the_approved_text_online(
    uit: Uit,
    client: FlaskClient,
    session: Session,
    approve: Callable[[Activity], None],
    fields: dict[str, Any],
) -> None:
    uit.put()
    uit.run()
    activity = the_activity()
    approve(activity)
    page, told = public_page(client, activity).text, verbs(session)
    uit.put(**fields)

    uit.run()

    assert again(activity).state is State.PUBLISHED
    assert public_page(client, activity).text == page
    assert verbs(session) == told


def test_what_waited_to_change_is_there_to_compare_with(uit: Uit, approve: Callable[[Activity], None]) -> None:
    uit.put()
    uit.run()
    approve(the_activity())
    uit.put(name={"nl": "Een andere naam"})

    assert uit.run()["changed"] == 1

    activity = the_activity()
    assert activity.source_record
    assert (activity.title, activity.source_record.title) == ("Babbelcafé", "Een andere naam")


@pytest.mark.parametrize("goes", [{"workflowStatus": "DELETED"}, {"workflowStatus": "REJECTED"}])
def test_what_is_deleted_or_rejected_there_is_withdrawn_and_its_address_says_so(
    uit: Uit,
    client: FlaskClient,
    session: Session,
    approve: Callable[[Activity], None],
    goes: dict[str, str],
) -> None:
    uit.put()
    uit.run()
    activity = the_activity()
    approve(activity)
    uit.put(**goes)

    uit.run()

    assert again(activity).state is State.WITHDRAWN
    answer = public_page(client, activity)
    assert answer.status_code == 410
    assert "gaat niet meer door" in answer.text
    assert "Babbelcafé" not in client.get("/").text
    assert verbs(session)[-1] == "source_gone"


def test_what_comes_back_after_deletion_waits_and_is_never_published_by_itself(
    uit: Uit, client: FlaskClient, approve: Callable[[Activity], None]
) -> None:
    uit.put()
    uit.run()
    approve(the_activity())
    uit.delete()
    uit.run()
    uit.put(workflowStatus="APPROVED", name={"nl": "Weer terug"})

    uit.run()

    activity = the_activity()
    assert (activity.state, activity.title) == (State.PENDING, "Weer terug")
    assert "Weer terug" not in client.get("/").text


def test_what_we_withdrew_ourselves_is_not_brought_back_by_a_change(
    uit: Uit, people: Cast, sign_in: SignIn, approve: Callable[[Activity], None]
) -> None:
    uit.put()
    uit.run()
    activity = the_activity()
    approve(activity)
    form = {"id": str(activity.id), "reason": str(reason("unsuited").id)}
    sign_in(people["gent"]).send("/admin/activity/withdraw/", form)
    uit.put(name={"nl": "Probeer het nog eens"})

    uit.run()

    assert again(activity).state is State.WITHDRAWN


def test_what_was_rejected_here_stays_rejected(uit: Uit, people: Cast, sign_in: SignIn) -> None:
    uit.put()
    uit.run()
    activity = the_activity()
    seen = activity.source_record.fingerprint  # type: ignore[union-attr]
    form = {"id": str(activity.id), "decision": "reject", "seen": seen, "reason": str(reason("double").id)}
    sign_in(people["gent"]).send("/admin/queue/decide/", form)
    for change in ({"name": {"nl": "Anders"}}, {"workflowStatus": "DELETED"}, {"workflowStatus": "APPROVED"}):
        uit.put(**change)
        uit.run()

        assert again(activity).state is State.REJECTED, change


@pytest.mark.parametrize("approved", [True, False], ids=["published", "pending"])
def test_what_moves_to_another_town_leaves_the_first_and_waits_in_the_second(
    uit: Uit,
    people: Cast,
    client: FlaskClient,
    sign_in: SignIn,
    approve: Callable[[Activity], None],
    approved: bool,
) -> None:
    uit.put()
    uit.run()
    activity = the_activity()
    if approved:
        approve(activity)
    uit.put(**located("Deinze"))

    uit.run()

    assert (again(activity).state, activity.municipality) == (State.PENDING, people.deinze)
    assert "Babbelcafé" not in client.get("/").text
    assert "Babbelcafé" in main_text(sign_in(people["deinze"]).get("/admin/queue/"))
    assert sign_in(people["gent"]).get(f"/admin/queue/?id={activity.id}").status_code == 404


def test_what_uit_shows_later_is_public_later(
    uit: Uit, client: FlaskClient, approve: Callable[[Activity], None], clock: time_machine.Traveller
) -> None:
    uit.put(availableFrom=(NOW + timedelta(days=2)).isoformat())
    uit.run()
    approve(the_activity())

    assert "Babbelcafé" not in client.get("/").text
    clock.move_to(NOW + timedelta(days=2, seconds=1))
    assert "Babbelcafé" in client.get("/").text


# --- runs ---


def held(session: Session) -> list[Any]:
    session.commit()
    table = SourceRecord.__table__
    columns = [column for column in table.c if column.name != "last_seen_at"]
    return [tuple(row) for row in session.execute(select(*columns).order_by(table.c.id))]


def test_the_same_run_again_changes_nothing(uit: Uit, session: Session, approve: Callable[[Activity], None]) -> None:
    for key in ("a1", "a2", "a3"):
        uit.put(key, name={"nl": f"Babbel {key}"})
    uit.put("kapot", name=42)
    uit.run()
    approve(the_activity("Babbel a1"))
    uit.run()
    left_out = ("sync_run", "sync_item", "source_record")  # a record remembers when it was last seen
    before, records = rows(session, *left_out), held(session)

    assert uit.run() == counts(unchanged=3, failed=1)
    assert uit.run(full=True) == counts(unchanged=3, failed=1)

    assert rows(session, *left_out) == before
    assert held(session) == records


def test_a_version_older_than_the_one_we_hold_is_passed_over(uit: Uit, session: Session) -> None:
    uit.put(name={"nl": "De nieuwste"})
    uit.run()
    uit.world.put((uit.world.get("a1") or {}) | {"name": {"nl": "De oude"}, "modified": START.isoformat()})

    uit.run(full=True)

    assert titles(session) == ["De nieuwste"]


def test_many_pages_bring_each_event_once(app: Flask, uit: Uit, session: Session) -> None:
    app.extensions["settings"] = replace(app.extensions["settings"], uit_page_size=3)
    for n in range(20):
        uit.put(
            f"e{n:02d}", name={"nl": f"Babbel {n:02d}"}, modified=START.isoformat() if n < 7 else event()["modified"]
        )

    assert uit.run()["created"] == 20

    assert titles(session) == [f"Babbel {n:02d}" for n in range(20)]
    assert session.scalar(select(func.count()).select_from(SourceRecord)) == 20


def test_only_what_changed_is_asked_for_again(uit: Uit, session: Session) -> None:
    for n in range(5):
        uit.put(f"oud{n}", modified=(START + timedelta(days=n)).isoformat())
    uit.run()
    cursor = session.scalars(select(Source.cursor)).one()
    uit.put("nieuw", modified=(START + timedelta(days=5)).isoformat())

    again_ = uit.run()

    assert cursor == START + timedelta(days=4)
    assert (again_["created"], again_["unchanged"]) == (1, 1)  # within the overlap, the newest is asked again


# --- how to reach people ---

CONTACTS = {
    "contactPoint": {"phone": ["09 200 00 01"], "email": ["hanne@gent-demo.example"], "url": []},
    "bookingInfo": {"phone": "0470 00 00 01"},
    "organizer": {"name": {"nl": "De bib"}, "contactPoint": {"email": ["milan@gent-demo.example"]}},
    "mediaObject": [{"contentUrl": "https://uit.example/a.jpg", "copyrightHolder": "Zeynep Demo"}],
}
SECRETS = ("09 200", "hanne@", "0470", "milan@", "Zeynep")


def kept(session: Session) -> str:
    session.commit()
    (payload,) = session.scalars(select(SourceRecord.payload)).all()
    return str(payload)


def test_of_what_is_not_for_us_no_way_to_reach_anybody_is_kept(uit: Uit, session: Session) -> None:
    uit.put(labels=["jazz"], **CONTACTS)

    uit.run()

    assert not [secret for secret in SECRETS if secret in kept(session)]
    assert "De bib" in kept(session)
    assert session.scalars(select(SourceRecord.complete)).all() == [False]
    assert uit.run() == counts(unchanged=1)


def test_of_what_waits_here_it_is_kept(uit: Uit, session: Session) -> None:
    uit.put(**CONTACTS)

    uit.run()

    assert all(secret in kept(session) for secret in SECRETS)
    assert session.scalars(select(SourceRecord.complete)).all() == [True]


def test_it_is_dropped_when_an_event_stops_being_for_us_before_it_was_an_activity(uit: Uit, session: Session) -> None:
    uit.put(**CONTACTS, workflowStatus="DELETED")
    uit.run()

    assert not [secret for secret in SECRETS if secret in kept(session)]


@pytest.mark.parametrize("approved", [False, True])
def test_what_is_let_in_later_gets_it_at_the_next_run_and_then_it_is_quiet(
    uit: Uit, people: Cast, sign_in: SignIn, session: Session, approve: Callable[[Activity], None], approved: bool
) -> None:
    uit.put(labels=["babbelen"], **CONTACTS)
    for n in range(40):  # long after it
        uit.put(f"b{n}", labels=["jazz"])
    uit.run()
    form = {"municipality": str(people.gent.id), "match": "label", "value": "babbelen"}
    assert sign_in(people["gent"]).send("/admin/intake/new/", form).status_code == 302
    activity = the_activity()
    assert activity.channels == []
    if approved:
        approve(activity)

    assert uit.run()["changed"] == 1

    values = {channel.value for channel in again(activity).channels}
    assert {"+3292000001", "hanne@gent-demo.example"} <= values
    assert session.scalar(select(func.count()).where(SourceRecord.relevant, ~SourceRecord.complete)) == 0
    assert uit.run()["changed"] == 0


def test_what_the_source_no_longer_sends_is_not_asked_for_for_ever(
    uit: Uit, people: Cast, sign_in: SignIn, session: Session
) -> None:
    uit.put(labels=["babbelen"], **CONTACTS)
    uit.put("b1", modified=(START + timedelta(days=9)).isoformat())
    uit.run()
    form = {"municipality": str(people.gent.id), "match": "label", "value": "babbelen"}
    sign_in(people["gent"]).send("/admin/intake/new/", form)
    del uit.world.events["a1"]

    uit.run()

    assert session.scalar(select(func.count()).where(SourceRecord.relevant, ~SourceRecord.complete)) == 0


def test_of_what_cannot_be_read_no_way_to_reach_anybody_is_kept(uit: Uit, session: Session) -> None:
    uit.put(**CONTACTS, name={})

    assert uit.run()["failed"] == 1

    payload = str(session.scalars(select(SyncItem.payload)).one())
    assert not [secret for secret in SECRETS if secret in payload]


# --- what is hostile or broken ---

LONG = "x" * 20_000
HOSTILE: dict[str, dict[str, Any]] = {
    "an endless name": {"name": {"nl": LONG}},
    "an endless text": {"description": {"nl": LONG * 10}},
    "an endless organiser": {"organizer": {"@id": f"x/organizers/{LONG}", "name": {"nl": LONG}}},
    "an endless place": {
        "location": {
            "name": {"nl": LONG},
            "address": {"nl": {"postalCode": "9000", "addressLocality": LONG, "streetAddress": LONG}},
        }
    },
    "an endless postal code": {"location": {"address": {"nl": {"postalCode": "9" * 500}}}},
    "endless contacts": {
        "contactPoint": {
            "phone": ["0470" + "1" * 500],
            "email": ["x" * 300 + "@doemee.example"],
            "url": [f"https://doemee.example/{LONG}"],
        }
    },
    "a thousand contacts": {"contactPoint": {"email": [f"a{n}@doemee.example" for n in range(1_000)]}},
    "an endless link": {"attendanceMode": "online", "onlineUrl": f"https://doemee.example/{LONG}"},
    "an endless page": {"sameAs": [f"https://www.uitinvlaanderen.be/{LONG}"]},
    "an endless price": {"priceInfo": [{"category": "base", "price": 12, "name": {"nl": LONG}}]},
    "a price that is none": {"priceInfo": [{"category": "base", "price": 1e308}]},
    "endless labels": {"labels": ["één taalicoon", LONG, *(f"label {n}" for n in range(2_000))]},
    "nul everywhere": {"name": {"nl": "Nul\0len"}, "description": {"nl": "a\0b"}, "labels": ["één taalicoon", "\0"]},
    "scripts": {
        "name": {"nl": "<script>alert(1)</script>Babbel"},
        "description": {"nl": "<p onclick=alert(1)>Kom</p><script>alert(2)</script><img src=x onerror=alert(3)>"},
        "contactPoint": {"url": ["javascript:alert(4)"]},
        "sameAs": ["javascript:alert(5)"],
    },
    "types": {"name": 42, "labels": 9, "location": "thuis", "calendarType": ["single"]},
    "no name": {"name": {}},
    "no calendar": {"calendarType": None},
    "dates of nowhere": {"startDate": "morgen", "endDate": "overmorgen"},
    "the year ten thousand": {"startDate": "9999-12-31T23:00:00+00:00", "endDate": "9999-12-31T23:59:59+00:00"},
    "the year one": {"startDate": "0001-01-01T00:00:00+00:00", "endDate": "0001-01-01T01:00:00+00:00"},
    "an end before the start": {"startDate": "2026-12-05T13:00:00+00:00", "endDate": "2026-12-01T13:00:00+00:00"},
    "no labels": {"labels": None, "terms": None, "organizer": None, "location": None, "contactPoint": None},
    "a deep document": {"extra": [[[[[[[[[[[[[[[[[[[[["diep"]]]]]]]]]]]]]]]]]]]]]},
}


@pytest.mark.parametrize("fields", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_event_stops_nothing_and_is_taken_in_order_or_set_apart_with_its_reason(
    uit: Uit, people: Cast, sign_in: SignIn, client: FlaskClient, session: Session, fields: dict[str, Any]
) -> None:
    uit.put("voor", name={"nl": "Ervoor"})
    uit.put("h1", **fields)
    uit.put("na", name={"nl": "Erna"})

    counted = uit.run()

    assert counted["created"] + counted["failed"] == 3
    assert {"Ervoor", "Erna"} <= set(titles(session))
    assert session.scalars(select(SyncRun.state)).one().value == "done"
    items = session.scalars(select(SyncItem)).all()
    assert len(items) == counted["failed"]
    assert all(item.reason.endswith(".") and item.external_id == "h1" for item in items)
    visitor = sign_in(people["platform"])
    for activity in session.scalars(select(Activity)).all():
        page = visitor.get(f"/admin/activity/details/?id={activity.id}")
        assert page.status_code == 200
        assert "javascript:" not in page.text
        assert "onerror" not in page.text
        assert "alert(1)</script>" not in page.text
    assert visitor.get("/admin/queue/").status_code == 200


def test_an_event_without_a_usable_id_is_set_apart(uit: Uit, session: Session) -> None:
    uit.world.events["x"] = event("x") | {"@id": "https://io.uitdatabank.example/events/een <b>"}
    uit.put("na", name={"nl": "Erna"})

    assert uit.run()["failed"] == 1

    assert titles(session) == ["Erna"]
    assert "kenmerk" in session.scalars(select(SyncItem.reason)).one()


def test_what_was_hostile_and_is_mended_comes_in(uit: Uit, session: Session) -> None:
    uit.put(name={})
    uit.run()
    uit.put(name={"nl": "Hersteld"})

    assert uit.run() == counts(created=1)

    assert titles(session) == ["Hersteld"]


def test_what_we_hold_and_becomes_unreadable_stays_as_it_was(uit: Uit, session: Session) -> None:
    uit.put()
    uit.run()
    uit.put(name=42)

    assert uit.run()["failed"] == 1

    assert titles(session) == ["Babbelcafé"]


# --- the whole demo ---


def test_the_world_of_the_demo_comes_in_waits_and_lives_on(uit: Uit, people: Cast, session: Session) -> None:
    for document in DemoWorld.invented(NOW).all():
        uit.world.put(document)
    first = uit.run()

    assert first["created"] > 50
    assert first["failed"] >= 1
    waiting = session.scalars(select(Activity)).all()
    assert {row.state for row in waiting} == {State.PENDING}
    towns = {row.municipality.name for row in waiting if row.municipality}
    assert {"Gent", "Deinze", "Lochristi", "Zulte", "Aalst", "Antwerpen", "Leuven"} <= towns
    assert not [row for row in waiting if "leden" in row.title.lower() or "school" in row.title.lower()]
    for minute in range(1, 40):
        uit.world.tick(NOW + timedelta(minutes=minute))
        if minute % 8 == 0:
            uit.run()
    assert not session.scalars(select(Activity).where(Activity.state == State.PUBLISHED)).all()
    assert session.scalar(select(func.count()).select_from(Municipality)) == 304
