"""Events of UiTdatabank in our words: publiq's samples, hostile ones, and what tells versions apart."""

import json
import time
from contextlib import suppress
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.demo.uit_calendar import once
from app.demo.uit_events import event_of
from app.demo.uit_offer_elsewhere import HOSTILE
from app.domain.schedule import Flexible, Status
from app.domain.source import Audience, Contact, SourceEvent, Standing, Unreadable
from app.services.sources.uitdatabank.calendar import read_schedule
from app.services.sources.uitdatabank.mapping import content_hash, read_event, stored_payload
from tests.services.sources.uitdatabank.conftest import NOW
from tests.services.sources.uitdatabank.documents import event, samples

# Which samples cannot be taken once they are live, and why. All others are read.
REFUSED = {
    "event-dates-garbage": "Geen enkele datum",
    "event-multilingual-members-facilities-videos": "De datum",
    "event-periodic-broken-openinghours": "De openingsuren",
    "event-unknown-calendartype": "Dit soort kalender",
    "event-own-unknown-calendartype": "Dit soort kalender",
}


def read(**fields: Any) -> SourceEvent:
    return read_event(event(**fields))


# --- the samples ---


@pytest.mark.parametrize(("name", "sample"), samples().items(), ids=samples().keys())
def test_every_sample_is_read_or_refused_for_the_reason_listed(name: str, sample: dict[str, Any]) -> None:
    if name.startswith("calendar-"):
        assert read_schedule(sample, [])
        return
    live = sample | {"workflowStatus": "APPROVED"}
    if name.startswith("entry-"):
        with pytest.raises(Unreadable, match="kenmerk"):  # a body as it is sent has no id yet
            read_event(live)
        live["@id"] = "https://io.uitdatabank.example/events/sent"
    if name in REFUSED:
        with pytest.raises(Unreadable, match=REFUSED[name]):
            read_event(live)
        return
    found = read_event(live)
    assert found.title
    assert found.standing is Standing.LIVE
    assert content_hash(found) == content_hash(read_event(stored_payload(live)))


@pytest.mark.parametrize("status", ["DELETED", "REJECTED"])
@pytest.mark.parametrize(("name", "sample"), samples().items(), ids=samples().keys())
def test_every_sample_that_goes_is_read_whatever_its_shape(name: str, sample: dict[str, Any], status: str) -> None:
    found = read_event({"@id": "https://x.example/events/1"} | sample | {"workflowStatus": status})
    assert found.standing in (Standing.GONE, Standing.REJECTED)


def test_no_sample_keeps_who_made_it() -> None:
    for sample in samples().values():
        kept = json.dumps(stored_payload(sample))
        assert '"creator"' not in kept
        assert '"contributors"' not in kept


# --- identity, text, status ---


def test_the_id_is_the_last_segment_and_not_always_a_uuid() -> None:
    assert read(**{"@id": "http://old.example:8080/event/289C4681-EE51-8AD8-A7851C6434767415"}).external_id == (
        "289C4681-EE51-8AD8-A7851C6434767415"
    )


@pytest.mark.parametrize("wrong", [None, 5, "", "https://x.example/", "https://x.example/" + "a" * 65, "a/b c"])
def test_an_event_without_a_usable_id_is_refused(wrong: object) -> None:
    with pytest.raises(Unreadable, match="kenmerk"):
        read(**{"@id": wrong})


@pytest.mark.parametrize("name", [None, {}, {"nl": "  "}, {"nl": 5}, 42, {"nl": "\u200b\x00"}])
def test_an_event_without_a_name_is_refused(name: object) -> None:
    with pytest.raises(Unreadable, match="naam"):
        read(name=name)


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ({"fr": "Café", "nl": "Koffie"}, "Koffie"),
        ({"de": "Kaffee", "fr": "Café"}, "Café"),
        ({"de": "Kaffee", "nl": ""}, "Kaffee"),
        ("Gewoon tekst", "Gewoon tekst"),
    ],
)
def test_the_dutch_name_comes_first_then_the_main_language_then_any(name: object, title: str) -> None:
    assert read(name=name, mainLanguage="fr").title == title


