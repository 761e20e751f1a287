"""Two hundred waiting mails through the job, beside the same letters over one bare connection."""

import smtplib
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlsplit

from sqlalchemy import insert, select

from app.domain.activity import Origin, State
from app.domain.clock import now_utc
from app.models import Activity, Delivery, Mail, MailState, Mandate, MandateRole, Notice, NoticeKind, db
from jobs import mail
from tests.bench.clock import listening, seconds
from tests.bench.stage import Stage
from tests.bench.sync import Run
from tests.smtp import mailbox

MAILS = 200


def measure(stage: Stage) -> list[Run]:
    """Send them with the job, as often as it needs; then hand the letters that came to the same server once more."""
    with mailbox() as box, stage.app.app_context():
        stage.app.extensions["settings"] = replace(stage.app.extensions["settings"], smtp_url=box.url)
        _write()
        with listening(db.engine) as asked:
            took = seconds(_send_all)
        db.session.remove()
        letters = box.messages
        address = urlsplit(box.url)

        def by_hand() -> None:
            with smtplib.SMTP(address.hostname or "", address.port or 25) as server:
                for letter in letters:
                    server.send_message(letter)

        bare = seconds(by_hand)
        return [
            Run("mails, job", len(letters), len(asked.statements), took, {"sent": len(letters)}),
            Run("floor: one smtplib connection", len(box.messages) - len(letters), 0, bare, {}),
        ]


def _send_all() -> None:
    while mail.run()["sent"]:
        pass


def _write() -> None:
    """Waiting mails to local administrators, each about a new entry of its own."""
    now = now_utc() - timedelta(minutes=1)
    entries = db.session.execute(
        select(Activity.id, Activity.municipality_id, Mandate.user_id)
        .join(Mandate, Mandate.municipality_id == Activity.municipality_id)
        .where(Activity.origin == Origin.OWN, Activity.state == State.PUBLISHED, Mandate.role == MandateRole.LOCAL)
        .order_by(Activity.id)
        .limit(MAILS)
    ).all()
    rows = range(1, len(entries) + 1)
    notices = [
        {"id": id_, "kind": NoticeKind.NEW_ENTRY, "activity_id": entry.id, "municipality_id": entry.municipality_id}
        for id_, entry in zip(rows, entries, strict=True)
    ]
    mails = [
        {"id": id_, "message_id": f"<bench.{id_}@localhost>", "user_id": entry.user_id, "state": MailState.WAITING}
        for id_, entry in zip(rows, entries, strict=True)
    ]
    deliveries = [
        {"id": id_, "notice_id": id_, "mail_id": id_, "user_id": entry.user_id, "capacity": "lokale beheerder"}
        for id_, entry in zip(rows, entries, strict=True)
    ]
    with db.engine.begin() as connection:
        common = {"created_at": now}
        connection.execute(insert(Notice), [row | common | {"resolved_at": now} for row in notices])
        connection.execute(insert(Mail), [row | common | {"not_before": now} for row in mails])
        connection.execute(insert(Delivery), deliveries)
