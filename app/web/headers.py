"""The headers every answer carries (ASVS 3.4), errors included."""

from flask import Flask, Response, abort, current_app, g, request, session

POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-src 'self'",
        "frame-ancestors 'none'",
    )
)


# The administration, and what one comes in by: a link with a token belongs in no cache.
PRIVATE = ("/admin", "/login", "/logout", "/welkom", "/wachtwoord", "/uitnodiging", "/aangemeld")
# Pages whose address is a secret: it goes along with no other request, not even to us, where a proxy would log it.
SECRET = ("/welkom/", "/wachtwoord/", "/uitnodiging/")


def init(app: Flask) -> None:
    app.after_request(add)
    app.before_request(refuse_nul)


def refuse_nul() -> None:
    """A NUL is never typed by a person, and PostgreSQL cannot keep one: 400, before anything looks at it."""
    if request.routing_exception is not None:
        return
    values = [request.path, *request.args.keys(), *(v for vs in request.args.listvalues() for v in vs)]
    if request.method == "POST":
        values += [*request.form.keys(), *(v for vs in request.form.listvalues() for v in vs)]
    if any("\0" in value for value in values):
        abort(400)


def add(response: Response) -> Response:
    headers = response.headers
    if not g.get("own_csp"):
        headers["Content-Security-Policy"] = POLICY
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "strict-origin" if request.path.startswith(SECRET) else "same-origin"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
    if current_app.extensions["settings"].https:
        headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    if private():
        headers["Cache-Control"] = "no-store"
    return response


def private() -> bool:
    """Whether this answer may be kept by no cache: all of the administration, and all that knows a person.

    The cookie tells: asking the database who that is would fail on the very page that says it is away.
    """
    if request.path.startswith(PRIVATE):
        return True
    return request.blueprint not in (None, "public", "static") and "_user_id" in session
