"""Activities: the list with its sentence of filters, the details with history, and the form of an own entry."""

from datetime import datetime, timedelta
from typing import Any

from flask import flash, redirect, request, url_for
from flask_admin import expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, or_, select
from sqlalchemy.orm import joinedload, selectinload
from werkzeug.wrappers import Response

from admin_views import cells
from admin_views.activity_form import ActivityForm, change_rows, form_of, new_form
from admin_views.base import PolicyView
from admin_views.guard import present
from admin_views.listing import Column, Filter
from app.domain import months
from app.domain.activity import STATE_WORDS, Origin, State, Verb, can_step
from app.domain.errors import Conflict, Invalid
from app.domain.policy import Action, Resource
from app.models import Activity, Change, Level, Reason, ReasonFor, Topic, activity_topic, db
from app.services import entries, recipients
from app.web.errors import words

ALL = "all"


def by_state(query: Select[Any], value: str, now: datetime) -> Select[Any]:
    return query.where(Activity.state == State(value)) if value and value != ALL else query


def by_level(query: Select[Any], value: str, now: datetime) -> Select[Any]:
    if not value:
        return query
    return query.where(Activity.level_id == select(Level.id).where(Level.number == int(value)).scalar_subquery())


def by_topic(query: Select[Any], value: str, now: datetime) -> Select[Any]:
    if not value:
        return query
    about = select(activity_topic.c.activity_id).join(Topic, Topic.id == activity_topic.c.topic_id)
    return query.where(Activity.id.in_(about.where(Topic.key == value)))


def by_origin(query: Select[Any], value: str, now: datetime) -> Select[Any]:
    return query.where(Activity.origin == Origin(value)) if value else query


def by_time(query: Select[Any], value: str, now: datetime) -> Select[Any]:
    """Coming is what is not over; that is what people look for."""
    if value == ALL:
        return query
    if value == "over":
        return query.where(Activity.over_at <= now)
    coming = query.where(or_(Activity.over_at.is_(None), Activity.over_at > now))
    if value == "new":
        return coming.where(Activity.created_at > now - timedelta(days=7))
    return coming


def topic_options() -> list[tuple[str, Any]]:
    topics = db.session.execute(select(Topic.key, Topic.name).order_by(Topic.position))
    return [("", _("eender wat")), *((row.key, _(row.name).lower()) for row in topics)]


FILTERS = (
    Filter(
        "state",
        _l("toestand"),
        _l("Toon"),
        lambda: [("", _("alle")), *((state.value, _(STATE_WORDS[state]).lower()) for state in State)],
        by_state,
    ),
    Filter(
        "origin",
        _l("herkomst"),
        _l("activiteiten"),
        lambda: [("", _("van overal")), ("own", _("van organisaties")), ("import", _("van UiT"))],
        by_origin,
    ),
    Filter("topic", _l("onderwerp"), _l("over"), topic_options, by_topic),
    Filter(
        "level",
        _l("taalniveau"),
        _l("op"),
        lambda: [("", _("elk taalniveau")), *((str(n), _("niveau %(n)s", n=n)) for n in range(1, 5))],
        by_level,
    ),
    Filter(
        "when",
        _l("wanneer"),
        _l("die"),
        lambda: [
            ("", _("nog komen")),
            ("new", _("nieuw zijn deze week")),
            ("over", _("voorbij zijn")),
            (ALL, _("ooit waren of komen")),
        ],
        by_time,
    ),
)


