"""What every source offers to the sync: batches of raw records, and how to read one (DESIGN rule 21)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from app.domain.source import SourceEvent

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class RawRecord:
    """One record as it is stored: plain JSON without personal internals; `modified` is the source's clock."""

    external_id: str
    modified: datetime | None
    payload: Json


@dataclass(frozen=True, slots=True)
class Batch:
    """What belongs in one transaction; `newest`, the highest `modified` received, is the cursor after it."""

    records: list[RawRecord]
    newest: datetime | None


class Source(Protocol):
    """A source adapter. `key` is stored, `name` is shown."""

    @property
    def key(self) -> str: ...

    @property
    def name(self) -> str: ...

    def changes(self, since: datetime | None) -> Iterator[Batch]:
        """All that changed at or after `since` (all there is for None), oldest change first.

        A record may return, so storing it is safe to repeat. Raises Unavailable where the source stops
        answering: what was yielded before it stays good.
        """
        ...

    def read(self, payload: Json) -> SourceEvent:
        """A stored payload in our words. Raises Unreadable with a reason in Dutch."""
        ...

    def fingerprint(self, event: SourceEvent) -> str:
        """Equal for two versions that differ in nothing that matters to us."""
        ...

    def without_people(self, payload: Json) -> Json:
        """The payload without how to reach people: all we keep of what no activity of ours needs."""
        ...
