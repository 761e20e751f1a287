"""Who somebody is right now: session, account and every right valid today, read in one statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    Row,
    Select,
    String,
    and_,
    bindparam,
    cast,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session, aliased, joinedload

from app.domain.actor import Actor, StandIn
from app.domain.clock import brussels_date
from app.models import (
    Absence,
    Agreement,
    LoginSession,
    Mandate,
    MandateRole,
    Municipality,
    Organisation,
    OrganisationKind,
    User,
    network_municipality,
)

LATELY = timedelta(days=31)
DASHBOARD, MODERATION, OVERSEES, STANDS_IN = "dashboard", "moderation", "oversees", "stands_in"


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A valid session with the actor it belongs to."""

    session_id: int
    last_seen_at: datetime
    ends_at: datetime
    email: str
    actor: Actor


def valid_on(model: type[Mandate | Agreement | Absence], day: date) -> ColumnElement[bool]:
    """The mandates, agreements or absences in force on this day and not ended before."""
    return and_(
        model.ended_at.is_(None),
        model.since <= day,
        or_(model.until.is_(None), model.until >= day),
    )


def by_token_hash(session: Session, token_hash: str, now: datetime, idle_since: datetime) -> SignedIn | None:
    """The session with this hash, if it still counts: not ended, not idle, its account not suspended."""
    said = {"token_hash": token_hash, "now": now, "idle_since": idle_since}
    rows = session.execute(_session_query(brussels_date(now)), said).all()
    if not rows:
        return None
    first = rows[0]
    return SignedIn(
        first.id, first.last_seen_at, first.ends_at, first.email, _actor(first.account_id, first.name, rows)
    )


def actor_of(session: Session, user_id: int, now: datetime) -> Actor:
    """What this account may do now; a stranger when it is suspended or unknown."""
    rows = session.execute(_account_query(brussels_date(now)), {"account": user_id}).all()
    return _actor(user_id, rows[0].name, rows) if rows else Actor()


# Asked at every request: put together once a day, because that costs more than asking.
@lru_cache(maxsize=2)
def _session_query(day: date) -> Select[Any]:
    grants = _grants(day).subquery("grants")
    return (
        select(LoginSession.id, LoginSession.last_seen_at, LoginSession.ends_at, User.email, User.name, grants)
        .join(User, User.id == LoginSession.user_id)
        .outerjoin(grants, grants.c.user_id == User.id)
        .add_columns(User.id.label("account_id"))
        .where(
            LoginSession.token_hash == bindparam("token_hash"),
            LoginSession.ends_at > bindparam("now"),
            LoginSession.last_seen_at > bindparam("idle_since"),
            User.suspended_at.is_(None),
        )
    )


@lru_cache(maxsize=2)
def _account_query(day: date) -> Select[Any]:
    grants = _grants(day).subquery("grants")
    return (
        select(User.name, grants)
        .outerjoin(grants, grants.c.user_id == User.id)
        .where(User.id == bindparam("account"), User.suspended_at.is_(None))
    )


def _grants(day: date) -> Any:
    """One row per right valid on this day, for all people: the caller joins it to one of them."""
    town = aliased(Organisation)
    own_town = and_(
        town.municipality_id == Mandate.municipality_id,
        town.kind == OrganisationKind.TOWN,
    )
    mandates = _grant(
        Mandate.user_id,
        cast(Mandate.role, String),
        municipality=Mandate.municipality_id,
        network=Mandate.network_id,
        organisation=Mandate.organisation_id,
        town=town.id,
    ).outerjoin(town, own_town)
    return union_all(
        mandates.where(valid_on(Mandate, day)),
        _agreements(day, DASHBOARD),
        _agreements(day, MODERATION),
        _grant(Mandate.user_id, literal(OVERSEES), municipality=network_municipality.c.municipality_id)
        .join(network_municipality, network_municipality.c.network_id == Mandate.network_id)
        .where(valid_on(Mandate, day), Mandate.role == MandateRole.NETWORK),
        _stand_ins(day),
    )


