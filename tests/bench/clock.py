"""Measuring: medians of calls taken in turns, and what a call asks of the database."""

import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine, event


@dataclass
class Asked:
    """The statements of one call, with their parameters, and the milliseconds they took."""

    statements: list[tuple[str, Any]] = field(default_factory=list)
    milliseconds: float = 0.0


@contextmanager
def listening(engine: Engine) -> Iterator[Asked]:
    """Note what is asked of this engine inside the block."""
    asked = Asked()
    begun = 0.0

    def before(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_more: Any) -> None:
        nonlocal begun
        asked.statements.append((statement, parameters))
        begun = time.perf_counter()

    def after(*_ignored: Any) -> None:
        asked.milliseconds += (time.perf_counter() - begun) * 1000

    listeners = (("before_cursor_execute", before), ("after_cursor_execute", after))
    for name, listener in listeners:
        event.listen(engine, name, listener)
    try:
        yield asked
    finally:
        for name, listener in listeners:
            event.remove(engine, name, listener)


def seconds(call: Callable[[], Any]) -> float:
    """How long one call takes on the wall."""
    begun = time.perf_counter()
    call()
    return time.perf_counter() - begun


def in_turns(calls: Sequence[Callable[[], Any]], times: int, warm_up: int = 3) -> list[float]:
    """The median milliseconds of each call; taking turns, so that what else runs here disturbs all alike."""
    taken: list[list[float]] = [[] for _ in calls]
    for turn in range(warm_up + times):
        for call, mine in zip(calls, taken, strict=True):
            spent = seconds(call)
            if turn >= warm_up:
                mine.append(spent * 1000)
    return [statistics.median(mine) for mine in taken]