def test_the_title_of_what_goes_is_one_line_without_control_characters_and_has_an_end() -> None:
    name = {"nl": "Hallo\r\nBcc: x@y.example\x00 \u202ekoffie" + "a" * 500}
    title = read(name=name, workflowStatus="DELETED").title
    assert title.startswith("Hallo Bcc: x@y.example koffie")
    assert len(title) == 200
    assert title.isprintable()


def test_a_broken_modified_falls_back_on_created_and_is_noted() -> None:
    found = read(modified="gisteren")
    assert found.modified.isoformat() == "2026-11-01T11:00:00+01:00"
    assert any("wijziging" in note for note in found.notes)


@pytest.mark.parametrize(
    ("word", "standing"),
    [
        ("APPROVED", Standing.LIVE),
        ("READY_FOR_VALIDATION", Standing.LIVE),
        ("REJECTED", Standing.REJECTED),
        ("DELETED", Standing.GONE),
        ("DRAFT", Standing.DRAFT),
    ],
)
def test_both_published_statuses_are_live(word: str, standing: Standing) -> None:
    assert read(workflowStatus=word).standing is standing


def test_an_unknown_status_of_publication_is_refused() -> None:
    with pytest.raises(Unreadable, match="kennen we niet"):
        read(workflowStatus="PERHAPS")


def test_a_deleted_event_without_name_or_calendar_is_still_known_to_be_gone() -> None:
    found = read(workflowStatus="DELETED", name=None, calendarType="?", audience={"audienceType": "?"})
    assert (found.standing, found.schedule, found.title) == (Standing.GONE, Flexible(), "(zonder naam)")


# --- descriptions ---


@pytest.mark.parametrize(
    ("markup", "plain"),
    [
        ("<p>Eén\nregel.</p><p>Twee<br>drie.</p>", "Eén regel.\n\nTwee\ndrie."),
        ("Gewone tekst\nmet een nieuwe regel", "Gewone tekst\nmet een nieuwe regel"),
        ("<ul><li>koffie</li><li><p>thee</p></li></ul>", "- koffie\n- thee"),
        ("Rock &amp; rol", "Rock & rol"),
        ("&amp;lt;script&amp;gt;", "&lt;script&gt;"),
        ("&lt;b&gt;niet vet&lt;/b&gt;", "<b>niet vet</b>"),
        ("2 < 3 en Tom & Jerry", "2 < 3 en Tom & Jerry"),
        ("<p>Kom</p><style>p{}</style>", "Kom"),
        (
            '<p class="on">Kom <strong>om 10 uur</strong><br/><a href="https://x.example/online=1">hier</a></p>',
            "Kom om 10 uur\nhier",
        ),
        (
            "Leer JavaScript: de basis. Op maandag, online = thuis",
            "Leer JavaScript: de basis. Op maandag, online = thuis",
        ),
        ("a\x00b\x07c", "ab c"),
    ],
)
def test_a_description_becomes_paragraphs_of_plain_text(markup: str, plain: str) -> None:
    assert read(description={"nl": markup}).description == plain


def test_an_endless_description_is_cut_and_noted() -> None:
    found = read(description={"nl": "<b>x</b>" * 700_000})
    assert len(found.description) == 10_000
    assert any("ingekort" in note for note in found.notes)


# --- place ---


def test_the_nil_place_is_online_and_its_address_is_never_shown() -> None:
    nil = {
        "@id": "https://x.example/place/00000000-0000-0000-0000-000000000000",
        "name": {"nl": "Online"},
        "address": {"nl": {"postalCode": "0000", "addressLocality": "___", "streetAddress": "___"}},
    }
    place = read(location=nil, attendanceMode="online", onlineUrl="https://praat.example/x").place
    assert (place.online, place.online_url) == (True, "https://praat.example/x")
    assert (place.name, place.street, place.postal_code, place.locality) == ("", "", "", "")


