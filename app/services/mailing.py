"""From notices to mails: deliveries for who is entitled now, grouped in one mail a person, claimed and sent once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session, joinedload, selectinload

from app.domain.activity import State
from app.models import Activity, Delivery, Mail, MailState, Notice, NoticeKind, Report
from app.services import decisions, recipients

BATCH = 50
CLAIM_LASTS = timedelta(minutes=2)
PAUSES = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15), timedelta(hours=1))
GIVE_UP_AFTER = timedelta(hours=48)
BETWEEN_REPORTS = timedelta(hours=1)  # anybody can report, and nobody's box is to be filled that way


@dataclass(frozen=True, slots=True)
class Resolved:
    """How many notices were looked at, and how many mails came of them."""

    notices: int
    mails: int


def resolve(session: Session, now: datetime, domain: str) -> Resolved:
    """Write the deliveries of every notice that has none yet; what a person gets at once goes in one mail.

    `domain` is the right-hand side of Message-IDs (RFC 5322, 3.6.4).
    """
    waiting = select(Notice).where(Notice.resolved_at.is_(None)).order_by(Notice.id).limit(BATCH)
    notices = session.scalars(waiting.with_for_update(skip_locked=True)).all()
    mails: dict[tuple[int, str], Mail] = {}
    for notice in notices:
        entitled = recipients.of(session, notice, now) if still_true(session, notice) else []
        for recipient in entitled:
            key = (recipient.user_id, subject_of(notice))
            mail = mails.get(key)
            if mail is None:
                mail = mails[key] = _mail_for(session, notice, recipient.user_id, domain, now)
            session.add(Delivery(notice=notice, user_id=recipient.user_id, mail=mail, capacity=recipient.capacity))
        notice.resolved_at = now
        notice.outcome = outcome(session, notice, bool(entitled))
    session.flush()
    return Resolved(len(notices), len(mails))


def subject_of(notice: Notice) -> str:
    """What goes in one mail a person: what is new in a town, and what was reported there; a decision on an entry is a
    letter of its own."""
    match notice.kind:
        case NoticeKind.NEW_ENTRY | NoticeKind.REPORTED:
            return f"{notice.kind}-{notice.municipality_id}"
        case _:
            return f"notice-{notice.id}"


def still_true(session: Session, notice: Notice) -> bool:
    """Nobody is told of a new entry that went offline before the mail was made, or of a report that was handled."""
    match notice.kind:
        case NoticeKind.NEW_ENTRY:
            return notice.activity.state is State.PUBLISHED
        case NoticeKind.REPORTED:
            report = session.get(Report, notice.version)
            return report is not None and report.handled_at is None
        case _:
            return True


def outcome(session: Session, notice: Notice, told: bool) -> str:
    """Why nobody was told, in words for the platform; nothing when somebody was."""
    if told:
        return ""
    if still_true(session, notice):
        return "niemand te verwittigen"
    return "intussen afgehandeld" if notice.kind is NoticeKind.REPORTED else "intussen niet meer online"


def _mail_for(session: Session, notice: Notice, user_id: int, domain: str, now: datetime) -> Mail:
    """A new mail. Of reports a person gets one an hour about a town at most: what comes sooner joins the next."""
    if notice.kind is not NoticeKind.REPORTED:
        return _new_mail(session, notice, user_id, domain, now)
    last = session.scalar(
        select(Mail)
        .join(Delivery, Delivery.mail_id == Mail.id)
        .join(Notice, Notice.id == Delivery.notice_id)
        .where(
            Mail.user_id == user_id,
            Notice.kind == NoticeKind.REPORTED,
            Notice.municipality_id.is_not_distinct_from(notice.municipality_id),
            Mail.not_before > now - BETWEEN_REPORTS,
        )
        .order_by(Mail.id.desc())
        .limit(1)
    )
    if last is not None and last.attempts == 0 and last.not_before > now:
        return last
    mail = _new_mail(session, notice, user_id, domain, now)
    if last is not None:
        mail.not_before = max(now, last.not_before + BETWEEN_REPORTS)
    return mail


def _new_mail(session: Session, notice: Notice, user_id: int, domain: str, now: datetime) -> Mail:
    # Stable: the same notice and person always make the same Message-ID.
    message_id = f"<{notice.kind}.{notice.id}.{user_id}@{domain}>"
    mail = Mail(message_id=message_id, user_id=user_id, not_before=now, created_at=now, state=MailState.WAITING)
    session.add(mail)
    return mail


def claim(session: Session, now: datetime, limit: int = BATCH) -> list[int]:
    """Take mails that are due; one statement, so that two senders never hold the same one. Returns their ids.

    The rows are found in a common table expression: PostgreSQL may run a subquery with LIMIT and SKIP LOCKED again
    for each row it compares, and then takes more than it was asked for.
    """
    due = (
        select(Mail.id)
        .where(
            Mail.state == MailState.WAITING,
            Mail.not_before <= now,
            or_(Mail.claimed_until.is_(None), Mail.claimed_until <= now),
        )
        .order_by(Mail.not_before, Mail.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .cte("due")
    )
    claimed = session.scalars(
        update(Mail)
        .where(Mail.id.in_(select(due.c.id)))
        .values(claimed_until=now + CLAIM_LASTS, attempts=Mail.attempts + 1)
        .returning(Mail.id)
        .execution_options(synchronize_session=False)
    )
    return sorted(claimed)


def with_contents(session: Session, mail_id: int) -> Mail | None:
    """The mail with all its letter needs, or None when it is gone."""
    about = selectinload(Mail.deliveries).joinedload(Delivery.notice).joinedload(Notice.activity)
    return session.scalar(
        select(Mail)
        .where(Mail.id == mail_id)
        .options(
            joinedload(Mail.user),
            about.joinedload(Activity.organisation),
            about.joinedload(Activity.municipality),
            about.joinedload(Activity.level),
            about.selectinload(Activity.channels),
        )
    )


def is_ours(mail: Mail, attempt: int) -> bool:
    """Whether the claim of this attempt still stands: a slow server may have outlived it, and another sender sent."""
    return mail.state is MailState.WAITING and mail.attempts == attempt


def sent(mail: Mail, address: str, now: datetime) -> None:
    mail.state, mail.sent_to, mail.sent_at, mail.error, mail.claimed_until = (
        MailState.SENT,
        address,
        now,
        "",
        None,
    )


def postponed(mail: Mail, error: str, now: datetime) -> None:
    """Try again after a growing pause; after two days it has failed, and stays visible."""
    if now - mail.created_at > GIVE_UP_AFTER:
        refused(mail, error)
        return
    mail.not_before = now + PAUSES[min(mail.attempts, len(PAUSES)) - 1]
    mail.error, mail.claimed_until = error[:500], None


def refused(mail: Mail, error: str) -> None:
    """The server will never take it: failed, with its words."""
    mail.state, mail.error, mail.claimed_until = MailState.FAILED, error[:500], None


def capacities(deliveries: Sequence[Delivery]) -> str:
    """In which capacity this person is told, for the foot of the mail."""
    return " en ".join(dict.fromkeys(delivery.capacity for delivery in deliveries))


def reports(session: Session, mail: Mail) -> Sequence[Report]:
    """What visitors reported, of a mail about that; what is about one activity stands together."""
    ids = [d.notice.version for d in mail.deliveries if d.notice.kind is NoticeKind.REPORTED]
    return session.scalars(
        select(Report)
        .where(Report.id.in_(ids))
        .options(joinedload(Report.activity))
        .order_by(Report.activity_id, Report.id)
    ).all()


def reasons(session: Session, mail: Mail) -> list[str]:
    """Why an activity was withdrawn, in the words the organiser reads."""
    withdrawn = [d.notice.activity for d in mail.deliveries if d.notice.kind is NoticeKind.WITHDRAWN]
    found = [decisions.last(session, activity) for activity in withdrawn]
    return [words for decision in found if decision for words in (decision.words,) if words]
