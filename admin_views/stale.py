"""Two people in one form: who changed what meanwhile, beside what was typed, and nothing of either is lost.

A form remembers the version of its row and the last line of its history. The lines written since tell what the row
said when the form was opened; so a field that only the other changed is taken over, a field that only this person
changed stays as typed, and of a field that both changed this person chooses. Then it is saved once more.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from admin_views.guard import present
from app.domain import schedule_json, wording
from app.domain.actor import Actor
from app.domain.contact import WORDS as CHANNEL_WORDS
from app.domain.contact import Channel, shown
from app.domain.errors import Conflict
from app.domain.policy import Action, Resource, may
from app.domain.text_change import Sign, of_text
from app.models import BIGGEST_ID, Base, Change, Level, db
from app.models.activities import UNDECIDED
from app.services import history
from app.web import history_lines
from app.web.history_lines import Line
from app.web.sign_in import actor

WHO = (joinedload(Change.user), joinedload(Change.stand_in_for))
THEIRS, MINE = "theirs", "mine"
CHOICE = "keep-"
NEW, SAME = Markup("<mark>{}</mark>"), Markup("{}")
MOST_LINES, MOST_SHOWN = 50, 10
A_MOMENT = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Part:
    """What is chosen as one: the field of the form, and its name in history when that differs."""

    field: str
    key: str
    label: Any


@dataclass(frozen=True, slots=True)
class Clash:
    """A part that both changed, in words; `chosen` is whose stands now."""

    field: str
    label: Any
    theirs: Markup
    mine: Markup
    chosen: str


@dataclass(frozen=True, slots=True)
class Meanwhile:
    """What happened to the row since the form was opened. `taken` are the fields only the other changed."""

    lines: list[Line] = field(default_factory=list)
    clashes: list[Clash] = field(default_factory=list)
    taken: list[Any] = field(default_factory=list)
    taken_fields: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.lines or self.clashes or self.taken)


class Stale(Conflict):
    """Somebody saved the row since this form was opened."""

    def __init__(
        self,
        meanwhile: Meanwhile,
        message: str = "Iemand wijzigde dit terwijl je typte. Wat jij typte, staat hieronder nog.",
    ) -> None:
        super().__init__(message)
        self.meanwhile = meanwhile


def mark_of(row: Base) -> int:
    """The last line of history of this row, for a page to remember."""
    return last_line(type(row), row.id)


def last_line(model: type[Base], id: int) -> int:
    """The last line of history of a row, for a form to remember; to be read before the row itself."""
    same = (Change.table_name == model.__tablename__, Change.record_id == id)
    return db.session.scalar(select(func.max(Change.id)).where(*same)) or 0


def compare(row: Base, typed: Mapping[str, Any], parts: Sequence[Part], mark: object) -> Meanwhile:
    """What was typed laid beside what is stored now; `typed` by the keys of history, `mark` as `mark_of` gave it."""
    now = history.snapshot(row)
    changes = _since(row, mark)
    then = None if changes is None else _before(now, changes)
    clashes: list[Clash] = []
    taken: list[Part] = []
    for part in parts:
        theirs, mine = now[part.key], typed[part.key]
        if theirs == mine:
            continue
        if then is not None and theirs == then[part.key]:
            continue  # only this person changed it
        if then is not None and mine == then[part.key]:
            taken.append(part)
        else:
            clashes.append(_clash(part, theirs, mine))
    if all(now[part.key] == typed[part.key] for part in parts):
        return Meanwhile()  # the same words twice, as of a double click
    return Meanwhile(_lines(changes or ()), clashes, [part.label for part in taken], [part.field for part in taken])


def told(row: Base, version: str | None, mark: object) -> Meanwhile:
    """What happened to a row since a page about it was opened; nothing when the page says no version."""
    if not version or version == str(getattr(row, "row_version", "")):
        return Meanwhile()
    return Meanwhile(_lines(_since(row, mark) or ()))


def chosen(form: Mapping[str, str], parts: Sequence[Part]) -> dict[str, str]:
    """The choices on a page that showed clashes: by field, whose."""
    return {part.field: form[CHOICE + part.field] for part in parts if CHOICE + part.field in form}


def again(row: Base, typed: Mapping[str, Any] | None, parts: Sequence[Part], choices: Mapping[str, str]) -> Meanwhile:
    """The same choices once more, on a form that came back for another reason."""
    now = history.snapshot(row)
    clashes = []
    for part in (part for part in parts if part.field in choices):
        chosen, theirs = choices[part.field], now[part.key]
        if typed is not None:
            clashes.append(_clash(part, theirs, typed[part.key], chosen))
        else:
            clashes.append(Clash(part.field, part.label, _marked("", _words(part, theirs)), Markup(), chosen))
    return Meanwhile(clashes=clashes)


def removed(person: Actor, model: type[Base], resource: Resource, id: int) -> Change | None:
    """The line that tells who removed a row, if this person could have changed it before."""
    line = db.session.scalar(
        select(Change).where(Change.table_name == model.__tablename__, Change.record_id == id, Change.verb == "delete")
    )
    if line is None:
        return None
    gone = SimpleNamespace(**{"id": id, **line.before})
    return line if may(person, Action.DELETE, resource, gone) else None


def just_done(person: Actor, model: type[Base], id: int, verb: str, now: datetime) -> bool:
    """Whether this very person did this very thing a moment ago: the second click of a double one."""
    same = (Change.table_name == model.__tablename__, Change.record_id == id)
    last = db.session.execute(
        select(Change.verb, Change.user_id, Change.at).where(*same).order_by(Change.id.desc()).limit(1)
    ).one_or_none()
    return last is not None and (last.verb, last.user_id) == (verb, person.user_id) and now - last.at <= A_MOMENT


def _since(row: Base, mark: object) -> list[Change] | None:
    """The lines written after `mark`, newest first; None when nobody can tell what came after."""
    text = str(mark if mark is not None else "")
    if not (text.isascii() and text.isdigit() and len(text) <= 10 and int(text) <= BIGGEST_ID):
        return None
    lines = (
        select(Change)
        .where(Change.table_name == row.__tablename__, Change.record_id == row.id, Change.id > int(text))
        .order_by(Change.id.desc())
        .limit(MOST_LINES + 1)
    )
    found = list(db.session.scalars(lines.options(*WHO)))
    if not found and int(text) != mark_of(row):
        return None  # a mark beyond the last line: never given to any form
    return found if len(found) <= MOST_LINES else None


def _before(now: Mapping[str, Any], changes: Sequence[Change]) -> dict[str, Any]:
    """What the row said before these lines, the newest of which comes first."""
    then = dict(now)
    for change in changes:
        then |= {key: change.before.get(key) for key in change.after}
    return then


def _lines(changes: Sequence[Change]) -> list[Line]:
    """The newest of these in words; kept out of the session, which forgets what it holds when it rolls back."""
    told = history_lines.told(db.session, actor(), present(), changes[:MOST_SHOWN], here=True) if changes else []
    for line in told:
        db.session.expunge(line.change)
    return told


def _clash(part: Part, theirs: Any, mine: Any, chosen: str = MINE) -> Clash:
    hers, his = _words(part, theirs), _words(part, mine)
    return Clash(part.field, part.label, _marked(his, hers), _marked(hers, his), chosen)


def _marked(other: str, own: str) -> Markup:
    """The own words, with what the other does not have marked; nothing to mark when there is no other."""
    if not own:
        return Markup('<span class="muted">{}</span>').format(_("leeg"))
    if not other:
        return Markup("{}").format(own)
    pieces = (piece for piece in of_text(other, own) if piece.sign is not Sign.GONE)
    return Markup("").join(
        (NEW if piece.sign is Sign.NEW and piece.text.strip() else SAME).format(piece.text) for piece in pieces
    )


def _words(part: Part, value: Any) -> str:
    """A stored value as one reads it in the form; nothing for what is empty."""
    match part.key:
        case "level_id":
            level = db.session.get(Level, value) if value else None
            return _(level.name) if level else _("geen Nederlands nodig")
        case "online":
            return _("ja") if value else _("nee")
        case "goals" | "topics":
            return ", ".join(_(name) for name in value or ())
        case "channels":
            return "; ".join(_channel(held) for held in value or ())
        case "schedule_data":
            if not value or value.get(UNDECIDED):
                return _("nog niet gekozen")
            return wording.sentence(schedule_json.from_json(value))
        case _:
            return str(value or "")


def _channel(held: Mapping[str, Any]) -> str:
    """One way to get in touch, with all that can differ of it."""
    kind = Channel(held["kind"])
    said = f"{_(CHANNEL_WORDS[kind])}: {shown(kind, held['value']).words}"
    more = [word for word, on in ((_("enkel intern"), not held["public"]), (_("liefst zo"), held["preferred"])) if on]
    return f"{said} ({', '.join(more)})" if more else said
