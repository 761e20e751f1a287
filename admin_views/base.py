"""The base of every screen over a table: PolicyView asks the policy, about each row.

What stock Flask-Admin leaves open is closed here, once: list, count and single row come from one scoped query, ids are
bounded integers, every change is checked before and after, and errors are worded instead of flashed raw.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from typing import Any, ClassVar

from flask import request
from flask_admin import expose
from flask_admin.contrib.sqla import ModelView
from flask_admin.form import BaseForm
from sqlalchemy import Select, func, or_, select
from werkzeug.wrappers import Response

from admin_views import export as exports
from admin_views.guard import Guarded, present, row_id
from admin_views.listing import Column, Filter, Listing, page_number
from admin_views.saving import Saving
from app.domain.errors import NotFound
from app.domain.policy import Action, require, scope
from app.models import db
from app.models.clauses import clause

PAGE_SIZE = 50
OFFERED_BY = {
    "create_view": "can_create",
    "edit_view": "can_edit",
    "details_view": "can_view_details",
    "remove_view": "can_delete",
    "delete_view": "can_delete",
}
MOST_IDS = 1_000


class PolicyView(Saving, Guarded, ModelView):
    """A screen over one table, scoped by the policy. A subclass is a table of contents: see the attributes."""

    columns: ClassVar[tuple[Column, ...]] = ()
    filters: ClassVar[tuple[Filter, ...]] = ()
    search_in: ClassVar[tuple[Any, ...]] = ()
    order: ClassVar[tuple[Any, ...]] = ()
    keeps: ClassVar[tuple[str, ...]] = ()  # what else of the address a next page keeps
    load: ClassVar[tuple[Any, ...]] = ()  # loader options of the list
    load_one: ClassVar[tuple[Any, ...]] = ()  # and of a single row
    export_columns: ClassVar[tuple[Column, ...]] = ()  # what a file says of a row; without them, what the list says
    export_load: ClassVar[tuple[Any, ...]] = ()  # no lists: they cannot be read in batches
    needs: ClassVar[dict[str, Action]] = {
        "create_view": Action.CREATE,
        "edit_view": Action.EDIT,
        "remove_view": Action.DELETE,
        "delete_view": Action.DELETE,
    }

    list_template = "admin/model/list.html"
    create_template = "admin/model/create.html"
    edit_template = "admin/model/edit.html"
    details_template = "admin/model/details.html"
    can_create = can_edit = can_delete = False
    can_export = True  # the same rows as the list
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
        """The row with this id, if it is within reach. Raises NotFound, the same for foreign and for missing; and
        NotAllowed, with who may, for what one may read and no more."""
        query = self.scoped(action).where(self.model.id == row_id(id)).options(*self.load_one)
        found = db.session.scalars(query).unique().one_or_none()
        if found is None:
            if action not in (None, self.opens_with):
                require(self.actor, action, self.resource, self.get_one(id))
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

    def total(self, narrowed: Select[Any]) -> int:
        rows = narrowed.with_only_columns(self.model.id).subquery()
        return db.session.scalar(select(func.count()).select_from(rows)) or 0

    def listing(self) -> Listing:
        """The page of rows that was asked for, with what the template needs around it."""
        narrowed = self.narrowed()
        total = self.total(narrowed)
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

    @expose("/details/")
    def details_view(self) -> str:
        row = self.get_one(request.args.get("id"))
        return self.render(self.details_template, row=row, **self.details(row))

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
        """The list as a file: the same rows, filters and order. What is no kind of file is not found."""
        columns = self.exported
        if export_type not in exports.TYPES or not columns:
            raise NotFound
        narrowed = self.narrowed()
        heads = [column.words for column in columns]
        table = exports.Table(str(self.name), heads, self.export_rows(narrowed, columns), self.total(narrowed))
        return exports.answer(export_type, table, present(), self.actor.user_id)

    @property
    def exported(self) -> tuple[Column, ...]:
        return (self.export_columns or self.columns) if self.can_export else ()

    def export_rows(self, narrowed: Select[Any], columns: Sequence[Column]) -> Iterator[list[str]]:
        """Each row as the texts of its cells: one statement, read in batches."""
        query = (
            narrowed.order_by(*self.order, self.model.id.desc())
            .limit(exports.MOST_ROWS)
            .options(*(self.export_load or self.load))
            .execution_options(yield_per=exports.BATCH)
        )
        now = present()
        with closing(db.session.scalars(query)) as found:  # also when somebody hangs up halfway
            for row in found:
                yield [exports.safe((column.text or column.cell)(row, now)) for column in columns]

    # What a screen fills in.

    def details(self, row: Any) -> dict[str, Any]:
        return {}
