"""Who is told: resolved from the rights valid at the moment of sending (DESIGN rule 9, matrix row 37)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.domain.clock import brussels_date
from app.models import (
    Absence,
    Agreement,
    Mandate,
    MandateRole,
    Notice,
    NoticeKind,
    Organisation,
    OrganisationKind,
    User,
    network_municipality,
)
from app.services.access import valid_on


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody entitled to a notice, and why, in words for the foot of the mail."""

    user_id: int
    capacity: str


def of(session: Session, notice: Notice, now: datetime) -> list[Recipient]:
    """Everyone entitled to this notice now, each once, never who caused it."""
    if notice.kind in (NoticeKind.NEW_ENTRY, NoticeKind.REPORTED):
        entitled = of_town(session, notice.municipality_id, now)
    else:
        entitled = _of_organisation(session, notice.activity.organisation, now)
    return [recipient for recipient in entitled if recipient.user_id != notice.caused_by_id]


def of_town(session: Session, municipality_id: int | None, now: datetime) -> list[Recipient]:
    """The town's moderators; only when there is nobody at all, the platform."""
    return moderators_of(session, municipality_id, now) or _platform(session, now)


def moderators_of(session: Session, municipality_id: int | None, now: datetime) -> list[Recipient]:
    """The town's administrators but for who is absent with a stand-in, the stand-ins, and network staff with a
    moderation agreement. Nobody at all: the town is uncovered (rule 3)."""
    staff = _staff(session, municipality_id, now)
    away = _stand_ins(session, municipality_id, now, staff)
    found: dict[int, Recipient] = {}
    for user_id in (user_id for user_id, role in staff.items() if role is MandateRole.LOCAL):
        present, last = _present(user_id, away)
        if present == user_id:
            found[user_id] = Recipient(user_id, "lokale beheerder")
        elif present is not None:
            found.setdefault(present, Recipient(present, f"vervanger van {last}"))
    for user_id in _network_moderators(session, municipality_id, now):
        found.setdefault(user_id, Recipient(user_id, "netwerkmedewerker"))
    return list(found.values())


def _stand_ins(
    session: Session, municipality_id: int | None, now: datetime, staff: Collection[int]
) -> dict[int, tuple[int, str]]:
    """Who is away today, with the stand-in and the own name; only stand-ins with a mandate and an account count."""
    absences = session.scalars(
        select(Absence)
        .where(Absence.municipality_id == municipality_id, valid_on(Absence, brussels_date(now)))
        .options(joinedload(Absence.user))
        .order_by(Absence.id.desc())  # of two for one person the oldest stays
    )
    return {
        row.user_id: (row.stand_in_id, row.user.name)
        for row in absences
        if row.stand_in_id is not None and row.stand_in_id in staff
    }


def _present(user_id: int, away: Mapping[int, tuple[int, str]]) -> tuple[int | None, str]:
    """Who is there in this person's place, a stand-in's stand-in included, and for whom; None where a chain bites
    its tail."""
    seen, last = {user_id}, ""
    while user_id in away:
        user_id, last = away[user_id]
        if user_id in seen:
            return None, last
        seen.add(user_id)
    return user_id, last


def _staff(session: Session, municipality_id: int | None, now: datetime) -> dict[int, MandateRole]:
    """Administrators and backups of the town with a live account; who holds both mandates is an administrator."""
    rows = session.execute(
        select(Mandate.user_id, Mandate.role)
        .join(User, User.id == Mandate.user_id)
        .where(
            Mandate.municipality_id == municipality_id,
            Mandate.role.in_([MandateRole.LOCAL, MandateRole.BACKUP]),
            valid_on(Mandate, brussels_date(now)),
            User.suspended_at.is_(None),
        )
        .order_by(Mandate.role, Mandate.user_id)  # backup before local: the last one stays
    )
    return {row.user_id: row.role for row in rows}


def _network_moderators(session: Session, municipality_id: int | None, now: datetime) -> list[int]:
    day = brussels_date(now)
    return list(
        session.scalars(
            select(Mandate.user_id)
            .join(Agreement, Agreement.network_id == Mandate.network_id)
            .join(User, User.id == Mandate.user_id)
            .join(
                network_municipality,
                (network_municipality.c.network_id == Agreement.network_id)
                & (network_municipality.c.municipality_id == Agreement.municipality_id),
            )
            .where(
                Agreement.municipality_id == municipality_id,
                Agreement.moderation,
                Mandate.role == MandateRole.NETWORK,
                valid_on(Agreement, day),
                valid_on(Mandate, day),
                User.suspended_at.is_(None),
            )
            .order_by(Mandate.user_id)
        )
    )


def _platform(session: Session, now: datetime) -> list[Recipient]:
    return _holders(session, now, "platformbeheerder", Mandate.role == MandateRole.PLATFORM)


def _of_organisation(session: Session, organisation: Organisation | None, now: datetime) -> list[Recipient]:
    """Its organisers; of a town's own, who moderates there too (rule 1)."""
    if organisation is None:
        return []
    found = _holders(session, now, "organisator", Mandate.organisation_id == organisation.id)
    if organisation.kind is OrganisationKind.TOWN:
        known = {recipient.user_id for recipient in found}
        moderators = moderators_of(session, organisation.municipality_id, now)
        found += [recipient for recipient in moderators if recipient.user_id not in known]
    return found


def _holders(session: Session, now: datetime, capacity: str, *conditions: object) -> list[Recipient]:
    rows = session.scalars(
        select(Mandate.user_id)
        .join(User, User.id == Mandate.user_id)
        .where(*conditions, valid_on(Mandate, brussels_date(now)), User.suspended_at.is_(None))  # type: ignore[arg-type]
        .order_by(Mandate.user_id)
    )
    return [Recipient(user_id, capacity) for user_id in dict.fromkeys(rows)]
