"""Schedules, days and hours as people say them."""

from datetime import date, datetime, time, timedelta

import pytest

from app.domain.clock import at_brussels, day_ends, day_starts
from app.domain.schedule import Adjusted, Block, Closed, Dates, Flexible, Moment, Schedule, Status, Weekly
from app.domain.wording import ago, clock, day, day_and_hour, sentence, short

NOW = at_brussels(date(2026, 9, 14), time(10))  # a Monday
TUESDAY = Block(frozenset({2}), time(14), time(16))
FIRST, LAST = date(2026, 9, 15), date(2027, 6, 29)


def at(month: int, day_: int, hours: str = "14:00-16:00", *, year: int = 2018, nights: int = 0, **more) -> Moment:
    """On a day between two times; without a second one only a start."""
    opens, _, closes = hours.partition("-")
    start = date(year, month, day_)
    end = at_brussels(start + timedelta(days=nights), time.fromisoformat(closes)) if closes else None
    return Moment(at_brussels(start, time.fromisoformat(opens)), end, **more)


def whole(first: date, last: date) -> Moment:
    return Moment(day_starts(first), day_ends(last), whole_day=True)


def dates(*moments: Moment) -> Dates:
    return Dates(moments)


def days(*weekdays: int, opens: int | None = 14, closes: int | None = 16) -> Block:
    return Block(frozenset(weekdays), *(None if hour is None else time(hour) for hour in (opens, closes)))


def closed(month: int, first: int, last: int | None = None, *, year: int = 2026) -> Closed:
    return Closed(date(year, month, first), date(year, month, last or first))


ADJUSTED_DAY = Adjusted(date(2026, 12, 22), date(2026, 12, 22), (days(2, opens=14, closes=15),))
ADJUSTED_WEEK = Adjusted(date(2027, 1, 4), date(2027, 1, 10), (days(3, opens=9, closes=10),))
NEVER_THEN = Adjusted(date(2026, 12, 22), date(2026, 12, 22), (days(3),))

