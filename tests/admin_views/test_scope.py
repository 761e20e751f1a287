"""Whose rows a screen shows and takes: what is not yours answers as what does not exist, and stays as it is."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.domain.activity import State, Verb
from app.domain.clock import at_brussels
from app.models import Activity, Base, IntakeRule, Organisation
from tests.admin_views import MISSING_ID, Cast, again, cast, main_text, rows, typed
from tests.factories import (
    NOW,
    TODAY,
    DecisionFactory,
    IntakeRuleFactory,
    OrganisationFactory,
    absence,
    organiser,
    own_entry,
    reason,
    town,
    uit_event,
)

SignIn = Callable[..., FlaskClient]
LISTS = (
    "/admin/",
    "/admin/activity/?when=all",
    "/admin/activity/?when=all&q=Rij",
    "/admin/activity/?when=all&state=draft",
    "/admin/activity/?when=all&state=pending",
    "/admin/queue/",
    "/admin/fresh/",
    "/admin/fresh/?show=seen",
    "/admin/fresh/?show=withdrawn",
    "/admin/organisation/",
    "/admin/organisation/?q=Rij",
    "/admin/people/",
    "/admin/intake/",
    "/admin/rights/",
)


# --- the ground: rows of every kind, in and around the towns ---


@dataclass(frozen=True)
class Ground:
    """Rows by a name that says where they lie: `Gent own draft`. The name stands in the row's own words."""

    cast: Cast
    rows: dict[str, Base]

    def beyond(self, who: str, kind: type[Base] = Activity) -> dict[str, Any]:
        """What this person can do nothing with, not even see: written by hand from the matrix."""
        return {name: row for name, row in self.rows.items() if isinstance(row, kind) and _is_beyond(who, name, kind)}


def _is_beyond(who: str, name: str, kind: type[Base]) -> bool:
    place = name.split()[0]
    if kind is Organisation:
        return {
            **dict.fromkeys(("gent", "backup"), place not in ("Gent", "Bib")),
            "deinze": place != "Deinze",
            "netwerk": place not in ("Deinze", "Lochristi"),
            "organisator": place != "Bib",
            "platform": False,
        }[who]
    if kind is IntakeRule:
        return {
            **dict.fromkeys(("gent", "backup"), place not in ("Gent", "Overal")),
            **dict.fromkeys(("deinze", "netwerk"), place not in ("Deinze", "Overal")),
            "organisator": True,
            "platform": False,
        }[who]
    draft, published = name.endswith("own draft"), name.endswith("published")
    return {
        **dict.fromkeys(("gent", "backup"), place not in ("Gent", "Bib") or draft),
        "deinze": place != "Deinze" or draft,
        "netwerk": not (place == "Deinze" and not draft) and not (place == "Lochristi" and published),
        "organisator": place != "Bib",
        "platform": False,
    }[who]


@pytest.fixture
def ground(session: Session) -> Ground:
    people = cast()
    made: dict[str, Base] = {}
    for place in ("Gent", "Deinze", "Lochristi"):
        club = OrganisationFactory(name=f"Rij {place} club", municipality=town(place))
        organiser(club)
        made[f"{place} club"] = club
        made[f"{place} rule"] = IntakeRuleFactory(municipality=town(place), value=f"Rij {place} label")
        made |= _own(place, club) | _imports(place, town(place))
    made |= {"Overal rule": IntakeRuleFactory(municipality=None, value="Rij overal"), "Bib club": people.bib}
    made |= _own("Bib", people.bib) | {"Nergens uit pending": uit_event(None, title="Rij Nergens uit pending")}
    session.commit()
    return Ground(people, made)


def _own(place: str, club: Organisation) -> dict[str, Base]:
    names = {f"{place} own {state}": state for state in (State.DRAFT, State.PUBLISHED)}
    return {name: own_entry(club, title=f"Rij {name}", state=state) for name, state in names.items()}


def _imports(place: str, where: Any) -> dict[str, Base]:
    public = {"public_from": NOW - timedelta(days=1)}
    states = (State.PENDING, State.PUBLISHED, State.REJECTED)
    return {
        f"{place} uit {state}": uit_event(
            where, title=f"Rij {place} uit {state}", state=state, **(public if state is State.PUBLISHED else {})
        )
        for state in states
    }


