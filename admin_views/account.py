"""Je account: your own name and password, the devices where you are signed in, and the letters as keys."""

from typing import Any

from flask import current_app, flash, redirect, request, url_for
from flask_admin import expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import PasswordField, StringField
from wtforms.validators import DataRequired, InputRequired, Length

from admin_views.fields import PlainText
from admin_views.guard import PolicyPage, is_resumed, present
from app.domain.errors import Invalid
from app.domain.passwords import MAX_LENGTH
from app.domain.policy import Action, Resource, require
from app.models import User, connection, db
from app.services import accounts, sessions
from app.web import limits, sign_in
from app.web.login import BY_BROWSER

Page = Response | tuple[str, int]


class NameForm(FlaskForm):
    name = StringField(
        _l("Je naam"),
        [DataRequired(_l("Vul je naam in.")), PlainText(), Length(max=80, message=_l("Hoogstens 80 tekens."))],
        description=_l("Zo zien collega’s je in de lijsten en in de geschiedenis."),
        render_kw={"autocomplete": "name"},
    )


class ChangePasswordForm(FlaskForm):
    current_password = PasswordField(
        _l("Je huidige wachtwoord"),
        [InputRequired(_l("Vul je huidige wachtwoord in.")), Length(max=MAX_LENGTH)],
        render_kw={"autocomplete": "current-password"},
    )
    password = PasswordField(
        _l("Je nieuwe wachtwoord"),
        [InputRequired(_l("Kies een wachtwoord.")), Length(max=MAX_LENGTH)],
        description=_l("Minstens 12 tekens. Een zin die je makkelijk onthoudt, is prima."),
        render_kw={"autocomplete": "new-password"},
    )


class AccountView(PolicyPage):
    """Everybody's own; nobody's account is reached by an id here."""

    resource = Resource.ACCOUNT
    opens_with = Action.EDIT

    def is_visible(self) -> bool:
        return False  # its link is the name above the page

    @expose("/")
    def index(self) -> Page:
        return self.page()

    @expose("/name/", methods=("POST",))
    def name_view(self) -> Page:
        form, user = NameForm(), self.user()
        if is_resumed() or not form.validate():
            return self.page(name_form=form)
        try:
            accounts.rename(db.session, self.actor, present(), user, (form.name.data or "").strip())
        except Invalid as error:
            return self.refused(error, name_form=form)
        db.session.commit()
        flash(_("Je heet hier nu %(name)s.", name=user.name), "done")
        return redirect(url_for("account.index"))

    @expose("/password/", methods=("POST",))
    def password_view(self) -> Page:
        """Another password; every session ends, and this browser begins a new one."""
        form, user = ChangePasswordForm(), self.user()
        if not form.validate():
            return self.page(password_form=form)
        user_id, email = user.id, user.email
        tries = limits.note([(BY_BROWSER, f"account {user_id}")])
        if accounts.with_password(db.session, email, form.current_password.data or "") is None:
            form.current_password.errors = [_("Dit is niet je huidige wachtwoord.")]
            return self.page(password_form=form)
        try:
            connection.begin_write(db.session)
            host = current_app.extensions["settings"].host
            accounts.choose_password(db.session, self.actor, present(), self.user(), form.password.data or "", host)
            proved = self.user().password_hash
            db.session.commit()
        except Invalid as error:
            return self.refused(error, password_form=form)
        limits.take_back(tries)
        sign_in.begin(user_id, proved)
        flash(_("Je nieuwe wachtwoord geldt vanaf nu. Op alle andere toestellen ben je afgemeld."), "done")
        return redirect(url_for("account.index"))

    @expose("/elsewhere/", methods=("POST",))
    def elsewhere_view(self) -> Response:
        """Sign out everywhere but here."""
        here = sign_in.signed_in()
        ended = sessions.end_all(db.session, self.user().id, but=here.session_id if here else None)
        db.session.commit()
        said = ngettext("Op %(num)s ander toestel afgemeld.", "Op %(num)s andere toestellen afgemeld.", ended)
        flash(said, "done")
        return redirect(url_for("account.index"))

    def user(self) -> User:
        user = db.session.get_one(User, self.actor.user_id)
        require(self.actor, Action.EDIT, Resource.ACCOUNT, user)
        return user

    def refused(self, error: Invalid, **forms: FlaskForm) -> Page:
        db.session.rollback()
        form = next(iter(forms.values()))
        field = form._fields[error.field or "name"]
        field.errors = [error.worded(_)]
        return self.page(**forms)

    def page(self, **forms: Any) -> tuple[str, int]:
        db.session.rollback()
        user, here = self.user(), sign_in.signed_in()
        shown = {"name_form": NameForm(formdata=None, obj=user), "password_form": ChangePasswordForm(formdata=None)}
        wrong = request.method == "POST" and not is_resumed()
        return self.render(
            "account/index.html",
            user=user,
            here=here.session_id if here else None,
            sessions=sessions.all_of(db.session, user.id, present(), sign_in.idle()),
            **{**shown, **forms},
        ), 400 if wrong else 200
