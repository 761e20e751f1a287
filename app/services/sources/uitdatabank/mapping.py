"""An event of UiTdatabank in our words: a bad field is dropped and noted, never the event (CONTRACT 7)."""

from collections.abc import Callable
from datetime import UTC, datetime, time
from typing import TypeVar
from urllib.parse import urlsplit

from app.domain.clock import day_ends
from app.domain.schedule import Flexible, Schedule
from app.domain.source import Audience, SourceEvent, Standing, Unreadable
from app.services.sources.base import Json
from app.services.sources.uitdatabank.apart import refuse_apart
from app.services.sources.uitdatabank.calendar import read_schedule, read_status
from app.services.sources.uitdatabank.hostile import refuse_code
from app.services.sources.uitdatabank.people import read_ages, read_audience, read_contacts, read_price
from app.services.sources.uitdatabank.place import read_place
from app.services.sources.uitdatabank.stored import content_hash, event_id, stored_payload
from app.services.sources.uitdatabank.text import each, link, localised, one_line, part, plain_text
from app.services.sources.uitdatabank.times import read_instant

__all__ = ["content_hash", "event_id", "read_event", "stored_payload"]

NO_END_YEAR = 2100  # `availableTo` of what stays for ever
LONGEST_LABEL = 255
MOST_LABELS = 100
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
_TERM_DOMAINS = ("eventtype", "theme", "facility", None)
_STANDINGS = {
    "READY_FOR_VALIDATION": Standing.LIVE,
    "APPROVED": Standing.LIVE,
    "REJECTED": Standing.REJECTED,
    "DELETED": Standing.GONE,
    "DRAFT": Standing.DRAFT,
}

T = TypeVar("T")


def read_event(member: Json, latest: datetime | None = None) -> SourceEvent:
    """Raises Unreadable, with a reason in Dutch: no id, no name, no calendar, a status we do not know, code.

    A rejected or deleted event is read whatever its shape: we need no more of it than that it goes. A
    `modified` after `latest` counts for nothing.
    """
    refuse_apart(member)
    external_id = event_id(member)
    notes: list[str] = []
    standing = _standing(member, notes)
    goes = standing is not Standing.LIVE
    title = _or_else("(zonder naam)", goes, lambda: _title(member))
    if not goes:
        refuse_code(member)
    undated: Schedule = Flexible()
    schedule = _or_else(undated, goes, lambda: read_schedule(member, notes))
    main = member.get("mainLanguage")
    organiser = part(member.get("organizer"))
    image_url, image_credit = _image(member)
    return SourceEvent(
        external_id=external_id,
        title=title,
        modified=_modified(member, latest, notes),
        standing=standing,
        schedule=schedule,
        place=read_place(member, notes),
        description=plain_text(localised(member.get("description"), main), notes),
        organiser_id=_organiser_id(organiser),
        organiser_name=one_line(localised(organiser.get("name"), organiser.get("mainLanguage") or main)),
        term_ids=_term_ids(member),
        labels=_labels(member),
        price=read_price(member, notes),
        contacts=read_contacts(member, notes),
        image_url=image_url,
        image_credit=image_credit,
        age_range=read_ages(member),
        audience=_or_else(Audience.EVERYONE, goes, lambda: read_audience(member)),
        status=read_status(member, schedule),
        public_from=read_instant(member.get("availableFrom")),
        public_until=_public_until(member),
        url=_page(member),
        notes=tuple(dict.fromkeys(notes)),
    )


def _or_else(instead: T, lenient: bool, read: Callable[[], T]) -> T:
    try:
        return read()
    except Unreadable:
        if lenient:
            return instead
        raise


def _title(member: Json) -> str:
    title = one_line(localised(member.get("name"), member.get("mainLanguage")))
    if not title:
        raise Unreadable("Dit evenement heeft geen naam.")
    return title


def _standing(member: Json, notes: list[str]) -> Standing:
    word = member.get("workflowStatus")
    if word is None:  # old documents; the question itself lets only the statuses through that we want
        notes.append("De status van publicatie ontbreekt.")
        return Standing.LIVE
    if not isinstance(word, str) or word not in _STANDINGS:
        raise Unreadable(f"Deze status van publicatie kennen we niet: {one_line(str(word), 40)}.")
    return _STANDINGS[word]


def _modified(member: Json, latest: datetime | None, notes: list[str]) -> datetime:
    """Never after `latest`: else no later correction of this event would count as newer."""
    modified, created = read_instant(member.get("modified")), read_instant(member.get("created"))
    if modified is None:
        notes.append("Het tijdstip van de laatste wijziging ontbreekt.")
    elif latest and modified > latest:
        notes.append("Het tijdstip van de laatste wijziging ligt in de toekomst en telt niet.")
        modified = None
    if created and latest and created > latest:
        created = None
    return modified or created or _BEGINNING


def _organiser_id(organiser: Json) -> str:
    address = organiser.get("@id")
    return one_line(address.rstrip("/").rpartition("/")[2], 64) if isinstance(address, str) else ""


def _term_ids(member: Json) -> tuple[str, ...]:
    """Ids, never labels: labels were renamed over time (CONTRACT 7.2)."""
    terms = [part(term) for term in each(member.get("terms"))]
    ids = [one_line(term.get("id"), 64) for term in terms if term.get("domain") in _TERM_DOMAINS]
    return tuple(dict.fromkeys(term_id for term_id in ids if term_id))


def _labels(member: Json) -> tuple[str, ...]:
    """Visible and hidden ones, for matching only: hidden labels are never shown."""
    given = each(member.get("labels")) + each(member.get("hiddenLabels"))
    labels = {label.casefold(): label for item in given if (label := one_line(item, LONGEST_LABEL))}
    return tuple(labels.values())[:MOST_LABELS]


def _image(member: Json) -> tuple[str, str]:
    """The main image and whose it is: the first of `mediaObject`, else `image`."""
    for item in map(part, each(member.get("mediaObject"))):
        address = link(item.get("contentUrl"))
        if address and "ImageObject" in str(item.get("@type", "ImageObject")):
            return address, one_line(item.get("copyrightHolder"))
    return link(member.get("image")), ""


def _public_until(member: Json) -> datetime | None:
    """`availableTo`, where midnight means the end of that day; None for ever (CONTRACT 7.1)."""
    until = read_instant(member.get("availableTo"))
    if until is None or until.year >= NO_END_YEAR:
        return None
    return day_ends(until.date()) if until.time() == time(0, 0) else until


def _page(member: Json) -> str:
    """The page on uitinvlaanderen.be; old documents hold other things under `sameAs`."""
    for address in map(link, each(member.get("sameAs"))):
        host = urlsplit(address).hostname or ""
        if host == "uitinvlaanderen.be" or host.endswith(".uitinvlaanderen.be"):
            return address
    return ""
