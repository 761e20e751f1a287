"""The judges of the breaks that belong to no screen of the table: one case each, short."""

from random import Random

from app.models import Activity
from tests.admin_views import typed
from tests.attacks import reading
from tests.attacks.fuzz import Fuzz
from tests.attacks.stage import Battle
from tests.attacks.test_redirects import lands_here
from tests.attacks.together import how_many, judge_two_people, typed_form
from tests.factories import own_entry


def judge_formulas_of(battle: Battle) -> None:
    sign = "=cmd|' /C calc'!A0"
    own_entry(battle.ground.clubs["brugge"], title=sign)
    reading.judge_formulas(battle.visitors["brugge"].get("/admin/activity/export/csv/?when=all"), sign)


def judge_next(battle: Battle) -> None:
    lands_here(battle.app.test_client(), "//kwaad.example")


def judge_two_people_in_one_form(battle: Battle) -> None:
    row, first = battle.ground.rows["published"], battle.ground.people["organiser of A"]
    one, two = battle.visitors["organiser of A"], battle.visitors["brugge"]
    judge_two_people(one, two, f"/admin/activity/edit/?id={row.id}", "title", row, first.name)


def judge_pressed_twice(battle: Battle) -> None:
    visitor, path = battle.visitors["organiser of A"], "/admin/activity/new/"
    own = typed(battle.ground.clubs["brugge"], postal_code="8000")
    form = typed_form(visitor.get(path), "form_token").to_dict() | own
    before = how_many(Activity)
    answers = [visitor.post(path, data=form).status_code for _ in range(2)]
    assert answers == [302, 302]
    assert how_many(Activity) - before == 1


def judge_by_fuzz(battle: Battle) -> None:
    """A short one, of who may do most."""
    fuzz = Fuzz(battle, "brugge", Random("kort"), lambda: battle.visitors["brugge"])
    fuzz.crawl()
    while fuzz.hostile < 160:
        fuzz.parameter()
    assert not fuzz.found
