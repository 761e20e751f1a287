"""The attack table: every door of every screen, for all who have no business there, judged by status and by effect.

The screens are taken from the application itself. A screen added later is walked too; one whose forms are answered
with anything but 403 or 404 needs a recipe in `doors.py`.
"""

import io
import zipfile
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import DateTime, Integer, inspect, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.domain.clock import BRUSSELS
from app.factory import create_app
from app.models import db
from tests.admin_views import MISSING_ID, Node, fields, read, rows
from tests.attacks import values
from tests.attacks.doors import BROKEN_IN, DOORS, Door, foreign
from tests.attacks.ground import ATTACKERS, KINDS, MARK, MAY_SEE, Ground, lay, words
from tests.conftest import settings
from tests.factories import NOW

SignIn = Callable[..., FlaskClient]
REFUSED = (302, 400, 403, 404, 405, 409)
EXPORTS = ("csv", "xlsx", "json", "..")
EVERYONE = ("brugge", "organiser of A", *ATTACKERS)


@lru_cache(maxsize=1)
def screens() -> dict[str, Any]:
    """Every screen of the application, by its endpoint."""
    app = create_app(settings("sqlite://", Path("nowhere")))
    return {view.endpoint: view for view in app.extensions["admin"][0]._views}


SCREENS = tuple(screens())
every_screen = pytest.mark.parametrize("screen", SCREENS)


def addresses(screen: str, method: str) -> dict[str, str]:
    """The doors of a screen that take this method: name and address."""
    view = screens()[screen]
    return {
        name: f"{view.url}{url}".replace("//", "/").replace("<export_type>", "csv")
        for url, name, methods in view._urls
        if method in methods
    }


def path_of(door: Door, row: Any) -> str:
    name = door.endpoint.partition(".")[2]
    path = addresses(door.screen, "POST")[name]
    return f"{path}?id={row.id}" if door.id_in_address else path


@pytest.fixture
def ground(session: Session) -> Ground:
    laid = lay()
    session.commit()
    return laid


@pytest.fixture
def visitors(ground: Ground, client: FlaskClient, sign_in: SignIn) -> dict[str, FlaskClient]:
    """Everyone, signed in; and a stranger."""
    return {"stranger": client} | {name: sign_in(user) for name, user in ground.people.items()}


# --- reading an answer ---


def everything_in(answer: TestResponse) -> str:
    """All its words: the page, where it leads, and the cells of a workbook."""
    if "spreadsheet" in answer.mimetype:
        with zipfile.ZipFile(io.BytesIO(answer.data)) as book:
            return " ".join(book.read(name).decode() for name in book.namelist())
    return f"{answer.headers.get('Location', '')} {answer.get_data().decode('utf-8', 'replace')}"


def seen_in(answer: TestResponse) -> set[str]:
    """The kinds of rows of Brugge of which this answer shows words."""
    said = everything_in(answer)
    return {kind for kind in (*KINDS, "note") if words(kind) in said}


def forget_messages(visitor: FlaskClient) -> None:
    with visitor.session_transaction() as cookie:
        cookie.pop("_flashes", None)


# --- reading ---


def questions(screen: str, page: Node) -> Iterator[str]:
    """Each way to narrow the list of a screen: its filters, its search, and what is not offered."""
    for form in page.all("form"):
        if form.attributes.get("method", "get") == "get":
            for select_ in form.all("select"):
                name = select_.attributes.get("name", "")
                for option in select_.all("option"):
                    yield f"{name}={option.attributes.get('value', '')}&when=all"
    yield f"q={MARK}&when=all"
    yield f"q=brugge&when=all&search={MARK}&flt0_0={MARK}"
    yield "state=draft&when=all"
    yield "show=seen"
    yield "show=withdrawn"
    yield "page_size=100000&limit=100000&sort=0&desc=1"


@every_screen
def test_no_list_search_filter_count_or_export_tells_of_what_is_beyond_one(
    ground: Ground, visitors: dict[str, FlaskClient], screen: str
) -> None:
    leaks = []
    lists = {name: path for name, path in addresses(screen, "GET").items() if path.count("/") <= 3}
    for who in ("stranger", *ATTACKERS):
        visitor = visitors[who]
        for path in lists.values():
            page = visitor.get(path)
            for question in ("", *questions(screen, read(page))):
                answer = visitor.get(f"{path}?{question}")
                if seen_in(answer) - MAY_SEE.get(who, frozenset()) or answer.status_code >= 500:
                    leaks.append(f"{who}: {path}?{question} -> {answer.status_code} {seen_in(answer)}")
        for kind in EXPORTS:
            answer = visitor.get(f"{screens()[screen].url}/export/{kind}/?when=all&q={MARK}")
            if seen_in(answer) - MAY_SEE.get(who, frozenset()) or answer.status_code >= 500:
                leaks.append(f"{who}: export {kind} -> {answer.status_code} {seen_in(answer)}")

    assert not leaks


