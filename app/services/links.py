"""The one-time link of a mail: made when the mail leaves, so that only the mail and the hash ever hold it."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.models import Mail, MailKind
from app.services import invitations, one_time


def pointless(session: Session, mail: Mail, now: datetime) -> str:
    """Why this mail need not leave any more, in words for the platform; nothing when it must."""
    if mail.user is not None and mail.user.suspended_at is not None:
        return "the account is suspended"
    if mail.kind is MailKind.INVITATION and mail.invitation is not None:
        asked = mail.invitation
        if not invitations.is_open(asked) or asked.ends_at <= now:
            return "the invitation was answered, withdrawn, or is too old"
        if not invitations.still_meant(session, asked, now):
            return "who invited may no longer do so"
    if mail.kind is MailKind.RESET and mail.password_reset is not None:
        reset = mail.password_reset
        if reset.used_at is not None or reset.ends_at <= now:
            return "the request is used or too old"
    return ""


def issue(session: Session, mail: Mail) -> str:
    """The token of this mail's link, kept as a hash; nothing for a mail without one. An earlier one stops working."""
    if mail.kind is MailKind.INVITATION and mail.invitation is not None:
        return invitations.issue(session, mail.invitation)
    if mail.kind is MailKind.RESET and mail.password_reset is not None:
        return one_time.issue(session, mail.password_reset)
    return ""
