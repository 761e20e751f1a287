"""The judges of what is sent: no form, choice, link or extra field changes a row beyond one."""

from collections.abc import Iterator
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import DateTime, Integer, inspect, select

from tests.admin_views import MISSING_ID, read, rows
from tests.attacks.doors import BROKEN_IN, DOORS, OWN, Door, Fields, foreign
from tests.attacks.ground import KINDS, MAY_SEE
from tests.attacks.reading import worth_asking
from tests.attacks.stage import (
    EVERYONE,
    OUTSIDERS,
    REFUSED,
    STRANGER,
    Battle,
    addresses,
    columns,
    forget_messages,
    seen_in,
)

CHANGING = [door for door in DOORS if door.by]
ANY_METHOD = ("GET", "HEAD", "PUT", "DELETE", "PATCH", "TRACE", "ZOMAAR")


def path_of(door: Door, row: Any) -> str:
    path = addresses(door.screen, "POST")[door.endpoint.partition(".")[2]]
    for part in [part for part in path.split("/") if part.startswith("<")]:
        path = path.replace(part, str(row.id))
    return f"{path}?id={row.id}" if door.id_in_address else path


def of_screen(screen: str, doors: list[Door] | tuple[Door, ...] = DOORS) -> list[Door]:
    return [door for door in doors if door.screen == screen]


def ready(battle: Battle, doors: list[Door]) -> list[tuple[Door, str, Fields]]:
    """Each door with its form, filled in before anything happens to the rows."""
    held = battle.ground.rows
    return [(door, path_of(door, held[door.kind]), door.fields(battle.ground, held[door.kind])) for door in doors]


def judge_forms(battle: Battle, screen: str) -> None:
    """The very form that works for who may (see `judge_rightful`), sent by who may not."""
    before, wrong = rows(battle.session), []
    for door, path, form in ready(battle, of_screen(screen)):
        for who in OUTSIDERS if door.by else (STRANGER, *EVERYONE):
            if who in door.also:
                continue
            visitor = battle.visitors[who]
            answer = visitor.send(path, form)
            forget_messages(visitor)
            if answer.status_code not in REFUSED or seen_in(answer) - MAY_SEE.get(who, frozenset(KINDS)):
                wrong.append(f"{who}: {door} -> {answer.status_code} {answer.location} {seen_in(answer)}")

    assert not wrong
    assert rows(battle.session) == before


def judge_unknown_forms(battle: Battle, screen: str) -> None:
    """Stock doors that are closed, and doors that somebody added without telling here what they do."""
    known = {door.endpoint for door in CHANGING} | set(OWN)
    before, open_doors = rows(battle.session), []
    some = [(kind, row.id) for kind, row in list(worth_asking(battle, screen, "index").items())[-3:]]
    for name, path in addresses(screen, "POST").items():
        if f"{screen}.{name}" in known:
            continue
        for who in ("brugge", "organiser of A", "platform", "aalst"):
            for kind, id in some:
                form = {"id": id, "rowid": id, "list_form_pk": id, "action": "delete", "title": BROKEN_IN}
                answer = battle.visitors[who].send(f"{path}?id={id}", form)
                if answer.status_code not in (403, 404):
                    open_doors.append(f"{who}: {screen}.{name} on {kind} -> {answer.status_code}")

    assert not open_doors, "closed, or a recipe in tests/attacks/doors.py"
    assert rows(battle.session) == before


def judge_choices(battle: Battle) -> None:
    """No choice in a form reaches another town or organisation."""
    before, wrong = rows(battle.session), []
    for who, what, path, form in foreign(battle.ground):
        for more in ({}, {"draft": "1"}, {"publish": "1"}):
            answer = battle.visitors[who].send(path, form | more)
            if answer.status_code not in (400, 403, 404):
                wrong.append(f"{who}: {what} {more} -> {answer.status_code} {answer.location}")

    assert not wrong
    assert rows(battle.session) == before


def judge_links(battle: Battle, screen: str) -> None:
    """A door for forms does nothing on a link, nor by another method."""
    before, wrong = rows(battle.session), []
    for name, path in addresses(screen, "POST").items():
        for method in ANY_METHOD:
            for kind in ("published", "pending", "draft", "rule"):
                row = battle.ground.rows[kind]
                query = {"id": row.id, "rowid": row.id, "decision": "approve", "action": "delete"}
                answer = battle.visitors["brugge"].open(path, method=method, query_string=query)
                reads = method in ("GET", "HEAD") and name in addresses(screen, "GET")
                if answer.status_code not in ((200, 302, 403, 404) if reads else (404, 405)):
                    wrong.append(f"{method} {path} -> {answer.status_code}")

    assert not wrong
    assert rows(battle.session) == before