def worth_asking(ground: Ground, screen: str, door: str) -> dict[str, Any]:
    """The rows of the kind this screen is about, and one of another kind; of a list, two are enough."""
    model = getattr(screens()[screen], "model", None)
    wanted = {kind: ground.rows[kind] for kind in KINDS if model is None or type(ground.rows[kind]) is model}
    other = "rule" if "rule" not in wanted else "mandate"
    shortened = dict(list(wanted.items())[:2]) if door.startswith("index") and screen != "queue" else wanted
    return shortened | {other: ground.rows[other]}


@every_screen
def test_no_page_of_one_row_opens_for_who_may_not_see_it(
    ground: Ground, visitors: dict[str, FlaskClient], screen: str
) -> None:
    leaks = []
    for who in ("stranger", *ATTACKERS):
        visitor = visitors[who]
        for name, path in addresses(screen, "GET").items():
            for kind, row in worth_asking(ground, screen, name).items():
                if kind in MAY_SEE.get(who, ()):
                    continue
                answer = visitor.get(f"{path}?id={row.id}&name={row.id}&pk={row.id}&query={MARK}&limit=9999")
                if seen_in(answer) - MAY_SEE.get(who, frozenset()) or answer.status_code >= 500:
                    leaks.append(f"{who}: {path} on {kind} -> {answer.status_code} {seen_in(answer)}")
                forget_messages(visitor)

    assert not leaks


# --- forms ---


@every_screen
def test_no_form_reaches_a_row_beyond_one(
    ground: Ground, visitors: dict[str, FlaskClient], session: Session, screen: str
) -> None:
    """The very form that works for who may (see below), sent by who may not."""
    before, wrong = rows(session), []
    for door in (door for door in DOORS if door.screen == screen):
        row = ground.rows[door.kind]
        for who in ("stranger", *(EVERYONE if not door.by else ATTACKERS)):
            if who not in door.also:
                answer = visitors[who].send(path_of(door, row), door.fields(ground, row))
                forget_messages(visitors[who])
                if answer.status_code not in REFUSED or seen_in(answer) - MAY_SEE.get(who, frozenset(KINDS)):
                    wrong.append(f"{who}: {door} -> {answer.status_code} {answer.location} {seen_in(answer)}")

    assert not wrong
    assert rows(session) == before


@every_screen
def test_a_form_without_a_recipe_is_refused_to_everyone(
    ground: Ground, visitors: dict[str, FlaskClient], session: Session, screen: str
) -> None:
    """Stock doors that are closed, and doors that somebody added without telling what they do."""
    known = {door.endpoint for door in DOORS if door.by}
    before, open_doors = rows(session), []
    for name, path in addresses(screen, "POST").items():
        if f"{screen}.{name}" in known:
            continue
        for who in ("brugge", "organiser of A", "platform", "aalst"):
            for kind, row in list(worth_asking(ground, screen, "index").items())[-3:]:
                form = {"id": row.id, "rowid": row.id, "list_form_pk": row.id, "action": "delete", "title": BROKEN_IN}
                answer = visitors[who].send(f"{path}?id={row.id}", form)
                if answer.status_code not in (403, 404):
                    open_doors.append(f"{who}: {screen}.{name} on {kind} -> {answer.status_code}")

    assert not open_doors, "closed, or a recipe in tests/attacks/doors.py"
    assert rows(session) == before


def test_no_choice_in_a_form_reaches_another_town_or_organisation(
    ground: Ground, visitors: dict[str, FlaskClient], session: Session
) -> None:
    before, wrong = rows(session), []

    for who, what, path, form in foreign(ground):
        for more in ({}, {"draft": "1"}, {"publish": "1"}):
            answer = visitors[who].send(path, form | more)
            if answer.status_code not in (400, 403, 404):
                wrong.append(f"{who}: {what} {more} -> {answer.status_code} {answer.location}")

    assert not wrong
    assert rows(session) == before


