"""The overrides that keep the doors shut, each with a way to take it away; see `test_breaks.py`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from flask import redirect, request
from flask_login import current_user
from sqlalchemy import select

from admin_views import activities, export, guard, invitations, listing
from admin_views.activities import ActivityView
from admin_views.activity_form import ActivityForm
from admin_views.base import PolicyView
from admin_views.fresh import FreshView
from admin_views.guard import Guarded
from admin_views.intake import IntakeView
from app.models import IntakeRule, Municipality, Organisation, db
from app.services import past
from app.web import login, report
from tests.attacks import holes, links, reading, sending
from tests.attacks.stage import Battle
from tests.attacks.stored import judge_stored

Patch = pytest.MonkeyPatch


@dataclass(frozen=True)
class Break:
    """An override, how it is taken away, and the judge that must find the hole."""

    name: str
    apply: Callable[[Patch, Battle], None]
    judge: Callable[[Battle], Any]

    def __str__(self) -> str:
        return self.name


def on(judge: Callable[[Battle, str], None], screen: str) -> Callable[[Battle], None]:
    return lambda battle: judge(battle, screen)


# --- rows ---


def everything(self: Any, action: Any = None) -> Any:
    return select(self.model)


def list_without_scope(patch: Patch, battle: Battle) -> None:
    patch.setattr(PolicyView, "scoped", everything)


def stock_get_one(self: Any, id: Any, action: Any = None) -> Any:
    return db.session.get(self.model, int(id))


def one_row_without_scope(patch: Patch, battle: Battle) -> None:
    """As Flask-Admin does it: by its key alone."""
    patch.setattr(PolicyView, "get_one", stock_get_one)


def one_row_and_its_verb(patch: Patch, battle: Battle) -> None:
    """The service asks the policy again; without that too, the row is changed."""
    one_row_without_scope(patch, battle)
    patch.setattr("app.services.intake.require", lambda *given: None)


def raw_ids_in_an_action(patch: Patch, battle: Battle) -> None:
    def stock(self: Any, ids: Any, action: Any) -> Any:
        wanted = [int(value) for value in ids if str(value).isdigit() and len(str(value)) < 10]
        return db.session.scalars(select(self.model).where(self.model.id.in_(wanted))).all()

    patch.setattr(FreshView, "rows_for", stock)
    patch.setattr("app.services.entries.require", lambda *given: None)  # the second wall


# --- doors ---


def no_policy_at_the_door(patch: Patch, battle: Battle) -> None:
    """Whoever is signed in may open any screen."""
    patch.setattr(Guarded, "is_accessible", lambda self: bool(current_user.is_authenticated))
    patch.setattr(Guarded, "_handle_view", lambda self, name, **more: None)


def stock_forms_open(patch: Patch, battle: Battle) -> None:
    """`_handle_view` lets through what a screen does not offer, as Flask-Admin's ajax/update does."""
    patch.setattr(PolicyView, "_handle_view", Guarded._handle_view)
    patch.setattr(PolicyView, "create", lambda self, form: None)
    patch.setattr(PolicyView, "_asked_to_save", lambda self, form: True)


def stock_bulk_delete(patch: Patch, battle: Battle) -> None:
    """As Flask-Admin does it: whatever ids come in."""

    def ids() -> list[str]:
        return request.form.getlist("rowid")

    def deletes() -> Any:
        db.session.info["unrecorded"] = True
        for row in db.session.scalars(select(IntakeRule).where(IntakeRule.id.in_(map(int, ids())))):
            db.session.delete(row)
        db.session.commit()
        return redirect("/admin/")

    patch.setitem(battle.app.view_functions, "intake.action_view", deletes)


def without_csrf(patch: Patch, battle: Battle) -> None:
    patch.setitem(battle.app.config, "WTF_CSRF_CHECK_DEFAULT", False)
    patch.setitem(battle.app.config, "WTF_CSRF_ENABLED", False)


