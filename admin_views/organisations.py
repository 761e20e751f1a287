"""Organisations of one's towns, or one's own."""

from datetime import datetime
from typing import Any

from flask import flash, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload
from wtforms import StringField
from wtforms.validators import DataRequired, Length

from admin_views import cells
from admin_views.base import PolicyView
from admin_views.fields import PlainText, squeezed
from admin_views.guard import present
from admin_views.listing import Column
from admin_views.saving import VersionedForm
from admin_views.stale import Part
from app.domain.clock import brussels_date
from app.domain.contact import web_link
from app.domain.errors import Invalid
from app.domain.policy import Action, Resource, scope
from app.models import Activity, Mandate, MandateRole, Organisation, db
from app.models.clauses import clause
from app.models.organisations import KIND_WORDS
from app.services import organisations
from app.services.access import valid_on


def name(row: Organisation, now: datetime) -> Markup:
    return cells.sub(cells.link(url_for("organisation.details_view", id=row.id), row.name), _(KIND_WORDS[row.kind]))


PARTS = (Part("name", "name", _l("Naam")), Part("website", "website", _l("Website")))


class OrganisationForm(VersionedForm):
    name = StringField(_l("Naam"), [DataRequired(_l("Hoe heet de organisatie?")), Length(max=120), PlainText()])
    website = StringField(_l("Website"), [Length(max=254)])


class OrganisationView(PolicyView):
    resource = Resource.ORGANISATION
    columns = (
        Column(_l("Organisatie"), name),
        Column(_l("Gemeente"), lambda row, now: row.municipality.name, "w"),
        Column(_l("Website"), lambda row, now: row.website.split("://")[-1], "e"),
    )
    search_in = (Organisation.name,)
    order = (Organisation.name,)
    load = load_one = (joinedload(Organisation.municipality),)
    export_columns = (
        Column(_l("Organisatie"), lambda row, now: row.name),
        Column(_l("Soort"), lambda row, now: _(KIND_WORDS[row.kind])),
        Column(_l("Gemeente"), lambda row, now: row.municipality.name),
        Column(_l("Website"), lambda row, now: row.website),
    )
    form = OrganisationForm
    parts = PARTS
    can_edit = can_view_details = True
    edit_template = "organisation/form.html"
    details_template = "organisation/details.html"

    def details(self, row: Organisation) -> dict[str, Any]:
        """Its activities, as far as this reader may see them, and its organisers for who belongs to it."""
        seen = clause(scope(self.actor, Action.READ, Resource.ACTIVITY), Activity)
        own = select(Activity).where(seen, Activity.organisation_id == row.id)
        members = select(Mandate).where(
            clause(scope(self.actor, Action.READ, Resource.MANDATE), Mandate),
            Mandate.organisation_id == row.id,
            Mandate.role == MandateRole.ORGANISER,
            valid_on(Mandate, brussels_date(present())),
        )
        return {
            "may_edit": self.may(Action.EDIT, row),
            "kind": KIND_WORDS[row.kind],
            "total": db.session.scalar(select(func.count()).select_from(own.subquery())),
            "activities": db.session.scalars(
                own.options(joinedload(Activity.municipality)).order_by(Activity.updated_at.desc()).limit(10)
            ).all(),
            "members": db.session.scalars(members.options(joinedload(Mandate.user))).all(),
        }

    def edit_form(self, obj: Organisation) -> OrganisationForm:
        return OrganisationForm(obj=obj)

    def change(self, form: OrganisationForm, row: Organisation) -> None:
        website = squeezed(form.website.data)
        try:
            link = web_link(website) if website else ""
        except Invalid as error:
            raise Invalid(error.message, field="website") from None
        typed = organisations.said(squeezed(form.name.data), link)
        said = typed | {name: getattr(row, name) for name in self.theirs()}
        self.refuse_stale(form, row, said, typed)
        organisations.change(db.session, self.actor, present(), row, **said)

    def tell_changed(self, row: Organisation) -> None:
        flash(_("“%(name)s” is bewaard.", name=row.name), "done")

    def after_change(self, row: Organisation) -> str:
        return url_for(".details_view", id=row.id)
