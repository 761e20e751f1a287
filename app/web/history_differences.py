"""What a line of history changed, field by field, in words: what stayed, what went, what came."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import format_date, format_datetime
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.domain import schedule_json, text_change, wording
from app.domain.activity import STATE_WORDS, State
from app.domain.actor import ROLE_WORDS
from app.domain.contact import WORDS as CHANNEL_WORDS
from app.domain.contact import Channel, shown
from app.domain.relevance import MATCH_WORDS, Match
from app.domain.schedule import Status
from app.domain.text_change import Piece, Sign
from app.models import Change, MailState
from app.models.organisations import KIND_WORDS as ORGANISATION_WORDS
from app.models.organisations import OrganisationKind
from app.services import past
from app.services.reports import PROBLEM_WORDS
from app.services.sources.uitdatabank import terms
from app.web.history_words import MANDATE_ROLES, Names
from app.web.words import STATUS_WORDS

SAYS_STATE = frozenset({"publish", "approve", "reject", "withdraw"})  # the verb tells which state it became
LONG = 320  # characters; what takes more is folded
MAIL_STATE_WORDS = {
    MailState.WAITING: _l("wacht"),
    MailState.SENT: _l("verstuurd"),
    MailState.FAILED: _l("mislukt"),
}


@dataclass(frozen=True, slots=True)
class Difference:
    """A field's name and its pieces. `is_long` asks to be folded."""

    label: str
    pieces: list[Piece]

    @property
    def is_long(self) -> bool:
        return sum(len(piece.text) for piece in self.pieces) > LONG

    @property
    def gone(self) -> int:
        return self._words(Sign.GONE)

    @property
    def new(self) -> int:
        return self._words(Sign.NEW)

    def _words(self, sign: Sign) -> int:
        return sum(len(piece.text.split()) for piece in self.pieces if piece.sign is sign)


def _plain(value: Any, names: Names) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


@dataclass(frozen=True, slots=True)
class Field:
    """How a stored value reads, and whether two of them are compared word by word, item by item, or whole."""

    label: Any
    read: Callable[[Any, Names], Any] = _plain
    compare: Callable[[Any, Any], list[Piece]] = text_change.of_value
    empty: Any = ""


# --- how a value reads ---


def _schedule(value: Any, names: Names) -> str:
    return wording.sentence(schedule_json.from_json(value))


def _yes_no(value: Any, names: Names) -> str:
    return _("ja") if value else _("nee")


def _day(value: Any, names: Names) -> str:
    return format_date(date.fromisoformat(value), "d MMMM yyyy")


def _instant(value: Any, names: Names) -> str:
    return format_datetime(datetime.fromisoformat(value), "d MMMM yyyy, H.mm")


def _translated(value: Any, names: Names) -> list[str]:
    return [_(name) for name in value]


def _channels(value: Any, names: Names) -> list[str]:
    return [_channel(held) for held in value]


def _channel(held: Mapping[str, Any]) -> str:
    kind = Channel(held["kind"])
    words = f"{_(CHANNEL_WORDS[kind])}: {shown(kind, held['value']).words}"
    asides = [_("voorkeur")] if held.get("preferred") else []
    asides += [] if held.get("public", True) else [_("enkel intern")]
    return f"{words} ({', '.join(asides)})" if asides else words


def _named(field: str, translated: bool = False) -> Callable[[Any, Names], str]:
    def read(value: Any, names: Names) -> str:
        known = names.get((past.NAMED[field].__tablename__, value), "")
        return (_(known) if translated and known else known) or _("niet meer bekend")

    return read


def _among(words: Mapping[Any, Any], kind: Callable[[Any], Any]) -> Callable[[Any, Names], str]:
    return lambda value, names: _(words[kind(value)])


def _plain_among(words: Mapping[Any, Any], kind: Callable[[Any], Any]) -> Callable[[Any, Names], str]:
    return lambda value, names: str(words[kind(value)])


# --- which fields there are ---


def _text(label: Any) -> Field:
    return Field(label, compare=text_change.of_text)


def _reference(field: str, label: Any) -> Field:
    return Field(label, _named(field))


