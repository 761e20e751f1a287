"""English is complete beside the Dutch, and a page in English is English."""

import ast
import re
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from babel.messages import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_keywords, parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import get_domain, gettext, ngettext

from app.domain.errors import AppError
from app.i18n import ERRORS, data
from app.settings import ROOT
from tests import factories

FOLDER = ROOT / "app" / "translations"
TEMPLATES = sorted(path for path in (ROOT / "app" / "templates").rglob("*") if path.suffix in (".html", ".txt"))
PLACE = re.compile(r"%\(\w+\)[a-z]")

# What stands in a template and is the same in every language: the brand, the languages' own names, keys.
ALIKE = {
    *("Doemee", "· Doemee", "English", "Nederlands", "Ctrl K", "Esc", "a", "j", "k", "r", "u"),
    *("www.vlaamseombudsdienst.be", "session", "browser", "theme", "lang", "keys"),  # an address, and cookies by name
}
CLASS_BLOCK = re.compile(r"{%-? block (?:page_class|body_class|main_attributes) -?%}.*?{%-? endblock -?%}", re.DOTALL)
UNSEEN = re.compile(r"{#.*?#}|<(script|style)\b.*?</\1>", re.DOTALL)
SAID = re.compile(r"{{.*?}}|{%.*?%}", re.DOTALL)
READ_ALOUD = re.compile(r'\b(?:aria-label|aria-description|title|alt|placeholder|label|data-label)="([^"]*)"')
LETTERS = re.compile(r"[^\W\d_]")


def extracted() -> Catalog:
    """All texts, as `make messages` finds them."""
    command = next(line for line in (ROOT / "Makefile").read_text("utf-8").splitlines() if " extract " in line)
    keywords = DEFAULT_KEYWORDS | parse_keywords(re.findall(r"-k (\S+)", command))
    with (ROOT / "babel.cfg").open(encoding="utf-8") as mapping:
        methods, options = parse_mapping_cfg(mapping)
    catalog = Catalog()
    for room in command.partition(".pot ")[2].split():
        for _file, _line, text, _comments, _context in extract_from_dir(ROOT / room, methods, options, keywords):
            catalog.add(text)
    return catalog


def english() -> Catalog:
    with (FOLDER / "en" / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale="en")


def forms(text: Any) -> tuple[str, ...]:
    return tuple(text) if isinstance(text, list | tuple) else (text,)


def trouble(message: Message, translated: Message | None) -> str:
    """What is wrong with the English of this text; nothing when it is right."""
    if translated is None or not all(forms(translated.string)):
        return "has no English"
    if translated.fuzzy:
        return "is fuzzy"
    pairs = zip(forms(message.id), forms(translated.string), strict=True)
    if any(sorted(PLACE.findall(dutch)) != sorted(PLACE.findall(said)) for dutch, said in pairs):
        return "has other places in English"
    return ""


def test_every_text_has_its_english() -> None:
    texts, catalog = extracted(), english()
    assert len(texts) > 700
    found = [(message.id, trouble(message, catalog.get(message.id))) for message in texts if message.id]
    wrong = [f"{text!r} {what}" for text, what in found if what]
    assert not wrong, "run `make messages`, then fill in app/translations/en:\n" + "\n".join(wrong)


@pytest.mark.parametrize(
    ("string", "flags", "what"),
    [
        ("%(num)s waiting", (), ""),
        ("", (), "has no English"),
        ("%(num)s waiting", ("fuzzy",), "is fuzzy"),
        ("%(count)s waiting", (), "has other places in English"),
        ("waiting", (), "has other places in English"),
    ],
)
def test_the_check_sees_what_is_wrong(string: str, flags: tuple[str, ...], what: str) -> None:
    assert trouble(Message("%(num)s wacht"), Message("%(num)s wacht", string, flags=flags)) == what


@pytest.mark.parametrize(
    ("source", "texts"),
    [
        ('raise Invalid("Kies een reden.", field="reason")', ["Kies een reden."]),
        ('words = "Te laat."\nraise Conflict(words)', ["Te laat."]),
        ('FIRST = {1: "Al goed."}\nraise Conflict(FIRST.get(verb, "Net voor."), name=name)', ["Al goed.", "Net voor."]),
        ('raise Invalid("Zo." if short else "Zo niet.")', ["Zo.", "Zo niet."]),
        ('class NotFound:\n    def __init__(self, message: str = "Niets."): ...', ["Niets."]),
        ('STATE_WORDS = {"a": "Ontwerp", "b": _l("Weg")}', ["Ontwerp"]),
        ('CHECKS = (("Een reden is verplicht.", "app.services.entries"),)', ["Een reden is verplicht."]),
        ('RULES = (*for_members("Ziet alles.", "x"), rule("Keurt.", "y"))', ["Ziet alles.", "Keurt."]),
        ('raise ValueError("for machines")', []),
        ('raise Invalid(f"{name} bestaat niet.")', []),
    ],
)
def test_texts_that_are_data_are_found(source: str, texts: list[str]) -> None:
    assert sorted(text for _line, _function, text, _comments in data(ast.parse(source))) == sorted(texts)


