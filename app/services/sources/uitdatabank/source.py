"""UiTdatabank with the face every source has: what the sync knows of it."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime

from app.domain.source import SourceEvent, Unreadable
from app.services.sources.base import Batch, Json, RawRecord
from app.services.sources.uitdatabank.client import UitClient
from app.services.sources.uitdatabank.mapping import content_hash, event_id, read_event, stored_payload
from app.services.sources.uitdatabank.pages import CLOCK_SLACK
from app.services.sources.uitdatabank.place import ONLINE_POSTAL_CODE
from app.services.sources.uitdatabank.stored import own_key, without_people
from app.services.sources.uitdatabank.times import read_instant


class UitSource:
    """Reads the events of `postal_codes` (None: of all places), those that are only online included.

    `clock` tells which `modified` lies in the future when a stored payload is read.
    """

    key = "uitdatabank"
    name = "UiTdatabank"

    def __init__(
        self,
        client: UitClient,
        postal_codes: Sequence[str] | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._client = client
        self._clock = clock
        self._postal_codes = None if postal_codes is None else [*postal_codes, ONLINE_POSTAL_CODE]

    def changes(self, since: datetime | None) -> Iterator[Batch]:
        """A batch a page; what cannot be read comes along, so that it can be set apart with its reason.

        Raises Unavailable where UiTdatabank stops answering.
        """
        for page in self._client.changes(self._postal_codes, since):
            yield Batch([_raw(member, page.latest) for member in page.members], page.newest)

    def read(self, payload: Json) -> SourceEvent:
        """Raises Unreadable with a reason in Dutch."""
        return read_event(payload, self._clock() + CLOCK_SLACK)

    def fingerprint(self, event: SourceEvent) -> str:
        return content_hash(event)

    def without_people(self, payload: Json) -> Json:
        return without_people(payload)


def _raw(member: Json, latest: datetime) -> RawRecord:
    try:
        external_id = event_id(member)
    except Unreadable:
        external_id = own_key(member)
    modified = read_instant(member.get("modified"))
    return RawRecord(external_id, modified if modified and modified <= latest else None, stored_payload(member))
