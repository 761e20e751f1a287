"""Nieuw op je grondgebied: what organisations published themselves, to look at afterwards."""

from typing import Any

from flask import flash, redirect, request, url_for
from flask_admin import expose
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.wrappers import Response

from admin_views.activity_list import EXPORTED
from admin_views.base import PolicyView
from admin_views.guard import present
from app.domain.activity import Origin, State, not_ended
from app.domain.policy import Action, Resource
from app.models import Activity, db
from app.models.clauses import clause
from app.services import entries, waiting


class FreshView(PolicyView):
    resource = Resource.ACTIVITY
    opens_with = Action.READ_FRESH
    order = (Activity.created_at.desc(),)
    load = (
        joinedload(Activity.municipality),
        joinedload(Activity.organisation),
        joinedload(Activity.level),
        joinedload(Activity.seen_by),
        selectinload(Activity.channels),
    )
    export_columns = EXPORTED
    export_load = (joinedload(Activity.municipality), joinedload(Activity.organisation), joinedload(Activity.level))
    list_template = "fresh/index.html"
    page_size = 20
    keeps = ("show",)

    def narrowed(self) -> Select[Any]:
        """Not yet seen is the same condition as the count in the menu; the other views are what was done with it."""
        match request.args.get("show"):
            case "seen":
                return self.scoped().where(
                    Activity.origin == Origin.OWN,
                    Activity.state == State.PUBLISHED,
                    Activity.seen_at.is_not(None),
                    clause(not_ended(present()), Activity),
                )
            case "withdrawn":
                return self.scoped().where(Activity.origin == Origin.OWN, Activity.state == State.WITHDRAWN)
            case _:
                return select(Activity).where(waiting.conditions(self.actor, present())[waiting.FRESH])

    @expose("/")
    def index_view(self) -> str:
        show = request.args.get("show")
        show = show if show in ("seen", "withdrawn") else ""
        return self.render(self.list_template, listing=self.listing(), show=show, may_mark=self.may(Action.MARK_SEEN))

    @expose("/seen/", methods=("POST",))
    def seen_view(self) -> Response:
        """Mark the chosen ones seen; `all` is all that the page showed."""
        ids = request.form.getlist("rowid")
        try:
            count = self.mark(ids)
        except StaleDataError:  # somebody saved one of them just then: look again
            db.session.rollback()
            count = self.mark(ids)
        said = ngettext("%(num)s activiteit staat op gezien.", "%(num)s activiteiten staan op gezien.", count)
        flash(said, "done" if count else "info")
        return redirect(url_for(".index_view"))

    def mark(self, ids: list[str]) -> int:
        rows = self.rows_for(ids, Action.MARK_SEEN)
        for row in rows:
            entries.mark_seen(db.session, self.actor, present(), row)
        db.session.commit()
        return len(rows)

    @expose("/unseen/", methods=("POST",))
    def unseen_view(self) -> Response:
        """Put one back among what is new."""
        row = self.get_one(request.form.get("rowid"), Action.MARK_SEEN)
        entries.mark_unseen(db.session, self.actor, row)
        db.session.commit()
        flash(_("“%(title)s” staat weer bij nieuw.", title=row.title), "done")
        return redirect(url_for(".index_view"))