SENTENCES: dict[str, tuple[Schedule, str]] = {
    # publiq's own examples (CONTRACT 8.4), in our words
    "one day": (
        dates(at(1, 8, "20:00-21:30")),
        "Maandag 8 januari 2018 van 20 tot 21.30 uur.",
    ),
    "one day that is cancelled": (
        dates(at(1, 25, "20:00-21:30", status=Status.CANCELLED)),
        "Donderdag 25 januari 2018 van 20 tot 21.30 uur (gaat niet door).",
    ),
    "one day that is put off": (
        dates(at(1, 25, "20:00-21:30", status=Status.POSTPONED)),
        "Donderdag 25 januari 2018 van 20 tot 21.30 uur (uitgesteld).",
    ),
    "one day that is sold out": (
        dates(at(1, 25, "20:00-21:30", status=Status.SOLD_OUT)),
        "Donderdag 25 januari 2018 van 20 tot 21.30 uur (volzet).",
    ),
    "once, over several days": (
        dates(at(1, 25, "20:00-21:30", nights=3)),
        "Van donderdag 25 januari om 20 uur tot zondag 28 januari 2018 om 21.30 uur.",
    ),
    "several dates of which one is cancelled": (
        dates(at(1, 8), at(1, 10, status=Status.CANCELLED), at(2, 12)),
        "Maandag 8, woensdag 10 januari (gaat niet door) en maandag 12 februari 2018, telkens van 14 tot 16 uur.",
    ),
    "a period with hours twice a day": (
        Weekly((days(1, opens=9, closes=12), days(1)), FIRST, LAST),
        "Elke maandag van 9 tot 12 uur en van 14 tot 16 uur, van 15 september tot en met 29 juni.",
    ),
    "always, without hours": (Weekly((days(1, 2, 3, 4, 5, 6, 7, opens=None, closes=None),)), "Elke dag."),
    # dates
    "only a start": (dates(at(1, 25, "20:00")), "Donderdag 25 januari 2018 om 20 uur."),
    "start and end alike": (dates(at(1, 25, "20:00-20:00")), "Donderdag 25 januari 2018 om 20 uur."),
    "past midnight": (
        dates(at(1, 25, "22:00-02:00", nights=1)),
        "Donderdag 25 januari 2018 van 22 tot 2 uur ’s nachts.",
    ),
    "until midnight": (
        dates(at(1, 25, "20:00-00:00", nights=1)),
        "Donderdag 25 januari 2018 van 20 tot 24 uur.",
    ),
    "a whole day": (
        dates(whole(date(2018, 1, 25), date(2018, 1, 25))),
        "Donderdag 25 januari 2018, de hele dag.",
    ),
    "whole days": (
        dates(whole(date(2018, 1, 25), date(2018, 1, 28))),
        "Van donderdag 25 tot en met zondag 28 januari 2018.",
    ),
    "different hours": (
        dates(at(1, 8), at(1, 10, "18:00-20:00", status=Status.CANCELLED)),
        "Maandag 8 januari van 14 tot 16 uur en woensdag 10 januari 2018 van 18 tot 20 uur (gaat niet door).",
    ),
    "twice on a day": (
        dates(at(1, 8, "10:00-12:00"), at(1, 8)),
        "Maandag 8 januari 2018 van 10 tot 12 uur en van 14 tot 16 uur.",
    ),
    "days in a row": (
        dates(*(at(1, number) for number in range(8, 13))),
        "Van maandag 8 tot en met vrijdag 12 januari 2018, telkens van 14 tot 16 uur.",
    ),
    "over new year": (
        dates(at(12, 30, year=2017), at(1, 8)),
        "Zaterdag 30 december 2017 en maandag 8 januari 2018, telkens van 14 tot 16 uur.",
    ),
    "four dates are named": (
        dates(*(at(1, number) for number in (2, 9, 16, 23))),
        "Dinsdag 2, dinsdag 9, dinsdag 16 en dinsdag 23 januari 2018, telkens van 14 tot 16 uur.",
    ),
    "five dates are counted": (
        dates(*(at(1, number) for number in (2, 9, 16, 23)), at(2, 6, status=Status.CANCELLED)),
        "5 keer, van 2 januari tot en met 6 februari 2018, telkens van 14 tot 16 uur. Gaat niet door op 6 februari.",
    ),
    # a week scheme
    "every week, with exceptions": (
        Weekly((TUESDAY,), FIRST, LAST, closed=(closed(11, 2, 8), closed(10, 13))),
        "Elke dinsdag van 14 tot 16 uur, van 15 september tot en met 29 juni. "
        "Niet van 2 tot en met 8 november en niet op 13 oktober.",
    ),
    "closed on a day on which it never is": (
        Weekly((TUESDAY,), FIRST, LAST, closed=(closed(10, 14),)),
        "Elke dinsdag van 14 tot 16 uur, van 15 september tot en met 29 juni.",
    ),
    "without an end": (
        Weekly((TUESDAY,), FIRST, closed=(closed(10, 13),)),
        "Elke dinsdag van 14 tot 16 uur, vanaf 15 september 2026, zonder einddatum. Niet op 13 oktober 2026.",
    ),
    "without a beginning": (
        Weekly((TUESDAY,), None, LAST),
        "Elke dinsdag van 14 tot 16 uur, tot en met 29 juni 2027.",
    ),
    "longer than a year": (
        Weekly((TUESDAY,), FIRST, date(2028, 6, 27)),
        "Elke dinsdag van 14 tot 16 uur, van 15 september 2026 tot en met 27 juni 2028.",
    ),
    "one day of a week scheme": (
        Weekly((TUESDAY,), FIRST, FIRST),
        "Elke dinsdag van 14 tot 16 uur, op 15 september 2026.",
    ),
    "every two weeks": (Weekly((TUESDAY,), every=2), "Om de 2 weken op dinsdag van 14 tot 16 uur."),
    "every three weeks on two days": (
        Weekly((TUESDAY, days(4, opens=19, closes=21)), every=3),
        "Om de 3 weken op dinsdag van 14 tot 16 uur en op donderdag van 19 tot 21 uur.",
    ),
    "all days": (Weekly((days(1, 2, 3, 4, 5, 6, 7),)), "Elke dag van 14 tot 16 uur."),
    "Monday to Friday": (Weekly((days(1, 2, 3, 4, 5),)), "Elke weekdag van 14 tot 16 uur."),
    "all days but one": (Weekly((days(1, 2, 3, 4, 5, 6),)), "Elke dag behalve zondag van 14 tot 16 uur."),
    "at one time": (Weekly((days(2, closes=14),)), "Elke dinsdag om 14 uur."),
    "a night every week": (
        Weekly((days(5, opens=22, closes=2),)),
        "Elke vrijdag van 22 tot 2 uur ’s nachts.",
    ),
    "whole days beside hours": (
        Weekly((TUESDAY, days(6, 7, opens=None, closes=None))),
        "Elke dinsdag van 14 tot 16 uur en elke zaterdag en zondag de hele dag.",
    ),
    "other hours on a day and in a week": (
        Weekly((TUESDAY,), FIRST, LAST, adjusted=(ADJUSTED_WEEK, ADJUSTED_DAY)),
        "Elke dinsdag van 14 tot 16 uur, van 15 september tot en met 29 juni. "
        "Ander uur op 22 december: van 14 tot 15 uur. "
        "Ander uur van 4 tot en met 10 januari: elke woensdag van 9 tot 10 uur.",
    ),
    "other hours that leave the day out": (
        Weekly((TUESDAY,), FIRST, LAST, adjusted=(NEVER_THEN,)),
        "Elke dinsdag van 14 tot 16 uur, van 15 september tot en met 29 juni. Niet op 22 december.",
    ),
    # in consultation
    "in consultation": (Flexible(), "Je spreekt zelf een moment af."),
    "in consultation from a day": (
        Flexible(FIRST, "liefst op een avond"),
        "Je spreekt zelf een moment af, vanaf 15 september 2026. Liefst op een avond.",
    ),
}


