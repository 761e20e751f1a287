"""What we keep of an event, and the fingerprint that tells whether anything that matters changed."""

from hashlib import sha256
from urllib.parse import urlsplit

import orjson

from app.domain.schedule_json import to_json
from app.domain.source import SourceEvent, Unreadable
from app.services.sources.base import Json

LONGEST_ID = 64
LONGEST_TEXT = 100_000
DEEPEST = 16  # an honest event is some seven levels deep
_NOT_OURS = {"creator", "contributors", "publisher", "lastUpdatedBy", "metadata", "playhead"}


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

    What no database takes is left out too: NUL characters, endless texts, bottomless depths.
    """
    return {_text(key): _kept(value, 1) for key, value in member.items() if key not in _NOT_OURS}


def _kept(value: object, depth: int) -> object:
    if isinstance(value, str):
        return _text(value)
    if not isinstance(value, dict | list):
        return value
    if depth >= DEEPEST:
        return None
    if isinstance(value, list):
        return [_kept(item, depth + 1) for item in value]
    return {_text(key): _kept(item, depth + 1) for key, item in value.items() if key not in _NOT_OURS}


def _text(text: str) -> str:
    return text[:LONGEST_TEXT].replace("\0", "")


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
