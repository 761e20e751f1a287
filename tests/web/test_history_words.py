"""History in words: what a line says, what changed on it word by word, and that nothing typed is ever markup."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from markupsafe import Markup

from app.domain.clock import BRUSSELS
from app.domain.schedule import Flexible
from app.domain.schedule_json import to_json
from app.domain.text_change import Piece, Sign, of_list, of_text, of_value
from app.models import Change
from app.services import past
from app.web.history_differences import FIELDS, differences
from app.web.history_words import GONE_WORDS, KIND_WORDS, SAID, VERB_ICONS, Thing, of_the_gone, said_when, sentence
from tests.factories import NEXT_WEEK, NOW

MARKS = {Sign.SAME: "{}", Sign.GONE: "[-{}-]", Sign.NEW: "[+{}+]"}


def marked(pieces: list[Piece]) -> str:
    return "".join(MARKS[piece.sign].format(piece.text) for piece in pieces)


def change(kind: str = "activity", verb: str = "correct", **more: Any) -> Change:
    values: dict[str, Any] = {"before": {}, "after": {}, "why": "", "at": NOW} | more
    return Change(table_name=kind, record_id=1, verb=verb, **values)


def read(before: dict[str, Any], after: dict[str, Any], kind: str = "activity", **more: Any) -> dict[str, str]:
    """The differences by label, with what went and came marked."""
    line = change(kind, before=before, after=after, verb=more.pop("verb", "correct"))
    names = more.pop("names", {})
    return {one.label: marked(one.pieces) for one in differences(line, names, **more)}


@pytest.fixture
def dutch(app: Flask) -> Any:
    with app.test_request_context():
        yield


# --- word by word ---


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("Babbeluur in de bib", "Babbeluur in de bib en thee", "Babbeluur in de bib [+en thee+]"),
        ("Samen soep maken", "Samen maken", "Samen [-soep-] maken"),
        ("van 13.30 tot 15.30 uur", "van 14 tot 16 uur", "van [-13.30-] [+14+] tot [-15.30-] [+16+] uur"),
        (
            "Een vrijwilliger faciliteert het gesprek.",
            "Een vrijwilliger helpt je.",
            "Een vrijwilliger [-faciliteert het gesprek-] [+helpt je+].",
        ),
        ("Kom converseren, nu", "Kom praten, nu", "Kom [-converseren-] [+praten+], nu"),
        ("soep", "brood", "[-soep-] [+brood+]"),
        ("", "nieuw", "[+nieuw+]"),
        ("weg", "", "[-weg-]"),
        ("hetzelfde", "hetzelfde", "hetzelfde"),
    ],
)
def test_a_text_marks_only_the_words_that_differ(before: str, after: str, told: str) -> None:
    assert marked(of_text(before, after)) == told


def test_what_has_little_in_common_is_told_whole() -> None:
    told = of_text("Wij wandelen in het bos", "Kom zingen en dansen op het plein van Gent")

    assert [piece.sign for piece in told if piece.text.strip()] == [Sign.GONE, Sign.NEW]


@pytest.mark.parametrize(
    ("before", "after"), [("a\nb c", "a\n\nb d"), ("x " * 500, "y " * 600), ("één", "een"), ("<b>", "&lt;")]
)
def test_the_words_that_stayed_and_came_are_the_new_text(before: str, after: str) -> None:
    pieces = of_text(before, after)
    new = "".join(piece.text for piece in pieces if piece.sign is not Sign.GONE)
    old = "".join(piece.text for piece in pieces if piece.sign is not Sign.NEW)

    assert new.split() == after.split()
    assert old.split() == before.split()


def test_a_list_tells_what_went_and_what_came_and_keeps_the_rest() -> None:
    assert marked(of_list(["Koken", "Praten"], ["Praten", "Sport"])) == "[-Koken-], Praten, [+Sport+]"


def test_a_value_is_replaced_whole() -> None:
    assert marked(of_value("2 euro", "3 euro")) == "[-2 euro-] [+3 euro+]"


# --- fields in words ---


def test_fields_have_labels_and_values_have_words(dutch: None) -> None:
    names = {("municipality", 4): "Gent", ("municipality", 5): "Deinze", ("level", 2): "twee taaliconen"}
    told = read(
        {"state": "pending", "municipality_id": 4, "level_id": None, "online": False, "status": "planned"},
        {"state": "published", "municipality_id": 5, "level_id": 2, "online": True, "status": "cancelled"},
        names=names,
        verb="source_changed",
    )

    assert told == {
        "Toestand": "[-Te keuren-] [+Gepubliceerd+]",
        "Gaat het door?": "[-gaat door-] [+gaat niet door+]",
        "Gemeente": "[-Gent-] [+Deinze+]",
        "Online": "[-nee-] [+ja+]",
        "Taalniveau": "[+twee taaliconen+]",
    }


def test_no_id_is_ever_shown_in_place_of_a_name(dutch: None) -> None:
    told = read({"organisation_id": 4711}, {"organisation_id": 4712}, names={("organisation", 4711): "De Babbelaar"})

    assert told == {"Organisatie": "[-De Babbelaar-] [+niet meer bekend+]"}


def test_a_schedule_reads_as_a_sentence_and_marks_what_moved(dutch: None) -> None:
    told = read({"schedule_data": to_json(NEXT_WEEK)}, {"schedule_data": to_json(Flexible())})

    assert told["Wanneer"] == "[-Dinsdag 22 september 2026 van 14 tot 16 uur-] [+Je spreekt zelf een moment af+]."


def test_channels_say_whether_they_are_preferred_or_internal(dutch: None) -> None:
    channel = {"kind": "landline", "value": "+3292000011", "public": True, "preferred": True}
    told = read({"channels": [channel]}, {"channels": [channel | {"public": False}]})

    assert told == {
        "Contact": "[-vaste telefoon: 09 200 00 11 (voorkeur)-], "
        "[+vaste telefoon: 09 200 00 11 (voorkeur, enkel intern)+]"
    }


def test_days_and_roles_read_as_people_say_them(dutch: None) -> None:
    told = read(
        {"until": None, "role": "backup", "ended_at": None},
        {"until": "2026-09-20", "role": "local", "ended_at": "2026-09-15T10:00:00+00:00"},
        kind="mandate",
    )

    assert told == {
        "Rol": "[-back-upbeheerder-] [+lokale beheerder+]",
        "Tot en met": "[-zonder einde-] [+20 september 2026+]",
        "Beëindigd": "[+15 september 2026, 12.00+]",
    }


@pytest.mark.parametrize("verb", ["publish", "approve", "reject", "withdraw"])
def test_a_decision_does_not_repeat_the_state_its_verb_tells(dutch: None, verb: str) -> None:
    assert read({"state": "pending"}, {"state": "published"}, verb=verb) == {}


def test_what_is_hidden_from_the_reader_is_not_told(dutch: None) -> None:
    both = ({"internal_note": "", "title": "A"}, {"internal_note": "Niet zeggen", "title": "B"})

    assert "Notitie" in read(*both)
    assert list(read(*both, hidden=frozenset({"internal_note"}))) == ["Titel"]


def test_internal_channels_go_with_everything_that_tells_of_them(dutch: None) -> None:
    kept = {"kind": "email", "value": "open@doemee.example", "public": True}
    inside = {"kind": "email", "value": "stil@doemee.example", "public": False}

    assert read({"channels": [kept]}, {"channels": [kept, inside]}, internal_contact=False) == {}


@pytest.mark.parametrize("junk", [{"kind": "x"}, "zomaar", 12, [1, 2], {"a": {"b": 1}}, -1, [None]])
def test_what_nobody_can_read_any_more_breaks_no_page(dutch: None, junk: Any) -> None:
    for kind, fields in FIELDS.items():
        for key in fields:
            told = read({key: None}, {key: junk}, kind=kind)
            assert "{'" not in str(told.values())


@pytest.mark.parametrize("secret", ["password_hash", "token_hash", "form_token", "reply_to", "row_version"])
def test_no_field_tells_a_secret(secret: str) -> None:
    assert all(secret not in fields for fields in FIELDS.values())


def test_a_long_text_is_folded_and_counts_its_words(dutch: None) -> None:
    [told] = differences(change(before={"description": "kort"}, after={"description": "kort " + "lang " * 90}), {})

    assert told.is_long
    assert (told.gone, told.new) == (0, 90)


# --- sentences ---


def test_every_kind_of_record_has_its_words() -> None:
    assert set(past.KINDS) == set(SAID) == set(KIND_WORDS) == set(GONE_WORDS) == set(FIELDS)
    assert all("*" in said for said in SAID.values())


def test_every_sign_is_one_that_is_drawn(app: Flask) -> None:
    icons = (app.static_folder or "") + "/img/icons.svg"
    with open(icons, encoding="utf-8") as drawn:
        svg = drawn.read()
    assert [name for name in {*VERB_ICONS.values(), "history", "pen"} if f'id="{name}"' not in svg] == []


@pytest.mark.parametrize(
    ("kind", "verb", "thing", "said"),
    [
        ("activity", "reject", Thing("Soep"), "wees “Soep” af"),
        ("activity", "nooit gehoord", Thing("Soep"), "wijzigde “Soep”"),
        ("mandate", "appoint", Thing("Noor", role="beheerder van Gent"), "stelde Noor aan als beheerder van Gent"),
        ("invitation", "accept", Thing("Noor", role="organisator"), "nam de uitnodiging aan als organisator"),
        (
            "invitation",
            "withdraw_invitation",
            Thing("Noor", role="back-up van Gent"),
            "trok de uitnodiging van Noor als back-up van Gent in",
        ),
        ("user", "password", Thing("Noor"), "koos een ander wachtwoord"),
        ("user", "rename", Thing("Noor"), "veranderde de naam van het account van Noor"),
        ("report", "handle", Thing("Soep"), "handelde een melding over “Soep” af"),
        ("intake_rule", "add", Thing("samen", role="Gent"), "laat voortaan binnen in Gent: “samen”"),
    ],
)
def test_a_line_reads_as_a_sentence(dutch: None, kind: str, verb: str, thing: Thing, said: str) -> None:
    assert str(sentence(change(kind, verb), thing)) == said


@pytest.mark.parametrize("evil", ["<script>x</script>", '"><img src=x onerror=y>', "%(what)s %s {0} {{7*7}}"])
def test_what_people_typed_is_never_markup(dutch: None, evil: str) -> None:
    for kind, verbs in SAID.items():
        for verb in verbs:
            said = sentence(change(kind, verb), Thing(evil, "/x", evil))
            assert isinstance(said, Markup)
            assert evil not in said or "<" not in evil
            assert "<script" not in said
            assert "<img" not in said
            assert "49" not in said


def test_a_record_that_is_gone_is_told_by_its_line(dutch: None) -> None:
    assert of_the_gone(change(verb="delete", before={"title": "Oude titel"})).words == "Oude titel"
    assert of_the_gone(change("mandate", "end")).words == "iemand"


def test_an_instant_is_told_as_one_says_it(dutch: None) -> None:
    def said(instant: datetime) -> str:
        return said_when(instant, NOW).replace("\u00a0", " ")

    assert said(NOW - timedelta(hours=3)) == "vandaag om 9.00 u"
    assert said(NOW - timedelta(hours=13)) == "gisteren om 23.00 u"
    assert said(datetime(2026, 9, 7, 8, 2, tzinfo=BRUSSELS)) == "maandag 7 september om 8.02 u"
    assert said(datetime(2025, 9, 8, 8, 2, tzinfo=BRUSSELS)) == "maandag 8 september 2025 om 8.02 u"
    assert said(NOW + timedelta(days=1)) == "morgen om 12.00 u"
