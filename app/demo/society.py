"""Who there is in the demo: towns, organisations, people, and the rights they hold. All of it invented."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.demo.accounts import ACCOUNTS, PASSWORD
from app.domain.actor import Actor
from app.domain.clock import brussels_date
from app.models import (
    Absence,
    Agreement,
    Base,
    Mandate,
    MandateRole,
    Municipality,
    Network,
    Organisation,
    OrganisationKind,
    User,
)
from app.services import history
from app.services.accounts import create_user, hash_password, normal_email

Row = TypeVar("Row", bound=Base)
SYSTEM = Actor()  # the demo itself did it, nobody in particular
LONG_AGO = timedelta(days=2 * 365)
AGREED_AGO, AGREED_FOR = timedelta(days=200), timedelta(days=365)
AWAY_FOR = timedelta(days=7)
NETWORK = "Regio Gent"


@dataclass(frozen=True, slots=True)
class Town:
    """A municipality by its NIS code, its own organisation, and who enters its offer."""

    nis_code: str
    organisation: str
    administrator: str


@dataclass(frozen=True, slots=True)
class Club:
    """An organisation with one organiser; `uit_id` is its organiser's id on the local UiT server."""

    name: str
    town: str
    organiser: str
    email: str
    kind: OrganisationKind = OrganisationKind.ASSOCIATION
    website: str = ""
    uit_id: str | None = None


# Zulte has no administrator, so nobody is there to enter the town's own offer.
TOWNS = {
    "gent": Town("44021", "Stad Gent-Demo", "gent@doemee.example"),
    "deinze": Town("44083", "Stad Deinze-Demo", "deinze@doemee.example"),
    "lochristi": Town("44087", "Gemeente Lochristi-Demo", "lochristi@doemee.example"),
}
ZULTE = "44081"

CLUBS = {
    "bib": Club(
        "Bibliotheek Gent-Demo",
        "44021",
        "Ines",
        "organisator@doemee.example",
        OrganisationKind.PUBLIC,
        "https://www.bib-demo.example",
        "bib-demo",
    ),
    "brugwachter": Club("Buurthuis De Brugwachter-Demo", "44021", "Joke", "joke@brugwachter-demo.example"),
    "sportvrienden": Club("Sportvrienden Rabot-Demo", "44021", "Emre", "emre@sportvrienden-demo.example"),
    "sas": Club(
        "Taalcafé Het Sas-Demo vzw",
        "44021",
        "Katrien",
        "katrien@sas-demo.example",
        website="https://www.sas-demo.example",
    ),
    "draad": Club("De Draad-Demo vzw", "44021", "Fatima", "fatima@draad-demo.example"),
    "werkwijzer": Club("Werkwijzer-Demo vzw", "44021", "Pieter", "pieter@werkwijzer-demo.example"),
    "duo": Club("Duo Gent-Demo", "44021", "Amal", "amal@duo-demo.example"),
    "stapvoets": Club("Stapvoets Deinze-Demo", "44083", "Rik", "rik@stapvoets-demo.example"),
    "keuken": Club("Keuken Wereld-Demo vzw", "44083", "Selam", "selam@wereld-demo.example"),
    "welkom": Club("Welkom Deinze-Demo", "44083", "Greet", "greet@deinze-demo.example", uit_id="deinze-demo"),
    "buren": Club("Buren van Lochristi-Demo", "44087", "Yusuf", "yusuf@buren-demo.example"),
    "doetuin": Club("Doetuin Zulte-Demo vzw", ZULTE, "Mieke", "mieke@doetuin-demo.example"),
}

LOCAL = ("gent@doemee.example", "gent2@doemee.example", "deinze@doemee.example", "lochristi@doemee.example")
TOWN_OF = {"gent": "44021", "gent2": "44021", "backup": "44021", "deinze": "44083", "lochristi": "44087"}


@dataclass(frozen=True, slots=True)
class Society:
    """People by e-mail, organisations by the key of TOWNS or CLUBS."""

    people: dict[str, User]
    organisations: dict[str, Organisation]

    def organiser(self, key: str) -> User:
        """Who enters what this organisation offers."""
        return self.people[TOWNS[key].administrator if key in TOWNS else CLUBS[key].email]

    def administrator(self, municipality_id: int | None) -> User | None:
        """Who follows up what is published in this town; None where nobody does."""
        towns = {self.organisations[key].municipality_id: town for key, town in TOWNS.items()}
        town = towns.get(municipality_id or 0)
        return self.people[town.administrator] if town else None


def gather(session: Session, now: datetime) -> Society:
    """Make who and what is missing, and leave the rest as it is now; only the absence moves with today."""
    long_ago = now - LONG_AGO
    society = Society(_people(session, long_ago), _organisations(session, long_ago))
    _mandates(session, society, long_ago)
    _agreements(session, society.people, now)
    _absence(session, society.people, now)
    return society


