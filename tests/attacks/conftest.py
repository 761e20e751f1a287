"""What every attack asks for: the ground, and everyone who stands on it."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.attacks.ground import Ground, lay
from tests.attacks.stage import STRANGER, Battle, SignIn


@pytest.fixture
def ground(session: Session) -> Ground:
    laid = lay()
    session.commit()
    return laid


@pytest.fixture
def visitors(ground: Ground, client: FlaskClient, sign_in: SignIn) -> dict[str, FlaskClient]:
    """Everyone, signed in; and a stranger."""
    return {STRANGER: client} | {name: sign_in(user) for name, user in ground.people.items()}


@pytest.fixture
def battle(
    app: Flask,
    ground: Ground,
    visitors: dict[str, FlaskClient],
    session: Session,
    monkeypatch: pytest.MonkeyPatch,
) -> Battle:
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)  # an error is a page, as it is for people
    return Battle(app, ground, visitors, session)
