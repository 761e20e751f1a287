"""Calendars of UiTdatabank as our schedules: four types, Brussels time, and what to do with broken ones."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from app.domain.clock import BRUSSELS
from app.domain.schedule import Block, Closed, Dates, Moment, Schedule, Status, Weekly
from app.domain.source import Unreadable
from app.services.sources.uitdatabank.calendar import read_schedule, read_status
from app.services.sources.uitdatabank.times import read_clock, read_day, read_instant


def schedule(**event: Any) -> Schedule:
    return read_schedule(event, [])


def moments(**event: Any) -> tuple[Moment, ...]:
    found = schedule(**event)
    assert isinstance(found, Dates)
    return found.moments


def week(**event: Any) -> Weekly:
    found = schedule(**({"calendarType": "permanent"} | event))
    assert isinstance(found, Weekly)
    return found


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BRUSSELS)


def hours(opens: str, closes: str, *days: str) -> dict[str, Any]:
    return {"opens": opens, "closes": closes, "dayOfWeek": list(days)}


def span(start: str, end: str, **more: Any) -> dict[str, Any]:
    return {"startDate": start, "endDate": end} | more


# --- single and multiple ---


def test_a_single_event_takes_its_sub_event_over_the_top_level() -> None:
    item = span("2026-12-01T13:00:00+00:00", "2026-12-01T15:00:00+00:00")
    (moment,) = moments(calendarType="single", **span("2026-12-01T00:00:00Z", "2026-12-02T00:00:00Z"), subEvent=[item])
    assert (moment.start, moment.end) == (at("2026-12-01T14:00"), at("2026-12-01T16:00"))


def test_an_old_single_event_without_sub_event_takes_the_top_level() -> None:
    (moment,) = moments(calendarType="single", **span("2026-07-01T13:00:00Z", "2026-07-01T15:00:00Z"))
    assert moment.start == at("2026-07-01T15:00")


def test_dates_in_utc_fall_on_their_day_in_brussels() -> None:
    (moment,) = moments(calendarType="single", **span("2021-03-01T23:30:00+00:00", "2021-03-02T01:00:00+00:00"))
    assert moment.start.date() == date(2021, 3, 2)


def test_a_time_without_offset_is_brussels_time() -> None:
    (moment,) = moments(calendarType="single", **span("2026-07-01T20:00:00", "2026-07-01T22:00:00.500"))
    assert moment.start.astimezone(UTC).hour == 18


def test_an_event_in_the_night_the_clocks_go_forward_lasts_as_long_as_it_lasts() -> None:
    (moment,) = moments(calendarType="single", **span("2026-03-29T01:30:00", "2026-03-29T03:30:00"))
    assert moment.end
    assert moment.end.astimezone(UTC) - moment.start.astimezone(UTC) == timedelta(hours=1)


def test_a_time_that_does_not_exist_moves_forward() -> None:
    assert read_instant("2026-03-29T02:30:00") == at("2026-03-29T03:30")


@pytest.mark.parametrize("end", ["2026-05-05T23:59:00+02:00", "2026-05-05T23:59:59+02:00", "2026-05-05T00:00:00+02:00"])
def test_midnight_to_the_end_of_the_day_is_a_whole_day(end: str) -> None:
    (moment,) = moments(calendarType="single", **span("2026-05-05T00:00:00+02:00", end))
    assert moment.whole_day
    assert (moment.start, moment.end) == (at("2026-05-05T00:00"), at("2026-05-06T00:00"))


def test_whole_days_over_the_end_of_summer_time_stay_whole_days() -> None:
    (moment,) = moments(calendarType="single", **span("2026-10-24T22:00:00Z", "2026-10-25T22:59:59Z"))
    assert moment.whole_day
    assert (moment.start, moment.end) == (at("2026-10-25T00:00"), at("2026-10-26T00:00"))


def test_an_hour_before_midnight_is_not_a_whole_day() -> None:
    (moment,) = moments(calendarType="single", **span("2026-05-05T00:00:00+02:00", "2026-05-05T22:59:00+02:00"))
    assert not moment.whole_day


def test_an_end_before_the_start_is_dropped_and_noted() -> None:
    notes: list[str] = []
    event = {"calendarType": "single"} | span("2026-05-05T20:00:00Z", "2026-05-05T18:00:00Z")
    found = read_schedule(event, notes)
    assert isinstance(found, Dates)
    assert found.moments[0].end is None
    assert notes


def test_an_end_equal_to_the_start_shows_one_time() -> None:
    (moment,) = moments(calendarType="single", **span("2026-05-05T18:00:00Z", "2026-05-05T18:00:00Z"))
    assert moment.end is None


def test_a_multiple_event_keeps_each_date_with_its_own_status() -> None:
    items = [
        span("2026-12-03T18:00:00Z", "2026-12-03T20:00:00Z", bookingAvailability={"type": "Unavailable"}),
        span("2026-12-01T18:00:00Z", "2026-12-01T20:00:00Z"),
        span(
            "2026-12-02T18:00:00Z",
            "2026-12-02T20:00:00Z",
            status={"type": "Unavailable", "reason": {"nl": "Ziek"}},
        ),
        span("2026-12-04T18:00:00Z", "2026-12-04T20:00:00Z", status="TemporarilyUnavailable"),
        span("2026-12-05T18:00:00Z", "2026-12-05T20:00:00Z", bookingAvailability={"remainingCapacity": 0}),
    ]
    found = moments(calendarType="multiple", subEvent=items, status={"type": "Available"})
    assert [moment.status for moment in found] == [
        Status.PLANNED,
        Status.CANCELLED,
        Status.SOLD_OUT,
        Status.POSTPONED,
        Status.SOLD_OUT,
    ]
    assert found[1].reason == "Ziek"


def test_dates_without_a_status_take_that_of_the_whole() -> None:
    items = [span(f"2026-12-0{day}T18:00:00Z", f"2026-12-0{day}T20:00:00Z") for day in (1, 2)]
    event = {"calendarType": "multiple", "subEvent": items, "status": "Unavailable"}
    found = read_schedule(event, [])
    assert isinstance(found, Dates)
    assert {moment.status for moment in found.moments} == {Status.CANCELLED}
    assert read_status(event, found) == Status.CANCELLED


def test_postponed_outweighs_sold_out() -> None:
    event = span("2026-12-01T18:00:00Z", "2026-12-01T20:00:00Z")
    event |= {"status": {"type": "TemporarilyUnavailable"}, "bookingAvailability": {"type": "Unavailable"}}
    assert moments(calendarType="single", **event)[0].status == Status.POSTPONED


@pytest.mark.parametrize(
    ("statuses", "whole"),
    [
        (["Available", "Unavailable"], Status.PLANNED),
        (["TemporarilyUnavailable", "Unavailable"], Status.POSTPONED),
        (["Unavailable", "Unavailable"], Status.CANCELLED),
    ],
)
def test_the_status_of_the_whole_follows_from_its_dates(statuses: list[str], whole: Status) -> None:
    items = [
        span(f"2026-12-0{day}T18:00:00Z", f"2026-12-0{day}T20:00:00Z", status={"type": status})
        for day, status in enumerate(statuses, 1)
    ]
    event = {"calendarType": "multiple", "subEvent": items}
    assert read_status(event, read_schedule(event, [])) == whole


def test_a_date_lacking_its_start_or_end_is_dropped_and_the_others_stay() -> None:
    whole = span("2026-12-01T18:00:00Z", "2026-12-01T20:00:00Z")
    items = [{"startDate": "2026-12-02T18:00:00Z"}, {"endDate": "2026-12-03T18:00:00Z"}, "morgen", whole]
    assert len(moments(calendarType="multiple", subEvent=items)) == 1


# --- periodic and permanent ---


def test_a_period_runs_over_local_days_both_included() -> None:
    found = week(calendarType="periodic", **span("2026-01-01T00:00:00+01:00", "2026-12-31T22:59:59Z"))
    assert (found.first_day, found.last_day) == (date(2026, 1, 1), date(2026, 12, 31))
    assert found.blocks == (Block(frozenset(range(1, 8))),)


def test_a_permanent_event_has_no_ends() -> None:
    found = week(openingHours=[hours("9:00", "17:00", "monday", "Tuesday")])
    assert (found.first_day, found.last_day) == (None, None)
    assert found.blocks == (Block(frozenset({1, 2}), time(9, 0), time(17, 0)),)


@pytest.mark.parametrize(
    ("opens", "closes", "block"),
    [
        ("20:00", "02:00", Block(frozenset({2}), time(20, 0), time(2, 0))),
        ("10:00", "10:00", Block(frozenset({2}), time(10, 0), None)),
        ("00:00", "23:59", Block(frozenset({2}))),
        ("00:00", "24:00", Block(frozenset({2}))),
        ("18:00", "24:00", Block(frozenset({2}), time(18, 0), time(0, 0))),
    ],
)
def test_hours_past_midnight_at_one_time_and_all_day(opens: str, closes: str, block: Block) -> None:
    assert week(openingHours=[hours(opens, closes, "tuesday")]).blocks == (block,)


def test_unreadable_hours_are_skipped_and_only_unreadable_hours_are_refused() -> None:
    wrong = [{"opens": "9:00"}, hours("9:00", "", "monday"), hours("9:00", "12:00", "feestdag"), "altijd"]
    assert len(week(openingHours=[*wrong, hours("9:00", "12:00", "friday")]).blocks) == 1
    with pytest.raises(Unreadable, match="openingsuren"):
        week(openingHours=wrong)


def test_closed_beats_adjusted_beats_the_week() -> None:
    found = week(
        openingHours=[hours("9:00", "17:00", "monday", "tuesday", "wednesday")],
        openingHoursClosedDays=[span("2026-11-03", "2026-11-03", description={"nl": "Brugdag"})],
        openingHoursAdjustedDays=[
            span("2026-11-02", "2026-11-03", openingHours=[hours("10:00", "12:00", "monday", "tuesday")])
        ],
    )
    monday = datetime(2026, 11, 2, tzinfo=BRUSSELS)
    shown = [moment.start for moment in found.occurrences(monday, monday + timedelta(days=3))]
    assert shown == [at("2026-11-02T10:00"), at("2026-11-04T09:00")]
    assert found.closed == (Closed(date(2026, 11, 3), date(2026, 11, 3), "Brugdag"),)


def test_adjusted_days_without_hours_only_say_that_it_differs() -> None:
    found = week(
        openingHours=[hours("9:00", "17:00", "monday")],
        openingHoursAdjustedDays=[span("2026-11-02", "2026-11-07", description={"nl": "Herfst"})],
    )
    assert found.adjusted[0].blocks == ()
    assert found.adjusted[0].reason == "Herfst"


def test_a_closed_range_the_wrong_way_round_is_dropped_and_noted() -> None:
    notes: list[str] = []
    days = [span("2026-11-07", "2026-11-02"), span("gisteren", "vandaag"), 5]
    found = read_schedule({"calendarType": "permanent", "openingHoursClosedDays": days}, notes)
    assert isinstance(found, Weekly)
    assert found.closed == ()
    assert len(notes) == 3


def test_the_week_follows_summer_time() -> None:
    found = week(openingHours=[hours("10:00", "11:00", "saturday", "sunday")])
    saturday = datetime(2026, 3, 28, tzinfo=BRUSSELS)
    utc = [moment.start.astimezone(UTC).hour for moment in found.occurrences(saturday, saturday + timedelta(days=2))]
    assert utc == [9, 8]


# --- refused ---


@pytest.mark.parametrize(
    "event",
    [
        {"calendarType": "foobar"} | span("2026-12-01T18:00:00Z", "2026-12-01T20:00:00Z"),
        {"calendarType": ["single"]},
        {"calendarType": "single"},
        {},
        {"calendarType": "multiple"} | span("500 BC", "499 BC"),
        {"calendarType": "single"} | span("10000-01-01T00:00:00Z", "10000-01-02T00:00:00Z"),
        {"calendarType": "single", "startDate": 20261201},
        {"calendarType": "periodic"},
        {"calendarType": "periodic"} | span("2026-12-01", "2026-11-01"),
    ],
)
def test_what_has_no_usable_calendar_is_refused_with_a_reason(event: dict[str, Any]) -> None:
    with pytest.raises(Unreadable, match=r"\w+ .*\."):
        read_schedule(event, [])


@pytest.mark.parametrize("text", ["", "500 BC", "9999-12-31T23:59:59-12:00", "2026-13-01", None, 5, "2" * 500])
def test_what_is_no_instant_is_none(text: object) -> None:
    assert read_instant(text) is None
    assert read_day(text) is None


@pytest.mark.parametrize("text", ["", "9", "25:00", "9:60", "24:01", "negen uur", None, ["9:00"]])
def test_what_is_no_clock_time_is_none(text: object) -> None:
    assert read_clock(text) is None