def _people(session: Session, long_ago: datetime) -> dict[str, User]:
    """Everyone by e-mail; all with the password of the demo."""
    names = {account.email: account.name for account in ACCOUNTS}
    names |= {club.email: club.organiser for club in CLUBS.values()}
    names["lochristi@doemee.example"] = "Veerle"
    hashed = lru_cache(maxsize=1)(lambda: hash_password(PASSWORD))  # slow on purpose; once, as all know it
    return {email: _person(session, email, name, long_ago, hashed) for email, name in names.items()}


def _person(session: Session, email: str, name: str, long_ago: datetime, hashed: Callable[[], str]) -> User:
    found = session.scalar(select(User).where(User.email == normal_email(email)))
    return found or create_user(session, email, name, long_ago, hashed())


def _organisations(session: Session, long_ago: datetime) -> dict[str, Organisation]:
    found = {key: _town_organisation(session, town, long_ago) for key, town in TOWNS.items()}
    return found | {key: _club(session, club, long_ago) for key, club in CLUBS.items()}


def _town_organisation(session: Session, town: Town, long_ago: datetime) -> Organisation:
    """A town is an organisation once, whatever people call it meanwhile."""
    wanted = {"municipality_id": _municipality(session, town.nis_code).id, "kind": OrganisationKind.TOWN}
    return _found_or_made(session, Organisation, wanted, {"name": town.organisation, "created_at": long_ago}, long_ago)


def _club(session: Session, club: Club, long_ago: datetime) -> Organisation:
    wanted = {"name": club.name, "municipality_id": _municipality(session, club.town).id}
    more = {"kind": club.kind, "website": club.website, "uit_id": club.uit_id, "created_at": long_ago}
    return _found_or_made(session, Organisation, wanted, more, long_ago)


def _mandates(session: Session, society: Society, long_ago: datetime) -> None:
    """Who is what, and where; given long ago by the platform administrator."""
    people = society.people
    platform = people["platform@doemee.example"]
    wanted: list[dict[str, Any]] = [{"user_id": platform.id, "role": MandateRole.PLATFORM}]
    wanted += [_of_town(session, people[email], MandateRole.LOCAL) for email in LOCAL]
    wanted.append(_of_town(session, people["backup@doemee.example"], MandateRole.BACKUP))
    network = {"role": MandateRole.NETWORK, "network_id": _network(session).id}
    wanted.append({"user_id": people["netwerk@doemee.example"].id} | network)
    wanted += [
        {
            "user_id": people[club.email].id,
            "role": MandateRole.ORGANISER,
            "organisation_id": society.organisations[key].id,
        }
        for key, club in CLUBS.items()
    ]
    more = {"since": brussels_date(long_ago), "granted_by_id": platform.id}
    for values in wanted:
        _found_or_made(session, Mandate, values, more, long_ago)


def _of_town(session: Session, user: User, role: MandateRole) -> dict[str, Any]:
    town = _municipality(session, TOWN_OF[user.email.partition("@")[0]])
    return {"user_id": user.id, "role": role, "municipality_id": town.id}


def _agreements(session: Session, people: dict[str, User], now: datetime) -> None:
    """Deinze lets the network read its dashboard and moderate, Lochristi only read; nobody else."""
    for key, moderation in (("deinze", True), ("lochristi", False)):
        wanted = {
            "municipality_id": _municipality(session, TOWNS[key].nis_code).id,
            "network_id": _network(session).id,
        }
        more = {
            "dashboard": True,
            "moderation": moderation,
            "since": brussels_date(now - AGREED_AGO),
            "until": brussels_date(now + AGREED_FOR),
            "agreed_by_id": people[TOWNS[key].administrator].id,
        }
        _found_or_made(session, Agreement, wanted, more, now - AGREED_AGO)


def _absence(session: Session, people: dict[str, User], now: datetime) -> None:
    """Hanne is away from today for a week and Milan stands in, each time the demo is loaded."""
    today = brussels_date(now)
    days = {"since": today, "until": today + AWAY_FOR, "ended_at": None}
    wanted = {
        "user_id": people["gent2@doemee.example"].id,
        "municipality_id": _municipality(session, TOWNS["gent"].nis_code).id,
        "stand_in_id": people["backup@doemee.example"].id,
    }
    more = days | {"reason": "verlof", "created_by_id": wanted["user_id"]}
    absence = _found_or_made(session, Absence, wanted, more, now)
    before = history.snapshot(absence)
    if any(getattr(absence, field) != value for field, value in days.items()):
        for field, value in days.items():
            setattr(absence, field, value)
        history.record(session, SYSTEM, now, absence, "correct", before)


def _municipality(session: Session, nis_code: str) -> Municipality:
    return session.scalars(select(Municipality).where(Municipality.nis_code == nis_code)).one()


def _network(session: Session) -> Network:
    return session.scalars(select(Network).where(Network.name == NETWORK)).one()


def _found_or_made(
    session: Session, model: type[Row], wanted: dict[str, Any], more: dict[str, Any], then: datetime
) -> Row:
    """The first row with these values; made with `more` where there is none, and written in the history."""
    found = session.scalars(select(model).filter_by(**wanted).order_by(model.id).limit(1)).first()
    if found is not None:
        return found
    row = model(**wanted, **more)
    session.add(row)
    history.record(session, SYSTEM, then, row, "appoint" if model is Mandate else "create")
    return row
