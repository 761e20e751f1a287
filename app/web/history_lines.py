"""Lines of history, ready to be shown to one reader: without the fields that are not theirs to see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.models import Change
from app.services import past
from app.web import history_words
from app.web.history_differences import Difference, differences


@dataclass(frozen=True, slots=True)
class Line:
    """Who, what and when as words; `begins` marks the line of a new record, whose fields are all new."""

    change: Change
    who: str
    instead_of: str
    said: Markup
    when: str
    town: str
    differences: list[Difference]
    icon: str
    tone: str

    @property
    def begins(self) -> bool:
        return not self.change.before

    @property
    def folded(self) -> bool:
        """All of a new record, or of one that is gone, is more than one asks at first."""
        return self.begins or not self.change.after


def told(session: Session, actor: Actor, now: datetime, changes: Sequence[Change], *, here: bool = False) -> list[Line]:
    """These lines for this reader, who may read them all. A few statements, however many lines there are."""
    records = past.records(session, actor, changes)
    names = past.names(session, changes)
    return [_line(actor, now, change, records, names, here=here) for change in changes]


def _line(
    actor: Actor,
    now: datetime,
    change: Change,
    records: past.Records,
    names: history_words.Names,
    *,
    here: bool,
) -> Line:
    kind = change.table_name
    record = records.get((kind, change.record_id))
    thing = history_words.thing(kind, record, records) if record is not None else history_words.of_the_gone(change)
    return Line(
        change=change,
        who=history_words.who(change),
        instead_of=change.stand_in_for.name if change.stand_in_for else "",
        said=history_words.sentence(change, thing, here=here, names=names),
        when=history_words.said_when(change.at, now),
        town=names.get(("municipality", change.municipality_id or 0), ""),
        differences=list(
            differences(
                change,
                names,
                past.hidden(actor, kind, record),
                internal_contact=kind != "activity" or past.reads_internal_contact(actor, record),
            )
        ),
        icon=history_words.VERB_ICONS.get(change.verb, "pen"),
        tone=history_words.VERB_TONES.get(change.verb, ""),
    )
