"""The door of the mail: deliveries for new notices, then what is due goes out, each mail in a commit of its own."""

import structlog
from flask import current_app

from app.domain.clock import now_utc
from app.models import Mail, MailState, connection, db
from app.services import links, mailing, one_time
from jobs import stopping
from jobs.letters import compose
from jobs.post import Post

log = structlog.get_logger()
MOST_A_RUN = 500


def run() -> dict[str, int]:
    """Returns how many mails were sent, failed for good, and still wait."""
    resolve()
    counts = {"sent": 0, "failed": 0, "waiting": 0}
    with Post(current_app.extensions["settings"].smtp_url) as post:
        # One at a time: a claim lasts two minutes, and a slow server could outlive that of a whole batch.
        for _ in range(MOST_A_RUN):
            claimed = [] if stopping.asked() else claim()
            if not claimed:
                break
            counts[send(post, claimed[0])] += 1
    return counts


def resolve() -> None:
    host = current_app.extensions["settings"].host
    with connection.writing(db.session):
        one_time.make_mails(db.session, now_utc(), host)
    while True:
        with connection.writing(db.session):
            resolved = mailing.resolve(db.session, now_utc(), host)
        if resolved.notices < mailing.BATCH:
            return


def claim() -> list[int]:
    with connection.writing(db.session):
        return mailing.claim(db.session, now_utc(), limit=1)


def send(post: Post, mail_id: int) -> str:
    """Send one mail and write down how that went. No transaction is open while the server thinks."""
    mail = mailing.with_contents(db.session, mail_id)
    if mail is None or mail.state is not MailState.WAITING:
        db.session.rollback()
        return "waiting"
    address, attempt = mail.address, mail.attempts
    if why_not := links.pointless(db.session, mail, now_utc()):
        with connection.writing(db.session):
            mailing.refused(db.session.get_one(Mail, mail_id), why_not)
        return "failed"
    with connection.writing(db.session):
        link = links.issue(db.session, db.session.get_one(Mail, mail_id))
    mail = mailing.with_contents(db.session, mail_id) or mail
    try:
        letter = compose(mail, mailing.reasons(db.session, mail), link)
    except Exception as trouble:
        # One letter that cannot be written stops no other, and is shown to the platform.
        log.exception("letter not written", mail=mail_id)
        with connection.writing(db.session):
            mailing.refused(db.session.get_one(Mail, mail_id), f"not written: {type(trouble).__name__}: {trouble}")
        return "failed"
    db.session.rollback()
    error, permanent = post.hand_over(letter)
    with connection.writing(db.session):
        mail = db.session.get_one(Mail, mail_id)
        if not mailing.is_ours(mail, attempt):
            log.warning("claim outlived", mail=mail_id)
        elif not error:
            mailing.sent(mail, address, now_utc())
        elif permanent:
            mailing.refused(mail, error)
            log.warning("mail refused", mail=mail_id, error=error)
        else:
            mailing.postponed(mail, error, now_utc())
        return mail.state.value
