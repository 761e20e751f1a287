"""Forms without a token, wherever they go; and one-time links that are over."""

import pytest

from tests.attacks import links
from tests.attacks.doors import OWN
from tests.attacks.routes import ROUTES
from tests.attacks.stage import Battle


def test_no_form_of_the_whole_map_works_without_its_token(battle: Battle) -> None:
    links.judge_every_token(battle)


def test_with_the_token_those_forms_work(battle: Battle) -> None:
    links.judge_token_alone_was_missing(battle)


def test_every_form_beside_the_screens_is_sent_as_it_would_work(battle: Battle) -> None:
    beside = {endpoint for endpoint in links.posted() if endpoint in ROUTES or endpoint in OWN}

    assert beside == set(links.working(battle))


@pytest.mark.parametrize("case", links.INVITATIONS)
def test_an_invitation_that_is_over_opens_nothing(battle: Battle, case: str) -> None:
    links.judge_invitation(battle, case)


@pytest.mark.parametrize("case", links.RESETS)
def test_a_link_to_a_password_that_is_over_opens_nothing(battle: Battle, case: str) -> None:
    links.judge_reset(battle, case)


def test_such_links_work_while_they_are_good(battle: Battle) -> None:
    links.judge_good_links(battle)