def test_a_mixed_event_has_a_place_and_a_link() -> None:
    place = read(attendanceMode="mixed", onlineUrl="https://praat.example/x").place
    assert (place.online, place.postal_code, place.online_url) == (False, "9000", "https://praat.example/x")


def test_an_online_link_that_is_no_web_address_is_dropped() -> None:
    assert read(attendanceMode="mixed", onlineUrl="javascript:alert(1)").place.online_url == ""


def test_only_municipalities_count_among_the_regions() -> None:
    regions = ["nis-44021", "nis-40000", "nis-44021-Z", "nis-44021E", "reg-gent", 5, None]
    assert read(regions=regions).place.nis_codes == frozenset({"44021"})


def test_a_postal_code_of_another_country_does_not_count() -> None:
    address = {"nl": {"addressCountry": "DK", "postalCode": "9000", "addressLocality": "Aalborg"}}
    assert read(location={"address": address}).place.postal_code == ""


def test_a_flat_old_address_and_a_numeric_postal_code_are_read() -> None:
    place = read(location={"name": "Zaal", "address": {"postalCode": 9800, "addressLocality": "Deinze"}}).place
    assert (place.name, place.postal_code, place.locality) == ("Zaal", "9800", "Deinze")


# --- contact, price, audience ---


@pytest.mark.parametrize(
    "fields",
    [
        {"contactPoint": {"phone": ["0470 00 00 01"], "email": ["a@b.example"], "url": ["www.b.example"]}},
        {
            "contactPoint": [
                {"telephone": "0470/00.00.01", "email": ["a@b.example"]},
                {"url": "https://www.b.example"},
            ]
        },
        {"bookingInfo": {"phone": "+32470000001", "email": "a@b.example", "url": "https://www.b.example"}},
        {
            "contactPoint": {
                "phone": ["a@b.example", "0470 00 00 01", None],
                "email": "",
                "url": ["https://www.b.example"],
            }
        },
        {"organizer": {"email": ["a@b.example"], "phone": ["0470000001"], "url": "https://www.b.example"}},
    ],
)
def test_contacts_are_read_in_all_their_shapes(fields: dict[str, Any]) -> None:
    assert set(read(**fields).contacts) == {
        Contact("email", "a@b.example"),
        Contact("mobile", "+32470000001"),
        Contact("website", "https://www.b.example"),
    }


def test_a_landline_is_a_landline_and_what_cannot_be_read_is_dropped_and_noted() -> None:
    found = read(contactPoint={"phone": ["09 200 00 01", "bel ons"], "url": ["javascript:alert(1)"]})
    assert found.contacts == (Contact("landline", "+3292000001"),)
    assert found.notes == ("Een contactgegeven is niet te lezen en weggelaten.",)


@pytest.mark.parametrize(
    ("price_info", "words"),
    [
        (None, ""),
        ([], ""),
        ("duur", ""),
        ([{"category": "base", "price": 0}], "gratis"),
        ([{"category": "base", "price": 3.0}], "3 euro"),
        ([{"category": "base", "price": 10.5}], "10,50 euro"),
        (
            [{"category": "tariff", "name": "Studenten", "price": 5}, {"category": "base", "price": 10.5}],
            "10,50 euro; Studenten: 5 euro",
        ),
        ([{"category": "base", "price": "veel"}], ""),
        ([{"category": "base", "price": -1}], ""),
        ([{"category": "base", "price": True}], ""),
    ],
)
def test_a_price_is_said_in_words_and_unknown_is_not_free(price_info: object, words: str) -> None:
    assert read(priceInfo=price_info).price == words


