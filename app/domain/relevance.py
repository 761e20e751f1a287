"""Which events of a source are for newcomers (DESIGN rule 4)."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from app.domain.source import Audience, SourceEvent

LEVEL_LABELS = {"één taalicoon": 1, "twee taaliconen": 2, "drie taaliconen": 3, "vier taaliconen": 4}


class Match(StrEnum):
    """What an intake rule looks at."""

    LABEL = "label"
    ORGANISER = "organiser"
    TERM = "term"


MATCH_WORDS = {Match.LABEL: "label", Match.ORGANISER: "organisator", Match.TERM: "soort of thema op UiT"}


@dataclass(frozen=True, slots=True)
class Intake:
    """One line of *Wat komt binnen*; without a municipality it is the platform's default, valid everywhere."""

    match: Match
    value: str
    municipality_id: int | None = None

    def fits(self, event: SourceEvent) -> bool:
        wanted = self.value.casefold()
        match self.match:
            case Match.LABEL:
                return any(label.casefold() == wanted for label in event.labels)
            case Match.ORGANISER:
                return wanted in (event.organiser_id.casefold(), event.organiser_name.casefold())
            case Match.TERM:
                return self.value in event.term_ids


def level_of(event: SourceEvent) -> int | None:
    """The taalicoon among the labels, 1 to 4; the lowest when several stand there."""
    return min(
        (LEVEL_LABELS[found] for label in event.labels if (found := label.casefold()) in LEVEL_LABELS),
        default=None,
    )


def is_relevant(event: SourceEvent, municipality_id: int | None, intake: Iterable[Intake]) -> bool:
    """A taalicoon, an agreed label, or a line of the town's list. Members, education, children only: never."""
    if event.audience is not Audience.EVERYONE:
        return False
    if level_of(event) is not None:
        return True
    return any(rule.municipality_id in (None, municipality_id) and rule.fits(event) for rule in intake)
