"""What runs without anybody at the screen."""

from collections.abc import Callable
from contextvars import Context
from typing import TypeVar

from flask import Flask

from app.models import db

T = TypeVar("T")


def elsewhere(app: Flask, work: Callable[[], T]) -> T:
    """Do this in a context of its own, as a process of its own would; what the test holds is read anew after it."""

    def inside() -> T:
        with app.app_context():
            return work()

    db.session.commit()
    try:
        return Context().run(inside)
    finally:
        db.session.commit()