@pytest.mark.parametrize(
    ("fields", "audience"),
    [
        ({}, Audience.EVERYONE),
        ({"audience": {"audienceType": "members"}}, Audience.MEMBERS),
        ({"audience": {"audienceType": "education"}}, Audience.EDUCATION),
        ({"childrenOnly": True}, Audience.CHILDREN),
        ({"typicalAgeRange": "6-12"}, Audience.CHILDREN),
        ({"typicalAgeRange": "-15"}, Audience.CHILDREN),
        ({"typicalAgeRange": "-16"}, Audience.EVERYONE),
        ({"typicalAgeRange": "12-99"}, Audience.EVERYONE),
        ({"typicalAgeRange": "6-"}, Audience.EVERYONE),
        ({"typicalAgeRange": "-"}, Audience.EVERYONE),
        ({"typicalAgeRange": "jong"}, Audience.EVERYONE),
        ({"typicalAgeRange": "6-12", "birthdateRange": {"from": "1960-01-01"}}, Audience.EVERYONE),
    ],
)
def test_for_whom_it_is(fields: dict[str, Any], audience: Audience) -> None:
    assert read(**fields).audience is audience


def test_an_audience_we_do_not_know_is_refused() -> None:
    with pytest.raises(Unreadable, match="publiek"):
        read(audience={"audienceType": "friends"})


# --- labels, terms, links, publication ---


def test_visible_and_hidden_labels_are_kept_once() -> None:
    assert read(labels=["Één taalicoon", 5], hiddenLabels=["één taalicoon", "intern"]).labels == (
        "één taalicoon",
        "intern",
    )


def test_terms_go_by_id_and_old_regions_among_them_are_left_out() -> None:
    terms = [
        {"id": "0.50.4.0.0", "domain": "eventtype"},
        {"id": "reg.692", "domain": "flandersregion"},
        "x",
        {"id": 5},
    ]
    assert read(terms=terms).term_ids == ("0.50.4.0.0",)


def test_only_web_addresses_become_links() -> None:
    found = read(
        image="javascript:alert(1)",
        mediaObject=[{"contentUrl": "data:text/html,x"}],
        sameAs=[
            "88992",
            "javascript:alert(1)//uitinvlaanderen.be",
            "http://www.uitinvlaanderen.be/agenda/e/x/1",
        ],
    )
    assert (found.image_url, found.url) == ("", "http://www.uitinvlaanderen.be/agenda/e/x/1")
    assert read(sameAs=["https://uitinvlaanderen.be.kwaad.example/x"]).url == ""


def test_the_main_image_comes_with_whose_it_is() -> None:
    found = read(mediaObject=[{"contentUrl": "https://i.example/a.png", "copyrightHolder": "Jan (demo)"}])
    assert (found.image_url, found.image_credit) == ("https://i.example/a.png", "Jan (demo)")


def test_publication_ends_with_the_day_and_2100_is_for_ever() -> None:
    found = read(availableFrom="2026-12-01T00:00:00+01:00", availableTo="2026-12-31T00:00:00+01:00")
    assert found.public_from
    assert found.public_from.isoformat() == "2026-12-01T00:00:00+01:00"
    assert found.public_until
    assert found.public_until.isoformat() == "2027-01-01T00:00:00+01:00"
    assert read(availableTo="2100-01-01T00:00:00+00:00").public_until is None


