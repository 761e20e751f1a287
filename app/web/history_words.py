"""The history in words: who did what with which record, as one reads it aloud. Sentences only; differences stand in
`app.web.history_differences`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import format_datetime
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup, escape

from app.domain.actor import ROLE_WORDS, Role
from app.domain.clock import brussels_date
from app.models import Change
from app.services.sources.uitdatabank import terms

Names = Mapping[tuple[str, int], str]

# What somebody did with an activity; the start page says the same.
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
    "delete": _l("verwijderde %(what)s"),
}
# And with every other kind of record; `*` stands for a verb nobody gave words yet.
SAID = {
    "activity": VERB_WORDS
    | {"forget": _l("wiste hoe je de organisator van %(what)s bereikt"), "*": _l("wijzigde %(what)s")},
    "organisation": {
        "create": _l("voegde %(what)s toe"),
        "block": _l("belette %(what)s om nog te publiceren"),
        "unblock": _l("liet %(what)s weer publiceren"),
        "delete": _l("verwijderde %(what)s"),
        "*": _l("wijzigde %(what)s"),
    },
    "mandate": {
        "appoint": _l("stelde %(what)s aan als %(role)s"),
        "create": _l("stelde %(what)s aan als %(role)s"),
        "take_up": _l("nam de rol van %(role)s op, op uitnodiging van %(by)s"),
        "end": _l("beëindigde het mandaat van %(what)s als %(role)s"),
        "delete": _l("verwijderde het mandaat van %(what)s als %(role)s"),
        "*": _l("wijzigde het mandaat van %(what)s als %(role)s"),
    },
    "invitation": {
        "invite": _l("nodigde %(what)s uit als %(role)s"),
        "accept": _l("nam de uitnodiging aan als %(role)s"),
        "withdraw_invitation": _l("trok de uitnodiging van %(what)s als %(role)s in"),
        "forget": _l("wiste wie uitgenodigd was als %(role)s"),
        "*": _l("wijzigde de uitnodiging van %(what)s als %(role)s"),
    },
    "absence": {
        "create": _l("meldde dat %(what)s afwezig is in %(role)s"),
        "plan": _l("meldde dat %(what)s afwezig is in %(role)s"),
        "register": _l("meldde dat %(what)s afwezig is in %(role)s"),
        "take_over": _l("nam over van %(what)s in %(role)s"),
        "end": _l("beëindigde de afwezigheid van %(what)s in %(role)s"),
        "forget": _l("wiste waarom %(what)s afwezig was in %(role)s"),
        "*": _l("wijzigde de afwezigheid van %(what)s in %(role)s"),
    },
    "agreement": {
        "create": _l("maakte een afspraak tussen %(what)s en netwerk %(role)s"),
        "ask": _l("vroeg een afspraak tussen %(what)s en netwerk %(role)s"),
        "end": _l("beëindigde de afspraak tussen %(what)s en netwerk %(role)s"),
        "*": _l("wijzigde de afspraak tussen %(what)s en netwerk %(role)s"),
    },
    "intake_rule": {
        "add": _l("laat voortaan binnen in %(role)s: %(what)s"),
        "create": _l("laat voortaan binnen in %(role)s: %(what)s"),
        "delete": _l("laat niet langer binnen in %(role)s: %(what)s"),
        "*": _l("wijzigde wat binnenkomt in %(role)s: %(what)s"),
    },
    "report": {
        "report": _l("meldde een probleem met %(what)s"),
        "handle": _l("handelde een melding over %(what)s af"),
        "forget": _l("wiste een melding over %(what)s"),
        "*": _l("wijzigde een melding over %(what)s"),
    },
    "user": {
        "register": _l("maakte een account voor %(what)s"),
        "password": _l("koos een ander wachtwoord"),
        "rename_own": _l("koos een andere naam"),
        "rename": _l("veranderde de naam van het account van %(what)s"),
        "suspend": _l("schorste het account van %(what)s"),
        "unsuspend": _l("hief de schorsing van %(what)s op"),
        "anonymise": _l("maakte een account naamloos"),
        "*": _l("wijzigde het account van %(what)s"),
    },
    "mail": {
        "retry": _l("stuurt de mail aan %(what)s opnieuw"),
        "*": _l("wijzigde de mail aan %(what)s"),
    },
}
KIND_WORDS = {
    "activity": _l("activiteiten"),
    "organisation": _l("organisaties"),
    "mandate": _l("mandaten"),
    "invitation": _l("uitnodigingen"),
    "absence": _l("afwezigheden"),
    "agreement": _l("afspraken met netwerken"),
    "intake_rule": _l("wat komt binnen"),
    "report": _l("meldingen"),
    "user": _l("accounts"),
    "mail": _l("mails"),
}
GONE_WORDS = {
    "activity": _l("een activiteit"),
    "organisation": _l("een organisatie"),
    "mandate": _l("iemand"),
    "invitation": _l("iemand"),
    "absence": _l("iemand"),
    "agreement": _l("een gemeente"),
    "intake_rule": _l("een regel"),
    "report": _l("een activiteit"),
    "user": _l("iemand"),
    "mail": _l("iemand"),
}
# Sign and tone of a verb in a list of what happened.
VERB_ICONS = {
    **dict.fromkeys(("publish", "approve", "accept", "handle"), "ok"),
    **dict.fromkeys(("reject", "source_gone", "suspend", "block"), "no"),
    **dict.fromkeys(("withdraw", "reopen", "withdraw_invitation"), "undo"),
    **dict.fromkeys(("arrive", "source_changed", "retry"), "sync"),
    **dict.fromkeys(("appoint", "take_up", "create", "add", "register", "draft"), "plus"),
    **dict.fromkeys(("plan", "take_over"), "away"),
    "invite": "mail",
    "delete": "bin",
    "end": "cross",
    "password": "lock",
    "anonymise": "lock",
    "forget": "bin",
}
VERB_TONES = {
    **dict.fromkeys(("publish", "approve", "accept", "handle"), "ok"),
    **dict.fromkeys(("reject", "withdraw", "source_gone", "suspend", "block", "delete"), "stop"),
    **dict.fromkeys(("arrive", "source_changed", "invite", "retry", "reopen"), "info"),
}
MANDATE_ROLES = {
    "local": (Role.LOCAL, _l("lokale beheerder van %(ground)s")),
    "backup": (Role.BACKUP, _l("back-upbeheerder van %(ground)s")),
    "network": (Role.NETWORK, _l("netwerkmedewerker van %(ground)s")),
    "organiser": (Role.ORGANISER, _l("organisator van %(ground)s")),
    "platform": (Role.PLATFORM, _l("platformbeheerder")),
}


@dataclass(frozen=True, slots=True)
class Thing:
    """What a line is about: words, an address for them, and where or as what."""

    words: str
    url: str = ""
    role: str = ""

    def linked(self, *, quoted: bool) -> Markup:
        words = Markup("“{}”").format(self.words) if quoted else escape(self.words)
        return Markup('<a href="{}">{}</a>').format(self.url, words) if self.url else words


def verb_words(verb: str, what: object) -> Markup:
    """What somebody did with an activity, with the thing in its place in the sentence."""
    return Markup("{}").format(VERB_WORDS.get(verb, VERB_WORDS["source_changed"])) % {"what": escape(what)}


def sentence(change: Change, thing: Thing, *, here: bool = False, names: Names | None = None) -> Markup:
    """What was done, without who; `here` is the record's own page, where its name stands above all lines."""
    said = SAID.get(change.table_name, SAID["activity"])
    own = change.table_name == "user" and change.user_id == change.record_id
    words = said.get(f"{change.verb}_own" if own else change.verb, said.get(change.verb, said["*"]))
    named = change.table_name in ("activity", "report", "intake_rule")
    what = escape(_("dit")) if here and change.table_name == "activity" else thing.linked(quoted=named)
    return Markup("{}").format(words) % {
        "what": what,
        "role": escape(thing.role),
        "by": escape(asked_by(change, names or {})),
    }


