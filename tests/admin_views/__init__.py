"""The administration over HTTP: its people, and how a test reads a page and sends the form that stands on it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from app.models import Absence, Activity, Base, Municipality, Organisation, User, db
from tests.factories import (
    OrganisationFactory,
    UserFactory,
    absence,
    agreement,
    backup,
    local_admin,
    network,
    network_member,
    organiser,
    platform,
    town,
)

VOID = frozenset({"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "use"})
BLOCKS = frozenset({"p", "div", "section", "article", "li", "dt", "dd", "td", "th", "tr", "h1", "h2", "h3", "label"})
MISSING_ID = 2_000_000_000  # fits an integer, and is no row


# --- a page, read as a browser would ---


@dataclass
class Node:
    """One element of a page."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: "list[Node | str]" = field(default_factory=list)

    def walk(self) -> "Iterator[Node]":
        yield self
        for child in self.children:
            if isinstance(child, Node):
                yield from child.walk()

    @property
    def raw(self) -> str:
        parts = (child if isinstance(child, str) else child.raw for child in self.children)
        return "".join(parts) if self.tag not in BLOCKS else f" {''.join(parts)} "

    @property
    def text(self) -> str:
        return " ".join(self.raw.split())

    def all(self, tag: str, **attributes: str) -> "list[Node]":
        wanted = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
        return [
            node
            for node in self.walk()
            if node.tag == tag and all(node.attributes.get(name) == value for name, value in wanted.items())
        ]

    def by_id(self, id: str) -> "Node":
        return next(node for node in self.walk() if node.attributes.get("id") == id)

    def links(self) -> list[str]:
        return [node.attributes.get("href", "") for node in self.all("a")]


class Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.stack = [Node("page")]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, {name: value or "" for name, value in attrs})
        self.stack[-1].children.append(node)
        if tag not in VOID:
            self.stack.append(node)

    def handle_endtag(self, tag: str) -> None:
        if any(node.tag == tag for node in self.stack):
            while self.stack.pop().tag != tag:
                pass

    def handle_data(self, data: str) -> None:
        self.stack[-1].children.append(data)


def read(answer: TestResponse) -> Node:
    reader = Reader()
    reader.feed(answer.text)
    return reader.stack[0]


def main_text(answer: TestResponse) -> str:
    """What stands in the page itself, without the frame around it."""
    return read(answer).by_id("main").text


def notes(answer: TestResponse) -> list[str]:
    """What the page says was done, or could not be."""
    page = read(answer)
    return [node.text for node in page.all("div") if node.attributes.get("class", "").startswith("note ")]


def fields(form: Node) -> MultiDict[str, str]:
    """What a browser sends of this form, without its buttons."""
    sent: MultiDict[str, str] = MultiDict()
    for node in form.walk():
        name = node.attributes.get("name", "")
        if node.tag == "input" and name:
            kind = node.attributes.get("type", "text")
            if kind in ("submit", "button") or (kind in ("checkbox", "radio") and "checked" not in node.attributes):
                continue
            sent.add(name, node.attributes.get("value", "on"))
        elif node.tag == "textarea" and name:
            sent.add(name, node.raw.removeprefix("\r\n").removeprefix("\n"))
        elif node.tag == "select" and name:
            options = node.all("option")
            chosen = [option for option in options if "selected" in option.attributes] or options[:1]
            for option in chosen:
                sent.add(name, option.attributes.get("value", option.text))
    return sent


def form_on(answer: TestResponse, action: str | None = None) -> MultiDict[str, str]:
    """The fields of the form that is sent to `action`; without it, of the form that is sent to its own page."""
    for form in read(answer).all("form", method="post"):
        if form.attributes.get("action") == action:
            return fields(form)
    raise AssertionError(f"no form for {action} on this page")


def words_at(answer: TestResponse, id: str) -> str:
    """The words beside the field with this id, which the field itself must point to."""
    page = read(answer)
    control = page.by_id(id)
    assert f"{id}-error" in control.attributes.get("aria-describedby", "").split(), f"{id} points to no words"
    return page.by_id(f"{id}-error").text


# --- people ---


@dataclass(frozen=True)
class Cast:
    """Who there is in the demo: Gent and Deinze with their people, and a library in Gent that publishes."""

    gent: Municipality
    deinze: Municipality
    lochristi: Municipality
    bib: Organisation
    absence: Absence
    people: dict[str, User]

    def __getitem__(self, name: str) -> User:
        return self.people[name]


def cast() -> Cast:
    """`gent2` is away from today to a week from now, and `backup` stands in."""
    gent, deinze, lochristi = town("Gent"), town("Deinze"), town("Lochristi")
    region = network("Regio Gent")
    bib = OrganisationFactory(name="Bibliotheek Gent-Demo", municipality=gent)

    def person(key: str, name: str) -> User:
        return UserFactory(email=f"{key}@doemee.example", name=name)

    people = {
        "gent": local_admin(gent, user=person("gent", "Noor")),
        "gent2": local_admin(gent, user=person("gent2", "Hanne")),
        "backup": backup(gent, user=person("backup", "Milan")),
        "deinze": local_admin(deinze, user=person("deinze", "Lotte")),
        "netwerk": network_member(region, user=person("netwerk", "Samira")),
        "organisator": organiser(bib, user=person("organisator", "Ines")),
        "platform": platform(user=person("platform", "Wannes")),
    }
    agreement(deinze, region, moderation=True, dashboard=True)
    agreement(lochristi, region, dashboard=True)
    away = absence(people["gent2"], gent, people["backup"])
    return Cast(gent, deinze, lochristi, bib, away, people)


# --- the database, before and after ---


def rows(session: Session, *left_out: str) -> dict[str, list[Any]]:
    """Every row of every table but for sessions and those left out: what a refused request must leave alone."""
    session.commit()
    skipped = {"login_session", "municipality", "postal_code", "network_municipality", *left_out}
    held = {
        table.name: sorted(map(str, session.execute(select(table))))
        for table in db.metadata.sorted_tables
        if table.name not in skipped
    }
    session.commit()
    return held


def again(row: Any) -> Any:
    """The row as it is now, after a request of somebody else."""
    db.session.commit()
    db.session.refresh(row)
    return row


def exists(model: type[Base], id: int) -> bool:
    db.session.commit()
    return db.session.get(model, id) is not None


def entry_titled(title: str) -> Activity:
    db.session.commit()
    return db.session.scalars(select(Activity).where(Activity.title == title)).one()


# --- what an organiser types ---


def typed(of: Organisation, **changes: str | None) -> dict[str, str]:
    """A complete form: one day, in Gent. `__` in a name stands for `-`; None leaves a field out."""
    filled: dict[str, Any] = {
        "organisation": str(of.id),
        "title": "Samen puzzelen",
        "description": "We leggen grote puzzels. De koffie staat klaar.",
        "schedule-kind": "one_day",
        "schedule-one-day": "22/9/2026",
        "schedule-one-opens": "14",
        "schedule-one-closes": "16u30",
        "place_name": "Bibliotheek",
        "street": "Demokaai 1",
        "postal_code": "9000",
        "price": "gratis",
        "level": "2",
        "channels-0-kind": "email",
        "channels-0-value": "puzzel@bib-demo.example",
        "channels-0-seen_by": "public",
        "preferred": "channels-0",
    }
    filled |= {name.replace("__", "-"): value for name, value in changes.items()}
    return {name: value for name, value in filled.items() if value is not None}
