"""Activities: the list with its sentence of filters, the details with history, and the form of an own entry."""

from dataclasses import replace
from typing import Any

from flask import flash, redirect, request, url_for
from flask_admin import expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.wrappers import Response

from admin_views import cells, stale
from admin_views.activity_form import ActivityForm, change_rows, form_of, new_form
from admin_views.activity_list import EXPORTED, FILTERS
from admin_views.base import PolicyView
from admin_views.fields import prose
from admin_views.guard import is_resumed, present
from admin_views.listing import Column
from admin_views.stale import Meanwhile, Part
from app.domain import months
from app.domain.activity import Origin, State, Verb, can_step
from app.domain.actor import Actor
from app.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from app.domain.policy import Action, Resource
from app.models import Activity, Change, Reason, ReasonFor, db
from app.services import entries, past, recipients, reports
from app.web import history_lines
from app.web.errors import COLLEAGUE_WAS_FIRST, words
from app.web.history_words import said_when

MOST_REMARK = 2_000
LINES_SHOWN = 8


PARTS = (
    Part("title", "title", _l("Titel")),
    Part("description", "description", _l("Tekst")),
    Part("schedule", "schedule_data", _l("Wanneer")),
    Part("place_name", "place_name", _l("Naam van de plaats")),
    Part("street", "street", _l("Straat en nummer")),
    Part("postal_code", "postal_code", _l("Postcode")),
    Part("online", "online", _l("Online")),
    Part("online_url", "online_url", _l("Link")),
    Part("price", "price", _l("Prijs")),
    Part("level", "level_id", _l("Taalniveau")),
    Part("goals", "goals", _l("Doelen")),
    Part("topics", "topics", _l("Onderwerpen")),
    Part("channels", "channels", _l("Contact")),
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
    export_columns = EXPORTED
    list_template = "activity/list.html"
    create_template = edit_template = "activity/form.html"
    details_template = "activity/details.html"
    can_create = can_edit = can_delete = can_view_details = True
    parts = PARTS

    # The form.

    def create_form(self, obj: Any = None) -> ActivityForm:
        return self._ready(new_form(), None)

    def edit_form(self, obj: Activity) -> ActivityForm:
        return self._ready(form_of(obj), obj.organisation_id)

    def stored_form(self, row: Activity) -> ActivityForm:
        return form_of(row, formdata=None).offer(db.session, self.actor.organises, row.organisation_id)

    def _ready(self, form: ActivityForm, own: int | None) -> ActivityForm:
        form.offer(db.session, self.actor.organises, own)
        if request.method == "POST" and "rows" in request.form:
            change_rows(form, request.form["rows"])
        return form

    def create(self, form: ActivityForm) -> Activity:
        made = entries.create(
            db.session,
            self.actor,
            present(),
            form.values(),
            publish="draft" not in request.form,
            form_token=form.form_token.data or None,
        )
        if made.state is State.PUBLISHED and not form.reachable:
            flash(_("Geen enkele manier om contact op te nemen is publiek. Zo kan niemand jullie bereiken."), "wait")
        return made

    def already_made(self, form: ActivityForm) -> Activity | None:
        token = (form.form_token.data or "")[:64]
        mine = Activity.created_by_id == self.actor.user_id
        return db.session.scalar(select(Activity).where(Activity.form_token == token, mine)) if token else None

    def tell_made(self, made: Activity) -> None:
        draft = made.state is State.DRAFT
        said = _("“%(title)s” is bewaard als ontwerp.") if draft else _("“%(title)s” staat online.")
        flash(said % {"title": made.title}, "done")

    def change(self, form: ActivityForm, row: Activity) -> None:
        typed, stored = form.values(), entries.values_of(row)
        values = replace(typed, **{name: getattr(stored, name) for name in self.theirs()})
        self.refuse_stale(form, row, entries.said(values), entries.said(typed))
        entries.correct(db.session, self.actor, present(), row, values)

    def tell_changed(self, row: Activity) -> None:
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
            "changes": history_of(row, self.actor) if readable else [],
            "uncovered": row.state is State.PENDING
            and not recipients.moderators_of(db.session, row.municipality_id, present()),
            "state": cells.state_key(row, present()),
            "reports": reports.open_about(db.session, self.actor, row),
        }

    @expose("/withdraw/", methods=("GET", "POST"))
    def withdraw_view(self) -> Any:
        """Ask the reason, then take it offline."""
        try:
            row = self.get_one(request.values.get("id"), Action.WITHDRAW)
        except (NotFound, NotAllowed) as refusal:
            return self.gone(request.values.get("id"), typed_remark(), refusal)
        if not can_step(row.origin, row.state, Verb.WITHDRAW):
            return self._not_online(row)
        if request.method != "POST" or is_resumed():
            return self._withdraw_page(row)
        version, mark = request.form.get("row_version"), request.form.get("last_change")
        if meanwhile := stale.told(row, version, mark):
            return self._withdraw_page(row, meanwhile=meanwhile)
        try:
            chosen = next((each for each in self._reasons() if str(each.id) == request.form.get("reason")), None)
            remark = prose(request.form.get("remark", ""), "remark", MOST_REMARK)
            entries.withdraw(db.session, self.actor, present(), row, chosen, remark)
            db.session.commit()
        except Invalid as error:
            db.session.rollback()
            return self._withdraw_page(self.again(Action.WITHDRAW), trouble={error.field or "": words(error)})
        except StaleDataError:
            db.session.rollback()
            row = self.again(Action.WITHDRAW)
            if not can_step(row.origin, row.state, Verb.WITHDRAW):
                return self._not_online(row)
            return self._withdraw_page(row, meanwhile=stale.told(row, "0", mark), trouble={"": _(COLLEAGUE_WAS_FIRST)})
        return self._withdrawn(row)

    def again(self, action: Action) -> Activity:
        return self.get_one(request.values.get("id"), action)

    def _withdrawn(self, row: Activity) -> Response:
        flash(_("“%(title)s” is ingetrokken.", title=row.title), "done")
        return redirect(url_for(".details_view", id=row.id))

    def _withdraw_page(
        self, row: Activity, meanwhile: Meanwhile | None = None, trouble: dict[str, str] | None = None
    ) -> tuple[str, int]:
        own = row.organisation_id in self.actor.organises
        page = self.render(
            "activity/withdraw.html",
            row=row,
            reasons=self._reasons(),
            trouble=trouble or {},
            own=own,
            meanwhile=meanwhile,
            mark=stale.mark_of(row),
        )
        return page, 409 if meanwhile else 400 if trouble else 200

    def _not_online(self, row: Activity) -> Any:
        """Somebody was first; if it was this very person, a moment ago, then it is as they want it."""
        if request.method == "POST" and stale.just_done(self.actor, Activity, row.id, Verb.WITHDRAW, present()):
            return self._withdrawn(row)
        error = who_was_first(row) or Conflict("Dit staat niet online, dus er valt niets in te trekken.")
        if request.method == "POST" and (typed := typed_remark()):
            return self.kept(words(error), typed, url_for(".details_view", id=row.id)), 409
        raise error

    @expose("/reopen/", methods=("POST",))
    def reopen_view(self) -> Response:
        """Undo a withdrawal or a rejection."""
        row = self.get_one(request.form.get("id"), Action.REOPEN)
        self.once(row, Verb.REOPEN, lambda: entries.reopen(db.session, self.actor, present(), row))
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
            self.once(row, Verb.PUBLISH, lambda: entries.publish(db.session, self.actor, present(), row))
        except Invalid as error:
            db.session.rollback()
            flash(words(error), "wait")
            return redirect(url_for(".edit_view", id=id_))
        flash(_("“%(title)s” staat online.", title=row.title), "done")
        return redirect(url_for(".details_view", id=row.id))

    def _reasons(self) -> list[Reason]:
        of_withdrawing = Reason.used_for == ReasonFor.WITHDRAW
        return list(db.session.scalars(select(Reason).where(of_withdrawing).order_by(Reason.position)))


