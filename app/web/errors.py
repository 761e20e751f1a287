"""Errors in words: what went wrong, for whom it is, and a reference where it is our fault."""

import secrets
from http import HTTPStatus

import structlog
from flask import Flask, Response, make_response, request
from flask.globals import request_ctx
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from app.domain.errors import AppError, Conflict, Invalid, NotAllowed, NotFound, TooMany, Unavailable
from app.models import db
from app.web import fallback, resume, why
from app.web.limits import seconds_until
from app.web.writing import READING, is_busy

log = structlog.get_logger()
STATUS = {NotAllowed: 403, NotFound: 404, Invalid: 400, Conflict: 409, Unavailable: 503}
PAGES = {400, 403, 404, 413, 429, 500, 503}
Answer = tuple[str, int]
BARE = '<!doctype html><html lang="nl"><title>Doemee</title><h1>Dit adres kennen we niet</h1></html>'

COLLEAGUE_WAS_FIRST = "Een collega was je net voor. Bekijk het opnieuw en beslis dan."


def init(app: Flask) -> None:
    app.register_error_handler(AppError, of_ours)
    app.register_error_handler(TooMany, of_too_many)
    app.register_error_handler(CSRFError, of_form)
    app.register_error_handler(StaleDataError, of_two_people)
    app.register_error_handler(OperationalError, of_database)
    app.register_error_handler(HTTPException, of_http)
    app.register_error_handler(500, of_nobody)


def words(error: AppError) -> str:
    """The error's sentence in the reader's language."""
    return error.worded(_)


def page(status: int, reason: str = "", reference: str = "", **more: object) -> Answer:
    db.session.rollback()
    if request_ctx.url_adapter is None:
        return BARE, status  # a host that is not ours: no address can be made for it
    template = status if status in PAGES else (400 if status < 500 else 500)
    said = {"status": status, "reason": reason, "reference": reference}
    return fallback.render(f"errors/{template}.html", **said, **more), status


def of_ours(error: AppError) -> Answer:
    status = next((code for kind, code in STATUS.items() if isinstance(error, kind)), 400)
    return page(status, words(error), facts=why.facts(error) if isinstance(error, NotAllowed) else [])


def of_too_many(error: TooMany) -> Response:
    """When to try again, in words and for machines (RFC 9110, 10.2.3)."""
    response = make_response(page(429, words(error), until=error.until))
    response.headers["Retry-After"] = str(seconds_until(error.until))
    return response


def of_form(error: CSRFError) -> Answer:
    if resume.is_typed_form():
        db.session.rollback()
        return resume.show_again() if current_user.is_authenticated else resume.ask_to_sign_in_again()
    return page(400, _("Deze pagina stond te lang open, of je browser bewaart geen cookies."))


def of_two_people(error: StaleDataError) -> Answer:
    return page(409, _(COLLEAGUE_WAS_FIRST))


def of_database(error: OperationalError) -> Answer:
    reference = secrets.token_hex(4)
    log.error("database", reference=reference, path=request.path, error=type(error.orig).__name__)
    if is_busy(error):
        return page(503, _("Het is even druk. Probeer het zo meteen opnieuw."), reference)
    if request.method in READING:
        return page(503, _("We kunnen dit nu niet tonen."), reference)
    return page(503, _("Wat je net deed, konden we niet bewaren."), reference)


def of_http(error: HTTPException) -> Answer:
    status = error.code or HTTPStatus.INTERNAL_SERVER_ERROR
    return page(status, _(PLAIN.get(status, "")) if status in PLAIN else "")


def of_nobody(error: Exception) -> Answer:
    reference = secrets.token_hex(4)
    log.error(
        "unexpected",
        reference=reference,
        path=request.path,
        exc_info=getattr(error, "original_exception", error),
    )
    return page(500, reference=reference)


PLAIN = {
    HTTPStatus.METHOD_NOT_ALLOWED: "Dit adres kan je zo niet gebruiken.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "Dit is te veel ineens. Maak het korter.",
    HTTPStatus.TOO_MANY_REQUESTS: "Dat ging te snel na elkaar. Wacht even en probeer opnieuw.",
}
