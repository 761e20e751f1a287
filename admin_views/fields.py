"""Fields that understand what people type, and give it back as typed when it cannot be read."""

import unicodedata
from collections.abc import Iterable, Iterator
from datetime import date, time
from typing import Any, ClassVar

from flask_babel import gettext as _
from wtforms import FieldList, SelectMultipleField, StringField
from wtforms.validators import ValidationError

from admin_views.guard import present
from app.domain import typed
from app.domain.clock import brussels_date
from app.domain.errors import Invalid
from app.web.errors import words

INVISIBLE = "\u00ad\u200b\ufeff\u2060"


class TypedField(StringField):
    """A text field whose data is a value, or None when left empty; `read` and `write` know the notation."""

    def read(self, text: str) -> Any:
        raise NotImplementedError

    def write(self, value: Any) -> str:
        raise NotImplementedError

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        text = valuelist[0].strip() if valuelist else ""
        if not text:
            return
        try:
            self.data = self.read(text)
        except Invalid as error:
            raise ValueError(words(error)) from error

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return self.write(self.data) if self.data is not None else ""


class DayField(TypedField):
    """A day in Brussels: `15/9/2026`, `15 september`."""

    data: date | None

    def read(self, text: str) -> date:
        return typed.read_day(text, brussels_date(present()))

    def write(self, value: date) -> str:
        return typed.written_day(value)


class ClockField(TypedField):
    """A time of the day: `14`, `14.30`, `14u30`."""

    data: time | None

    def read(self, text: str) -> time:
        return typed.read_clock(text)

    def write(self, value: time) -> str:
        return typed.written_clock(value)


def is_index(text: str) -> bool:
    """Whether this can be the number of a row: a few plain digits."""
    return text.isascii() and text.isdigit() and len(text) <= 4


class Rows(FieldList):
    """Repeating rows. A name whose number is none belongs to no row, instead of breaking the form."""

    def _extract_indices(self, prefix: str, formdata: Any) -> Iterator[int]:
        for name in formdata:
            number = name.removeprefix(f"{prefix}-").split("-", 1)[0]
            if name.startswith(f"{prefix}-") and is_index(number):
                yield int(number)


class RowChoice(SelectMultipleField):
    """Several rows of a small list, chosen by id; `chosen` gives the rows themselves, in the list's order."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, coerce=str, choices=[], **kwargs)
        self.rows: dict[str, Any] = {}

    def offer(self, rows: Iterable[Any]) -> None:
        self.rows = {str(row.id): row for row in rows}
        self.choices = [(key, _(str(row))) for key, row in self.rows.items()]

    @property
    def chosen(self) -> list[Any]:
        return [row for key, row in self.rows.items() if key in (self.data or [])]


class Needed:
    """Marks a field that must be filled in most of the time; the form itself says when."""

    field_flags: ClassVar[dict[str, Any]] = {"needed": True}

    def __call__(self, form: Any, field: Any) -> None:
        """Nothing to refuse here."""


def tidy(text: str | None) -> str | None:
    """What a copy from elsewhere brings along, made plain: one kind of blank, no soft hyphens, composed letters."""
    if text is None:
        return None
    composed = unicodedata.normalize("NFC", text)
    kept = (" " if unicodedata.category(char) == "Zs" else char for char in composed if char not in INVISIBLE)
    return "".join(kept)


class PlainText:
    """Refuse what no keyboard types: control characters, and half a surrogate pair."""

    def __init__(self, lines: bool = False) -> None:
        self.allowed = "\n\r\t" if lines else ""

    def __call__(self, form: Any, field: Any) -> None:
        text = field.data or ""
        if any(not char.isprintable() and char not in self.allowed and char not in "\u200c\u200d" for char in text):
            raise ValidationError(_("Hier staat een teken in dat we niet kunnen lezen. Plak de tekst zonder opmaak."))


def squeezed(text: str | None) -> str:
    """One line without double blanks."""
    return " ".join((text or "").split())


def prose(text: str, field: str, most: int) -> str:
    """Typed lines as they are kept. Raises Invalid, beside `field`, for what is too long or no keyboard types."""
    lines = (tidy(text) or "").replace("\r\n", "\n").strip()
    if len(lines) > most:
        raise Invalid("Dit is te lang: hoogstens %(most)d tekens.", field=field, most=most)
    if any(not char.isprintable() and char not in "\n\t\u200c\u200d" for char in lines):
        raise Invalid("Hier staat een teken in dat we niet kunnen lezen. Plak de tekst zonder opmaak.", field=field)
    return lines
