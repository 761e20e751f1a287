"""The judges of two at once: nothing that was typed is lost, and what is sent twice is done once."""

from collections.abc import Callable, Mapping
from threading import Barrier, Thread
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from app.models import Base, db
from tests.admin_views import fields, read

Form = Mapping[str, str] | MultiDict[str, str]


def typed_form(answer: TestResponse, field: str) -> MultiDict[str, str]:
    """The form on this page in which `field` stands, as a browser would send it."""
    for node in read(answer).all("form", method="post"):
        found = fields(node)
        if field in found:
            return found
    raise AssertionError(f"no form with {field} on this page")


def judge_two_people(
    first: FlaskClient, second: FlaskClient, path: str, field: str, row: Any, name_of_first: str
) -> None:
    """Both open the same form and change the same field. The second loses nothing, is told, and then chooses."""
    one, two = typed_form(first.get(path), field), typed_form(second.get(path), field)
    one[field], two[field] = "Van de eerste", "Van de tweede"

    assert first.post(path, data=one).status_code == 302
    answer = second.post(path, data=two)

    db.session.commit()
    db.session.refresh(row)
    assert getattr(row, field) == "Van de eerste", "the first was overwritten unseen"
    assert answer.status_code == 409
    said = read(answer).text
    assert name_of_first in said, "nobody says who was first"
    assert "Van de eerste" in said, "what the first wrote is not shown"
    again = typed_form(answer, field)
    assert again[field] == "Van de tweede", "what the second typed is gone"
    assert second.post(path, data=again).status_code == 302, "having seen it, one may go on"
    db.session.commit()
    db.session.refresh(row)
    assert getattr(row, field) == "Van de tweede"


def press_at_once(visitors: list[FlaskClient], path: str, forms: list[Form], prepare: Callable[[], Any]) -> list[int]:
    """All of them at the very same moment, each in a thread of its own. Returns the statuses."""
    db.session.commit()
    prepare()
    together, statuses = Barrier(len(visitors)), []

    def press(visitor: FlaskClient, form: Form) -> None:
        together.wait()
        answer = FlaskClient.open(visitor, path, method="POST", data=form, buffered=True)
        statuses.append(answer.status_code)

    threads = [Thread(target=press, args=pair) for pair in zip(visitors, forms, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    db.session.commit()
    return statuses


def how_many(model: type[Base]) -> int:
    db.session.commit()
    return db.session.scalar(select(func.count()).select_from(model)) or 0
