"""Invitations: who appoints asks somebody by mail; who accepts within 72 hours holds the mandate from that day on."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.clock import brussels_date
from app.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from app.domain.passwords import refuse_weak
from app.domain.policy import Action, Resource, may, require
from app.models import Invitation, Mail, MailKind, MailState, Mandate, MandateRole, User
from app.services import accounts, history
from app.services.access import actor_of, valid_on
from app.services.one_time import issue_token
from app.services.sessions import hashed

LASTS = timedelta(hours=72)
GONE = "Deze uitnodiging werkt niet meer: ze is aangenomen, ingetrokken of ouder dan drie dagen. Vraag een nieuwe."


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody is asked to be: a role, on the ground that fits it (none for the platform)."""

    role: MandateRole
    municipality_id: int | None = None
    network_id: int | None = None
    organisation_id: int | None = None


def invite(
    session: Session,
    actor: Actor,
    now: datetime,
    email: str,
    name: str,
    asked: Asked,
    domain: str,
    form_token: str | None = None,
) -> Invitation:
    """Ask somebody to take up a mandate; the mail leaves with the next run. The same form sent twice asks once.

    Raises NotAllowed for ground that is not the actor's, Invalid when somebody has or was asked for the role already.
    """
    if form_token and (sent := session.scalar(select(Invitation).where(Invitation.form_token == form_token))):
        if sent.invited_by_id != actor.user_id:
            raise NotAllowed("Dit formulier is niet van jou.")
        return sent
    invitation = Invitation(
        email=accounts.normal_email(email),
        name=accounts.normal_name(name),
        role=asked.role,
        municipality_id=asked.municipality_id,
        network_id=asked.network_id,
        organisation_id=asked.organisation_id,
        invited_by_id=actor.user_id,
        form_token=form_token,
        created_at=now,
        ends_at=now + LASTS,
    )
    require(actor, Action.CREATE, Resource.INVITATION, invitation)
    if _holds(session, invitation, now):
        raise Invalid("%(email)s heeft deze rol al.", field="email", email=invitation.email)
    if _asked_before(session, invitation, now):
        raise Invalid(
            "%(email)s is al uitgenodigd. Stuur die uitnodiging opnieuw, of trek ze eerst in.",
            field="email",
            email=invitation.email,
        )
    session.add(invitation)
    history.record(session, actor, now, invitation, "invite")
    _mail(session, now, invitation, domain)
    return invitation


def send_again(session: Session, actor: Actor, now: datetime, invitation: Invitation, domain: str) -> None:
    """Another mail with another link, good for 72 hours from now; the earlier link stops. A mail that still waits
    to leave is that mail already."""
    require(actor, Action.CREATE, Resource.INVITATION, invitation)
    _hold(session, invitation)
    if not is_open(invitation):
        raise Conflict("Deze uitnodiging is al aangenomen of ingetrokken.")
    before = history.snapshot(invitation)
    # Who sends it again asks: it is worth what they may give.
    invitation.ends_at, invitation.invited_by_id = now + LASTS, actor.user_id
    waiting = select(Mail.id).where(Mail.invitation_id == invitation.id, Mail.state == MailState.WAITING)
    if session.scalar(waiting.limit(1)) is None:
        invitation.token_hash = None
        _mail(session, now, invitation, domain)
    history.record(session, actor, now, invitation, "invite", before)


def withdraw(session: Session, actor: Actor, now: datetime, invitation: Invitation) -> None:
    """Its link stops at once."""
    require(actor, Action.END, Resource.INVITATION, invitation)
    _hold(session, invitation)
    if not is_open(invitation):
        raise Conflict("Deze uitnodiging is al aangenomen of ingetrokken.")
    before = history.snapshot(invitation)
    invitation.withdrawn_at = now
    history.record(session, actor, now, invitation, "withdraw_invitation", before)


def _hold(session: Session, invitation: Invitation) -> None:
    """Two clicks at once, one after the other: the second reads what the first wrote."""
    session.execute(select(Invitation.id).where(Invitation.id == invitation.id).with_for_update())
    session.refresh(invitation, ["accepted_at", "withdrawn_at", "ends_at", "token_hash", "invited_by_id"])


def is_open(invitation: Invitation) -> bool:
    """Not answered and not taken back; it may be too old all the same."""
    return invitation.accepted_at is None and invitation.withdrawn_at is None


def count_open(session: Session, readable: ColumnElement[bool], now: datetime) -> int:
    """How many of the `readable` ones may still be answered."""
    waiting = (Invitation.accepted_at.is_(None), Invitation.withdrawn_at.is_(None), Invitation.ends_at > now)
    return session.scalar(select(func.count(Invitation.id)).where(readable, *waiting)) or 0