# --- hostile ---


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"name": {"nl": "Babbel<script>alert(1)</script>"}}, "een tag in de titel"),
        ({"name": "Babbel</p>"}, "een tag in de titel"),
        ({"name": "Babbel<!-- x -->"}, "een tag in de titel"),
        ({"name": "Babbel\r\nBcc: x@y.example"}, "een regeleinde of stuurteken in de titel"),
        ({"name": "Bab\x07bel"}, "een regeleinde of stuurteken in de titel"),
        ({"name": "Bab\u2028bel"}, "een regeleinde of stuurteken in de titel"),
        ({"organizer": {"name": {"nl": "<b>Wij</b>"}}}, "een tag in de naam van de organisator"),
        ({"location": {"name": {"nl": "<img src=x>"}}}, "een tag in de naam van de plaats"),
        ({"location": {"address": {"nl": {"streetAddress": "Kaai\n1", "postalCode": "9000"}}}}, "in de straat"),
        ({"labels": ["goed", "<i>"]}, "een tag in een label"),
        ({"hiddenLabels": ["a\nb"]}, "in een label"),
        ({"description": {"nl": "<p>Kom</p><SCRIPT src=x></SCRIPT>"}}, "een script in de beschrijving"),
        ({"description": {"nl": '<p onclick="x()">Kom</p>'}}, "een on…-attribuut in de beschrijving"),
        ({"description": {"nl": "<svg/onload=x>"}}, "een on…-attribuut in de beschrijving"),
        ({"description": {"nl": "<foo title='>' \nOnFoo = x>"}}, "een on…-attribuut in de beschrijving"),
        ({"description": {"nl": "<body onload=x>"}}, "een on…-attribuut in de beschrijving"),
        ({"description": {"nl": '<a href="javascript:alert(1)">x</a>'}}, "een javascript-adres in de beschrijving"),
        ({"description": {"nl": '<a href=" Java\tscript&#58;alert(1)">x</a>'}}, "een javascript-adres"),
        ({"description": {"nl": '<a href="data:text/html,x">x</a>'}}, "een javascript-adres in de beschrijving"),
    ],
)
def test_code_in_a_live_event_sets_it_apart_and_what_goes_may_go(fields: dict[str, Any], where: str) -> None:
    with pytest.raises(Unreadable, match=where):
        read(**fields)
    assert read(**fields, workflowStatus="DELETED").standing is Standing.GONE


@pytest.mark.parametrize("title", ["Wij <3 praten", "Als a < b, dan koffie", "Praten > zwijgen", " Koffie\n"])
def test_a_title_with_a_sign_that_is_no_tag_is_fine(title: str) -> None:
    assert read(name=title).title == title.strip()


@pytest.mark.parametrize(
    "markup", ["<b>" * 33_000, "<a" * 50_000, "<p title='" * 10_000, "on=" * 33_000, "<a onx" * 16_000]
)
def test_looking_for_code_takes_no_time(markup: str) -> None:
    started = time.monotonic()
    with suppress(Unreadable):
        read(description=markup)
    assert time.monotonic() - started < 3


def test_a_modified_far_ahead_does_not_count_and_a_broken_created_neither() -> None:
    odd = event(modified="2199-01-01T00:00:00Z", created="2199-01-01T00:00:00Z")
    assert read_event(odd, NOW).modified.year == 1970
    assert read_event(odd).modified.year == 2199


def test_the_hostile_event_of_the_demo_is_set_apart_and_inert_where_it_goes() -> None:
    offer, wrong = HOSTILE[0]
    with pytest.raises(Unreadable, match="bevat code: er staat een tag in de titel"):
        read_event(event_of(offer, NOW, 0) | wrong)
    found = read_event(event_of(offer, NOW, 0) | wrong | {"workflowStatus": "DELETED"})
    assert found.title.isprintable()
    assert found.description == 'Kom hier\n\n=HYPERLINK("https://kwaad.example")'
    assert (found.image_url, found.url) == ("", "")
    assert all("alert" not in contact.value for contact in found.contacts)


def test_a_broken_event_is_refused_and_nothing_else() -> None:
    offer, wrong = HOSTILE[1]
    with pytest.raises(Unreadable):
        read_event(event_of(offer, NOW, 0) | wrong)


