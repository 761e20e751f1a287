"""Te keuren: imports that wait for a moderator, as a list beside one open record."""

from dataclasses import replace
from typing import Any

from flask import flash, redirect, request, url_for
from flask_admin import expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup
from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from admin_views import stale
from admin_views.activity_list import EXPORTED
from admin_views.base import PolicyView
from admin_views.fields import prose
from admin_views.guard import is_resumed, present, row_id
from admin_views.stale import Meanwhile, Part, Stale
from app.domain import months, wording
from app.domain.activity import State
from app.domain.clock import brussels_date
from app.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from app.domain.policy import Action, Resource
from app.models import Activity, Goal, Level, Reason, ReasonFor, Topic, db
from app.services import choices, moderation, waiting
from app.services.moderation import CHECKS, Enrichment
from app.web.catalogue import activity_url
from app.web.errors import COLLEAGUE_WAS_FIRST, words

MOST_NOTE = 2_000
DECISIONS = ("approve", "reject")
ADDED = {"goal": "goals", "topic": "topics", "level": "level", "note": "internal_note"}
PARTS = (
    Part("goal", "goals", _l("Doelen")),
    Part("topic", "topics", _l("Onderwerpen")),
    Part("level", "level_id", _l("Taalniveau")),
    Part("note", "internal_note", _l("Notitie voor collega’s")),
)


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
    parts = PARTS
    export_columns = EXPORTED
    export_load = (joinedload(Activity.municipality), joinedload(Activity.organisation), joinedload(Activity.level))
    list_template = "queue/index.html"

    def narrowed(self) -> Select[Any]:
        """What waits: the same condition as the count in the menu."""
        return select(Activity).where(waiting.conditions(self.actor, present())[waiting.QUEUE])

    @expose("/")
    def index_view(self) -> Any:
        return self.page(self.opened())

    def opened(self) -> int | None:
        return row_id(request.args["id"]) if request.args.get("id") else None

    def page(
        self,
        open_id: int | None,
        typed: MultiDict[str, str] | None = None,
        trouble: str = "",
        field: str = "",
        meanwhile: Meanwhile | None = None,
    ) -> Any:
        """The list with a record open: the one asked for, else the oldest. `typed` is what a form said."""
        listing = self.listing()
        asked = open_id is not None
        if open_id is None and listing.rows:
            open_id = listing.rows[0].id
        row = self.get_one(open_id) if open_id else None
        if row is not None and row.id not in {item.id for item in listing.rows} and row.state is not State.PENDING:
            # Decided meanwhile, here or by a colleague: say where it went.
            if not asked:
                raise NotFound
            return redirect(url_for("activity.details_view", id=row.id))
        rejecting = request.args.get("reject") == "1" or (typed is not None and typed.get("decision") == "reject")
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
            filled=filled(row, typed, meanwhile) if row else {},
            several_towns=len(self.actor.moderates | self.actor.reads_along) > 1 or self.actor.platform,
            trouble=trouble,
            wrong_field=field,
            meanwhile=self.with_choices(row, meanwhile) if typed is not None else None,
            mark=stale.mark_of(row) if row and not rejecting and self.may(Action.DECIDE, row) else 0,
        )
        if field:
            return page, 400
        return (page, 409) if trouble or meanwhile else page

    def with_choices(self, row: Activity, meanwhile: Meanwhile | None) -> Meanwhile | None:
        """What was chosen before between two people stays on the page until it is saved."""
        shown = {clash.field for clash in meanwhile.clashes} if meanwhile else set()
        kept = {name: whose for name, whose in stale.chosen(request.form, PARTS).items() if name not in shown}
        if kept:
            meanwhile = meanwhile or Meanwhile()
            meanwhile.clashes.extend(stale.again(row, None, PARTS, kept).clashes)
        return meanwhile

    @expose("/decide/", methods=("POST",))
    def decide_view(self) -> Any:
        """Approve in one click, or reject with a reason; then the next one opens."""
        try:
            row = self.get_one(request.form.get("id"), Action.DECIDE)
        except (NotFound, NotAllowed) as refusal:
            return self.gone(request.form.get("id"), typed_words(None), refusal)
        id_, title, following = row.id, row.title, self.following(row)
        if is_resumed() and row.state is State.PENDING:
            return self.page(id_, request.form)
        try:
            if is_resumed():
                raise Conflict(COLLEAGUE_WAS_FIRST)
            self.decide(row)
            db.session.commit()
        except Stale as error:
            db.session.rollback()
            return self.page(id_, request.form, meanwhile=error.meanwhile)
        except Invalid as error:
            db.session.rollback()
            return self.page(id_, request.form, words(error), error.field or "form")
        except (Conflict, StaleDataError) as error:
            db.session.rollback()
            return self.overtaken(id_, title, following, error)
        self.say(row, title)
        return redirect(url_for(".index_view", id=following))

    def overtaken(self, id_: int, title: str, following: int | None, error: Exception) -> Any:
        """Somebody was first, or the source: say who, and keep what was typed. The second click of a double one is
        answered as the first."""
        row = self.get_one(id_, Action.DECIDE)
        verb = request.form.get("decision", "")
        if verb in DECISIONS and stale.just_done(self.actor, Activity, id_, verb, present()):
            self.say(row, title)
            return redirect(url_for(".index_view", id=following))
        said = words(error) if isinstance(error, Conflict) else _(COLLEAGUE_WAS_FIRST)
        try:
            moderation.refuse_unseen(db.session, row, request.form.get("seen", ""))
        except Conflict as told:
            said = words(told)
        if row.state is State.PENDING:
            return self.page(id_, request.form, said)
        if typed := typed_words(row):
            return self.kept(said, typed, url_for("activity.details_view", id=id_)), 409
        flash(said, "wait")
        return redirect(url_for(".index_view", id=id_))

    def decide(self, row: Activity) -> None:
        form = request.form
        seen = form.get("seen", "")
        match form.get("decision"):
            case "approve":
                checks = {key: key in form.getlist("check") for key in CHECKS}
                moderation.refuse_unseen(db.session, row, seen)
                moderation.approve(
                    db.session,
                    self.actor,
                    present(),
                    row,
                    seen=seen,
                    enrichment=self.enrichment(row),
                    checks=checks,
                )
            case "reject":
                reason = chosen(Reason, form.getlist("reason"), Reason.used_for == ReasonFor.REJECT)
                moderation.reject(
                    db.session,
                    self.actor,
                    present(),
                    row,
                    seen=seen,
                    reason=next(iter(reason), None),
                    remark=prose(form.get("remark", ""), "remark", MOST_NOTE),
                )
            case "enrich":
                moderation.enrich(db.session, self.actor, present(), row, self.enrichment(row))
            case _:
                raise Invalid("Kies wat je wil doen.")

    def enrichment(self, row: Activity) -> Enrichment:
        """What the moderator added, from small lists: an id that is not on them is left out.

        Raises Stale when a colleague added something since the page was opened, and it makes a difference.
        """
        form = request.form
        typed = Enrichment(
            goals=chosen(Goal, form.getlist("goal")),
            topics=chosen(Topic, form.getlist("topic")),
            level=next(iter(chosen(Level, form.getlist("level"))), None),
            internal_note=prose(form.get("note", ""), "note", MOST_NOTE),
        )
        wanted = replace(typed, **{ADDED[name]: getattr(row, ADDED[name]) for name in self.theirs()})
        version = form.get("row_version")
        if version and version != str(row.row_version):
            said = moderation.said(wanted)
            if meanwhile := stale.compare(row, said, PARTS, form.get("last_change")):
                raise Stale(meanwhile)
        return wanted

    def following(self, row: Activity) -> int | None:
        """The next one in the queue after this, else none: the oldest opens by itself."""
        later = or_(
            Activity.created_at > row.created_at, and_(Activity.created_at == row.created_at, Activity.id > row.id)
        )
        query = self.narrowed().where(later).with_only_columns(Activity.id).order_by(*self.order)
        return db.session.scalar(query.limit(1))

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


