"""The attack table: every door of every screen, for all who have no business there, judged by status and by effect.

The screens are taken from the application itself. A screen added later is walked too; one whose forms are answered
with anything but 403 or 404 needs a recipe in `doors.py`. An address outside the screens needs a line in `ROUTES`.
"""

from collections.abc import Callable

import pytest

from tests.admin_views import rows
from tests.attacks import reading, sending
from tests.attacks.doors import OWN
from tests.attacks.ground import KINDS
from tests.attacks.reading import judge_formulas
from tests.attacks.routes import LEAVES, PUBLIC, ROUTES, tries
from tests.attacks.sending import CHANGING
from tests.attacks.stage import STRANGER, Battle, addresses, application, columns, screens, seen_in
from tests.attacks.values import FORMULA
from tests.factories import (
    IntakeRuleFactory,
    MandateFactory,
    OrganisationFactory,
    UserFactory,
    own_entry,
    password_hash,
    town,
)

SCREENS = tuple(screens())
every_screen = pytest.mark.parametrize("screen", SCREENS)
# What is asked of every screen: each judge walks all its doors for everyone.
JUDGES: tuple[Callable[[Battle, str], None], ...] = (
    reading.judge_lists,
    reading.judge_details,
    reading.judge_exports,
    reading.judge_odd_ids,
    sending.judge_forms,
    sending.judge_unknown_forms,
    sending.judge_links,
    sending.judge_tokens,
    sending.judge_many,
    sending.judge_rightful,
)
IDLE_WITHOUT_FORMS = (sending.judge_forms, sending.judge_tokens, sending.judge_rightful)


def cells_of_the_table() -> list[tuple[Callable[[Battle, str], None], str]]:
    with_forms = {door.screen for door in CHANGING}
    return [
        (judge, screen)
        for screen in SCREENS
        for judge in JUDGES
        if screen in with_forms or judge not in IDLE_WITHOUT_FORMS
    ]


@pytest.mark.parametrize(
    ("judge", "screen"), [pytest.param(*cell, id=f"{cell[1]}-{cell[0].__name__}") for cell in cells_of_the_table()]
)
def test_no_door_of_any_screen_opens_for_who_has_no_business_there(
    battle: Battle, judge: Callable[[Battle, str], None], screen: str
) -> None:
    judge(battle, screen)


def test_no_choice_in_a_form_reaches_another_town_or_organisation(battle: Battle) -> None:
    sending.judge_choices(battle)


def test_no_history_of_a_record_opens_for_who_may_not_read_that_record(battle: Battle) -> None:
    reading.judge_histories(battle)


# --- the table is whole ---


def test_every_address_outside_the_screens_has_a_line() -> None:
    blueprints = set(SCREENS)
    found = {
        rule.endpoint
        for rule in application().url_map.iter_rules()
        if rule.endpoint.partition(".")[0] not in blueprints
    }

    assert found == set(ROUTES)


def test_every_recipe_is_of_a_door_that_is_there() -> None:
    there = {f"{screen}.{name}" for screen in SCREENS for name in addresses(screen, "POST")}

    assert {door.endpoint for door in sending.DOORS} <= there


def test_what_is_hidden_is_seen_by_who_may(battle: Battle) -> None:
    """The control of what is read: the words that a leak would show do stand on the pages of the rightful."""
    seen: set[str] = set()
    for who in ("brugge", "organiser of A", "platform"):
        for screen in SCREENS:
            for path in battle.lists(screen).values():
                seen |= seen_in(battle.visitors[who].get(f"{path}?when=all"))
                for row in battle.ground.rows.values():
                    if "edit" in path or "details" in path:
                        seen |= seen_in(battle.visitors[who].get(f"{path}?id={row.id}"))

    run = battle.ground.rows["item"].run_id
    seen |= seen_in(battle.visitors["platform"].get(f"/admin/system/run/?id={run}"))

    assert seen >= {*KINDS, "note"}


# --- beside the screens ---


@pytest.mark.parametrize("endpoint", sorted(ROUTES))
def test_no_address_beside_the_screens_tells_or_changes_what_is_not_public(battle: Battle, endpoint: str) -> None:
    before, wrong = rows(battle.session, "attempt", "password_reset"), []
    for who in (STRANGER, "aalst", "brugge"):
        visitor = battle.visitors[who]
        for method, path in tries(endpoint, battle.ground):
            sent = {"csrf_token": visitor.csrf_token()} if method == "POST" and endpoint not in LEAVES else None
            answer = visitor.open(path, method=method, data=sent)
            broken = answer.status_code >= 500 and endpoint != "readyz"  # not ready while no job runs
            if broken or seen_in(answer) - PUBLIC:
                wrong.append(f"{who}: {method} {path} -> {answer.status_code} {seen_in(answer)}")

    assert not wrong
    assert rows(battle.session, "attempt", "password_reset") == before


def test_a_problem_is_told_of_what_is_public_and_of_nothing_else(battle: Battle) -> None:
    """Another answer would tell that a draft is there, and who may not see it would write to its town."""
    before = rows(battle.session, "attempt")
    said = {"problem": "wrong", "remark": "Het uur klopt niet."}
    for kind in ("draft", "withdrawn", "pending", "rejected"):
        for who in (STRANGER, "aalst", "brugge"):
            path = f"/activiteiten/{battle.ground.rows[kind].id}/meld"
            assert battle.visitors[who].send(path, said).status_code == 404, f"{who}: {kind}"

    assert rows(battle.session, "attempt") == before


@pytest.mark.parametrize("endpoint", sorted(OWN))
def test_an_account_is_only_ones_own_whatever_is_sent_along(battle: Battle, endpoint: str) -> None:
    victim, thief = battle.ground.people["brugge"], battle.ground.people["aalst"]
    battle.session.info["unrecorded"] = True
    victim.password_hash = thief.password_hash = password_hash()
    battle.session.commit()
    battle.session.info["unrecorded"] = False
    before, own, held = columns(victim), columns(thief), rows(battle.session, "user", "change", "mail", "attempt")
    along = {name: str(value) for name, value in before.items()} | {"user": str(victim.id), "user_id": str(victim.id)}
    path = addresses("account", "POST")[endpoint.partition(".")[2]]

    answer = battle.visitors["aalst"].send(f"{path}?id={victim.id}&user={victim.id}", along | OWN[endpoint])

    assert answer.status_code == 302
    assert columns(victim) == before
    assert {name for name, value in columns(thief).items() if value != own[name]} <= OWN_COLUMNS
    assert rows(battle.session, "user", "change", "mail", "attempt") == held
    assert battle.visitors["brugge"].get("/admin/").status_code == 200


OWN_COLUMNS = {"name", "password_hash", "row_version", "last_seen_on"}


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("sign", [value for value in FORMULA if isinstance(value, str) and value.strip() == value])
def test_no_export_holds_a_formula(battle: Battle, sign: str, kind: str) -> None:
    own_entry(battle.ground.clubs["brugge"], title=sign)
    OrganisationFactory(name=sign, municipality=town("Brugge"))
    IntakeRuleFactory(municipality=town("Brugge"), value=sign)
    MandateFactory(user=UserFactory(name=sign), role="backup", municipality=town("Brugge"))

    for screen in ("activity", "organisation", "intake", "people"):
        answer = battle.visitors["brugge"].get(f"/admin/{screen}/export/{kind}/?when=all")
        if screen == "activity" or answer.status_code == 200:
            judge_formulas(answer, sign)
