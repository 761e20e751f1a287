"""What stands around every screen: the menu with what waits, who you are, and for whom you stand in."""

from collections.abc import Sequence
from typing import Any

from flask import Flask, g, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from admin_views.guard import present
from app.domain import wording
from app.domain.actor import ROLE_WORDS, Actor, Role
from app.domain.policy import may
from app.models import db
from app.services import waiting
from app.web.sign_in import actor

ROLE_ORDER = (Role.PLATFORM, Role.LOCAL, Role.BACKUP, Role.NETWORK, Role.ORGANISER)


def init(app: Flask, screens: Sequence[Any]) -> None:
    @app.context_processor
    def around() -> dict[str, Any]:
        """Nothing for who is not signed in; templates then fall back on the public frame."""
        if not request or not current_user.is_authenticated:
            return {"me": None, "may": may}
        person = actor()
        return {
            "me": {"name": person.name, "role_words": role_words(person)},
            "actor": person,
            "may": may,
            "menu": menu(screens, {name: n for name, n in counts().items() if name in waiting.for_you(person)}),
            "banners": banners(person),
            "now": present(),
        }


def counts() -> dict[str, int]:
    """What waits, asked once a request."""
    if "waiting" not in g:
        g.waiting = dict(waiting.counts(db.session, actor(), present()))
    return g.waiting


def menu(screens: Sequence[Any], waits: dict[str, int]) -> list[dict[str, Any]]:
    groups: dict[str, dict[str, Any]] = {}
    for screen in screens:
        if not screen.view.is_visible():
            continue
        group = groups.setdefault(str(screen.group), {"title": str(screen.group), "links": []})
        group["links"].append(
            {
                "url": url_for(f"{screen.view.endpoint}.{screen.view._default_view}"),
                "icon": screen.icon,
                "word": screen.view.name,
                "here": request.blueprint == screen.view.endpoint,
                "count": waits.get(screen.count),
            }
        )
    return list(groups.values())


def role_words(person: Actor) -> str:
    return _(ROLE_WORDS[next((role for role in ROLE_ORDER if role in person.roles), Role.ORGANISER)])


def banners(person: Actor) -> list[str]:
    return [
        _(
            "Je vervangt %(name)s in %(town)s tot en met %(day)s. Tot dan keur je hier mee.",
            name=absence.for_name,
            town=absence.municipality_name,
            day=wording.day(absence.until, present()),
        )
        for absence in person.stands_in
    ]
