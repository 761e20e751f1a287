"""Which events of a source are for newcomers (DESIGN rule 4)."""

from typing import Any

import pytest

from app.domain.relevance import Intake, Match, is_relevant, level_of
from app.domain.schedule import Flexible
from app.domain.source import Audience, Place, SourceEvent, Standing
from tests.factories import NOW

DEINZE, GENT = 1, 2


def event(**more: Any) -> SourceEvent:
    return SourceEvent("1", "Samen wandelen", NOW, Standing.LIVE, Flexible(), Place(), **more)


@pytest.mark.parametrize(
    ("labels", "level"),
    [
        (("één taalicoon",), 1),
        (("Twee Taaliconen",), 2),
        (("drie taaliconen",), 3),
        (("vier taaliconen",), 4),
        (("vier taaliconen", "één taalicoon"), 1),
        (("taaliconen",), None),
        ((), None),
    ],
)
def test_the_level_is_the_lowest_of_its_taaliconen(labels: tuple[str, ...], level: int | None) -> None:
    assert level_of(event(labels=labels)) == level


def test_a_taalicoon_lets_in_everywhere() -> None:
    assert is_relevant(event(labels=("één taalicoon",)), None, [])


@pytest.mark.parametrize("audience", [Audience.MEMBERS, Audience.EDUCATION, Audience.CHILDREN])
def test_what_is_not_for_everyone_never_comes_in(audience: Audience) -> None:
    anything = [Intake(Match.LABEL, "nieuwkomers")]
    labelled = event(labels=("één taalicoon", "nieuwkomers"), audience=audience)
    assert not is_relevant(labelled, DEINZE, anything)


def test_without_a_line_that_fits_nothing_comes_in() -> None:
    assert not is_relevant(event(labels=("concert",)), DEINZE, [Intake(Match.LABEL, "nieuwkomers")])


@pytest.mark.parametrize(
    ("line", "fits"),
    [
        (Intake(Match.LABEL, "NIEUWKOMERS"), True),
        (Intake(Match.LABEL, "nieuw"), False),
        (Intake(Match.ORGANISER, "natuurpunt deinze"), True),
        (Intake(Match.ORGANISER, "ORG-1"), True),
        (Intake(Match.ORGANISER, "natuurpunt"), False),
        (Intake(Match.TERM, "1.43.0.0.0"), True),
        (Intake(Match.TERM, "1.43"), False),
    ],
    ids=str,
)
def test_a_line_fits_a_whole_label_organiser_or_term(line: Intake, fits: bool) -> None:
    walk = event(
        labels=("Nieuwkomers",), organiser_id="org-1", organiser_name="Natuurpunt Deinze", term_ids=("1.43.0.0.0",)
    )
    assert is_relevant(walk, DEINZE, [line]) is fits


def test_a_line_of_a_town_counts_in_that_town_and_the_platforms_everywhere() -> None:
    labelled = event(labels=("buurthuis",))
    assert is_relevant(labelled, DEINZE, [Intake(Match.LABEL, "buurthuis", DEINZE)])
    assert not is_relevant(labelled, GENT, [Intake(Match.LABEL, "buurthuis", DEINZE)])
    assert not is_relevant(labelled, None, [Intake(Match.LABEL, "buurthuis", DEINZE)])
    assert is_relevant(labelled, GENT, [Intake(Match.LABEL, "buurthuis")])
