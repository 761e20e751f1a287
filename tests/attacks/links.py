"""The judges of what needs no screen: forms beside the recipes without a token, and one-time links that are over."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask.testing import FlaskClient

from app.models import Invitation, LoginSession, User
from app.services.one_time import issue_token
from tests.admin_views import rows
from tests.attacks.doors import BROKEN_IN, OWN
from tests.attacks.ground import Ground
from tests.attacks.sending import CHANGING, tokens
from tests.attacks.stage import STRANGER, Battle, application
from tests.attacks.together import how_many
from tests.factories import (
    NOW,
    PASSWORD,
    InvitationFactory,
    PasswordResetFactory,
    UserFactory,
    local_admin,
    password_hash,
    town,
)

ANOTHER = "een ander lang wachtwoord, van mij"
GONE = 404
Sent = dict[str, str]


# --- no token ---


def posted() -> dict[str, str]:
    """Every address of the application that takes a form and has no recipe, by its endpoint."""
    recipes = {door.endpoint for door in CHANGING}
    rules = application().url_map.iter_rules()
    return {
        rule.endpoint: rule.rule for rule in rules if "POST" in (rule.methods or ()) and rule.endpoint not in recipes
    }


def working(battle: Battle) -> dict[str, tuple[str, str, Sent]]:
    """Of each address that does something: who sends what to where, so that only the token is missing."""
    ground = battle.ground
    knows = UserFactory(password_hash=password_hash())
    own = {endpoint: ("brugge", posted()[endpoint], form) for endpoint, form in OWN.items()}
    new = {"name": BROKEN_IN, "password": ANOTHER}
    found = own | {
        "web.login": (STRANGER, "/login", {"email": knows.email, "password": PASSWORD}),
        "web.forgotten": (STRANGER, "/wachtwoord-vergeten", {"email": knows.email}),
        "web.password": (STRANGER, f"/wachtwoord/{of_reset(UserFactory())}", {"password": ANOTHER}),
        "web.welcome": (STRANGER, f"/welkom/{of_reset(UserFactory())}", {"password": ANOTHER}),
        "web.invitation": (STRANGER, f"/uitnodiging/{invited(ground)[1]}", new),
        "problem.new": (STRANGER, f"/activiteiten/{ground.rows['published'].id}/meld", {"problem": "wrong"}),
        "web.stay_signed_in": ("brugge", "/aangemeld", {}),
        "web.logout": ("brugge", "/logout", {}),
    }
    ground.people["brugge"].password_hash = password_hash()
    battle.session.info["unrecorded"] = True
    battle.session.commit()
    battle.session.info["unrecorded"] = False
    return found


def judge_every_token(battle: Battle) -> None:
    """No form of the whole map does anything without the token of this session."""
    forms = working(battle)
    before, sessions, wrong = rows(battle.session), how_many(LoginSession), []
    for endpoint, rule in posted().items():
        who, path, form = forms.get(endpoint, ("brugge", rule, {"id": str(battle.ground.rows["pending"].id)}))
        visitor = battle.visitors[who]
        for token in tokens(battle, visitor):
            answer = visitor.post(path, data=form if token is None else {**form, "csrf_token": token})
            if answer.status_code != 400:
                wrong.append(f"{endpoint} with {token!r} -> {answer.status_code}")

    assert not wrong
    assert rows(battle.session) == before
    assert how_many(LoginSession) == sessions


def judge_token_alone_was_missing(battle: Battle) -> None:
    """The control: the same forms work with it, so it was the token that was asked for."""
    for endpoint, (who, path, form) in working(battle).items():
        visitor = battle.visitors[who] if who != STRANGER else battle.app.test_client()
        answer = visitor.send(path, form)  # type: ignore[attr-defined]
        assert answer.status_code in (200, 302, 303), endpoint


# --- one-time links ---


def of_reset(user: User, **more: Any) -> str:
    token, kept = issue_token()
    PasswordResetFactory(user=user, token_hash=kept, **more)
    return token


def invited(ground: Ground, **more: Any) -> tuple[Invitation, str]:
    """To administer Brugge, by a colleague of `brugge` made for it."""
    token, kept = issue_token()
    inviter = local_admin(town("Brugge"))
    row = InvitationFactory(
        name=BROKEN_IN, municipality=town("Brugge"), **{"invited_by": inviter, "token_hash": kept} | more
    )
    return row, token


def without_mandate(ground: Ground) -> Any:
    return local_admin(town("Brugge"), ended_at=NOW - timedelta(minutes=1))


def suspended(ground: Ground) -> Any:
    return local_admin(town("Brugge"), user=UserFactory(suspended_at=NOW - timedelta(minutes=1)))


PAST = NOW - timedelta(minutes=1)
INVITATIONS: dict[str, Callable[[Ground], dict[str, Any]]] = {
    "whose inviter lost the mandate": lambda ground: {"invited_by": without_mandate(ground)},
    "whose inviter is suspended": lambda ground: {"invited_by": suspended(ground)},
    "whose inviter administers elsewhere": lambda ground: {"invited_by": ground.people["aalst"]},
    "by nobody": lambda ground: {"invited_by": None},
    "expired": lambda ground: {"ends_at": PAST},
    "withdrawn": lambda ground: {"withdrawn_at": PAST},
    "used": lambda ground: {"accepted_at": PAST, "accepted_by_id": ground.people["nobody"].id},
}
RESETS: dict[str, Callable[[Ground], str]] = {
    "used": lambda ground: of_reset(UserFactory(), used_at=PAST),
    "expired": lambda ground: of_reset(UserFactory(), ends_at=PAST),
    "of a suspended account": lambda ground: of_reset(UserFactory(suspended_at=PAST)),
    "of nobody": lambda ground: of_reset(None),  # type: ignore[arg-type]
}


def judge_invitation(battle: Battle, case: str) -> None:
    """Neither somebody new nor who has the account takes up a mandate by this link."""
    more = INVITATIONS[case](battle.ground)
    known = battle.ground.people["nobody"].email
    new, mine = invited(battle.ground, **more)[1], invited(battle.ground, email=known, **more)[1]
    refused(battle, battle.visitors[STRANGER], f"/uitnodiging/{new}", {"name": BROKEN_IN, "password": ANOTHER})
    refused(battle, battle.visitors["nobody"], f"/uitnodiging/{mine}", {})


def judge_reset(battle: Battle, case: str) -> None:
    token = RESETS[case](battle.ground)
    for place in ("wachtwoord", "welkom"):
        refused(battle, battle.visitors[STRANGER], f"/{place}/{token}", {"password": ANOTHER})


def refused(battle: Battle, visitor: FlaskClient, path: str, form: Sent) -> None:
    """By looking and by sending, with a right token: not there, and nothing happened."""
    battle.session.commit()
    before, sessions = rows(battle.session), how_many(LoginSession)

    assert visitor.get(path).status_code == GONE
    assert visitor.send(path, form).status_code == GONE  # type: ignore[attr-defined]

    assert rows(battle.session) == before
    assert how_many(LoginSession) == sessions


def judge_good_links(battle: Battle) -> None:
    """The control: links that differ in nothing but what is over do open, and work."""
    known = battle.ground.people["nobody"]
    new, mine = invited(battle.ground)[1], invited(battle.ground, email=known.email)[1]
    first, forgotten = of_reset(UserFactory()), of_reset(UserFactory())
    battle.session.commit()
    for visitor, path, form in (
        (battle.app.test_client(), f"/uitnodiging/{new}", {"name": BROKEN_IN, "password": ANOTHER}),
        (battle.visitors["nobody"], f"/uitnodiging/{mine}", {}),
        (battle.app.test_client(), f"/welkom/{first}", {"password": ANOTHER}),
        (battle.app.test_client(), f"/wachtwoord/{forgotten}", {"password": ANOTHER}),
    ):
        assert visitor.get(path).status_code == 200, path
        assert visitor.send(path, form).status_code == 302, path  # type: ignore[attr-defined]
        assert visitor.get(path).status_code == GONE, path
