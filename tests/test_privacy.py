"""docs/privacy.md tells the truth: its table is the one the nightly job works by."""

import re
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.domain.retention import table
from app.settings import ROOT
from tests.factories import PASSWORD, UserFactory

PRIVACY = Path(ROOT / "docs" / "privacy.md").read_text("utf-8")


def test_the_table_is_made_from_the_code() -> None:
    shown = PRIVACY.split("<!-- kept -->")[1].split("<!-- /kept -->")[0].strip()
    assert shown == table(), "run `make privacy`"


def test_every_cookie_is_named(client: FlaskClient, session: Session) -> None:
    """Those that the server sets, and those of the page's own script."""
    named = set(re.findall(r"^\| `([a-z]+)` \|", PRIVACY, re.MULTILINE))
    person = UserFactory(can_sign_in=True)
    client.get("/?lang=en")
    client.send("/login", {"email": person.email, "password": PASSWORD})
    given = {cookie.key for cookie in client._cookies.values()}
    script = (ROOT / "app" / "static" / "js" / "app.js").read_text("utf-8")
    given |= set(re.findall(r"remember\('([a-z]+)'", script))

    assert given == named


def test_every_command_it_names_is_there(app: Flask) -> None:
    named = set(re.findall(r"flask (?:--app wsgi )?([a-z-]+)", PRIVACY))
    assert named
    assert named <= set(app.cli.commands)
    for target in re.findall(r"`make ([a-z]+)`", PRIVACY):
        assert f"\n{target}:" in (ROOT / "Makefile").read_text("utf-8")
