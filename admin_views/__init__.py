"""The screens, and the menu they make: one line a screen."""

from dataclasses import dataclass
from typing import Any, NoReturn

from flask import Flask
from flask_admin import Admin
from flask_admin.theme import Bootstrap4Theme
from flask_babel import lazy_gettext as _l

from admin_views import history, reports, shell
from admin_views.account import AccountView
from admin_views.activities import ActivityView
from admin_views.fresh import FreshView
from admin_views.history import HistoryView
from admin_views.intake import IntakeView
from admin_views.invitations import InvitationView
from admin_views.organisations import OrganisationView
from admin_views.people import PeopleView
from admin_views.queue import QueueView
from admin_views.reports import ReportView
from admin_views.rights import RightsView
from admin_views.start import StartView
from admin_views.system import SystemView
from app.domain.errors import NotFound
from app.models import Activity, IntakeRule, Invitation, Mandate, Organisation, Report, db
from app.services import waiting


@dataclass(frozen=True, slots=True)
class Screen:
    """A line of the menu: the view, its icon, its group, and the count of what waits there."""

    view: Any
    icon: str
    group: Any = ""
    count: str = ""


TEAM, INSIGHT, INTAKE = _l("Ploeg"), _l("Inzicht"), _l("Instellingen")


def screens() -> tuple[Screen, ...]:
    return (
        Screen(QueueView(Activity, db, name=_l("Te keuren"), endpoint="queue"), "inbox", count=waiting.QUEUE),
        Screen(
            FreshView(Activity, db, name=_l("Nieuw op je grondgebied"), endpoint="fresh"),
            "bell",
            count=waiting.FRESH,
        ),
        Screen(ReportView(Report, db, name=_l("Meldingen"), endpoint="report"), "chat", count=waiting.REPORTS),
        Screen(ActivityView(Activity, db, name=_l("Activiteiten"), endpoint="activity"), "list"),
        Screen(OrganisationView(Organisation, db, name=_l("Organisaties"), endpoint="organisation"), "house"),
        Screen(PeopleView(Mandate, db, name=_l("Collega’s"), endpoint="people"), "people", TEAM),
        Screen(HistoryView(name=_l("Geschiedenis"), endpoint="history"), "history", INSIGHT),
        Screen(InvitationView(Invitation, db, name=_l("Uitnodigingen"), endpoint="invitation"), "mail", TEAM),
        Screen(IntakeView(IntakeRule, db, name=_l("Wat komt binnen"), endpoint="intake"), "sync", INTAKE),
        Screen(SystemView(name=_l("Systeem"), endpoint="system"), "gear", INTAKE),
        Screen(RightsView(name=_l("Rechten"), endpoint="rights"), "help", INTAKE),
        Screen(AccountView(name=_l("Je account"), endpoint="account"), "people"),
    )


def init(app: Flask) -> None:
    """Join the screens to the application, under /admin/."""
    history.init(app)
    reports.init(app)
    start = StartView(name=_l("Start"), url="/admin", endpoint="admin")
    admin = Admin(app, name="Doemee", index_view=start, theme=Bootstrap4Theme(), url="/admin")
    menu = screens()
    for screen in menu:
        admin.add_view(screen.view)
    app.view_functions["admin.static"] = no_file
    shell.init(app, [Screen(start, "home"), *menu])


def no_file(filename: str) -> NoReturn:
    """Flask-Admin's own scripts and styles serve no page here, so they are not served at all."""
    raise NotFound