class ActivityView(PolicyView):
    resource = Resource.ACTIVITY
    columns = (
        Column(_l("Activiteit"), cells.activity),
        Column(_l("Wanneer"), cells.when),
        Column(_l("Waar"), cells.where, "w"),
        Column(_l("Niveau"), cells.level, "e"),
        Column(_l("Toestand"), cells.state_key),
    )
    filters = FILTERS
    search_in = (Activity.title, Activity.organiser_name)
    order = (Activity.updated_at.desc(),)
    load = (joinedload(Activity.municipality), joinedload(Activity.organisation), joinedload(Activity.level))
    load_one = (
        joinedload(Activity.municipality),
        joinedload(Activity.organisation),
        joinedload(Activity.level),
        joinedload(Activity.source_record),
        selectinload(Activity.goals),
        selectinload(Activity.topics),
        selectinload(Activity.channels),
    )
    list_template = "activity/list.html"
    create_template = edit_template = "activity/form.html"
    details_template = "activity/details.html"
    can_create = can_edit = can_delete = can_view_details = True

    # The form.

    def create_form(self, obj: Any = None) -> ActivityForm:
        return self._ready(new_form(), None)

    def edit_form(self, obj: Activity) -> ActivityForm:
        return self._ready(form_of(obj), obj.organisation_id)

    def _ready(self, form: ActivityForm, own: int | None) -> ActivityForm:
        form.offer(db.session, self.actor.organises, own)
        if request.method == "POST" and "rows" in request.form:
            change_rows(form, request.form["rows"])
        return form

    def create(self, form: ActivityForm) -> Activity:
        draft = "draft" in request.form
        made = entries.create(
            db.session,
            self.actor,
            present(),
            form.values(),
            publish=not draft,
            form_token=form.form_token.data or None,
        )
        said = _("“%(title)s” is bewaard als ontwerp.") if draft else _("“%(title)s” staat online.")
        flash(said % {"title": made.title}, "done")
        if not draft and not form.reachable:
            flash(_("Geen enkele manier om contact op te nemen is publiek. Zo kan niemand jullie bereiken."), "wait")
        return made

    def already_made(self, form: ActivityForm) -> Activity | None:
        token = (form.form_token.data or "")[:64]
        mine = Activity.created_by_id == self.actor.user_id
        return db.session.scalar(select(Activity).where(Activity.form_token == token, mine)) if token else None

    def change(self, form: ActivityForm, row: Activity) -> None:
        self.refuse_stale(form, row)
        entries.correct(db.session, self.actor, present(), row, form.values())
        flash(_("“%(title)s” is bewaard.", title=row.title), "done")

    def remove(self, row: Activity) -> None:
        entries.delete(db.session, self.actor, present(), row)

    def after_create(self, made: Activity) -> str:
        return url_for(".details_view", id=made.id)

    def after_change(self, row: Activity) -> str:
        return url_for(".details_view", id=row.id)

    # The details, and what a button there does.

    def details(self, row: Activity) -> dict[str, Any]:
        readable = self.may(Action.READ_HISTORY, row)
        return {
            "can": {action.value for action in BUTTONS if self.may(action, row) and BUTTONS[action](row)},
            "months": months.around(row.schedule, present()),
            "changes": history_of(row) if readable else [],
            "uncovered": row.state is State.PENDING
            and not recipients.moderators_of(db.session, row.municipality_id, present()),
            "state": cells.state_key(row, present()),
        }

    @expose("/withdraw/", methods=("GET", "POST"))
    def withdraw_view(self) -> Any:
        """Ask the reason, then take it offline."""
        row = self.get_one(request.values.get("id"), Action.WITHDRAW)
        reasons = self._reasons(ReasonFor.WITHDRAW)
        trouble: dict[str, str] = {}
        if request.method == "POST":
            chosen = next((reason for reason in reasons if str(reason.id) == request.form.get("reason")), None)
            remark = request.form.get("remark", "")[:2_000]
            try:
                entries.withdraw(db.session, self.actor, present(), row, chosen, remark)
                db.session.commit()
                flash(_("“%(title)s” is ingetrokken.", title=row.title), "done")
                return redirect(url_for(".details_view", id=row.id))
            except Invalid as error:
                db.session.rollback()
                trouble = {error.field or "": words(error)}
                row = self.get_one(request.values.get("id"), Action.WITHDRAW)
                reasons = self._reasons(ReasonFor.WITHDRAW)
        if not can_step(row.origin, row.state, Verb.WITHDRAW):
            raise Conflict("Dit staat niet online, dus er valt niets in te trekken.")
        own = row.organisation_id in self.actor.organises
        page = self.render("activity/withdraw.html", row=row, reasons=reasons, trouble=trouble, own=own)
        return page, 400 if trouble else 200

    @expose("/reopen/", methods=("POST",))
    def reopen_view(self) -> Response:
        """Undo a withdrawal or a rejection."""
        row = self.get_one(request.form.get("id"), Action.REOPEN)
        entries.reopen(db.session, self.actor, present(), row)
        db.session.commit()
        said = (
            _("“%(title)s” staat weer online.") if row.origin is Origin.OWN else _("“%(title)s” wacht weer op keuren.")
        )
        flash(said % {"title": row.title}, "done")
        return redirect(url_for(".details_view", id=row.id))

    @expose("/publish/", methods=("POST",))
    def publish_view(self) -> Response:
        """A draft goes online."""
        row = self.get_one(request.form.get("id"), Action.EDIT)
        id_ = row.id
        try:
            entries.publish(db.session, self.actor, present(), row)
            db.session.commit()
        except Invalid as error:
            db.session.rollback()
            flash(words(error), "wait")
            return redirect(url_for(".edit_view", id=id_))
        flash(_("“%(title)s” staat online.", title=row.title), "done")
        return redirect(url_for(".details_view", id=row.id))

    def _reasons(self, used_for: ReasonFor) -> list[Reason]:
        return list(db.session.scalars(select(Reason).where(Reason.used_for == used_for).order_by(Reason.position)))


BUTTONS = {
    Action.EDIT: lambda row: row.origin is Origin.OWN,
    Action.WITHDRAW: lambda row: can_step(row.origin, row.state, Verb.WITHDRAW),
    Action.REOPEN: lambda row: can_step(row.origin, row.state, Verb.REOPEN),
    Action.DELETE: lambda row: row.state is State.DRAFT,
    Action.DECIDE: lambda row: row.state is State.PENDING,
    Action.MARK_SEEN: lambda row: row.state is State.PUBLISHED and row.seen_at is None,
}


def history_of(row: Activity) -> list[Change]:
    """The lines of history of one activity, newest first."""
    return list(
        db.session.scalars(
            select(Change)
            .where(Change.table_name == Activity.__tablename__, Change.record_id == row.id)
            .options(joinedload(Change.user), joinedload(Change.stand_in_for))
            .order_by(Change.id.desc())
            .limit(100)
        )
    )
