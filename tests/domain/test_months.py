"""A schedule drawn as months."""

from datetime import date, time, timedelta

from app.domain import months
from app.domain.clock import at_brussels
from app.domain.schedule import Adjusted, Block, Closed, Dates, Flexible, Moment, Status, Weekly

NOW = at_brussels(date(2026, 9, 14), time(10))
TUESDAY = Block(frozenset({2}), time(14), time(16))
LATER = Block(frozenset({2}), time(18), time(20))
FIRST, LAST = date(2026, 9, 15), date(2027, 6, 29)
OCTOBER = (date(2026, 10, 1), date(2026, 10, 31))


def on(day: date, status: Status = Status.PLANNED, *, nights: int = 0, until: int = 16) -> Moment:
    return Moment(at_brussels(day, time(14)), at_brussels(day + timedelta(days=nights), time(until)), status)


def only(day: date) -> Closed:
    return Closed(day, day)


def test_a_month_starts_on_monday_and_leaves_out_the_days_of_others() -> None:
    caption, weeks = months.weeks(2026, 9, {FIRST: "on"}, today=date(2026, 9, 14))

    assert caption == "september 2026"
    assert [len(week) for week in weeks] == [7] * 5
    assert weeks[0][0] is None
    assert weeks[0][1] == {"day": 1, "iso": "2026-09-01", "mark": None, "today": False}
    assert weeks[2][0] == {"day": 14, "iso": "2026-09-14", "mark": None, "today": True}
    assert weeks[2][1] == {"day": 15, "iso": "2026-09-15", "mark": "on", "today": False}
    assert weeks[4][3:] == [None] * 4


def test_a_closed_day_is_off_only_where_it_would_have_been() -> None:
    week = Weekly((TUESDAY,), FIRST, LAST, closed=(only(date(2026, 10, 13)), only(date(2026, 10, 14))))

    assert months.marks(week, *OCTOBER) == {
        date(2026, 10, 6): "on",
        date(2026, 10, 13): "off",
        date(2026, 10, 20): "on",
        date(2026, 10, 27): "on",
    }


def test_another_hour_is_moved_and_an_extra_day_is_simply_on() -> None:
    moved = Adjusted(date(2026, 10, 6), date(2026, 10, 6), (LATER,))
    extra = Adjusted(date(2026, 10, 7), date(2026, 10, 7), (Block(frozenset({3}), time(14), time(16)),))
    marks = months.marks(Weekly((TUESDAY,), FIRST, LAST, adjusted=(moved, extra)), *OCTOBER)

    assert marks[date(2026, 10, 6)] == "moved"
    assert marks[date(2026, 10, 7)] == "on"
    assert marks[date(2026, 10, 13)] == "on"


def test_nothing_is_marked_outside_the_days_that_were_asked() -> None:
    week = Weekly((TUESDAY,), FIRST, LAST)

    assert list(months.marks(week, FIRST, FIRST)) == [FIRST]
    assert months.marks(week, date(2026, 9, 16), date(2026, 9, 21)) == {}


def test_a_cancelled_or_postponed_date_is_off_and_a_sold_out_one_is_on() -> None:
    first, second, third = (date(2026, 10, number) for number in (1, 2, 3))
    dates = Dates((on(first, Status.CANCELLED), on(second, Status.POSTPONED), on(third, Status.SOLD_OUT)))

    assert months.marks(dates, *OCTOBER) == {first: "off", second: "off", third: "on"}


def test_a_day_with_one_moment_that_goes_on_is_on() -> None:
    day = date(2026, 10, 1)
    evening = Moment(at_brussels(day, time(20)), at_brussels(day, time(22)), Status.CANCELLED)

    assert months.marks(Dates((on(day), evening)), *OCTOBER) == {day: "on"}


def test_a_moment_over_several_days_fills_each_of_them() -> None:
    camp = Dates((on(date(2026, 10, 1), nights=2),))

    assert list(months.marks(camp, *OCTOBER)) == [date(2026, 10, number) for number in (1, 2, 3)]


def test_a_night_belongs_to_its_evening() -> None:
    night = Dates((on(date(2026, 10, 1), nights=1, until=3),))

    assert list(months.marks(night, *OCTOBER)) == [date(2026, 10, 1)]


def test_in_consultation_marks_no_day_and_draws_no_month() -> None:
    assert months.marks(Flexible(FIRST), *OCTOBER) == {}
    assert months.around(Flexible(FIRST), NOW) == []


def test_only_months_with_something_to_come_are_drawn() -> None:
    dates = Dates(tuple(on(date(2026, month, 20)) for month in (8, 9, 11, 12)))

    drawn = months.around(dates, NOW)

    assert [caption for caption, _ in drawn] == ["september 2026", "november 2026"]


def test_a_week_without_an_end_is_drawn_from_this_month_on_with_its_past_days() -> None:
    drawn = months.around(Weekly((TUESDAY,), date(2026, 9, 1)), NOW, count=3)

    assert [caption for caption, _ in drawn] == ["september 2026", "oktober 2026", "november 2026"]
    marked = [day["day"] for week in drawn[0][1] for day in week if day and day["mark"] == "on"]
    assert marked == [1, 8, 15, 22, 29]


def test_what_is_over_is_not_drawn() -> None:
    assert months.around(Dates((on(date(2026, 9, 13)),)), NOW) == []
