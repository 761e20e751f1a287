"""Meldingen: who reads what visitors report, who handles it, and where it is counted."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Activity, Change, Problem, Report, db
from tests.admin_views import MISSING_ID, Cast, again, cast, form_on, main_text, notes, read, rows
from tests.factories import NOW, ReportFactory, own_entry

SignIn = Callable[..., FlaskClient]
LIST = "/admin/report/"


@pytest.fixture
def people(session: Session) -> Cast:
    return cast()


@pytest.fixture
def entry(people: Cast) -> Activity:
    return own_entry(people.bib, title="Babbelen")


@pytest.fixture
def open_report(entry: Activity) -> Report:
    return ReportFactory(
        activity=entry, problem=Problem.WRONG, remark="Het uur klopt niet.", reply_to="sien@doemee.example"
    )


@pytest.mark.parametrize(
    ("who", "reads", "handles"),
    [
        ("gent", True, True),
        ("backup", True, True),  # stands in today
        ("platform", True, True),
        ("deinze", False, False),
        ("netwerk", False, False),
        ("organisator", False, False),
    ],
)
def test_who_moderates_the_town_reads_and_handles(
    people: Cast, sign_in: SignIn, open_report: Report, who: str, reads: bool, handles: bool
) -> None:
    visitor = sign_in(people[who])

    assert ("Het uur klopt niet." in visitor.get(LIST).text) is reads
    visitor.send(f"{LIST}handle/", {"rowid": str(open_report.id)})

    assert (again(open_report).handled_by == people[who]) is handles


def test_a_backup_who_does_not_stand_in_reads_along_without_a_button(
    people: Cast, sign_in: SignIn, open_report: Report, entry: Activity
) -> None:
    db.session.info["unrecorded"] = True
    people.absence.ended_at = NOW
    visitor = sign_in(people["backup"])

    for path in (LIST, f"/admin/activity/details/?id={entry.id}"):
        assert "Het uur klopt niet." in visitor.get(path).text
        assert read(visitor.get(path)).all("button", name="rowid") == []
    assert visitor.send(f"{LIST}handle/", {"rowid": str(open_report.id)}).status_code in (403, 404)
    assert again(open_report).handled_at is None


def test_what_is_handled_leaves_list_count_and_activity_and_is_in_the_history(
    people: Cast, sign_in: SignIn, open_report: Report, entry: Activity, session: Session
) -> None:
    visitor = sign_in(people["gent"])
    assert "1 melding af te handelen" in main_text(visitor.get(LIST))
    assert "1 melding van een bezoeker" in main_text(visitor.get("/admin/"))

    answer = visitor.send(f"{LIST}handle/", {"rowid": str(open_report.id)})

    assert answer.location == LIST
    page = visitor.get(LIST)
    assert notes(page) == ["De melding over “Babbelen” is afgehandeld."]
    assert "Het uur klopt niet." not in page.text
    assert "melding van een bezoeker" not in main_text(visitor.get("/admin/"))
    assert "Het uur klopt niet." not in visitor.get(f"/admin/activity/details/?id={entry.id}").text
    assert "afgehandeld door Noor" in main_text(visitor.get(f"{LIST}?show=handled"))
    (line,) = session.scalars(select(Change).where(Change.table_name == "report")).all()
    assert (line.verb, line.record_id, line.user_id) == ("handle", open_report.id, people["gent"].id)
    assert set(line.after) == {"handled_at", "handled_by_id"}


def test_the_activity_shows_what_is_reported_and_its_button_leads_back_to_it(
    people: Cast, sign_in: SignIn, open_report: Report, entry: Activity
) -> None:
    ReportFactory(remark="Van een andere activiteit")
    visitor = sign_in(people["gent"])
    path = f"/admin/activity/details/?id={entry.id}"
    page = visitor.get(path)
    section = read(page).by_id("main").text
    assert "Er klopt iets niet" in section
    assert "Vraagt een antwoord op sien@doemee.example" in section
    assert "Van een andere" not in section

    form = form_on(page, f"{LIST}handle/")
    answer = visitor.post(f"{LIST}handle/", data={**form.to_dict(), "rowid": str(open_report.id)})

    assert answer.location == path
    assert again(open_report).handled_at is not None


def test_of_two_colleagues_the_first_one_handled_it(people: Cast, sign_in: SignIn, open_report: Report) -> None:
    for who in ("gent", "platform"):
        assert sign_in(people[who]).send(f"{LIST}handle/", {"rowid": str(open_report.id)}).status_code == 302

    assert again(open_report).handled_by == people["gent"]


@pytest.mark.parametrize("rowid", ["", "x", "0", str(MISSING_ID), "99999999999", "-1"])
def test_what_is_no_report_of_mine_does_not_exist(
    people: Cast, sign_in: SignIn, open_report: Report, session: Session, rowid: str
) -> None:
    before = rows(session)
    assert sign_in(people["gent"]).send(f"{LIST}handle/", {"rowid": rowid}).status_code == 404
    assert rows(session) == before


def test_words_of_a_visitor_are_never_markup(people: Cast, sign_in: SignIn, entry: Activity) -> None:
    ReportFactory(activity=entry, remark="<script>alert(1)</script>\n<img src=x onerror=alert(2)>")
    visitor = sign_in(people["gent"])

    for path in (LIST, f"/admin/activity/details/?id={entry.id}"):
        page = visitor.get(path).text
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "&lt;script&gt;" in page


def test_many_reports_come_in_pages_the_newest_first(people: Cast, sign_in: SignIn, entry: Activity) -> None:
    for number in range(60):
        made = NOW - timedelta(minutes=number)
        ReportFactory(activity=entry, remark=f"Opmerking-{number:02d}.", created_at=made)
    visitor = sign_in(people["gent"])

    first, second = main_text(visitor.get(LIST)), main_text(visitor.get(f"{LIST}?page=1"))

    assert "60 meldingen af te handelen" in first
    assert "Opmerking-49." in first
    assert "Opmerking-50." not in first
    assert "Opmerking-59." in second


def test_an_export_holds_the_reports_and_no_address_of_who_wrote_them(
    people: Cast, sign_in: SignIn, open_report: Report
) -> None:
    answer = sign_in(people["gent"]).get(f"{LIST}export/csv/")

    assert answer.status_code == 200
    assert "Het uur klopt niet." in answer.text
    assert "sien@" not in answer.text
