"""Dutch first; English for who asks for it."""

from flask import has_request_context, request

LANGUAGES = ("nl", "en")


def chosen() -> str:
    """The language of this request: `?lang=`, then the cookie, then Dutch. Outside a request: Dutch."""
    if not has_request_context():
        return "nl"
    for wanted in (request.args.get("lang"), request.cookies.get("lang")):
        if wanted in LANGUAGES:
            return wanted
    return "nl"
