"""When an activity takes place: moments, exceptions, the end, and the two nights the clock jumps (DESIGN rule 13)."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import islice

import pytest

from app.domain.clock import BRUSSELS, at_brussels, brussels_date, covers, day_ends, day_starts
from app.domain.schedule import (
    HORIZON_DAYS,
    Adjusted,
    Block,
    Closed,
    Dates,
    Flexible,
    Kind,
    Moment,
    Schedule,
    Status,
    Weekly,
    has_ended,
    next_moment,
    with_facts_of,
)

TUESDAY = date(2026, 9, 15)
SECOND = timedelta(seconds=1)
A_YEAR = timedelta(days=365)
TUESDAYS = Block(frozenset({2}), time(14), time(16))


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), BRUSSELS)


def one_day(day: date = TUESDAY, status: Status = Status.PLANNED) -> Dates:
    return Dates((Moment(at(day, 14), at(day, 16), status),))


def days_of(schedule: Schedule, after: datetime, before: datetime) -> list[date]:
    return [brussels_date(moment.start) for moment in schedule.occurrences(after, before)]


# --- dates ---


def test_dates_are_kept_in_order_and_one_of_them_is_one_day() -> None:
    late, early = Moment(at(TUESDAY, 20)), Moment(at(TUESDAY, 9))
    assert Dates((late, early)).moments == (early, late)
    assert (Dates((late,)).kind, Dates((late, early)).kind) == (Kind.ONE_DAY, Kind.DAYS)


def test_dates_without_a_date_are_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        Dates(())


def test_a_moment_is_there_until_the_instant_it_ends() -> None:
    end = at(TUESDAY, 16)
    assert not has_ended(one_day(), end - SECOND)
    assert has_ended(one_day(), end)
    assert next_moment(one_day(), end - SECOND) is not None
    assert next_moment(one_day(), end) is None


def test_a_moment_without_an_end_lasts_until_midnight_in_brussels() -> None:
    evening = Dates((Moment(at(TUESDAY, 20)),))
    midnight = at(TUESDAY + timedelta(days=1), 0)
    assert not has_ended(evening, midnight - SECOND)
    assert has_ended(evening, midnight)


def test_the_last_moment_ends_dates_even_when_an_earlier_one_lasts_longer() -> None:
    camp = Moment(at(TUESDAY, 9), at(TUESDAY + timedelta(days=5), 17))
    talk = Moment(at(TUESDAY + timedelta(days=1), 9), at(TUESDAY + timedelta(days=1), 10))
    assert Dates((camp, talk)).over_at() == camp.end


def test_the_next_moment_skips_what_is_cancelled_or_postponed_but_not_what_is_sold_out() -> None:
    def day(number: int, status: Status) -> Moment:
        start = at(TUESDAY + timedelta(days=number), 14)
        return Moment(start, start + timedelta(hours=2), status)

    schedule = Dates(
        (day(1, Status.CANCELLED), day(2, Status.POSTPONED), day(3, Status.SOLD_OUT), day(4, Status.PLANNED))
    )
    assert next_moment(schedule, at(TUESDAY, 12)) == schedule.moments[2]


def test_the_source_cancels_one_date_and_our_other_words_stay() -> None:
    ours = Dates((Moment(at(TUESDAY, 14)), Moment(at(TUESDAY, 20))))
    theirs = Dates((Moment(at(TUESDAY, 14), status=Status.CANCELLED, reason="ziek"), Moment(at(TUESDAY, 21))))
    assert with_facts_of(ours, theirs) == Dates(
        (Moment(at(TUESDAY, 14), status=Status.CANCELLED, reason="ziek"), Moment(at(TUESDAY, 20)))
    )


def test_facts_of_dates_do_not_touch_a_week() -> None:
    week = Weekly((TUESDAYS,))
    assert with_facts_of(week, one_day(status=Status.CANCELLED)) is week


# --- fixed days a week ---


def test_a_week_takes_place_on_its_days_between_its_first_and_last_both_included() -> None:
    week = Weekly((TUESDAYS,), date(2026, 9, 15), date(2026, 9, 29))
    found = days_of(week, at(TUESDAY, 0) - A_YEAR, at(TUESDAY, 0) + A_YEAR)
    assert found == [date(2026, 9, day) for day in (15, 22, 29)]


def test_a_closed_day_beats_an_adjusted_day_beats_the_week() -> None:
    evening = Block(frozenset({2}), time(19), time(21))
    week = Weekly(
        (TUESDAYS,),
        date(2026, 9, 15),
        date(2026, 10, 6),
        closed=(Closed(date(2026, 9, 22), date(2026, 9, 22), "sluiting"),),
        adjusted=(Adjusted(date(2026, 9, 22), date(2026, 9, 29), (evening,)),),
    )
    found = [moment.start for moment in week.occurrences(at(TUESDAY, 0), at(TUESDAY, 0) + A_YEAR)]
    assert found == [at(date(2026, 9, 15), 14), at(date(2026, 9, 29), 19), at(date(2026, 10, 6), 14)]


@pytest.mark.parametrize(("day", "closed"), [(20, False), (21, True), (22, True), (23, True), (24, False)])
def test_a_closed_range_includes_its_first_and_last_day(day: int, closed: bool) -> None:
    every_day = Block(frozenset(range(1, 8)), time(14), time(16))
    week = Weekly((every_day,), closed=(Closed(date(2026, 9, 21), date(2026, 9, 23)),))
    start = at(date(2026, 9, day), 0)
    assert (list(week.occurrences(start, start + timedelta(hours=20))) == []) is closed


def test_an_adjusted_range_without_hours_leaves_the_week_as_it_is() -> None:
    week = Weekly((TUESDAYS,), TUESDAY, TUESDAY, adjusted=(Adjusted(TUESDAY, TUESDAY),))
    assert days_of(week, at(TUESDAY, 0), at(TUESDAY, 23)) == [TUESDAY]


def test_every_other_week_counts_from_the_monday_of_the_first_week() -> None:
    both = Block(frozenset({1, 4}), time(14), time(16))
    week = Weekly((both,), date(2026, 9, 17), None, every=2)  # a Thursday
    found = list(islice(week.occurrences(at(TUESDAY, 0), at(TUESDAY, 0) + A_YEAR), 4))
    assert [moment.start.date() for moment in found] == [
        date(2026, 9, 17),
        date(2026, 9, 28),
        date(2026, 10, 1),
        date(2026, 10, 12),
    ]


def test_hours_past_midnight_are_still_going_on_the_next_day() -> None:
    night = Weekly((Block(frozenset({2}), time(22), time(2)),), TUESDAY, TUESDAY)
    one_o_clock = at(TUESDAY + timedelta(days=1), 1)
    assert next_moment(night, one_o_clock) == Moment(at(TUESDAY, 22), at(TUESDAY + timedelta(days=1), 2))
    assert night.over_at() == at(TUESDAY + timedelta(days=1), 2)
    assert has_ended(night, one_o_clock + timedelta(hours=1))


def test_days_without_hours_last_the_whole_day() -> None:
    found = Block(frozenset({2})).on(TUESDAY)
    assert found == Moment(at(TUESDAY, 0), at(TUESDAY + timedelta(days=1), 0), whole_day=True)


@pytest.mark.parametrize("closes", [None, time(14)])
def test_one_time_is_a_start_without_an_end(closes: time | None) -> None:
    assert Block(frozenset({2}), time(14), closes).on(TUESDAY) == Moment(at(TUESDAY, 14))


def test_a_week_ends_when_its_last_day_is_over() -> None:
    week = Weekly((TUESDAYS,), TUESDAY, date(2026, 9, 30))  # a Wednesday: nothing that day
    assert week.over_at() == at(date(2026, 10, 1), 0)


def test_an_open_ended_week_never_ends_and_is_looked_ahead_no_further_than_the_horizon() -> None:
    week = Weekly((TUESDAYS,), TUESDAY)
    assert week.over_at() is None
    assert not has_ended(week, at(TUESDAY, 0) + 20 * A_YEAR)
    last = days_of(week, at(TUESDAY, 0), at(TUESDAY, 0) + 20 * A_YEAR)[-1]
    horizon = TUESDAY + timedelta(days=HORIZON_DAYS)
    assert horizon - timedelta(days=7) < last <= horizon


def test_the_first_moment_of_a_week_is_its_first_day_on_which_something_is() -> None:
    assert Weekly((TUESDAYS,), date(2026, 9, 16)).first() == at(date(2026, 9, 22), 14)
    assert Weekly((TUESDAYS,)).first() is None


def test_two_blocks_on_a_day_come_in_the_order_of_the_clock() -> None:
    week = Weekly((TUESDAYS, Block(frozenset({2}), time(9), time(12))), TUESDAY, TUESDAY)
    assert [moment.start.hour for moment in week.occurrences(at(TUESDAY, 0), at(TUESDAY, 23))] == [9, 14]


# --- in consultation ---


def test_what_is_flexible_has_no_moments_and_no_end() -> None:
    flexible = Flexible(TUESDAY, "Bel Els")
    assert list(flexible.occurrences(at(TUESDAY, 0), at(TUESDAY, 0) + A_YEAR)) == []
    assert (flexible.kind, flexible.first(), flexible.over_at()) == (Kind.FLEXIBLE, day_starts(TUESDAY), None)
    assert Flexible().first() is None


# --- the two nights ---


@pytest.mark.parametrize(
    ("day", "clock", "in_utc"),
    [
        (date(2026, 3, 28), time(2, 30), datetime(2026, 3, 28, 1, 30, tzinfo=UTC)),
        (date(2026, 3, 29), time(1, 59), datetime(2026, 3, 29, 0, 59, tzinfo=UTC)),
        (date(2026, 3, 29), time(2, 30), datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),  # there is none: half past three
        (date(2026, 3, 29), time(3, 30), datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),
        (date(2026, 10, 25), time(1, 59), datetime(2026, 10, 24, 23, 59, tzinfo=UTC)),
        (date(2026, 10, 25), time(2, 30), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),  # there are two: the first
        (date(2026, 10, 25), time(3), datetime(2026, 10, 25, 2, tzinfo=UTC)),
    ],
)
def test_a_time_in_the_night_the_clock_jumps_is_one_instant(day: date, clock: time, in_utc: datetime) -> None:
    assert at_brussels(day, clock).astimezone(UTC) == in_utc


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (TUESDAY, 24)])
def test_a_day_is_as_long_as_the_clock_makes_it(day: date, hours: int) -> None:
    assert day_ends(day).astimezone(UTC) - day_starts(day).astimezone(UTC) == timedelta(hours=hours)


def test_ten_o_clock_stays_ten_o_clock_when_summer_ends() -> None:
    week = Weekly((Block(frozenset({7}), time(10), time(12)),), date(2026, 10, 18), date(2026, 11, 1))
    found = [moment.start for moment in week.occurrences(at(date(2026, 10, 18), 0), at(date(2026, 11, 2), 0))]
    assert [moment.hour for moment in found] == [10, 10, 10]
    assert [moment.astimezone(UTC).hour for moment in found] == [8, 9, 9]


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        (datetime(2026, 9, 14, 21, 59, 59, tzinfo=UTC), date(2026, 9, 14)),
        (datetime(2026, 9, 14, 22, 0, tzinfo=UTC), date(2026, 9, 15)),
        (datetime(2026, 1, 14, 22, 59, 59, tzinfo=UTC), date(2026, 1, 14)),
        (datetime(2026, 1, 14, 23, 0, tzinfo=UTC), date(2026, 1, 15)),
    ],
)
def test_the_day_changes_at_midnight_in_brussels_not_in_utc(instant: datetime, day: date) -> None:
    assert brussels_date(instant) == day


@pytest.mark.parametrize(("day", "inside"), [(14, False), (15, True), (16, True), (17, True), (18, False)])
def test_whole_days_include_the_first_and_the_last(day: int, inside: bool) -> None:
    assert covers(date(2026, 9, 15), date(2026, 9, 17), date(2026, 9, day)) is inside


def test_without_a_last_day_there_is_no_end() -> None:
    assert covers(TUESDAY, None, date(2999, 1, 1))