def judge_tokens(battle: Battle, screen: str) -> None:
    """A form without this session's own token does nothing, though all the rest of it is right."""
    before, wrong = rows(battle.session), []
    for door, path, form in ready(battle, of_screen(screen, CHANGING)):
        visitor = battle.visitors[door.by]
        for token in tokens(battle, visitor):
            sent = form if token is None else {**form, "csrf_token": token}
            answer = visitor.post(path, data=sent)
            if answer.status_code != 400:
                wrong.append(f"{door} with {token!r} -> {answer.status_code}")

    assert not wrong
    assert rows(battle.session) == before


def tokens(battle: Battle, visitor: FlaskClient) -> Iterator[str | None]:
    """None at all, nonsense, that of another session, that of a stranger, and one's own with a letter changed."""
    own = visitor.csrf_token()  # type: ignore[attr-defined]
    yield from (None, "", "zomaar", battle.visitors["aalst"].csrf_token())  # type: ignore[attr-defined]
    yield battle.app.test_client().csrf_token()  # type: ignore[attr-defined]
    signed, dot, signature = own.rpartition(".")
    yield signed + dot + ("a" if signature[0] != "a" else "b") + signature[1:]


def judge_many(battle: Battle, screen: str) -> None:
    """Ten thousand ids of all towns in one form touch no row of another."""
    own = {battle.ground.rows[name] for name in battle.ground.rows if name.endswith(("aalst", "of B"))}
    mixed = [str(row.id) for row in battle.ground.rows.values()]
    many = {"rowid": mixed + [str(MISSING_ID - n) for n in range(10_000)], "action": "delete"}
    before = {kind: columns(row) for kind, row in battle.ground.rows.items() if row not in own}

    for who in ("aalst", "organiser of B", "network"):
        for path in addresses(screen, "POST").values():
            assert battle.visitors[who].send(path, many).status_code in REFUSED, f"{who}: {path}"

    assert {kind: columns(row) for kind, row in battle.ground.rows.items() if row not in own} == before


# --- who may: the forms work, and change no more than they say ---


def judge_rightful(battle: Battle, screen: str) -> None:
    """The control of the table, and mass assignment at once: each column of the table is sent along."""
    for door in of_screen(screen, CHANGING):
        row, other = battle.ground.rows[door.kind], battle.ground.clubs["B"]
        if door.kind != "organisation":  # of that, one has only one's own
            row, other = battle.ground.make(door.kind), row
        visitor, model = battle.visitors[door.by], type(row)
        form = door.fields(battle.ground, row)
        id_, alone, bystander = row.id, columns(row), columns(other)
        along = extras(row, other, shown_on(visitor, door, row) | set(form))
        there = set(battle.session.scalars(select(model.id)))

        answer = visitor.send(path_of(door, row), along | form)

        assert answer.status_code == 302, f"{door}: {read(answer).text[:2_000]}"
        battle.session.commit()
        after = set(battle.session.scalars(select(model.id)))
        assert columns(other) == bystander, door
        if door.makes:
            judge_made(battle, door, visitor)
        elif door.removes:
            assert there - after == {id_}, door
            assert after <= there
        else:
            assert after == there, door
            now = columns(row)
            changed = {name for name in alone if now[name] != alone[name]}
            assert changed <= door.changes | {"updated_at", "row_version"}, door
            assert changed, f"{door}: nothing changed, so this attacks nothing"
        forget_messages(visitor)


def judge_made(battle: Battle, door: Door, visitor: FlaskClient) -> None:
    """The row just made says what a row says that was made without anything sent along."""
    row, model = battle.ground.rows[door.kind], type(battle.ground.rows[door.made])
    newest = select(model).order_by(model.id.desc())
    first = battle.session.scalars(newest).first()
    plain = {name: value.replace(BROKEN_IN, "Anders") for name, value in door.fields(battle.ground, row).items()}
    assert visitor.send(path_of(door, row), plain).status_code == 302  # type: ignore[attr-defined]
    battle.session.commit()
    second = battle.session.scalars(newest).first()
    assert second is not None
    assert first is not None
    assert second is not first
    one, two = columns(first), columns(second)
    differing = {name for name in one if one[name] != two[name]}
    own = {"id", "title", "value", "name", "email", "created_at", "updated_at", "public_from", "form_token", "ends_at"}
    assert differing <= own, door
    made_by = {"created_by_id", "invited_by_id"} & set(two)
    assert all(two[name] == battle.ground.people[door.by].id for name in made_by), door


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
        sent[relation.key] = str(other.id)
    return {name: value for name, value in sent.items() if name not in page}


def shown_on(visitor: FlaskClient, door: Door, row: Any) -> set[str]:
    """The names of the fields on the page of this form, if it has one."""
    if door.endpoint.partition(".")[2] not in addresses(door.screen, "GET"):
        return set()
    forms = read(visitor.get(path_of(door, row))).all("form", method="post")
    controls = [node for form in forms if "action" not in form.attributes for node in form.walk()]
    return {node.attributes["name"] for node in controls if node.attributes.get("name")}
