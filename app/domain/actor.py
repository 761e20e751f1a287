"""Who is acting: what somebody is at this very moment, computed once a request from what is valid now."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Role(StrEnum):
    """What a person is somewhere. A mandate gives the first five; agreements and absences make the others."""

    ORGANISER = "organiser"
    LOCAL = "local"
    BACKUP = "backup"
    NETWORK = "network"
    PLATFORM = "platform"
    STAND_IN = "stand_in"
    NETWORK_MODERATOR = "network_moderator"
    NETWORK_READER = "network_reader"


ROLE_WORDS = {
    Role.ORGANISER: "organisator",
    Role.LOCAL: "lokale beheerder",
    Role.BACKUP: "back-upbeheerder",
    Role.NETWORK: "netwerkmedewerker",
    Role.PLATFORM: "platformbeheerder",
    Role.STAND_IN: "back-upbeheerder die vervangt",
    Role.NETWORK_MODERATOR: "netwerkmedewerker met een afspraak om te keuren",
    Role.NETWORK_READER: "netwerkmedewerker met een afspraak voor het dashboard",
}


@dataclass(frozen=True, slots=True)
class StandIn:
    """An absence during which this person moderates in a colleague's place."""

    municipality_id: int
    municipality_name: str
    for_user_id: int
    for_name: str
    until: date


@dataclass(frozen=True, slots=True)
class Actor:
    """A person and the ids of what they may reach now. Nobody in particular: `Actor()`.

    Each set is the ground of one role; `moderates` and `organises` are sums of them.
    """

    user_id: int | None = None
    name: str = ""
    platform: bool = False
    local_of: frozenset[int] = frozenset()
    backup_of: frozenset[int] = frozenset()
    stands_in: tuple[StandIn, ...] = ()
    network_moderates: frozenset[int] = frozenset()
    reads_dashboard_by_agreement: frozenset[int] = frozenset()
    networks: frozenset[int] = frozenset()
    oversees: frozenset[int] = frozenset()
    member_of: frozenset[int] = frozenset()
    town_organisations: frozenset[int] = field(default=frozenset())

    @property
    def stands_in_at(self) -> frozenset[int]:
        return frozenset(absence.municipality_id for absence in self.stands_in)

    @property
    def moderates(self) -> frozenset[int]:
        """Municipalities with the moderating rights of DESIGN rule 11."""
        return self.local_of | self.stands_in_at | self.network_moderates

    @property
    def reads_along(self) -> frozenset[int]:
        """Municipalities where a backup reads and does nothing (rule 9)."""
        return self.backup_of - self.moderates

    @property
    def appoints(self) -> frozenset[int]:
        return self.local_of

    @property
    def reads_dashboard_of(self) -> frozenset[int]:
        return self.local_of | self.stands_in_at | self.reads_dashboard_by_agreement

    @property
    def organises(self) -> frozenset[int]:
        """Organisations one belongs to; who moderates a town belongs to the town's own (rule 1)."""
        return self.member_of | self.town_organisations

    @property
    def roles(self) -> frozenset[Role]:
        """The roles held somewhere, now."""
        held = {
            Role.PLATFORM: self.platform,
            Role.LOCAL: self.local_of,
            Role.BACKUP: self.backup_of,
            Role.STAND_IN: self.stands_in,
            Role.NETWORK: self.networks,
            Role.NETWORK_MODERATOR: self.network_moderates,
            Role.NETWORK_READER: self.reads_dashboard_by_agreement,
            Role.ORGANISER: self.member_of,
        }
        return frozenset(role for role, ground in held.items() if ground)

    def in_place_of(self, municipality_id: int | None) -> int | None:
        """The colleague for whom this person acts in that town; None when acting in the own right."""
        if municipality_id is None or municipality_id in self.local_of | self.network_moderates:
            return None
        return next((a.for_user_id for a in self.stands_in if a.municipality_id == municipality_id), None)
