"""Which municipality a place belongs to (DESIGN rule 17)."""

import pytest

from app.domain.source import Place
from app.domain.territory import municipality_of

DEINZE, GENT = 1, 2
CODES = {"9800": DEINZE, "9850": DEINZE, "9000": GENT}
NIS = {"44083": DEINZE, "44021": GENT}
REGION_AND_PROVINCE = {"02000", "40000"}


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        (Place(postal_code="9800"), DEINZE),
        (Place(postal_code="9850", nis_codes=frozenset({"44083"} | REGION_AND_PROVINCE)), DEINZE),
        (Place(postal_code="9800", nis_codes=frozenset(REGION_AND_PROVINCE)), DEINZE),
        (Place(postal_code="9800", nis_codes=frozenset({"44021"})), None),
        (Place(postal_code="1234"), None),
        (Place(postal_code="", nis_codes=frozenset({"44083"})), None),
        (Place(), None),
    ],
    ids=[
        "by postal code",
        "its own region agrees",
        "regions that name no town of ours say nothing",
        "its region names another town",
        "an unknown postal code",
        "a region alone is not enough",
        "nothing is known",
    ],
)
def test_a_place_lies_where_its_postal_code_says_unless_the_source_disagrees(
    place: Place, expected: int | None
) -> None:
    assert municipality_of(place, CODES, NIS, organisation_town=GENT) == expected


def test_an_online_activity_belongs_to_the_town_of_its_organisation() -> None:
    assert municipality_of(Place(online=True), CODES, NIS, organisation_town=GENT) == GENT
    assert municipality_of(Place(online=True), CODES, NIS) is None


def test_an_online_activity_with_an_address_belongs_there() -> None:
    assert municipality_of(Place(online=True, postal_code="9800"), CODES, NIS, organisation_town=GENT) == DEINZE
