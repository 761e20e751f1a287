"""The door of the nightly forgetting: what `docs/privacy.md` says is no longer kept."""

from app.domain.clock import now_utc
from app.models import connection, db
from app.services import retention


def run() -> dict[str, int]:
    """How many rows were forgotten, by the words of the table."""
    return retention.forget(db.session, now_utc(), lambda: connection.writing(db.session))
