"""What we keep of an event, and the fingerprint that tells whether anything that matters changed."""

from hashlib import sha256
from urllib.parse import urlsplit

import orjson

from app.domain.schedule_json import to_json
from app.domain.source import SourceEvent, Unreadable
from app.services.sources.base import Json
from app.services.sources.uitdatabank.loading import clean_number, clean_text

LONGEST_ID = 64
LONGEST_TEXT = 100_000
DEEPEST = 16  # an honest event is some seven levels deep
_NOT_OURS = {"creator", "contributors", "publisher", "lastUpdatedBy", "metadata", "playhead"}
# How to reach people, and who took a picture: kept only where an activity of ours says it (docs/privacy.md).
_OF_PEOPLE = {"contactPoint", "bookingInfo", "email", "phone", "telephone", "copyrightHolder"}


def event_id(member: Json) -> str:
    """The last segment of `@id`. Raises Unreadable where it cannot be a key (CONTRACT 7.1)."""
    address = member.get("@id")
    try:
        path = urlsplit(address).path if isinstance(address, str) else ""
    except ValueError:
        path = ""
    last = path.rstrip("/").rpartition("/")[2]
    if not last or len(last) > LONGEST_ID or not last.isprintable() or any(sign in last for sign in " %<>\"'"):
        raise Unreadable("Dit evenement heeft geen bruikbaar kenmerk (@id).")
    return last


def stored_payload(member: Json) -> Json:
    """The event as received, without who made it, at any depth.

    What no database takes is left out too: NUL characters, surrogates, infinite numbers, endless texts,
    bottomless depths.
    """
    return {_text(key): stored_value(value, 1) for key, value in member.items() if key not in _NOT_OURS}


def without_people(payload: Json) -> Json:
    """A stored payload without how to reach people, at any depth; it reads as before, with fewer contacts."""
    return {key: _without_people(value) for key, value in payload.items() if key not in _OF_PEOPLE}


def _without_people(value: object) -> object:
    if isinstance(value, list):
        return [_without_people(item) for item in value]
    return without_people(value) if isinstance(value, dict) else value


def own_key(member: Json) -> str:
    """A key for a member whose `@id` is none: from the `@id` where it is a text, else from all it holds."""
    address = member.get("@id")
    told = address if isinstance(address, str) else stored_payload(member)
    return "zonder-id-" + sha256(orjson.dumps(stored_value(told), option=orjson.OPT_SORT_KEYS)).hexdigest()[:32]


def stored_value(value: object, depth: int = 0) -> object:
    """Any value of JSON as `stored_payload` keeps it."""
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, int | float):
        return clean_number(value)
    if not isinstance(value, dict | list):
        return value
    if depth >= DEEPEST:
        return None
    if isinstance(value, list):
        return [stored_value(item, depth + 1) for item in value]
    return {_text(key): stored_value(item, depth + 1) for key, item in value.items() if key not in _NOT_OURS}


def _text(text: str) -> str:
    return clean_text(text[:LONGEST_TEXT].replace("\0", ""))


def content_hash(event: SourceEvent) -> str:
    """Sha256, in hex, over the relevant fields of CONTRACT 9; the order of terms and contacts is not one."""
    place = event.place
    matters = {
        "name": event.title,
        "description": event.description,
        "calendar": to_json(event.schedule),
        "status": event.status,
        "place": [
            place.name,
            place.street,
            place.postal_code,
            place.locality,
            place.online,
            place.online_url,
        ],
        "organiser": event.organiser_name,
        "terms": sorted(event.term_ids),
        "price": event.price,
        "contacts": sorted([contact.kind, contact.value] for contact in event.contacts),
        "ages": event.age_range,
        "image": [event.image_url, event.image_credit],
        "audience": event.audience,
        "standing": event.standing,
    }
    return sha256(orjson.dumps(matters, option=orjson.OPT_SORT_KEYS)).hexdigest()
