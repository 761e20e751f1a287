"""What the list of activities is narrowed by, as a sentence, and what its export says of each."""

from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, or_, select

from admin_views import cells
from admin_views.listing import Column, Filter
from app.domain import wording
from app.domain.activity import STATE_WORDS, Origin, State
from app.models import Activity, Level, Topic, activity_topic, db
from app.web.words import stamp

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

EXPORTED = (
    Column(_l("Activiteit"), lambda row, now: row.title),
    Column(_l("Organisatie"), lambda row, now: row.organiser),
    Column(_l("Wanneer"), lambda row, now: "" if row.undecided else wording.sentence(row.schedule)),
    Column(_l("Plaats"), lambda row, now: row.address or cells.where(row, now)),
    Column(_l("Gemeente"), lambda row, now: row.municipality.name if row.municipality else ""),
    Column(_l("Niveau"), cells.level),
    Column(_l("Prijs"), lambda row, now: row.price),
    Column(_l("Toestand"), lambda row, now: _(STATE_WORDS[row.state])),
    Column(_l("Herkomst"), lambda row, now: _("UiT") if row.origin is Origin.IMPORT else _("eigen")),
    Column(_l("Laatst gewijzigd"), lambda row, now: stamp(row.updated_at)),
)
