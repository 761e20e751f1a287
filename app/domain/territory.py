"""Which municipality a place belongs to (DESIGN rule 17)."""

from collections.abc import Mapping, Set

from app.domain.source import Place


def municipality_of(
    place: Place,
    by_postal_code: Mapping[str, int],
    by_nis_code: Mapping[str, int],
    organisation_town: int | None = None,
) -> int | None:
    """The id of the municipality, or None for the bin *Geen gemeente*.

    By postal code; where the source's regions name another town of ours instead, neither is trusted. Online
    activities belong to the organisation's town. The maps give ids by postal code and by NIS code.
    """
    if place.online and not place.postal_code:
        return organisation_town
    town = by_postal_code.get(place.postal_code)
    named = {by_nis_code[code] for code in place.nis_codes if code in by_nis_code}
    return town if _agree(town, named) else None


def _agree(town: int | None, named: Set[int]) -> bool:
    return not named or town in named