@every_screen
def test_a_door_for_forms_does_nothing_on_a_link(
    ground: Ground, visitors: dict[str, FlaskClient], session: Session, screen: str
) -> None:
    before = rows(session)
    for name, path in addresses(screen, "POST").items():
        for method in ("GET", "HEAD", "PUT", "DELETE", "PATCH"):
            for kind in ("published", "pending", "rule"):
                query = {"id": ground.rows[kind].id, "rowid": ground.rows[kind].id, "decision": "approve"}
                answer = visitors["brugge"].open(path, method=method, query_string=query)
                reads = method in ("GET", "HEAD") and name in addresses(screen, "GET")
                assert answer.status_code in ((200, 302, 403, 404) if reads else (405,)), f"{method} {path}"

    assert rows(session) == before


# --- who may: the forms work, and change no more than they say ---


def columns(row: Any) -> dict[str, Any]:
    db.session.commit()
    db.session.refresh(row)
    return {attribute.key: getattr(row, attribute.key) for attribute in inspect(type(row)).column_attrs}


def extras(row: Any, other: Any, page: set[str]) -> dict[str, str]:
    """Every column and relation of the row's table that the form does not show, with a value from elsewhere."""
    sent = {"created_by": "1", "row_version_": "9", "_state": "published", "is_admin": "y", "role": "platform"}
    for attribute in inspect(type(row)).column_attrs:
        column = attribute.columns[0]
        sent[attribute.key] = BROKEN_IN
        if isinstance(column.type, DateTime):
            sent[attribute.key] = "2001-01-01T00:00:00"
        elif column.foreign_keys or isinstance(column.type, Integer):
            sent[attribute.key] = str(getattr(other, attribute.key, None) or other.id)
    sent |= {"state": "published", "origin": "own", "id_": str(other.id)}
    for relation in inspect(type(row)).relationships:
        sent[relation.key] = str(getattr(other, f"{relation.key}_id", None) or other.id)
    return {name: value for name, value in sent.items() if name not in page}


def shown_on(visitor: FlaskClient, door: Door, row: Any) -> set[str]:
    """The names of the fields on the page of this form, if it has one."""
    name = door.endpoint.partition(".")[2]
    if name not in addresses(door.screen, "GET"):
        return set()
    forms = read(visitor.get(path_of(door, row))).all("form", method="post")
    return {name for form in forms for name in fields(form) if "action" not in form.attributes}


CHANGING = [door for door in DOORS if door.by]


@pytest.mark.parametrize("screen", sorted({door.screen for door in CHANGING}))
def test_who_may_changes_what_the_form_says_and_no_more_whatever_is_sent_along(
    ground: Ground, visitors: dict[str, FlaskClient], session: Session, screen: str
) -> None:
    """The control of the table, and mass assignment at once: each column of the table is sent along."""
    for door in (door for door in CHANGING if door.screen == screen):
        row, other = ground.make(door.kind), ground.rows[door.kind]
        visitor, model = visitors[door.by], type(row)
        form = door.fields(ground, row)
        alone = {} if door.makes else columns(row)
        along = extras(row, other, shown_on(visitor, door, row) | set(form))
        there = set(session.scalars(select(model.id)))
        bystander = columns(other)

        answer = visitor.send(path_of(door, row), along | form)

        assert answer.status_code == 302, f"{door}: {read(answer).text[:2_000]}"
        session.commit()
        after = set(session.scalars(select(model.id)))
        assert columns(other) == bystander, door
        if door.makes:
            assert_made_by_hand(door, visitor, ground, session)
        elif door.endpoint.endswith("delete_view"):
            assert there - after == {row.id}, door
            assert after <= there
        else:
            assert after == there, door
            now = columns(row)
            changed = {name for name in alone if now[name] != alone[name]}
            assert changed <= door.changes | {"updated_at", "row_version"}, door
            assert changed, f"{door}: nothing changed, so this attacks nothing"


def assert_made_by_hand(door: Door, visitor: FlaskClient, ground: Ground, session: Session) -> None:
    """The row just made says what a row says that was made without anything sent along."""
    model = type(ground.rows["published" if door.screen == "activity" else door.kind])
    row = ground.rows[door.kind]
    first = session.scalars(select(model).order_by(model.id.desc())).first()
    form = {name: value.replace(BROKEN_IN, f"{BROKEN_IN} nogmaals") for name, value in door.fields(ground, row).items()}
    assert visitor.send(path_of(door, row), form).status_code == 302
    session.commit()
    second = session.scalars(select(model).order_by(model.id.desc())).first()
    assert second is not first
    assert first is not None
    one, two = columns(first), columns(second)
    differing = {name for name in one if one[name] != two[name]}
    assert differing <= {"id", "title", "value", "created_at", "updated_at", "public_from", "form_token"}, door
    assert two.get("created_by_id") == ground.people[door.by].id


