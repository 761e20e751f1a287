"""Who is asking. The cookie holds a random id; who that is, and what they may, is read anew each request."""

from datetime import datetime, timedelta
from urllib.parse import urlsplit, urlunsplit

import structlog
from flask import Flask, Response, current_app, flash, g, redirect, request, session, url_for
from flask_babel import gettext as _
from flask_login import LoginManager, current_user, login_user, logout_user
from sqlalchemy.exc import OperationalError
from werkzeug.wrappers import Response as BaseResponse

from app.domain.actor import Actor
from app.domain.clock import now_utc
from app.domain.errors import Conflict
from app.models import User, connection, db
from app.services import accounts, sessions
from app.services.access import SignedIn
from app.web import known_browsers
from app.web.doors import web

log = structlog.get_logger()
STILL = frozenset({None, "static", "admin.static", "healthz", "readyz"})  # not worth asking who fetches them
UNSEEN = frozenset({"web.seconds_left_here"})  # asked by the page, not by the person
OVER = {"left": 0, "most": 0}
WHO = "who"  # in the cookie: whose text may come back to this browser after signing in again
login_manager = LoginManager()
NOBODY = Actor()


class Person:
    """What Flask-Login asks of a user: the session's token as id, and the actor behind it."""

    is_active = True
    is_anonymous = False

    def __init__(self, token: str, signed_in: SignedIn | None = None) -> None:
        self.token = token
        self.signed_in = signed_in

    @property
    def is_authenticated(self) -> bool:
        return True

    def get_id(self) -> str:
        return self.token


def init(app: Flask) -> None:
    login_manager.init_app(app)
    app.context_processor(lambda: {"session_seconds": seconds_left(now_utc(), seen=is_sign_of_life())})


@login_manager.user_loader
def load(token: str) -> Person | None:
    found = sessions.find(db.session, token, now_utc(), idle())
    if found is None:
        return None
    g.actor = found.actor
    return Person(token, found)


def idle() -> timedelta:
    return timedelta(minutes=current_app.extensions["settings"].session_idle_minutes)


@login_manager.unauthorized_handler
def ask_to_sign_in() -> BaseResponse:
    flash(_("Meld je aan om verder te gaan."), "info")
    return redirect(url_for("web.login", next=where_one_was()))


def where_one_was() -> str | None:
    """The page to go on with after signing in: the one that was asked, or the one a button stood on."""
    if request.method == "GET":
        return request.full_path.rstrip("?")
    page = urlsplit(request.referrer or "")
    return urlunsplit(("", "", page.path, page.query, "")) if page.netloc == request.host else None


def actor() -> Actor:
    """Who is asking; nobody in particular when not signed in."""
    return g.get("actor", NOBODY) if current_user.is_authenticated else NOBODY


def signed_in() -> SignedIn | None:
    """The session behind this request, if there is one."""
    person = current_user._get_current_object() if current_user else None
    return person.signed_in if isinstance(person, Person) else None


def seconds_left(now: datetime, seen: bool = False) -> dict[str, int] | None:
    """How long the session lasts when nothing happens, and how long at most; None for who is not signed in.

    `seen`: this request itself begins the idle time anew (see `stay`).
    """
    here = signed_in()
    if here is None:
        return None
    last = now if seen and now - here.last_seen_at >= sessions.TOUCH_EVERY else here.last_seen_at
    most, left = (here.ends_at - now).total_seconds(), (last + idle() - now).total_seconds()
    return {"left": max(0, int(min(left, most))), "most": max(0, int(most))}


@web.get("/aangemeld")
def seconds_left_here() -> dict[str, int]:
    """For the page: how long the session still lasts. Asking does not make it longer."""
    return seconds_left(now_utc()) or OVER


@web.post("/aangemeld")
def stay_signed_in() -> dict[str, int]:
    """Blijf aangemeld: the idle time begins anew."""
    here, now = signed_in(), now_utc()
    if here is None:
        return OVER
    sessions.seen(db.session, here, now)
    db.session.commit()
    most = int((here.ends_at - now).total_seconds())
    return {"left": min(int(idle().total_seconds()), most), "most": most}


def is_sign_of_life() -> bool:
    """Whether this request shows that a person is there: a page was asked for, not a file, and not by a page."""
    return request.method == "GET" and request.endpoint not in STILL | UNSEEN


@web.after_app_request
def stay(response: Response) -> Response:
    """Remember that somebody is there, in a transaction of its own, after the work of the request."""
    if not is_sign_of_life():
        return response
    here, now = signed_in(), now_utc()
    if here is not None and now - here.last_seen_at >= sessions.TOUCH_EVERY:
        try:
            with connection.writing(db.session):
                sessions.touch(db.session, here, now)
        except OperationalError:
            log.warning("session not touched", session=here.session_id)  # the page itself is fine
    return response


web.after_app_request(known_browsers.add_cookie)


def begin(user_id: int, password_hash: str) -> None:
    """Start a session for this account: a new id, and nothing of what was there before.

    `password_hash` is that of the password that opened the door. Raises Conflict when the account has another one by
    now, or was suspended: a password that was changed opens no session that its change did not end.
    """
    settings = current_app.extensions["settings"]
    connection.begin_write(db.session)
    user = db.session.get_one(User, user_id, with_for_update=True, populate_existing=True)
    if user.password_hash != password_hash or user.suspended_at is not None:
        db.session.rollback()
        raise Conflict("Je wachtwoord is intussen gewijzigd. Meld je opnieuw aan.")
    if old := session.get("_user_id"):
        sessions.end(db.session, old)
    token = sessions.start(db.session, user, now_utc(), timedelta(hours=settings.session_hours))
    accounts.seen(db.session, user, now_utc())
    known_browsers.remember(user.email)
    db.session.commit()
    session.clear()
    g.pop("csrf_token", None)  # made for the session that is gone, and kept for the rest of this request
    session[WHO] = user_id
    login_user(Person(token))


def end() -> None:
    """Sign out: the session's row goes, and with it every copy of the cookie. Who it was stays, for the text that
    another tab may still hold."""
    who = session.get(WHO)
    if token := session.get("_user_id"):
        sessions.end(db.session, token)
        db.session.commit()
    logout_user()
    session.clear()
    if who:
        session[WHO] = who