def words_of(row: Any) -> str:
    return str(getattr(row, "title", None) or getattr(row, "name", None) or row.value)


# --- what a list shows ---


@pytest.mark.parametrize("who", ["gent", "backup", "deinze", "netwerk", "organisator", "platform"])
def test_no_list_no_search_and_no_first_page_shows_what_is_beyond_one(
    ground: Ground, sign_in: SignIn, who: str
) -> None:
    visitor = sign_in(ground.cast[who])
    shown = {path: visitor.get(path) for path in LISTS}
    pages = " ".join(answer.text for answer in shown.values() if answer.status_code == 200)

    for kind in (Activity, Organisation, IntakeRule):
        for name, row in ground.rows.items():
            if isinstance(row, kind) and row is not ground.cast.bib:
                readable = not _is_beyond(who, name, kind)
                assert (f"{words_of(row)}<" in pages or f"{words_of(row)}”" in pages) is readable, name


def test_deinze_sees_nothing_of_gent(ground: Ground, sign_in: SignIn) -> None:
    visitor = sign_in(ground.cast["deinze"])

    for path in LISTS:
        if path == "/admin/rights/":
            continue
        answer = visitor.get(path)
        assert answer.status_code == 200
        text = answer.text
        assert "Gent" not in text.replace("Regio Gent", ""), path
        assert "Bib" not in text, path
        assert not [key for key in ("gent", "gent2", "backup", "organisator") if ground.cast[key].email in text], path


# --- what is beyond one, by its id ---


def doors(id: int, people: Cast, seen: str = "") -> Iterator[tuple[str, str, dict[str, str] | None]]:
    """Each way to reach an activity by its id: method, address, form."""
    key = str(id)
    for screen in ("activity", "queue", "fresh"):
        yield "GET", f"/admin/{screen}/details/?id={key}", None
        yield "GET", f"/admin/{screen}/edit/?id={key}", None
        yield "POST", f"/admin/{screen}/delete/", {"id": key}
    yield "POST", f"/admin/activity/edit/?id={key}", typed(people.bib, row_version="1", title="Ingebroken")
    yield "GET", f"/admin/activity/withdraw/?id={key}", None
    yield "POST", "/admin/activity/withdraw/", {"id": key, "reason": str(reason("wrong").id)}
    yield "POST", "/admin/activity/reopen/", {"id": key}
    yield "POST", "/admin/activity/publish/", {"id": key}
    yield "GET", f"/admin/queue/?id={key}", None
    yield "GET", f"/admin/queue/?id={key}&reject=1", None
    yield "POST", "/admin/queue/decide/", {"id": key, "decision": "approve", "seen": seen}
    why = str(reason("double").id)
    yield "POST", "/admin/queue/decide/", {"id": key, "decision": "reject", "seen": seen, "reason": why}
    yield "POST", "/admin/queue/decide/", {"id": key, "decision": "enrich", "note": "Ingebroken"}
    yield "POST", "/admin/queue/undo/", {"id": key}
    yield "POST", "/admin/fresh/seen/", {"rowid": key}
    yield "POST", "/admin/fresh/unseen/", {"rowid": key}


def ask(visitor: FlaskClient, method: str, path: str, form: dict[str, str] | None) -> TestResponse:
    with visitor.session_transaction() as cookie:
        cookie.pop("_flashes", None)
    return visitor.get(path) if method == "GET" else visitor.send(path, form)


def comparable(answer: TestResponse, id: int) -> tuple[int, str | None, str]:
    """The answer without what differs each time: tokens, and the id that was asked for."""
    text = re.sub(r'name="csrf_token"[^>]*value="[^"]*"', "", answer.text)
    text = re.sub(r'data-(left|most|token)="[^"]*"', "", text)
    return answer.status_code, answer.headers.get("Location"), re.sub(rf"\b({id}|{MISSING_ID})\b", "", text)