def filled(row: Activity, typed: MultiDict[str, str] | None, meanwhile: Meanwhile | None) -> dict[str, Any]:
    """What the fields of the form say: as stored, or as typed but for what only a colleague changed since."""
    stored: dict[str, Any] = {
        "goal": [str(goal.id) for goal in row.goals],
        "topic": [str(topic.id) for topic in row.topics],
        "level": str(row.level_id or ""),
        "note": row.internal_note,
        "check": [],
        "reason": "",
        "remark": "",
    }
    if typed is None or (typed.get("decision") == "reject" and "note" not in typed):
        return stored | {name: typed.get(name, "") for name in ("reason", "remark") if typed is not None}
    lists, lines = ("goal", "topic", "check"), ("level", "note", "reason", "remark")
    said = {name: typed.getlist(name) for name in lists} | {name: typed.get(name, "") for name in lines}
    taken = meanwhile.taken_fields if meanwhile else []
    return stored | {name: value for name, value in said.items() if name not in taken}


def typed_words(row: Activity | None) -> list[tuple[Any, str]]:
    """What was written in the own words, if anything was."""
    remark, note = request.form.get("remark", "").strip(), request.form.get("note", "").strip()
    found = [(_("In je eigen woorden"), remark)] if remark else []
    if note and (row is None or note.replace("\r\n", "\n") != row.internal_note):
        found.append((_("Notitie voor collega’s"), note))
    return found


def chosen(model: Any, ids: list[str], *conditions: Any) -> list[Any]:
    """The rows of a small list that a form names; what is no id of it is left out."""
    wanted = set(ids)
    return [
        row for row in db.session.scalars(select(model).where(*conditions).order_by(model.id)) if str(row.id) in wanted
    ]
