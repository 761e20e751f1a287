"""Systeem: for the platform alone; what is wrong stands first, in sentences; a failed mail gets another chance."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Change, MailKind, MailState, RunState
from jobs import TIMETABLE
from tests.admin_views import MISSING_ID, Cast, again, cast, main_text, notes, read, rows
from tests.admin_views.test_queries import counted
from tests.factories import (
    NOW,
    InvitationFactory,
    JobRunFactory,
    MailFactory,
    PasswordResetFactory,
    SyncItemFactory,
    SyncRunFactory,
    UserFactory,
    town,
)

SignIn = Callable[..., FlaskClient]
PAGES = ("", "runs/", "mails/", "jobs/")
MOST = 8


@pytest.fixture
def people(session: Session) -> Cast:
    return cast()


@pytest.fixture
def visitor(people: Cast, sign_in: SignIn) -> FlaskClient:
    return sign_in(people["platform"])


def all_ran(**more: object) -> None:
    """Every job ran a moment ago."""
    for job in TIMETABLE:
        ran = {"slot": NOW, "started_at": NOW, "finished_at": NOW, "state": RunState.DONE, "counts": {}}
        JobRunFactory(job=job.name, **(ran | more))


def troubles(visitor: FlaskClient) -> list[str]:
    """The sentences of what asks for attention."""
    page = read(visitor.get("/admin/system/")).by_id("main")
    section = [node for node in page.all("section") if node.attributes.get("aria-labelledby") == "troubles"]
    return [node.text for node in section[0].all("li")] if section else []


# --- for whom ---


@pytest.mark.parametrize("who", ["gent", "backup", "deinze", "netwerk", "organisator"])
def test_only_the_platform_looks_here(people: Cast, session: Session, sign_in: SignIn, who: str) -> None:
    mail = MailFactory(state=MailState.FAILED, error="550 geheim")
    run = SyncRunFactory()
    visitor = sign_in(people[who])
    before = rows(session)

    for page in (*PAGES, f"run/?id={run.id}", f"run/?id={MISSING_ID}"):
        answer = visitor.get(f"/admin/system/{page}")
        assert answer.status_code == 403
        assert "geheim" not in answer.text
    assert visitor.send("/admin/system/mails/retry/", {"id": str(mail.id)}).status_code == 403
    assert "/admin/system/" not in read(visitor.get("/admin/")).links()
    assert rows(session) == before


@pytest.mark.parametrize("page", PAGES)
def test_every_page_says_so_when_there_is_nothing(visitor: FlaskClient, page: str) -> None:
    answer = visitor.get(f"/admin/system/{page}")

    assert answer.status_code == 200
    assert answer.text.count('aria-current="page"') >= 2  # in the menu and among the pages of Systeem


# --- what is wrong ---


def test_all_is_well_when_all_ran(visitor: FlaskClient) -> None:
    all_ran()

    assert troubles(visitor) == []
    assert "Alles loopt zoals het hoort." in main_text(visitor.get("/admin/system/"))


def test_a_job_that_never_ran_or_is_silent_is_wrong(visitor: FlaskClient) -> None:
    all_ran(started_at=NOW - timedelta(days=9), finished_at=NOW - timedelta(days=9))
    found = troubles(visitor)

    assert len(found) == len(TIMETABLE)
    assert found[0].startswith("De taak “Mail versturen” zwijgt: ze liep het laatst zondag 6 september om 12.00")
    assert visitor.get("/admin/system/jobs/").text.count("Zwijgt") == len(TIMETABLE)


def test_without_a_process_of_jobs_it_asks_for_one(visitor: FlaskClient) -> None:
    assert "De taak “Mail versturen” liep nog nooit. Draait het proces van de taken wel?" in troubles(visitor)[0]


def test_a_job_that_failed_is_wrong_with_its_own_words(visitor: FlaskClient) -> None:
    all_ran()
    JobRunFactory(
        job="tidy",
        slot=NOW + timedelta(seconds=1),
        started_at=NOW,
        finished_at=NOW,
        state=RunState.FAILED,
        error="RuntimeError: kapot",
    )

    [found] = troubles(visitor)
    assert "De taak “Opruimen” mislukte vandaag om 12.00" in found
    assert "RuntimeError: kapot" in found


def test_a_sync_that_failed_and_what_it_could_not_read(visitor: FlaskClient) -> None:
    all_ran()
    SyncRunFactory(state=RunState.DONE, failed=9)
    run = SyncRunFactory(state=RunState.FAILED, error="UiT antwoordt niet", failed=2)
    found = troubles(visitor)

    assert "UiTdatabank ophalen mislukte vandaag om 11.50" in found[0]
    assert "UiT antwoordt niet" in found[0]
    assert found[1].startswith("2 evenementen van UiTdatabank waren niet te lezen.")
    assert f"/admin/system/run/?id={run.id}" in read(visitor.get("/admin/system/")).links()


def test_mail_that_fails_or_waits_too_long_is_wrong_and_the_worst_comes_first(visitor: FlaskClient) -> None:
    all_ran()
    MailFactory(state=MailState.WAITING, error="421 later", attempts=1)
    MailFactory(state=MailState.FAILED, error="550")
    MailFactory(state=MailState.FAILED, error="551")
    MailFactory(state=MailState.WAITING, created_at=NOW - timedelta(hours=1))
    found = [words.partition("Bekijken")[0] for words in troubles(visitor)]

    assert found == [
        "Er wacht mail langer dan een half uur. Antwoordt de mailserver?",
        "2 mails raakten niet weg.",
        "1 mail probeert het straks opnieuw.",
    ]


# --- the pages ---


def test_a_run_shows_its_reasons_and_not_what_came_in(visitor: FlaskClient) -> None:
    run, other = SyncRunFactory(received=12, created=3, failed=1), SyncRunFactory()
    SyncItemFactory(run=run, external_id="abc-1", reason="Zonder titel.", payload={"creator": "geheim@uit.example"})
    SyncItemFactory(run=other, reason="Van een ander.")
    answer = visitor.get(f"/admin/system/run/?id={run.id}")

    assert "Zonder titel.abc-1" in main_text(answer)
    assert "Ontvangen 12" in main_text(answer)
    assert "geheim@uit" not in answer.text
    assert "Van een ander" not in answer.text
    assert visitor.get(f"/admin/system/run/?id={MISSING_ID}").status_code == 404
    assert visitor.get("/admin/system/run/").status_code == 404


def test_the_runs_narrow_to_those_that_failed_or_had_something_unreadable(visitor: FlaskClient) -> None:
    failed, unreadable = SyncRunFactory(state=RunState.FAILED, error="mis"), SyncRunFactory(failed=4)
    fine = SyncRunFactory()

    def shown(query: str) -> set[int]:
        links = read(visitor.get(f"/admin/system/runs/?{query}")).links()
        return {run.id for run in (failed, unreadable, fine) if f"/admin/system/run/?id={run.id}" in links}

    assert shown("") == shown("state=zomaar") == {failed.id, unreadable.id, fine.id}
    assert shown("state=failed") == {failed.id}
    assert shown("state=unreadable") == {unreadable.id}
    assert "Niets gevonden" in main_text(visitor.get("/admin/system/runs/?state=running"))


def test_the_mails_say_to_whom_about_what_and_how_it_went(visitor: FlaskClient) -> None:
    MailFactory(user=UserFactory(email="later@doemee.example"), error="421 later", not_before=NOW + timedelta(hours=1))
    MailFactory(
        kind=MailKind.INVITATION,
        user=None,
        invitation=InvitationFactory(municipality=town("Gent"), email="genodigd@doemee.example", token_hash="f" * 64),
        state=MailState.SENT,
        sent_to="genodigd@doemee.example",
    )
    MailFactory(
        kind=MailKind.RESET,
        user=UserFactory(email="vergeten@doemee.example"),
        password_reset=PasswordResetFactory(token_hash="e" * 64),
        state=MailState.FAILED,
    )
    answer = visitor.get("/admin/system/mails/")
    words = main_text(answer)

    assert "later@doemee.exampleSeintje over activiteiten" in words
    assert "volgende poging vandaag om 13.00 u" in words
    assert "421 later" in words
    assert "genodigd@doemee.exampleUitnodiging" in words
    assert "vergeten@doemee.exampleLink voor een nieuw wachtwoord" in words
    assert "f" * 64 not in answer.text
    assert "e" * 64 not in answer.text
    assert "/welkom/" not in answer.text
    failed = main_text(visitor.get("/admin/system/mails/?state=failed"))
    assert "vergeten@" in failed
    assert "later@" not in failed
    assert "later@" in main_text(visitor.get("/admin/system/mails/?state=retrying&kind=notices"))


def test_a_failed_mail_is_tried_again_once(visitor: FlaskClient, people: Cast, session: Session) -> None:
    mail = MailFactory(user=UserFactory(email="kapot@doemee.example"), state=MailState.FAILED, error="550", attempts=4)
    page = visitor.get("/admin/system/mails/?state=failed")
    assert "Probeer opnieuw: kapot@doemee.example" in main_text(page)

    answer = visitor.send("/admin/system/mails/retry/", {"id": str(mail.id), "state": "failed"})

    assert answer.location.endswith("/admin/system/mails/?state=failed")
    assert notes(visitor.get(answer.location)) == ["De mail aan kapot@doemee.example vertrekt zo meteen opnieuw."]
    assert again(mail).state is MailState.WAITING
    line = session.scalars(select(Change).where(Change.table_name == "mail")).one()
    assert (line.verb, line.user_id, line.record_id) == ("retry", people["platform"].id, mail.id)
    assert "Wannes stuurt de mail aan" in main_text(visitor.get("/admin/history/"))

    second = visitor.send("/admin/system/mails/retry/", {"id": str(mail.id)})
    assert "niet mislukt" in notes(visitor.get(second.location))[0]
    assert len(session.scalars(select(Change).where(Change.table_name == "mail")).all()) == 1


def test_a_link_that_is_too_old_offers_no_second_try(visitor: FlaskClient, session: Session) -> None:
    asked = InvitationFactory(municipality=town("Gent"), ends_at=NOW - timedelta(hours=1))
    mail = MailFactory(kind=MailKind.INVITATION, user=None, invitation=asked, state=MailState.FAILED)

    words = main_text(visitor.get("/admin/system/mails/"))
    assert "De link is te oud" in words
    assert "Probeer opnieuw" not in words
    visitor.send("/admin/system/mails/retry/", {"id": str(mail.id)})
    assert again(mail).state is MailState.FAILED


@pytest.mark.parametrize("id", ["", "x", "-1", "0", str(MISSING_ID), "99999999999", "1 or 1=1"])
def test_a_mail_that_does_not_exist_is_not_found(visitor: FlaskClient, id: str) -> None:
    assert visitor.send("/admin/system/mails/retry/", {"id": id}).status_code == 404


def test_nothing_is_tried_again_by_a_link(visitor: FlaskClient, session: Session) -> None:
    mail = MailFactory(state=MailState.FAILED)

    assert visitor.get(f"/admin/system/mails/retry/?id={mail.id}").status_code == 405
    assert again(mail).state is MailState.FAILED


def test_the_jobs_say_what_they_did_how_long_and_when_they_are_next(visitor: FlaskClient) -> None:
    JobRunFactory(
        job="send-mail",
        started_at=NOW - timedelta(seconds=5),
        finished_at=NOW - timedelta(seconds=1),
        state=RunState.DONE,
        counts={"sent": 3, "failed": 1, "waiting": 0},
    )
    words = main_text(visitor.get("/admin/system/jobs/"))

    assert (
        "Mail versturenelke 3 seconden Vandaag om 11.59 u4 seconden 3 verstuurd, 1 mislukt Vandaag om 12.00 u" in words
    )
    assert "Opruimenelke dag nog nooit Morgen om 2.00 u Zwijgt" in words
    assert "Niets gevonden" in main_text(visitor.get("/admin/system/jobs/?state=failed"))


def test_what_ran_narrows_by_job_and_state(visitor: FlaskClient) -> None:
    JobRunFactory(job="tidy", state=RunState.FAILED, error="RuntimeError: weg")
    JobRunFactory(job="send-mail", state=RunState.DONE, counts={"sent": 77}, finished_at=NOW)

    def ran(query: str) -> str:
        page = read(visitor.get(f"/admin/system/jobs/?{query}")).by_id("main")
        return " ".join(node.text for node in page.all("li"))

    assert "77 verstuurd" in ran("job=send-mail")
    assert "weg" not in ran("job=send-mail")
    assert "RuntimeError: weg" in ran("state=failed")
    assert "77 verstuurd" not in ran("state=failed")


@pytest.mark.parametrize("page", ["runs/", "mails/", "jobs/"])
def test_long_lists_come_in_pages_and_ask_few_statements(visitor: FlaskClient, session: Session, page: str) -> None:
    def add(count: int) -> None:
        for _ in range(count):
            run = SyncRunFactory(received=1)
            MailFactory(user=UserFactory())
            JobRunFactory(started_at=run.started_at)
        session.commit()

    add(3)
    with counted() as few:
        assert visitor.get(f"/admin/system/{page}").status_code == 200
    add(60)
    with counted() as many:
        answer = visitor.get(f"/admin/system/{page}")

    assert len(few) == len(many) <= MOST
    onward = [link for link in read(answer).links() if "page=1" in link]
    assert len(onward) == 1
    assert visitor.get(onward[0]).status_code == 200
    assert "Zo ver gaat dit niet" in main_text(visitor.get(f"/admin/system/{page}?page=50"))
    assert visitor.get(f"/admin/system/{page}?page=x").status_code == 404


def test_what_a_server_answered_is_never_markup(visitor: FlaskClient) -> None:
    evil = "<script>alert(1)</script>"
    all_ran()
    run = SyncRunFactory(state=RunState.FAILED, error=evil, failed=1)
    SyncItemFactory(run=run, reason=evil, external_id=evil[:60])
    JobRunFactory(job="tidy", slot=NOW + timedelta(seconds=2), state=RunState.FAILED, error=evil, counts={evil: 1})
    MailFactory(state=MailState.FAILED, error=evil, user=UserFactory(email="<i>@doemee.example"))

    for page in (*PAGES, f"run/?id={run.id}"):
        answer = visitor.get(f"/admin/system/{page}")
        assert answer.status_code == 200
        assert "<script>alert" not in answer.text
        assert "<i>@" not in answer.text


def test_what_ran_leaves_out_what_had_nothing_to_do(visitor: FlaskClient) -> None:
    done = {"job": "send-mail", "state": RunState.DONE, "finished_at": NOW}
    JobRunFactory(**done, counts={"sent": 0, "failed": 0, "waiting": 0})
    idle = main_text(visitor.get("/admin/system/jobs/"))
    assert "Geen enkele taak had iets te doen" in idle
    JobRunFactory(**done, slot=NOW + timedelta(seconds=9), counts={"sent": 10, "failed": 0})
    JobRunFactory(job="tidy", state=RunState.FAILED, error="RuntimeError: weg", counts={})

    def ran(query: str) -> str:
        return " ".join(node.text for node in read(visitor.get(f"/admin/system/jobs/?{query}")).by_id("main").all("li"))

    assert "10 verstuurd" in ran("")
    assert "RuntimeError: weg" in ran("")
    assert "niets te doen" not in ran("")
    assert "niets te doen" in ran("state=all")
    assert "10 verstuurd" in ran("state=all")


def test_what_could_not_be_read_has_one_word_everywhere(visitor: FlaskClient) -> None:
    counts = {"unchanged": 5, "failed": 2}
    JobRunFactory(job="sync-uitdatabank", state=RunState.DONE, finished_at=NOW, counts=counts)

    for page in ("", "jobs/"):
        words = main_text(visitor.get(f"/admin/system/{page}"))
        assert "5 gelijk, 2 niet te lezen" in words
        assert "2 mislukt" not in words


def test_who_may_not_look_reads_why_without_jargon(people: Cast, sign_in: SignIn) -> None:
    words = main_text(sign_in(people["gent"]).get("/admin/system/"))

    assert "Ziet hoe het ophalen, de mails en de taken verliepen" in words
    assert "runs" not in words
