"""The judges of what is read: no list, page, count or export tells of a row beyond one."""

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from html import unescape
from typing import Any

from sqlalchemy import select
from werkzeug.test import TestResponse

from app.models import Agreement
from app.services import past
from tests.admin_views import Node, read, rows
from tests.attacks import values
from tests.attacks.doors import OWN
from tests.attacks.ground import KINDS, MARK, MAY_SEE
from tests.attacks.stage import (
    OUTSIDERS,
    Battle,
    addresses,
    forget_messages,
    screens,
    told,
)

# Who reads of an account or an agreement of Brugge by right: these kinds stand not in `MAY_SEE`.
READ_ACCOUNTS = ("platform", "backup, nobody away", "network")
EXPORTS = ("csv", "xlsx", "json", "..")


def questions(page: Node) -> Iterator[str]:
    """Each way to narrow the list of a screen: its filters, its search, and what is not offered."""
    for form in page.all("form"):
        if form.attributes.get("method", "get") == "get":
            for choice in form.all("select"):
                name = choice.attributes.get("name", "")
                for option in choice.all("option"):
                    yield f"{name}={option.attributes.get('value', '')}&when=all"
    yield f"q={MARK}&when=all"
    yield f"q=brugge&when=all&search={MARK}&flt0_0={MARK}"
    yield "state=draft&when=all"
    yield "show=seen"
    yield "show=withdrawn"
    yield "page_size=100000&limit=100000&sort=0&desc=1"


def judge_lists(battle: Battle, screen: str) -> None:
    leaks = []
    for who in OUTSIDERS:
        visitor = battle.visitors[who]
        for path in battle.lists(screen).values():
            page = visitor.get(path)
            asked = ("", *questions(read(page))) if page.status_code == 200 else ("", f"q={MARK}&when=all")
            for question in asked:
                if said := told(who, visitor.get(f"{path}?{question}")):
                    leaks.append(f"{who}: {path}?{question} -> {said}")

    assert not leaks


def judge_exports(battle: Battle, screen: str) -> None:
    leaks = []
    for who in OUTSIDERS:
        for kind in EXPORTS:
            # A workbook is slow to make, and made of the same rows.
            for question in ("when=all&limit=1000000",) if kind != "csv" else ("", f"when=all&q={MARK}", "when=all"):
                path = f"{screens()[screen].url}/export/{kind}/?{question}"
                answer = battle.visitors[who].get(path)
                if said := told(who, answer):
                    leaks.append(f"{who}: {path} -> {said}")
                if kind not in ("csv", "xlsx") and answer.status_code == 200:
                    leaks.append(f"{who}: {path} exports")

    assert not leaks


def worth_asking(battle: Battle, screen: str, door: str) -> dict[str, Any]:
    """The rows of the kind this screen is about, and one of another kind; of a list, two are enough."""
    model = getattr(screens()[screen], "model", None)
    held = battle.ground.rows
    wanted = {kind: held[kind] for kind in KINDS if model is None or type(held[kind]) is model}
    other = "rule" if "rule" not in wanted else "mandate"
    shortened = dict(list(wanted.items())[:2]) if door.startswith("index") and screen != "queue" else wanted
    return shortened | {other: held[other]}


def judge_details(battle: Battle, screen: str) -> None:
    """No page of one row opens for who may not see that row, whatever the name of its parameter."""
    leaks = []
    for who in OUTSIDERS:
        visitor = battle.visitors[who]
        for name, path in addresses(screen, "GET").items():
            for kind, row in worth_asking(battle, screen, name).items():
                if kind in MAY_SEE.get(who, ()):
                    continue
                query = f"id={row.id}&name={row.id}&pk={row.id}&table={row.__tablename__}&record={row.id}"
                if said := told(who, visitor.get(f"{filled(path, row)}?{query}&query={MARK}&limit=9999")):
                    leaks.append(f"{who}: {path} on {kind} -> {said}")
                forget_messages(visitor)

    assert not leaks


def judge_histories(battle: Battle) -> None:
    """What happened to a record is read by nobody who may not read the record."""
    held = battle.ground.rows
    about = [(kind, row) for kind, row in held.items() if row.__tablename__ in past.KINDS and kind in KINDS]
    about += [("account", battle.ground.people["brugge"])]
    about += [("agreement", row) for row in battle.session.scalars(select(Agreement)) if row.ended_at]
    assert {row.__tablename__ for _kind, row in about} == set(past.KINDS)
    leaks = []
    for who in OUTSIDERS:
        for kind, row in about:
            if kind in MAY_SEE.get(who, ()) or (kind not in KINDS and who in READ_ACCOUNTS):
                continue
            path = f"/admin/history/?kind={row.__tablename__}&id={row.id}"
            answer = battle.visitors[who].get(path)
            if answer.status_code not in (302, 403, 404) or told(who, answer):
                leaks.append(f"{who}: {path} of {kind} -> {answer.status_code} {told(who, answer)}")

    assert not leaks


