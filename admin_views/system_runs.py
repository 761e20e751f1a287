"""Systeem, synchronisatie: the runs over the sources, and of one run what could not be taken and why."""

from datetime import datetime
from typing import Any

from flask import request
from flask_admin import expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, select
from sqlalchemy.orm import defer, joinedload

from admin_views.guard import row_id
from admin_views.listing import Filter
from admin_views.paging import Sentence, page_of
from app.domain.errors import NotFound
from app.models import RunState, SyncItem, SyncRun, db

UNREADABLE = "unreadable"


class Runs:
    """The part of the screen Systeem that is about sources."""

    @expose("/runs/")
    def runs(self) -> str:
        said = Sentence((Filter("state", _l("toestand"), _l("Toon"), state_options, by_state),))
        query = select(SyncRun).options(joinedload(SyncRun.source)).order_by(SyncRun.id.desc())
        page = page_of(said.narrow(query), ".runs", said.on)
        return self.render("system/runs.html", said=said, page=page)  # type: ignore[attr-defined]

    @expose("/run/")
    def run(self) -> str:
        id = row_id(request.args.get("id"))
        found = db.session.get(SyncRun, id, options=[joinedload(SyncRun.source)])
        if found is None:
            raise NotFound
        # What came in stays out of sight: it may say more of people than why it was refused.
        items = select(SyncItem).options(defer(SyncItem.payload)).where(SyncItem.run_id == id).order_by(SyncItem.id)
        page = page_of(items, ".run", {"id": id})
        return self.render("system/run.html", run=found, page=page)  # type: ignore[attr-defined]


def state_options() -> list[tuple[str, Any]]:
    return [
        ("", _("alle keren")),
        (RunState.FAILED, _("de keren die mislukten")),
        (UNREADABLE, _("de keren met iets dat niet te lezen was")),
        (RunState.DONE, _("de keren die lukten")),
        (RunState.RUNNING, _("wat bezig is")),
    ]


def by_state(query: Select[Any], value: str, now: datetime) -> Select[Any]:
    if value == UNREADABLE:
        return query.where(SyncRun.failed > 0)
    return query.where(SyncRun.state == RunState(value)) if value else query
