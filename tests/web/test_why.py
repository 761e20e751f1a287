"""A refusal says why: what you are today, what you were until lately, and who may."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.admin_views import Cast, cast, main_text, rows
from tests.factories import NOW, own_entry, reason

SignIn = Callable[..., FlaskClient]


@pytest.fixture
def people(session: Session) -> Cast:
    return cast()


def test_a_stand_in_whose_days_are_over_reads_that_they_are(
    people: Cast, session: Session, sign_in: SignIn, clock: time_machine.Traveller
) -> None:
    entry = own_entry(people.bib)
    clock.move_to(NOW + timedelta(days=8))
    visitor = sign_in(people["backup"], at=NOW + timedelta(days=8))
    before = rows(session)

    answer = visitor.send("/admin/activity/withdraw/", {"id": str(entry.id), "reason": str(reason("double").id)})

    assert answer.status_code == 403
    said = main_text(answer)
    assert "Waarom?" in said
    assert "Je verving Hanne in Gent, tot en met" in said
    assert "Vandaag ben je back-upbeheerder." in said
    assert "lokale beheerder" in said
    assert rows(session) == before


def test_who_never_had_the_right_reads_who_has_it(people: Cast, sign_in: SignIn) -> None:
    answer = sign_in(people["organisator"]).get("/admin/system/")

    assert answer.status_code == 403
    assert "Wel voor: platformbeheerder" in main_text(answer)


def test_a_stranger_is_told_nothing_of_it(people: Cast, client: FlaskClient) -> None:
    assert "Waarom" not in client.get("/admin/system/").text
