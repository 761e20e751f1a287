"""What every judge of the attacks asks: which doors there are, who stands before them, and what an answer tells."""

import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import inspect
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.factory import create_app
from app.models import db
from tests.attacks.ground import ATTACKERS, KINDS, MAY_SEE, Ground, words
from tests.conftest import settings

SignIn = Callable[..., FlaskClient]
REFUSED = (302, 400, 403, 404, 405, 409)
STRANGER = "stranger"
OUTSIDERS = (STRANGER, *ATTACKERS)
RIGHTFUL = ("brugge", "organiser of A")
EVERYONE = (*RIGHTFUL, *ATTACKERS)


@lru_cache(maxsize=1)
def application() -> Flask:
    """An application to read the map of; nothing is asked of its database."""
    return create_app(settings("sqlite://", Path("nowhere")))


@lru_cache(maxsize=1)
def screens() -> dict[str, Any]:
    """Every screen of the administration, by its endpoint."""
    return {view.endpoint: view for view in application().extensions["admin"][0]._views}


def addresses(screen: str, method: str) -> dict[str, str]:
    """The doors of a screen that take this method: name and address."""
    view = screens()[screen]
    found = {}
    for rule in application().url_map.iter_rules():
        blueprint, _dot, name = rule.endpoint.rpartition(".")
        if blueprint == view.endpoint and name != "static" and method in (rule.methods or ()):
            found[name] = rule.rule.replace("<export_type>", "csv")
    return found


@dataclass
class Battle:
    """The ground, everyone before the doors (and a stranger), and the database behind them."""

    app: Flask
    ground: Ground
    visitors: dict[str, FlaskClient]
    session: Session

    def lists(self, screen: str) -> dict[str, str]:
        """The pages of a screen that are about no row in particular."""
        return {name: path for name, path in addresses(screen, "GET").items() if "<" not in path}


# --- reading an answer ---


def everything_in(answer: TestResponse) -> str:
    """All its words: the page, where it leads, and the cells of a workbook."""
    if "spreadsheet" in answer.mimetype:
        with zipfile.ZipFile(io.BytesIO(answer.data)) as book:
            return " ".join(book.read(name).decode() for name in book.namelist())
    return f"{answer.headers.get('Location', '')} {answer.get_data().decode('utf-8', 'replace')}"


def seen_in(answer: TestResponse) -> set[str]:
    """The kinds of rows of Brugge of which this answer shows words."""
    said = everything_in(answer)
    return {kind for kind in (*KINDS, "note") if words(kind) in said}


def beyond(who: str, answer: TestResponse) -> set[str]:
    """What this answer tells that is no business of this one."""
    return seen_in(answer) - MAY_SEE.get(who, frozenset())


def told(who: str, answer: TestResponse) -> str:
    """Something to complain of in an answer, or nothing."""
    if answer.status_code >= 500 or beyond(who, answer):
        return f"{answer.status_code} {sorted(beyond(who, answer))}"
    return ""


def forget_messages(visitor: FlaskClient) -> None:
    with visitor.session_transaction() as cookie:
        cookie.pop("_flashes", None)


def columns(row: Any) -> dict[str, Any]:
    """The row as it stands in the database now."""
    db.session.commit()
    db.session.refresh(row)
    return {attribute.key: getattr(row, attribute.key) for attribute in inspect(type(row)).column_attrs}
