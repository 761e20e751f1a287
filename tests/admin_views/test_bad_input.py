"""What nobody types, and what people mistype: no 500, words beside the field, and everything typed still there."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.activity import State
from app.models import Activity
from tests.admin_views import Cast, again, cast, form_on, main_text, read, rows, typed, words_at
from tests.factories import IntakeRuleFactory, own_entry, uit_event

SignIn = Callable[..., FlaskClient]
NO_IDS = [
    "abc",
    "0",
    "-1",
    "+1",
    "1,2",
    "1 OR 1=1",
    "9" * 30,
    "",
    " ",
    "²",
    "١",
    "1.0",
    "1e1",
    "0x1",
    "None",
    "null",
    "❤",
]
SCREENS = ("activity", "queue", "fresh", "organisation", "people", "intake")


@pytest.fixture
def people(session: Session) -> Cast:
    return cast()


@pytest.fixture
def gent(people: Cast, sign_in: SignIn) -> FlaskClient:
    return sign_in(people["gent"])


@pytest.fixture
def ines(people: Cast, sign_in: SignIn) -> FlaskClient:
    return sign_in(people["organisator"])


# --- ids ---


@pytest.mark.parametrize("id", NO_IDS)
def test_what_is_no_id_is_found_nowhere(people: Cast, gent: FlaskClient, session: Session, id: str) -> None:
    own_entry(people.bib), uit_event(people.gent), IntakeRuleFactory(municipality=people.gent)
    before = rows(session)

    for path in ("details/", "edit/", "withdraw/"):
        assert gent.get(f"/admin/activity/{path}", query_string={"id": id}).status_code == 404
    assert gent.get("/admin/organisation/details/", query_string={"id": id}).status_code == 404
    assert gent.get("/admin/queue/", query_string={"id": id}).status_code == (404 if id else 200)
    posts: list[tuple[str, dict[str, str]]] = [
        *((f"/admin/activity/{verb}/", {"id": id}) for verb in ("delete", "withdraw", "reopen", "publish")),
        *(("/admin/queue/decide/", {"id": id, "decision": word}) for word in ("approve", "reject", "enrich")),
        ("/admin/queue/undo/", {"id": id}),
        ("/admin/fresh/unseen/", {"rowid": id}),
        ("/admin/fresh/seen/", {"rowid": id}),
        ("/admin/intake/delete/", {"id": id}),
    ]
    for path, form in posts:
        assert gent.send(path, form).status_code in (403, 404), path
    assert gent.send(f"/admin/activity/edit/?id={id}", typed(people.bib)).status_code == 404

    assert rows(session) == before


def test_an_id_that_is_missing_is_found_nowhere(gent: FlaskClient) -> None:
    for path in ("activity/details/", "activity/edit/", "activity/withdraw/", "organisation/details/"):
        assert gent.get(f"/admin/{path}").status_code == 404
    for path in ("activity/delete/", "activity/reopen/", "activity/publish/", "queue/decide/", "queue/undo/"):
        assert gent.send(f"/admin/{path}").status_code in (403, 404)


def test_of_an_id_given_twice_the_first_counts(people: Cast, gent: FlaskClient) -> None:
    first, second = own_entry(people.bib, title="De eerste"), own_entry(people.bib, title="De tweede")

    answer = gent.get(f"/admin/activity/details/?id={first.id}&id={second.id}")

    assert "De eerste" in main_text(answer)
    assert "De tweede" not in main_text(answer)


@pytest.mark.parametrize("id", ["abc", "-1", "9" * 30, "%00", "1%2C2", "1e9", "²"])
def test_a_public_address_that_is_none_is_found_nowhere(client: FlaskClient, id: str) -> None:
    assert client.get(f"/activiteiten/{id}-x").status_code == 404


def test_a_public_id_too_big_for_a_row_is_found_nowhere(client: FlaskClient) -> None:
    assert client.get(f"/activiteiten/{2**31}-x").status_code == 404
    assert client.get(f"/activiteiten/{2**63}").status_code == 404


# --- lists ---


@pytest.mark.parametrize("page", ["-1", "1e30", "abc", "²", "1.5", "NaN", "1,2", "٣", "%20", "true"])
def test_a_page_that_is_none_is_not_found(people: Cast, gent: FlaskClient, page: str) -> None:
    own_entry(people.bib, title="Er is er een")
    for screen in SCREENS:
        assert gent.get(f"/admin/{screen}/?page={page}").status_code == 404


@pytest.mark.parametrize("page", ["", "0", "99999", "9" * 30])
def test_a_page_too_far_is_the_last_one(people: Cast, gent: FlaskClient, page: str) -> None:
    own_entry(people.bib, title="Er is er een")
    for screen in SCREENS:
        assert gent.get(f"/admin/{screen}/?page={page}").status_code == 200
    assert "Er is er een" in main_text(gent.get(f"/admin/activity/?page={page}"))


@pytest.mark.parametrize("page", ["-1", "1e30", "abc", "9" * 30, "", "²"])
def test_a_public_page_that_is_none_is_one_that_exists(people: Cast, client: FlaskClient, page: str) -> None:
    own_entry(people.bib, title="Er is er een")
    assert "Er is er een" in client.get(f"/?pagina={page}").text


@pytest.mark.parametrize("name", ["state", "origin", "topic", "level", "when", "show"])
@pytest.mark.parametrize("value", ["bestaat-niet", "' OR 1=1 --", "²", "9" * 40, "[object Object]", "PUBLISHED"])
def test_an_unknown_filter_value_narrows_nothing(people: Cast, gent: FlaskClient, name: str, value: str) -> None:
    own_entry(people.bib, title="Er is er een")
    for screen in ("activity", "fresh", "queue"):
        assert gent.get(f"/admin/{screen}/", query_string={name: value}).status_code == 200
    assert "Er is er een" in main_text(gent.get("/admin/activity/", query_string={name: value}))


@pytest.mark.parametrize("name", ["waar", "wat", "niveau", "doel"])
@pytest.mark.parametrize("value", ["bestaat-niet", "' OR 1=1 --", "²", "9" * 40])
def test_an_unknown_public_filter_is_no_error(client: FlaskClient, name: str, value: str) -> None:
    assert client.get("/", query_string={name: value}).status_code == 200


@pytest.mark.parametrize("sign", ["%", "_", "\\", "%%", "\\%", "'", '"', "%_\\", "[a-z]", "*"])
def test_signs_of_a_search_are_letters(people: Cast, gent: FlaskClient, client: FlaskClient, sign: str) -> None:
    own_entry(people.bib, title=f"Met {sign} erin")
    own_entry(people.bib, title="Gewoon")

    for answer in (
        gent.get("/admin/activity/", query_string={"q": sign}),
        client.get("/", query_string={"q": sign}),
    ):
        assert f"Met {sign} erin" in read(answer).text
        assert "Gewoon" not in read(answer).text


def test_a_search_of_six_kilobytes_is_cut(people: Cast, gent: FlaskClient, client: FlaskClient) -> None:
    for text in ("x" * 6_000, "%" * 6_000, "ß" * 3_000, "a " * 3_000):
        for screen in ("activity", "organisation"):
            assert gent.get(f"/admin/{screen}/", query_string={"q": text}).status_code == 200
        assert client.get("/", query_string={"q": text}).status_code == 200


# --- what no keyboard types ---


@pytest.mark.parametrize(
    "path", ["/%00", "/admin/%00", "/static/%00", "/static/css/base.css%00", "/activiteiten/1-%00"]
)
def test_a_nul_in_the_path_is_refused(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code in (400, 404)


def test_a_nul_is_refused_wherever_it_stands(people: Cast, gent: FlaskClient, session: Session) -> None:
    before = rows(session)

    for path in ("/admin/activity/?q=%00", "/admin/activity/?%00=1", "/?q=a%00b", "/admin/queue/?id=%00"):
        assert gent.get(path).status_code == 400
    for name in ("title", "channels-0-value", "form_token", "schedule-one-day", "een\0veld"):
        form = typed(people.bib) | {name: "voor\0na"}
        assert gent.send("/admin/activity/new/", form).status_code == 400
    assert gent.send("/admin/queue/decide/?a=%00", {"id": "1"}).status_code == 400

    assert rows(session) == before


@pytest.mark.parametrize("text", ["%ff%fe", "%ed%a0%80", "%f0%28%8c%28", "%c0%ae%c0%ae/"])
def test_bytes_that_are_no_text_are_no_error(gent: FlaskClient, client: FlaskClient, text: str) -> None:
    for path in (f"/admin/activity/?q={text}", f"/?q={text}&waar={text}", f"/admin/activity/?{text}=1"):
        assert gent.get(path).status_code == 200
    assert client.get(f"/{text}").status_code == 404
    assert (
        client.post("/login", data=f"email={text}", content_type="application/x-www-form-urlencoded").status_code == 400
    )


@pytest.mark.parametrize("kind", ["application/json", "text/plain", "multipart/form-data", "application/xml", "x"])
def test_a_body_that_is_no_form_is_refused(gent: FlaskClient, session: Session, kind: str) -> None:
    before = rows(session)
    for path in ("/admin/activity/new/", "/admin/queue/decide/", "/logout"):
        assert gent.post(path, data=b'{"id": 1}', content_type=kind).status_code == 400
    assert rows(session) == before


@pytest.mark.parametrize("path", ["/login", "/admin/activity/new/", "/admin/queue/decide/"])
@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
def test_two_megabytes_are_too_much(gent: FlaskClient, session: Session, path: str, kind: str) -> None:
    before = rows(session)
    body = b'--x\r\nContent-Disposition: form-data; name="title"\r\n\r\n' + 2_100_000 * b"x" + b"\r\n--x--\r\n"

    answer = gent.post(path, data=body, content_type=kind)

    assert answer.status_code == 413
    assert "te veel ineens" in answer.text
    assert rows(session) == before


def test_a_thousand_fields_are_no_error(people: Cast, ines: FlaskClient, session: Session) -> None:
    form = typed(people.bib) | {f"channels-{index}-value": f"a{index}@doemee.example" for index in range(900)}

    assert ines.send("/admin/activity/new/", form).status_code < 500


# --- buttons nobody drew ---


@pytest.mark.parametrize("decision", ["", "publish", "APPROVE", "approve\n", "__class__", "delete"])
def test_an_unknown_decision_decides_nothing(people: Cast, gent: FlaskClient, decision: str) -> None:
    event = uit_event(people.gent)
    seen = event.source_record.fingerprint

    answer = gent.send("/admin/queue/decide/", {"id": str(event.id), "decision": decision, "seen": seen})

    assert answer.status_code == 400
    assert "Kies wat je wil doen." in main_text(answer)
    assert again(event).state is State.PENDING


@pytest.mark.parametrize("name", ["goal", "topic", "level", "reason", "check"])
@pytest.mark.parametrize("value", ["abc", "-1", "9" * 30, "²", "1,2"])
def test_a_choice_that_was_not_offered_is_left_out(people: Cast, gent: FlaskClient, name: str, value: str) -> None:
    event = uit_event(people.gent)

    form = {"id": str(event.id), "decision": "approve", "seen": event.source_record.fingerprint, name: value}
    answer = gent.send("/admin/queue/decide/", form)

    assert answer.status_code == 302
    assert again(event).state is State.PUBLISHED
    assert (event.goals, event.topics, event.level) == ([], [], None)


@pytest.mark.parametrize(
    "command",
    [
        *("", "add", "add:", "add:title", "drop:channels", "drop:channels:", "drop:channels:99", "drop:channels:-1"),
        *("drop:channels:²", "drop:channels:" + "9" * 5_000, "drop:schedule:0", "copy:", "copy:exceptions", "x:y:z:0"),
        *("add:__class__", "add:channels:5", "save"),
    ],
)
def test_a_row_button_that_does_not_exist_does_nothing(
    people: Cast, ines: FlaskClient, session: Session, command: str
) -> None:
    before = rows(session)

    answer = ines.send("/admin/activity/new/", typed(people.bib) | {"rows": command})

    assert answer.status_code == 200
    assert form_on(answer)["title"] == "Samen puzzelen"
    assert rows(session) == before


@pytest.mark.parametrize(
    ("command", "full"),
    [
        ("add:channels", {f"channels-{index}-value": f"a{index}@doemee.example" for index in range(8)}),
        ("copy:channels", {f"channels-{index}-value": f"a{index}@doemee.example" for index in range(8)}),
        ("add:days", {f"schedule-days-{index}-day": "1/12" for index in range(100)}),
        ("copy:days", {f"schedule-days-{index}-day": "1/12" for index in range(100)}),
        ("add:exceptions", {f"schedule-exceptions-{index}-first_day": "1/12" for index in range(100)}),
    ],
)
def test_no_row_is_added_to_a_full_list(people: Cast, ines: FlaskClient, command: str, full: dict[str, str]) -> None:
    answer = ines.send("/admin/activity/new/", typed(people.bib) | full | {"rows": command})

    assert answer.status_code == 200
    sent = form_on(answer)
    assert {name: sent[name] for name in full} == full
    last = sorted(full)[0].replace("-0-", f"-{len(full)}-")
    assert last not in sent


@pytest.mark.parametrize("name", ["channels-²-value", "schedule-days-²-day", "channels-" + "9" * 5_000 + "-value"])
def test_a_row_whose_number_is_none_is_no_error(people: Cast, ines: FlaskClient, name: str) -> None:
    assert ines.send("/admin/activity/new/", typed(people.bib) | {name: "x"}).status_code < 500


# --- what people mistype in the form of an activity ---

NEXT_TO: list[Any] = [
    pytest.param({"title": ""}, "title", "titel", id="no title"),
    pytest.param({"title": "   "}, "title", "titel", id="a title of blanks"),
    pytest.param({"title": "Samen\x07puzzelen"}, "title", "teken", id="a control character"),
    pytest.param({"title": "Samen\u202epuzzelen"}, "title", "teken", id="text turned around"),
    pytest.param({"title": "x" * 121}, "title", "120", id="a title that is too long"),
    pytest.param({"description": ""}, "description", "Vertel", id="no description"),
    pytest.param({"description": " \n "}, "description", "Vertel", id="a description of blanks"),
    pytest.param({"description": "a\x1bb"}, "description", "teken", id="an escape"),
    pytest.param({"description": "x" * 5_001}, "description", "5000", id="a novel"),
    pytest.param({"postal_code": ""}, "postal_code", "postcode", id="no postal code"),
    pytest.param({"postal_code": "0001"}, "postal_code", "0001", id="an unknown postal code"),
    pytest.param({"postal_code": "B-9000"}, "postal_code", "B-9000", id="a postal code with a letter"),
    pytest.param({"online": "y", "online_url": "javascript:alert(1)"}, "online_url", "webadres", id="a script"),
    pytest.param({"online": "y", "online_url": "gewoon bellen"}, "online_url", "webadres", id="no address"),
    pytest.param({"level": "9"}, "level", "", id="a level that is none"),
    pytest.param({"goals": "99999"}, "goals", "", id="a goal that is none"),
    pytest.param({"topics": "abc"}, "topics", "", id="a topic that is none"),
    pytest.param({"organisation": "99999"}, "organisation", "", id="an organisation that is none"),
    # one day
    pytest.param({"schedule__one__day": ""}, "schedule-one-day", "dag", id="no day"),
    pytest.param({"schedule__one__day": "30 februari"}, "schedule-one-day", "30 februari", id="30 februari"),
    pytest.param({"schedule__one__day": "31/11/2026"}, "schedule-one-day", "31/11/2026", id="31 november"),
    pytest.param({"schedule__one__day": "22/9/20226"}, "schedule-one-day", "22/9/20226", id="year 20226"),
    pytest.param({"schedule__one__day": "22/9/0026"}, "schedule-one-day", "jaar", id="year 26"),
    pytest.param({"schedule__one__day": "morgen"}, "schedule-one-day", "morgen", id="tomorrow"),
    pytest.param({"schedule__one__opens": "25:00"}, "schedule-one-opens", "25:00", id="25:00"),
    pytest.param({"schedule__one__closes": "14:60"}, "schedule-one-closes", "14:60", id="14:60"),
    pytest.param({"schedule__one__opens": ""}, "schedule-one-opens", "hoe laat", id="an end without a start"),
    # several days
    pytest.param({"schedule__kind": "days"}, "schedule-days-0-day", "dag", id="several days, none of them"),
    pytest.param(
        {"schedule__kind": "days", "schedule__days__0__day": "1/12", "schedule__days__1__day": "32/12"},
        "schedule-days-1-day",
        "32/12",
        id="one wrong day of several",
    ),
    pytest.param(
        {"schedule__kind": "days", "schedule__days__0__day": "", "schedule__days__0__opens": "14"},
        "schedule-days-0-day",
        "dag",
        id="an hour without a day",
    ),
    # a week
    pytest.param(
        {"schedule__kind": "weekly", "schedule__first_day": "1/12"},
        "schedule-weekdays",
        "dag van de week",
        id="a week without days",
    ),
    pytest.param(
        {"schedule__kind": "weekly", "schedule__weekdays": "3"},
        "schedule-first_day",
        "dag",
        id="a week without a start",
    ),
    pytest.param(
        {
            **{"schedule__kind": "weekly", "schedule__weekdays": "3"},
            **{"schedule__first_day": "1/12/2026", "schedule__last_day": "1/11/2026"},
        },
        "schedule-last_day",
        "voor de eerste",
        id="a week that ends before it starts",
    ),
    pytest.param(
        {"schedule__kind": "weekly", "schedule__weekdays": "8", "schedule__first_day": "1/12/2026"},
        "schedule-weekdays",
        "",
        id="an eighth weekday",
    ),
    pytest.param(
        {
            **{"schedule__kind": "weekly", "schedule__weekdays": "3", "schedule__first_day": "1/12/2026"},
            **{"schedule__exceptions__0__first_day": "10/1/2027", "schedule__exceptions__0__last_day": "1/1/2027"},
        },
        "schedule-exceptions-0-last_day",
        "voor de eerste",
        id="an exception that ends before it starts",
    ),
    pytest.param(
        {
            **{"schedule__kind": "weekly", "schedule__weekdays": "3"},
            **{"schedule__first_day": "3/12/2026", "schedule__last_day": "5/12/2026"},
        },
        "schedule-weekdays",
        "nooit",
        id="a week that never takes place",
    ),
    pytest.param(
        {"schedule__kind": "weekly", "schedule__weekdays": "3", "schedule__first_day": "1/12", "schedule__every": "3"},
        "schedule-every",
        "",
        id="an unknown rhythm",
    ),
    # by appointment
    pytest.param(
        {"schedule__kind": "flexible", "schedule__from_day": "ooit"}, "schedule-from_day", "ooit", id="from some day"
    ),
    pytest.param(
        {"schedule__kind": "flexible", "schedule__words": "x" * 201}, "schedule-words", "200", id="long agreements"
    ),
    pytest.param({"schedule__kind": "soms"}, "schedule-kind", "", id="a kind that is none"),
    # contact
    pytest.param({"channels__0__value": ""}, "channels-0-value", "contact", id="no channel"),
    pytest.param({"channels__0__value": "geen adres"}, "channels-0-value", "e-mailadres", id="no e-mail address"),
    pytest.param(
        {"channels__0__kind": "mobile", "channels__0__value": "09 200 00 01"}, "channels-0-value", "vast", id="landline"
    ),
    pytest.param(
        {"channels__0__kind": "landline", "channels__0__value": "0470 12 34 56"}, "channels-0-value", "gsm", id="mobile"
    ),
    pytest.param(
        {"channels__0__kind": "whatsapp", "channels__0__value": "12"}, "channels-0-value", "", id="short number"
    ),
    pytest.param({"channels__0__kind": "fax"}, "channels-0-kind", "", id="an unknown kind of channel"),
    pytest.param(
        {"channels__0__kind": "website", "channels__0__value": "javascript:alert(1)"},
        "channels-0-value",
        "webadres",
        id="a script for a website",
    ),
    pytest.param({"channels__0__value": "x" * 255}, "channels-0-value", "254", id="a channel that is too long"),
]


@pytest.mark.parametrize(("changes", "field", "words"), NEXT_TO)
def test_what_is_mistyped_is_said_beside_the_field_and_everything_typed_is_kept(
    people: Cast, ines: FlaskClient, session: Session, changes: dict[str, str], field: str, words: str
) -> None:
    form = typed(people.bib, **changes)

    answer = ines.send("/admin/activity/new/", form | {"publish": "1"})

    assert answer.status_code == 400
    assert words in words_at(answer, field)
    kept = form_on(answer)
    chosen_from = ("organisation", "level", "goals", "topics", "schedule-kind", "schedule-weekdays", "channels-0-kind")
    for name, value in form.items():
        if name not in (*chosen_from, "schedule-every") or name != field:  # what is no choice cannot be shown as one
            assert kept.get(name) == value, name
    assert session.scalar(select(func.count()).select_from(Activity)) == 0


def test_every_wrong_field_is_named_at_once_with_a_way_to_it(people: Cast, ines: FlaskClient) -> None:
    form = typed(people.bib, title="", postal_code="", channels__0__value="x", schedule__one__day="x")

    answer = ines.send("/admin/activity/new/", form)

    for field in ("title", "postal_code", "channels-0-value", "schedule-one-day"):
        assert words_at(answer, field)
    summary = read(answer).all("section", class_="errors-top")[0]
    assert {"#title", "#postal_code", "#p2", "#p5"} <= set(summary.links())


def test_a_mistake_while_correcting_keeps_what_was_typed_and_what_was_stored(people: Cast, ines: FlaskClient) -> None:
    entry = own_entry(people.bib, title="Zo was het")

    answer = ines.send(
        f"/admin/activity/edit/?id={entry.id}",
        typed(people.bib, row_version="1", title="Zo wordt het", postal_code="x"),
    )

    assert answer.status_code == 400
    assert words_at(answer, "postal_code")
    assert form_on(answer)["title"] == "Zo wordt het"
    assert again(entry).title == "Zo was het"


LONG_LINK = "doemee.example/" + "x" * 240  # fits as typed; with https:// in front it is 263 long


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"channels__0__kind": "website", "channels__0__value": LONG_LINK[:254]}, "channels-0-value"),
        ({"online": "y", "online_url": "doemee.example/" + "x" * 484}, "online_url"),
    ],
)
def test_a_link_that_becomes_too_long_is_said_beside_the_field(
    people: Cast, ines: FlaskClient, changes: dict[str, str], field: str
) -> None:
    answer = ines.send("/admin/activity/new/", typed(people.bib, **changes))

    assert answer.status_code == 400
    assert words_at(answer, field)


@pytest.mark.parametrize("token", ["x" * 65, "x" * 5_000])
def test_a_form_token_nobody_gave_is_no_error(people: Cast, ines: FlaskClient, token: str) -> None:
    assert ines.send("/admin/activity/new/", typed(people.bib, form_token=token)).status_code in (302, 400)


@pytest.mark.parametrize("version", ["", "abc", "-1", "²", "9" * 30, "2"])
def test_a_version_that_is_not_the_present_one_is_told_and_keeps_the_text(
    people: Cast, ines: FlaskClient, version: str
) -> None:
    entry = own_entry(people.bib, title="Zo was het")

    answer = ines.send(f"/admin/activity/edit/?id={entry.id}", typed(people.bib, row_version=version, title="Nieuw"))

    assert answer.status_code == 409
    assert "Iemand wijzigde dit terwijl je typte" in main_text(answer)
    assert form_on(answer)["title"] == "Nieuw"
    assert again(entry).title == "Zo was het"


# --- the other forms ---


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"name": "", "website": "www.bib.example"}, "name"),
        ({"name": "  ", "website": "www.bib.example"}, "name"),
        ({"name": "Bib\x07", "website": ""}, "name"),
        ({"name": "x" * 121, "website": ""}, "name"),
        ({"name": "De bib", "website": "javascript:alert(1)"}, "website"),
        ({"name": "De bib", "website": "doemee.example/" + "x" * 239}, "website"),
    ],
)
def test_an_organisation_says_what_is_wrong_beside_the_field(
    people: Cast, ines: FlaskClient, form: dict[str, str], field: str
) -> None:
    answer = ines.send(f"/admin/organisation/edit/?id={people.bib.id}", form | {"row_version": "1"})

    assert answer.status_code == 400
    assert words_at(answer, field)
    assert {name: form_on(answer)[name] for name in form} == form
    assert again(people.bib).name == "Bibliotheek Gent-Demo"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"value": ""}, "value"),
        ({"value": " "}, "value"),
        ({"value": "x"}, "value"),
        ({"value": "x" * 121}, "value"),
        ({"value": "la\x07bel"}, "value"),
        ({"value": "BABBELEN"}, "value"),
        ({"match": "alles"}, "match"),
        ({"municipality": "99999"}, "municipality"),
    ],
)
def test_a_rule_of_what_comes_in_says_what_is_wrong_beside_the_field(
    people: Cast, gent: FlaskClient, session: Session, changes: dict[str, str], field: str
) -> None:
    IntakeRuleFactory(municipality=people.gent, value="babbelen")
    before = rows(session)
    form = {"municipality": str(people.gent.id), "match": "label", "value": "wandelen"} | changes

    answer = gent.send("/admin/intake/new/", form)

    assert answer.status_code == 400
    assert words_at(answer, field)
    assert form_on(answer)["value"] == form["value"]
    assert rows(session) == before


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"email": "", "password": "iets"}, "email"),
        ({"email": "gent@doemee.example", "password": ""}, "password"),
        ({"email": "x" * 300, "password": "iets"}, "email"),
        ({"email": "gent@doemee.example", "password": "x" * 1_001}, "password"),
        ({"email": "geen adres", "password": "iets"}, "password"),
        ({"email": "gent@doemee.example\ud800".encode("utf-8", "replace").decode(), "password": "iets"}, "password"),
    ],
)
def test_signing_in_says_what_is_wrong_beside_the_field(
    people: Cast, client: FlaskClient, form: dict[str, str], field: str
) -> None:
    answer = client.send("/login", form)

    assert answer.status_code == 400
    assert words_at(answer, field)
    assert form_on(answer, "/login")["email"] == form["email"]
    assert not form_on(answer, "/login")["password"]
