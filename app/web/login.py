"""Signing in and out. At most ten bad tries an account in a quarter of an hour, and thirty from one address."""

from datetime import timedelta
from urllib.parse import urlsplit

from flask import flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as BaseResponse
from wtforms import EmailField, PasswordField
from wtforms.validators import InputRequired, Length

from app.domain.errors import Invalid, TooMany
from app.domain.passwords import MAX_LENGTH
from app.models import db
from app.services import accounts
from app.web import known_browsers, limits, resume, sign_in
from app.web.doors import web
from app.web.limits import Limit, seconds_until

GOING = "going"  # in the cookie: where a link from a mail goes on after signing in, so that no address holds its token
WITHIN = timedelta(minutes=15)
BY_ACCOUNT = Limit("sign in, account", 10, WITHIN)
BY_BROWSER = Limit("sign in, known browser", 10, WITHIN)
BY_ADDRESS = Limit("sign in, address", 30, WITHIN)


class SignInForm(FlaskForm):
    email = EmailField(
        _l("E-mailadres"),
        [InputRequired(_l("Vul je e-mailadres in.")), Length(max=254)],
        render_kw={"autocomplete": "username"},
    )
    password = PasswordField(
        _l("Wachtwoord"),
        [InputRequired(_l("Vul je wachtwoord in.")), Length(max=MAX_LENGTH)],
        render_kw={"autocomplete": "current-password"},
    )


@web.route("/login", methods=["GET", "POST"])
def login() -> ResponseReturnValue:
    form = SignInForm()
    if request.method == "GET" and current_user.is_authenticated:
        return redirect(url_for("admin.index"))
    kept = resume.kept()
    if form.validate_on_submit():
        try:
            proved = let_in(form.email.data or "", form.password.data or "")
        except TooMany as error:
            if not kept:
                raise
            form.password.errors = [_("Dat ging te vaak na elkaar. Wacht een kwartier; je tekst blijft hier staan.")]
            retry = {"Retry-After": str(seconds_until(error.until))}
            return render_template("web/login.html", form=form, next="", kept=kept), 429, retry
        if proved is not None:
            going = safe_next() or session.get(GOING)
            sign_in.begin(*proved)
            return resume.give_back(proved[0]) or redirect(going or url_for("admin.index"))
        form.password.errors = [_("Dit adres en dit wachtwoord horen niet bij elkaar.")]
    status = 200 if request.method == "GET" else 400
    return render_template("web/login.html", form=form, next=request.values.get("next", ""), kept=kept), status


def let_in(email: str, password: str) -> tuple[int, str] | None:
    """The id and the password hash of the account these belong to. Whether the address is known makes no difference
    in what is counted, told, or how long it takes. Raises TooMany."""
    address = as_counted(email)
    if browser := known_browsers.name_here(address):
        whole = (BY_BROWSER, f"{browser} {address}")
        tries = limits.note([whole])
    else:
        whole = (BY_ACCOUNT, address)
        tries = limits.note([whole, (BY_ADDRESS, limits.visitor())])
    user = accounts.with_password(db.session, email, password)
    if user is None:
        return None
    proved = user.id, user.password_hash
    db.session.commit()  # a password hashed anew by today's measure
    limits.forget(*whole)
    limits.take_back(tries)
    return proved


def as_counted(email: str) -> str:
    """The one spelling of an account, by the same rule that finds it; of what is no address, what was typed."""
    try:
        return accounts.normal_email(email)
    except Invalid:
        return email.strip().lower()


@web.post("/logout")
def logout() -> BaseResponse:
    sign_in.end()
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
