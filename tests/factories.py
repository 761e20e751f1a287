"""What a test needs to be there, saying only what matters. All people, places and organisations are invented.

Rows are flushed, never committed, and ask for no line of history. The factories make one row each; the functions
below them make somebody who is something, or something of some kind.
"""

from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

import factory
from factory.alchemy import SQLAlchemyModelFactory
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.activity import Origin, State, Verb
from app.domain.clock import BRUSSELS
from app.domain.contact import Channel
from app.domain.relevance import Match
from app.domain.schedule import Dates, Moment
from app.domain.source import Standing
from app.models import (
    Absence,
    Activity,
    Agreement,
    Change,
    ContactChannel,
    Decision,
    Delivery,
    Goal,
    IntakeRule,
    Invitation,
    JobRun,
    Level,
    LoginSession,
    Mail,
    Mandate,
    MandateRole,
    Municipality,
    Network,
    Notice,
    NoticeKind,
    Organisation,
    OrganisationKind,
    PasswordReset,
    PostalCode,
    Problem,
    Reason,
    ReasonFor,
    Region,
    Report,
    RunState,
    Source,
    SourceRecord,
    SyncItem,
    SyncRun,
    Topic,
    User,
    db,
)
from app.services.accounts import hash_password

NOW = datetime(2026, 9, 15, 12, tzinfo=BRUSSELS)  # a Tuesday
TODAY = NOW.date()
NEXT_WEEK = Dates((Moment(NOW + timedelta(days=7, hours=2), NOW + timedelta(days=7, hours=4)),))
PASSWORD = "een-heel-lang-wachtwoord"
NAMES = (
    "Hanne",
    "Milan",
    "Zeynep",
    "Wout",
    "Amina",
    "Lotte",
    "Bram",
    "Fatima",
    "Joris",
    "Sien",
    "Tuur",
    "Nele",
)


@lru_cache(maxsize=1)
def password_hash() -> str:
    return hash_password(PASSWORD)


