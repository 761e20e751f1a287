"""A schedule survives its JSON, whatever it says."""

import json
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.clock import BRUSSELS
from app.domain.schedule import Adjusted, Block, Closed, Dates, Flexible, Moment, Schedule, Status, Weekly
from app.domain.schedule_json import from_json, to_json

days = st.dates(date(2020, 1, 1), date(2040, 12, 31))
clocks = st.times().map(lambda clock: clock.replace(second=0, microsecond=0))
instants = st.integers(0, 2**31).map(lambda second: datetime.fromtimestamp(second, BRUSSELS))
reasons = st.text(max_size=20)


@st.composite
def moments(draw: st.DrawFn) -> Moment:
    start = draw(instants)
    lasts = draw(st.none() | st.timedeltas(timedelta(0), timedelta(days=3)))
    end = (start.astimezone(UTC) + lasts).astimezone(BRUSSELS) if lasts is not None else None
    return Moment(start, end, draw(st.sampled_from(Status)), draw(reasons), draw(st.booleans()))


@st.composite
def ranges(draw: st.DrawFn, kind: Any, **more: st.SearchStrategy[Any]) -> Any:
    first, last = sorted((draw(days), draw(days)))
    return kind(first, last, **{name: draw(strategy) for name, strategy in more.items()})


weekdays = st.frozensets(st.integers(1, 7))
blocks = st.builds(Block, weekdays, st.none() | clocks, st.none() | clocks)
several_blocks = st.lists(blocks, max_size=3).map(tuple)
schedules: st.SearchStrategy[Schedule] = st.one_of(
    st.lists(moments(), min_size=1, max_size=4).map(lambda found: Dates(tuple(found))),
    st.builds(
        Weekly,
        several_blocks,
        st.none() | days,
        st.none() | days,
        st.integers(1, 4),
        st.lists(ranges(Closed, reason=reasons), max_size=2).map(tuple),
        st.lists(ranges(Adjusted, blocks=several_blocks, reason=reasons), max_size=2).map(tuple),
    ),
    st.builds(Flexible, st.none() | days, st.text(max_size=40)),
)


@given(schedules)
def test_a_schedule_comes_back_as_it_went(schedule: Schedule) -> None:
    assert from_json(json.loads(json.dumps(to_json(schedule)))) == schedule


@given(schedules)
def test_and_its_instants_are_the_same_instants(schedule: Schedule) -> None:
    # Two datetimes of one zone compare by what the clock shows; in UTC the hour that comes twice is two hours.
    back = from_json(to_json(schedule))
    assert _in_utc(back.first()) == _in_utc(schedule.first())
    assert _in_utc(back.over_at()) == _in_utc(schedule.over_at())


def _in_utc(instant: datetime | None) -> datetime | None:
    return instant.astimezone(UTC) if instant else None


def test_instants_are_written_in_utc_and_days_and_times_as_they_are_in_brussels() -> None:
    noon = Dates((Moment(datetime(2026, 9, 15, 12, tzinfo=BRUSSELS)),))
    assert to_json(noon)["moments"][0]["start"] == "2026-09-15T10:00:00+00:00"
    week = to_json(Weekly((Block(frozenset({2}), time(14), time(16, 30)),), date(2026, 9, 15)))
    assert week["blocks"] == [{"weekdays": [2], "opens": "14:00", "closes": "16:30"}]
    assert (week["first_day"], week["last_day"]) == ("2026-09-15", None)


def test_what_was_written_in_2026_can_still_be_read() -> None:
    # Do not change this text: rows hold it.
    written = {
        "v": 1,
        "kind": "weekly",
        "blocks": [{"weekdays": [2, 4], "opens": "14:00", "closes": "16:00"}],
        "first_day": "2026-09-15",
        "last_day": None,
        "every": 1,
        "closed": [{"first_day": "2026-11-02", "last_day": "2026-11-08", "reason": "herfstvakantie"}],
        "adjusted": [],
    }
    assert from_json(written) == Weekly(
        (Block(frozenset({2, 4}), time(14), time(16)),),
        date(2026, 9, 15),
        closed=(Closed(date(2026, 11, 2), date(2026, 11, 8), "herfstvakantie"),),
    )


@pytest.mark.parametrize(
    "body", [{}, {"v": 2, "kind": "flexible"}, {"v": 1, "kind": "monthly"}], ids=["none", "newer", "other"]
)
def test_what_this_code_does_not_know_is_not_guessed_at(body: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="unknown"):
        from_json(body)
