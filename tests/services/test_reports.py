"""What visitors report: who may call it handled, and what is seen of it."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.errors import NotAllowed
from app.models import Change
from app.services import access, reports
from tests.factories import NOW, ReportFactory, backup, local_admin, own_entry, platform, town


def actor_of(session: Session, user_id: int) -> Actor:
    return access.actor_of(session, user_id, NOW)


def test_only_who_moderates_or_the_platform_calls_it_handled(session: Session) -> None:
    report = ReportFactory(municipality=town("Deinze"))
    for person in (local_admin(town("Lochristi")), backup(town("Deinze"))):
        with pytest.raises(NotAllowed):
            reports.handle(session, actor_of(session, person.id), NOW, report)
    with pytest.raises(NotAllowed):
        reports.handle(session, Actor(), NOW, report)
    assert report.handled_at is None

    reports.handle(session, actor_of(session, platform().id), NOW, report)

    assert report.handled_at == NOW


def test_handled_twice_is_handled_once(session: Session) -> None:
    report = ReportFactory(municipality=town("Deinze"))
    first, second = local_admin(town("Deinze")), platform()

    for person in (first, second):
        reports.handle(session, actor_of(session, person.id), NOW, report)

    assert report.handled_by_id == first.id
    assert len(session.scalars(select(Change)).all()) == 1


def test_of_an_activity_only_what_waits_and_may_be_read_is_seen(session: Session) -> None:
    entry = own_entry()
    waits = [ReportFactory(activity=entry), ReportFactory(activity=entry)]
    ReportFactory(activity=entry, handled_at=NOW)
    ReportFactory(activity=entry, municipality=town("Gent"))
    ReportFactory()
    here, elsewhere = local_admin(town("Deinze")), local_admin(town("Lochristi"))

    assert list(reports.open_about(session, actor_of(session, here.id), entry)) == waits
    assert list(reports.open_about(session, actor_of(session, elsewhere.id), entry)) == []