@pytest.mark.parametrize("who", ["gent", "backup", "deinze", "netwerk", "organisator"])
def test_what_is_beyond_one_answers_as_what_does_not_exist_and_stays_as_it_is(
    ground: Ground, session: Session, sign_in: SignIn, who: str
) -> None:
    visitor = sign_in(ground.cast[who])
    nothing = [ask(visitor, *door) for door in doors(MISSING_ID, ground.cast)]
    before = rows(session)

    # Of each origin and state one: the lists above look at all of them.
    beyond = {name.partition(" ")[2]: (name, row) for name, row in ground.beyond(who).items()}
    assert len(beyond) >= 4
    for name, row in beyond.values():
        seen = row.source_record.fingerprint if row.source_record else ""
        for door, there in zip(doors(row.id, ground.cast, seen), nothing, strict=True):
            here = ask(visitor, *door)
            assert here.status_code in (302, 403, 404), f"{name} {door}"
            assert comparable(here, row.id) == comparable(there, row.id), f"{name} {door}"

    assert rows(session) == before


@pytest.mark.parametrize("who", ["gent", "backup", "deinze", "netwerk", "organisator"])
def test_an_organisation_beyond_one_answers_as_none(
    ground: Ground, session: Session, sign_in: SignIn, who: str
) -> None:
    visitor = sign_in(ground.cast[who])
    beyond = ground.beyond(who, Organisation)
    before = rows(session)

    assert beyond
    for row in beyond.values():
        for door in ("details", "edit"):
            here = visitor.get(f"/admin/organisation/{door}/?id={row.id}")
            there = visitor.get(f"/admin/organisation/{door}/?id={MISSING_ID}")
            assert here.status_code in (403, 404)
            assert comparable(here, row.id) == comparable(there, row.id)
        answer = visitor.send(f"/admin/organisation/edit/?id={row.id}", {"row_version": "1", "name": "Ingebroken"})
        assert answer.status_code in (403, 404)
        assert visitor.send("/admin/organisation/delete/", {"id": str(row.id)}).status_code in (403, 404)

    assert rows(session) == before


@pytest.mark.parametrize("who", ["gent", "backup", "deinze", "netwerk", "organisator", "platform"])
def test_a_rule_of_what_comes_in_is_removed_by_its_own_town_only(
    ground: Ground, session: Session, sign_in: SignIn, who: str
) -> None:
    visitor = sign_in(ground.cast[who])
    own = {"gent": "Gent", "backup": "Gent", "deinze": "Deinze", "netwerk": "Deinze"}.get(who, "-")
    before = rows(session)

    for name, row in ground.rows.items():
        if isinstance(row, IntakeRule) and not name.startswith(own):
            here = ask(visitor, "POST", "/admin/intake/delete/", {"id": str(row.id)})
            there = ask(visitor, "POST", "/admin/intake/delete/", {"id": str(MISSING_ID)})
            assert here.status_code in (403, 404)
            if row.municipality_id is not None:  # the platform's own rules are read by all, and changed by none
                assert comparable(here, row.id) == comparable(there, row.id)

    assert rows(session) == before


@pytest.mark.parametrize("who", ["gent", "backup", "deinze", "netwerk", "organisator", "platform"])
def test_no_action_on_many_rows_goes_further_than_the_button_of_one(
    ground: Ground, session: Session, sign_in: SignIn, who: str
) -> None:
    """Flask-Admin's own bulk delete takes whatever a list shows."""
    visitor = sign_in(ground.cast[who])
    ids = [str(row.id) for row in ground.rows.values()]
    before = rows(session)

    for screen in ("activity", "queue", "fresh", "organisation", "people", "intake"):
        for action in ("delete", "approve", ""):
            visitor.send(f"/admin/{screen}/action/", {"action": action, "rowid": ids})
        assert rows(session) == before, screen


@pytest.mark.parametrize("screen", ["activity", "queue", "fresh"])
@pytest.mark.parametrize("who", ["gent", "backup", "deinze", "netwerk", "organisator"])
def test_a_list_as_a_file_holds_nothing_beyond_one(ground: Ground, sign_in: SignIn, who: str, screen: str) -> None:
    answer = sign_in(ground.cast[who]).get(f"/admin/{screen}/export/csv/?when=all")

    assert answer.status_code in (200, 403)
    assert [name for name, row in ground.beyond(who).items() if f'"{row.title}"' in answer.text] == []


