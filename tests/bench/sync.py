"""The sync of some thousand events, first and unchanged, beside inserting the same records by hand."""

from dataclasses import dataclass, replace
from typing import Any

from psycopg.types.json import Json

from app.models import db
from app.services.reference import UIT_KEY
from app.services.sources.registry import SOURCES
from jobs import sync
from tests.bench.clock import listening, seconds
from tests.bench.stage import Stage
from tests.bench.uit import uit_server

EVENTS = 2_000
A_PAGE = 200  # events a transaction, as the sync does
COLUMNS = (
    "source_id, external_id, title, payload, fingerprint, modified, standing, relevant, municipality_id, "
    "first_seen_at, last_seen_at"
)
OURS = "external_id not like '00000000-0000-4000-8000-%%'"


@dataclass(frozen=True)
class Run:
    """One run: its events and statements, how long it took, and what it made of them."""

    name: str
    events: int
    statements: int
    seconds: float
    counts: dict[str, int]


def measure(stage: Stage) -> list[Run]:
    """Reading only, a first run, the same again; then the floor, which is what the ratios are to."""
    app = stage.app
    with uit_server(EVENTS) as url, app.app_context():
        app.extensions["settings"] = replace(app.extensions["settings"], uit_base_url=url)
        source = SOURCES[UIT_KEY](app.extensions["settings"])
        reading = seconds(lambda: [None for _batch in source.changes(None)])
        runs = [Run("only reading UiT", EVENTS, 0, reading, {})]
        runs += [_run(name) for name in ("sync, first", "sync, unchanged")]
        db.session.remove()
    made = stage.raw.execute("select count(*) from activity where id > %s", (stage.rows,)).fetchall()[0][0]
    runs[1].counts["activities"] = made
    return [*runs, _floor(stage)]


def _run(name: str) -> Run:
    finished: list[sync.Finished] = []
    with listening(db.engine) as asked:
        took = seconds(lambda: finished.append(sync.run(UIT_KEY, full=True)))
    if finished[0].error:
        raise RuntimeError(finished[0].error)
    counts = {name: count for name, count in finished[0].counts.items() if count}
    return Run(name, sum(counts.values()), len(asked.statements), took, counts)


def _floor(stage: Stage) -> Run:
    """The records that the first run made, once more, into an empty table with the same columns and indexes."""
    stage.raw.execute("create table record_by_hand (like source_record including all)")
    rows = stage.raw.execute(f"select {COLUMNS} from source_record where {OURS.replace('%%', '%')}").fetchall()
    ready = [(*row[:3], Json(row[3]), *row[4:]) for row in rows]
    marks = ", ".join(["%s"] * len(COLUMNS.split(",")))

    def insert() -> None:
        for begin in range(0, len(ready), A_PAGE):
            with stage.raw.transaction(), stage.raw.cursor() as cursor:
                part: list[Any] = ready[begin : begin + A_PAGE]
                cursor.executemany(f"insert into record_by_hand ({COLUMNS}) values ({marks})", part)

    took = seconds(insert)
    return Run("floor: executemany", len(ready), len(ready), took, {"inserted": len(ready)})