def exempt(*blueprints: str) -> Callable[[Patch, Battle], None]:
    """`csrf.exempt(blueprint)`, as one writes it to let one awkward form through."""

    def apply(patch: Patch, battle: Battle) -> None:
        of_these = {battle.app.blueprints[name] for name in blueprints}
        patch.setattr(battle.app.extensions["csrf"], "_exempt_blueprints", of_these)

    return apply


def problem_without_token(patch: Patch, battle: Battle) -> None:
    """Its form asks for the token a second time; without that too, anybody's page sends it."""
    exempt("problem")(patch, battle)
    patch.setattr(report.ReportForm.Meta, "csrf", False)


def history_without_check(patch: Patch, battle: Battle) -> None:
    patch.setattr(past, "record_of", lambda session, actor, name, id: session.get(past.KINDS[name].model, id))
    patch.setattr(past, "may_read", lambda actor, name, record: True)


def invitations_for_ever(patch: Patch, battle: Battle) -> None:
    """An invitation outlives the mandate of who sent it."""
    patch.setattr("app.services.invitations.still_meant", lambda session, invitation, now: True)


# --- forms ---


def all_organisations_offered(patch: Patch, battle: Battle) -> None:
    offer = ActivityForm.offer

    def offers_all(form: Any, session: Any, organisation_ids: Any, own: Any) -> Any:
        return offer(form, session, frozenset(session.scalars(select(Organisation.id))), None)

    patch.setattr(ActivityForm, "offer", offers_all)
    patch.setattr("app.services.entries.require", lambda *given: None)


def all_towns_offered(patch: Patch, battle: Battle) -> None:
    create_form = IntakeView.create_form

    def offers_all(self: Any, obj: Any = None) -> Any:
        form = create_form(self)
        form.municipality.choices = [(str(id), "x") for id in db.session.scalars(select(Municipality.id))]
        return form

    patch.setattr(IntakeView, "create_form", offers_all)
    patch.setattr("app.services.intake.require", lambda *given: None)


def all_grounds_offered(patch: Patch, battle: Battle) -> None:
    patch.setattr(invitations, "choices_of", lambda actor: _every_ground())
    patch.setattr("app.services.invitations.require", lambda *given: None)


def _every_ground() -> list[tuple[str, str]]:
    towns = [(f"local:{id}", "x") for id in db.session.scalars(select(Municipality.id))]
    return towns + [(f"organiser:{id}", "x") for id in db.session.scalars(select(Organisation.id))]


def fields_of_the_table(patch: Patch, battle: Battle) -> None:
    """A form scaffolded from the table: every column of it is taken from what was sent."""
    change = ActivityView.change

    def takes_all(self: Any, form: Any, row: Any) -> None:
        change(self, form, row)
        row.internal_note = request.form.get("internal_note", "")
        row.created_by_id = int(request.form.get("created_by_id", 0)) or None

    patch.setattr(ActivityView, "change", takes_all)


def without_versions(patch: Patch, battle: Battle) -> None:
    patch.setattr(PolicyView, "refuse_stale", lambda self, form, row, said, own=None: None)


def without_form_token(patch: Patch, battle: Battle) -> None:
    patch.setattr(ActivityView, "already_made", lambda self, form: None)
    made = activities.entries.create

    def forgets(*given: Any, form_token: Any = None, **more: Any) -> Any:
        return made(*given, form_token=None, **more)

    patch.setattr(activities.entries, "create", forgets)


# --- what is typed in an address ---


def without_clamp(patch: Patch, battle: Battle) -> None:
    patch.setattr("admin_views.base.page_number", lambda text: int(text or 0))
    patch.setattr("admin_views.base.min", lambda one, other: one, raising=False)
    assert listing.page_number is not None


def without_refusing_nul(patch: Patch, battle: Battle) -> None:
    functions = battle.app.before_request_funcs[None]
    kept = [function for function in functions if function.__name__ != "refuse_nul"]
    assert len(kept) < len(functions)
    patch.setitem(battle.app.before_request_funcs, None, kept)


