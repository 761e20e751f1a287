"""An error page that comes whatever is broken: in the frame of the administration, and else in a plain one."""

import structlog
from flask import current_app, render_template, request
from sqlalchemy.exc import SQLAlchemyError

from app.models import db

log = structlog.get_logger()


def render(template: str, **values: object) -> str:
    """The page in its usual frame; when that frame itself cannot be drawn, the same words without it."""
    try:
        return render_template(template, **values)
    except Exception as error:
        log.error("frame", path=request.path, error=type(error).__name__)
        return frameless(template, **values)


def frameless(template: str, **values: object) -> str:
    """Without the context processors: they ask who you are and what waits, and that is what fails.

    For the rest of this request nobody is signed in, so that what still looks at the answer does not ask again.
    """
    current_app.login_manager._update_request_context_with_user()  # type: ignore[attr-defined]
    try:
        db.session.rollback()
    except SQLAlchemyError:
        db.session.remove()
    return current_app.jinja_env.get_template(template).render(me=None, frameless=True, **values)