def issue(session: Session, invitation: Invitation) -> str:
    """The token that goes in the mail's link."""
    token, invitation.token_hash = issue_token()
    session.flush()
    return token


def of_token(session: Session, token: str, now: datetime) -> Invitation:
    """Raises NotFound for one that was accepted, withdrawn, altered, is too old, or whose sender may no longer ask."""
    found = session.scalar(
        select(Invitation).where(
            Invitation.token_hash == hashed(token),
            Invitation.accepted_at.is_(None),
            Invitation.withdrawn_at.is_(None),
            Invitation.ends_at > now,
        )
    )
    if found is None or not still_meant(session, found, now):
        raise NotFound(GONE)
    return found


def still_meant(session: Session, invitation: Invitation, now: datetime) -> bool:
    """Whether who sent it may still give this role: an invitation outlives no mandate."""
    if invitation.invited_by_id is None:
        return False
    return may(actor_of(session, invitation.invited_by_id, now), Action.CREATE, Resource.INVITATION, invitation)


def account_of(session: Session, invitation: Invitation) -> User | None:
    """The account this address has already, suspended ones included."""
    return session.scalar(select(User).where(User.email == invitation.email))


def accept_anew(session: Session, now: datetime, invitation: Invitation, name: str, password: str, domain: str) -> User:
    """Somebody without an account accepts, and has one. Raises Invalid for a weak password, beside its field."""
    user = accounts.create_user(session, invitation.email, name, now)
    ground = str(invitation.ground or "")
    refuse_weak(password, [name, invitation.email, ground])
    accounts.choose_password(session, Actor(user_id=user.id, name=user.name), now, user, password, domain)
    accept(session, now, invitation, user)
    return user


def accept(session: Session, now: datetime, invitation: Invitation, user: User) -> Mandate:
    """Take up the mandate. Raises NotAllowed for another's invitation, NotFound when it was accepted meanwhile."""
    if user.email != invitation.email:
        raise NotAllowed("Deze uitnodiging is voor iemand anders. Meld je aan met het adres waarop je ze kreeg.")
    actor, before = Actor(user_id=user.id, name=user.name), history.snapshot(invitation)
    mine = update(Invitation).where(
        Invitation.id == invitation.id,
        Invitation.accepted_at.is_(None),
        Invitation.withdrawn_at.is_(None),
        Invitation.ends_at > now,
    )
    claimed = mine.values(accepted_at=now, accepted_by_id=user.id).returning(Invitation.id)
    if session.scalar(claimed) is None:
        raise NotFound(GONE)
    session.refresh(invitation)
    history.record(session, actor, now, invitation, "accept", before)
    if (held := _holds(session, invitation, now)) is not None:
        return held
    mandate = Mandate(
        user_id=user.id,
        role=invitation.role,
        municipality_id=invitation.municipality_id,
        network_id=invitation.network_id,
        organisation_id=invitation.organisation_id,
        since=brussels_date(now),
        granted_by_id=invitation.invited_by_id,
    )
    session.add(mandate)
    history.record(session, actor, now, mandate, "take_up")
    return mandate


def _same(model: type[Invitation | Mandate], invitation: Invitation) -> list[object]:
    names = ("role", "municipality_id", "network_id", "organisation_id")
    return [getattr(model, name).is_not_distinct_from(getattr(invitation, name)) for name in names]


def _holds(session: Session, invitation: Invitation, now: datetime) -> Mandate | None:
    return session.scalar(
        select(Mandate)
        .join(User, User.id == Mandate.user_id)
        .where(User.email == invitation.email, valid_on(Mandate, brussels_date(now)), *_same(Mandate, invitation))  # type: ignore[arg-type]
        .limit(1)
    )


def _asked_before(session: Session, invitation: Invitation, now: datetime) -> bool:
    asked = select(func.count(Invitation.id)).where(
        Invitation.email == invitation.email,
        Invitation.accepted_at.is_(None),
        Invitation.withdrawn_at.is_(None),
        Invitation.ends_at > now,
        *_same(Invitation, invitation),  # type: ignore[arg-type]
    )
    return bool(session.scalar(asked))


def _mail(session: Session, now: datetime, invitation: Invitation, domain: str) -> None:
    before = session.scalar(select(func.count(Mail.id)).where(Mail.invitation_id == invitation.id)) or 0
    session.add(
        Mail(
            kind=MailKind.INVITATION,
            message_id=f"<invitation.{invitation.id}.{before + 1}@{domain}>",
            invitation=invitation,
            state=MailState.WAITING,
            not_before=now,
            created_at=now,
        )
    )
    session.flush()
