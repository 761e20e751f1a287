"""Meld een probleem: a visitor without an account tells a town what is wrong with an activity."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
import time_machine
from flask import Flask, Response
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.domain.activity import State
from app.domain.schedule import Dates
from app.models import Activity, Attempt, Change, Notice, NoticeKind, Problem, Report
from app.web import report
from tests.admin_views import form_on, main_text, read, words_at
from tests.factories import NOW, OrganisationFactory, moment, own_entry, town, uit_event


@pytest.fixture
def activity(session: Session) -> Activity:
    return own_entry(OrganisationFactory(municipality=town("Gent")), title="Babbelen")


def path(activity: Activity) -> str:
    return f"/activiteiten/{activity.id}/meld"


def form(client: FlaskClient, activity: Activity, **filled: str) -> dict[str, str]:
    """The form as it stands on the page, filled in."""
    return {**form_on(client.get(path(activity)), path(activity)).to_dict(), "problem": "wrong", **filled}


def send(client: FlaskClient, activity: Activity, **filled: str) -> TestResponse:
    return client.post(path(activity), data=form(client, activity, **filled))


def found(session: Session) -> list[Report]:
    session.commit()
    return list(session.scalars(select(Report).order_by(Report.id)))


def test_a_visitor_tells_what_is_wrong_and_the_notice_is_there_in_the_same_commit(
    client: FlaskClient, activity: Activity, session: Session
) -> None:
    answer = send(client, activity, remark="Het uur klopt niet.\r\nHet is om drie.", reply_to="Sien@Doemee.example")

    assert answer.status_code == 303
    thanks = client.get(answer.location)
    assert "Gent krijgt je melding." in main_text(thanks)
    (made,) = found(session)
    assert (made.activity, made.municipality, made.problem) == (activity, town("Gent"), Problem.WRONG)
    assert (made.remark, made.reply_to) == ("Het uur klopt niet.\nHet is om drie.", "Sien@doemee.example")
    notice = session.scalars(select(Notice)).one()
    assert (notice.kind, notice.version, notice.municipality) == (NoticeKind.REPORTED, made.id, town("Gent"))


def test_the_page_of_an_activity_leads_to_the_form_and_the_form_back(client: FlaskClient, activity: Activity) -> None:
    page = client.get(f"/activiteiten/{activity.id}-babbelen")
    assert path(activity) in read(page).by_id("main").links()

    assert f"/activiteiten/{activity.id}-babbelen" in read(client.get(path(activity))).by_id("main").links()


def test_the_history_tells_of_it_and_keeps_neither_words_nor_address(
    client: FlaskClient, activity: Activity, session: Session
) -> None:
    send(client, activity, remark="Iets geheims", reply_to="sien@doemee.example")

    line = session.scalars(select(Change).where(Change.table_name == "report")).one()
    assert (line.verb, line.user_id, line.municipality_id) == ("report", None, town("Gent").id)
    assert "geheims" not in f"{line.before}{line.after}"
    assert "sien@" not in f"{line.before}{line.after}"


@pytest.mark.parametrize(
    ("filled", "field", "words"),
    [
        ({"problem": ""}, "problem", "Kies wat er mis is."),
        ({"problem": "verzonnen"}, "problem", "Kies wat er mis is."),
        ({"problem": "other"}, "remark", "Schrijf in een paar woorden wat er mis is."),
        ({"remark": "x" * 1_001}, "remark", "Dit is te lang: hoogstens 1000 tekens."),
        ({"reply_to": "sien"}, "reply_to", "Dit is geen e-mailadres."),
        ({"reply_to": "s" * 255 + "@doemee.example"}, "reply_to", "Dit is geen e-mailadres."),
    ],
)
def test_what_cannot_be_taken_is_said_beside_the_field_and_nothing_is_lost(
    client: FlaskClient, activity: Activity, session: Session, filled: dict[str, str], field: str, words: str
) -> None:
    given = {"remark": "De deur was dicht." if field != "remark" else "", **filled}

    answer = send(client, activity, **given)

    assert answer.status_code == 400
    assert words in words_at(answer, field)
    kept = form_on(answer, path(activity))
    assert kept["remark"] == given["remark"]
    assert kept.get("reply_to") == given.get("reply_to", "")
    assert found(session) == []
    assert session.scalar(select(func.count()).select_from(Attempt)) == 0


def test_a_remark_of_a_thousand_signs_fits_however_its_lines_end(
    client: FlaskClient, activity: Activity, session: Session
) -> None:
    assert send(client, activity, remark="\r\n".join(["x" * 9] * 100)).status_code == 303
    assert len(found(session)[0].remark) == 999


def test_signs_that_nobody_reads_are_left_out(client: FlaskClient, activity: Activity, session: Session) -> None:
    send(client, activity, remark="Kom\u202e niet\x07\r\n<b>vet</b>")
    assert found(session)[0].remark == "Kom niet\n<b>vet</b>"


def test_a_double_click_makes_one_report(client: FlaskClient, activity: Activity, session: Session) -> None:
    data = form(client, activity)

    answers = [client.post(path(activity), data=data) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303]
    assert len(found(session)) == 1
    assert session.scalar(select(func.count()).select_from(Notice)) == 1


def test_the_same_form_twice_at_once_makes_one_report_and_both_are_thanked(
    app: Flask, client: FlaskClient, activity: Activity, session: Session
) -> None:
    data, cookie, address = form(client, activity), client.get_cookie("session"), path(activity)
    session.commit()
    together, status = Barrier(2), []

    def post() -> None:
        browser = FlaskClient(app, Response)
        browser.set_cookie("session", cookie.value)  # type: ignore[union-attr]
        together.wait()
        status.append(browser.post(address, data=data).status_code)

    threads = [Thread(target=post) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert status == [303, 303]
    assert len(found(session)) == 1
    assert session.scalar(select(func.count()).select_from(Notice)) == 1


def test_what_fills_in_the_hidden_field_is_thanked_and_kept_nowhere(
    client: FlaskClient, activity: Activity, session: Session
) -> None:
    trap = read(client.get(path(activity))).by_id("website")
    assert (trap.attributes["autocomplete"], trap.attributes["tabindex"]) == ("off", "-1")

    answer = send(client, activity, website="https://koop.example")

    assert answer.status_code == 303
    assert client.get(answer.location).status_code == 200
    assert found(session) == []
    assert session.scalar(select(func.count()).select_from(Notice)) == 0


def test_only_what_is_public_can_be_reported(client: FlaskClient, activity: Activity, session: Session) -> None:
    data = form(client, activity)
    hidden = [own_entry(state=state) for state in (State.DRAFT, State.PENDING, State.WITHDRAWN)]
    hidden += [
        uit_event(town("Gent")),
        own_entry(schedule=Dates((moment(-3),))),
        own_entry(public_from=NOW + timedelta(days=1)),
        own_entry(state=State.WITHDRAWN, public_from=NOW - timedelta(days=1)),
    ]

    for id in [*(row.id for row in hidden), 0, 2**31 - 1, 2**40]:
        assert client.get(f"/activiteiten/{id}/meld").status_code == 404
        assert client.post(f"/activiteiten/{id}/meld", data=data).status_code == 404
        assert client.get(f"/activiteiten/{id}/meld/bedankt").status_code == 404
    assert found(session) == []


def test_after_five_an_hour_from_one_address_one_waits_and_loses_nothing(
    client: FlaskClient, activity: Activity, session: Session, clock: time_machine.Traveller
) -> None:
    for _ in range(5):
        assert send(client, own_entry()).status_code == 303

    answer = send(client, activity, remark="De deur was dicht.")

    assert answer.status_code == 429
    assert "Er kwamen net te veel meldingen." in main_text(answer)
    assert form_on(answer, path(activity))["remark"] == "De deur was dicht."
    assert len(found(session)) == 5
    clock.move_to(NOW + timedelta(hours=1, minutes=1))
    assert send(client, activity).status_code == 303


def test_twenty_a_day_is_enough_for_one_address(
    client: FlaskClient, session: Session, clock: time_machine.Traveller
) -> None:
    for hour in range(4):
        clock.move_to(NOW + timedelta(hours=2 * hour))
        for _ in range(5):
            assert send(client, own_entry()).status_code == 303
    clock.move_to(NOW + timedelta(hours=10))

    assert send(client, own_entry()).status_code == 429


def test_one_activity_takes_ten_an_hour_from_everybody_together(
    app: Flask, client: FlaskClient, activity: Activity, session: Session
) -> None:
    for number in range(report.OF_ONE.most):
        data = form(client, activity)
        answer = client.post(path(activity), data=data, environ_base={"REMOTE_ADDR": f"192.0.2.{number}"})
        assert answer.status_code == 303

    data = form(client, activity)
    assert client.post(path(activity), data=data, environ_base={"REMOTE_ADDR": "192.0.2.99"}).status_code == 429
    other = own_entry()
    data = form(client, other)
    assert client.post(path(other), data=data, environ_base={"REMOTE_ADDR": "192.0.2.99"}).status_code == 303


def test_no_address_of_a_visitor_is_kept(client: FlaskClient, activity: Activity, session: Session) -> None:
    send(client, activity)
    assert all("127.0.0.1" not in row.bucket for row in session.scalars(select(Attempt)))
    assert session.scalar(select(func.count()).select_from(Attempt)) == 3


def test_no_cache_keeps_the_form(client: FlaskClient, activity: Activity) -> None:
    for address in (path(activity), f"{path(activity)}/bedankt"):
        assert client.get(address).headers["Cache-Control"] == "no-store"


def test_a_form_without_its_other_fields_is_taken_too(
    client: FlaskClient, activity: Activity, session: Session
) -> None:
    assert client.send(path(activity), {"problem": "unfit"}).status_code == 303
    (made,) = found(session)
    assert (made.remark, made.reply_to, made.form_token) == ("", "", None)
