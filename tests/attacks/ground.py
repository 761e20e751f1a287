"""What there is to attack: rows of every kind in Brugge, each with words of its own, and who goes for them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from app.domain.activity import State, Verb
from app.models import Base, MailState, Organisation, User
from tests.factories import (
    NOW,
    ChangeFactory,
    ContactChannelFactory,
    DecisionFactory,
    IntakeRuleFactory,
    InvitationFactory,
    MailFactory,
    MandateFactory,
    OrganisationFactory,
    ReportFactory,
    SyncItemFactory,
    UserFactory,
    absence,
    agreement,
    backup,
    local_admin,
    network,
    network_member,
    organiser,
    own_entry,
    platform,
    town,
    town_organisation,
    uit_event,
)

MARK = "Geheim"


def words(kind: str) -> str:
    """The words of a row of this kind: they stand on no page but where the row itself is shown."""
    return f"{MARK}-{kind}-brugge"


@dataclass
class Ground:
    """Brugge with its rows, and the people around it. `make` adds one more row of a kind."""

    people: dict[str, User]
    clubs: dict[str, Organisation]
    rows: dict[str, Any] = field(default_factory=dict)
    made: int = 0

    def make(self, kind: str) -> Any:
        """One row of this kind: the first bears its words alone, another a number too."""
        self.made += 1
        return KINDS[kind](self, f"{words(kind)} {self.made}" if kind in self.rows else words(kind))


def entry(state: State, **more: Any) -> Callable[[Ground, str], Base]:
    def made(ground: Ground, title: str) -> Base:
        said = {"title": title, "description": "Zo was het.", "postal_code": "8000"}
        row = own_entry(ground.clubs["brugge"], state=state, **said, **more)
        ContactChannelFactory(activity=row)
        return row

    return made


def event(state: State) -> Callable[[Ground, str], Base]:
    public = {"public_from": NOW - timedelta(days=1)} if state is State.PUBLISHED else {}
    return lambda ground, title: uit_event(
        town("Brugge"), title=title, state=state, internal_note=words("note"), **public
    )


def decided(ground: Ground, title: str) -> Base:
    """An event that the administrator of Brugge approved a minute ago, and may still take back."""
    row = event(State.PUBLISHED)(ground, title)
    by, at = ground.people["brugge"], NOW - timedelta(minutes=1)
    DecisionFactory(activity=row, verb=Verb.APPROVE, decided_by=by, decided_at=at)
    return row


def colleague(ground: Ground, name: str) -> Base:
    return MandateFactory(user=UserFactory(name=name), role="backup", municipality=town("Brugge"))


def away(ground: Ground, name: str) -> Base:
    someone = local_admin(town("Brugge"), user=UserFactory(name=name))
    return absence(someone, town("Brugge"), None, reason="ziek")


def change(ground: Ground, title: str) -> Base:
    """A line of history of an entry of Brugge: what stood there before is nobody else's business."""
    row = entry(State.PUBLISHED)(ground, "Babbelen")
    of = {"municipality_id": row.municipality_id, "organisation_id": row.organisation_id}
    said = {"before": {"title": title}, "after": {"title": "Babbelen"}}
    return ChangeFactory(record_id=row.id, user_id=ground.people["brugge"].id, **of, **said)


def report(ground: Ground, remark: str) -> Base:
    return ReportFactory(activity=entry(State.PUBLISHED)(ground, "Babbelen"), remark=remark)


def invitation(ground: Ground, name: str) -> Base:
    return InvitationFactory(name=name, municipality=town("Brugge"), invited_by=ground.people["brugge"])


KINDS: dict[str, Callable[[Ground, str], Any]] = {
    "draft": entry(State.DRAFT),
    "published": entry(State.PUBLISHED),
    "seen": entry(State.PUBLISHED, seen_at=NOW - timedelta(hours=1)),
    "withdrawn": entry(State.WITHDRAWN),
    "pending": event(State.PENDING),
    "rejected": event(State.REJECTED),
    "approved": event(State.PUBLISHED),
    "decided": decided,
    "organisation": lambda ground, name: OrganisationFactory(name=name, municipality=town("Brugge")),
    "rule": lambda ground, value: IntakeRuleFactory(municipality=town("Brugge"), value=value),
    "mandate": colleague,
    "absence": away,
    "change": change,
    "report": report,
    "invitation": invitation,
    "mail": lambda ground, error: MailFactory(user=ground.people["brugge"], state=MailState.FAILED, error=error),
    "item": lambda ground, said: SyncItemFactory(reason=said),
}

# What each of them may see of Brugge, written by hand from the matrix; whoever is not here sees all but the system.
PUBLISHED = frozenset({"published", "seen", "approved", "decided", "organisation"})
SYSTEM = frozenset({"mail", "item"})
ALL = frozenset(KINDS) | {"note"}
MAY_SEE: dict[str, frozenset[str]] = {
    "suspended": frozenset(),
    "mandate ended": frozenset(),
    "aalst": frozenset(),
    "organiser of B": frozenset(),
    "nobody": frozenset(),
    "backup, nobody away": ALL - SYSTEM - {"draft", "invitation"},
    "network": PUBLISHED,
    "platform": ALL,
}
ATTACKERS = tuple(MAY_SEE)


def lay() -> Ground:
    """The rightful ones are `brugge`, `organiser of A` and `platform`; the others have no business there."""
    brugge, aalst, damme = town("Brugge"), town("Aalst"), town("Damme")
    region = network("Regio Brugge")
    clubs = {
        "brugge": OrganisationFactory(name=words("organisation"), municipality=brugge),
        "B": OrganisationFactory(name="Buurthuis B", municipality=brugge),
        "aalst": OrganisationFactory(name="Club van Aalst", municipality=aalst),
        "town of aalst": town_organisation(aalst),
    }
    people = {
        "brugge": local_admin(brugge),
        "organiser of A": organiser(clubs["brugge"]),
        "aalst": local_admin(aalst),
        "organiser of B": organiser(clubs["B"]),
        "suspended": local_admin(brugge, user=UserFactory(suspended_at=NOW - timedelta(minutes=1))),
        "mandate ended": local_admin(brugge, ended_at=NOW - timedelta(minutes=1)),
        "nobody": UserFactory(),
        "backup, nobody away": backup(brugge),
        "network": network_member(region),
        "platform": platform(),
    }
    agreement(damme, region, moderation=True, dashboard=True)  # a moderator there, and nothing in Brugge any more
    agreement(brugge, region, moderation=True, dashboard=True, ended_at=NOW - timedelta(minutes=1))
    ground = Ground(people, clubs)
    ground.rows = {kind: ground.make(kind) for kind in KINDS if kind != "organisation"}
    ground.rows["organisation"] = clubs["brugge"]
    ground.rows["own entry of aalst"] = own_entry(clubs["aalst"], title="Van Aalst")
    ground.rows["draft of the town of aalst"] = own_entry(clubs["town of aalst"], title="Stad", state=State.DRAFT)
    ground.rows["own entry of B"] = own_entry(clubs["B"], title="Van B")
    return ground
