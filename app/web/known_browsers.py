"""Browsers somebody signed in from before: their tries are counted apart, so that a stranger who guesses at an
account locks out only strangers (ASVS 6.3.1). The cookie is signed, and says nothing about whose browser it is."""

import secrets
from typing import Any

from flask import Response, current_app, g, request
from itsdangerous import BadSignature, URLSafeSerializer

from app.services import throttle

YEAR_SECONDS = 365 * 24 * 3600
MOST_ACCOUNTS = 5  # of one browser; the desk that everybody uses forgets the oldest
KNOWN = "known browser"


def name_here(address: str) -> str | None:
    """What this browser is called for this address; None when nobody signed in here with it."""
    browser = _read()
    return str(browser["id"]) if browser and _sign_of(address) in browser["accounts"] else None


def remember(address: str) -> None:
    """Somebody signed in here; the answer of this request carries the cookie."""
    browser = _read() or {"id": secrets.token_urlsafe(16), "accounts": []}
    others = [sign for sign in browser["accounts"] if sign != _sign_of(address)]
    g.browser = {"id": browser["id"], "accounts": [*others, _sign_of(address)][-MOST_ACCOUNTS:]}


def add_cookie(response: Response) -> Response:
    if browser := g.get("browser"):
        secure = current_app.extensions["settings"].https
        response.set_cookie(
            _name(), _signer().dumps(browser), max_age=YEAR_SECONDS, secure=secure, httponly=True, samesite="Lax"
        )
    return response


def _read() -> dict[str, Any] | None:
    try:
        browser = _signer().loads(request.cookies.get(_name(), ""))
    except BadSignature:
        return None
    return browser if isinstance(browser, dict) and {"id", "accounts"} <= browser.keys() else None


def _sign_of(address: str) -> str:
    return throttle.bucket(current_app.config["SECRET_KEY"], KNOWN, address)[:16]


def _name() -> str:
    return "__Host-browser" if current_app.extensions["settings"].https else "browser"


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt=KNOWN)