TOWN = _reference("municipality_id", _l("Gemeente"))
NETWORK = _reference("network_id", _l("Netwerk"))
ORGANISATION = _reference("organisation_id", _l("Organisatie"))
GROUND = {"municipality_id": TOWN, "network_id": NETWORK, "organisation_id": ORGANISATION}
ROLE = Field(_l("Rol"), lambda value, names: _(ROLE_WORDS[MANDATE_ROLES[value][0]]))
SINCE, UNTIL = Field(_l("Vanaf"), _day), Field(_l("Tot en met"), _day, empty=_l("zonder einde"))
ENDED = Field(_l("Beëindigd"), _instant)
FIELDS: dict[str, dict[str, Field]] = {
    "activity": {
        "title": _text(_l("Titel")),
        "state": Field(_l("Toestand"), _among(STATE_WORDS, State)),
        "schedule_data": Field(_l("Wanneer"), _schedule, text_change.of_text),
        "status": Field(_l("Gaat het door?"), _plain_among(STATUS_WORDS, Status)),
        "description": _text(_l("Tekst")),
        "organisation_id": ORGANISATION,
        "organiser_name": _text(_l("Organisator")),
        "municipality_id": TOWN,
        "place_name": _text(_l("Plaats")),
        "street": _text(_l("Straat")),
        "postal_code": Field(_l("Postcode")),
        "online": Field(_l("Online"), _yes_no),
        "online_url": Field(_l("Link")),
        "price": _text(_l("Prijs")),
        "level_id": Field(_l("Taalniveau"), _named("level_id", translated=True)),
        "goals": Field(_l("Doelen"), _translated, text_change.of_list, []),
        "topics": Field(_l("Onderwerpen"), _translated, text_change.of_list, []),
        "channels": Field(_l("Contact"), _channels, text_change.of_list, []),
        "internal_note": _text(_l("Notitie")),
    },
    "organisation": {
        "name": _text(_l("Naam")),
        "kind": Field(_l("Soort"), _among(ORGANISATION_WORDS, OrganisationKind)),
        "municipality_id": TOWN,
        "website": Field(_l("Website")),
    },
    "mandate": {
        "user_id": _reference("user_id", _l("Wie")),
        "role": ROLE,
        **GROUND,
        "since": SINCE,
        "until": UNTIL,
        "ended_at": ENDED,
        "granted_by_id": _reference("granted_by_id", _l("Aangesteld door")),
    },
    "invitation": {
        "name": _text(_l("Naam")),
        "email": Field(_l("E-mailadres")),
        "role": ROLE,
        **GROUND,
        "ends_at": Field(_l("Geldig tot"), _instant),
        "accepted_at": Field(_l("Aangenomen"), _instant),
        "withdrawn_at": Field(_l("Ingetrokken"), _instant),
    },
    "absence": {
        "user_id": _reference("user_id", _l("Wie")),
        "municipality_id": TOWN,
        "since": SINCE,
        "until": UNTIL,
        "stand_in_id": Field(_l("Wie vervangt"), _named("stand_in_id"), empty=_l("niemand")),
        "taken_over": Field(_l("Overgenomen"), _yes_no),
        "reason": _text(_l("Reden")),
        "ended_at": ENDED,
    },
    "agreement": {
        "municipality_id": TOWN,
        "network_id": NETWORK,
        "dashboard": Field(_l("Dashboard zien"), _yes_no),
        "moderation": Field(_l("Mee keuren"), _yes_no),
        "since": SINCE,
        "until": UNTIL,
        "agreed_by_id": _reference("agreed_by_id", _l("Afgesproken door")),
        "ended_at": ENDED,
    },
    "intake_rule": {
        "municipality_id": TOWN,
        "match": Field(_l("Waaraan herken je het?"), _among(MATCH_WORDS, Match)),
        "value": Field(_l("Welke precies?"), lambda value, names: terms.name_of(value)),
    },
    "report": {
        "problem": Field(_l("Wat is er mis?"), lambda value, names: _(PROBLEM_WORDS[value])),
        "handled_at": Field(_l("Afgehandeld"), _instant),
    },
    "user": {
        "name": _text(_l("Naam")),
        "email": Field(_l("E-mailadres")),
        "suspended_at": Field(_l("Geschorst"), _instant),
        "anonymised_at": Field(_l("Naamloos gemaakt"), _instant),
    },
    "mail": {"state": Field(_l("Toestand"), _plain_among(MAIL_STATE_WORDS, MailState))},
}


# --- what differs ---


def differences(
    change: Change, names: Names, hidden: frozenset[str] = frozenset(), *, internal_contact: bool = True
) -> Iterator[Difference]:
    """Each field that differs and says something to a person, but for what is `hidden` from this reader."""
    for key, field in FIELDS.get(change.table_name, {}).items():
        if key in hidden or (key not in change.before and key not in change.after):
            continue
        if key == "state" and change.before and change.verb in SAYS_STATE:
            continue
        before, after = change.before.get(key), change.after.get(key)
        if key == "channels" and not internal_contact:
            before, after = _public(before), _public(after)
        pieces = field.compare(_words(field, before, names), _words(field, after, names))
        if any(piece.sign is not Sign.SAME for piece in pieces):
            yield Difference(str(field.label), pieces)


def _public(channels: Any) -> list[Any]:
    return [held for held in channels or [] if held.get("public")]


def _words(field: Field, value: Any, names: Names) -> Any:
    """A stored value in words. What an older version wrote may be past reading."""
    if value in (None, "", [], {}):
        return [] if field.empty == [] else str(field.empty) if value is None and field.empty else ""
    try:
        return field.read(value, names)
    except (KeyError, ValueError, TypeError, AttributeError):
        unreadable = _("niet meer leesbaar")
        return [unreadable] if field.empty == [] else unreadable
