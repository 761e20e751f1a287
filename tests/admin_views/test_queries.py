"""What a page asks of the database: a few statements, the same with ten rows and with five thousand."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from app.domain import schedule_json
from app.domain.activity import Origin, State
from app.domain.contact import Channel
from app.domain.relevance import Match
from app.domain.schedule import Status
from app.domain.source import Standing
from app.models import (
    Activity,
    Change,
    ContactChannel,
    Goal,
    IntakeRule,
    Invitation,
    Mandate,
    MandateRole,
    Organisation,
    OrganisationKind,
    Problem,
    Report,
    Source,
    SourceRecord,
    Topic,
    User,
    activity_goal,
    activity_topic,
    db,
)
from tests.admin_views import Cast, cast, typed
from tests.factories import NEXT_WEEK, NOW, TODAY, IntakeRuleFactory, one, own_entry, uit_event

SignIn = Callable[..., FlaskClient]
Row = dict[str, Any]
EVERY_PAGE = 2  # who you are, and what waits
LIST_MOST, FORM_MOST = 6, 12
FEW, MANY, USERS, FIRST_ID = 10, 5_000, 10, 1_000_000
YESTERDAY = NOW - timedelta(days=1)

LISTS = {
    "gent": (
        *(
            "",
            "activity/",
            "activity/?page=2",
            "activity/?q=rij&when=all&topic=cooking&level=2",
            "activity/?state=draft",
        ),
        *("queue/", "queue/?page=2", "queue/?id={event}", "queue/?id={event}&reject=1", "fresh/", "fresh/?show=seen"),
        *("fresh/?page=3", "organisation/", "organisation/?q=club", "people/", "intake/", "rights/"),
        *("history/", "history/?page=2", "history/?done=changed&since=week"),
        *("account/", "invitation/", "invitation/?page=2", "report/", "report/?page=2"),
    ),
    "netwerk": ("", "activity/", "queue/", "queue/?id={event}", "fresh/", "organisation/", "people/", "intake/"),
    "platform": (
        "",
        "activity/",
        "activity/?q=rij",
        "queue/",
        "organisation/",
        "people/",
        "intake/",
        "rights/",
        "history/",
        *("system/", "system/runs/", "system/mails/", "system/jobs/", "invitation/", "report/"),
    ),
    "organisator": ("", "activity/", "activity/?state=draft", "organisation/", "people/", "rights/", "history/"),
}
FORMS = {
    "gent": (
        "activity/edit/?id={entry}",
        "activity/details/?id={entry}",
        "activity/withdraw/?id={entry}",
        "intake/new/",
        "invitation/new/",
    ),
    "netwerk": ("activity/details/?id={event}", "activity/withdraw/?id={event}", "organisation/details/?id={club}"),
    "platform": ("activity/edit/?id={entry}", "activity/details/?id={event}", "organisation/details/?id={bib}"),
    "organisator": (
        *("activity/remove/?id={draft}", "activity/new/", "activity/edit/?id={entry}", "activity/details/?id={entry}"),
        *("organisation/edit/?id={bib}", "organisation/details/?id={bib}"),
    ),
}

PUBLIC = (
    *("/", "/?waar=Gent", "/?waar=9000&q=rij&niveau=2", "/?waar=Gennt", "/?wat=cooking&pagina=3"),
    "/activiteiten/{entry}-een",
)


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements sent to the database; opening a transaction is none."""
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith("BEGIN"):
            statements.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