@pytest.mark.parametrize(("schedule", "words"), SENTENCES.values(), ids=SENTENCES.keys())
def test_a_schedule_reads_as_a_sentence(schedule: Schedule, words: str) -> None:
    assert sentence(schedule) == words


def test_after_eight_exceptions_the_rest_is_counted() -> None:
    tuesdays = tuple(Closed(day_, day_) for day_ in (FIRST + timedelta(weeks=week) for week in range(10)))

    words = sentence(Weekly((TUESDAY,), FIRST, LAST, closed=tuesdays))

    assert words.endswith("27 oktober, 3 november en nog 2 andere keren.")


@pytest.mark.parametrize(
    ("schedule", "words"),
    [
        (dates(at(1, 8)), "één keer"),
        (dates(*(at(1, number) for number in range(1, 13))), "12 data"),
        (Weekly((days(1),)), "elke maandag"),
        (Weekly((TUESDAY, days(4))), "elke dinsdag en donderdag"),
        (Weekly((days(1, 2, 3, 4, 5),)), "elke weekdag"),
        (Weekly((TUESDAY,), every=2), "om de 2 weken op dinsdag"),
        (Flexible(), "in overleg"),
    ],
)
def test_a_card_says_the_rhythm_in_a_few_words(schedule: Schedule, words: str) -> None:
    assert short(schedule) == words


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (at(9, 14, year=2026), "Vandaag om 14 uur"),
        (at(9, 15, "18:30", year=2026), "Morgen om 18.30 uur"),
        (at(9, 16, year=2026), "Woensdag 16 september om 14 uur"),
        (at(1, 12, year=2027), "Dinsdag 12 januari 2027 om 14 uur"),
        (whole(date(2026, 9, 14), date(2026, 9, 14)), "Vandaag"),
    ],
)
def test_a_moment_is_named_from_where_we_stand(moment: Moment, words: str) -> None:
    assert day_and_hour(moment, NOW) == words


def test_today_is_the_day_in_brussels_and_not_in_utc() -> None:
    just_past_midnight = at(9, 15, "00:15", year=2026)

    assert day_and_hour(just_past_midnight, NOW) == "Morgen om 0.15 uur"
    assert day_and_hour(just_past_midnight, just_past_midnight.start) == "Vandaag om 0.15 uur"


def test_a_day_says_its_year_unless_it_is_this_one() -> None:
    assert day(date(2026, 1, 1)) == "donderdag 1 januari 2026"
    assert day(date(2026, 1, 1), NOW) == "donderdag 1 januari"
    assert day(date(2027, 1, 1), NOW) == "vrijdag 1 januari 2027"


def test_an_hour_is_written_with_a_point() -> None:
    assert [clock(time(14)), clock(time(18, 30)), clock(time(9, 5))] == ["14 uur", "18.30 uur", "9.05 uur"]


@pytest.mark.parametrize(
    ("days_ago", "words"),
    [
        (0, "vandaag"),
        (1, "gisteren"),
        (2, "2 dagen"),
        (13, "13 dagen"),
        (14, "2 weken"),
        (62, "8 weken"),
        (63, "2 maanden"),
    ],
)
def test_waiting_is_told_in_days_weeks_and_months(days_ago: int, words: str) -> None:
    assert ago(NOW - timedelta(days=days_ago), NOW) == words


def test_late_last_night_is_yesterday() -> None:
    late: datetime = at_brussels(date(2026, 9, 13), time(23, 59))

    assert ago(late, NOW) == "gisteren"
