"""Wat komt binnen: a line more lets in what we know already, and one less takes nothing away."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.activity import State
from app.domain.relevance import Match
from app.models import Activity, Change, IntakeRule
from app.services.sources.uitdatabank.mapping import content_hash, read_event, stored_payload
from tests.admin_views import Cast, cast, form_on, main_text, notes, read
from tests.factories import IntakeRuleFactory, SourceRecordFactory
from tests.services.sources.uitdatabank.documents import event

SignIn = Callable[..., FlaskClient]
INTAKE, NEW, DELETE = "/admin/intake/", "/admin/intake/new/", "/admin/intake/delete/"


@pytest.fixture
def people(session: Session) -> Cast:
    return cast()


@pytest.fixture
def noor(people: Cast, sign_in: SignIn) -> FlaskClient:
    return sign_in(people["gent"])


def known(people: Cast, key: str, **fields: Any) -> None:
    """A record of UiT that nothing let in until now."""
    document = event(key, **{"labels": ["babbelen"], "name": {"nl": f"Babbel {key}"}} | fields)
    read_ = replace(read_event(document), modified=datetime(2026, 9, 1, tzinfo=UTC))
    SourceRecordFactory(
        external_id=read_.external_id,
        title=read_.title,
        payload=stored_payload(document),
        fingerprint=content_hash(read_),
        relevant=False,
        standing=read_.standing,
        municipality=people.gent,
    )


def add(visitor: FlaskClient, value: str = "babbelen", match: str = "label") -> str:
    """Add a line by the form, and read what the next page says."""
    form = form_on(visitor.get(NEW))
    form["value"], form["match"] = value, match
    answer = visitor.post(NEW, data=form)
    assert answer.status_code == 302, main_text(answer)
    return " ".join(notes(visitor.get(answer.location)))


def waiting(session: Session) -> list[str]:
    session.commit()
    return list(session.scalars(select(Activity.title).where(Activity.state == State.PENDING).order_by(Activity.id)))


def test_it_shows_the_lines_of_the_platform_and_those_of_the_own_town(people: Cast, noor: FlaskClient) -> None:
    IntakeRuleFactory(municipality=None, value="overal welkom")
    IntakeRuleFactory(municipality=people.gent, value="uit gent")
    IntakeRuleFactory(municipality=people.deinze, value="uit deinze")

    text = main_text(noor.get(INTAKE))

    assert "Alles met het label “overal welkom”." in text
    assert "Alles met het label “uit gent”." in text
    assert "uit deinze" not in text


def test_a_new_line_lets_in_what_we_knew_already(people: Cast, noor: FlaskClient, session: Session) -> None:
    known(people, "a1")
    known(people, "a2")
    known(people, "a3", labels=["iets anders"])

    said = add(noor)

    assert "De regel geldt vanaf nu." in said
    assert "2 activiteiten die we al kenden, wachten nu op keuren." in said
    assert sorted(waiting(session)) == ["Babbel a1", "Babbel a2"]
    assert session.scalars(select(Change.verb).where(Change.table_name == "intake_rule")).all() == ["add"]


@pytest.mark.parametrize("audience", ["members", "education"])
def test_no_line_lets_in_what_is_for_members_or_schools(
    people: Cast, noor: FlaskClient, session: Session, audience: str
) -> None:
    known(people, "a1", audience={"audienceType": audience})
    known(people, "a2", childrenOnly=True)

    add(noor)

    assert waiting(session) == []


def test_a_line_of_one_town_lets_in_nothing_elsewhere(people: Cast, sign_in: SignIn, session: Session) -> None:
    known(people, "a1")

    add(sign_in(people["deinze"]))

    assert waiting(session) == []


def test_what_is_gone_at_the_source_is_not_let_in(people: Cast, noor: FlaskClient, session: Session) -> None:
    known(people, "a1", workflowStatus="DELETED")

    add(noor)

    assert session.scalars(select(Activity)).all() == []


def test_a_record_that_can_no_longer_be_read_stops_no_new_line(
    people: Cast, noor: FlaskClient, session: Session
) -> None:
    known(people, "a1")
    SourceRecordFactory(payload={"name": 42}, relevant=False, municipality=people.gent)

    add(noor)

    assert waiting(session) == ["Babbel a1"]


@pytest.mark.parametrize(
    ("match", "value", "fields"),
    [
        ("label", "BABBELEN", {}),
        ("organiser", "de babbelaars", {"organizer": {"@id": "x/organizers/o1", "name": {"nl": "De Babbelaars"}}}),
        ("term", "0.3.1.0.1", {"terms": [{"id": "0.3.1.0.1", "domain": "eventtype"}]}),
    ],
)
def test_each_kind_of_line_lets_in_what_it_names(
    people: Cast, noor: FlaskClient, session: Session, match: str, value: str, fields: dict[str, Any]
) -> None:
    known(people, "a1", **({"labels": []} if match != "label" else {}), **fields)

    add(noor, value, match)

    assert waiting(session) == ["Babbel a1"]


def test_a_line_is_removed_and_what_came_in_by_it_stays(people: Cast, noor: FlaskClient, session: Session) -> None:
    known(people, "a1")
    add(noor)
    page = read(noor.get(INTAKE))
    button = next(node for node in page.all("button", form="drop") if "babbelen" in node.text)
    form = form_on(noor.get(INTAKE), DELETE)

    answer = noor.post(DELETE, data={**form, "id": button.attributes["value"]})

    assert "“babbelen” is verwijderd." in notes(noor.get(answer.location))
    assert not session.scalars(select(IntakeRule).where(IntakeRule.value == "babbelen")).all()
    assert waiting(session) == ["Babbel a1"]


def test_the_lines_of_the_platform_have_no_button(people: Cast, noor: FlaskClient) -> None:
    IntakeRuleFactory(municipality=None, value="overal welkom")
    IntakeRuleFactory(municipality=people.gent, value="uit gent")

    buttons = [node.text for node in read(noor.get(INTAKE)).all("button", form="drop")]

    assert buttons == ["Verwijderen: uit gent"]


def test_the_same_line_twice_is_refused_whatever_its_capitals(
    people: Cast, noor: FlaskClient, session: Session
) -> None:
    add(noor)

    answer = noor.send(NEW, {"municipality": str(people.gent.id), "match": "label", "value": "  Babbelen "})

    assert answer.status_code == 400
    assert "staat er al" in main_text(answer)
    rules = select(IntakeRule).where(IntakeRule.match == Match.LABEL, IntakeRule.municipality_id == people.gent.id)
    assert len(session.scalars(rules).all()) == 1


@pytest.mark.parametrize(
    ("who", "status"), [("platform", 403), ("organisator", 403), ("backup", 200), ("netwerk", 200)]
)
def test_who_moderates_adds_lines(people: Cast, sign_in: SignIn, who: str, status: int) -> None:
    assert sign_in(people[who]).get(NEW).status_code == status