def filled(path: str, row: Any) -> str:
    """The address with something in each of its places: a number where one belongs, else the table's name."""
    for part in [part for part in path.split("/") if part.startswith("<")]:
        path = path.replace(part, str(row.id) if "int:" in part or "id" in part else row.__tablename__)
    return path


def judge_odd_ids(battle: Battle, screen: str) -> None:
    """What is no id and no page opens nothing and breaks nothing."""
    before, wrong = rows(battle.session), []
    for who in ("brugge", "platform"):
        visitor = battle.visitors[who]
        for name, path in battle.lists(screen).items():
            for id in values.NO_IDS:
                answer = visitor.get(path, query_string={"id": id, "pk": id, "rowid": id}, buffered=True)
                about_rows = name.startswith(("details", "edit", "withdraw", "ajax"))
                fine = (403, 404) if about_rows else (200, 302, 403, 404)
                if answer.status_code not in fine:
                    wrong.append(f"{who}: GET {path}?id={id} -> {answer.status_code}")
            wrong += [
                f"{who}: GET {path}?{name}=%00 -> {answer.status_code}"
                for name in ("id", "q", "page", "search", "flt0_0", "\0")
                if (answer := visitor.get(path, query_string={name: "\0"}, buffered=True)).status_code != 400
            ]
            for page in values.NO_PAGES:
                answer = visitor.get(path, query_string={"page": page, "pagina": page}, buffered=True)
                if answer.status_code not in (200, 302, 403, 404):
                    wrong.append(f"{who}: {path} page {page} -> {answer.status_code}")
        for number in ("-1", str(10**20), "abc"):
            query = {"name": "municipality", "query": "a", "limit": number, "offset": number, "page_size": number}
            answer = visitor.get(f"{screens()[screen].url}/ajax/lookup/", query_string=query)
            if answer.status_code not in (403, 404):
                wrong.append(f"{who}: lookup {number} -> {answer.status_code}")
        for name, path in addresses(screen, "POST").items():
            for id in () if f"{screen}.{name}" in OWN else (*values.NO_IDS, "\0"):
                form = {"id": id, "rowid": id, "action": "delete", "decision": "approve", "list_form_pk": id}
                answer = visitor.send(path, form, query_string={"id": id})
                if answer.status_code not in ((400,) if id == "\0" else (400, 403, 404)):
                    wrong.append(f"{who}: POST {path} id={id!r} -> {answer.status_code}")
                forget_messages(visitor)

    assert not wrong
    assert rows(battle.session) == before


# --- what a spreadsheet does with it ---


def cells(answer: TestResponse) -> list[str]:
    """The cells of an export, as a spreadsheet reads them; a formula in a workbook fails here."""
    if "spreadsheet" not in answer.mimetype:
        text = answer.get_data().decode("utf-8-sig")
        return [cell for line in csv.reader(io.StringIO(text, newline=""), delimiter=mark_of(text)) for cell in line]
    with zipfile.ZipFile(io.BytesIO(answer.data)) as book:
        pages = [book.read(name).decode() for name in book.namelist() if name.startswith("xl/worksheets/sheet")]
        strings = "".join(book.read(name).decode() for name in book.namelist() if name.endswith("haredStrings.xml"))
    assert not [page for page in pages if "<f>" in page or "<f " in page or "<hyperlink" in page], "a live cell"
    return [unescape(text) for text in re.findall(r"<t[^>]*>(.*?)</t>", strings + "".join(pages), re.DOTALL)]


def mark_of(text: str) -> str:
    """What parts the cells: Flemish spreadsheets read a semicolon."""
    head = text.partition("\n")[0]
    return ";" if head.count(";") > head.count(",") else ","


def judge_formulas(answer: TestResponse, sign: str) -> None:
    """No cell that begins as a formula: a CSV is text, and a spreadsheet reads `=` in it as one."""
    found = cells(answer)
    assert any(sign in cell for cell in found), "the row is not in it, so this attacks nothing"
    if "spreadsheet" not in answer.mimetype:  # text of a workbook is text, whatever it begins with
        assert not [cell for cell in found if cell and cell[0] in "=+-@\t\r"]
