"""What of the demo there is to look at: an address, an id or a one-time link of each kind."""

from datetime import timedelta
from typing import Any

from flask import url_for
from sqlalchemy import Select, select

from app.domain.activity import Origin, State
from app.domain.clock import now_utc
from app.models import (
    Activity,
    Invitation,
    MandateRole,
    Municipality,
    Organisation,
    PasswordReset,
    SyncRun,
    User,
    db,
)
from app.services import invitations, one_time
from tests.factories import IntakeRuleFactory

GENT, BIB, NOOR = "Gent", "Bibliotheek Gent-Demo", "gent@doemee.example"


def places() -> dict[str, object]:
    """Everything by name, for the `{...}` of an address."""
    db.session.info["unrecorded"] = True  # setting the scene is no history
    gent = db.session.scalars(select(Municipality).where(Municipality.name == GENT)).one()
    bib = db.session.scalars(select(Organisation).where(Organisation.name == BIB)).one()
    own = select(Activity).where(Activity.origin == Origin.OWN, Activity.organisation_id == bib.id)
    waiting = select(Activity).where(Activity.municipality_id == gent.id, Activity.state == State.PENDING)
    entry = first(own.where(Activity.state == State.PUBLISHED))
    found = links(gent) | {
        "activity": url_for("public.activity_without_slug", id=entry.id),
        "entry": entry.id,
        "draft": first(own.where(Activity.state == State.DRAFT)).id,
        "waiting": first(waiting).id,
        "organisation": bib.id,
        "rule": IntakeRuleFactory(municipality=gent).id,
        "run": db.session.scalars(select(SyncRun.id).limit(1)).one(),
    }
    db.session.commit()
    return found


def first(query: Select[Any]) -> Activity:
    return db.session.scalars(query.order_by(Activity.id).limit(1)).one()


def links(gent: Municipality) -> dict[str, object]:
    """One-time links, as mails would carry them: a first visit, a forgotten password, invitations."""
    now = now_utc()
    noor = db.session.scalars(select(User).where(User.email == NOOR)).one()
    reset = PasswordReset(user_id=noor.id, created_at=now, ends_at=now + timedelta(hours=1))
    new, known = (asked(email, gent, noor) for email in ("nieuw@doemee.example", "deinze@doemee.example"))
    db.session.add_all([reset, new, known])
    return {
        "first": one_time.first_link(db.session, noor, now),
        "reset": one_time.issue(db.session, reset),
        "invited": invitations.issue(db.session, new),
        "invited_known": invitations.issue(db.session, known),
    }


def asked(email: str, gent: Municipality, by: User) -> Invitation:
    now = now_utc()
    return Invitation(
        email=email,
        name="Nieuwe collega",
        role=MandateRole.BACKUP,
        municipality_id=gent.id,
        invited_by_id=by.id,
        created_at=now,
        ends_at=now + timedelta(hours=72),
    )