class Rows(SQLAlchemyModelFactory):
    """Every factory below: in the session of the test, flushed, outside the history."""

    class Meta:
        abstract = True
        sqlalchemy_session_factory = lambda: db.session  # noqa: E731 -- read when a row is made, not now

    @classmethod
    def _save(cls, model_class: type, session: Session, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        asked = session.info.get("unrecorded", False)
        session.flush()  # what the test itself did is not ours to hide
        session.info["unrecorded"] = True
        try:
            with session.no_autoflush:
                row = model_class(*args, **kwargs)
                session.add(row)
            session.flush()
        finally:
            session.info["unrecorded"] = asked
        return row


class UserFactory(Rows):
    class Meta:
        model = User

    class Params:
        can_sign_in = factory.Trait(password_hash=factory.LazyFunction(password_hash))

    name = factory.Iterator(NAMES)
    email = factory.Sequence(lambda n: f"persoon{n}@doemee.example")
    created_at = NOW - timedelta(days=400)


class LoginSessionFactory(Rows):
    class Meta:
        model = LoginSession

    token_hash = factory.Sequence(lambda n: f"{n:064x}")
    user = factory.SubFactory(UserFactory)
    created_at = NOW
    last_seen_at = NOW
    ends_at = NOW + timedelta(hours=12)


class RegionFactory(Rows):
    class Meta:
        model = Region

    name = factory.Sequence(lambda n: f"Streek {n}")


class MunicipalityFactory(Rows):
    """A town that is on no map. Nearly always `town("Deinze")` is what you want."""

    class Meta:
        model = Municipality

    nis_code = factory.Sequence(lambda n: f"9{n:04d}")
    name = factory.Sequence(lambda n: f"Verzonnegem {n}")
    province = "Oost-Vlaanderen"


class PostalCodeFactory(Rows):
    class Meta:
        model = PostalCode

    code = factory.Sequence(lambda n: f"0{n:03d}")
    municipality = factory.SubFactory(MunicipalityFactory)


class NetworkFactory(Rows):
    class Meta:
        model = Network

    name = factory.Sequence(lambda n: f"Netwerk {n}")


class TopicFactory(Rows):
    class Meta:
        model = Topic

    key = factory.Sequence(lambda n: f"topic_{n}")
    name = factory.Sequence(lambda n: f"Onderwerp {n}")


class GoalFactory(Rows):
    class Meta:
        model = Goal

    key = factory.Sequence(lambda n: f"goal_{n}")
    name = factory.Sequence(lambda n: f"doel {n}")


class LevelFactory(Rows):
    """The four taaliconen are all there; only `LevelFactory.build` makes another."""

    class Meta:
        model = Level

    number = 1
    name = "een taalicoon"
    plain_words = "een beetje Nederlands"


class ReasonFactory(Rows):
    class Meta:
        model = Reason

    key = factory.Sequence(lambda n: f"reason_{n}")
    used_for = ReasonFor.REJECT
    name = "Niet voor nieuwkomers"


class OrganisationFactory(Rows):
    class Meta:
        model = Organisation

    name = factory.Sequence(lambda n: f"De Babbelaar {n} vzw")
    kind = OrganisationKind.ASSOCIATION
    municipality = factory.LazyFunction(lambda: town("Deinze"))
    created_at = NOW - timedelta(days=400)


class MandateFactory(Rows):
    class Meta:
        model = Mandate

    user = factory.SubFactory(UserFactory)
    role = MandateRole.PLATFORM
    since = TODAY - timedelta(days=300)


class AgreementFactory(Rows):
    class Meta:
        model = Agreement

    municipality = factory.LazyFunction(lambda: town("Deinze"))
    network = factory.LazyFunction(lambda: network("Regio Gent"))
    moderation = True
    since = TODAY - timedelta(days=100)
    until = TODAY + timedelta(days=100)


class AbsenceFactory(Rows):
    class Meta:
        model = Absence

    user = factory.SubFactory(UserFactory)
    municipality = factory.LazyFunction(lambda: town("Deinze"))
    since = TODAY
    until = TODAY + timedelta(days=6)


class SourceFactory(Rows):
    class Meta:
        model = Source

    key = factory.Sequence(lambda n: f"source_{n}")
    name = "Een andere bron"


class SourceRecordFactory(Rows):
    class Meta:
        model = SourceRecord

    source = factory.LazyFunction(lambda: one(Source, key="uitdatabank"))
    external_id = factory.Sequence(lambda n: f"00000000-0000-4000-8000-{n:012d}")
    title = "Samen wandelen"
    payload = factory.LazyFunction(dict)
    fingerprint = factory.Sequence(lambda n: f"{n:064x}")
    modified = NOW - timedelta(days=2)
    standing = Standing.LIVE
    relevant = True
    municipality = factory.LazyFunction(lambda: town("Deinze"))
    first_seen_at = NOW - timedelta(days=2)
    last_seen_at = NOW - timedelta(hours=1)


class IntakeRuleFactory(Rows):
    class Meta:
        model = IntakeRule

    municipality = factory.LazyFunction(lambda: town("Deinze"))
    match = Match.LABEL
    value = factory.Sequence(lambda n: f"label {n}")
    created_at = NOW - timedelta(days=30)


class SyncRunFactory(Rows):
    class Meta:
        model = SyncRun

    source = factory.LazyFunction(lambda: one(Source, key="uitdatabank"))
    state = RunState.DONE
    started_at = NOW - timedelta(minutes=10)
    finished_at = NOW - timedelta(minutes=9)


class SyncItemFactory(Rows):
    class Meta:
        model = SyncItem

    run = factory.SubFactory(SyncRunFactory)
    external_id = factory.Sequence(str)
    reason = "Dit evenement heeft geen titel."
    payload = factory.LazyFunction(dict)


class ActivityFactory(Rows):
    """An own entry, online since yesterday, next week from 14 to 16; its town is its organisation's."""

    class Meta:
        model = Activity

    title = factory.Sequence(lambda n: f"Babbelen bij de koffie {n}")
    origin = Origin.OWN
    state = State.PUBLISHED
    organisation = factory.SubFactory(OrganisationFactory)
    municipality = factory.LazyAttribute(lambda self: self.organisation and self.organisation.municipality)
    schedule = NEXT_WEEK
    public_from = factory.LazyAttribute(lambda self: NOW - timedelta(days=1) if self.state is State.PUBLISHED else None)
    created_at = NOW - timedelta(days=1)
    updated_at = NOW - timedelta(days=1)


class ContactChannelFactory(Rows):
    class Meta:
        model = ContactChannel

    activity = factory.SubFactory(ActivityFactory)
    kind = Channel.EMAIL
    value = "babbel@doemee.example"


class DecisionFactory(Rows):
    class Meta:
        model = Decision

    activity = factory.SubFactory(ActivityFactory)
    verb = Verb.WITHDRAW
    decided_by = factory.SubFactory(UserFactory)
    decided_at = NOW - timedelta(hours=1)


class ChangeFactory(Rows):
    class Meta:
        model = Change

    table_name = "activity"
    record_id = 1
    verb = "correct"
    at = NOW - timedelta(hours=1)


class NoticeFactory(Rows):
    class Meta:
        model = Notice

    kind = NoticeKind.NEW_ENTRY
    activity = factory.SubFactory(ActivityFactory)
    municipality = factory.SelfAttribute("activity.municipality")
    created_at = NOW


class ReportFactory(Rows):
    class Meta:
        model = Report

    activity = factory.SubFactory(ActivityFactory)
    municipality = factory.SelfAttribute("activity.municipality")
    problem = Problem.WRONG
    created_at = NOW


class InvitationFactory(Rows):
    """Good until the day after tomorrow; without a token, because its mail is not made yet."""

    class Meta:
        model = Invitation

    email = factory.Sequence(lambda n: f"genodigde{n}@doemee.example")
    name = factory.Iterator(NAMES)
    role = MandateRole.LOCAL
    created_at = NOW
    ends_at = NOW + timedelta(hours=72)


class PasswordResetFactory(Rows):
    class Meta:
        model = PasswordReset

    user = factory.SubFactory(UserFactory)
    created_at = NOW
    ends_at = NOW + timedelta(hours=1)


class MailFactory(Rows):
    class Meta:
        model = Mail

    message_id = factory.Sequence(lambda n: f"<mail.{n}@localhost>")
    user = factory.SubFactory(UserFactory)
    not_before = NOW
    created_at = NOW


class DeliveryFactory(Rows):
    class Meta:
        model = Delivery

    notice = factory.SubFactory(NoticeFactory)
    user = factory.SubFactory(UserFactory)
    mail = factory.SubFactory(MailFactory, user=factory.SelfAttribute("..user"))


class JobRunFactory(Rows):
    class Meta:
        model = JobRun

    job = "send-mail"
    slot = factory.Sequence(lambda n: NOW + timedelta(seconds=n))
    started_at = NOW


# --- from the reference data ---


def one(model: Any, **values: Any) -> Any:
    """The one row with these values."""
    return db.session.scalars(select(model).filter_by(**values)).one()


def town(name: str) -> Municipality:
    """Deinze and Lochristi lie in the network Regio Gent; Gent is a network of its own; Aalst lies elsewhere."""
    return one(Municipality, name=name)


def network(name: str) -> Network:
    return one(Network, name=name)


def reason(key: str) -> Reason:
    return one(Reason, key=key)


def moment(days: int = 7, hour: int = 14, **more: Any) -> Moment:
    """Two hours on a day from today on."""
    day = TODAY + timedelta(days=days)
    start = datetime(day.year, day.month, day.day, hour, tzinfo=BRUSSELS)
    return Moment(start, start + timedelta(hours=2), **more)


# --- people who are something ---


def holder(role: MandateRole, *, user: User | None = None, name: str | None = None, **mandate: Any) -> User:
    """Somebody with this mandate: a new account, or one more mandate for `user`."""
    person = user or (UserFactory(name=name) if name else UserFactory())
    MandateFactory(user=person, role=role, **mandate)
    return person


def local_admin(place: Municipality, **more: Any) -> User:
    return holder(MandateRole.LOCAL, municipality=place, **more)


def backup(place: Municipality, **more: Any) -> User:
    return holder(MandateRole.BACKUP, municipality=place, **more)


def network_member(of: Network, **more: Any) -> User:
    return holder(MandateRole.NETWORK, network=of, **more)


def organiser(organisation: Organisation, **more: Any) -> User:
    return holder(MandateRole.ORGANISER, organisation=organisation, **more)


def platform(**more: Any) -> User:
    return holder(MandateRole.PLATFORM, **more)


def absence(
    user: User,
    place: Municipality,
    stand_in: User | None = None,
    *,
    since: date = TODAY,
    until: date | None = None,
    **more: Any,
) -> Absence:
    """Away from today, a week long unless said otherwise."""
    last_day = until or since + timedelta(days=6)
    return AbsenceFactory(user=user, municipality=place, stand_in=stand_in, since=since, until=last_day, **more)


def agreement(
    place: Municipality,
    with_network: Network,
    *,
    moderation: bool = False,
    dashboard: bool = False,
    **more: Any,
) -> Agreement:
    return AgreementFactory(
        municipality=place, network=with_network, moderation=moderation, dashboard=dashboard, **more
    )


# --- activities of a kind ---


def town_organisation(place: Municipality) -> Organisation:
    """The town itself, that publishes too (DESIGN rule 1)."""
    return OrganisationFactory(name=f"Stad {place.name}", kind=OrganisationKind.TOWN, municipality=place)


def own_entry(organisation: Organisation | None = None, **more: Any) -> Activity:
    """Published, unless `state` says otherwise."""
    return ActivityFactory(**({"organisation": organisation} if organisation else {}), **more)


def uit_event(place: Municipality | None, **more: Any) -> Activity:
    """An event of UiT, waiting to be judged unless `state` says otherwise."""
    title = more.setdefault("title", "Samen wandelen")
    record = more.pop("source_record", None) or SourceRecordFactory(title=title, municipality=place)
    return ActivityFactory(
        **(
            {
                "origin": Origin.IMPORT,
                "state": State.PENDING,
                "organisation": None,
                "organiser_name": "Natuurpunt",
            }
            | more
        ),
        municipality=place,
        source_record=record,
    )
