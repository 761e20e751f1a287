"""One run over a source: store what changed, make or update activities of what is relevant, and count.

Every page is one transaction, together with the cursor: what was not stored is asked for again.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.domain.errors import AppError
from app.domain.relevance import Intake, is_relevant
from app.domain.source import SourceEvent, Standing, Unreadable
from app.domain.territory import municipality_of
from app.models import (
    Activity,
    IntakeRule,
    Municipality,
    Organisation,
    PostalCode,
    RunState,
    Source,
    SourceRecord,
    SyncItem,
    SyncRun,
)
from app.services.sources import imports
from app.services.sources.base import Batch, RawRecord
from app.services.sources.base import Source as Adapter

EARLIEST = datetime.min.replace(tzinfo=UTC)
OVERLAP = timedelta(minutes=15)  # what the source indexed late; CONTRACT 5.2


@dataclass(frozen=True, slots=True)
class World:
    """What a record is matched with, read once a run."""

    by_postal_code: dict[str, int]
    by_nis_code: dict[str, int]
    town_of_organisation: dict[int, int]
    organisation_by_uit_id: dict[str, int]
    intake: list[Intake]


@dataclass(frozen=True, slots=True)
class Counts:
    """Of source records, in one page or in one run."""

    received: int = 0
    created: int = 0
    changed: int = 0
    unchanged: int = 0
    gone: int = 0
    failed: int = 0

    def plus(self, outcome: str) -> "Counts":
        return replace(self, **{outcome: getattr(self, outcome) + 1})


def run(
    session: Session,
    source: Adapter,
    now: datetime,
    transaction: Callable[[], AbstractContextManager[None]],
    *,
    full: bool = False,
) -> int:
    """Fetch and store all changes since the cursor, or everything. Returns the id of the run's record.

    `transaction` opens one and commits it; none is open while the source is asked. What the source does wrong never
    raises: the run is recorded as failed, with the reason, and the cursor stays at the last stored page.
    """
    with transaction():
        row = _source(session, source)
        record = SyncRun(source=row, started_at=now, state=RunState.RUNNING)
        session.add(record)
        session.flush()
        run_id, world = record.id, read_world(session)
        awaited, since = incomplete(session, row), None
        if not full and row.cursor is not None:
            since = min([row.cursor - OVERLAP, *awaited.values()])
    error = ""
    try:
        for batch in source.changes(since):
            with transaction():
                row, record = _source(session, source), session.get_one(SyncRun, run_id)
                _add(record, store(session, source, row, record, batch, world, now))
                if batch.newest and (row.cursor is None or batch.newest > row.cursor):
                    row.cursor = batch.newest
    except AppError as trouble:
        error = str(trouble)
    except BaseException:
        with transaction():
            _finish(session, run_id, now, "Onverwacht afgebroken; zie het logboek.")
        raise
    with transaction():
        _finish(session, run_id, now, error)
        if not error:
            _await_no_longer(session, list(awaited))
    return run_id


def incomplete(session: Session, row: Source) -> dict[int, datetime]:
    """Records that became relevant after how to reach people was left out of them, each with its `modified`: the
    source is asked from the oldest of them on."""
    found = session.execute(
        select(SourceRecord.id, SourceRecord.modified).where(
            SourceRecord.relevant, ~SourceRecord.complete, SourceRecord.source_id == row.id
        )
    )
    return {row.id: row.modified for row in found}


def _await_no_longer(session: Session, record_ids: Sequence[int]) -> None:
    """What the source did not send again, it never will: asking goes on from the cursor."""
    session.execute(
        update(SourceRecord).where(SourceRecord.id.in_(record_ids), ~SourceRecord.complete).values(complete=True)
    )


def _finish(session: Session, run_id: int, now: datetime, error: str) -> None:
    record = session.get_one(SyncRun, run_id)
    record.state = RunState.FAILED if error else RunState.DONE
    record.error, record.finished_at = error, now


def _source(session: Session, source: Adapter) -> Source:
    return session.scalars(select(Source).where(Source.key == source.key)).one()


def read_world(session: Session) -> World:
    organisations = session.execute(select(Organisation.id, Organisation.municipality_id, Organisation.uit_id)).all()
    return World(
        by_postal_code={row.code: row.municipality_id for row in session.scalars(select(PostalCode))},
        by_nis_code={row.nis_code: row.id for row in session.execute(select(Municipality.nis_code, Municipality.id))},
        town_of_organisation={row.id: row.municipality_id for row in organisations},
        organisation_by_uit_id={row.uit_id: row.id for row in organisations if row.uit_id},
        intake=[Intake(row.match, row.value, row.municipality_id) for row in session.scalars(select(IntakeRule))],
    )


def store(
    session: Session, source: Adapter, row: Source, run_: SyncRun, batch: Batch, world: World, now: datetime
) -> Counts:
    """Store one page. A record that cannot be taken is quarantined with its reason, and stops nothing."""
    counts = Counts(received=len(batch.records))
    records = _newest(batch.records)
    ids = [raw.external_id for raw in records]
    held = {
        record.external_id: record
        for record in session.scalars(
            select(SourceRecord).where(SourceRecord.source_id == row.id, SourceRecord.external_id.in_(ids))
        )
    }
    activities = imports.by_record(session, [record.id for record in held.values()])
    for raw in records:
        found = held.get(raw.external_id)
        activity = activities.get(found.id) if found else None
        try:
            reading = read(source, raw, world)
            if found is not None and not reading.changes(found, needed=reading.is_needed(activity)):
                outcome = "unchanged"
                reading.seen(found, now)
            else:
                # What one record does wrong, the database included, stays with that record.
                with session.begin_nested():
                    completed = found is not None and not found.complete
                    outcome, record = _store(session, source, row, raw, reading, found, activity, now)
                    session.flush()
                    completed = completed and record.complete
                    organisations = world.organisation_by_uit_id
                    imports.apply(session, now, record, reading.event, activity, organisations, completed=completed)
        except (Unreadable, DBAPIError) as trouble:
            reason = str(trouble) if isinstance(trouble, Unreadable) else "Dit past niet in onze databank."
            kept = source.without_people(raw.payload)
            session.add(SyncItem(run=run_, external_id=raw.external_id[:64], reason=reason[:500], payload=kept))
            outcome = "failed"
        counts = counts.plus(outcome)
    session.flush()
    return counts


def _newest(records: Sequence[RawRecord]) -> list[RawRecord]:
    """Each id once: of two in a page the newest `modified` counts, whatever their order (RELIABILITY F6)."""
    found: dict[str, RawRecord] = {}
    for raw in records:
        other = found.get(raw.external_id)
        if other is None or (raw.modified or EARLIEST) >= (other.modified or EARLIEST):
            found[raw.external_id] = raw
    return list(found.values())


@dataclass(frozen=True, slots=True)
class Reading:
    """One record read and placed: the event, its fingerprint, its town, and whether it is for newcomers."""

    event: SourceEvent
    fingerprint: str
    municipality_id: int | None
    relevant: bool

    def is_needed(self, activity: Activity | None) -> bool:
        """Whether how to reach people is needed: for what waits or is shown here, and for nothing else."""
        return activity is not None or (self.relevant and self.event.standing is Standing.LIVE)

    def changes(self, found: SourceRecord, *, needed: bool) -> bool:
        """Whether this differs from what is held, or tells what was left out of it; and is no older."""
        if self.event.modified < found.modified:
            return False
        if needed and not found.complete:
            return True
        ours = (found.fingerprint, found.standing, found.municipality_id, found.relevant)
        return ours != (self.fingerprint, self.event.standing, self.municipality_id, self.relevant)

    def seen(self, found: SourceRecord, now: datetime) -> None:
        found.last_seen_at, found.modified = now, max(found.modified, self.event.modified)


def read(source: Adapter, raw: RawRecord, world: World) -> Reading:
    """Raises Unreadable with the reason."""
    event = source.read(raw.payload)
    organisation = world.organisation_by_uit_id.get(event.organiser_id)
    town = municipality_of(
        event.place,
        world.by_postal_code,
        world.by_nis_code,
        world.town_of_organisation.get(organisation) if organisation else None,
    )
    return Reading(event, source.fingerprint(event), town, is_relevant(event, town, world.intake))


def _store(
    session: Session,
    source: Adapter,
    row: Source,
    raw: RawRecord,
    reading: Reading,
    found: SourceRecord | None,
    activity: Activity | None,
    now: datetime,
) -> tuple[str, SourceRecord]:
    """Insert or update the record, without how to reach people where that is not needed. Returns how it is counted."""
    payload = raw.payload if reading.is_needed(activity) else source.without_people(raw.payload)
    values = {
        "title": reading.event.title,
        "payload": payload,
        "complete": payload == raw.payload,
        "fingerprint": reading.fingerprint,
        "modified": reading.event.modified,
        "standing": reading.event.standing,
        "municipality_id": reading.municipality_id,
        "relevant": reading.relevant,
        "last_seen_at": now,
    }
    if found is None:
        record = SourceRecord(source=row, external_id=reading.event.external_id, first_seen_at=now, **values)
        session.add(record)
        return "created", record
    gone = imports.is_over(reading.event.standing) and not imports.is_over(found.standing)
    for name, value in values.items():
        setattr(found, name, value)
    return ("gone" if gone else "changed"), found


def reconsider(session: Session, source: Adapter, municipality_id: int | None, now: datetime) -> int:
    """After *Wat komt binnen* changed: let in what we hold and now fits. Returns how many arrived."""
    world = read_world(session)
    held = select(SourceRecord).where(~SourceRecord.relevant, SourceRecord.standing == Standing.LIVE)
    if municipality_id is not None:
        held = held.where(SourceRecord.municipality_id == municipality_id)
    arrived = 0
    records = session.scalars(held).all()
    # One that was relevant before has its activity still.
    activities = imports.by_record(session, [record.id for record in records])
    for record in records:
        try:
            event = source.read(record.payload)
        except Unreadable:
            continue  # what we can no longer read, was told when it came
        if is_relevant(event, record.municipality_id, world.intake):
            record.relevant = True
            imports.apply(session, now, record, event, activities.get(record.id), world.organisation_by_uit_id)
            arrived += 1
    return arrived


def _add(run_: SyncRun, counts: Counts) -> None:
    for name in ("received", "created", "changed", "unchanged", "gone", "failed"):
        setattr(run_, name, getattr(run_, name) + getattr(counts, name))
