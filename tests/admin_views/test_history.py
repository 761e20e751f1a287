"""Geschiedenis over HTTP: who finds which lines, what stands on them, and what an address can ask."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.domain.activity import State
from app.models import Change, MandateRole
from app.services import entries, history, invitations
from app.services.access import actor_of
from tests.admin_views import MISSING_ID, Cast, cast, main_text, read
from tests.admin_views.test_queries import counted
from tests.factories import (
    NOW,
    ChangeFactory,
    IntakeRuleFactory,
    InvitationFactory,
    MailFactory,
    NetworkFactory,
    OrganisationFactory,
    ReportFactory,
    UserFactory,
    backup,
    network_member,
    own_entry,
    reason,
    town,
    uit_event,
)

SignIn = Callable[..., FlaskClient]
SECRET = "Dit weet je niet"
LIST_MOST = 14


@pytest.fixture
def people(session: Session) -> Cast:
    return cast()


def told(row: Any, **more: Any) -> Change:
    municipality_id, organisation_id = history.ground_of(row)
    ground = {"municipality_id": municipality_id, "organisation_id": organisation_id}
    return ChangeFactory(table_name=row.__tablename__, record_id=row.id, **(ground | more))


def page_of(row: Any) -> str:
    return f"/admin/history/?kind={row.__tablename__}&id={row.id}"


# --- who finds what ---


def beyond(people: Cast) -> dict[str, tuple[Any, set[str]]]:
    """Rows with a line that holds a secret, and who may read it: written by hand from the matrix."""
    aalst = town("Aalst")
    club = OrganisationFactory(name="Club", municipality=aalst)
    gent_club = OrganisationFactory(name="Gentse club", municipality=people.gent)
    rows = {
        "activity of aalst": (own_entry(club), set[str]()),
        "draft of a club in gent": (own_entry(gent_club, state=State.DRAFT), set[str]()),
        "draft of the library": (own_entry(people.bib, state=State.DRAFT), {"organisator"}),
        "event of gent": (uit_event(people.gent), {"gent", "gent2", "backup"}),
        "event of deinze": (uit_event(people.deinze), {"deinze", "netwerk"}),
        "organisation of aalst": (club, set[str]()),
        "rule of aalst": (IntakeRuleFactory(municipality=aalst), set[str]()),
        "invitation of gent": (InvitationFactory(municipality=people.gent), {"gent", "gent2"}),
        "invitation of the library": (
            InvitationFactory(role=MandateRole.ORGANISER, organisation=people.bib),
            {"organisator"},
        ),
        "report of aalst": (ReportFactory(activity=own_entry(club)), set[str]()),
        "account of somebody": (UserFactory(), set[str]()),
        "account of gent": (people["gent"], {"gent"}),
    }
    for name, (row, _readers) in rows.items():
        fields = {"title": f"{SECRET} {name}", "name": f"{SECRET} {name}", "value": f"{SECRET} {name}"}
        told(row, before=fields, after={"title": "x", "name": "x", "value": "x"}, why=f"{SECRET} {name}")
    return rows


@pytest.mark.parametrize("who", ["gent", "gent2", "backup", "deinze", "netwerk", "organisator", "platform"])
def test_a_foreign_record_tells_nothing_and_answers_as_a_missing_one(
    people: Cast, session: Session, sign_in: SignIn, who: str
) -> None:
    rows = beyond(people)
    visitor = sign_in(people[who])
    listed = visitor.get("/admin/history/").text

    for name, (row, readers) in rows.items():
        may = who in readers or who == "platform"
        one = visitor.get(page_of(row))
        missing = visitor.get(f"/admin/history/?kind={row.__tablename__}&id={MISSING_ID}")
        assert one.status_code == (200 if may else 404), name
        assert (f"{SECRET} {name}" in one.text) is may, name
        if not may:
            assert main_text(one) == main_text(missing)
            assert f"{SECRET} {name}" not in listed
        elif not name.startswith("account") or who == "platform":
            assert f"{SECRET} {name}" in listed, name


def test_a_stranger_is_sent_to_sign_in(client: FlaskClient, people: Cast) -> None:
    for path in ("/admin/history/", f"/admin/history/?kind=user&id={people['gent'].id}"):
        assert client.get(path).status_code == 302


def test_who_has_no_history_to_read_finds_the_own_account(people: Cast, session: Session, sign_in: SignIn) -> None:
    fien = network_member(NetworkFactory(), name="Fien")
    told(fien, verb="password", user=fien)
    visitor = sign_in(fien)

    answer = visitor.get(visitor.get("/admin/history/").location)

    assert "Fien koos een ander wachtwoord" in main_text(answer)
    assert "/admin/history/" not in read(visitor.get("/admin/")).links()


def test_who_has_no_role_any_more_finds_nothing(people: Cast, session: Session, sign_in: SignIn) -> None:
    nobody = UserFactory()
    told(nobody), told(uit_event(people.gent))

    assert "Hier gebeurde nog niets" in main_text(sign_in(nobody).get("/admin/history/"))


def test_everyone_who_signs_in_finds_the_menu_of_what_they_may_read(people: Cast, sign_in: SignIn) -> None:
    found = {who: "/admin/history/" in read(sign_in(people[who]).get("/admin/")).links() for who in people.people}

    assert all(found.values())


# --- what stands on a line ---


def test_a_correction_reads_as_a_sentence_with_its_difference(people: Cast, session: Session, sign_in: SignIn) -> None:
    entry = own_entry(people.bib, title="Babbelen", description="Kom converseren bij de koffie.", price="gratis")
    entry.postal_code, entry.locality = "9000", "Gent"
    session.info["unrecorded"] = True
    session.commit()
    session.info.clear()
    values = entries.EntryValues(
        title="Babbelen en zingen",
        description="Kom praten bij de koffie.",
        organisation_id=people.bib.id,
        schedule=entry.schedule,
        channels=(),
        postal_code="9000",
        price="gratis",
    )
    entries.correct(session, actor_of(session, people["backup"].id, NOW), NOW, entry, values)

    page = read(sign_in(people["gent"]).get(page_of(entry)))
    line = page.by_id("main").all("li")[-1]

    assert "Milan, in de plaats van Hanne, verbeterde dit" in line.text
    assert [node.text for node in line.all("dt")] == ["Titel", "Tekst"]
    assert [node.text for node in line.all("del")] == ["converseren"]
    assert [node.text for node in line.all("ins")] == ["en zingen", "praten"]


def test_a_decision_says_why(people: Cast, session: Session, sign_in: SignIn) -> None:
    entry = own_entry(people.bib, title="Soep")
    actor = actor_of(session, people["gent"].id, NOW)
    entries.withdraw(session, actor, NOW, entry, reason("wrong"), "Het adres klopt niet.")

    for who in ("gent", "organisator"):
        words = main_text(sign_in(people[who]).get("/admin/history/"))
        assert "Noor trok “Soep” in" in words
        assert "Het adres klopt niet.”" in words


def test_what_people_typed_is_escaped(people: Cast, session: Session, sign_in: SignIn) -> None:
    evil = "<img src=x onerror=alert(1)>"
    entry = own_entry(people.bib, title=evil)
    told(
        entry,
        user=people["organisator"],
        before={"title": "a", "description": "", "topics": [], "organiser_name": f"x {evil}"},
        after={"title": evil, "description": evil * 30, "topics": [evil], "organiser_name": f"y {evil}"},
        why=evil,
    )
    for path in ("/admin/history/", page_of(entry), f"/admin/activity/details/?id={entry.id}"):
        answer = sign_in(people["gent"]).get(path)
        assert answer.status_code == 200
        assert "<img" not in answer.text
        assert "&lt;img" in answer.text


def test_internal_notes_are_read_by_who_moderates_alone(people: Cast, session: Session, sign_in: SignIn) -> None:
    event = uit_event(people.gent, organisation=people.bib, title="Lezen")
    told(event, verb="enrich", before={"internal_note": ""}, after={"internal_note": SECRET}, user=people["gent"])
    onlooker = backup(people.gent, name="Tuur")
    readers = {"gent": people["gent"], "organisator": people["organisator"], "backup": onlooker}
    readers |= {"platform": people["platform"], "stand-in": people["backup"]}

    found = set()
    for who, user in readers.items():
        for path in ("/admin/history/", page_of(event), f"/admin/activity/details/?id={event.id}"):
            answer = sign_in(user).get(path)
            assert answer.status_code == 200, (who, path)
            found |= {who} if SECRET in answer.text else set()

    assert found == {"gent", "stand-in"}


def test_why_somebody_is_away_is_not_for_who_reads_along(people: Cast, session: Session, sign_in: SignIn) -> None:
    told(people.absence, verb="correct", before={"reason": ""}, after={"reason": SECRET})

    found = {
        who
        for who in ("gent", "gent2", "backup", "platform")
        if SECRET in sign_in(people[who]).get("/admin/history/").text
        or SECRET in sign_in(people[who]).get(page_of(people.absence)).text
    }

    assert found == {"gent", "gent2", "platform"}


def test_a_draft_that_is_gone_keeps_its_line_without_a_link(people: Cast, session: Session, sign_in: SignIn) -> None:
    draft = own_entry(people.bib, title="Weg ermee", state=State.DRAFT)
    id_ = draft.id
    entries.delete(session, actor_of(session, people["organisator"].id, NOW), NOW, draft)
    visitor = sign_in(people["organisator"])

    assert "Ines verwijderde “Weg ermee”" in main_text(visitor.get("/admin/history/"))
    assert "Weg ermee" in main_text(visitor.get(f"/admin/history/?kind=activity&id={id_}"))
    assert "Weg ermee" not in sign_in(people["gent"]).get("/admin/history/").text


# --- the ways to it ---


def test_each_record_leads_to_its_history(people: Cast, session: Session, sign_in: SignIn) -> None:
    entry = own_entry(people.bib)
    rule = IntakeRuleFactory(municipality=people.gent)
    invitation = InvitationFactory(municipality=people.gent)
    told(entry)
    ways = {
        f"/admin/activity/details/?id={entry.id}": page_of(entry),
        f"/admin/organisation/details/?id={people.bib.id}": page_of(people.bib),
        "/admin/people/": page_of(people.absence),
        "/admin/intake/": page_of(rule),
        "/admin/invitation/": page_of(invitation),
        "/admin/account/": page_of(people["gent"]),
    }
    visitor = sign_in(people["gent"])

    for path, way in ways.items():
        assert way in read(visitor.get(path)).links(), path
        assert visitor.get(way).status_code == 200, way


def test_no_way_is_offered_that_ends_nowhere(people: Cast, session: Session, sign_in: SignIn) -> None:
    links = {
        link
        for path in ("/admin/people/", "/admin/organisation/", f"/admin/organisation/details/?id={people.bib.id}")
        for link in read(sign_in(people["backup"]).get(path)).links()
        if "/history/?kind" in link
    }

    assert links
    for link in links:
        assert sign_in(people["backup"]).get(link).status_code == 200, link


# --- what an address can ask ---


def test_the_sentence_narrows_by_what_who_and_when(people: Cast, session: Session, sign_in: SignIn) -> None:
    first, second = uit_event(people.gent, title="Eerste"), uit_event(people.gent, title="Tweede")
    told(first, verb="approve", user=people["gent"], at=NOW - timedelta(days=40))
    told(second, verb="correct", user=people["gent2"], at=NOW - timedelta(hours=2))
    told(people.bib, verb="change", at=NOW - timedelta(days=2))
    visitor = sign_in(people["gent"])

    def shown(query: str) -> list[str]:
        words = main_text(visitor.get(f"/admin/history/?{query}"))
        return [name for name in ("Eerste", "Tweede", "Bibliotheek Gent-Demo") if name in words]

    assert shown("") == ["Eerste", "Tweede", "Bibliotheek Gent-Demo"]
    assert shown("done=decided") == ["Eerste"]
    assert shown("done=changed") == ["Tweede", "Bibliotheek Gent-Demo"]
    assert shown("kind=organisation") == ["Bibliotheek Gent-Demo"]
    assert shown("who=me") == ["Eerste"]
    assert shown("who=others") == ["Tweede"]
    assert shown("who=system") == ["Bibliotheek Gent-Demo"]
    assert shown(f"who={people['gent2'].id}") == ["Tweede"]
    assert shown("since=today") == ["Tweede"]
    assert shown("since=week") == ["Tweede", "Bibliotheek Gent-Demo"]
    assert shown("kind=organisation&done=decided") == []
    assert "Niets gevonden" in main_text(visitor.get("/admin/history/?kind=organisation&done=decided"))


def test_the_newest_stands_first_and_a_page_leads_to_the_next(people: Cast, session: Session, sign_in: SignIn) -> None:
    event = uit_event(people.gent)
    for number in range(60):
        told(event, at=NOW - timedelta(hours=number), why=f"nummer {number}.")
    visitor = sign_in(people["gent"])

    first = visitor.get("/admin/history/?done=changed")
    assert main_text(first).index("nummer 0.") < main_text(first).index("nummer 49.")
    assert "nummer 50." not in main_text(first)
    [onward] = [link for link in read(first).links() if "page=1" in link]
    assert "done=changed" in onward
    second = main_text(visitor.get(onward))
    assert "nummer 50." in second
    assert "nummer 49." not in second
    assert "Zo ver gaat dit niet" in main_text(visitor.get("/admin/history/?page=99"))


@pytest.mark.parametrize(
    "query",
    [
        *("kind=x", "kind=user", "kind=mail", "who=0", "who=999999", "who=-1", "who=%00", "since=x", "done=x"),
        *("page=0", "page=99999999999", "kind[]=activity", "who=1%27%20or%201=1"),
    ],
)
def test_what_is_no_choice_narrows_nothing(people: Cast, session: Session, sign_in: SignIn, query: str) -> None:
    assert sign_in(people["gent"]).get(f"/admin/history/?{query}").status_code in (200, 400)


@pytest.mark.parametrize(
    "query",
    [
        *("kind=&id=1", "kind=login_session&id=1", "kind=activity&id=x", "kind=activity&id=-1", "kind=activity&id=1e3"),
        *("kind=user&id=99999999999", "page=x", "page=-1", "kind=activity&id=%00"),
    ],
)
def test_what_does_not_exist_is_not_found(people: Cast, session: Session, sign_in: SignIn, query: str) -> None:
    assert sign_in(people["platform"]).get(f"/admin/history/?{query}").status_code in (400, 404)


def test_nothing_is_written_here(people: Cast, sign_in: SignIn) -> None:
    visitor = sign_in(people["platform"])

    assert visitor.send("/admin/history/", {"id": "1"}).status_code == 405


@pytest.mark.parametrize("who", ["gent", "platform", "organisator"])
def test_a_page_asks_as_few_statements_for_many_lines_as_for_few(
    people: Cast, session: Session, sign_in: SignIn, who: str
) -> None:
    def add() -> None:
        event, rule = uit_event(people.gent), IntakeRuleFactory(municipality=people.gent)
        entry = own_entry(people.bib)
        for row in (event, rule, entry, people.bib, people.absence):
            told(row, user=UserFactory(), before={"municipality_id": people.gent.id}, after={"municipality_id": None})

    visitor = sign_in(people[who])
    add()
    with counted() as few:
        assert visitor.get("/admin/history/").status_code == 200
    for _ in range(9):
        add()
    with counted() as many:
        assert visitor.get("/admin/history/").status_code == 200

    assert len(many) == len(few) <= LIST_MOST


# --- who truly did it ---


def test_what_a_visitor_reported_is_said_of_a_visitor(people: Cast, sign_in: SignIn) -> None:
    told(ReportFactory(activity=own_entry(people.bib, title="Samen koken")), verb="report", user=None)

    words = main_text(sign_in(people["gent"]).get("/admin/history/"))

    assert "Een bezoeker meldde een probleem met “Samen koken”" in words


def test_who_accepts_takes_up_the_role_somebody_asked_them_for(people: Cast, session: Session, sign_in: SignIn) -> None:
    guest = UserFactory(name="Zeynep", email="zeynep@doemee.example")
    asked = InvitationFactory(municipality=people.gent, email=guest.email, invited_by=people["gent"])
    invitations.accept(session, NOW, asked, guest)
    session.commit()

    words = main_text(sign_in(people["gent"]).get("/admin/history/"))

    assert "Zeynep nam de rol van lokale beheerder van Gent op, op uitnodiging van Noor" in words
    assert "stelde Zeynep aan" not in words


def test_a_mail_nobody_touched_says_that_it_leaves_by_itself(people: Cast, sign_in: SignIn) -> None:
    mail = MailFactory(user=UserFactory())

    words = main_text(sign_in(people["platform"]).get(page_of(mail)))

    assert "Niemand stuurde deze mail opnieuw" in words
    assert "gebeurde nog niets" not in words


@pytest.mark.parametrize(
    ("who", "reads"), [("organisator", True), ("platform", True), ("gent", False), ("backup", False)]
)
def test_what_stood_in_a_draft_stays_with_who_wrote_it(
    people: Cast, session: Session, sign_in: SignIn, who: str, reads: bool
) -> None:
    entry = own_entry(people.bib, title="Samen soep maken")
    told(entry, verb="draft", after={"description": SECRET})
    told(entry, verb="correct", before={"description": SECRET}, after={"description": "Kom mee."})
    told(entry, verb="publish", before={"state": "draft"}, after={"state": "published"})
    told(entry, verb="correct", before={"price": "gratis"}, after={"price": "3 euro"})
    visitor = sign_in(people[who])

    for path in ("/admin/history/", page_of(entry), f"/admin/activity/details/?id={entry.id}"):
        page = visitor.get(path).text
        assert (SECRET in page) is reads, path
        assert "3 euro" in page, path
