"""Where to go next is never somewhere else: the targets of Django's own table, and what browsers make of addresses."""

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.admin_views import form_on
from tests.attacks.markup import away, faults
from tests.attacks.routes import ROUTES, rules
from tests.attacks.stage import Battle, addresses, screens
from tests.attacks.values import AWAY
from tests.factories import PASSWORD, UserFactory, local_admin, town

NAMES = ("next", "url", "return", "terug", "back", "redirect", "continue", "goto", "to")
EMAIL = "noor@doemee.example"


@pytest.fixture
def noor(session: Session) -> None:
    local_admin(town("Gent"), user=UserFactory(email=EMAIL, can_sign_in=True))


@pytest.mark.parametrize("target", AWAY, ids=ascii)
def test_signing_in_leads_nowhere_else(client: FlaskClient, noor: None, target: str) -> None:
    lands_here(client, target)


def lands_here(client: FlaskClient, target: str) -> None:
    page = client.get("/login", query_string={"next": target})
    assert not faults(page)
    if page.status_code == 400:  # with a NUL in it
        return

    form = {**form_on(page, "/login"), "email": EMAIL, "password": PASSWORD}
    answer = client.post("/login", data=form | {"next": target}, query_string={"next": target})

    assert answer.status_code in (302, 400)
    assert answer.status_code == 302 or "\0" in target
    assert not away(answer.headers.get("Location", ""))
    assert not faults(answer)


def doors(method: str) -> Iterator[str]:
    """Every address that takes this method, but for those with a word of their own in it."""
    for screen in screens():
        yield from (path for path in addresses(screen, method).values() if "<" not in path)
    for endpoint in ROUTES:
        yield from (rule.rule for rule in rules(endpoint) if method in (rule.methods or ()) and not rule.arguments)


@pytest.mark.parametrize("who", ["stranger", "brugge"])
def test_no_page_sends_anybody_away(battle: Battle, who: str) -> None:
    """Each of them by turns, in every parameter that might be a way on, at every address."""
    wrong, visitor = [], battle.visitors[who]
    for number, path in enumerate(doors("GET")):
        for turn in range(3):
            target = AWAY[(number * 3 + turn) % len(AWAY)]
            query = dict.fromkeys(NAMES, target) | {"id": str(battle.ground.rows["published"].id)}
            wrong += [f"{path} {target!r}: {fault}" for fault in faults(visitor.get(path, query_string=query))]

    assert not wrong


def test_no_form_sends_anybody_away(battle: Battle) -> None:
    wrong, visitor = [], battle.visitors["brugge"]
    for number, path in enumerate(doors("POST")):
        if path == "/logout":
            continue
        target = AWAY[number % len(AWAY)]
        for row in (battle.ground.rows["published"], battle.ground.rows["pending"]):
            given = dict.fromkeys(NAMES, target)
            answer = visitor.send(path, given | {"id": str(row.id), "rowid": str(row.id)}, query_string=given)  # type: ignore[attr-defined]
            wrong += [f"{path} {target!r}: {fault}" for fault in faults(answer)]

    assert not wrong


@pytest.mark.parametrize(
    "path", ["//kwaad.example/admin/", "/\\kwaad.example", "/%2f/kwaad.example", "/admin//kwaad.example"]
)
def test_an_address_that_looks_like_another_site_leads_to_none(client: FlaskClient, path: str) -> None:
    answer = client.get(path, base_url="http://localhost")

    assert not faults(answer)
