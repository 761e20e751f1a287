"""Is it up, is it ready? For balancers, watchers and containers: no cookie, no session, no account."""

from flask import Flask, Response, jsonify
from sqlalchemy.exc import SQLAlchemyError

import jobs
from app import schema
from app.domain.clock import now_utc
from app.models import db
from app.services import heartbeat
from jobs.runner import seconds_of

Answer = tuple[Response, int]


def init(app: Flask) -> None:
    app.add_url_rule("/healthz", view_func=healthz)
    app.add_url_rule("/readyz", view_func=readyz)


def healthz() -> Answer:
    """The process answers; nothing else is asked, so that a database that is away restarts no web server."""
    return told("ok", 200)


def readyz() -> Answer:
    """The database answers, its tables are those of this code, the jobs are heard of and the mail leaves."""
    reasons = trouble()
    return told("not ready", 503, reasons=reasons) if reasons else told("ready", 200)


def trouble() -> list[str]:
    try:
        state = schema.of(db.session.connection())
        if state.behind:
            return ["The tables are older than this version. Run `flask --app wsgi db upgrade`."]
        rhythms = [heartbeat.Rhythm(job.name, seconds_of(job)) for job in jobs.TIMETABLE]
        return heartbeat.trouble(db.session, rhythms, now_utc())
    except SQLAlchemyError:
        return ["The database does not answer."]
    finally:
        db.session.rollback()


def told(status: str, code: int, **more: object) -> Answer:
    response = jsonify(status=status, **more)
    response.headers["Cache-Control"] = "no-store"
    return response, code
