"""Choosing a password by a one-time link: at the first visit, or after forgetting the old one."""

from datetime import timedelta

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as BaseResponse
from wtforms import EmailField, PasswordField
from wtforms.validators import InputRequired, Length

from app.domain.clock import now_utc
from app.domain.errors import Invalid, TooMany
from app.domain.passwords import MAX_LENGTH
from app.models import connection, db
from app.services import one_time
from app.web import limits, sign_in
from app.web.doors import web
from app.web.limits import Limit
from app.web.login import as_counted

BY_VISITOR = Limit("forgotten password, address", 20, timedelta(hours=1))
BY_ACCOUNT = Limit("forgotten password, account", 5, timedelta(hours=1))


class PasswordForm(FlaskForm):
    password = PasswordField(
        _l("Kies een wachtwoord"),
        [InputRequired(_l("Kies een wachtwoord.")), Length(max=MAX_LENGTH)],
        description=_l("Minstens 12 tekens. Een zin die je makkelijk onthoudt, is prima."),
        render_kw={"autocomplete": "new-password"},
    )


class ForgottenForm(FlaskForm):
    email = EmailField(
        _l("E-mailadres"),
        [InputRequired(_l("Vul je e-mailadres in.")), Length(max=254)],
        render_kw={"autocomplete": "username"},
    )


@web.route("/wachtwoord-vergeten", methods=["GET", "POST"])
def forgotten() -> tuple[str, int]:
    """Ask for a link; the answer is the same whether or not the address is known."""
    form = ForgottenForm()
    if form.validate_on_submit():
        email = form.email.data or ""
        limits.note([(BY_VISITOR, limits.visitor())])
        try:
            # Who asks too often for one account has the mails already: no more leave, and nothing is told.
            limits.note([(BY_ACCOUNT, as_counted(email))])
            with connection.writing(db.session):
                one_time.ask(db.session, email, now_utc())
        except Invalid as error:
            form.email.errors = [error.worded(_)]
            return render_template("web/forgotten.html", form=form, asked=""), 400
        except TooMany:
            pass
        return render_template("web/forgotten.html", form=form, asked=email.strip()), 200
    status = 200 if request.method == "GET" else 400
    return render_template("web/forgotten.html", form=form, asked=""), status


@web.route("/welkom/<token>", methods=["GET", "POST"])
def welcome(token: str) -> BaseResponse | tuple[str, int]:
    """The first visit of a new account."""
    return choose(token, first=True)


@web.route("/wachtwoord/<token>", methods=["GET", "POST"])
def password(token: str) -> BaseResponse | tuple[str, int]:
    """The link of the mail to who forgot."""
    return choose(token, first=False)


def choose(token: str, first: bool) -> BaseResponse | tuple[str, int]:
    """Choose a password, and be signed in; every other session of the account has ended."""
    domain = current_app.extensions["settings"].host
    reset = one_time.of_token(db.session, token, now_utc())
    email = reset.user.email if reset.user else ""
    form = PasswordForm()
    if form.validate_on_submit():
        try:
            user = one_time.use(db.session, now_utc(), reset, form.password.data or "", domain)
            user_id, name, proved = user.id, user.name, user.password_hash
            db.session.commit()
            sign_in.begin(user_id, proved)
            said = (
                _("Welkom, %(name)s. Je wachtwoord is gekozen.")
                if first
                else _("Dag %(name)s. Je nieuwe wachtwoord geldt vanaf nu.")
            )
            flash(said % {"name": name}, "done")
            return redirect(url_for("admin.index"))
        except Invalid as error:
            db.session.rollback()
            form.password.errors = [error.worded(_)]
    status = 200 if request.method == "GET" else 400
    return render_template("web/welcome.html", form=form, email=email, first=first), status
