"""The words templates share: schedules as sentences, days as people say them."""

from datetime import datetime

from flask import Flask
from flask_babel import format_datetime, get_locale
from flask_babel import lazy_gettext as _l

from app.domain import wording
from app.domain.day_words import capital
from app.domain.schedule import Status
from app.services.moderation import CHECKS
from app.web import history_words

STATUS_WORDS = {
    Status.PLANNED: _l("gaat door"),
    Status.POSTPONED: _l("uitgesteld"),
    Status.CANCELLED: _l("gaat niet door"),
    Status.SOLD_OUT: _l("volzet"),
}


def init(app: Flask) -> None:
    app.jinja_env.globals.update(
        get_locale=get_locale,
        sentence=wording.sentence,
        short=wording.short,
        capital=capital,
        day_and_hour=wording.day_and_hour,
        day=wording.day,
        ago=wording.ago,
        stamp=stamp,
        status_words=STATUS_WORDS.__getitem__,
        verb_words=history_words.verb_words,
        VERB_ICONS=history_words.VERB_ICONS,
        CHECKS=CHECKS,
    )


def stamp(instant: datetime) -> str:
    """An instant as history shows it: `15 september 2026, 14.05`."""
    return format_datetime(instant, "d MMMM yyyy, H.mm")
