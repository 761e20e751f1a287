"""create_app: the one place where everything is joined."""

from pathlib import Path
from typing import Any

from flask import Flask
from flask_babel import Babel
from flask_migrate import Migrate
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

import admin_views
from app import commands, commands_operations, logs
from app.models import connection, db
from app.settings import ROOT, Settings, from_environment
from app.web import (
    catalogue,
    doors,
    errors,
    headers,
    health,
    invitation,
    locale,
    login,
    pages,
    passwords,
    report,
    sign_in,
    words,
    writing,
)

MAX_BODY_BYTES = 2_000_000
MAX_FORM_PARTS = 1_000


def create_app(settings: Settings | None = None) -> Flask:
    """The whole application for these settings, or for those of the environment."""
    settings = settings or from_environment()
    app = Flask(__name__, instance_path=str(ROOT / "instance"))
    configure(app, settings)
    logs.init(app)  # before anything speaks
    db.init_app(app)
    with app.app_context():
        connection.prepare(db.engine)
    Migrate(app, db, directory=str(ROOT / "migrations"))
    Babel(app, locale_selector=locale.chosen, default_translation_directories=str(ROOT / "app" / "translations"))
    writing.init(app)  # before anything reads: it opens the transaction
    CSRFProtect(app)
    locale.init(app)
    sign_in.init(app)
    doors.init(app, login, passwords, invitation)
    headers.init(app)
    errors.init(app)
    words.init(app)
    catalogue.init(app)
    pages.init(app)
    report.init(app)
    admin_views.init(app)
    health.init(app)
    commands.init(app)
    commands_operations.init(app)
    if settings.demo:
        from app.demo import web as demo  # production never imports it

        demo.init(app)
    if settings.proxy_count:
        proxies = settings.proxy_count
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=proxies)
    return app


def configure(app: Flask, settings: Settings) -> None:
    secure = settings.https
    app.extensions["settings"] = settings
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SECRET_KEY_FALLBACKS=list(settings.secret_key_fallbacks),
        # Forms that stood open while the key was changed; of several keys the last one signs.
        WTF_CSRF_SECRET_KEY=[*settings.secret_key_fallbacks, settings.secret_key],
        SQLALCHEMY_DATABASE_URI=normal_url(settings.database_url),
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(settings.database_url),
        TRUSTED_HOSTS=settings.trusted_hosts,
        MAX_CONTENT_LENGTH=MAX_BODY_BYTES,
        MAX_FORM_PARTS=MAX_FORM_PARTS,
        SESSION_COOKIE_NAME="__Host-session" if secure else "session",
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=None,  # a token lives as long as its session
        WTF_CSRF_SSL_STRICT=secure,
        BABEL_DEFAULT_LOCALE="nl",
        BABEL_DEFAULT_TIMEZONE="Europe/Brussels",
    )


def engine_options(url: str) -> dict[str, Any]:
    """On PostgreSQL without just-in-time compiling: our statements are short, and it costs more than they do.

    What a failing statement carried along, addresses and hashes, stays out of errors and so out of the log.
    """
    quick = {} if url.startswith("sqlite") else {"connect_args": {"options": "-c jit=off", "connect_timeout": 5}}
    return {"pool_pre_ping": True, "hide_parameters": True, **quick}


def normal_url(url: str) -> str:
    """The same database, with psycopg 3 named and a relative SQLite file taken from the project's root."""
    if url.startswith("postgresql://"):
        return url.replace("postgresql://", "postgresql+psycopg://", 1)
    if url.startswith("sqlite:///") and not url.startswith("sqlite:////"):
        path = ROOT / url.removeprefix("sqlite:///")
        Path(path.parent).mkdir(parents=True, exist_ok=True)
        return f"sqlite:///{path}"
    return url
