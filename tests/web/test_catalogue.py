"""What everybody may read: the list, and the page of one activity."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.domain.activity import State
from app.domain.contact import Channel
from app.domain.schedule import Dates, Flexible, Status
from app.models import Activity, Goal, Level, Topic, db
from app.services import catalogue
from app.services.catalogue import Filters
from app.web.catalogue import activity_url, slug_of
from tests.factories import (
    NOW,
    ActivityFactory,
    ContactChannelFactory,
    OrganisationFactory,
    moment,
    own_entry,
    town,
    uit_event,
)

LATER, YESTERDAY = NOW + timedelta(days=1), NOW - timedelta(days=1)


def listed(session: Session, page: int = 1, **filters: object) -> list[str]:
    return [row.title for row in catalogue.search(session, NOW, Filters(**filters), page).activities]  # type: ignore[arg-type]


def address(activity: Activity) -> str:
    return f"/activiteiten/{activity.id}-{slug_of(activity.title)}"


def shown(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.text


def entry_in(name: str, **more: object) -> Activity:
    return own_entry(OrganisationFactory(municipality=town(name)), **more)


@contextmanager
def counted() -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    yield statements
    event.remove(db.engine, "before_cursor_execute", note)


# --- what is found ---


def test_only_what_is_public_now_is_listed(session: Session) -> None:
    own_entry(title="Online")
    for state in (State.DRAFT, State.PENDING, State.REJECTED, State.WITHDRAWN):
        own_entry(title=str(state), state=state, public_from=YESTERDAY)
    own_entry(title="pas morgen", public_from=LATER)
    own_entry(title="voorbij", schedule=Dates((moment(-3),)))

    assert listed(session) == ["Online"]


def test_what_starts_at_this_very_moment_is_public(session: Session) -> None:
    own_entry(title="Nu", public_from=NOW)

    assert listed(session) == ["Nu"]


def test_a_page_stands_in_the_order_of_the_next_moments_and_ends_with_what_has_none(session: Session) -> None:
    own_entry(title="later", schedule=Dates((moment(9),)))
    own_entry(title="straks", schedule=Dates((moment(2),)))
    own_entry(title="bezig", schedule=Dates((moment(-5), moment(20))))
    own_entry(title="in overleg", schedule=Flexible())

    assert listed(session) == ["straks", "later", "bezig", "in overleg"]


@pytest.mark.parametrize("where", ["Gent", "gent", " GENT ", "9050", "9050 Gentbrugge"])
def test_a_town_is_found_by_its_name_or_a_postal_code(session: Session, where: str) -> None:
    entry_in("Gent", title="Hier")
    entry_in("Deinze", title="Elders")

    assert listed(session, where=where) == ["Hier"]


@pytest.mark.parametrize(("where", "name"), [("sint niklaas", "Sint-Niklaas"), ("bruxelles", ""), ("%", "")])
def test_a_town_is_known_whatever_its_dashes_and_nothing_else_is(session: Session, where: str, name: str) -> None:
    assert catalogue.search(session, NOW, Filters(where=where)).town == name


def test_an_unknown_town_finds_nothing_and_offers_the_one_that_was_meant(session: Session) -> None:
    entry_in("Gent")
    entry_in("Deinze")

    found = catalogue.search(session, NOW, Filters(where="Gennt"))

    assert (found.total, found.unknown_place) == (0, True)
    assert [(way.without, way.filters.where, way.count) for way in found.ways] == [("", "Gent", 1), ("where", "", 2)]


def test_topic_goal_and_level_each_narrow_the_list(session: Session) -> None:
    cooking = session.scalars(select(Topic).filter_by(key="cooking")).one()
    meet = session.scalars(select(Goal).filter_by(key="meet")).one()
    levels = {level.number: level for level in session.scalars(select(Level))}
    own_entry(title="koken", topics=[cooking], level=levels[1])
    own_entry(title="ontmoeten", goals=[meet], level=levels[2])
    own_entry(title="gewoon")

    assert listed(session, topic="cooking") == ["koken"]
    assert listed(session, goal="meet") == ["ontmoeten"]
    assert listed(session, level=2) == ["ontmoeten"]
    assert listed(session, level=2, topic="cooking") == []


def test_every_word_must_stand_somewhere_and_wildcards_are_letters(session: Session) -> None:
    own_entry(OrganisationFactory(name="Buurthuis De Kring"), title="Soep koken", description="Met brood")
    own_entry(title="100% soep")
    own_entry(title="Wandelen")

    assert listed(session, words="SOEP") == ["Soep koken", "100% soep"]
    assert listed(session, words="brood kring") == ["Soep koken"]
    assert listed(session, words="%") == ["100% soep"]
    assert listed(session, words="_") == []


def test_nothing_found_says_what_appears_when_one_filter_goes(session: Session) -> None:
    entry_in("Gent", title="Soep")
    entry_in("Deinze", title="Brood")

    found = catalogue.search(session, NOW, Filters(where="Gent", words="brood"))

    assert [(way.without, way.count) for way in found.ways] == [("words", 1), ("where", 1), ("all", 2)]


def test_a_page_holds_24_and_one_too_far_is_the_last(session: Session) -> None:
    place = OrganisationFactory()
    ActivityFactory.create_batch(25, organisation=place)

    assert len(listed(session)) == 24
    assert len(listed(session, page=2)) == 1
    assert listed(session, page=999) == listed(session, page=2)
    assert listed(session, page=-1) == listed(session, page=1)


def test_the_number_of_queries_does_not_grow_with_the_rows(client: FlaskClient, session: Session) -> None:
    topics = session.scalars(select(Topic).limit(3)).all()
    entry_in("Gent", topics=topics)
    with counted() as few:
        client.get("/?waar=Gent")
    for _ in range(9):
        entry_in("Gent", topics=topics)
    with counted() as many:
        client.get("/?waar=Gent")

    assert len(many) == len(few)


# --- the list as a page ---


def test_the_list_asks_what_you_want_to_do_in_your_town(client: FlaskClient, session: Session) -> None:
    activity = entry_in("Gent", title="Samen soep maken", price="gratis", place_name="Buurthuis")
    entry_in("Deinze", title="Elders")

    page = shown(client, "/?waar=gent")

    assert "Wat wil je doen in Gent?" in page
    assert "1 activiteit in Gent" in page
    assert f'href="{address(activity)}"' in page
    assert "Dinsdag 22 september om 14 uur" in page
    assert "Elders" not in page


def test_toon_meer_keeps_the_filters(client: FlaskClient, session: Session) -> None:
    ActivityFactory.create_batch(25, organisation=OrganisationFactory(municipality=town("Gent")))

    assert "/?waar=Gent&amp;pagina=2" in shown(client, "/?waar=Gent")
    assert "25 tot 25 van 25" in shown(client, "/?waar=Gent&pagina=2")


def test_an_empty_list_offers_a_way_out_with_its_count(client: FlaskClient, session: Session) -> None:
    entry_in("Deinze")

    page = shown(client, "/?waar=Gent")

    assert "We vinden niets" in page
    assert "In alle gemeenten: 1 activiteit" in page


def test_nothing_at_all_online_is_said_too(client: FlaskClient) -> None:
    assert "Er staan nu geen activiteiten online" in shown(client, "/")


ODD = [
    {"pagina": "-1"},
    {"pagina": "9" * 400},
    {"pagina": "٣"},
    {"niveau": "abc"},
    {"niveau": "99"},
    {"wat": "' or 1=1 --"},
    {"doel": "\\"},
    {"q": "%_\\/"},
    {"q": "x" * 5_000},
    {"waar": "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16")},
    {"waar": "é" * 5_000},
    {"waar": "[(*"},
    {"_external": "1", "_scheme": "x"},
]


@pytest.mark.parametrize("values", ODD, ids=lambda values: next(iter(values)))
def test_odd_values_are_met_with_an_answer(client: FlaskClient, session: Session, values: dict[str, str]) -> None:
    own_entry()

    assert client.get(f"/?{urlencode(values)}").status_code == 200


@pytest.mark.parametrize("name", ["waar", "wat", "niveau", "doel", "q", "pagina"])
def test_a_nul_is_no_crash(client: FlaskClient, name: str) -> None:
    assert client.get(f"/?{name}=a%00b").status_code in (200, 400)


def test_what_was_typed_comes_back_as_text(client: FlaskClient) -> None:
    typed = {"waar": "<script>", "q": '"><script>'}

    page = shown(client, f"/?{urlencode(typed)}")

    assert "<script>" not in page.replace("<script src=", "")


# --- one activity ---


def test_a_page_tells_what_when_where_and_whom_to_ask(client: FlaskClient, session: Session) -> None:
    activity = entry_in(
        "Gent",
        title="Samen soep maken",
        description="We koken samen.\nBreng een pot mee.\n\nTot dan & <b>smakelijk</b>",
        place_name="Buurthuis",
        street="Zuidpark 2",
        postal_code="9000",
        locality="Gent",
        price="2 euro",
        level=session.scalars(select(Level).filter_by(number=2)).one(),
        goals=session.scalars(select(Goal).limit(1)).all(),
    )
    ContactChannelFactory(activity=activity, kind=Channel.LANDLINE, value="+3291234567")
    ContactChannelFactory(activity=activity, kind=Channel.SIGNAL, value="+32470123456")

    page = shown(client, address(activity))

    for words in (
        f"bij {activity.organiser}",
        "We koken samen.<br>Breng een pot mee.</p>",
        "Tot dan &amp; &lt;b&gt;smakelijk&lt;/b&gt;",
        "Dinsdag 22 september 2026 van 14 tot 16 uur.",
        "september 2026",
        "Zuidpark 2",
        "gewone zinnen",
        "Nederlands oefenen",
        "2 euro",
        'href="tel:+3291234567"',
        "Bel 09 123 45 67",
        "Signal: 0470 12 34 56",
    ):
        assert words in page


def test_nothing_internal_is_on_the_page(client: FlaskClient, session: Session) -> None:
    activity = own_entry(internal_note="Let op met deze organisator")
    ContactChannelFactory(activity=activity, value="intern@doemee.example", public=False)
    ContactChannelFactory(activity=activity, value="open@doemee.example")

    pages = shown(client, address(activity)) + shown(client, "/")

    assert "open@doemee.example" in pages
    assert "intern@doemee.example" not in pages
    assert "Let op met" not in pages


def test_only_an_address_of_the_web_is_ever_a_link(client: FlaskClient, session: Session) -> None:
    activity = own_entry(online=True, online_url="javascript:alert(1)", source_url="javascript:alert(2)")
    ContactChannelFactory(activity=activity, kind=Channel.WEBSITE, value="javascript:alert(3)")

    assert 'href="javascript:' not in shown(client, address(activity))


def test_an_event_of_uit_says_where_it_comes_from(client: FlaskClient, session: Session) -> None:
    link = "https://www.uitinvlaanderen.be/agenda/1"
    activity = uit_event(town("Gent"), state=State.PUBLISHED, public_from=YESTERDAY, source_url=link)
    own = own_entry()

    page = shown(client, address(activity))

    assert "Deze activiteit komt uit UiT" in page
    assert f'href="{link}"' in page
    assert "komt uit UiT" not in shown(client, address(own))


@pytest.mark.parametrize(
    ("status", "sign", "words"),
    [
        (Status.CANCELLED, "Gaat niet door", "Je hoeft niet te komen."),
        (Status.POSTPONED, "Uitgesteld", "Er is nog geen nieuwe datum."),
        (Status.SOLD_OUT, "Volzet", "Er is geen plaats meer vrij."),
    ],
)
def test_what_does_not_go_on_as_planned_says_so(
    client: FlaskClient, session: Session, status: Status, sign: str, words: str
) -> None:
    activity = own_entry(status=status)

    assert words in shown(client, address(activity))
    assert sign in shown(client, "/")


def test_one_cancelled_date_leaves_the_next_one_standing(client: FlaskClient, session: Session) -> None:
    activity = own_entry(schedule=Dates((moment(1, status=Status.CANCELLED), moment(2))))

    page = shown(client, address(activity))

    assert "Woensdag 16 (gaat niet door) en donderdag 17 september 2026" in page
    assert "<b>donderdag 17 september</b>" in page
    assert "note--stop" not in page


# --- its address ---


def test_a_missing_or_wrong_slug_leads_to_the_right_address(client: FlaskClient, session: Session) -> None:
    activity = own_entry(title="Taalcafé: één keer!")
    right = f"/activiteiten/{activity.id}-taalcafe-een-keer"

    for path in (f"/activiteiten/{activity.id}", f"/activiteiten/{activity.id}-", f"/activiteiten/{activity.id}-x"):
        answer = client.get(path)
        assert (answer.status_code, answer.location) == (301, right)
    assert client.get(f"/activiteiten/{activity.id}-x?lang=en").location == f"{right}?lang=en"
    assert client.get(right).status_code == 200


def test_an_address_for_elsewhere_is_the_one_that_answers(app: Flask, client: FlaskClient, session: Session) -> None:
    activity = own_entry()
    with app.test_request_context():
        assert activity_url(activity) == address(activity)
        assert app.jinja_env.globals["activity_url"] is activity_url
    assert client.get(address(activity)).status_code == 200


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Babbelen & breien", "babbelen-breien"),
        ("Œuvre Élan ß", "uvre-elan"),
        ("Розмовляємо", "activiteit"),
        ("x" * 200, "x" * 60),
        ("woord " * 30, "-".join(["woord"] * 10)),
    ],
)
def test_a_slug_is_short_plain_ascii(title: str, slug: str) -> None:
    assert slug_of(title) == slug


@pytest.mark.parametrize("state", [State.DRAFT, State.PENDING, State.REJECTED])
def test_what_is_not_public_is_not_found(client: FlaskClient, session: Session, state: State) -> None:
    assert client.get(address(own_entry(state=state, public_from=YESTERDAY))).status_code == 404


def test_what_is_over_or_public_later_is_not_found(client: FlaskClient, session: Session) -> None:
    assert client.get(address(own_entry(schedule=Dates((moment(-3),))))).status_code == 404
    assert client.get(address(own_entry(public_from=LATER))).status_code == 404


@pytest.mark.parametrize("number", ["0", "1", str(2**31), str(2**63), "9" * 5_000, "-1", "x"])
def test_a_number_that_is_nobodys_is_not_found(client: FlaskClient, number: str) -> None:
    assert client.get(f"/activiteiten/{number}-iets").status_code == 404
    assert client.get(f"/activiteiten/{number}").status_code == 404


def test_what_was_public_and_is_withdrawn_says_it_goes_on_no_more(client: FlaskClient, session: Session) -> None:
    activity = entry_in("Gent", title="Samen <i>soep</i>", state=State.WITHDRAWN, public_from=YESTERDAY)

    answer = client.get(address(activity))

    assert answer.status_code == 410
    assert "“Samen &lt;i&gt;soep&lt;/i&gt;” gaat niet meer door" in answer.text
    assert 'href="/?waar=Gent"' in answer.text


def test_what_was_withdrawn_before_it_was_public_is_not_found(client: FlaskClient, session: Session) -> None:
    assert client.get(address(own_entry(state=State.WITHDRAWN, public_from=None))).status_code == 404


# --- how it answers ---


def test_a_cache_may_keep_a_page_for_a_minute_and_no_cookie_is_set(client: FlaskClient, session: Session) -> None:
    for path in ("/", address(own_entry())):
        answer = client.get(path)
        assert answer.headers["Cache-Control"] == "public, max-age=60"
        assert "Cookie" in answer.headers["Vary"]
        assert "Set-Cookie" not in answer.headers


def test_what_is_not_found_is_kept_by_no_cache(client: FlaskClient) -> None:
    assert client.get("/activiteiten/1-iets").headers["Cache-Control"] == "no-store"


def test_a_message_for_one_person_is_kept_by_no_cache(client: FlaskClient) -> None:
    with client.session_transaction() as cookie:
        cookie["_flashes"] = [("done", "Je bent afgemeld.")]

    answer = client.get("/")

    assert "Je bent afgemeld." in answer.text
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_reading_is_all_one_can_do(client: FlaskClient, session: Session, method: str) -> None:
    def asked(path: str) -> TestResponse:
        return client.open(path, method=method)

    assert asked("/").status_code in (400, 405)  # 400: a form without its token is refused before anything else
    assert asked(address(own_entry())).status_code in (400, 405)
    assert client.head("/").status_code == 200
