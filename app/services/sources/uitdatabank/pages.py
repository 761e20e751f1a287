"""What we ask Search API 3 and how a page of its answer is checked, whole, before anything of it is used."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from app.services.sources.base import Json
from app.services.sources.uitdatabank.apart import as_member
from app.services.sources.uitdatabank.loading import load_json
from app.services.sources.uitdatabank.times import read_second

WINDOW = 10_000  # start + limit may not exceed it (CONTRACT 3)
CLOCK_SLACK = timedelta(days=1)  # a `modified` later than the answer by more counts for nothing
FOR_EVER = datetime.max.replace(tzinfo=UTC)
WORKFLOW = "READY_FOR_VALIDATION,APPROVED,REJECTED,DELETED"


@dataclass(frozen=True, slots=True)
class Page:
    """Members not met before in this walk, the source's own count, and the highest `modified` received.

    What lies after `latest` is a mistake of the event, and is never `newest`.
    """

    members: list[Json]
    total: int
    newest: datetime | None
    latest: datetime = FOR_EVER


@dataclass(frozen=True, slots=True)
class Answer:
    """A checked page as it came. `full`: there may be more behind it; `latest`: the last credible instant."""

    members: list[Json]
    total: int
    full: bool
    latest: datetime = FOR_EVER

    def seconds(self, field: str) -> list[datetime]:
        """The credible values of `modified` or `created`, as whole seconds in UTC."""
        found = (read_second(member.get(field)) for member in self.members)
        return [second for second in found if second and second <= self.latest]


@dataclass(frozen=True, slots=True)
class Question:
    """One request for events: bounds are inclusive on both sides, and instants."""

    limit: int
    postal_codes: tuple[str, ...] | None = None
    modified_from: datetime | None = None
    modified_to: datetime | None = None
    created_from: datetime | None = None
    start: int = 0
    embed: bool = True

    def parameters(self) -> list[tuple[str, str]]:
        """As CONTRACT 5.2 writes it: audience, dates and status are judged after reading, never asked for."""
        asked = [
            ("embed", "true" if self.embed else "false"),
            ("disableDefaultFilters", "true"),
            ("workflowStatus", WORKFLOW),
            ("sort[modified]", "asc"),
            ("sort[created]", "asc"),
            ("start", str(self.start)),
            ("limit", str(self.limit)),
        ]
        bounds = {
            "modifiedFrom": self.modified_from,
            "modifiedTo": self.modified_to,
            "createdFrom": self.created_from,
        }
        asked += [(name, _atom(instant)) for name, instant in bounds.items() if instant]
        if self.postal_codes is not None:
            asked.append(("q", f"address.\\*.postalCode:({' OR '.join(self.postal_codes)})"))
        return asked

    def read(self, body: bytes, answered: datetime) -> Answer:
        """Raises ValueError, with a Dutch reason, where the page is not one (RELIABILITY F4).

        `answered` is when the source says it answered. A member of any shape is passed on: it spoils no page.
        """
        page = load_json(body)
        if not isinstance(page, dict) or not isinstance(page.get("member"), list):
            raise ValueError("dit is geen bladzijde met evenementen")
        total, members = page.get("totalItems"), page["member"]
        if not isinstance(total, int) or isinstance(total, bool) or total < 0:
            raise ValueError("totalItems is geen getal")
        full = len(members) >= self._given(page.get("itemsPerPage"))
        return Answer([as_member(member) for member in members], total, full, answered + CLOCK_SLACK)

    def _given(self, items_per_page: object) -> int:
        """How many a full page holds: a server may give fewer than we asked."""
        if isinstance(items_per_page, int) and 0 < items_per_page < self.limit:
            return items_per_page
        return self.limit


def postal_codes_of(codes: Sequence[str]) -> tuple[str, ...]:
    """Sorted and unique. Raises ValueError for what is no postal code: no free text enters `q`."""
    for code in codes:
        if not (len(code) == 4 and code.isascii() and code.isdigit()):
            raise ValueError(f"not a postal code: {code!r}")
    return tuple(sorted(set(codes)))


def _atom(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat(timespec="seconds")