def who_was_first(row: Activity) -> Conflict | None:
    """Who withdrew what is withdrawn, and when, as the queue tells of a decision."""
    if row.state is not State.WITHDRAWN:
        return None
    withdrawn = past.lines(past.of_record("activity", row.id)).where(Change.verb == Verb.WITHDRAW)
    line = db.session.scalar(withdrawn.limit(1))
    if line is None or line.user is None:
        return None
    return Conflict("%(name)s trok dit in, %(when)s.", name=line.user.name, when=said_when(line.at, present()))


def typed_remark() -> list[tuple[Any, str]]:
    """What was written in the own words, if anything was."""
    remark = request.form.get("remark", "").strip()
    return [(_("In je eigen woorden"), remark)] if remark else []


BUTTONS = {
    Action.EDIT: lambda row: row.origin is Origin.OWN,
    Action.WITHDRAW: lambda row: can_step(row.origin, row.state, Verb.WITHDRAW),
    Action.REOPEN: lambda row: can_step(row.origin, row.state, Verb.REOPEN),
    Action.DELETE: lambda row: row.state is State.DRAFT,
    Action.DECIDE: lambda row: row.state is State.PENDING,
    Action.MARK_SEEN: lambda row: row.state is State.PUBLISHED and row.seen_at is None,
}


def history_of(row: Activity, actor: Actor) -> list[history_lines.Line]:
    """The newest lines of history of one activity; its own page has them all."""
    newest = db.session.scalars(
        past.lines(past.of_record("activity", row.id), past.told_to(actor)).limit(LINES_SHOWN)
    ).all()
    return history_lines.told(db.session, actor, present(), newest, here=True)
