"""How to reach the organiser, for whom the event is, and what it costs (CONTRACT 7.1, 7.3)."""

import re
from collections.abc import Iterator

from app.domain.contact import Channel, clean
from app.domain.errors import Invalid
from app.domain.source import Audience, Contact, Unreadable
from app.services.sources.base import Json
from app.services.sources.uitdatabank.text import each, localised, one_line, part

MOST_CONTACTS = 20
ADULT_FROM = 16  # an age range that ends below it is an offer for children (DESIGN rule 4)
DEAREST = 100_000  # euro; more is a typing error
_AGES = re.compile(r"(\d{0,3})-(\d{0,3})")
_KEYS = {"email": "email", "phone": "phone", "telephone": "phone", "url": "url"}
_CHANNELS = {
    "email": (Channel.EMAIL,),
    "phone": (Channel.LANDLINE, Channel.MOBILE, Channel.EMAIL),  # an address may sit under phone
    "url": (Channel.WEBSITE,),
}


def read_contacts(event: Json, notes: list[str]) -> tuple[Contact, ...]:
    """What `contactPoint` and `bookingInfo` give, in all their old shapes; else what the organiser gives."""
    own = _contacts([event.get("contactPoint"), event.get("bookingInfo")], notes)
    organiser = part(event.get("organizer"))
    return own or _contacts([organiser.get("contactPoint"), organiser], notes)


def _contacts(sources: list[object], notes: list[str]) -> tuple[Contact, ...]:
    found: dict[Contact, None] = {}
    for hint, text in _values(sources):
        contact = _contact(hint, text)
        if contact:
            found[contact] = None
        else:
            notes.append("Een contactgegeven is niet te lezen en weggelaten.")
    return tuple(found)[:MOST_CONTACTS]


def _values(sources: list[object]) -> Iterator[tuple[str, str]]:
    for source in sources:
        for item in each(source)[:MOST_CONTACTS]:
            for key, hint in _KEYS.items():
                for text in each(part(item).get(key))[:MOST_CONTACTS]:
                    if isinstance(text, str) and text.strip():
                        yield hint, text


def _contact(hint: str, text: str) -> Contact | None:
    for channel in _CHANNELS[hint]:
        try:
            return Contact(channel.value, clean(channel, text))
        except Invalid:
            continue
    return None


def read_ages(event: Json) -> str:
    """`6-12`, `-12` or `6-`; '' for all ages. With a range of birth dates, the ages derived from it count."""
    key = "typicalAgeRangeConverted" if event.get("birthdateRange") else "typicalAgeRange"
    value = event.get(key)
    match = _AGES.fullmatch(value.strip()) if isinstance(value, str) and len(value) < 20 else None
    return match[0] if match and (match[1] or match[2]) else ""


def read_audience(event: Json) -> Audience:
    """For whom it is. Raises Unreadable for an audience we do not know: it may well exclude people."""
    word = part(event.get("audience")).get("audienceType") or "everyone"
    if word not in ("everyone", "members", "education"):
        raise Unreadable(f"Dit publiek kennen we niet: {one_line(str(word), 40)}.")
    if word != "everyone":
        return Audience(word)
    oldest = read_ages(event).partition("-")[2]
    children = event.get("childrenOnly") is True or (oldest and int(oldest) < ADULT_FROM)
    return Audience.CHILDREN if children else Audience.EVERYONE


def read_price(event: Json, notes: list[str]) -> str:
    """In words: `gratis`, `10,50 euro; studenten: 5 euro`; '' where nothing is said, which is not free."""
    base, others = "", []
    items = event.get("priceInfo")
    for item in items[:MOST_CONTACTS] if isinstance(items, list) else []:
        words = _euros(part(item).get("price"))
        name = one_line(localised(part(item).get("name"), event.get("mainLanguage")), 60)
        if not words:
            notes.append("Een prijs is niet te lezen en weggelaten.")
        elif part(item).get("category") == "base":
            base = base or words
        else:
            others.append(f"{name}: {words}" if name else words)
    return one_line("; ".join([base, *others])) if base else ""


def _euros(price: object) -> str:
    if isinstance(price, bool) or not isinstance(price, int | float) or not 0 <= price < DEAREST:
        return ""
    if price == 0:
        return "gratis"
    return f"{price:.0f} euro" if price == int(price) else f"{price:.2f} euro".replace(".", ",")