def _grant(user_id: Any, kind: Any, **columns: Any) -> Select[Any]:
    """A row of the union; every arm has the same columns, those not given are NULL."""
    types = {
        "municipality": Integer,
        "network": Integer,
        "organisation": Integer,
        "town": Integer,
        "municipality_name": String,
        "person": Integer,
        "person_name": String,
        "until": Date,
    }
    return select(
        user_id.label("user_id"),
        kind.label("kind"),
        # Only NULLs are cast, for PostgreSQL's sake: SQLite would make a number of a date.
        *((columns[name] if name in columns else cast(null(), type_)).label(name) for name, type_ in types.items()),
    )


def _agreements(day: date, kind: str) -> Select[Any]:
    town = aliased(Organisation)
    agreed = Agreement.dashboard if kind == DASHBOARD else Agreement.moderation
    in_network = and_(
        Mandate.network_id == Agreement.network_id,
        Mandate.role == MandateRole.NETWORK,
        valid_on(Mandate, day),
        # An agreement reaches no further than the network does.
        network_municipality.c.network_id == Agreement.network_id,
        network_municipality.c.municipality_id == Agreement.municipality_id,
    )
    return (
        _grant(Mandate.user_id, literal(kind), municipality=Agreement.municipality_id, town=town.id)
        .select_from(Agreement)
        .join(network_municipality, network_municipality.c.network_id == Agreement.network_id)
        .join(Mandate, in_network)
        .outerjoin(town, and_(town.municipality_id == Agreement.municipality_id, town.kind == OrganisationKind.TOWN))
        .where(valid_on(Agreement, day), agreed)
    )


def _stand_ins(day: date) -> Select[Any]:
    """The stand-in holds a backup or administrator mandate in that town; without one, the absence gives nothing."""
    town, absent = aliased(Organisation), aliased(User)
    own_mandate = (
        select(Mandate.id)
        .where(
            Mandate.user_id == Absence.stand_in_id,
            Mandate.municipality_id == Absence.municipality_id,
            Mandate.role.in_([MandateRole.LOCAL, MandateRole.BACKUP]),
            valid_on(Mandate, day),
        )
        .exists()
    )
    return (
        _grant(
            Absence.stand_in_id,
            literal(STANDS_IN),
            municipality=Absence.municipality_id,
            town=town.id,
            municipality_name=Municipality.name,
            person=absent.id,
            person_name=absent.name,
            until=Absence.until,
        )
        .select_from(Absence)
        .join(absent, absent.id == Absence.user_id)
        .join(Municipality, Municipality.id == Absence.municipality_id)
        .outerjoin(town, and_(town.municipality_id == Absence.municipality_id, town.kind == OrganisationKind.TOWN))
        .where(valid_on(Absence, day), own_mandate)
    )


def stood_in_lately(session: Session, user_id: int, now: datetime) -> list[Absence]:
    """Absences in which this person stood in and that ended in the last month, with their person and town."""
    today = brussels_date(now)
    over = or_(Absence.until < today, Absence.ended_at.is_not(None))
    lately = and_(Absence.stand_in_id == user_id, over, Absence.until >= today - LATELY, Absence.since <= today)
    loaded = select(Absence).where(lately).options(joinedload(Absence.user), joinedload(Absence.municipality))
    return list(session.scalars(loaded.order_by(Absence.until.desc()).limit(3)))


def _actor(user_id: int, name: str, rows: Sequence[Row[Any]]) -> Actor:
    def ids(kind: str, column: str = "municipality") -> frozenset[int]:
        return frozenset(getattr(row, column) for row in rows if row.kind == kind)

    stand_ins = {
        StandIn(row.municipality, row.municipality_name, row.person, row.person_name, row.until)
        for row in rows
        if row.kind == STANDS_IN
    }
    moderating = (MandateRole.LOCAL, MODERATION, STANDS_IN)
    return Actor(
        user_id=user_id,
        name=name,
        platform=any(row.kind == MandateRole.PLATFORM for row in rows),
        local_of=ids(MandateRole.LOCAL),
        backup_of=ids(MandateRole.BACKUP),
        stands_in=tuple(sorted(stand_ins, key=lambda absence: (absence.until, absence.for_user_id))),
        network_moderates=ids(MODERATION),
        reads_dashboard_by_agreement=ids(DASHBOARD),
        networks=ids(MandateRole.NETWORK, "network"),
        oversees=ids(OVERSEES),
        member_of=ids(MandateRole.ORGANISER, "organisation"),
        town_organisations=frozenset(row.town for row in rows if row.kind in moderating and row.town),
    )
