"""Months counted back, and the table of what is kept."""

from datetime import UTC, datetime

import pytest

from app.domain.retention import KEPT, months_before, table
from app.models import Base


def at_night(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 4, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "months", "then"),
    [
        ((2026, 11, 25), 3, (2026, 8, 25)),
        ((2026, 3, 31), 1, (2026, 2, 28)),
        ((2028, 3, 31), 1, (2028, 2, 29)),
        ((2026, 1, 15), 1, (2025, 12, 15)),
        ((2026, 12, 31), 24, (2024, 12, 31)),
        ((2028, 2, 29), 12, (2027, 2, 28)),
    ],
)
def test_months_are_counted_by_the_calendar(now: tuple[int, ...], months: int, then: tuple[int, ...]) -> None:
    assert months_before(at_night(*now), months) == at_night(*then)


def test_every_table_has_a_line_and_every_line_a_table() -> None:
    tables = {mapper.class_.__tablename__ for mapper in Base.registry.mappers}
    assert {line.table for line in KEPT} == tables


def test_every_line_says_how_long_and_what_then_or_why_it_stays() -> None:
    for line in KEPT:
        assert line.purpose, line.name
        assert line.holds, line.name
        assert line.seen_by, line.name
        assert line.since, line.name
        assert line.then or (line.months is None and line.days is None), line.name
    assert len({line.name for line in KEPT}) == len(KEPT)


def test_no_cell_breaks_the_table() -> None:
    lines = table().splitlines()
    assert {line.count("|") for line in lines} == {7}
    assert len(lines) == len(KEPT) + 2
