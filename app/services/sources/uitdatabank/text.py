"""Text of strangers made plain: one language, no markup, no control characters, a limit (RELIABILITY F12)."""

import re
import unicodedata
from collections.abc import Iterator
from html import unescape
from urllib.parse import urlsplit

import nh3

from app.services.sources.base import Json

LONGEST_TITLE = 200
LONGEST_DESCRIPTION = 10_000
LONGEST_MARKUP = 200_000  # more is cut before it is parsed
LONGEST_LINK = 2_000

_BLOCK = {"p", "div", "ul", "ol", "li", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "table", "tr"}
_KEPT = _BLOCK | {"br"}
_SILENT = {"script", "style", "iframe", "object", "template", "noscript", "title", "svg", "math"}
_MARKUP = re.compile(r"<(?:p|br|div|ul|ol|li|h[1-6]|blockquote|table)\b", re.IGNORECASE)
_TAG = re.compile(r"<(/?)([a-z0-9]+)[^<>]*>")
# Marks that turn the reading direction, enough to make a text say something else, and signs without width.
_UNSEEN = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200B, 0x200E, 0x200F, 0x2060, 0xFEFF])


def localised(value: object, main: object = "nl") -> str:
    """The Dutch text, else that of the main language, else the first; or a bare string (CONTRACT 7.1)."""
    if isinstance(value, str):
        return value
    if not isinstance(value, dict):
        return ""
    first = [value.get("nl"), value.get(main) if isinstance(main, str) else None]
    return next((text for text in [*first, *value.values()] if isinstance(text, str) and text.strip()), "")


def one_line(text: object, longest: int = LONGEST_TITLE) -> str:
    """Without control characters and line breaks, at most `longest` characters; '' for what is no text."""
    if not isinstance(text, str):
        return ""
    visible = "".join(_printable(text[: longest * 4], keep=""))
    return _cut(" ".join(visible.split()), longest)


def plain_text(text: str, notes: list[str]) -> str:
    """A description, HTML or not, as paragraphs of plain text; entities are unescaped exactly once."""
    if len(text) > LONGEST_MARKUP:
        text = text[:LONGEST_MARKUP]
    if _MARKUP.search(text):
        text = " ".join(text.split())  # in HTML a line break of the source is a space
    clean = nh3.clean(text, tags=_KEPT, clean_content_tags=_SILENT, attributes={}, link_rel=None)
    words = unescape(_TAG.sub(_as_space, clean))
    lines = [" ".join(line.split()) for line in "".join(_printable(words, keep="\n")).split("\n")]
    plain = re.sub(r"(?m)^-\n+", "- ", re.sub(r"\n{3,}", "\n\n", "\n".join(lines))).strip()
    if len(plain) > LONGEST_DESCRIPTION:
        notes.append(f"De beschrijving is ingekort tot {LONGEST_DESCRIPTION} tekens.")
    return _cut(plain, LONGEST_DESCRIPTION)


def link(value: object) -> str:
    """An http or https address as it stands, or ''. Nothing else may ever become a link."""
    if not isinstance(value, str):
        return ""
    address = value.strip()
    if len(address) > LONGEST_LINK or not address.isprintable() or any(sign in address for sign in " <>\"'\\"):
        return ""
    try:
        parts = urlsplit(address)
        known = parts.scheme in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc
    except ValueError:
        return ""
    return address if known else ""


def each(value: object) -> list[object]:
    """A list as it is, one thing as a list of one, nothing as an empty list: old documents mix the three."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def part(value: object) -> Json:
    """An object, or an empty one where something else stands."""
    return value if isinstance(value, dict) else {}


def _as_space(tag: re.Match[str]) -> str:
    closing, name = tag[1], tag[2]
    if name == "br" or (name == "tr" and closing):
        return "\n"
    if name == "li":
        return "" if closing else "\n- "
    return "\n\n" if name in _BLOCK else ""


def _printable(text: str, keep: str) -> Iterator[str]:
    for sign in text.replace("\r\n", "\n").translate(_UNSEEN):
        category = unicodedata.category(sign)
        if sign in keep or category not in ("Cc", "Cs", "Zl", "Zp"):
            yield sign
        else:
            yield "" if sign == "\0" or category == "Cs" else " "


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"
