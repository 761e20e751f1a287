"""What is weak in the whole: the settings, and what the database holds. Production starts on no error of these."""

import os
from collections.abc import Iterable, Iterator

import structlog
from flask import Flask
from sqlalchemy import Connection, Select, func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app import schema
from app.domain.clock import brussels_date, now_utc
from app.models import Mandate, MandateRole, Municipality, User, db
from app.services import accounts, heartbeat
from app.settings import ROOT, Settings, SettingsError
from app.weakness import DEMO_DOMAIN, Finding, error, of_settings, warning

DEMO_PASSWORD = "samen-doen-is-leuker"  # noqa: S105 -- printed on the demo's own sign-in page
AWAY = "database"
log = structlog.get_logger()


def of_everything(app: Flask, rhythms: Iterable[heartbeat.Rhythm]) -> list[Finding]:
    """Every weakness, errors first."""
    settings: Settings = app.extensions["settings"]
    found = [*of_settings(settings), *of_process(app), *of_database(db.session, rhythms)]
    return sorted(found, key=lambda finding: finding.level != "error")


def of_process(app: Flask) -> Iterator[Finding]:
    if app.debug or os.environ.get("FLASK_DEBUG", "0") not in ("", "0", "false", "no"):
        yield error("FLASK_DEBUG", "shows the code to whoever causes an error.", "Take it away.")
    if not list((ROOT / "app" / "translations").glob("*/LC_MESSAGES/*.mo")):
        yield warning("translations", "are not compiled.", "Run pybabel compile -d app/translations.")


def of_database(session: Session, rhythms: Iterable[heartbeat.Rhythm]) -> list[Finding]:
    try:
        connection = session.connection()
        found = list(of_tables(connection))
        if not found:
            found = [*of_accounts(session), *of_contents(session), *of_jobs(session, rhythms)]
    except SQLAlchemyError as trouble:
        return [error(AWAY, f"does not answer ({type(trouble).__name__}).", "Does DATABASE_URL name it?")]
    finally:
        session.rollback()
    return found


def of_tables(connection: Connection) -> Iterator[Finding]:
    state = schema.of(connection)
    if state.behind:
        words = "are older than this version." if state.at else "are not there."
        yield error("tables", words, "Run flask --app wsgi db upgrade.")


def of_accounts(session: Session) -> Iterator[Finding]:
    """The demo's people, by their address; its password, with those who administer the platform."""
    demo = session.scalar(select(func.count()).select_from(User).where(User.email.like(f"%@{DEMO_DOMAIN}")))
    if demo:
        yield error("accounts", f"of the demo are here: {demo}.", "Start with an empty database; the demo has its own.")
    administrators = list(session.scalars(platform_administrators()))
    if any(accounts.with_password(session, email, DEMO_PASSWORD) for email in administrators):
        yield error("accounts", "A platform administrator has the demo's password.", "Choose another.")
    if not administrators:
        yield warning("accounts", "Nobody administers the platform.", "Make the first with create-user … --platform.")


def platform_administrators() -> Select[tuple[str]]:
    today = brussels_date(now_utc())
    return (
        select(User.email)
        .join(Mandate, Mandate.user_id == User.id)
        .where(Mandate.role == MandateRole.PLATFORM, Mandate.since <= today)
        .where((Mandate.until.is_(None)) | (Mandate.until >= today), User.suspended_at.is_(None))
        .where(Mandate.ended_at.is_(None))
    )


def of_contents(session: Session) -> Iterator[Finding]:
    if not session.scalar(select(func.count()).select_from(Municipality)):
        yield warning("municipalities", "There are none.", "Run flask --app wsgi load-reference.")


def of_jobs(session: Session, rhythms: Iterable[heartbeat.Rhythm]) -> Iterator[Finding]:
    for words in heartbeat.trouble(session, rhythms, now_utc()):
        yield warning("jobs", words, "See docs/operations.md.")


def refuse_unfit(app: Flask) -> None:
    """Raise SettingsError when production should not run on this database. One that is away stops nobody: the pages
    say so, and it may come back."""
    if app.extensions["settings"].demo:
        return
    with app.app_context():
        found = [*of_process(app), *of_database(db.session, ())]
    for finding in found:
        if finding.level == "warning" or finding.about == AWAY:
            log.warning("weak", about=finding.about, what=finding.what, todo=finding.todo)
    if trouble := [str(finding) for finding in found if finding.level == "error" and finding.about != AWAY]:
        raise SettingsError("This cannot start in production:\n- " + "\n- ".join(trouble))
