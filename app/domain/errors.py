"""What can go wrong, in the user's words: services raise these, doors turn them into a flash, a page, a status.

A message is Dutch, and the key of its own translation; `params` fill its `%(name)s` places after translating.
"""

from collections.abc import Callable
from datetime import datetime


class AppError(Exception):
    """Something the person in front of the screen can read and act upon."""

    def __init__(self, message: str, **params: object) -> None:
        super().__init__(message)
        self.message = message
        self.params = params

    def __str__(self) -> str:
        return self.worded(lambda text: text)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self)!r})"

    def worded(self, translate: Callable[[str], str]) -> str:
        """The sentence in somebody's language; a tuple among the parameters is a list of words, each translated."""
        said = translate(self.message)
        if not self.params:
            return said
        return said % {
            name: ", ".join(translate(word) for word in value) if isinstance(value, tuple) else value
            for name, value in self.params.items()
        }


class NotAllowed(AppError):
    """No rule of the policy allows this; `rules` are those that let others, each a role and a sentence. HTTP 403."""

    def __init__(self, message: str, rules: tuple[tuple[str, str], ...] = (), **params: object) -> None:
        super().__init__(message, **params)
        self.rules = rules


class NotFound(AppError):
    """It does not exist, or it is not yours to know that it does. HTTP 404."""

    def __init__(self, message: str = "Dit vinden we niet.", **params: object) -> None:
        super().__init__(message, **params)


class Invalid(AppError):
    """What was typed cannot be taken; `field` names where it stands. HTTP 400, beside the field."""

    def __init__(self, message: str, field: str | None = None, **params: object) -> None:
        super().__init__(message, **params)
        self.field = field


class Conflict(AppError):
    """Somebody else was first. HTTP 409."""


class TooMany(AppError):
    """Too often in too short a time; `until` is when there is room again, in UTC. HTTP 429."""

    def __init__(self, until: datetime, message: str = "Dat ging te vaak na elkaar.", **params: object) -> None:
        super().__init__(message, **params)
        self.until = until


class Unavailable(AppError):
    """A part outside us does not answer now: mail, a source, the database. HTTP 503."""