# --- robustness: what is no id and no page, on every door ---


@every_screen
def test_what_is_no_id_or_page_opens_nothing_and_breaks_nothing(
    ground: Ground, visitors: dict[str, FlaskClient], session: Session, screen: str
) -> None:
    before, wrong = rows(session), []
    view = screens()[screen]
    for who in ("brugge", "platform"):
        visitor = visitors[who]
        for name, path in addresses(screen, "GET").items():
            for id in values.NO_IDS:
                answer = visitor.get(path, query_string={"id": id, "pk": id, "rowid": id})
                listed = name in ("index_view", "index", "create_view") and answer.status_code in (200, 302)
                if answer.status_code not in (403, 404) and not (listed or (not id and answer.status_code == 200)):
                    wrong.append(f"{who}: GET {path}?id={id} -> {answer.status_code}")
            wrong += [
                f"{who}: GET {path}?{name}=%00 -> {answer.status_code}"
                for name in ("id", "q", "page", "search", "flt0_0", "\0")
                if (answer := visitor.get(path, query_string={name: "\0"})).status_code != 400
            ]
        for page in values.NO_PAGES:
            answer = visitor.get(f"{view.url}/", query_string={"page": page, "pagina": page})
            if answer.status_code not in (200, 403, 404):
                wrong.append(f"{who}: page {page} -> {answer.status_code}")
        for number in ("-1", str(10**20), "abc"):
            query = {"name": "municipality", "query": "a", "limit": number, "offset": number, "page_size": number}
            answer = visitor.get(f"{view.url}/ajax/lookup/", query_string=query)
            if answer.status_code not in (403, 404):
                wrong.append(f"{who}: lookup {number} -> {answer.status_code}")
        for path in addresses(screen, "POST").values():
            for id in (*values.NO_IDS, "\0"):
                form = {"id": id, "rowid": id, "action": "delete", "decision": "approve", "list_form_pk": id}
                answer = visitor.post(path, query_string={"id": id}, data={"csrf_token": visitor.csrf_token(), **form})
                expected = (400,) if id == "\0" else (400, 403, 404)
                if answer.status_code not in expected:
                    wrong.append(f"{who}: POST {path} id={id!r} -> {answer.status_code}")

    assert not wrong
    assert rows(session) == before


@every_screen
def test_ten_thousand_ids_of_all_towns_touch_no_row_of_another(
    ground: Ground, visitors: dict[str, FlaskClient], session: Session, screen: str
) -> None:
    own = {ground.rows[name] for name in ground.rows if name.endswith(("aalst", "of B"))}
    mixed = [str(row.id) for row in ground.rows.values()]
    many = {"rowid": mixed + [str(MISSING_ID - n) for n in range(10_000)], "action": "delete"}
    before = {kind: columns(row) for kind, row in ground.rows.items() if row not in own}

    for who in ("aalst", "organiser of B", "network"):
        for path in addresses(screen, "POST").values():
            assert visitors[who].send(path, many).status_code in REFUSED, f"{who}: {path}"

    assert {kind: columns(row) for kind, row in ground.rows.items() if row not in own} == before


# --- two at once ---


def versioned() -> list[Door]:
    return [door for door in CHANGING if door.endpoint.endswith("edit_view") and door.kind != "draft"]


@pytest.mark.parametrize("door", versioned(), ids=str)
def test_a_save_upon_an_older_version_overwrites_nothing_and_keeps_what_was_typed(
    ground: Ground, visitors: dict[str, FlaskClient], session: Session, door: Door
) -> None:
    row = ground.rows[door.kind]
    opened = door.fields(ground, row)
    first = {name: value.replace(BROKEN_IN, "Van de eerste") for name, value in opened.items()}
    assert visitors[door.by].send(path_of(door, row), first).status_code == 302
    saved = columns(row)

    answer = visitors[door.by].send(path_of(door, row), opened)

    assert answer.status_code in (400, 409)
    assert columns(row) == saved
    typed = [fields(form) for form in read(answer).all("form", method="post")]
    assert any(BROKEN_IN in form.values() for form in typed)
    assert "Van de eerste" in read(answer).text or "wijzigde dit" in read(answer).text


def test_the_clock_of_these_tests_stands_at_now(clock: Any, app: Flask) -> None:
    assert NOW.tzinfo is BRUSSELS
