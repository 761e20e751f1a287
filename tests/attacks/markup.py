"""The judges of an answer as such, whatever was sent: nothing of it lives, nothing of the machinery shows.

Whatever of `values.py` could come alive carries `zqx` in the name of its element or attribute, or in its script; and
as the pages have no script, style or handler of their own in them, any of those is somebody else's.
"""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from werkzeug.test import TestResponse

HERE = "localhost"
NOT_READY = "/readyz"  # says 503 while no job runs, and means it
MARK = "zqx"
MACHINERY = re.compile(
    r"sqlite3\.|psycopg|sqlalche|\[SQL:|Traceback \(most recent|jinja2\.|werkzeug\.|<User \d|syntax error at or near"
    r"|UndefinedError|invalid input syntax|837221"  # the product that a template would make of `{{913*917}}`
)
FETCHED = {("script", "src"), ("img", "src"), ("iframe", "src"), ("link", "href"), ("source", "src"), ("use", "href")}
LEADS = {("a", "href"), ("form", "action"), ("button", "formaction"), ("input", "formaction"), ("area", "href")}
LINK_SCHEMES = {"http", "https", "mailto", "tel", "sms", ""}
QUIET = {"application/ld+json"}  # data, run by nobody


class Watcher(HTMLParser):
    """Reads a page as a browser would, and notes what lives in it."""

    def __init__(self) -> None:
        super().__init__()
        self.alive: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.alive += [f"<{tag}> {what}" for what in living(tag, given)]

    handle_startendtag = handle_starttag


def living(tag: str, given: dict[str, str]) -> Iterator[str]:
    if MARK in tag or any(MARK in name for name in given):
        yield f"made of what was sent: {given}"
    if any(name.startswith("on") for name in given) or "srcdoc" in given:
        yield f"a handler: {given}"
    if tag == "script" and "src" not in given and given.get("type") not in QUIET:
        yield "a script in the page"
    if tag in ("style", "base", "object", "embed", "applet") or "style" in given:
        yield f"not ours: {given}"
    if tag == "meta" and given.get("http-equiv"):
        yield f"not ours: {given}"
    for name, value in given.items():
        if (tag, name) in FETCHED and away(value):
            yield f"fetches {value}"
        if (tag, name) in LEADS and scheme_of(value) not in LINK_SCHEMES:
            yield f"leads to {value}"
        if name in ("action", "formaction") and away(value):
            yield f"sends to {value}"


def as_read(address: str) -> str:
    """An address as the WHATWG reads it: no blanks around it, no tabs or line ends in it, `\\` is `/`."""
    stripped = address.strip("".join(map(chr, range(33))))
    kept = re.sub(r"[\t\r\n]", "", stripped)
    head, mark, tail = kept.partition("?") if "?" in kept else kept.partition("#")
    scheme = re.match(r"(?i)(https?|ftp|file|wss?):", head)
    if scheme:  # a special scheme: any number of slashes, of both kinds, and none at all
        rest = head[scheme.end() :].replace("\\", "/")
        head = f"{scheme.group(1).lower()}://{rest.lstrip('/')}"
    elif not re.match(r"(?i)[a-z][a-z0-9+.-]*:", head):
        head = head.replace("\\", "/")
        if head.startswith("//"):
            head = "//" + head.lstrip("/")
    return head + mark + tail


def scheme_of(address: str) -> str:
    found = re.match(r"(?i)([a-z][a-z0-9+.-]*):", as_read(address))
    return found.group(1).lower() if found else ""


def away(address: str) -> bool:
    """Whether a browser that follows this leaves the site, or runs something."""
    if scheme_of(address) not in ("", "http", "https"):
        return True
    try:
        return urlsplit(urljoin(f"http://{HERE}/een/pagina", as_read(address))).netloc != HERE
    except ValueError:
        return True  # an address nobody understands


def alive_in(answer: TestResponse) -> list[str]:
    if answer.mimetype != "text/html":
        return []
    watcher = Watcher()
    watcher.feed(answer.get_data().decode("utf-8", "replace"))
    watcher.close()
    return watcher.alive


def faults(answer: TestResponse) -> list[str]:
    """All that is wrong with an answer to something hostile."""
    found = [f"lives: {what}" for what in alive_in(answer)]
    if answer.status_code >= 500 and answer.request.path != NOT_READY:
        found.append(f"a {answer.status_code}")
    text = answer.get_data().decode("utf-8", "replace") if answer.mimetype.startswith("text/") else ""
    found += [f"shows {match.group()!r}" for match in MACHINERY.finditer(text)]
    for name, value in answer.headers.items():
        if re.search(r"[\r\n\0]", f"{name}{value}") or MARK in name.lower() or value.startswith(f"{MARK}="):
            found.append(f"a header of somebody else: {name}: {value}")
    if answer.location and away(answer.location):
        found.append(f"sends away to {answer.location}")
    return found