def asked_by(change: Change, names: Names) -> str:
    """Who gave a mandate."""
    return names.get(("user", change.after.get("granted_by_id") or 0)) or _("iemand")


def who(change: Change) -> str:
    """Who did it; where nobody signed in did, what did."""
    if change.user is not None:
        return change.user.name
    if change.verb in ("arrive", "source_changed", "source_gone"):
        return _("UiT")
    if (change.table_name, change.verb) == ("report", "report"):
        return _("Een bezoeker")
    return _("Het systeem")


def said_when(instant: datetime, now: datetime) -> str:
    """An instant as one tells it: "gisteren om 20.05 u", "maandag 7 september om 8.02 u"."""
    day, today = brussels_date(instant), brussels_date(now)
    near = {-1: _("morgen"), 0: _("vandaag"), 1: _("gisteren")}.get((today - day).days)
    written = near or format_datetime(instant, "EEEE d MMMM" if day.year == today.year else "EEEE d MMMM yyyy")
    hour = _("%(clock)s u", clock=format_datetime(instant, "H.mm")).replace(" ", "\u00a0")
    return _("%(day)s om %(hour)s", day=written, hour=hour)


def thing(kind: str, record: Any, others: Mapping[tuple[str, int], Any]) -> Thing:
    """A record in words. `others` are the records the reader may see: only those are linked to."""
    match kind:
        case "activity":
            return Thing(record.title, url_for("activity.details_view", id=record.id))
        case "organisation":
            return Thing(record.name, url_for("organisation.details_view", id=record.id))
        case "mandate":
            return Thing(record.user.name, role=role_words(record))
        case "invitation":
            return Thing(record.name, role=role_words(record))
        case "absence":
            return Thing(record.user.name, role=record.municipality.name)
        case "agreement":
            return Thing(record.municipality.name, role=record.network.name)
        case "intake_rule":
            return Thing(terms.name_of(record.value), role=str(record.municipality or _("heel Vlaanderen")))
        case "report":
            reachable = ("activity", record.activity_id) in others
            url = url_for("activity.details_view", id=record.activity_id) if reachable else ""
            return Thing(record.activity.title, url)
        case "mail":
            return Thing(record.invitation.name if record.invitation else record.user.name)
        case _:
            return Thing(str(record))


def role_words(row: Any) -> str:
    """A mandate, or an invitation to one: "lokale beheerder van Gent"."""
    ground = row.municipality or row.organisation or row.network
    role, words = MANDATE_ROLES[row.role.value]
    return str(words) % {"ground": ground} if ground else _(ROLE_WORDS[role])


def of_the_gone(change: Change) -> Thing:
    """A record that is gone, or not the reader's to see: what the line itself says of it."""
    held = {**change.before, **change.after}
    kind = change.table_name
    nameless = Thing(str(GONE_WORDS.get(kind, _("iets"))), role=_("een gemeente") if kind == "intake_rule" else "…")
    if kind == "activity" and held.get("title"):
        return Thing(str(held["title"]))
    if kind == "intake_rule" and held.get("value"):
        return Thing(terms.name_of(str(held["value"])), role=nameless.role)
    return nameless
