"""The words templates share: schedules as sentences, days as people say them, verbs of the history."""

from datetime import datetime
from typing import Any

from flask import Flask
from flask_babel import format_datetime, get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup, escape

from app.domain import schedule_json, wording
from app.domain.activity import STATE_WORDS, State
from app.domain.contact import WORDS as CHANNEL_WORDS
from app.domain.contact import Channel, shown
from app.domain.day_words import capital
from app.domain.schedule import Status
from app.models import Change
from app.services.moderation import CHECKS

STATUS_WORDS = {
    Status.PLANNED: _l("gaat door"),
    Status.POSTPONED: _l("uitgesteld"),
    Status.CANCELLED: _l("gaat niet door"),
    Status.SOLD_OUT: _l("volzet"),
}
VERB_WORDS = {
    "publish": _l("publiceerde %(what)s"),
    "draft": _l("bewaarde %(what)s als ontwerp"),
    "correct": _l("verbeterde %(what)s"),
    "approve": _l("keurde %(what)s goed"),
    "reject": _l("wees %(what)s af"),
    "withdraw": _l("trok %(what)s in"),
    "reopen": _l("zette %(what)s terug"),
    "enrich": _l("vulde %(what)s aan"),
    "arrive": _l("stuurde %(what)s in"),
    "source_changed": _l("wijzigde %(what)s"),
    "source_gone": _l("haalde %(what)s weg"),
}
VERB_ICONS = {
    "publish": "ok",
    "approve": "ok",
    "reject": "no",
    "withdraw": "undo",
    "reopen": "undo",
    "source_gone": "no",
    "arrive": "sync",
    "source_changed": "sync",
}
FIELD_WORDS = {
    "title": _l("Titel"),
    "description": _l("Tekst"),
    "state": _l("Toestand"),
    "status": _l("Gaat het door?"),
    "organiser_name": _l("Organisator"),
    "place_name": _l("Plaats"),
    "street": _l("Straat"),
    "postal_code": _l("Postcode"),
    "locality": _l("Gemeente"),
    "online": _l("Online"),
    "online_url": _l("Link"),
    "schedule_data": _l("Wanneer"),
    "price": _l("Prijs"),
    "internal_note": _l("Notitie"),
    "goals": _l("Doelen"),
    "topics": _l("Onderwerpen"),
    "channels": _l("Contact"),
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
        verb_words=verb_words,
        VERB_ICONS=VERB_ICONS,
        readable_changes=readable_changes,
        CHECKS=CHECKS,
    )


def verb_words(verb: str, what: object) -> Markup:
    """What somebody did, with the thing in its place in the sentence."""
    said = Markup("{}").format(VERB_WORDS.get(verb, VERB_WORDS["source_changed"]))
    return said % {"what": escape(what)}


def stamp(instant: datetime) -> str:
    """An instant as history shows it: `15 september 2026, 14.05`."""
    return format_datetime(instant, "d MMMM yyyy, H.mm")


def readable_changes(change: Change) -> list[tuple[Any, str, str]]:
    """(label, before, after) of each field that differs and says something to a person."""
    return [
        (FIELD_WORDS[key], readable(key, change.before.get(key)), readable(key, value))
        for key, value in change.after.items()
        if key in FIELD_WORDS
    ]


def readable(key: str, value: Any) -> str:
    """A stored value in words; nothing for what is empty."""
    if value in (None, "", [], {}):
        return ""
    match key:
        case "schedule_data":
            return wording.sentence(schedule_json.from_json(value))
        case "state":
            return _(STATE_WORDS[State(value)])
        case "status":
            return str(STATUS_WORDS[Status(value)])
        case "online":
            return _("ja") if value else _("nee")
        case "goals" | "topics":
            return ", ".join(_(name) for name in value)
        case "channels":
            channels = [(Channel(held["kind"]), held["value"]) for held in value]
            return ", ".join(f"{_(CHANNEL_WORDS[kind])}: {shown(kind, text).words}" for kind, text in channels)
        case _:
            return str(value)
