"""Forgetting: what `app.domain.retention` says is due, in batches that each stand by themselves.

Stopped halfway, the next run goes on; run twice, the second finds nothing.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, exists, func, or_, select, update
from sqlalchemy.orm import Session

from app.domain import retention as table
from app.domain.activity import State
from app.domain.clock import brussels_date
from app.domain.retention import Kept
from app.models import (
    Absence,
    Activity,
    Base,
    ContactChannel,
    Delivery,
    Invitation,
    Mail,
    MailState,
    PasswordReset,
    Report,
    SourceRecord,
    SyncItem,
    SyncRun,
    User,
)
from app.services import forgetting
from app.services.sources import ended

BATCH = 200


@dataclass(frozen=True, slots=True)
class Duty:
    """A line of the table put to work: which rows are due, and what is done with a batch of them.

    `really` looks closer at what no statement can tell; None where the statement tells all.
    """

    kept: Kept
    model: type[Base]
    due: Callable[[datetime], ColumnElement[bool]]
    forget: Callable[[Session, datetime, Sequence[int]], None]
    really: Callable[[Session, datetime, Sequence[int]], list[int]] | None = None

    def batches(self, session: Session, now: datetime) -> Iterator[list[int]]:
        """The ids of what is due, each once, lowest first."""
        last = 0
        while True:
            after = select(self.model.id).where(self.model.id > last, self.due(now))
            found = list(session.scalars(after.order_by(self.model.id).limit(BATCH)))
            if not found:
                return
            last = found[-1]
            yield self.really(session, now, found) if self.really else found


def preview(session: Session, now: datetime) -> dict[Kept, list[int]]:
    """The ids of all that would go now. Changes nothing; what a first step frees for a later one is not counted."""
    return {duty.kept: [id for batch in duty.batches(session, now) for id in batch] for duty in DUTIES}


def forget(
    session: Session, now: datetime, transaction: Callable[[], AbstractContextManager[None]], *only: Kept
) -> dict[str, int]:
    """Do what is due, a batch a transaction. Returns how many rows, by the name of the line in the table."""
    counts: dict[str, int] = {}
    for duty in DUTIES:
        if only and duty.kept not in only:
            continue
        counts[duty.kept.name] = 0
        batches = duty.batches(session, now)
        while True:
            with transaction():
                ids = next(batches, None)
                if ids:
                    # Again, now locked: somebody may have signed in since the batch was read.
                    due = select(duty.model.id).where(duty.model.id.in_(ids), duty.due(now)).with_for_update()
                    ids = list(session.scalars(due.order_by(duty.model.id)))
                    duty.forget(session, now, ids)
            if ids is None:
                break
            counts[duty.kept.name] += len(ids)
    return counts


# --- what is due ---


def accounts(now: datetime) -> ColumnElement[bool]:
    """Not seen for long, without a mandate that holds or will, without an open invitation or a live session."""
    before = table.ACCOUNT.before(now)
    seen_long_ago = or_(
        User.last_seen_on < brussels_date(before), (User.last_seen_on.is_(None)) & (User.created_at < before)
    )
    return (
        User.anonymised_at.is_(None)
        & seen_long_ago
        & ~forgetting.holds_mandate(brussels_date(now))
        & ~forgetting.is_asked(now)
        & ~forgetting.is_here(now)
    )


def invitations(now: datetime) -> ColumnElement[bool]:
    answered = func.coalesce(Invitation.accepted_at, Invitation.withdrawn_at, Invitation.ends_at)
    return (answered < table.INVITATION.before(now)) & ~Invitation.email.endswith(f"@{forgetting.NOWHERE}")


def absence_reasons(now: datetime) -> ColumnElement[bool]:
    before = table.REASON.before(now)
    over = or_(Absence.until < brussels_date(before), Absence.ended_at < before)
    return (Absence.reason != "") & over


def mail_addresses(now: datetime) -> ColumnElement[bool]:
    left = func.coalesce(Mail.sent_at, Mail.created_at) < table.ADDRESS.before(now)
    return (Mail.state != MailState.WAITING) & left & ((Mail.sent_to != "") | (Mail.error != ""))


def mails(now: datetime) -> ColumnElement[bool]:
    return (Mail.state != MailState.WAITING) & (Mail.created_at < table.MAIL.before(now))


def report_addresses(now: datetime) -> ColumnElement[bool]:
    handled = Report.handled_at < table.REPLY_TO.before(now)
    return (Report.reply_to != "") & (handled | (Report.created_at < table.months_before(now, 12)))


def reports(now: datetime) -> ColumnElement[bool]:
    never = Report.handled_at.is_(None) & (Report.created_at < table.months_before(now, 24))
    return (Report.handled_at < table.REPORT.before(now)) | never


def contacts(now: datetime) -> ColumnElement[bool]:
    """Of activities that have any: over for long, or not online and untouched for long."""
    before = table.CONTACT.before(now)
    offline = Activity.state.in_([State.DRAFT, State.REJECTED, State.WITHDRAWN]) & (Activity.updated_at < before)
    return ((Activity.over_at < before) | offline) & exists().where(ContactChannel.activity_id == Activity.id)


def records(now: datetime) -> ColumnElement[bool]:
    """What may be over for long: never an activity, and not changed since. `ended.long_ago` reads each."""
    mine = exists().where(Activity.source_record_id == SourceRecord.id)
    return ~SourceRecord.relevant & (SourceRecord.modified < table.RECORD.before(now)) & ~mine


def items(now: datetime) -> ColumnElement[bool]:
    return SyncItem.run_id.in_(select(SyncRun.id).where(SyncRun.started_at < table.ITEM.before(now)))


def runs(now: datetime) -> ColumnElement[bool]:
    return (SyncRun.started_at < table.RUN.before(now)) & ~exists().where(SyncItem.run_id == SyncRun.id)


def resets(now: datetime) -> ColumnElement[bool]:
    """But for one whose mail still tries to leave."""
    days = timedelta(days=table.RESET.days or 0)
    waits = exists().where(Mail.password_reset_id == PasswordReset.id, Mail.state == MailState.WAITING)
    return (PasswordReset.ends_at <= now - days) & ~waits


# --- what is done with it ---


def delete_mails(session: Session, now: datetime, ids: Sequence[int]) -> None:
    session.execute(delete(Delivery).where(Delivery.mail_id.in_(ids)))
    session.execute(delete(Mail).where(Mail.id.in_(ids)))


def blank_mails(session: Session, now: datetime, ids: Sequence[int]) -> None:
    session.execute(update(Mail).where(Mail.id.in_(ids)).values(sent_to="", error=""))


def blank_reply_to(session: Session, now: datetime, ids: Sequence[int]) -> None:
    session.execute(update(Report).where(Report.id.in_(ids)).values(reply_to=""))


def delete_records(session: Session, now: datetime, ids: Sequence[int]) -> None:
    session.execute(delete(SourceRecord).where(SourceRecord.id.in_(ids)))


def delete_items(session: Session, now: datetime, ids: Sequence[int]) -> None:
    session.execute(delete(SyncItem).where(SyncItem.id.in_(ids)))


def delete_runs(session: Session, now: datetime, ids: Sequence[int]) -> None:
    session.execute(delete(SyncRun).where(SyncRun.id.in_(ids)))


def delete_resets(session: Session, now: datetime, ids: Sequence[int]) -> None:
    session.execute(update(Mail).where(Mail.password_reset_id.in_(ids)).values(password_reset_id=None))
    session.execute(delete(PasswordReset).where(PasswordReset.id.in_(ids)))


DUTIES = (
    Duty(table.INVITATION, Invitation, invitations, forgetting.blank_invitations),
    Duty(table.REASON, Absence, absence_reasons, forgetting.blank_reasons),
    Duty(table.ACCOUNT, User, accounts, forgetting.anonymise),
    Duty(table.MAIL, Mail, mails, delete_mails),
    Duty(table.ADDRESS, Mail, mail_addresses, blank_mails),
    Duty(table.REPORT, Report, reports, forgetting.delete_reports),
    Duty(table.REPLY_TO, Report, report_addresses, blank_reply_to),
    Duty(table.CONTACT, Activity, contacts, forgetting.delete_contacts),
    Duty(table.RECORD, SourceRecord, records, delete_records, ended.long_ago),
    Duty(table.ITEM, SyncItem, items, delete_items),
    Duty(table.RUN, SyncRun, runs, delete_runs),
    Duty(table.RESET, PasswordReset, resets, delete_resets),
)
