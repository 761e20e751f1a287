"""A mail that failed for good gets another chance, because somebody of the platform says so."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.errors import Conflict
from app.domain.policy import Action, Resource, require
from app.models import Mail, MailState
from app.services import history


def try_again(session: Session, actor: Actor, now: datetime, mail: Mail) -> None:
    """It waits again, to leave with the next run; its words are made anew then, its links too.

    Raises Conflict when it did not fail, or tells of what is over.
    """
    require(actor, Action.EDIT, Resource.SYSTEM, mail)
    if is_pointless(mail, now):
        raise Conflict("De link in deze mail zou niet meer werken. Vraag of stuur een nieuwe.")
    before = history.snapshot(mail)
    # One statement: of two who press at once, one finds it waiting already.
    failed = update(Mail).where(Mail.id == mail.id, Mail.state == MailState.FAILED)
    waits = failed.values(state=MailState.WAITING, not_before=now, claimed_until=None)
    if session.scalar(waits.returning(Mail.id)) is None:
        raise Conflict("Deze mail is niet mislukt, of een collega stuurde ze al opnieuw.")
    session.refresh(mail)
    history.record(session, actor, now, mail, "retry", before)


def is_pointless(mail: Mail, now: datetime) -> bool:
    """Whether it carries a link to what was answered, taken back or is too old by now."""
    if (asked := mail.invitation) is not None:
        return asked.accepted_at is not None or asked.withdrawn_at is not None or asked.ends_at <= now
    if (reset := mail.password_reset) is not None:
        return reset.used_at is not None or reset.ends_at <= now
    return False
