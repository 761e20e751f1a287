"""A list as a file: the rows one may see and no more, in plain text that no spreadsheet carries out."""

import csv
import io
import tracemalloc
import zipfile
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from structlog.testing import capture_logs
from werkzeug.test import TestResponse

from admin_views import export
from admin_views.activities import ActivityView
from app.domain.activity import State
from app.models import Activity, db
from tests.admin_views import Cast, cast, read
from tests.admin_views.test_queries import Crowd, counted
from tests.factories import (
    NOW,
    IntakeRuleFactory,
    InvitationFactory,
    OrganisationFactory,
    ReportFactory,
    own_entry,
    uit_event,
)

SignIn = Callable[..., FlaskClient]
SCREENS = ("activity", "organisation", "people", "intake", "fresh", "queue")
CELL = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@pytest.fixture
def people(session: Session) -> Cast:
    return cast()


@pytest.fixture
def gent(people: Cast, sign_in: SignIn) -> FlaskClient:
    return sign_in(people["gent"])


def lines(answer: TestResponse) -> list[list[str]]:
    """The cells of a CSV file, as Excel reads it."""
    assert answer.status_code == 200
    text = answer.data.decode("utf-8")
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=";", strict=True))


def cells(answer: TestResponse) -> list[list[str]]:
    """The cells of a workbook; every one of them is text."""
    assert answer.status_code == 200
    with zipfile.ZipFile(io.BytesIO(answer.data)) as book:
        names = book.namelist()
        sheet = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))  # noqa: S314 -- we made it
    assert not [name for name in names if "external" in name or "macro" in name.lower()]
    assert not list(sheet.iter(f"{CELL}f"))
    assert not list(sheet.iter(f"{CELL}hyperlink"))
    found = []
    for row in sheet.iter(f"{CELL}row"):
        assert {cell.attrib["t"] for cell in row.iter(f"{CELL}c")} <= {"inlineStr"}
        found.append(["".join(text.text or "" for text in cell.iter(f"{CELL}t")) for cell in row.iter(f"{CELL}c")])
    return found


def path(screen: str, kind: str = "csv", query: str = "") -> str:
    return f"/admin/{screen}/export/{kind}/{query}"


def fill(people: Cast) -> None:
    own_entry(people.bib, title="Van Gent"), own_entry(OrganisationFactory(municipality=people.deinze), title="Deinze")
    uit_event(people.gent, title="Uit Gent"), uit_event(people.deinze, title="Uit Deinze")
    IntakeRuleFactory(municipality=people.gent, value="in gent")
    IntakeRuleFactory(municipality=people.deinze, value="in deinze")


# --- which rows ---


@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_every_list_is_a_file_with_the_rows_of_the_list_and_no_other(
    people: Cast, gent: FlaskClient, screen: str, kind: str
) -> None:
    fill(people)

    answer = gent.get(path(screen, kind))

    rows = lines(answer) if kind == "csv" else cells(answer)
    words = " ".join(cell for row in rows for cell in row)
    assert len(rows) > 1
    assert len({len(row) for row in rows}) == 1
    assert "Deinze" not in words.replace("UiTdatabank", "")
    assert "deinze" not in words
    assert "<" not in words


def test_filters_and_search_count_in_the_file_as_in_the_list(people: Cast, gent: FlaskClient) -> None:
    own_entry(people.bib, title="Zingen"), own_entry(people.bib, title="Zingen toen", state=State.WITHDRAWN)
    own_entry(people.bib, title="Wandelen")

    found = lines(gent.get(path("activity", query="?q=zing&state=published")))

    assert [row[0] for row in found[1:]] == ["Zingen"]


def test_the_rows_stand_in_the_order_of_the_list(people: Cast, gent: FlaskClient) -> None:
    for name in ("Boeken", "Appels", "Citroenen"):
        OrganisationFactory(name=name, municipality=people.gent)

    names = [row[0] for row in lines(gent.get(path("organisation")))[1:]]

    assert names == sorted(names)


def test_another_view_of_a_list_is_another_file(people: Cast, gent: FlaskClient) -> None:
    own_entry(people.bib, title="Nieuw"), own_entry(people.bib, title="Weg", state=State.WITHDRAWN)

    assert [row[0] for row in lines(gent.get(path("fresh")))[1:]] == ["Nieuw"]
    assert [row[0] for row in lines(gent.get(path("fresh", query="?show=withdrawn")))[1:]] == ["Weg"]


@pytest.mark.parametrize("kind", ["json", "CSV", "xls", "csv.exe", "..", "tsv", "html", "%00"])
def test_another_kind_of_file_is_not_found(gent: FlaskClient, kind: str) -> None:
    assert gent.get(path("activity", kind)).status_code in (400, 404)


