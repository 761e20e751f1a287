"""Accepting an invitation: who has an account signs in and takes it up, who has none makes one on the same page."""

from flask import current_app, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf import FlaskForm
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response as BaseResponse
from wtforms import PasswordField, StringField
from wtforms.validators import DataRequired, InputRequired, Length

from app.domain.actor import ROLE_WORDS, Role
from app.domain.clock import now_utc
from app.domain.errors import Invalid
from app.domain.passwords import MAX_LENGTH
from app.models import Invitation, User, db
from app.services import invitations
from app.web import sign_in
from app.web.doors import web
from app.web.login import GOING


class AcceptForm(FlaskForm):
    """For who has an account and is signed in: a button, and the token against forgery."""


class NewAccountForm(FlaskForm):
    name = StringField(
        _l("Je naam"),
        [DataRequired(_l("Vul je naam in.")), Length(max=80)],
        description=_l("Zo zien je collega’s je in de lijsten en in de geschiedenis."),
        render_kw={"autocomplete": "name"},
    )
    password = PasswordField(
        _l("Kies een wachtwoord"),
        [InputRequired(_l("Kies een wachtwoord.")), Length(max=MAX_LENGTH)],
        description=_l("Minstens 12 tekens. Een zin die je makkelijk onthoudt, is prima."),
        render_kw={"autocomplete": "new-password"},
    )


@web.route("/uitnodiging/<token>", methods=["GET", "POST"])
def invitation(token: str) -> BaseResponse | tuple[str, int]:
    asked = invitations.of_token(db.session, token, now_utc())
    account = invitations.account_of(db.session, asked)
    if account is None:
        return by_somebody_new(asked)
    return by_somebody_known(asked, account)


def by_somebody_new(asked: Invitation) -> BaseResponse | tuple[str, int]:
    form = NewAccountForm(name=asked.name)
    if form.validate_on_submit():
        try:
            domain = current_app.extensions["settings"].host
            name, password = (form.name.data or "").strip(), form.password.data or ""
            user = invitations.accept_anew(db.session, now_utc(), asked, name, password, domain)
            return welcomed(user)
        except IntegrityError:  # the same form was sent twice at once: the other made the account, and let it in
            db.session.rollback()
            return redirect(url_for("admin.index"))
        except Invalid as error:
            db.session.rollback()
            field = form._fields.get(error.field or "", form.password)
            field.errors = [error.worded(_)]
    return page(asked, form, "new")


def by_somebody_known(asked: Invitation, account: User) -> BaseResponse | tuple[str, int]:
    if not current_user.is_authenticated:
        session[GOING] = request.path
        return page(asked, AcceptForm(), "sign_in")
    if sign_in.actor().user_id != account.id:
        return page(asked, AcceptForm(), "other")
    form = AcceptForm()
    if form.validate_on_submit():
        invitations.accept(db.session, now_utc(), asked, account)
        db.session.commit()
        flash(_("Gedaan. Je ziet nu ook wat bij je nieuwe rol hoort."), "done")
        return redirect(url_for("admin.index"))
    return page(asked, form, "accept")


def welcomed(user: User) -> BaseResponse:
    user_id, name, proved = user.id, user.name, user.password_hash
    db.session.commit()
    sign_in.begin(user_id, proved)
    flash(_("Welkom, %(name)s. Je wachtwoord is gekozen.", name=name), "done")
    return redirect(url_for("admin.index"))


def page(asked: Invitation, form: FlaskForm, case: str) -> tuple[str, int]:
    role = _(ROLE_WORDS[Role(asked.role.value)])
    what = _("%(role)s van %(ground)s", role=role, ground=asked.ground) if asked.ground else role
    wrong = request.method == "POST"
    return render_template("web/invitation.html", asked=asked, what=what, form=form, case=case), 400 if wrong else 200
