"""Geschiedenis: who did what, when and why, as far as one may read it; of everything, or of one record."""

from datetime import datetime, timedelta
from typing import Any

from flask import Flask, redirect, request, url_for
from flask_admin import expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from sqlalchemy import Select, select

from admin_views.guard import PolicyPage, present, row_id
from admin_views.listing import Filter
from admin_views.paging import Page, Sentence, page_of
from app.domain.actor import Actor
from app.domain.clock import brussels_date, day_starts
from app.domain.errors import NotFound
from app.domain.policy import Action, Resource, may, scope
from app.models import Change, Mandate, User, db
from app.models.clauses import clause
from app.services import past
from app.services.access import valid_on
from app.web import history_lines
from app.web.history_words import KIND_WORDS, of_the_gone, thing
from app.web.sign_in import actor as signed_in

MOST_COLLEAGUES = 60
OWN_ACCOUNT = past.KINDS["user"].reads
ME, OTHERS, SYSTEM = "me", "others", "system"
SINCE_DAYS = {"week": 7, "month": 30, "year": 365}
DONE = {
    "decided": ("approve", "reject", "withdraw", "reopen", "publish", "handle", "accept", "block", "suspend"),
    "changed": ("correct", "enrich", "change", "source_changed", "rename", "password"),
    "new": ("add", "create", "draft", "arrive", "appoint", "take_up", "invite", "register", "report", "plan"),
    "gone": ("delete", "end", "source_gone", "withdraw_invitation", "anonymise", "forget"),
}


def init(app: Flask) -> None:
    app.jinja_env.globals["history_url"] = url_of


def url_of(kind: str, row: Any) -> str:
    """Where the history of this record stands; '' for who may not read it."""
    return url_for("history.index", kind=kind, id=row.id) if past.may_read(signed_in(), kind, row) else ""


def by_kind(query: Select[Any], value: str, now: datetime) -> Select[Any]:
    return query.where(Change.table_name == value) if value else query


def by_done(query: Select[Any], value: str, now: datetime) -> Select[Any]:
    return query.where(Change.verb.in_(DONE[value])) if value else query


def by_since(query: Select[Any], value: str, now: datetime) -> Select[Any]:
    if not value:
        return query
    days = 0 if value == "today" else SINCE_DAYS[value]
    return query.where(Change.at >= day_starts(brussels_date(now) - timedelta(days=days)))


class HistoryView(PolicyPage):
    resource = Resource.HISTORY

    def is_accessible(self) -> bool:
        """Everyone reads at least what happened to the own account; each line is scoped by itself."""
        return bool(current_user.is_authenticated)

    def is_visible(self) -> bool:
        return self.is_accessible() and self.may(Action.READ)

    @expose("/")
    def index(self) -> Any:
        if request.args.get("id"):
            return self.of_record(request.args.get("kind", ""), row_id(request.args["id"]))
        if not self.may(Action.READ) and any(may(self.actor, action, Resource.ACCOUNT) for action in OWN_ACCOUNT):
            return redirect(url_for(".index", kind="user", id=self.actor.user_id))
        said = Sentence(
            (
                Filter("done", _l("wat er gebeurde"), _l("Toon"), self.done_options, by_done),
                Filter("kind", _l("soort"), _l("over"), self.kind_options, by_kind),
                Filter("who", _l("wie"), _l("door"), self.who_options(), self.by_who),
                Filter("since", _l("periode"), _l("sinds"), self.since_options, by_since),
            )
        )
        page = page_of(said.narrow(past.lines(past.readable(self.actor))), ".index", said.on)
        return self.render(
            "history/index.html", said=said, page=page, lines=self.told(page), towns=self.several_towns()
        )

    def of_record(self, kind: str, id: int) -> str:
        """All that happened to one record; a foreign one answers as a missing one."""
        if kind not in past.KINDS:
            raise NotFound
        record = past.record_of(db.session, self.actor, kind, id)
        about = past.of_record(kind, id)
        said = Sentence(
            (
                Filter("done", _l("wat er gebeurde"), _l("Toon"), self.done_options, by_done),
                Filter("since", _l("periode"), _l("sinds"), self.since_options, by_since),
            )
        )
        whole = (
            past.lines(about, past.told_to(self.actor))
            if record is not None
            else past.lines(about, past.readable(self.actor))
        )
        page = page_of(said.narrow(whole), ".index", {"kind": kind, "id": id, **said.on})
        newest = db.session.scalar(whole.limit(1)) if record is None else None
        if record is None and newest is None:
            raise NotFound
        named = of_the_gone(newest) if newest is not None else thing(kind, record, {})
        return self.render(
            "history/record.html",
            said=said,
            page=page,
            lines=self.told(page, here=True),
            thing=named,
            kind=kind,
            id=id,
            record=record,
            kind_words=KIND_WORDS[kind],
        )

    def told(self, page: Page, *, here: bool = False) -> list[history_lines.Line]:
        return history_lines.told(db.session, self.actor, present(), page.rows, here=here)

    def several_towns(self) -> bool:
        return past.reads_all(self.actor) or len(self.actor.moderates | self.actor.reads_along) > 1

    # The choices of the sentence.

    def done_options(self) -> list[tuple[str, Any]]:
        return [
            ("", _("alles")),
            ("decided", _("beslissingen")),
            ("changed", _("wijzigingen")),
            ("new", _("wat erbij kwam")),
            ("gone", _("wat wegging")),
        ]

    def kind_options(self) -> list[tuple[str, Any]]:
        return [("", _("alles")), *((name, KIND_WORDS[name]) for name in past.kinds_of(self.actor))]

    def since_options(self) -> list[tuple[str, Any]]:
        return [
            ("", _("het begin")),
            ("today", _("middernacht")),
            ("week", _("een week")),
            ("month", _("een maand")),
            ("year", _("een jaar")),
        ]

    def who_options(self) -> Any:
        """Everyone, oneself, and the people of one's own ground, where they are few enough to choose from."""
        people = [(f"{row.id}", row.name) for row in colleagues(self.actor)]
        options = [("", _("iedereen")), (ME, _("mij")), (OTHERS, _("anderen")), (SYSTEM, _("UiT of het systeem"))]
        return lambda: [*options, *people]

    def by_who(self, query: Select[Any], value: str, now: datetime) -> Select[Any]:
        match value:
            case "":
                return query
            case "me":
                return query.where(Change.user_id == self.actor.user_id)
            case "others":
                return query.where(Change.user_id != self.actor.user_id)
            case "system":
                return query.where(Change.user_id.is_(None))
            case _:
                return query.where(Change.user_id == int(value))


def colleagues(actor: Actor) -> list[Any]:
    """Who holds a mandate this person can see, now; nobody where they are too many for a list."""
    mandates = select(Mandate.user_id).where(
        clause(scope(actor, Action.READ, Resource.MANDATE), Mandate), valid_on(Mandate, brussels_date(present()))
    )
    people = select(User.id, User.name).where(User.id.in_(mandates), User.id != actor.user_id)
    found = list(db.session.execute(people.order_by(User.name, User.id).limit(MOST_COLLEAGUES + 1)))
    return found if len(found) <= MOST_COLLEAGUES else []
