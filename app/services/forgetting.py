"""How people are forgotten: an account keeps its number, for the history, and nothing that says who it was.

What the history says of them goes with it; that something was forgotten is itself a line of history, without values.
Rows are locked first, so that two who forget at once do it once.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, exists, or_, select, update
from sqlalchemy.orm import Session, selectinload

from app.domain.actor import Actor
from app.models import (
    Absence,
    Activity,
    Base,
    Change,
    Delivery,
    Invitation,
    LoginSession,
    Mail,
    MailState,
    Mandate,
    Report,
    User,
)
from app.services import history, sessions
from app.services.sources.uitdatabank.stored import without_people

NOBODY = Actor()
FORMER_GUEST = "Vroegere genodigde"
NOWHERE = "vergeten.invalid"  # a name that no mail server ever answers to (RFC 6761, 6.4)


def holds_mandate(day: date) -> ColumnElement[bool]:
    """A mandate that holds on this day, or will."""
    return exists().where(
        Mandate.user_id == User.id, Mandate.ended_at.is_(None), or_(Mandate.until.is_(None), Mandate.until >= day)
    )


def is_asked(now: datetime) -> ColumnElement[bool]:
    """Somebody invited this account, and it can still say yes."""
    return exists().where(
        Invitation.email == User.email,
        Invitation.accepted_at.is_(None),
        Invitation.withdrawn_at.is_(None),
        Invitation.ends_at > now,
    )


def is_here(now: datetime) -> ColumnElement[bool]:
    return exists().where(LoginSession.user_id == User.id, LoginSession.ends_at > now)


def anonymise(session: Session, now: datetime, ids: Sequence[int]) -> None:
    """End the sessions, empty name, address and password, here and in what was written about the account."""
    for user in session.scalars(select(User).where(User.id.in_(ids), User.anonymised_at.is_(None)).with_for_update()):
        name = user.name
        user.name, user.email = f"Vroegere gebruiker {user.id}", f"vergeten-{user.id}@{NOWHERE}"
        user.password_hash, user.last_seen_on = "", None
        user.anonymised_at, user.suspended_at = now, user.suspended_at or now
        sessions.end_all(session, user.id)
        _write(session, now, user, "anonymise")
        session.execute(
            update(Delivery).where(Delivery.capacity == f"vervanger van {name}").values(capacity="vervanger")
        )
    _blank_mails(session, Mail.user_id.in_(ids))
    redact(session, User, ids, {"name", "email"})


def blank_invitations(session: Session, now: datetime, ids: Sequence[int]) -> None:
    """Who was asked goes; that somebody was asked for this role, by whom and with what answer, stays."""
    for row in session.scalars(select(Invitation).where(Invitation.id.in_(ids)).with_for_update()):
        row.name, row.email, row.token_hash = FORMER_GUEST, f"vergeten-{row.id}@{NOWHERE}", None
        if row.accepted_at is None:
            row.withdrawn_at = row.withdrawn_at or now  # nobody can send it again
        _write(session, now, row, "forget")
    _blank_mails(session, Mail.invitation_id.in_(ids))
    redact(session, Invitation, ids, {"name", "email"})


def blank_reasons(session: Session, now: datetime, ids: Sequence[int]) -> None:
    for row in session.scalars(select(Absence).where(Absence.id.in_(ids)).with_for_update()):
        row.reason = ""
        _write(session, now, row, "forget")
    redact(session, Absence, ids, {"reason"}, why=True)


def delete_reports(session: Session, now: datetime, ids: Sequence[int]) -> None:
    for row in session.scalars(select(Report).where(Report.id.in_(ids)).with_for_update()):
        _write(session, now, row, "forget")
        session.delete(row)
    session.flush()
    redact(session, Report, ids, {"remark"})


def delete_contacts(session: Session, now: datetime, ids: Sequence[int]) -> None:
    """How to reach the organisers of these activities, also in what the source sent of them."""
    loaded = (selectinload(Activity.channels), selectinload(Activity.source_record))
    for row in session.scalars(select(Activity).where(Activity.id.in_(ids)).options(*loaded).with_for_update()):
        row.channels = []
        if row.source_record is not None:
            # Still complete: the source need not be asked again for what we just dropped.
            row.source_record.payload = without_people(row.source_record.payload)
        _write(session, now, row, "forget")
    redact(session, Activity, ids, {"channels"})


def redact(
    session: Session, model: type[Base], ids: Sequence[int], fields: Collection[str], *, why: bool = False
) -> None:
    """Take these fields out of every line of history of these records; with `why`, the reason written there too."""
    lines = select(Change).where(Change.table_name == model.__tablename__, Change.record_id.in_(ids))
    for line in session.scalars(lines):
        line.before, line.after = without(line.before, fields), without(line.after, fields)
        if why:
            line.why = ""
    session.flush()


def without(values: dict[str, Any], fields: Iterable[str]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if key not in fields}


def _write(session: Session, now: datetime, row: Base, verb: str) -> None:
    """A line that says that it happened, and repeats nothing of what was forgotten."""
    history.record(session, NOBODY, now, row, verb, history.snapshot(row))


def _blank_mails(session: Session, whose: ColumnElement[bool]) -> None:
    session.execute(update(Mail).where(whose).values(sent_to="", error=""))
    session.execute(
        update(Mail).where(whose, Mail.state == MailState.WAITING).values(state=MailState.FAILED, claimed_until=None)
    )