@pytest.mark.parametrize("path", ["ajax/lookup/?name=municipality&query=a", "export/json/", "export/tsv/"])
@pytest.mark.parametrize("screen", ["activity", "queue", "fresh", "organisation", "people", "intake"])
def test_there_is_no_way_around_the_lists(ground: Ground, sign_in: SignIn, screen: str, path: str) -> None:
    assert sign_in(ground.cast["gent"]).get(f"/admin/{screen}/{path}").status_code == 404


def test_nothing_is_edited_in_a_list(ground: Ground, session: Session, sign_in: SignIn) -> None:
    visitor = sign_in(ground.cast["gent"])
    entry: Any = ground.rows["Gent own published"]

    answer = visitor.send("/admin/activity/ajax/update/", {"list_form_pk": str(entry.id), "title": "Ingebroken"})

    assert answer.status_code == 404
    assert again(entry).title == "Rij Gent own published"


# --- seen, and not one's own to act on ---


def approve(visitor: FlaskClient, event: Activity) -> TestResponse:
    data = {"id": str(event.id), "decision": "approve", "seen": event.source_record.fingerprint}
    return visitor.send("/admin/queue/decide/", data)


BEFORE, FIRST, LAST, AFTER = (TODAY + timedelta(days=days) for days in (0, 1, 3, 4))


@pytest.mark.parametrize(
    ("moment", "stands_in"),
    [
        (at_brussels(BEFORE, (NOW.replace(hour=23, minute=59, second=59)).time()), False),
        (at_brussels(FIRST, NOW.replace(hour=0).time()), True),
        (at_brussels(LAST, NOW.replace(hour=23, minute=59, second=59).time()), True),
        (at_brussels(AFTER, NOW.replace(hour=0).time()), False),
    ],
    ids=["the day before", "the first day", "the last day", "the day after"],
)
def test_the_backup_approves_in_gent_on_the_days_of_the_absence_only(
    session: Session, clock: time_machine.Traveller, sign_in: SignIn, moment: datetime, stands_in: bool
) -> None:
    people = cast()
    people.absence.ended_at = NOW  # this test has an absence of its own
    absence(people["gent2"], people.gent, people["backup"], since=FIRST, until=LAST)
    event = uit_event(people.gent)
    session.info["unrecorded"] = True
    clock.move_to(moment)
    visitor = sign_in(people["backup"], at=moment)

    queue = visitor.get("/admin/queue/")
    answer = approve(visitor, event)

    assert ("Goedkeuren" in main_text(queue)) is stands_in
    assert ("Je leest hier mee" in main_text(queue)) is not stands_in
    assert answer.status_code == (302 if stands_in else 403)  # read along, and no more
    assert again(event).state is (State.PUBLISHED if stands_in else State.PENDING)


@pytest.mark.parametrize("place", ["Gent", "Lochristi", "Aalst", "Zulte", "Merelbeke-Melle"])
def test_network_staff_approve_in_deinze_and_in_no_other_town(session: Session, sign_in: SignIn, place: str) -> None:
    people = cast()
    here, there, nowhere = uit_event(people.deinze), uit_event(town(place)), uit_event(None)
    visitor = sign_in(people["netwerk"])

    assert approve(visitor, here).status_code == 302
    assert approve(visitor, there).status_code == approve(visitor, nowhere).status_code == 404

    assert again(here).state is State.PUBLISHED
    assert again(there).state is again(nowhere).state is State.PENDING


