"""A list as a file: the same rows in the same order, as CSV or as a workbook, in plain text no program will carry out.

CSV as Excel in Belgium opens it at a double click: UTF-8 with a mark, semicolons, every cell between quotes
(RFC 4180). Rows are read in batches and sent on, so a big list takes no more memory than a small one.
"""

import csv
import html
import io
import re
import tempfile
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
import xlsxwriter
from flask import Response, request, send_file, stream_with_context
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.wrappers import Response as BaseResponse

from app.domain.clock import brussels_date

log = structlog.get_logger()
WORDS = {"csv": "CSV", "xlsx": "Excel"}
TYPES = {"csv": "text/csv", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
MOST_ROWS = 10_000
BATCH = 500
LONGEST_CELL = 32_000  # a cell of a workbook holds 32,767 characters
STARTS_A_FORMULA = frozenset("=+-@\N{MINUS SIGN}")
INVISIBLE = frozenset({"Cc", "Cf", "Cn", "Zs", "Zl", "Zp", "Mn"})  # categories of signs that show nothing of their own
NEVER = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")  # what a workbook cannot hold, or nobody sees
Row = Sequence[str]


def safe(value: object) -> str:
    """The text of a cell, so that no spreadsheet reads it as a formula: then it begins with an apostrophe (CWE-1236).

    Blanks and invisible signs in front do not hide one, nor do the wide forms of the signs.
    """
    text = NEVER.sub("", plain(value)).encode("utf-8", "replace").decode()[:LONGEST_CELL]
    first = next((char for char in text if unicodedata.category(char) not in INVISIBLE), "")
    if text[:1] in ("\t", "\r", "\n") or unicodedata.normalize("NFKC", first)[:1] in STARTS_A_FORMULA:
        return f"'{text}"
    return text


def plain(value: object) -> str:
    """Text without markup: what a cell of the list says, with a blank where a tag stood."""
    if isinstance(value, Markup):
        return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", str(value))).split())
    return "" if value is None else str(value)


@dataclass(frozen=True, slots=True)
class Table:
    """What goes in the file: its name, the heads, at most so many rows, and how many there are in all."""

    name: str
    heads: Sequence[object]
    rows: Iterator[Row]
    total: int

    def lines(self) -> Iterator[Row]:
        """The heads, the rows, and a last line when there are more."""
        yield [safe(head) for head in self.heads]
        yield from self.rows
        if self.total > MOST_ROWS:
            words = _("Dit zijn de eerste %(most)s van %(total)s rijen. Kies filters in de lijst en exporteer opnieuw.")
            yield [words % {"most": MOST_ROWS, "total": self.total}]


def answer(kind: str, table: Table, now: datetime, user_id: int | None) -> BaseResponse:
    """The file itself, to be saved and never shown."""
    noted = _noted(table, kind, user_id)
    file_name = f"doemee-{slug(table.name)}-{brussels_date(now).isoformat()}.{kind}"
    if request.method == "HEAD":  # nobody reads the rows
        response: BaseResponse = Response(mimetype=TYPES[kind])
    elif kind == "csv":
        response = Response(stream_with_context(as_csv(noted)), mimetype=TYPES[kind])
    else:
        response = send_file(as_workbook(noted), mimetype=TYPES[kind])
    response.headers["Content-Disposition"] = f'attachment; filename="{file_name}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def slug(name: object) -> str:
    """The name of a screen as a part of a file name: plain letters and dashes."""
    letters = unicodedata.normalize("NFKD", str(name)).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", letters).strip("-")[:40] or "lijst"


def as_csv(table: Iterable[Row]) -> Iterator[bytes]:
    """The lines of the file, a batch at a time."""
    page = io.StringIO()
    writer = csv.writer(page, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    page.write("\ufeff")
    for number, row in enumerate(table, 1):
        writer.writerow(row)
        if number % BATCH == 0:
            yield page.getvalue().encode()
            page.seek(0)
            page.truncate()
    yield page.getvalue().encode()


def as_workbook(table: Iterable[Row]) -> Any:
    """A workbook of text cells, in a file without a name that is gone once it is sent."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 -- closed by the server once it is sent
    never = ("strings_to_formulas", "strings_to_urls", "strings_to_numbers")
    with xlsxwriter.Workbook(file, {"constant_memory": True, **dict.fromkeys(never, False)}) as book:
        sheet = book.add_worksheet()
        bold = book.add_format({"bold": True})
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, 0, 40)
        sheet.set_column(1, 20, 24)
        for number, row in enumerate(table):
            for place, text in enumerate(row):
                sheet.write_string(number, place, text, bold if number == 0 else None)
    file.seek(0)
    return file


def _noted(table: Table, kind: str, user_id: int | None) -> Iterator[Row]:
    """Pass the lines on, and write down who took how many, also of a file that was broken off."""
    sent = 0
    try:
        for row in table.lines():
            yield row
            sent += 1
    finally:
        log.info("export", screen=slug(table.name), kind=kind, user=user_id, lines=sent)
