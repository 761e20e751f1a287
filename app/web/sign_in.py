"""Signing in and out. The cookie holds a random id; who that is, and what they may, is read anew each request."""

from datetime import timedelta
from urllib.parse import urlsplit

import structlog
from flask import (
    Blueprint,
    Flask,
    Response,
    current_app,
    flash,
    g,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import LoginManager, current_user, login_user, logout_user
from flask_wtf import FlaskForm
from sqlalchemy.exc import OperationalError
from werkzeug.wrappers import Response as BaseResponse
from wtforms import EmailField, PasswordField
from wtforms.validators import InputRequired, Length

from app.domain.actor import Actor
from app.domain.clock import now_utc
from app.domain.errors import Invalid
from app.models import User, connection, db
from app.services import accounts, one_time, sessions
from app.services.access import SignedIn

log = structlog.get_logger()
STILL = frozenset({None, "static", "admin.static"})  # files are not worth asking who fetches them
web = Blueprint("web", __name__)
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


class SignInForm(FlaskForm):
    email = EmailField(
        _l("E-mailadres"),
        [InputRequired(_l("Vul je e-mailadres in.")), Length(max=254)],
        render_kw={"autocomplete": "username"},
    )
    password = PasswordField(
        _l("Wachtwoord"),
        [InputRequired(_l("Vul je wachtwoord in.")), Length(max=accounts.MAX_LENGTH)],
        render_kw={"autocomplete": "current-password"},
    )


class PasswordForm(FlaskForm):
    password = PasswordField(
        _l("Kies een wachtwoord"),
        [InputRequired(_l("Kies een wachtwoord.")), Length(max=accounts.MAX_LENGTH)],
        description=_l("Minstens 12 tekens. Een zin die je makkelijk onthoudt, is prima."),
        render_kw={"autocomplete": "new-password"},
    )


def init(app: Flask) -> None:
    login_manager.init_app(app)
    app.register_blueprint(web)


@login_manager.user_loader
def load(token: str) -> Person | None:
    settings = current_app.extensions["settings"]
    now = now_utc()
    found = sessions.find(db.session, token, now, timedelta(minutes=settings.session_idle_minutes))
    if found is None:
        return None
    g.actor = found.actor
    return Person(token, found)


@login_manager.unauthorized_handler
def ask_to_sign_in() -> BaseResponse:
    flash(_("Meld je aan om verder te gaan."), "info")
    return redirect(url_for("web.login", next=request.full_path.rstrip("?") if request.method == "GET" else None))


def actor() -> Actor:
    """Who is asking; nobody in particular when not signed in."""
    return g.get("actor", NOBODY) if current_user.is_authenticated else NOBODY


@web.after_app_request
def stay(response: Response) -> Response:
    """Remember that somebody is there, in a transaction of its own, after the work of the request."""
    if request.endpoint in STILL:
        return response
    person = current_user._get_current_object() if current_user else None
    if request.method != "GET" or not isinstance(person, Person) or person.signed_in is None:
        return response
    now = now_utc()
    if now - person.signed_in.last_seen_at >= sessions.TOUCH_EVERY:
        try:
            with connection.writing(db.session):
                sessions.touch(db.session, person.signed_in, now)
        except OperationalError:
            log.warning("session not touched", session=person.signed_in.session_id)  # the page itself is fine
    return response


@web.route("/login", methods=["GET", "POST"])
def login() -> BaseResponse | tuple[str, int] | str:
    form = SignInForm()
    if request.method == "GET" and current_user.is_authenticated:
        return redirect(url_for("admin.index"))
    if form.validate_on_submit():
        user = accounts.with_password(db.session, form.email.data or "", form.password.data or "")
        if user is not None:
            user_id = user.id
            db.session.commit()  # a password hashed anew by today's measure
            begin(user_id)
            return redirect(safe_next() or url_for("admin.index"))
        form.password.errors = [_("Dit adres en dit wachtwoord horen niet bij elkaar.")]
    status = 200 if request.method == "GET" else 400
    return render_template("web/login.html", form=form, next=request.values.get("next", "")), status


@web.route("/welkom/<token>", methods=["GET", "POST"])
def welcome(token: str) -> BaseResponse | tuple[str, int]:
    """The first visit of a new account: choose a password, and be signed in."""
    reset = one_time.of_token(db.session, token, now_utc())
    user, domain = reset.user, current_app.extensions["settings"].host
    form = PasswordForm()
    if form.validate_on_submit():
        try:
            one_time.use(db.session, now_utc(), reset, form.password.data or "", domain)
            db.session.commit()
            begin(user.id)
            flash(_("Welkom, %(name)s. Je wachtwoord is gekozen.", name=user.name), "done")
            return redirect(url_for("admin.index"))
        except Invalid as error:
            db.session.rollback()
            form.password.errors = [error.worded(_)]
    return render_template("web/welcome.html", form=form, email=user.email), 200 if request.method == "GET" else 400


def begin(user_id: int) -> None:
    """Start a session for this account: a new id, and nothing of what was there before."""
    settings = current_app.extensions["settings"]
    connection.begin_write(db.session)
    user = db.session.get_one(User, user_id)
    if old := session.get("_user_id"):
        sessions.end(db.session, old)
    token = sessions.start(db.session, user, now_utc(), timedelta(hours=settings.session_hours))
    db.session.commit()
    session.clear()
    login_user(Person(token))


@web.post("/logout")
def logout() -> BaseResponse:
    if token := session.get("_user_id"):
        sessions.end(db.session, token)
        db.session.commit()
    logout_user()
    session.clear()
    flash(_("Je bent afgemeld."), "done")
    response = redirect(url_for("web.login"))
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


def safe_next() -> str | None:
    """Where somebody was going, if that is a path of this site: `next` is never followed anywhere else."""
    wanted = request.values.get("next", "")
    if not wanted.startswith("/") or wanted.startswith("//") or "\\" in wanted or not wanted.isprintable():
        return None
    parts = urlsplit(wanted)
    return wanted if not parts.scheme and not parts.netloc else None
