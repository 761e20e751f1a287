"""Meld een probleem: what a visitor met with a public activity, told to its town. No account, no script needed."""

import secrets
from datetime import timedelta
from typing import Any

from flask import Blueprint, Flask, Response, abort, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response as BaseResponse
from wtforms import HiddenField, RadioField, StringField, TextAreaField
from wtforms.validators import AnyOf, Length

from app.domain.clock import now_utc
from app.domain.errors import Invalid, TooMany
from app.models import Activity, Problem, connection, db
from app.services import catalogue, reports
from app.web import limits
from app.web.errors import words
from app.web.limits import Limit
from app.web.pages import at_hour

problem = Blueprint("problem", __name__)
HOURLY, DAILY = Limit("report", 5, timedelta(hours=1)), Limit("report-day", 20, timedelta(days=1))
OF_ONE = Limit("report-activity", 10, timedelta(hours=1))
TRAP = "website"  # no person sees this field; programs fill in everything


def init(app: Flask) -> None:
    app.register_blueprint(problem)


def lines(text: str | None) -> str:
    """One sign for the end of a line, as it was counted in the browser."""
    return (text or "").replace("\r\n", "\n")


class ReportForm(FlaskForm):
    problem = RadioField(
        _l("Wat is er mis?"),
        [AnyOf([kind.value for kind in Problem], message=_l("Kies wat er mis is."))],
        choices=[(kind.value, _l(said)) for kind, said in reports.PROBLEM_WORDS.items()],
        validate_choice=False,
    )
    remark = TextAreaField(
        _l("Wil je er iets bij schrijven?"),
        [Length(max=reports.LONGEST_REMARK, message=_l("Dit is te lang: hoogstens 1000 tekens."))],
        description=_l("Schrijf geen namen of nummers van andere mensen."),
        filters=[lines],
        render_kw={"rows": 5, "maxlength": reports.LONGEST_REMARK},
    )
    reply_to = StringField(
        _l("Je e-mailadres"),
        [Length(max=254, message=_l("Dit is geen e-mailadres. Het heeft de vorm naam@organisatie.be."))],
        description=_l("Enkel als je een antwoord wil. We wissen het 3 maanden nadat je melding is afgehandeld."),
        render_kw={"type": "email", "autocomplete": "email", "maxlength": 254},
    )
    website = StringField(_l("Laat dit leeg"), render_kw={"autocomplete": "off", "tabindex": "-1"})
    form_token = HiddenField(validators=[Length(max=64)])


@problem.route("/activiteiten/<int:id>/meld", methods=["GET", "POST"], provide_automatic_options=False)
def new(id: int) -> BaseResponse | tuple[str, int]:
    activity, form = public_activity(id), ReportForm()
    status = 200
    if request.method == "POST":
        try:
            if form.validate() and (form[TRAP].data or save(activity.id, form)):
                return redirect(url_for("problem.thanks", id=id), 303)
            status = 400
        except Invalid as error:
            form[error.field or "remark"].errors = [words(error)]
            status = 400
        except TooMany as trouble:
            when = at_hour(trouble.until + timedelta(minutes=1))  # no earlier than said
            form.form_errors.append(_("Er kwamen net te veel meldingen. Probeer het %(when)s opnieuw.", when=when))
            status = 429
        db.session.rollback()
        activity = public_activity(id)
    form.form_token.data = form.form_token.data or secrets.token_urlsafe(24)
    return render_template("public/report.html", form=form, activity=activity), status


@problem.route("/activiteiten/<int:id>/meld/bedankt", methods=["GET"], provide_automatic_options=False)
def thanks(id: int) -> str:
    return render_template("public/report_thanks.html", activity=public_activity(id))


@problem.after_request
def keep(response: Response) -> Response:
    """The form holds a token of its own: no cache may give it to somebody else."""
    response.headers["Cache-Control"] = "no-store"
    return response


def public_activity(id: int) -> Activity:
    entry = catalogue.one(db.session, now_utc(), id)  # type: ignore[arg-type]
    if entry is None or entry.gone:
        abort(404)
    return entry.activity


def save(id: int, form: Any) -> bool:
    """Keep the report and leave the notice, in one transaction. Raises Invalid, or TooMany."""
    token = form.form_token.data or None
    if reports.sent_before(db.session, token) is not None:  # type: ignore[arg-type]
        return True
    said = (Problem(form.problem.data), form.remark.data, form.reply_to.data or "", token)
    tries = limits.note([(HOURLY, limits.visitor()), (DAILY, limits.visitor()), (OF_ONE, str(id))])
    try:
        with connection.writing(db.session):  # type: ignore[arg-type]
            reports.report(db.session, now_utc(), public_activity(id), *said)  # type: ignore[arg-type]
    except Invalid:
        limits.take_back(tries)
        raise
    except IntegrityError:
        # The same form, sent twice at once: the other one was a moment earlier.
        if reports.sent_before(db.session, token) is None:  # type: ignore[arg-type]
            raise
    return True
