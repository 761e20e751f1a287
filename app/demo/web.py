"""The demo's own pages: its mailbox, open to everyone; and the accounts for the sign-in page."""

from datetime import datetime
from pathlib import Path

from flask import Blueprint, Flask, Response, current_app, g, render_template, request
from flask_babel import format_datetime

from app.demo import letters
from app.demo.accounts import ACCOUNTS, PASSWORD
from app.domain.errors import NotFound
from app.settings import ROOT

MOST_SHOWN = 100
# The mail's own styles work; nothing is fetched, no script runs, and a link opens a tab of its own.
MAIL_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox allow-popups allow-popups-to-escape-sandbox"
NEW_TAB = '<base target="_blank">'

demo = Blueprint("demo", __name__, url_prefix="/demo")


def init(app: Flask) -> None:
    app.register_blueprint(demo)
    app.add_template_filter(in_words, "demo_time")
    app.context_processor(lambda: {"demo_accounts": ACCOUNTS, "demo_password": PASSWORD})


@demo.get("/mail")
def mail() -> str:
    to = request.args.get("to", "").strip()
    found = letters.listed(folder(), to)
    return render_template("demo/mail.html", letters=found[:MOST_SHOWN], total=len(found), to=to, accounts=ACCOUNTS)


@demo.get("/mail/<name>")
def message(name: str) -> str:
    return render_template("demo/message.html", letter=letter(name))


@demo.get("/mail/<name>/html")
def message_html(name: str) -> Response:
    html = letter(name).html.replace("<head>", "<head>" + NEW_TAB, 1)
    response = Response(html, mimetype="text/html")
    response.headers["Content-Security-Policy"] = MAIL_POLICY
    g.own_csp = True
    return response


def letter(name: str) -> letters.Letter:
    found = letters.opened(folder(), name)
    if found is None:
        raise NotFound("Dit bericht is er niet. De mailbox van de demo bewaart enkel de laatste 500.")
    return found


def in_words(instant: datetime) -> str:
    """`2026-09-14T07:20:00Z` reads as `maandag 14 september, 09:20:00`."""
    return str(format_datetime(instant, "EEEE d MMMM, HH:mm:ss"))


def folder() -> Path:
    """Where the mailbox keeps its files; a relative path is taken from the project's root."""
    return ROOT / str(current_app.extensions["settings"].demo_mail_folder)
