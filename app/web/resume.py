"""What was typed when a session ended comes back after signing in again.

A form that arrives without a session, or with an old token, is not carried out: its fields travel, signed, in the
page that asks to sign in, and are then posted to their own address with `resume`, which shows the form and saves
nothing. Only what this site's own pages sent is kept, and only for who typed it.
"""

from typing import Any
from urllib.parse import urlsplit

from flask import current_app, render_template, request, session
from itsdangerous import BadData, URLSafeTimedSerializer

from app.web import sign_in

FIELD = "kept"
KEPT_SECONDS = 12 * 3600
MOST_BYTES = 500_000
# The forms in which somebody types; every other button is simply pressed again.
TYPED_IN = frozenset({"create_view", "edit_view", "decide_view", "withdraw_view", "name_view"})
Fields = list[tuple[str, str]]


def is_typed_form() -> bool:
    """Whether this request carries a form of the administration that one of our own pages sent."""
    name = (request.endpoint or "").rpartition(".")[2]
    if request.method != "POST" or name not in TYPED_IN or not request.path.startswith("/admin/"):
        return False
    return came_from_here() and (request.content_length or 0) <= MOST_BYTES


def came_from_here() -> bool:
    """By what the browser itself says, and no script can forge (Fetch Metadata, or Origin for older browsers)."""
    if site := request.headers.get("Sec-Fetch-Site"):
        return site == "same-origin"
    origin = urlsplit(request.headers.get("Origin", ""))
    return bool(origin.netloc) and origin.netloc == request.host


def fields() -> Fields:
    """What was typed; not the token, which belongs to the page that is gone, and never a password."""
    return [
        (name, value)
        for name, value in request.form.items(multi=True)
        if name not in ("csrf_token", "resume") and "password" not in name
    ]


def ask_to_sign_in_again() -> tuple[str, int]:
    """Sign in on a page that keeps what was typed."""
    from app.web.login import SignInForm  # the page of signing in asks us, and we ask it

    form = SignInForm(formdata=None)
    kept = _signer().dumps({"to": request.full_path.rstrip("?"), "fields": fields(), "who": session.get(sign_in.WHO)})
    return render_template("web/login.html", form=form, next="", kept=kept), 401


def show_again() -> tuple[str, int]:
    """Signed in, but with the token of an older page: the form once more, to look at and send."""
    return render_template("web/resumed.html", to=request.full_path.rstrip("?"), fields=fields(), old=True), 400


def kept() -> str:
    """What the sign-in page carries; nothing unless it is ours."""
    value = request.form.get(FIELD, "")
    return value if _read(value) else ""


def give_back(user_id: int) -> tuple[str, int] | None:
    """After signing in: the page that brings the text back to its form. None when there is none for this person."""
    found = _read(request.form.get(FIELD, ""))
    if not found or found["who"] != user_id:
        return None
    return render_template("web/resumed.html", to=found["to"], fields=found["fields"], old=False), 200


def _read(value: str) -> dict[str, Any] | None:
    try:
        found = _signer().loads(value, max_age=KEPT_SECONDS) if value else None
    except BadData:
        return None
    return found if isinstance(found, dict) else None


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="what was typed")
