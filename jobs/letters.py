"""What a mail says: subject, text and HTML, from one template pair a kind of notice."""

from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any

from flask import current_app, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.domain.clock import now_utc
from app.models import Activity, Mail, MailKind, NoticeKind, db
from app.services import mailing
from jobs import personal_letters

TEMPLATES = {
    NoticeKind.NEW_ENTRY: "new_entry",
    NoticeKind.WITHDRAWN: "withdrawn",
    NoticeKind.CORRECTED: "corrected",
    NoticeKind.REPORTED: "reported",
}
MOST_IN_SUBJECT = 120
Said = tuple[str, dict[str, Any]]


def compose(mail: Mail, reasons: list[str], token: str = "") -> EmailMessage:
    """The letter of this mail, to the address its person has now; `reasons` are the words of the decision it tells,
    `token` that of its one-time link."""
    settings = current_app.extensions["settings"]
    with current_app.test_request_context(base_url=settings.base_url):
        template, said = contents(mail, reasons) if mail.kind is MailKind.NOTICES else personal(mail, token)
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


def contents(mail: Mail, reasons: list[str]) -> Said:
    """The template of a mail about notices, and what it says."""
    notices = [delivery.notice for delivery in mail.deliveries]
    activities, town = [notice.activity for notice in notices], str(notices[0].municipality or "")
    return TEMPLATES[notices[0].kind], {
        "activities": activities,
        "town": town,
        "capacity": mailing.capacities(mail.deliveries),
        "reasons": reasons,
        "subject": subject(notices[0].kind, activities, town),
        "link": lambda activity: url_for("activity.details_view", id=activity.id, _external=True),
        "list_link": url_for("fresh.index_view", _external=True),
        "reports": mailing.reports(db.session, mail),
        "reports_link": url_for("report.index_view", _external=True),
        "now": now_utc(),
    }


def personal(mail: Mail, token: str) -> Said:
    letter = personal_letters.written(mail, token)
    return "personal", {"letter": letter, "subject": letter.subject}


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
        case NoticeKind.REPORTED:
            return ngettext(
                "Probleem gemeld: %(title)s",
                "%(num)s problemen gemeld in %(town)s",
                len(activities),
                town=town or _("geen gemeente"),
                title=first,
            )


def one_line(text: object) -> str:
    """Without line ends or other controls, and not longer than a subject is read.

    What looks like an encoded word (RFC 2047) is taken apart: the e-mail library would decode it, line ends included.
    """
    printable = "".join(char if char.isprintable() else " " for char in str(text)).replace("=?", "= ?")
    line = " ".join(printable.split())
    return line if len(line) <= MOST_IN_SUBJECT else line[: MOST_IN_SUBJECT - 1] + "…"