class Crowd:
    """Fills all tables at once, in Gent and in Deinze, half of it own entries and half from UiT.

    The rows bring their ids along, far above those that the database gives out itself.
    """

    def __init__(self, session: Session, people: Cast) -> None:
        self.made, self.towns, self.bib = 0, (people.gent.id, people.deinze.id), people.bib.id
        self.source, self.user = one(Source, key="uitdatabank").id, people["organisator"].id
        self.goal, self.topic = session.scalar(select(Goal.id).limit(1)), session.scalar(select(Topic.id).limit(1))
        session.commit()

    def grow(self, to: int) -> None:
        numbers, self.made = range(self.made, to), to
        db.session.commit()  # on SQLite, who has read must let go before somebody else writes
        with db.engine.begin() as connection:
            if users := [_user(n) for n in numbers if n < USERS]:
                connection.execute(User.__table__.insert(), users)
            for table, row_of in (
                (Organisation, self._club),
                (SourceRecord, self._record),
                (Mandate, self._mandate),
                (IntakeRule, self._rule),
                (Activity, self._own),
                (Activity, self._import),
                (ContactChannel, _channel),
                (Change, self._change),
                (Invitation, self._invitation),
                (Report, self._report),
            ):
                connection.execute(table.__table__.insert(), [{"id": FIRST_ID + n} | row_of(n) for n in numbers])
            about = [{"activity_id": FIRST_ID + n, "goal_id": self.goal, "topic_id": self.topic} for n in numbers]
            connection.execute(activity_goal.insert(), about)
            connection.execute(activity_topic.insert(), about)

    def _town(self, n: int) -> int:
        return self.towns[n // 2 % 2]

    def _club(self, n: int) -> Row:
        kept = {"kind": OrganisationKind.ASSOCIATION, "created_at": NOW, "row_version": 1}
        return {"name": f"Club {n}", "municipality_id": self._town(n)} | kept

    def _record(self, n: int) -> Row:
        return {
            **{"source_id": self.source, "external_id": f"rij-{n}", "title": f"Rij {n}", "payload": {}},
            **{"fingerprint": f"{n:064x}", "modified": NOW, "standing": Standing.LIVE, "relevant": True},
            **{"municipality_id": self._town(n), "first_seen_at": NOW, "last_seen_at": NOW},
        }

    def _mandate(self, n: int) -> Row:
        town = self._town(n)
        return {"user_id": FIRST_ID + n % USERS, "role": MandateRole.BACKUP, "municipality_id": town, "since": TODAY}

    def _rule(self, n: int) -> Row:
        return {"municipality_id": self._town(n), "match": Match.LABEL, "value": f"rij {n}", "created_at": NOW}

    def _activity(self, n: int) -> Row:
        return {
            **{"title": f"Rij {n}", "description": "Kom mee.", "municipality_id": self._town(n), "online": False},
            **{"schedule": schedule_json.to_json(NEXT_WEEK), "first_moment": NEXT_WEEK.first(), "row_version": 1},
            **{"over_at": NEXT_WEEK.over_at(), "created_at": YESTERDAY, "updated_at": YESTERDAY},
            **{"status": Status.PLANNED, "source_record_id": None},
        }

    def _own(self, n: int) -> Row:
        club, state = (self.bib if n % 5 == 0 else FIRST_ID + n), (State.PUBLISHED, State.DRAFT)[n % 10 == 0]
        seen = {"seen_at": NOW, "seen_by_id": self.user} if n % 3 else {"seen_at": None, "seen_by_id": None}
        more = {"origin": Origin.OWN, "state": state, "organisation_id": club, "public_from": YESTERDAY}
        return self._activity(n) | more | seen

    def _import(self, n: int) -> Row:
        more = {"id": 2 * FIRST_ID + n, "origin": Origin.IMPORT, "state": State.PENDING}
        return self._activity(n) | more | {"source_record_id": FIRST_ID + n}

    def _invitation(self, n: int) -> Row:
        asked = {"email": f"rij{n}@doemee.example", "name": f"Rij {n}", "role": MandateRole.BACKUP}
        sent = {"invited_by_id": self.user, "created_at": NOW, "ends_at": NOW + timedelta(hours=72)}
        return asked | sent | {"municipality_id": self._town(n)}

    def _report(self, n: int) -> Row:
        about = {"activity_id": FIRST_ID + n, "municipality_id": self._town(n), "problem": Problem.WRONG}
        return about | {"remark": f"Rij {n}", "reply_to": "", "created_at": NOW}

    def _change(self, n: int) -> Row:
        about = {"table_name": "activity", "record_id": FIRST_ID + n, "municipality_id": self._town(n)}
        return about | {"user_id": self.user, "verb": "correct", "before": {}, "after": {}, "why": "", "at": NOW}


def _user(n: int) -> Row:
    name = {"id": FIRST_ID + n, "name": f"Rij {n}", "email": f"rij{n}@doemee.example"}
    return name | {"created_at": NOW, "row_version": 1}


def _channel(n: int) -> Row:
    kept = {"public": True, "preferred": True, "position": 0}
    return {"activity_id": FIRST_ID + n, "kind": Channel.EMAIL, "value": "rij@doemee.example", **kept}


@pytest.fixture
def people(session: Session) -> Cast:
    people = cast()
    IntakeRuleFactory(municipality=people.gent)
    return people


def test_a_page_asks_few_statements_whatever_the_number_of_rows(
    people: Cast, session: Session, client: FlaskClient, sign_in: SignIn
) -> None:
    entry, event, by_network = own_entry(people.bib, title="Een"), uit_event(people.gent), uit_event(people.deinze)
    draft = own_entry(people.bib, state=State.DRAFT)
    ids = {"entry": entry.id, "bib": people.bib.id, "club": FIRST_ID + 2, "draft": draft.id}
    visitors = {who: sign_in(people[who]) for who in LISTS} | {"nobody": client}
    most: dict[tuple[str, str], int] = {("nobody", path.format(**ids)): LIST_MOST for path in PUBLIC}
    for who in LISTS:
        ids["event"] = by_network.id if who == "netwerk" else event.id
        most |= {(who, f"/admin/{path.format(**ids)}"): LIST_MOST for path in LISTS[who]}
        most |= {(who, f"/admin/{path.format(**ids)}"): FORM_MOST for path in FORMS[who]}
    crowd = Crowd(session, people)

    crowd.grow(FEW)
    few = {page: asked(visitors[page[0]], page[1]) for page in most}
    crowd.grow(MANY)
    many = {page: asked(visitors[page[0]], page[1]) for page in most}

    assert {page: count for page, count in many.items() if count > most[page] + EVERY_PAGE} == {}
    # What stands on a second page is there only among many.
    grown = {page: (few[page], count) for page, count in many.items() if count > few[page]}
    assert {page: counts for page, counts in grown.items() if "page=" not in page[1] and "pagina=" not in page[1]} == {}


def asked(visitor: FlaskClient, path: str) -> int:
    with counted() as statements:
        assert visitor.get(path).status_code == 200, path
    return len(statements)


def test_a_refused_form_asks_no_more_than_the_form_itself(people: Cast, session: Session, sign_in: SignIn) -> None:
    visitor = sign_in(people["organisator"])
    entry = own_entry(people.bib)
    Crowd(session, people).grow(FEW)
    wrong = typed(people.bib, title="", postal_code="")

    for path in ("/admin/activity/new/", f"/admin/activity/edit/?id={entry.id}"):
        with counted() as statements:
            assert visitor.send(path, wrong).status_code == 400
        assert len(statements) <= FORM_MOST + EVERY_PAGE, path


def test_every_screen_is_counted(app: Flask) -> None:
    counted_here = {path.partition("/")[0] or "admin" for paths in LISTS.values() for path in paths}

    assert {view.endpoint for view in app.extensions["admin"][0]._views} == counted_here


def test_a_public_page_costs_who_is_signed_in_no_more_than_any_other_page(
    people: Cast, session: Session, client: FlaskClient, sign_in: SignIn
) -> None:
    own_entry(people.bib)

    assert asked(sign_in(people["gent"]), "/") <= asked(client, "/") + EVERY_PAGE
