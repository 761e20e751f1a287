"""The door of the sync: one run over one source."""

from dataclasses import dataclass

from flask import current_app

from app.domain.clock import now_utc
from app.domain.errors import Unavailable
from app.models import SyncRun, connection, db
from app.services.reference import UIT_KEY
from app.services.sources import sync
from app.services.sources.registry import SOURCES
from jobs import stopping

COUNTED = ("created", "changed", "unchanged", "gone", "failed")


@dataclass(frozen=True, slots=True)
class Finished:
    """How a run ended: its counts of source records, and words when it failed."""

    counts: dict[str, int]
    error: str


def run(source: str, *, full: bool = False) -> Finished:
    """One run, each page in a transaction of its own."""
    adapter = stopping.Pages(SOURCES[source](current_app.extensions["settings"]))
    run_id = sync.run(db.session, adapter, now_utc(), lambda: connection.writing(db.session), full=full)
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
