"""Hypothesis strategies: any condition over an activity's columns, some of them NULL."""

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from app.domain.activity import Origin, State
from app.domain.where import After, All, Among, AnyOf, Anything, Is, Not, Until, Where

NOON = datetime(2026, 9, 15, 12, tzinfo=UTC)
INSTANTS = [NOON + timedelta(hours=hours) for hours in (-1, 0, 1)]
IDS = [1, 2, 3]
ID_FIELDS = ("organisation_id", "municipality_id", "level_id")
INSTANT_FIELDS = ("public_from", "over_at", "seen_at")

fields_of_ids = st.sampled_from(ID_FIELDS)
fields_of_instants = st.sampled_from(INSTANT_FIELDS)
simple = st.one_of(
    st.just(Anything()),
    st.builds(Among, fields_of_ids, st.frozensets(st.sampled_from(IDS))),
    st.builds(Is, fields_of_ids, st.sampled_from([None, *IDS])),
    st.builds(Is, fields_of_instants, st.sampled_from([None, *INSTANTS])),
    st.builds(Is, st.just("state"), st.sampled_from(list(State))),
    st.builds(Is, st.just("origin"), st.sampled_from(list(Origin))),
    st.builds(Is, st.just("online"), st.booleans()),
    st.builds(Until, fields_of_instants, st.sampled_from(INSTANTS)),
    st.builds(After, fields_of_instants, st.sampled_from(INSTANTS)),
)


def _joined(parts: st.SearchStrategy[Where]) -> st.SearchStrategy[Where]:
    several = st.lists(parts, max_size=3).map(tuple)
    return st.one_of(st.builds(All, several), st.builds(AnyOf, several), st.builds(Not, parts))


conditions: st.SearchStrategy[Where] = st.recursive(simple, _joined, max_leaves=8)
