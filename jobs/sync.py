"""The door of the sync: which sources there are, and one run over one of them."""

from dataclasses import dataclass

from flask import current_app

from app.domain.clock import now_utc
from app.domain.errors import Unavailable
from app.models import SyncRun, connection, db
from app.services.reference import UIT_KEY
from app.services.sources import sync
from app.services.sources.base import Source
from app.services.sources.uitdatabank.client import UitClient
from app.services.sources.uitdatabank.source import UitSource


def uitdatabank() -> Source:
    settings = current_app.extensions["settings"]
    client = UitClient(
        settings.uit_base_url,
        settings.uit_client_id,
        timeout_seconds=settings.uit_timeout_seconds,
        page_size=settings.uit_page_size,
        requests_per_second=settings.uit_requests_per_second,
    )
    return UitSource(client)


SOURCES = {UIT_KEY: uitdatabank}
COUNTED = ("created", "changed", "unchanged", "gone", "failed")


@dataclass(frozen=True, slots=True)
class Finished:
    """How a run ended: its counts of source records, and words when it failed."""

    counts: dict[str, int]
    error: str


def run(source: str, *, full: bool = False) -> Finished:
    """One run, each page in a transaction of its own."""
    run_id = sync.run(db.session, SOURCES[source](), now_utc(), lambda: connection.writing(db.session), full=full)
    record = db.session.get_one(SyncRun, run_id)
    finished = Finished({name: getattr(record, name) for name in COUNTED}, record.error)
    db.session.rollback()
    return finished


def counted() -> dict[str, int]:
    """The job: a failed run is a failed slot, so that it shows."""
    finished = run(UIT_KEY)
    if finished.error:
        raise Unavailable(finished.error)
    return finished.counts
