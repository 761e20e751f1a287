"""The blueprint of all that is about coming in: signing in, passwords, invitations."""

from types import ModuleType

from flask import Blueprint, Flask

web = Blueprint("web", __name__)


def init(app: Flask, *pages: ModuleType) -> None:
    """Register the blueprint; `pages` are the modules whose routes hang on it, named so that they are imported."""
    app.register_blueprint(web)
