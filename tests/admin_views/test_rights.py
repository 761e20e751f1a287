"""Rechten: the rules themselves, and which of them are yours."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.domain.actor import ROLE_WORDS
from app.domain.policy import NAMED_CHECKS, RULES
from tests.admin_views import Cast, cast, read
from tests.factories import UserFactory

SignIn = Callable[..., FlaskClient]


@pytest.fixture
def people(session: Session) -> Cast:
    return cast()


def test_every_sentence_of_the_policy_stands_there(people: Cast, sign_in: SignIn) -> None:
    text = read(sign_in(people["gent"]).get("/admin/rights/")).by_id("main").text

    for rule in RULES:
        assert rule.sentence in text
    for sentence, _where in NAMED_CHECKS:
        assert sentence in text
    for words in ROLE_WORDS.values():
        assert words.capitalize() in text


@pytest.mark.parametrize(
    ("who", "mine"),
    [
        ("gent", {"Lokale beheerder"}),
        ("backup", {"Back-upbeheerder", "Back-upbeheerder die vervangt"}),
        ("organisator", {"Organisator"}),
        ("platform", {"Platformbeheerder"}),
    ],
)
def test_ones_own_roles_come_first_and_are_marked(people: Cast, sign_in: SignIn, who: str, mine: set[str]) -> None:
    page = read(sign_in(people[who]).get("/admin/rights/")).by_id("main")

    headings = [node.text for node in page.all("div") if node.attributes.get("class") == "panel-head"]

    assert {words.removesuffix(" Dit ben jij") for words in headings[: len(mine)]} == mine
    assert sum(words.endswith("Dit ben jij") for words in headings) == len(mine)


def test_who_has_no_rights_reads_them_too(session: Session, sign_in: SignIn) -> None:
    answer = sign_in(UserFactory()).get("/admin/rights/")

    assert answer.status_code == 200
    assert "Dit ben jij" not in answer.text