def test_every_error_of_ours_is_read(app: Flask) -> None:
    """`app` has everything imported."""

    def below(kind: type[AppError]) -> Iterator[str]:
        for each in kind.__subclasses__():
            yield each.__name__
            yield from below(each)

    assert set(below(AppError)) == set(ERRORS)


def bare(source: str) -> list[str]:
    """The words in a template that are not within `_()`, those in attributes that are read aloud included."""
    source = CLASS_BLOCK.sub("", UNSEEN.sub("", source))
    attributes = [part for value in READ_ALOUD.findall(SAID.sub("\0", source)) for part in value.split("\0")]
    texts = re.split("[\0\1]", re.sub(r"<[^>]*>", "\1", SAID.sub("\0", source)))
    words = [text.strip() for text in (*attributes, *texts) if LETTERS.search(text)]
    return [text for text in words if text not in ALIKE]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "app" / "templates")))
def test_no_template_speaks_one_language_only(path: Path) -> None:
    assert bare(path.read_text("utf-8")) == []


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("<p>{{ _('Wie') }}</p>", []),
        ("<p>Wie is er?</p>", ["Wie is er?"]),
        ("<p>{{ name }} is er</p>", ["is er"]),
        ('<a title="Sluiten">{{ x }}</a>', ["Sluiten"]),
        ("<a title=\"{{ _('Sluiten') }}\" class=\"btn {{ 'is-open' if here }}\">{{ x }}</a>", []),
        ("{# Wie is er #}<style>p { color: red }</style>{% if a > 1 %}<kbd>j</kbd>{% endif %}", []),
    ],
)
def test_the_check_sees_bare_words(source: str, words: list[str]) -> None:
    assert bare(source) == words


@pytest.fixture
def in_english(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The English catalogue as it stands in the source, whether or not somebody compiled it."""
    compiled = BytesIO()
    write_mo(compiled, english())
    compiled.seek(0)
    with app.test_request_context():
        monkeypatch.setitem(get_domain().cache, ("en", "messages"), Translations(compiled))


@pytest.mark.usefixtures("in_english")
def test_signing_in_can_be_done_in_english(client: FlaskClient) -> None:
    assert '<html lang="nl"' in client.get("/login").text
    page = client.get("/login?lang=en").text
    assert '<html lang="en"' in page
    assert "<h1>Sign in</h1>" in page
    assert "Wachtwoord" not in page
    assert "Lokale beheerder" not in page


@pytest.mark.usefixtures("in_english")
def test_who_chose_english_works_in_english(sign_in: Callable[..., FlaskClient]) -> None:
    visitor = sign_in(factories.local_admin(factories.town("Gent"), name="Noor"))
    visitor.set_cookie("lang", "en")
    page = visitor.get("/admin/").text
    assert "<h1>Hello Noor</h1>" in page
    assert "Nothing is waiting for you." in page
    assert "To review" in page
    assert "local administrator" in page
    assert "Te keuren" not in page


@pytest.mark.usefixtures("in_english")
def test_an_error_is_told_in_english(sign_in: Callable[..., FlaskClient]) -> None:
    visitor = sign_in(factories.network_member(factories.network("Regio Gent")))
    answer = visitor.get("/admin/queue/?lang=en")
    assert answer.status_code == 403
    assert "This screen does not belong to your role." in answer.text


def test_the_application_reads_this_folder(app: Flask) -> None:
    assert app.extensions["babel"].translation_directories == [str(FOLDER)]


@pytest.mark.parametrize(("count", "words"), [(0, "0 wachten"), (1, "1 wacht"), (2, "2 wachten")])
def test_dutch_needs_no_catalogue_for_one_or_many(app: Flask, count: int, words: str) -> None:
    assert not (FOLDER / "nl").exists()
    with app.test_request_context():
        assert ngettext("%(num)s wacht", "%(num)s wachten", count) == words
        assert gettext("Te keuren") == "Te keuren"