def next_is_followed(patch: Patch, battle: Battle) -> None:
    patch.setattr(login, "safe_next", lambda: request.values.get("next", ""))


# --- files ---


def export_without_scope(patch: Patch, battle: Battle) -> None:
    """The list is scoped, and the file of it is not."""
    narrowed = PolicyView.narrowed
    patch.setattr(
        PolicyView,
        "narrowed",
        lambda self: select(self.model) if (request.endpoint or "").endswith(".export") else narrowed(self),
    )


def formulas_as_they_are(patch: Patch, battle: Battle) -> None:
    patch.setattr(export, "safe", export.plain)


def ids_are_any_number(patch: Patch, battle: Battle) -> None:
    """The check of an id as one would write it at first: `int()`, and no bounds."""
    loose = lambda text: int(str(text))  # noqa: E731
    for module in ("admin_views.guard", "admin_views.base", "admin_views.queue", "admin_views.saving"):
        patch.setattr(f"{module}.row_id", loose)
    assert guard.row_id is loose


def without_escaping(patch: Patch, battle: Battle) -> None:
    """Every template anew, and none escapes what it is given."""
    patch.setattr(battle.app.jinja_env, "autoescape", False)
    patch.setattr(battle.app.jinja_env, "cache", {})


BREAKS: tuple[Break, ...] = (
    Break("list, count and search without scope", list_without_scope, on(reading.judge_lists, "activity")),
    Break("get_one without scope, reading", one_row_without_scope, on(reading.judge_details, "activity")),
    Break("get_one without scope, writing", one_row_and_its_verb, on(sending.judge_forms, "intake")),
    Break("bounded integer ids", ids_are_any_number, on(reading.judge_odd_ids, "organisation")),
    Break("rows_for of an action", raw_ids_in_an_action, on(sending.judge_forms, "fresh")),
    Break("rows_for, of ten thousand", raw_ids_in_an_action, on(sending.judge_many, "fresh")),
    Break("is_accessible by the policy", no_policy_at_the_door, on(reading.judge_lists, "system")),
    Break("_handle_view by what is offered", stock_forms_open, on(sending.judge_unknown_forms, "organisation")),
    Break("bulk delete", stock_bulk_delete, on(sending.judge_unknown_forms, "intake")),
    Break("CSRF", without_csrf, on(sending.judge_tokens, "activity")),
    Break("CSRF on the account", exempt("account"), links.judge_every_token),
    Break("CSRF on coming in and on problems", exempt("web", "problem"), links.judge_every_token),
    Break("CSRF on problems", problem_without_token, links.judge_every_token),
    Break("who reads a history", history_without_check, reading.judge_histories),
    Break("who may still invite", invitations_for_ever, on(links.judge_invitation, "whose inviter lost the mandate")),
    Break("organisations of the form", all_organisations_offered, sending.judge_choices),
    Break("towns of the form", all_towns_offered, sending.judge_choices),
    Break("grounds of an invitation", all_grounds_offered, on(sending.judge_forms, "invitation")),
    Break("fields of the form", fields_of_the_table, on(sending.judge_rightful, "activity")),
    Break("row_version", without_versions, holes.judge_two_people_in_one_form),
    Break("form token", without_form_token, holes.judge_pressed_twice),
    Break("page clamp", without_clamp, on(reading.judge_odd_ids, "organisation")),
    Break("refusing NUL", without_refusing_nul, on(reading.judge_odd_ids, "organisation")),
    Break("safe_next", next_is_followed, holes.judge_next),
    Break("export scope", export_without_scope, on(reading.judge_exports, "activity")),
    Break("export without formulas", formulas_as_they_are, holes.judge_formulas_of),
    Break("bounded integer ids, by the fuzz", ids_are_any_number, holes.judge_by_fuzz),
    Break("escaping", without_escaping, lambda battle: judge_stored(battle, '"><img src=x onerror=zqx(1)>')),
)
