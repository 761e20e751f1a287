"""The base of every screen over a table: PolicyView asks the policy, about each row.

What stock Flask-Admin leaves open is closed here, once: list, count and single row come from one scoped query, ids are
bounded integers, every change is checked before and after, and errors are worded instead of flashed raw.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, ClassVar

from flask import flash, redirect, request, url_for
from flask_admin import expose
from flask_admin.contrib.sqla import ModelView
from flask_admin.form import BaseForm
from flask_babel import gettext as _
from sqlalchemy import Select, func, or_, select
from sqlalchemy.exc import DataError, IntegrityError
from werkzeug.wrappers import Response

from admin_views.guard import Guarded, present, row_id
from admin_views.listing import Column, Filter, Listing, page_number
from app.domain.errors import Invalid, NotFound
from app.domain.policy import Action, scope
from app.models import Base, db
from app.models.clauses import clause
from app.web.errors import words

PAGE_SIZE = 50
OFFERED_BY = {
    "create_view": "can_create",
    "edit_view": "can_edit",
    "details_view": "can_view_details",
    "delete_view": "can_delete",
}
MOST_IDS = 1_000


class PolicyView(Guarded, ModelView):
    """A screen over one table, scoped by the policy. A subclass is a table of contents: see the attributes."""

    columns: ClassVar[tuple[Column, ...]] = ()
    filters: ClassVar[tuple[Filter, ...]] = ()
    search_in: ClassVar[tuple[Any, ...]] = ()
    order: ClassVar[tuple[Any, ...]] = ()
    keeps: ClassVar[tuple[str, ...]] = ()  # what else of the address a next page keeps
    load: ClassVar[tuple[Any, ...]] = ()  # loader options of the list
    load_one: ClassVar[tuple[Any, ...]] = ()  # and of a single row
    needs: ClassVar[dict[str, Action]] = {
        "create_view": Action.CREATE,
        "edit_view": Action.EDIT,
        "delete_view": Action.DELETE,
    }

    list_template = "admin/model/list.html"
    create_template = "admin/model/create.html"
    edit_template = "admin/model/edit.html"
    details_template = "admin/model/details.html"
    can_create = can_edit = can_delete = can_export = False
    can_view_details = False
    column_auto_select_related = False
    page_size = PAGE_SIZE
    column_list: ClassVar[tuple[str, ...]] = ("id",)
    column_sortable_list: ClassVar[tuple[str, ...]] = ()
    form = BaseForm  # never scaffolded from the table: a field exists because a form names it

    # Rows: one query for list, count and single row.

    def scoped(self, action: Action | None = None) -> Select[Any]:
        """The rows this actor may do `action` on (opening the screen, if not said)."""
        where = scope(self.actor, action or self.opens_with, self.resource)
        return select(self.model).where(clause(where, self.model))

    def get_query(self) -> Any:
        """Flask-Admin's own face of `scoped`, for whatever of it still asks."""
        where = scope(self.actor, self.opens_with, self.resource)
        return db.session.query(self.model).filter(clause(where, self.model))

    def get_count_query(self) -> Any:
        where = scope(self.actor, self.opens_with, self.resource)
        return db.session.query(func.count(self.model.id)).filter(clause(where, self.model))

    def _handle_view(self, name: str, **kwargs: Any) -> Any:
        """A screen without a form has no address for one."""
        refused = super()._handle_view(name, **kwargs)
        if refused is None and name in OFFERED_BY and not getattr(self, OFFERED_BY[name]):
            raise NotFound
        return refused

    def get_one(self, id: object, action: Action | None = None) -> Any:
        """The row with this id, if it is within reach. Raises NotFound, the same for foreign and for missing."""
        query = self.scoped(action).where(self.model.id == row_id(id)).options(*self.load_one)
        found = db.session.scalars(query).unique().one_or_none()
        if found is None:
            raise NotFound
        return found

    def rows_for(self, ids: Iterable[object], action: Action) -> Sequence[Any]:
        """The rows among `ids` on which this actor may do `action`; foreign ones are left out in silence."""
        wanted = {row_id(value) for value in list(ids)[:MOST_IDS]}
        return db.session.scalars(self.scoped(action).where(self.model.id.in_(sorted(wanted)))).all()

    def narrowed(self) -> Select[Any]:
        """The scoped rows that fit the filters and the search of this request."""
        query = self.scoped()
        for part in self.filters:
            query = part.narrow(query, request.args.get(part.name, ""), present())
        text = request.args.get("q", "").strip()[:200]
        if text and self.search_in:
            pattern = "%" + text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
            hits = [column.ilike(pattern, escape="\\") for column in self.search_in]
            query = query.where(or_(*hits))
        return query

    # Views.

    @expose("/")
    def index_view(self) -> str:
        return self.render(self.list_template, listing=self.listing())

    def listing(self) -> Listing:
        """The page of rows that was asked for, with what the template needs around it."""
        narrowed = self.narrowed()
        total = db.session.scalar(
            select(func.count()).select_from(narrowed.with_only_columns(self.model.id).subquery())
        )
        page = min(page_number(request.args.get("page")), max(0, (total - 1) // self.page_size))
        # The ids first, from an index alone; then the fifty rows with what hangs on them.
        ids = db.session.scalars(
            narrowed.with_only_columns(self.model.id)
            .order_by(*self.order, self.model.id.desc())
            .limit(self.page_size)
            .offset(page * self.page_size)
        ).all()
        found = db.session.scalars(select(self.model).where(self.model.id.in_(ids)).options(*self.load)).unique()
        by_id = {row.id: row for row in found}
        rows = [by_id[id_] for id_ in ids if id_ in by_id]
        return Listing(self, rows, total, page, self.page_size, request.args, present())

    @expose("/new/", methods=("GET", "POST"))
    def create_view(self) -> str | Response | tuple[str, int]:
        form = self.create_form()
        if self._asked_to_save(form):
            with self.saving(form):
                made = self.create(form)
                db.session.commit()
                return redirect(self.after_create(made))
            if (made := self.already_made(form)) is not None:
                return redirect(self.after_create(made))
        return self._form_page(self.create_template, form, None)

    @expose("/edit/", methods=("GET", "POST"))
    def edit_view(self) -> str | Response | tuple[str, int]:
        row = self.get_one(request.args.get("id"), Action.EDIT)
        form = self.edit_form(row)
        if self._asked_to_save(form):
            with self.saving(form):
                self.change(form, row)
                db.session.commit()
                return redirect(self.after_change(row))
        return self._form_page(self.edit_template, form, row)

    @expose("/details/")
    def details_view(self) -> str:
        row = self.get_one(request.args.get("id"))
        return self.render(self.details_template, row=row, **self.details(row))

    @expose("/delete/", methods=("POST",))
    def delete_view(self) -> Response:
        row = self.get_one(request.form.get("id"), Action.DELETE)
        name = self.name_of(row)
        self.remove(row)
        db.session.commit()
        flash(_("“%(name)s” is verwijderd.", name=name), "done")
        return redirect(url_for(f"{self.endpoint}.index_view"))

    @expose("/action/", methods=("POST",))
    def action_view(self) -> Response:
        raise NotFound  # nothing is done to many rows at once but by a view of the screen's own

    @expose("/ajax/update/", methods=("POST",))
    def ajax_update(self) -> str:
        raise NotFound  # nothing is edited in a list

    @expose("/ajax/lookup/")
    def ajax_lookup(self) -> str:
        raise NotFound  # no screen has look-ups that are not scoped choices of its form

    @expose("/export/<export_type>/")
    def export(self, export_type: str) -> Response:
        raise NotFound

    # What a screen fills in.

    def create_form(self, obj: Any = None) -> Any:
        return self.form()

    def edit_form(self, obj: Any = None) -> Any:
        return self.form(obj=obj)

    def already_made(self, form: Any) -> Any:
        """What the same form made a moment ago, when it was sent twice at once."""
        return None

    def create(self, form: Any) -> Base:
        raise NotFound

    def change(self, form: Any, row: Any) -> None:
        raise NotFound

    def remove(self, row: Any) -> None:
        raise NotFound

    def name_of(self, row: Any) -> str:
        return str(row)

    def details(self, row: Any) -> dict[str, Any]:
        return {}

    def after_create(self, made: Any) -> str:
        return url_for(f"{self.endpoint}.index_view")

    def after_change(self, row: Any) -> str:
        return url_for(f"{self.endpoint}.index_view")

    @contextmanager
    def saving(self, form: Any) -> Iterator[None]:
        """Turn what a service refuses into words beside the field; what was typed stays in the form."""
        try:
            yield
        except Invalid as error:
            db.session.rollback()
            self.show_error(form, error)
        except (IntegrityError, DataError):
            db.session.rollback()
            form.form_errors.append(_("Dit botst met iets dat al bestaat. Kijk het na en probeer opnieuw."))

    def refuse_stale(self, form: Any, row: Any) -> None:
        """Raise Invalid when somebody saved the row since this form was opened; having been told, one may go on."""
        if form.row_version.data == str(row.row_version):
            return
        form.row_version.data, form.row_version.raw_data = str(row.row_version), None
        raise Invalid(
            "Iemand wijzigde dit terwijl je typte. Wat jij typte, staat hieronder nog. "
            "Open het in een ander venster en vergelijk; bewaar daarna opnieuw."
        )

    def show_error(self, form: Any, error: Invalid) -> None:
        field = form._fields.get(error.field or "")
        if field is None:
            form.form_errors.append(words(error))
        else:
            field.errors = [*field.errors, words(error)]

    def _asked_to_save(self, form: Any) -> bool:
        """A button that changes the rows of a form sends it too, and saves nothing."""
        if request.method != "POST" or "rows" in request.form:
            return False
        return bool(form.validate())

    def _form_page(self, template: str, form: Any, row: Any) -> tuple[str, int]:
        if request.method == "POST":
            db.session.rollback()
            if row is not None:
                row = self.get_one(request.args.get("id"), Action.EDIT)
        wrong = request.method == "POST" and "rows" not in request.form  # a form that saved never gets here
        return self.render(template, form=form, row=row, wrong=wrong), 400 if wrong else 200
