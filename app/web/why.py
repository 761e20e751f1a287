"""Waarom? What a refusal rests on: what you are here today, what you were lately, and who may."""

from flask_babel import gettext as _

from app.domain import wording
from app.domain.actor import ROLE_WORDS, Actor
from app.domain.clock import now_utc
from app.domain.errors import NotAllowed
from app.models import db
from app.services import access
from app.web.sign_in import actor

Facts = list[tuple[str, str]]


def facts(error: NotAllowed) -> Facts:
    """Pairs of a label and a sentence, for who is signed in; nothing for a stranger."""
    who = actor()
    if who.user_id is None:
        return []
    told = [(_("Jij"), what_you_are(who)), *((_("Tot voor kort"), words) for words in what_you_were(who))]
    for role in dict.fromkeys(role for role, _sentence in error.rules):
        sentences = dict.fromkeys(_(sentence) for name, sentence in error.rules if name == role)
        told.append((_("Wel voor: %(role)s", role=_(role)), " ".join(sentences)))
    return told


def what_you_are(who: Actor) -> str:
    roles = [_(ROLE_WORDS[role]) for role in ROLE_WORDS if role in who.roles]
    if not roles:
        return _("Je hebt vandaag nergens een rol.")
    return _("Vandaag ben je %(roles)s.", roles=", ".join(roles))


def what_you_were(who: Actor) -> list[str]:
    """The absences in which you stood in and that are over: a page may have been open since."""
    now = now_utc()
    return [
        _(
            "Je verving %(name)s in %(town)s, tot en met %(day)s.",
            name=absence.user.name,
            town=absence.municipality.name,
            day=wording.day(absence.until, now),
        )
        for absence in access.stood_in_lately(db.session, who.user_id or 0, now)
    ]