def test_the_platform_publishes_no_uit_event_by_any_door(ground: Ground, session: Session, sign_in: SignIn) -> None:
    visitor = sign_in(ground.cast["platform"])
    imports: dict[str, Any] = {name: row for name, row in ground.rows.items() if " uit " in name}
    for row in imports.values():
        DecisionFactory(activity=row, verb=Verb.REJECT, decided_by=ground.cast["platform"], decided_at=NOW)
    before = rows(session)

    for name, row in imports.items():
        seen = row.source_record.fingerprint
        for method, path, form in doors(row.id, ground.cast, seen):
            if method == "POST" and path.startswith(("/admin/activity/", "/admin/queue/")):
                answer = ask(visitor, method, path, form)
                assert answer.status_code in (403, 404), f"{name} {path} {form}"
        details = visitor.get(f"/admin/activity/details/?id={row.id}")
        assert details.status_code == 200
        assert not {"Keuren", "Zet terug", "Intrekken…", "Publiceren"} & set(main_text(details).split()), name

    assert rows(session) == before
    assert "Goedkeuren" not in main_text(visitor.get("/admin/queue/"))


def test_a_stand_in_does_what_the_absent_colleague_does_and_appoints_nobody(
    ground: Ground, session: Session, sign_in: SignIn
) -> None:
    visitor = sign_in(ground.cast["backup"])
    event: Any = ground.rows["Gent uit pending"]
    entry: Any = ground.rows["Gent own published"]

    assert approve(visitor, event).status_code == 302
    data = {"id": str(entry.id), "reason": str(reason("wrong").id)}
    assert visitor.send("/admin/activity/withdraw/", data).status_code == 302

    assert again(event).state is State.PUBLISHED
    assert again(entry).state is State.WITHDRAWN


def test_an_organiser_reads_that_their_event_waits_and_decides_nothing(session: Session, sign_in: SignIn) -> None:
    people = cast()
    event = uit_event(people.gent, organisation=people.bib, organiser_name="")
    visitor = sign_in(people["organisator"])

    assert "wacht tot een lokale beheerder" in main_text(visitor.get(f"/admin/activity/details/?id={event.id}"))
    assert approve(visitor, event).status_code == 403
    assert visitor.get("/admin/queue/").status_code == 403

    assert again(event).state is State.PENDING


def test_only_the_ids_that_are_ones_own_are_marked_seen(ground: Ground, session: Session, sign_in: SignIn) -> None:
    visitor = sign_in(ground.cast["gent"])
    own: Any = ground.rows["Gent own published"]
    foreign: Any = ground.rows["Deinze own published"]

    visitor.send("/admin/fresh/seen/", {"rowid": [str(own.id), str(foreign.id), str(MISSING_ID)]})

    assert again(own).seen_by == ground.cast["gent"]
    assert again(foreign).seen_at is None


def test_an_entry_cannot_be_moved_to_the_organisation_of_another(
    ground: Ground, session: Session, sign_in: SignIn
) -> None:
    entry: Any = ground.rows["Bib own published"]
    other: Any = ground.rows["Gent club"]
    visitor = sign_in(ground.cast["organisator"])

    answer = visitor.send(f"/admin/activity/edit/?id={entry.id}", typed(other, row_version="1"))

    assert answer.status_code == 400
    assert again(entry).organisation == ground.cast.bib


def test_an_administrator_does_not_move_an_entry_to_another_town(
    ground: Ground, session: Session, sign_in: SignIn
) -> None:
    """Matrix row 28: between the own towns only."""
    entry: Any = ground.rows["Gent own published"]
    visitor = sign_in(ground.cast["gent"])

    answer = visitor.send(
        f"/admin/activity/edit/?id={entry.id}",
        typed(entry.organisation, row_version="1", postal_code="9800", title="Naar Deinze"),
    )

    assert answer.status_code in (400, 403)
    assert again(entry).municipality == ground.cast.gent
    assert entry.title == "Rij Gent own published"


def test_nobody_sees_more_by_asking_for_it_in_the_form(ground: Ground, session: Session, sign_in: SignIn) -> None:
    """A choice of a form that is not offered cannot be sent either."""
    visitor = sign_in(ground.cast["deinze"])

    answer = visitor.send(
        "/admin/intake/new/", {"municipality": str(ground.cast.gent.id), "match": "label", "value": "Ingebroken"}
    )

    assert answer.status_code == 400
    assert not session.scalars(select(IntakeRule).where(IntakeRule.value == "Ingebroken")).all()
