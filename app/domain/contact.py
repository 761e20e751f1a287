"""How to reach an organiser: the kinds of channel, and what a value of each must look like (DESIGN rule 14)."""

from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import quote, urlsplit

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from phonenumbers import NumberParseException, PhoneNumberFormat, PhoneNumberType

from app.domain.errors import Invalid

MAX_LENGTH = 254  # the longest e-mail address (RFC 5321, 4.5.3.1.3)


class Channel(StrEnum):
    EMAIL = "email"
    MOBILE = "mobile"
    LANDLINE = "landline"
    WHATSAPP = "whatsapp"
    MESSENGER = "messenger"
    SIGNAL = "signal"
    TELEGRAM = "telegram"
    IMO = "imo"
    WEBSITE = "website"
    ON_THE_SPOT = "on_the_spot"


WORDS = {
    Channel.EMAIL: "e-mail",
    Channel.MOBILE: "gsm",
    Channel.LANDLINE: "vaste telefoon",
    Channel.WHATSAPP: "WhatsApp",
    Channel.MESSENGER: "Messenger",
    Channel.SIGNAL: "Signal",
    Channel.TELEGRAM: "Telegram",
    Channel.IMO: "IMO",
    Channel.WEBSITE: "website",
    Channel.ON_THE_SPOT: "ter plaatse",
}

NUMBERED = frozenset({Channel.MOBILE, Channel.LANDLINE, Channel.WHATSAPP, Channel.SIGNAL, Channel.IMO})
_LANDLINE_TYPES = frozenset({PhoneNumberType.FIXED_LINE, PhoneNumberType.TOLL_FREE, PhoneNumberType.SHARED_COST})
_EITHER = PhoneNumberType.FIXED_LINE_OR_MOBILE


def clean(channel: Channel, text: str) -> str:
    """The value as it is stored: numbers in E.164, addresses normalised, links with their scheme.

    Raises Invalid with words about this very value.
    """
    text = " ".join(text.split())
    if not text:
        raise Invalid("Vul hier iets in.", field="value")
    if len(text) > MAX_LENGTH:
        raise Invalid("Dit is te lang: hoogstens %(most)d tekens.", field="value", most=MAX_LENGTH)
    if not text.isprintable():
        raise Invalid("Hier staat een teken in dat we niet kunnen lezen.", field="value")
    if channel is Channel.EMAIL:
        return _email(text)
    if channel is Channel.WEBSITE:
        return web_link(text)
    if channel in NUMBERED:
        return _number(channel, text)
    return text


def _email(text: str) -> str:
    try:
        return validate_email(text, check_deliverability=False, test_environment=True).normalized
    except EmailNotValidError:
        raise Invalid("Dit is geen e-mailadres. Het heeft de vorm naam@organisatie.be.", field="value") from None


def web_link(text: str, longest: int = MAX_LENGTH) -> str:
    """An http or https address, its scheme added where it was left out. Nothing else is ever a link."""
    link = text if "://" in text else f"https://{text}"
    if len(link) > longest:
        raise Invalid("Dit is te lang: hoogstens %(most)d tekens.", field="value", most=longest)
    try:
        parts = urlsplit(link)
        host = parts.hostname or ""
    except ValueError:
        host, parts = "", urlsplit("")
    if parts.scheme not in ("http", "https") or "." not in host or " " in link or "@" in parts.netloc:
        raise Invalid("Dit is geen webadres. Het heeft de vorm www.organisatie.be.", field="value")
    return link


def _number(channel: Channel, text: str) -> str:
    try:
        number = phonenumbers.parse(text, "BE")
    except NumberParseException:
        number = None
    if number is None or not phonenumbers.is_valid_number(number):
        raise Invalid("Dit is geen telefoonnummer. Typ het zoals 0470 12 34 56 of 09 123 45 67.", field="value")
    kind = phonenumbers.number_type(number)
    if channel is Channel.LANDLINE and kind == PhoneNumberType.MOBILE:
        raise Invalid(
            "Dit is een gsm-nummer. Kies gsm of WhatsApp, of typ een vast nummer zoals 09 123 45 67.",
            field="value",
        )
    if channel is Channel.MOBILE and kind in _LANDLINE_TYPES and kind != _EITHER:
        raise Invalid(
            "Dit is een vast nummer. Kies vaste telefoon, of typ een gsm-nummer zoals 0470 12 34 56.",
            field="value",
        )
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


@dataclass(frozen=True, slots=True)
class Shown:
    """A channel as people read it: the words, and where a click leads ('' for nowhere)."""

    words: str
    link: str = ""


def shown(channel: Channel, value: str) -> Shown:
    """`+3291234567` reads as `09 123 45 67` and dials; handles and places are words only."""
    if channel is Channel.EMAIL:
        return Shown(value, f"mailto:{quote(value, safe='@')}")
    if channel is Channel.WEBSITE:
        return Shown(value.split("://", 1)[-1].rstrip("/"), value)
    if channel in NUMBERED:
        words = readable_number(value)
        if channel is Channel.WHATSAPP:
            return Shown(words, f"https://wa.me/{value.lstrip('+')}")
        return Shown(words, f"tel:{value}" if channel in (Channel.MOBILE, Channel.LANDLINE) else "")
    return Shown(value)


def readable_number(value: str) -> str:
    """A Belgian number in the national way, another with its country code; what cannot be read stays as it is."""
    try:
        number = phonenumbers.parse(value, "BE")
    except NumberParseException:
        return value
    belgian = number.country_code == 32
    return phonenumbers.format_number(
        number, PhoneNumberFormat.NATIONAL if belgian else PhoneNumberFormat.INTERNATIONAL
    )
