"""The *when* of an activity as a form: choose the kind, type the rest (DESIGN rule 13)."""

from datetime import time, timedelta
from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import FieldList, Form, FormField, RadioField, SelectField, SelectMultipleField, StringField
from wtforms.validators import Length

from admin_views.fields import ClockField, DayField, PlainText, Rows, squeezed
from admin_views.guard import present
from app.domain.clock import BRUSSELS, day_ends, day_starts
from app.domain.schedule import (
    HORIZON_DAYS,
    Block,
    Closed,
    Dates,
    Flexible,
    Kind,
    Moment,
    Schedule,
    Weekly,
    has_ended,
)

MOST_DAYS = 100
LATEST_NIGHT = time(6)
WEEKDAYS = (
    ("1", _l("ma")),
    ("2", _l("di")),
    ("3", _l("wo")),
    ("4", _l("do")),
    ("5", _l("vr")),
    ("6", _l("za")),
    ("7", _l("zo")),
)


class DayRow(Form):
    """A date with its own times; both times empty is a whole day."""

    day = DayField(_l("Dag"))
    opens = ClockField(_l("Van"))
    closes = ClockField(_l("Tot"))

    @property
    def empty(self) -> bool:
        return not any(field._value().strip() for field in (self.day, self.opens, self.closes))

    def moment(self) -> Moment | None:
        """The moment, or None with the words beside the field that lacks."""
        if self.day.data is None:
            complain(self.day, _("Op welke dag?"))
            return None
        if self.opens.data is None:
            if self.closes.data is not None:
                complain(self.opens, _("Vanaf hoe laat?"))
                return None
            return Moment(day_starts(self.day.data), day_ends(self.day.data), whole_day=True)
        if ends_before(self.opens.data, self.closes.data):
            complain(self.closes, _("Het einde ligt voor het begin."))
            return None
        return Block(frozenset(), self.opens.data, self.closes.data).on(self.day.data)


class ExceptRow(Form):
    """Days on which it does not take place."""

    first_day = DayField(_l("Van"))
    last_day = DayField(_l("Tot en met"))
    reason = StringField(_l("Reden"), [Length(max=100), PlainText()])

    @property
    def empty(self) -> bool:
        return not any(field._value().strip() for field in (self.first_day, self.last_day))

    def closed(self) -> Closed | None:
        first, last = self.first_day.data, self.last_day.data or self.first_day.data
        if first is None:
            complain(self.first_day, _("Vanaf welke dag?"))
            return None
        if last is None or last < first:
            complain(self.last_day, _("Deze dag ligt voor de eerste."))
            return None
        return Closed(first, last, squeezed(self.reason.data))


