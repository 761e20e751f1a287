"""Who may open a screen: Guarded asks the policy before any view runs; PolicyPage is a screen without a table."""

from datetime import datetime
from typing import Any, ClassVar

from flask import g, request
from flask_admin import BaseView
from flask_login import current_user
from werkzeug.wrappers import Response

from app.domain.actor import Actor
from app.domain.clock import now_utc
from app.domain.errors import NotAllowed, NotFound
from app.domain.policy import Action, Resource, may, who_may
from app.models import BIGGEST_ID
from app.web import resume
from app.web.sign_in import actor, ask_to_sign_in


def present() -> datetime:
    """One `now` for the whole request."""
    if "now" not in g:
        g.now = now_utc()
    return g.now


def row_id(text: object) -> int:
    """An id from a request: digits only, within what a row can have. Anything else does not exist."""
    value = str(text or "")
    if not value.isascii() or not value.isdigit() or len(value) > 10 or not 0 < int(value) <= BIGGEST_ID:
        raise NotFound
    return int(value)


def is_resumed() -> bool:
    """Whether this form comes back from signing in again: it is shown as it was typed, and nothing is done."""
    return request.method == "POST" and request.form.get("resume") == "1"


class Guarded:
    """Sign-in and the right to open this screen, before any of its views runs."""

    resource: ClassVar[Resource]
    opens_with: ClassVar[Action] = Action.READ
    needs: ClassVar[dict[str, Action]] = {}

    @property
    def actor(self) -> Actor:
        return actor()

    def may(self, action: Action, row: object = None) -> bool:
        return may(self.actor, action, self.resource, row)

    def is_accessible(self) -> bool:
        return bool(current_user.is_authenticated) and self.may(self.opens_with)

    def is_visible(self) -> bool:
        return self.is_accessible()

    def inaccessible_callback(self, name: str, **kwargs: Any) -> Response | tuple[str, int]:
        if not current_user.is_authenticated:
            return resume.ask_to_sign_in_again() if resume.is_typed_form() else ask_to_sign_in()
        raise NotAllowed("Dit scherm hoort niet bij jouw rol.", who_may(self.opens_with, self.resource))

    def _handle_view(self, name: str, **kwargs: Any) -> Any:
        if not self.is_accessible():
            return self.inaccessible_callback(name, **kwargs)
        if name in self.needs and not self.may(self.needs[name]):
            raise NotAllowed("Dit hoort niet bij jouw rol.", who_may(self.needs[name], self.resource))
        return None


class PolicyPage(Guarded, BaseView):
    """A screen without a table of its own."""
