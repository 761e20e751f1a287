"""Organisations: what their organisers and the platform may change."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.policy import Action, Resource, require
from app.models import Organisation
from app.services import history


def said(name: str, website: str) -> dict[str, str]:
    """What a form says of an organisation, as history keeps it."""
    return {"name": name, "website": website}


def change(
    session: Session, actor: Actor, now: datetime, organisation: Organisation, *, name: str, website: str
) -> None:
    """Set name and website. Raises NotAllowed for another's organisation."""
    require(actor, Action.EDIT, Resource.ORGANISATION, organisation)
    before = history.snapshot(organisation)
    organisation.name, organisation.website = name, website
    session.flush()
    if history.snapshot(organisation) != before:
        history.record(session, actor, now, organisation, "change", before)
