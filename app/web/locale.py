"""Dutch first; English for who asks for it."""

from flask import Flask, Response, current_app, has_request_context, request

LANGUAGES = ("nl", "en")
COOKIE = "lang"
A_YEAR_SECONDS = 365 * 24 * 3600


def init(app: Flask) -> None:
    app.after_request(remember)


def remember(response: Response) -> Response:
    """Who chose a language by `?lang=` keeps it: no session, one word in a cookie."""
    wanted = request.args.get(COOKIE)
    if wanted in LANGUAGES and wanted != request.cookies.get(COOKIE):
        secure = current_app.extensions["settings"].https
        response.set_cookie(COOKIE, wanted, max_age=A_YEAR_SECONDS, samesite="Lax", httponly=True, secure=secure)
    return response


def chosen() -> str:
    """The language of this request: `?lang=`, then the cookie, then Dutch. Outside a request: Dutch."""
    if not has_request_context():
        return "nl"
    for wanted in (request.args.get(COOKIE), request.cookies.get(COOKIE)):
        if wanted in LANGUAGES:
            return wanted
    return "nl"