def test_a_bottomless_or_endless_payload_is_kept_within_bounds() -> None:
    deep: Any = "onderaan"
    for _ in range(900):
        deep = {"dieper": [deep]}
    kept = stored_payload(event(deep=deep, long="x" * 5_000_000, nul="a\x00b", creator="iemand"))
    assert len(json.dumps(kept)) < 200_000
    assert kept["nul"] == "ab"


def test_a_payload_holds_nothing_that_no_database_takes() -> None:
    odd = {"a\ud800\x00": ["\udfff", float("inf"), float("nan"), 10**5_000, True, 1.5, 7]}
    kept = stored_payload(event(odd=odd))
    assert kept["odd"] == {"a\ufffd": ["\ufffd", None, None, None, True, 1.5, 7]}
    json.dumps(kept, allow_nan=False, ensure_ascii=False).encode()


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["nl", "type", "startDate"]), inner),
    max_leaves=6,
)
KEYS = sorted(
    {key for sample in samples().values() for key in sample} | set(event()) | {"regions", "subEvent", "openingHours"}
)
ITEM = st.dictionaries(
    st.sampled_from(
        [
            "startDate",
            "endDate",
            "status",
            "opens",
            "closes",
            "dayOfWeek",
            "price",
            "category",
            "name",
            "address",
            "nl",
        ]
    ),
    JUNK | st.just("2026-12-01T10:00:00Z"),
)


@settings(max_examples=300, deadline=None)
@given(
    st.dictionaries(st.sampled_from(KEYS), JUNK | ITEM | st.lists(ITEM, max_size=2), max_size=6),
    st.sampled_from(["single", "multiple", "periodic", "permanent"]),
    st.sampled_from(["APPROVED", "DELETED"]),
)
def test_no_shape_of_a_field_breaks_the_reader(wrong: dict[str, Any], kind: str, status: str) -> None:
    with suppress(Unreadable):
        found = read_event(event(calendarType=kind, workflowStatus=status) | wrong)
        assert len(content_hash(found)) == 64


# --- the fingerprint ---


def test_two_versions_that_differ_in_nothing_that_matters_have_one_fingerprint() -> None:
    plain = event(labels=["a"], terms=[{"id": "1"}, {"id": "2"}])
    other = deepcopy(plain) | {
        "modified": "2026-11-21T10:00:00+00:00",
        "labels": ["b"],
        "terms": [{"id": "2"}, {"id": "1"}],
        "startDate": "2026-12-01T14:00:00+01:00",
        "playhead": 9,
        "regions": ["nis-44021"],
        "sameAs": ["https://www.uitinvlaanderen.be/x"],
        "creator": "iemand anders",
        "workflowStatus": "READY_FOR_VALIDATION",
    }
    assert content_hash(read_event(plain)) == content_hash(read_event(other))


@pytest.mark.parametrize(
    "fields",
    [
        {"name": {"nl": "Anders"}},
        {"description": {"nl": "Anders"}},
        {"startDate": "2026-12-01T12:00:00+00:00"},
        {"status": {"type": "Unavailable"}},
        {"bookingAvailability": {"type": "Unavailable"}},
        {"location": {"name": {"nl": "Elders"}}},
        {"attendanceMode": "online"},
        {"organizer": {"name": "Iemand"}},
        {"terms": [{"id": "0.50.4.0.0"}]},
        {"priceInfo": [{"category": "base", "price": 1}]},
        {"contactPoint": {"email": ["a@b.example"]}},
        {"typicalAgeRange": "18-"},
        {"image": "https://i.example/a.png"},
        {"audience": {"audienceType": "members"}},
        {"workflowStatus": "DELETED"},
    ],
)
def test_every_relevant_field_changes_the_fingerprint(fields: dict[str, Any]) -> None:
    assert content_hash(read()) != content_hash(read(**fields))


def test_a_sold_out_event_says_so() -> None:
    full = once(3, "10:00", "12:00", bookingAvailability={"type": "Unavailable"})(NOW.date())
    assert read(**full).status is Status.SOLD_OUT
