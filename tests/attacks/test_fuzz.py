"""Whatever is sent, by whomever: no 5xx, nothing of it lives on a page, nothing of the machinery shows.

`FUZZ_SEED=7 pytest tests/attacks/test_fuzz.py` sends other values; the seed stands in the name of each test.
"""

import os
from random import Random

import pytest
from flask.testing import FlaskClient

from tests.attacks.fuzz import Fuzz, Ledger
from tests.attacks.ground import KINDS
from tests.attacks.sending import CHANGING
from tests.attacks.stage import STRANGER, Battle, SignIn, columns
from tests.attacks.stored import judge_stored

SEED = int(os.environ.get("FUZZ_SEED", "2026"))
REQUESTS = {  # of each, at least; only what is hostile counts. Who changes most comes last.
    **{STRANGER: 400, "nobody": 250, "backup, nobody away": 350, "network": 300, "aalst": 350},
    **{"organiser of A": 500, "brugge": 600, "platform": 500},
}
UNTOUCHED = (STRANGER, "nobody", "backup, nobody away", "network", "aalst")
PROMISED = 3_000  # hostile requests on each database


@pytest.mark.timeout(300)
@pytest.mark.parametrize("seed", [pytest.param(SEED, id=f"seed-{SEED}")])
def test_nothing_hostile_breaks_a_page_or_lives_on_it(battle: Battle, sign_in: SignIn, seed: int) -> None:
    """Everybody in turn, so that what all of them tried together can be counted."""
    ledger, found = Ledger(), []
    for who, requests in REQUESTS.items():
        if who not in UNTOUCHED:  # the one before may have removed rows
            battle.ground.rows |= {kind: battle.ground.make(kind) for kind in KINDS if kind != "organisation"}
            battle.session.commit()
        fuzz = of_person(battle, sign_in, who, ledger)
        before = {kind: columns(row) for kind, row in battle.ground.rows.items()} if who in UNTOUCHED else {}

        fuzz.run(requests)

        said = f"{fuzz.hostile} hostile of {fuzz.looked} requests, {dict(sorted(fuzz.statuses.items()))}"
        print(f"{who}: seed {seed}, {said}")  # noqa: T201
        assert fuzz.hostile >= requests
        found += fuzz.found
        own = {"own entry of aalst", "draft of the town of aalst"} if who == "aalst" else set()
        for kind in before.keys() - own:
            assert columns(battle.ground.rows[kind]) == before[kind], f"{who}: {kind}"

    assert not found, f"seed {seed}, {len(found)} faults:\n" + "\n".join(found[:20])
    judge_coverage(ledger)


def of_person(battle: Battle, sign_in: SignIn, who: str, ledger: Ledger) -> Fuzz:
    def again() -> FlaskClient:
        return battle.visitors[STRANGER] if who == STRANGER else sign_in(battle.ground.people[who])

    return Fuzz(battle, who, Random(f"{SEED}/{who}"), again, ledger)


def judge_coverage(ledger: Ledger) -> None:
    """Each field and each parameter was tried, and those one knows of are among them."""
    assert ledger.hostile >= PROMISED
    assert not ledger.fields - ledger.tried_fields
    assert not ledger.parameters - ledger.tried_parameters
    with_fields = {str(door) for door in CHANGING}
    assert with_fields <= {place for place, _name in ledger.tried_fields}
    known = {("/login", "password"), ("/admin/account/name/", "name"), ("/wachtwoord-vergeten", "email")}
    assert known <= ledger.tried_fields
    asked = {("/", "waar"), ("/admin/history/", "kind"), ("/admin/activity/", "when"), ("/admin/queue/", "id")}
    assert asked <= ledger.tried_parameters


@pytest.mark.parametrize("missed", ["fields", "parameters"])
def test_what_nobody_tried_is_missed(missed: str) -> None:
    """The judge of the coverage can fail: one field or parameter that no request bore is enough."""
    ledger = Ledger(hostile=PROMISED)
    setattr(ledger, missed, {("/login", "email")})

    with pytest.raises(AssertionError, match="/login"):
        judge_coverage(ledger)


STORED = (
    "</textarea></title><script>zqx(1)</script>{{913*917}}",
    '"><img src=x onerror=zqx(1)>--><zqx-c>',
    "' onmouseover='zqx(1)&lt;zqx-f&gt;",
)


@pytest.mark.parametrize("value", STORED)
def test_what_is_stored_lives_on_no_page(battle: Battle, value: str) -> None:
    judge_stored(battle, value)
