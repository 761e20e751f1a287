"""Meldingen: what visitors say is wrong with an activity, and whether somebody looked."""

from datetime import datetime
from typing import Any
from urllib.parse import quote

from flask import Flask, flash, redirect, request, url_for
from flask_admin import expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup
from sqlalchemy import Select
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response

from admin_views import cells
from admin_views.base import PolicyView
from admin_views.guard import present
from admin_views.listing import Column
from app.domain.policy import Action, Resource
from app.models import Activity, Report, db
from app.services import reports
from app.web.words import stamp

MAIL = Markup('<a href="mailto:{}">{}</a>')


def init(app: Flask) -> None:
    app.add_template_global(reports.PROBLEM_WORDS, "PROBLEM_WORDS")


def what(row: Report, now: datetime) -> Markup:
    """What is wrong, and the visitor's own words."""
    return cells.sub(_(reports.PROBLEM_WORDS[row.problem]), row.remark)


def about(row: Report, now: datetime) -> Markup:
    link = cells.link(url_for("activity.details_view", id=row.activity_id), row.activity.title)
    return cells.sub(link, row.municipality.name if row.municipality else _("geen gemeente"))


def when(row: Report, now: datetime) -> Markup:
    handled = _("afgehandeld door %(name)s", name=row.handled_by.name) if row.handled_by else ""
    return cells.sub(stamp(row.created_at), handled)


def reply(row: Report, now: datetime) -> Markup:
    return MAIL.format(quote(row.reply_to, safe="@"), row.reply_to) if row.reply_to else Markup("")


class ReportView(PolicyView):
    resource = Resource.REPORT
    columns = (
        Column(_l("Wat is er mis"), what),
        Column(_l("Activiteit"), about, "w"),
        Column(_l("Gemeld"), when),
        Column(_l("Antwoord aan"), reply),
    )
    export_columns = (  # the address of who reported goes in no file
        Column(_l("Wat is er mis"), lambda row, now: _(reports.PROBLEM_WORDS[row.problem])),
        Column(_l("Opmerking"), lambda row, now: row.remark),
        Column(_l("Activiteit"), lambda row, now: row.activity.title),
        Column(_l("Gemeente"), lambda row, now: row.municipality.name if row.municipality else ""),
        Column(_l("Gemeld"), lambda row, now: stamp(row.created_at)),
        Column(_l("Afgehandeld door"), lambda row, now: row.handled_by.name if row.handled_by else ""),
    )
    order = (Report.created_at.desc(),)
    keeps = ("show",)
    load = (
        joinedload(Report.activity).joinedload(Activity.municipality),
        joinedload(Report.municipality),
        joinedload(Report.handled_by),
    )
    load_one = (joinedload(Report.activity),)
    list_template = "report/list.html"

    def handled(self) -> bool:
        return request.args.get("show") == "handled"

    def narrowed(self) -> Select[Any]:
        """Open ones by the same condition as the count in the menu."""
        if self.handled():
            return self.scoped().where(Report.handled_at.is_not(None))
        return self.scoped().where(reports.waiting(self.actor))

    @expose("/")
    def index_view(self) -> str:
        return self.render(self.list_template, listing=self.listing(), handled=self.handled())

    @expose("/handle/", methods=("POST",))
    def handle_view(self) -> Response:
        """Somebody looked: the report leaves the list."""
        row = self.get_one(request.form.get("rowid"), Action.END)
        title, activity_id = row.activity.title, row.activity_id
        reports.handle(db.session, self.actor, present(), row)
        db.session.commit()
        flash(_("De melding over “%(title)s” is afgehandeld.", title=title), "done")
        if request.form.get("back") == "activity":
            return redirect(url_for("activity.details_view", id=activity_id))
        return redirect(url_for(".index_view"))
