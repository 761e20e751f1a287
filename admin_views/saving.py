"""The forms of a screen: make, change, remove. What was typed is never lost, and what a colleague saved neither.

A form posted twice makes one row; a form that is behind shows what happened meanwhile; a row that is gone leaves what
was typed on the page.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, ClassVar

from flask import flash, redirect, request, url_for
from flask_admin import expose
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.wrappers import Response
from wtforms import FieldList, FormField, HiddenField, StringField

from admin_views import stale
from admin_views.guard import is_resumed, present, row_id
from admin_views.stale import Meanwhile, Part, Stale
from app.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from app.domain.policy import Action
from app.models import Base, db
from app.web import history_lines
from app.web.errors import COLLEAGUE_WAS_FIRST, words

Page = tuple[str, int]
Typed = tuple[Any, str]  # the label of a field, and what was typed in it


class VersionedForm(FlaskForm):
    """A form that knows which version of its row it shows, and what it tells of a colleague who was first."""

    row_version = HiddenField()
    last_change = HiddenField()

    said: Mapping[str, Any] | None = None  # what would be saved, by the keys of history
    own: Mapping[str, Any] | None = None  # what was typed, whatever was chosen since
    meanwhile: Meanwhile | None = None
    behind = False
    overtaken = False  # the database saw somebody else save at the very same time


class Saving:
    """The views that take a form. A screen fills in what they do."""

    parts: ClassVar[tuple[Part, ...]] = ()  # what is chosen between two people, field by field

    @expose("/new/", methods=("GET", "POST"))
    def create_view(self) -> str | Response | Page:
        form = self.create_form()
        if self._asked_to_save(form):
            with self.saving(form):
                made = self.already_made(form) or self.create(form)
                db.session.commit()
                return self._made(made)
            if (made := self.already_made(form)) is not None:  # the same form, sent twice at the very same time
                return self._made(made)
        return self._form_page(self.create_template, form, None)

    @expose("/edit/", methods=("GET", "POST"))
    def edit_view(self) -> str | Response | Page:
        try:
            # Before the row: who saves in between is then told of, not skipped.
            mark = self._mark() if request.method == "GET" else 0
            row = self.get_one(request.args.get("id"), Action.EDIT)
            form = self.edit_form(row)
            if request.method == "GET" and self.parts:
                form.last_change.data = str(mark)
            if self._asked_to_save(form):
                with self.saving(form):
                    self.change(form, row)
                    db.session.commit()
                    return self._changed(row)
            return self._form_page(self.edit_template, form, row)
        except (NotFound, NotAllowed) as refusal:
            typed = typed_in(self.create_form()) if request.method == "POST" else []
            return self.gone(request.args.get("id"), typed, refusal)

    @expose("/remove/")
    def remove_view(self) -> str:
        """Ask before anything goes: one form, on a page of its own."""
        row = self.get_one(request.args.get("id"), Action.DELETE)
        return self.render("admin/model/remove.html", row=row, name=self.name_of(row))

    @expose("/delete/", methods=("POST",))
    def delete_view(self) -> Response:
        id_, index = row_id(request.form.get("id")), url_for(f"{self.endpoint}.index_view")
        try:
            row = self.get_one(id_, Action.DELETE)
            name = self.name_of(row)
            self.remove(row)
            db.session.commit()
        except (NotFound, StaleDataError):
            db.session.rollback()
            if stale.removed(self.actor, self.model, self.resource, id_) is None:
                raise NotFound from None
            flash(_("Dit was al verwijderd."), "info")
            return redirect(index)
        flash(_("“%(name)s” is verwijderd.", name=name), "done")
        return redirect(index)

    # What a screen fills in.

    def create_form(self, obj: Any = None) -> Any:
        return self.form()

    def edit_form(self, obj: Any = None) -> Any:
        return self.form(obj=obj)

    def stored_form(self, row: Any) -> Any:
        """The form with what is stored, whatever this request sent along."""
        return self.form(formdata=None, obj=row)

    def already_made(self, form: Any) -> Any:
        """What the same form made before, when it was sent twice."""
        return None

    def create(self, form: Any) -> Base:
        raise NotFound

    def change(self, form: Any, row: Any) -> None:
        raise NotFound

    def remove(self, row: Any) -> None:
        raise NotFound

    def name_of(self, row: Any) -> str:
        return str(row)

    def tell_made(self, made: Any) -> None:
        """Say what is true now."""

    def tell_changed(self, row: Any) -> None:
        """Say what is true now."""

    def after_create(self, made: Any) -> str:
        return url_for(f"{self.endpoint}.index_view")

    def after_change(self, row: Any) -> str:
        return url_for(f"{self.endpoint}.index_view")

    # How a form that cannot be saved comes back.

    @contextmanager
    def saving(self, form: Any) -> Iterator[None]:
        """Turn what a service refuses into words beside the field; what was typed stays in the form."""
        try:
            yield
        except Stale as error:
            db.session.rollback()
            form.meanwhile, form.behind = error.meanwhile, True
        except StaleDataError:
            db.session.rollback()
            form.overtaken = True
        except Invalid as error:
            db.session.rollback()
            self.show_error(form, error)
        except (IntegrityError, DataError):
            db.session.rollback()
            form.form_errors.append(_("Dit botst met iets dat al bestaat. Kijk het na en probeer opnieuw."))

    def refuse_stale(self, form: Any, row: Any, said: Mapping[str, Any], own: Mapping[str, Any] | None = None) -> None:
        """Raise Stale when somebody saved the row since this form was opened, and it makes a difference.

        `said` would be saved, by the keys of history; `own` is what was typed, before choosing theirs here and there.
        """
        form.said, form.own = said, own or said
        if form.row_version.data == str(row.row_version):
            return
        if meanwhile := stale.compare(row, said, self.parts, form.last_change.data):
            raise Stale(meanwhile)

    def theirs(self) -> list[str]:
        """The fields of which the colleague's text was chosen."""
        choices = stale.chosen(request.form, self.parts)
        return [name for name, whose in choices.items() if whose == stale.THEIRS]

    def show_error(self, form: Any, error: Invalid) -> None:
        field = form._fields.get(error.field or "")
        if field is None:
            form.form_errors.append(words(error))
        else:
            field.errors = [*field.errors, words(error)]

    def _asked_to_save(self, form: Any) -> bool:
        """A button that changes the rows of a form sends it too, and so does signing in again: both save nothing."""
        if request.method != "POST" or "rows" in request.form or is_resumed():
            return False
        return bool(form.validate())

    def _made(self, made: Any) -> Response:
        self.tell_made(made)
        return redirect(self.after_create(made))

    def _changed(self, row: Any) -> Response:
        self.tell_changed(row)
        return redirect(self.after_change(row))

    def _form_page(self, template: str, form: Any, row: Any) -> Page | Response:
        """The form again, if it was sent: with what is wrong, or with what happened meanwhile."""
        sent = request.method == "POST"
        if sent:
            db.session.rollback()
            if row is not None:
                mark = self._mark() if getattr(form, "overtaken", False) or getattr(form, "meanwhile", None) else 0
                row = self.get_one(request.args.get("id"), Action.EDIT)
        if sent and row is not None and self.parts:
            self._beside(form, row, mark)
            if form.overtaken and not form.meanwhile:
                return self._changed(row)  # two of the very same words at the very same time
        behind = getattr(form, "behind", False)
        # What was saved never gets here.
        wrong = sent and not (behind or "rows" in request.form or is_resumed())
        page = self.render(template, form=form, row=row, wrong=wrong, meanwhile=getattr(form, "meanwhile", None))
        return page, 409 if behind else 400 if wrong else 200

    def _mark(self) -> int:
        return stale.last_line(self.model, row_id(request.args.get("id"))) if self.parts else 0

    def _beside(self, form: Any, row: Any, mark: int) -> None:
        """Lay what is stored beside what was typed; then the form is up to date, and may be saved."""
        if form.overtaken and form.said is not None:
            form.meanwhile = stale.compare(row, form.said, self.parts, form.last_change.data)
            form.behind = bool(form.meanwhile)
        shown = {clash.field for clash in form.meanwhile.clashes} if form.meanwhile else set()
        choices = stale.chosen(request.form, self.parts)
        kept = {name: whose for name, whose in choices.items() if name not in shown}
        if form.meanwhile:
            take_over(form, self.stored_form(row), form.meanwhile.taken_fields)
            form.row_version.data, form.last_change.data = str(row.row_version), str(mark)
        if kept:
            form.meanwhile = form.meanwhile or Meanwhile()
            form.meanwhile.clashes.extend(stale.again(row, form.own, self.parts, kept).clashes)

    def gone(self, id: object, typed: list[Typed], refusal: NotFound | NotAllowed) -> Page:
        """What was typed about a row that is no longer there or theirs to change, to copy. Raises the refusal when
        nothing was."""
        id_ = row_id(id)
        db.session.rollback()
        if not typed:
            raise refusal
        if isinstance(refusal, NotAllowed):
            return self.kept(words(refusal), typed, url_for(f"{self.endpoint}.index_view")), 403
        line = stale.removed(self.actor, self.model, self.resource, id_)
        who = history_lines.told(db.session, self.actor, present(), [line], here=True) if line else []
        words_ = _("Dit bestaat niet meer, of je kan er niet meer bij.")
        return self.kept(words_, typed, url_for(f"{self.endpoint}.index_view"), who), 404

    def kept(self, said: str, typed: list[Typed], back: str, lines: Sequence[Any] = ()) -> str:
        """A page for what can no longer be done, with what was typed for it."""
        return self.render("admin/model/kept.html", said=said, typed=typed, back=back, lines=lines)

    def once(self, row: Any, verb: str, do: Callable[[], None]) -> None:
        """Do this and commit; done by this very person a moment ago, it is done. Raises Conflict for somebody else."""
        id_ = row.id
        try:
            do()
            db.session.commit()
        except (Conflict, StaleDataError) as error:
            db.session.rollback()
            if not stale.just_done(self.actor, self.model, id_, verb, present()):
                raise Conflict(COLLEAGUE_WAS_FIRST) if isinstance(error, StaleDataError) else error from None
            db.session.refresh(row)


def take_over(form: Any, other: Any, names: list[str]) -> None:
    """Put the fields of another form of the same class in this one."""
    for name in names:
        form._fields[name] = other._fields[name]
        setattr(form, name, other._fields[name])


def typed_in(form: Any) -> list[Typed]:
    """The label and the text of each field in which somebody typed."""
    found: list[Typed] = []
    for field in form:
        if isinstance(field, FieldList):
            for entry in field:
                found += typed_in(entry.form) if isinstance(entry, FormField) else []
        elif isinstance(field, FormField):
            found += typed_in(field.form)
        elif isinstance(field, StringField) and not isinstance(field, HiddenField) and field.raw_data:
            text = str(field.raw_data[0]).strip()
            found += [(field.label.text, text)] if text else []
    return found
