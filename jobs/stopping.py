"""Whether this process was asked to stop: jobs look between two items, finish the one they hold, and begin no other."""

from collections.abc import Iterator
from datetime import datetime
from threading import Event
from typing import Any

from app.domain.errors import Unavailable

STOPPED = "Gestopt na deze bladzijde; de volgende beurt gaat verder."
_asked = Event()


def ask() -> None:
    _asked.set()


def asked() -> bool:
    return _asked.is_set()


def forget() -> None:
    """As if nobody asked; for who starts anew in the same process."""
    _asked.clear()


def wait_for_no_retry(_retry: Any) -> None:
    """For stamina: who is asked to stop does not wait for a server that may be better later."""
    if asked():
        raise Unavailable(STOPPED)


class Pages:
    """A source that ends after the page in hand when we are asked to stop; the next run goes on from its cursor."""

    def __init__(self, source: Any) -> None:
        self._source = source

    def __getattr__(self, name: str) -> Any:
        return getattr(self._source, name)

    def changes(self, since: datetime | None) -> Iterator[Any]:
        for batch in self._source.changes(since):
            yield batch
            if asked():
                raise Unavailable(STOPPED)
