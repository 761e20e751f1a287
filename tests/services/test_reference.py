"""The reference data: all of it, and loading it again changes nothing."""

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models import (
    Goal,
    IntakeRule,
    Level,
    Municipality,
    Network,
    PostalCode,
    Reason,
    Region,
    Source,
    Topic,
    db,
)
from app.services import reference
from tests.factories import NOW, one, town

LOADED = ("municipality", "postal_code", "region", "network", "network_municipality", "goal", "level", "topic")
OTHERS = ("reason", "source", "intake_rule")


def contents(session: Session) -> dict[str, list[Any]]:
    tables = [db.metadata.tables[name] for name in (*LOADED, *OTHERS)]
    return {table.name: sorted(session.execute(select(table)).all(), key=str) for table in tables}


def count(session: Session, model: Any) -> int | None:
    return session.scalar(select(func.count()).select_from(model))


def test_loading_again_changes_nothing(session: Session) -> None:
    before = contents(session)
    counts = reference.load(session, NOW)
    assert not session.dirty
    assert not session.new
    assert contents(session) == before
    assert counts["municipalities"] == len(before["municipality"])


def test_what_differs_is_set_right_and_what_is_new_is_added(session: Session) -> None:
    town("Deinze").name = "Deynze"
    one(Goal, key="dutch").position = 99
    session.delete(one(Topic, key="talking"))
    session.flush()
    reference.load(session, NOW)
    session.flush()
    assert town("Deinze").nis_code == "44083"
    assert one(Goal, key="dutch").position == 1
    assert one(Topic, key="talking")


def test_a_network_and_an_intake_list_that_people_changed_stay_theirs(session: Session) -> None:
    region = one(Network, name="Regio Gent")
    region.municipalities.remove(town("Deinze"))
    lines = session.scalars(select(IntakeRule)).all()
    for line in lines[1:]:
        session.delete(line)
    session.flush()
    reference.load(session, NOW)
    session.flush()
    assert town("Deinze") not in region.municipalities
    assert count(session, IntakeRule) == 1
    session.rollback()


def test_flanders_and_brussels_are_all_there(session: Session) -> None:
    assert count(session, Municipality) == 285 + 19
    assert count(session, Region) == 15
    assert count(session, Network) == 18
    assert (count(session, Goal), count(session, Level), count(session, Source)) == (6, 4, 1)
    assert count(session, Reason)
    without_code = select(Municipality.name).where(Municipality.id.not_in(select(PostalCode.municipality_id)))
    assert session.scalars(without_code).all() == []


def test_every_municipality_lies_in_a_network(session: Session) -> None:
    members = {place.id for found in session.scalars(select(Network)) for place in found.municipalities}
    assert members == set(session.scalars(select(Municipality.id)))
