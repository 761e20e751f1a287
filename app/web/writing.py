"""The transaction of a request: opened for writing before anything is read, when the method says it may write."""

from flask import Flask, request
from sqlalchemy.exc import OperationalError

from app.models import connection, db

READING = frozenset({"GET", "HEAD", "OPTIONS"})
# These think long before they write, and open the write door themselves.
LATE = frozenset({"web.login", "web.forgotten"})


def init(app: Flask) -> None:
    app.before_request(open_for_writing)


def open_for_writing() -> None:
    if request.routing_exception is not None or request.method in READING or request.endpoint in LATE:
        return
    connection.begin_write(db.session)


def is_busy(error: OperationalError) -> bool:
    """Whether the database only asks to try again: locked, deadlock, serialization failure."""
    state = getattr(error.orig, "sqlstate", None)
    return state in ("40001", "40P01", "55P03") or "locked" in str(error.orig)
