"""What stands in the cells of the lists: small pieces of markup, always escaped."""

from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from markupsafe import Markup

from app.domain import wording
from app.domain.activity import State
from app.domain.schedule import next_moment
from app.models import Activity

SUB = Markup('{}<span class="sub">{}</span>')


def sub(words: object, below: object) -> Markup:
    """Two lines: what counts, and under it the small print."""
    return SUB.format(words, below) if below else Markup("{}").format(words)


def link(url: str, words: object) -> Markup:
    return Markup('<a class="title" href="{}">{}</a>').format(url, words)


def activity(row: Activity, now: datetime) -> Markup:
    return sub(link(url_for("activity.details_view", id=row.id), row.title), row.organiser)


def when(row: Activity, now: datetime) -> Markup:
    """The next moment, and how it repeats."""
    schedule = row.schedule
    moment = next_moment(schedule, now)
    if moment is None:
        over = row.over_at is not None and row.over_at <= now
        return sub(_("voorbij") if over else wording.short(schedule), "")
    return sub(wording.day_and_hour(moment, now), wording.short(schedule))


def where(row: Activity, now: datetime) -> str:
    if row.online and not row.street:
        return _("online")
    return row.municipality.name if row.municipality else _("geen gemeente")


def level(row: Activity, now: datetime) -> str:
    return _(row.level.name) if row.level else ""


def state_key(row: Activity, now: datetime) -> str:
    """Which sign a row carries: an ended one is over, whatever it was."""
    if row.state is State.PUBLISHED and row.over_at is not None and row.over_at <= now:
        return "ended"
    return row.state.value