def test_who_may_not_open_the_list_gets_no_file(people: Cast, sign_in: SignIn, client: FlaskClient) -> None:
    assert sign_in(people["organisator"]).get(path("queue")).status_code == 403
    assert client.get(path("activity")).location.startswith("/login")


def test_a_screen_without_a_list_has_no_file(people: Cast, sign_in: SignIn) -> None:
    for screen in ("system", "rights"):
        assert sign_in(people["platform"]).get(path(screen)).status_code == 404


def test_the_list_offers_its_files_with_its_filters_when_there_are_rows(people: Cast, gent: FlaskClient) -> None:
    fill(people)

    for screen in SCREENS:
        links = [link for link in read(gent.get(f"/admin/{screen}/")).by_id("main").links() if "/export/" in link]
        assert links == [path(screen, "csv"), path(screen, "xlsx")], screen
    narrowed = read(gent.get("/admin/activity/?origin=own")).by_id("main").links()
    assert path("activity", query="?origin=own") in narrowed
    nothing = read(gent.get("/admin/activity/?q=nergens")).by_id("main").links()
    assert not [link for link in nothing if "/export/" in link]


# --- what a cell says ---


FORMULAS = [
    *("=HYPERLINK(1)", "+1", "-1", "@SUM(1)", "\t=1", "\r=1", "  =1", "\u00a0=1", "\u3000@x", "＝1+1", "＋1", "－1"),
    *("＠x", "\u200b=1", "\ufeff=1", "﹢1", "\u22121", "=cmd|' /C calc'!A0", '="a";=1', "\n=1"),
]


@pytest.mark.parametrize("text", FORMULAS)
def test_what_a_spreadsheet_would_carry_out_begins_with_an_apostrophe(text: str) -> None:
    assert export.safe(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "Samen koken", "a=1", "’t Huis", "1 + 1", "(=1)", "100 %", "<b>", "é"])
def test_other_text_stays_as_it_is(text: str) -> None:
    assert export.safe(text) == text


@pytest.mark.parametrize(
    "title", ["=HYPERLINK(1)", "＝1", "@x", "-1", 'a";"=1', "a;=1", "twee\nlijnen", "é ❤ ’", "a,=1"]
)
def test_a_hostile_title_is_text_in_both_files_and_moves_no_other_cell(
    people: Cast, gent: FlaskClient, title: str
) -> None:
    own_entry(people.bib, title=title, price="gratis")

    as_csv, as_book = lines(gent.get(path("activity"))), cells(gent.get(path("activity", "xlsx")))

    expected = export.safe(title)
    assert as_csv[1][0] == as_book[1][0] == expected
    assert as_csv == as_book
    assert as_csv[1][6] == "gratis"
    for line in gent.get(path("activity")).data.decode().removeprefix("\ufeff").split("\r\n")[:1]:
        assert all(cell.startswith('"') and cell.endswith('"') for cell in line.split(";"))


def test_markup_of_a_list_is_plain_text_in_its_file(people: Cast, gent: FlaskClient) -> None:
    found = lines(gent.get(path("people")))

    assert [row[:2] for row in found if "Noor" in row[0]] == [["Noor", "gent@doemee.example"]]


def test_every_value_has_a_cell_of_its_own(people: Cast, gent: FlaskClient) -> None:
    about = own_entry(people.bib, title="Samen koken")
    ReportFactory(activity=about, remark="nr 2", handled_at=NOW, handled_by=people["gent"])
    InvitationFactory(municipality=people.gent, name="Zeynep", email="z@doemee.example", invited_by=people["gent"])

    report = lines(gent.get(path("report", query="?show=handled")))
    asked = lines(gent.get(path("invitation")))
    colleagues = lines(gent.get(path("people")))

    assert report[0] == ["Wat is er mis", "Opmerking", "Activiteit", "Gemeente", "Gemeld", "Afgehandeld door"]
    assert [report[1][place] for place in (1, 2, 3, 5)] == ["nr 2", "Samen koken", "Gent", "Noor"]
    assert asked[0] == ["Naam", "E-mailadres", "Als wat", "Hoe staat het", "Uitgenodigd door"]
    assert [asked[1][place] for place in (0, 1, 4)] == ["Zeynep", "z@doemee.example", "Noor"]
    assert colleagues[0] == ["Naam", "E-mailadres", "Wat", "Sinds", "Tot en met", "Aangesteld door"]
    assert not [cell for row in colleagues for cell in row[3:] if "sinds" in cell or "aangesteld door" in cell]


