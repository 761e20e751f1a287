"""The judges of the attack table can fail: with any one override taken away, they find the hole."""

import pytest
from flask.testing import FlaskClient

from tests.attacks.breaks import BREAKS, Break
from tests.attacks.stage import Battle
from tests.factories import UserFactory, local_admin, town


@pytest.mark.parametrize("broken", BREAKS, ids=str)
def test_without_this_override_the_judge_finds_the_hole(
    battle: Battle, client: FlaskClient, monkeypatch: pytest.MonkeyPatch, broken: Break
) -> None:
    local_admin(town("Gent"), user=UserFactory(email="noor@doemee.example", can_sign_in=True))
    battle.session.commit()
    battle.session.info["unrecorded"] = True  # what gets through the hole need not be told in the history
    with monkeypatch.context() as patch:
        broken.apply(patch, battle)

        with pytest.raises(AssertionError):
            broken.judge(battle)


def test_there_are_enough_of_them() -> None:
    assert len({broken.name for broken in BREAKS}) >= 10
