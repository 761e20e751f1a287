"""Wat komt binnen: which UiT events reach a town's queue, as short lines."""

import secrets
from datetime import datetime
from typing import Any

from flask import current_app, flash, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_wtf import FlaskForm
from sqlalchemy import case, select
from sqlalchemy.orm import joinedload
from wtforms import HiddenField, RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from admin_views.base import PolicyView
from admin_views.fields import PlainText, squeezed
from admin_views.guard import present
from admin_views.listing import Column
from app.domain.errors import Invalid
from app.domain.policy import Resource
from app.domain.relevance import MATCH_WORDS, Match
from app.models import IntakeRule, Municipality, db
from app.services import intake
from app.services.sources import registry, sync
from app.services.sources.uitdatabank import terms


def said(row: IntakeRule, now: datetime) -> str:
    """The line as a sentence."""
    sentences = {
        Match.LABEL: _("Alles met het label “%(value)s”.", value=row.value),
        Match.ORGANISER: _("Alles van organisator “%(value)s”.", value=row.value),
        Match.TERM: _("Alles van de soort of het thema “%(value)s”.", value=terms.name_of(row.value)),
    }
    return sentences[row.match]


def of(row: IntakeRule, now: datetime) -> str:
    return row.municipality.name if row.municipality else _("overal, van het platform")


class IntakeForm(FlaskForm):
    form_token = HiddenField(validators=[Length(max=64)])
    municipality = SelectField(_l("Gemeente"))
    match = RadioField(
        _l("Waaraan herken je het?"),
        choices=[(match.value, _l(words)) for match, words in MATCH_WORDS.items()],
        default=Match.LABEL.value,
    )
    value = StringField(
        _l("Welke precies?"),
        [InputRequired(_l("Vul in waaraan je het herkent.")), Length(min=2, max=120), PlainText()],
        description=_l("Het label, de naam van de organisator, of de soort of het thema zoals UiT het noemt."),
        render_kw={"list": "terms"},
    )

    known: list[str]

    def value_of(self) -> str:
        """What is stored: a term by its id, everything else as typed. Raises Invalid for a term UiT does not know."""
        text = squeezed(self.value.data)
        if Match(self.match.data) is not Match.TERM:
            return text
        if (term_id := terms.id_of(text)) is None:
            unknown = "UiT kent geen soort of thema “%(text)s”. Kies er een uit de lijst."
            raise Invalid(unknown, field="value", text=text)
        return term_id


class IntakeView(PolicyView):
    resource = Resource.INTAKE_RULE
    columns = (Column(_l("Wat komt binnen"), said), Column(_l("Waar"), of, "w"))
    order = (case((IntakeRule.municipality_id.is_(None), 0), else_=1), IntakeRule.match, IntakeRule.value)
    load = load_one = (joinedload(IntakeRule.municipality),)
    form = IntakeForm
    list_template = "intake/list.html"
    create_template = "intake/form.html"
    can_create = can_delete = True

    def create_form(self, obj: Any = None) -> IntakeForm:
        form = IntakeForm()
        if request.method == "GET":
            form.form_token.data = secrets.token_urlsafe(24)
        form.known = sorted(terms.TERMS.values())
        towns = (
            select(Municipality).where(Municipality.id.in_(sorted(self.actor.moderates))).order_by(Municipality.name)
        )
        form.municipality.choices = [(str(town.id), town.name) for town in db.session.scalars(towns)]
        return form

    def create(self, form: IntakeForm) -> IntakeRule:
        town = int(form.municipality.data)
        match, token = Match(form.match.data), form.form_token.data or None
        rule = intake.add(db.session, self.actor, present(), town, match, form.value_of(), token)
        uit = registry.uitdatabank(current_app.extensions["settings"])
        arrived = sync.reconsider(db.session, uit, town, present())
        if arrived:
            flash(
                ngettext(
                    "%(num)s activiteit die we al kenden, wacht nu op keuren.",
                    "%(num)s activiteiten die we al kenden, wachten nu op keuren.",
                    arrived,
                ),
                "info",
            )
        return rule

    def already_made(self, form: IntakeForm) -> IntakeRule | None:
        return intake.made_by(db.session, self.actor, (form.form_token.data or "")[:64])

    def tell_made(self, made: IntakeRule) -> None:
        flash(_("De regel geldt vanaf nu."), "done")

    def remove(self, row: IntakeRule) -> None:
        intake.remove(db.session, self.actor, present(), row)

    def name_of(self, row: IntakeRule) -> str:
        return terms.name_of(row.value) if row.match is Match.TERM else row.value

    def after_create(self, made: IntakeRule) -> str:
        return url_for(".index_view")
