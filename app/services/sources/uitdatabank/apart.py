"""Members of a page that are no event to us: kept as records of their own, to be set apart with their reason."""

import orjson

from app.domain.source import Unreadable
from app.services.sources.base import Json
from app.services.sources.uitdatabank.stored import stored_value

LONGEST_RAW = 2_000
_RAW, _TOO_LARGE = "raw", "doemeeTooLarge"


def as_member(value: object) -> Json:
    """An object as it is; anything else wrapped, as text."""
    if isinstance(value, dict):
        return value
    text = value if isinstance(value, str) else orjson.dumps(stored_value(value)).decode()
    return {_RAW: text[:LONGEST_RAW]}


def too_large(link: Json) -> Json:
    """What stands in for an event that is too large to receive; `link` is what a page of links says of it."""
    address = link.get("@id")
    return {_TOO_LARGE: True} | ({"@id": address} if isinstance(address, str) else {})


def refuse_apart(member: Json) -> None:
    """Raises Unreadable for what `as_member` wrapped and what `too_large` stands in for."""
    if member.get(_TOO_LARGE) is True:
        raise Unreadable("Dit evenement is te groot om op te halen.")
    if member.keys() == {_RAW}:
        raise Unreadable("Dit is geen evenement: op de bladzijde staat iets anders.")
