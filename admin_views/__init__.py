"""The screens, and the menu they make: one line a screen."""

from dataclasses import dataclass
from typing import Any

from flask import Flask
from flask_admin import Admin
from flask_admin.theme import Bootstrap4Theme
from flask_babel import lazy_gettext as _l

from admin_views import shell
from admin_views.activities import ActivityView
from admin_views.fresh import FreshView
from admin_views.intake import IntakeView
from admin_views.organisations import OrganisationView
from admin_views.people import PeopleView
from admin_views.queue import QueueView
from admin_views.rights import RightsView
from admin_views.start import StartView
from admin_views.system import SystemView
from app.models import Activity, IntakeRule, Mandate, Organisation, db
from app.services import waiting


@dataclass(frozen=True, slots=True)
class Screen:
    """A line of the menu: the view, its icon, its group, and the count of what waits there."""

    view: Any
    icon: str
    group: Any = ""
    count: str = ""


TEAM, INTAKE = _l("Ploeg"), _l("Instellingen")


def screens() -> tuple[Screen, ...]:
    return (
        Screen(QueueView(Activity, db, name=_l("Te keuren"), endpoint="queue"), "inbox", count=waiting.QUEUE),
        Screen(
            FreshView(Activity, db, name=_l("Nieuw op je grondgebied"), endpoint="fresh"),
            "bell",
            count=waiting.FRESH,
        ),
        Screen(ActivityView(Activity, db, name=_l("Activiteiten"), endpoint="activity"), "list"),
        Screen(OrganisationView(Organisation, db, name=_l("Organisaties"), endpoint="organisation"), "house"),
        Screen(PeopleView(Mandate, db, name=_l("Collega’s"), endpoint="people"), "people", TEAM),
        Screen(IntakeView(IntakeRule, db, name=_l("Wat komt binnen"), endpoint="intake"), "sync", INTAKE),
        Screen(SystemView(name=_l("Systeem"), endpoint="system"), "gear", INTAKE),
        Screen(RightsView(name=_l("Rechten"), endpoint="rights"), "help", INTAKE),
    )


def init(app: Flask) -> None:
    """Join the screens to the application, under /admin/."""
    start = StartView(name=_l("Start"), url="/admin", endpoint="admin")
    admin = Admin(app, name="Doemee", index_view=start, theme=Bootstrap4Theme(), url="/admin")
    menu = screens()
    for screen in menu:
        admin.add_view(screen.view)
    shell.init(app, [Screen(start, "home"), *menu])
