"""What a mail says: subject, text and HTML, from one template pair a kind of notice."""

from email.message import EmailMessage
from email.utils import format_datetime

from flask import current_app, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.domain.clock import now_utc
from app.models import Activity, Mail, NoticeKind
from app.services import mailing

TEMPLATES = {
    NoticeKind.NEW_ENTRY: "new_entry",
    NoticeKind.WITHDRAWN: "withdrawn",
    NoticeKind.CORRECTED: "corrected",
}
MOST_IN_SUBJECT = 120


def compose(mail: Mail, reasons: list[str]) -> EmailMessage:
    """The letter of this mail, to the address its person has now; `reasons` are the words of the decision it tells."""
    settings = current_app.extensions["settings"]
    notices = [delivery.notice for delivery in mail.deliveries]
    activities = [notice.activity for notice in notices]
    with current_app.test_request_context(base_url=settings.base_url):
        said = {
            "activities": activities,
            "town": str(notices[0].municipality or ""),
            "capacity": mailing.capacities(mail.deliveries),
            "reasons": reasons,
            "subject": subject(notices[0].kind, activities, str(notices[0].municipality or "")),
            "link": lambda activity: url_for("activity.details_view", id=activity.id, _external=True),
            "list_link": url_for("fresh.index_view", _external=True),
            "now": now_utc(),
        }
        template = TEMPLATES[notices[0].kind]
        text = render_template(f"mail/{template}.txt", **said)
        html = render_template(f"mail/{template}.html", **said)
    message = EmailMessage()
    message["Subject"] = one_line(said["subject"])
    message["From"] = settings.mail_from
    message["To"] = mail.address
    message["Date"] = format_datetime(now_utc())
    message["Message-ID"] = mail.message_id
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text)
    message.add_alternative(html, subtype="html")
    return message


def subject(kind: NoticeKind, activities: list[Activity], town: str) -> str:
    """What and where."""
    first = activities[0].title
    match kind:
        case NoticeKind.NEW_ENTRY:
            return ngettext(
                "Nieuw in %(town)s: %(title)s",
                "%(num)s nieuwe activiteiten in %(town)s",
                len(activities),
                town=town,
                title=first,
            )
        case NoticeKind.WITHDRAWN:
            return _("Ingetrokken: %(title)s", title=first)
        case NoticeKind.CORRECTED:
            return _("Verbeterd: %(title)s", title=first)


def one_line(text: object) -> str:
    """Without line ends or other controls, and not longer than a subject is read.

    What looks like an encoded word (RFC 2047) is taken apart: the e-mail library would decode it, line ends included.
    """
    printable = "".join(char if char.isprintable() else " " for char in str(text)).replace("=?", "= ?")
    line = " ".join(printable.split())
    return line if len(line) <= MOST_IN_SUBJECT else line[: MOST_IN_SUBJECT - 1] + "…"
