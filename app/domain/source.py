"""What a source tells us of one event, before it becomes anything here: a plain value, the same for every source."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from app.domain.schedule import Schedule, Status


class Standing(StrEnum):
    """Where the record stands at its source."""

    LIVE = "live"
    REJECTED = "rejected"
    GONE = "gone"
    DRAFT = "draft"


class Audience(StrEnum):
    EVERYONE = "everyone"
    MEMBERS = "members"
    EDUCATION = "education"
    CHILDREN = "children"


@dataclass(frozen=True, slots=True)
class Place:
    """Where, as the source says it. `nis_codes`: the municipalities its regions name, empty without coordinates."""

    name: str = ""
    street: str = ""
    postal_code: str = ""
    locality: str = ""
    online: bool = False
    online_url: str = ""
    nis_codes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Contact:
    """A channel as the source gives it: `kind` is a key of `app.domain.contact.Channel`."""

    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class SourceEvent:
    """One event in our words. Texts are plain, sanitised and capped; `modified` is the source's own clock, aware."""

    external_id: str
    title: str
    modified: datetime
    standing: Standing
    schedule: Schedule
    place: Place
    description: str = ""
    organiser_id: str = ""
    organiser_name: str = ""
    term_ids: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    price: str = ""
    contacts: tuple[Contact, ...] = ()
    image_url: str = ""
    image_credit: str = ""
    age_range: str = ""
    audience: Audience = Audience.EVERYONE
    status: Status = Status.PLANNED
    public_from: datetime | None = None
    public_until: datetime | None = None
    url: str = ""
    notes: tuple[str, ...] = field(default=(), compare=False)


class Unreadable(ValueError):
    """This record cannot be taken, and why, in words for the platform's administrators (Dutch)."""