class ScheduleForm(Form):
    """Four kinds in one form; only the fields of the chosen kind count."""

    kind = RadioField(
        _l("Hoe vaak?"),
        choices=[
            (Kind.ONE_DAY.value, _l("één dag")),
            (Kind.DAYS.value, _l("meerdere dagen")),
            (Kind.WEEKLY.value, _l("vaste dagen per week")),
            (Kind.FLEXIBLE.value, _l("flexibel")),
        ],
        default=Kind.ONE_DAY.value,
    )
    one = FormField(DayRow)
    days = Rows(FormField(DayRow), min_entries=2, max_entries=MOST_DAYS)
    weekdays = SelectMultipleField(_l("Elke week op"), choices=list(WEEKDAYS))
    opens = ClockField(_l("Van"))
    closes = ClockField(_l("Tot"))
    first_day = DayField(_l("Vanaf"))
    last_day = DayField(_l("Tot en met"))
    every = SelectField(
        _l("Ritme"),
        choices=[("1", _l("elke week")), ("2", _l("om de 2 weken")), ("4", _l("om de 4 weken"))],
        default="1",
    )
    exceptions = Rows(FormField(ExceptRow), min_entries=0, max_entries=MOST_DAYS)
    from_day = DayField(_l("Vanaf"))
    words = StringField(
        _l("Hoe spreek je af?"),
        [Length(max=200), PlainText()],
        description=_l("Bijvoorbeeld: in overleg met je buddy."),
    )

    parts: ClassVar[dict[str, tuple[str, ...]]] = {
        Kind.ONE_DAY: ("one",),
        Kind.DAYS: ("days",),
        Kind.WEEKLY: ("weekdays", "opens", "closes", "first_day", "last_day", "every", "exceptions"),
        Kind.FLEXIBLE: ("from_day", "words"),
    }
    schedule: Schedule | None = None

    def validate(self, extra_validators: Any = None) -> bool:
        """Only the fields of the chosen kind are looked at: what was typed under another one does not matter."""
        if self.kind.data not in self.parts:
            complain(self.kind, _("Kies hoe vaak het plaatsvindt."))
            return False
        for name in ("kind", *self.parts[self.kind.data]):
            self._fields[name].validate(self)
        if self.wrong():
            return False
        self.schedule = {
            Kind.ONE_DAY: self._one_day,
            Kind.DAYS: self._days,
            Kind.WEEKLY: self._weekly,
            Kind.FLEXIBLE: self._flexible,
        }[Kind(self.kind.data)]()
        if self.schedule is not None and has_ended(self.schedule, present()):
            complain(self.last_of(), _("Dit is al voorbij."))
        return self.schedule is not None and not self.wrong()

    def last_of(self) -> Any:
        """The field that says when it is over."""
        match self.kind.data:
            case Kind.ONE_DAY:
                return self.one.form.day
            case Kind.DAYS:
                return [entry.form.day for entry in self.days if not entry.form.empty][-1]
            case _:
                return self.last_day

    @property
    def untouched(self) -> bool:
        """Whether nothing was typed under the chosen kind: a draft may leave it for later."""
        match self.kind.data:
            case Kind.ONE_DAY:
                return bool(self.one.form.empty)
            case Kind.DAYS:
                return all(entry.form.empty for entry in self.days)
            case Kind.WEEKLY:
                return not (self.weekdays.data or self.first_day._value() or self.opens._value())
            case _:
                return False

    def wrong(self) -> bool:
        names = ("kind", *self.parts[self.kind.data])
        return any(has_errors(self._fields[name]) for name in names)

    def _one_day(self) -> Schedule | None:
        moment = self.one.form.moment()
        return Dates((moment,)) if moment else None

    def _days(self) -> Schedule | None:
        rows = [entry.form for entry in self.days if not entry.form.empty]
        moments = [row.moment() for row in rows]
        if not rows:
            complain(self.days[0].form.day, _("Typ minstens één dag."))
        found = tuple(moment for moment in moments if moment)
        return Dates(found) if found and len(found) == len(rows) else None

    def _weekly(self) -> Schedule | None:
        if not self.weekdays.data:
            complain(self.weekdays, _("Kies minstens één dag van de week."))
        if self.first_day.data is None:
            complain(self.first_day, _("Vanaf welke dag?"))
        if self.opens.data is None and self.closes.data is not None:
            complain(self.opens, _("Vanaf hoe laat?"))
        if self.opens.data and ends_before(self.opens.data, self.closes.data):
            complain(self.closes, _("Het einde ligt voor het begin."))
        if self.first_day.data and self.last_day.data and self.last_day.data < self.first_day.data:
            complain(self.last_day, _("Deze dag ligt voor de eerste."))
        closed = [entry.form.closed() for entry in self.exceptions if not entry.form.empty]
        if self.wrong() or not all(closed):
            return None
        schedule = Weekly(
            (Block(frozenset(int(day) for day in self.weekdays.data), self.opens.data, self.closes.data),),
            self.first_day.data,
            self.last_day.data,
            int(self.every.data),
            tuple(days for days in closed if days),
        )
        if self._never(schedule):
            complain(self.weekdays, _("Zo gaat het nooit door. Kijk de dagen en de uitzonderingen na."))
        return schedule

    def _never(self, schedule: Weekly) -> bool:
        start = day_starts(schedule.first_day) if schedule.first_day else None
        if start is None:
            return False
        return next(schedule.occurrences(start, start + timedelta(days=HORIZON_DAYS)), None) is None

    def _flexible(self) -> Schedule:
        return Flexible(self.from_day.data, squeezed(self.words.data))


def ends_before(opens: time, closes: time | None) -> bool:
    """An end before the start is meant for the night after only until six in the morning."""
    return closes is not None and closes < opens and closes > LATEST_NIGHT


def complain(field: Any, words: str) -> None:
    """Put words beside a field; a field that could not be read has said so already."""
    if not field.errors:
        field.errors = [words]


def has_errors(field: Any) -> bool:
    if isinstance(field, FieldList):
        return any(has_errors(entry) for entry in field)
    if isinstance(field, FormField):
        return any(has_errors(part) for part in field.form)
    return bool(field.errors)


def as_data(schedule: Schedule) -> dict[str, Any]:
    """What the form shows of a schedule that exists."""
    data: dict[str, Any] = {"kind": schedule.kind.value}
    match schedule:
        case Dates(moments):
            rows = [_row(moment) for moment in moments]
            data |= {"one": rows[0]} if len(rows) == 1 else {"days": rows}
        case Weekly():
            block = schedule.blocks[0]
            data |= {
                "weekdays": [str(day) for day in sorted(block.weekdays)],
                "opens": block.opens,
                "closes": block.closes,
                "first_day": schedule.first_day,
                "last_day": schedule.last_day,
                "every": str(schedule.every),
                "exceptions": [
                    {"first_day": days.first_day, "last_day": days.last_day, "reason": days.reason}
                    for days in schedule.closed
                ],
            }
        case Flexible(from_day, words):
            data |= {"from_day": from_day, "words": words}
    return data


def _row(moment: Moment) -> dict[str, Any]:
    start, end = moment.start.astimezone(BRUSSELS), moment.end.astimezone(BRUSSELS) if moment.end else None
    if moment.whole_day:
        return {"day": start.date(), "opens": None, "closes": None}
    return {"day": start.date(), "opens": start.time(), "closes": end.time() if end else None}
