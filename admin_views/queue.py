"""Te keuren: imports that wait for a moderator, as a list beside one open record."""

from typing import Any

from flask import flash, redirect, request, url_for
from flask_admin import expose
from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response

from admin_views.base import PolicyView
from admin_views.guard import present, row_id
from app.domain import months, wording
from app.domain.clock import brussels_date
from app.domain.errors import Conflict, Invalid, NotFound
from app.domain.policy import Action, Resource
from app.models import Activity, Goal, Level, Reason, ReasonFor, Topic, db
from app.services import choices, moderation, waiting
from app.services.moderation import CHECKS, Enrichment
from app.web.catalogue import activity_url
from app.web.errors import words

MOST_NOTE = 2_000


class QueueView(PolicyView):
    resource = Resource.ACTIVITY
    opens_with = Action.READ_QUEUE
    order = (Activity.created_at, Activity.id)
    load = (joinedload(Activity.municipality), joinedload(Activity.organisation))
    load_one = (
        joinedload(Activity.municipality),
        joinedload(Activity.organisation),
        joinedload(Activity.level),
        joinedload(Activity.source_record),
        # One row: joining its short lists costs less than a statement each.
        joinedload(Activity.goals),
        joinedload(Activity.topics),
        joinedload(Activity.channels),
    )
    list_template = "queue/index.html"

    def narrowed(self) -> Select[Any]:
        """What waits: the same condition as the count in the menu."""
        return select(Activity).where(waiting.conditions(self.actor, present())[waiting.QUEUE])

    @expose("/")
    def index_view(self) -> Any:
        return self.page(self.opened())

    def opened(self) -> int | None:
        return row_id(request.args["id"]) if request.args.get("id") else None

    def page(self, open_id: int | None, typed: dict[str, Any] | None = None, trouble: str = "", field: str = "") -> Any:
        """The list with a record open: the one asked for, else the oldest."""
        listing = self.listing()
        asked = open_id is not None
        if open_id is None and listing.rows:
            open_id = listing.rows[0].id
        row = self.get_one(open_id) if open_id else None
        if row is not None and row.id not in {item.id for item in listing.rows} and row.state.value != "pending":
            # Decided meanwhile, here or by a colleague: say where it went.
            if not asked:
                raise NotFound
            return redirect(url_for("activity.details_view", id=row.id))
        rejecting = request.args.get("reject") == "1" or bool(typed and typed.get("decision") == "reject")
        page = self.render(
            self.list_template,
            listing=listing,
            row=row,
            asked=asked,
            position=next((index for index, item in enumerate(listing.rows, 1) if row and item.id == row.id), 0),
            may_decide=row is not None and self.may(Action.DECIDE, row),
            rejecting=rejecting,
            choices=choices.lists(db.session, ReasonFor.REJECT if rejecting else None) if row else {},
            months=months.around(row.schedule, present()) if row else [],
            typed=typed or {},
            several_towns=len(self.actor.moderates | self.actor.reads_along) > 1 or self.actor.platform,
            trouble=trouble,
            wrong_field=field,
        )
        return (page, 409 if not field else 400) if trouble else page

    @expose("/decide/", methods=("POST",))
    def decide_view(self) -> Any:
        """Approve in one click, or reject with a reason; then the next one opens."""
        row = self.get_one(request.form.get("id"), Action.DECIDE)
        id_, title, following = row.id, row.title, self.following(row.id)
        try:
            self.decide(row)
            db.session.commit()
        except Invalid as error:
            db.session.rollback()
            return self.page(id_, request.form.to_dict(), words(error), error.field or "form")
        except Conflict as error:
            db.session.rollback()
            flash(words(error), "wait")
            return redirect(url_for(".index_view", id=id_))
        self.say(row, title)
        return redirect(url_for(".index_view", id=following))

    def decide(self, row: Activity) -> None:
        form = request.form
        seen = form.get("seen", "")
        match form.get("decision"):
            case "approve":
                checks = {key: key in form.getlist("check") for key in CHECKS}
                moderation.approve(
                    db.session,
                    self.actor,
                    present(),
                    row,
                    seen=seen,
                    enrichment=self.enrichment(),
                    checks=checks,
                )
            case "reject":
                reason = chosen(Reason, form.getlist("reason"), Reason.used_for == ReasonFor.REJECT)
                remark = form.get("remark", "")[:MOST_NOTE]
                moderation.reject(
                    db.session,
                    self.actor,
                    present(),
                    row,
                    seen=seen,
                    reason=next(iter(reason), None),
                    remark=remark,
                )
            case "enrich":
                moderation.enrich(db.session, self.actor, present(), row, self.enrichment())
            case _:
                raise Invalid("Kies wat je wil doen.")

    def enrichment(self) -> Enrichment:
        """What the moderator added, from small lists: an id that is not on them is left out."""
        form = request.form
        return Enrichment(
            goals=chosen(Goal, form.getlist("goal")),
            topics=chosen(Topic, form.getlist("topic")),
            level=next(iter(chosen(Level, form.getlist("level"))), None),
            internal_note=form.get("note", "").strip()[:MOST_NOTE],
        )

    def following(self, id_: int) -> int | None:
        """The next one in the queue after this, else none: the oldest opens by itself."""
        query = self.narrowed().with_only_columns(Activity.id).order_by(*self.order)
        ids = list(db.session.scalars(query.limit(self.page_size)))
        if id_ not in ids:
            return None
        index = ids.index(id_)
        return ids[index + 1] if index + 1 < len(ids) else None

    def say(self, row: Activity, title: str) -> None:
        undo = {"id": row.id, "title": title}
        match request.form.get("decision"):
            case "approve":
                if row.public_from and row.public_from > present():
                    on = wording.day(brussels_date(row.public_from), present())
                    flash(
                        _(
                            "“%(title)s” is goedgekeurd. Het komt online op %(day)s, zoals UiT vraagt.",
                            title=title,
                            day=on,
                        ),
                        "done",
                    )
                    flash(undo, "undo")
                    return
                see = Markup('<a href="{}">{}</a>').format(activity_url(row), _("Bekijk op de publieke site"))
                flash(Markup("{} {}").format(_("“%(title)s” staat online.", title=title), see), "done")
                flash(undo, "undo")
            case "reject":
                flash(_("“%(title)s” is afgewezen.", title=title), "done")
                flash(undo, "undo")
            case _:
                flash(_("“%(title)s” is aangevuld.", title=title), "done")

    @expose("/undo/", methods=("POST",))
    def undo_view(self) -> Response:
        """Take back the decision just made: it waits again."""
        row = self.get_one(request.form.get("id"), Action.DECIDE)
        id_ = row.id
        try:
            moderation.undo(db.session, self.actor, present(), row)
            db.session.commit()
        except Conflict as error:
            db.session.rollback()
            flash(words(error), "wait")
            return redirect(url_for("activity.details_view", id=id_))
        flash(_("Ongedaan gemaakt: “%(title)s” wacht weer.", title=row.title), "done")
        return redirect(url_for(".index_view", id=id_))


def chosen(model: Any, ids: list[str], *conditions: Any) -> list[Any]:
    """The rows of a small list that a form names; what is no id of it is left out."""
    wanted = set(ids)
    return [
        row for row in db.session.scalars(select(model).where(*conditions).order_by(model.id)) if str(row.id) in wanted
    ]
