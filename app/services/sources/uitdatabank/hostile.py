"""Whether a live event carries code: then it is set apart, though our own texts would be harmless already."""

import re
import unicodedata
from collections.abc import Iterator
from html import unescape

import nh3

from app.domain.source import Unreadable
from app.services.sources.base import Json
from app.services.sources.uitdatabank.place import address_of
from app.services.sources.uitdatabank.text import LONGEST_MARKUP, each, localised, part

_TAG = re.compile(r"<[a-z/!]", re.IGNORECASE)
_TAG_NAME = re.compile(r"<([a-z][^\s/<>]*)", re.IGNORECASE)
_OUTERMOST = re.compile(r"<(?:html|head|body|frameset)\b", re.IGNORECASE)  # a fragment has none: their attributes go
_SCRIPT = re.compile(r"<script\b", re.IGNORECASE)
# "Leer JavaScript: de basis" is a sentence, "javascript:alert(1)" an address; a browser skips blanks inside it.
_ADDRESS = re.compile(rf"({'[^ -~]*'.join('javascript')}|vbscript):\S|data:\s*text/html", re.IGNORECASE)


def refuse_code(event: Json) -> None:
    """Raises Unreadable where a line holds a tag or a line break, or the description a script (issue: hostile)."""
    for where, text in _lines(event):
        if _TAG.search(text):
            raise Unreadable(f"Dit evenement bevat code: er staat een tag in {where}.")
        if any(unicodedata.category(sign) in ("Cc", "Zl", "Zp") for sign in text.strip()):
            raise Unreadable(f"Dit evenement bevat een regeleinde of stuurteken in {where}.")
    found = _code_in(localised(event.get("description"), event.get("mainLanguage"))[:LONGEST_MARKUP])
    if found:
        raise Unreadable(f"Dit evenement bevat code: er staat {found} in de beschrijving.")


def _lines(event: Json) -> Iterator[tuple[str, str]]:
    """What is one line of plain text, and what it is called."""
    main = event.get("mainLanguage")
    organiser, location = part(event.get("organizer")), part(event.get("location"))
    yield "de titel", localised(event.get("name"), main)
    yield (
        "de naam van de organisator",
        localised(organiser.get("name"), organiser.get("mainLanguage") or main),
    )
    yield "de naam van de plaats", localised(location.get("name"), location.get("mainLanguage") or main)
    yield "de straat", localised(address_of(location, main).get("streetAddress"))
    for label in each(event.get("labels")) + each(event.get("hiddenLabels")):
        yield "een label", label if isinstance(label, str) else ""


def _code_in(markup: str) -> str:
    """What of it would run in a browser, in words; '' for none."""
    if _SCRIPT.search(markup):
        return "een script"
    if "<" in markup and _has_handler(markup):
        return "een on…-attribuut"
    return "een javascript-adres" if _ADDRESS.search(unescape(markup)) else ""


def _has_handler(markup: str) -> bool:
    """Whether an element has an attribute like `onclick`, as a browser would parse it."""
    markup = _OUTERMOST.sub("<div", markup)
    names: list[str] = []

    def note(_element: str, name: str, _value: str) -> None:
        names.append(name)

    nh3.clean(
        markup,
        tags={name.lower() for name in _TAG_NAME.findall(markup)} | {"div"},
        clean_content_tags=set(),
        attributes={},
        generic_attribute_prefixes={"on"},
        attribute_filter=note,
        link_rel=None,
    )
    return bool(names)
