"""Pages that say what the site promises: how accessible it is, and what it knows of you."""

from datetime import date, datetime

from flask import Blueprint, Flask, current_app, render_template
from flask_babel import format_date, format_datetime
from flask_babel import gettext as _

from app.domain import retention
from app.domain.clock import brussels_date, now_utc
from app.web.catalogue import READS, keep

pages = Blueprint("pages", __name__)
pages.after_request(keep)
CHECKED_ON = date(2026, 11, 25)  # when somebody last went over the list of what does not work yet


def init(app: Flask) -> None:
    app.register_blueprint(pages)
    app.add_template_global(contact_email)
    app.add_template_global(at_hour)


def contact_email() -> str:
    """Where people write about the site itself; also a Jinja global."""
    return str(current_app.extensions["settings"].contact_email)


def at_hour(instant: datetime) -> str:
    """When something works again, as said: `om 14.05 uur`, with the day when that is not today; a Jinja global."""
    hour = format_datetime(instant, "H.mm")
    if brussels_date(instant) == brussels_date(now_utc()):
        return _("om %(hour)s uur", hour=hour)
    return _("op %(day)s om %(hour)s uur", day=format_datetime(instant, "d MMMM"), hour=hour)


@pages.route("/toegankelijkheid", **READS)
def accessibility() -> str:
    return render_template("public/accessibility.html", checked_on=format_date(CHECKED_ON, "d MMMM yyyy"))


@pages.route("/privacy", **READS)
def privacy() -> str:
    return render_template("public/privacy.html", kept=retention)
