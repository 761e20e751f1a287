"""`make bench`: fill two databases, measure pages, sync and mails, and print the tables of docs/bench.md."""

import argparse
import os
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from app.domain.clock import now_utc
from tests import postgres
from tests.bench import mails, pages, sync
from tests.bench.explain import explain
from tests.bench.stage import stage
from tests.bench.sync import Run
from tests.bench.tables import table, times

PAGE_HEAD = ("page", "page ms", "statements", "SQL ms", "own cpu ms", "floor ms", "page / floor", "N / tenth")
FEWEST = 10_000
RUN_HEAD = ("what", "number", "statements", "seconds", "a second", "time / floor")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--rows", type=int, default=20_000, help="activities; the small database has a tenth")
    parser.add_argument("--requests", type=int, default=15, help="of each page and each floor, taken in turns")
    parser.add_argument("--only", default="", help="only pages whose name contains this; no sync, no mails")
    parser.add_argument("--explain", action="store_true", help="print the statements of those pages with their plans")
    options = parser.parse_args()
    if options.rows < FEWEST:
        parser.error(f"below {FEWEST} rows a first page is not full everywhere, and nothing compares")
    begun, now = time.monotonic(), now_utc()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        server = stack.enter_context(postgres.server())
        large = stack.enter_context(stage(server, options.rows, now, folder))
        small = stack.enter_context(stage(server, options.rows // 10, now, folder))
        chosen = [page for page in pages.PAGES if options.only in page.name]
        print(f"{options.rows} activities, filled in {time.monotonic() - begun:.0f} s. Load {_load()}\n")
        if options.explain:
            for page in chosen:
                print(f"\n=== {page.name} ===")
                explain(page, large)
            return
        print_pages([pages.measure(page, large, small, options.requests) for page in chosen])
        if not options.only:
            print_runs(sync.measure(large))
            print_runs(mails.measure(large))
    print(f"\n{time.monotonic() - begun:.0f} s in all. Load {_load()}")


def print_pages(measured: list[pages.Measured]) -> None:
    rows = [
        (
            one.page.name + ("" if one.same else " THE ANSWERS DIFFER"),
            f"{one.milliseconds:.1f}",
            len(one.asked.statements),
            f"{one.sql:.1f}",
            f"{one.cpu:.1f}",
            f"{one.floor:.1f}",
            times(one.milliseconds / one.floor),
            times(one.milliseconds / one.small),
        )
        for one in measured
    ]
    print(table(PAGE_HEAD, rows))


def print_runs(runs: list[Run]) -> None:
    """The last run is the floor of the others."""
    floor = runs[-1].seconds / runs[-1].events
    rows = [
        (
            run.name,
            run.events,
            run.statements,
            f"{run.seconds:.2f}",
            f"{run.events / run.seconds:.0f}",
            times(run.seconds / run.events / floor),
        )
        for run in runs
    ]
    print("", table(RUN_HEAD, rows), sep="\n")
    for run in runs:
        if run.counts:
            print(f"{run.name}: {', '.join(f'{count} {name}' for name, count in run.counts.items())}")


def _load() -> str:
    """How busy the machine is with all that runs on it, over the last minute."""
    return f"{os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"


if __name__ == "__main__":
    main()