# --- the answer around it ---


@pytest.mark.parametrize(("kind", "type"), [("csv", "text/csv; charset=utf-8"), ("xlsx", export.TYPES["xlsx"])])
def test_the_file_is_saved_and_never_shown(people: Cast, gent: FlaskClient, kind: str, type: str) -> None:
    own_entry(people.bib)

    for screen, name in (("activity", "activiteiten"), ("people", "collegas"), ("queue", "te-keuren")):
        headers = gent.get(path(screen, kind)).headers
        assert headers["Content-Disposition"] == f'attachment; filename="doemee-{name}-2026-09-15.{kind}"'
        assert headers["Content-Type"] == type
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cache-Control"] == "no-store"


def test_asking_for_the_head_alone_reads_no_rows(people: Cast, gent: FlaskClient) -> None:
    answer = gent.head(path("activity"))

    assert answer.status_code == 200
    assert answer.data == b""
    assert "attachment" in answer.headers["Content-Disposition"]


def test_it_is_written_down_who_took_how_much(people: Cast, gent: FlaskClient) -> None:
    own_entry(people.bib), own_entry(people.bib)

    with capture_logs() as logs:
        gent.get(path("activity"))

    (line,) = [line for line in logs if line["event"] == "export"]
    assert (line["user"], line["screen"], line["kind"], line["lines"]) == (people["gent"].id, "activiteiten", "csv", 3)


# --- many rows ---


@pytest.mark.parametrize("screen", SCREENS)
def test_a_file_asks_the_same_few_statements_whatever_the_number_of_rows(
    people: Cast, session: Session, gent: FlaskClient, screen: str
) -> None:
    IntakeRuleFactory(municipality=people.gent)
    crowd = Crowd(session, people)
    asked = []

    for size in (10, 2_000):
        crowd.grow(size)
        with counted() as statements:
            assert len(lines(gent.get(path(screen)))) > min(size // 20, 1)
        asked.append(len(statements))

    assert asked[0] == asked[1] <= 4


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_long_list_ends_with_a_line_that_says_so(
    people: Cast, gent: FlaskClient, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setattr(export, "MOST_ROWS", 3)
    for _ in range(5):
        own_entry(people.bib)

    answer = gent.get(path("activity", kind))

    found = lines(answer) if kind == "csv" else cells(answer)
    assert len(found) == 1 + 3 + 1
    assert found[-1][0].startswith("Dit zijn de eerste 3 van 5 rijen. Kies filters")


def test_exactly_as_many_as_fit_is_all_of_them(
    people: Cast, gent: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "MOST_ROWS", 3)
    for _ in range(3):
        own_entry(people.bib)

    assert len(lines(gent.get(path("activity")))) == 1 + 3


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_big_file_takes_no_more_memory_than_a_batch(kind: str) -> None:
    def peak(rows: int) -> int:
        cells: Any = ([f"{number} een titel die wat langer is dan de andere " * 3] * 8 for number in range(rows))
        table = export.Table("x", ["kop"] * 8, cells, rows)
        tracemalloc.start()
        if kind == "csv":
            assert sum(len(part) for part in export.as_csv(table.lines())) > rows * 900
        else:
            with export.as_workbook(table.lines()) as file:
                assert file.read(2) == b"PK"
        top = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return top

    few = peak(1_000)

    assert peak(6_000) < 2 * few


def test_who_hangs_up_halfway_leaves_nothing_open(
    people: Cast, session: Session, gent: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database would warn of a cursor that nobody closed."""
    monkeypatch.setattr(export, "BATCH", 2)
    for _ in range(10):
        own_entry(people.bib)
    view = next(v for v in gent.application.extensions["admin"][0]._views if isinstance(v, ActivityView))
    session.commit()

    with gent.application.test_request_context("/admin/activity/export/csv/"):
        rows = view.export_rows(select(Activity), view.exported)
        next(rows)
        rows.close()
        db.session.remove()


@pytest.mark.parametrize("sign", ["\u200e", "\u202e", "\u2066", "\ufe0f", "\u034f", "\u0378", "\u2028"])
def test_no_invisible_sign_hides_a_formula(sign: str) -> None:
    assert export.safe(f"{sign}=1+1") == f"'{sign}=1+1"


@pytest.mark.parametrize("sign", ["\x00", "\x01", "\x1f", "\x7f", "\x9f"])
def test_a_control_sign_neither_hides_a_formula_nor_reaches_the_file(sign: str) -> None:
    assert export.safe(f"{sign}=1{sign}") == "'=1"
