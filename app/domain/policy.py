"""Who may do what: one rule per line, each with its sentence. Deny is the default; no one walks around it.

`may` judges one row, `scope` says which rows: both read the same RULES. The expected answers stand, written by
hand, in tests/domain/access_matrix.py.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any

from app.domain.activity import Origin, State
from app.domain.actor import ROLE_WORDS, Actor, Role
from app.domain.errors import NotAllowed
from app.domain.where import AnyOf, Anything, Is, Not, Where, among, both, holds, never


class Resource(StrEnum):
    ACTIVITY = "activity"
    ORGANISATION = "organisation"
    MANDATE = "mandate"
    ABSENCE = "absence"
    AGREEMENT = "agreement"
    INTAKE_RULE = "intake_rule"
    DASHBOARD = "dashboard"
    NETWORK = "network"
    CATALOGUE = "catalogue"
    ACCOUNT = "account"
    HISTORY = "history"
    INVITATION = "invitation"
    REPORT = "report"
    SYSTEM = "system"


class Action(StrEnum):
    READ = "read"
    CREATE = "create"
    EDIT = "edit"
    ENRICH = "enrich"
    MARK_SEEN = "mark_seen"
    WITHDRAW = "withdraw"
    REOPEN = "reopen"
    DELETE = "delete"
    READ_QUEUE = "read_queue"
    READ_FRESH = "read_fresh"
    DECIDE = "decide"
    READ_HISTORY = "read_history"
    PUT_BACK = "put_back"
    PLAN = "plan"
    REGISTER = "register"
    TAKE_OVER = "take_over"
    END = "end"
    ASK = "ask"
    BLOCK = "block"
    PROPOSE = "propose"
    SUSPEND = "suspend"


@dataclass(frozen=True, slots=True)
class Rule:
    """A sentence for people, and its meaning: these actions on the rows of `resource` for which `where` holds."""

    sentence: str
    role: Role
    actions: frozenset[Action]
    resource: Resource
    where: Callable[[Actor], Where]


A, R = Action, Resource
OWN_ENTRY, IMPORT = Is("origin", Origin.OWN), Is("origin", Origin.IMPORT)
PUBLISHED, DRAFT = Is("state", State.PUBLISHED), Is("state", State.DRAFT)


def everywhere(actor: Actor) -> Where:
    return Anything()


def of_own_organisation(actor: Actor) -> Where:
    return among("organisation_id", actor.organises)


def of_organisation_joined(actor: Actor) -> Where:
    return among("organisation_id", actor.member_of)


def own_entry_of_own_organisation(actor: Actor) -> Where:
    return both(OWN_ENTRY, of_own_organisation(actor))


def in_town(ground: Callable[[Actor], frozenset[int]], *more: Where) -> Callable[[Actor], Where]:
    return lambda actor: both(among("municipality_id", ground(actor)), *more)


def local(actor: Actor) -> frozenset[int]:
    return actor.local_of


def backup(actor: Actor) -> frozenset[int]:
    return actor.backup_of


def standing_in(actor: Actor) -> frozenset[int]:
    return actor.stands_in_at


def agreed(actor: Actor) -> frozenset[int]:
    return actor.network_moderates


def agreed_dashboard(actor: Actor) -> frozenset[int]:
    return actor.reads_dashboard_by_agreement


def overseen(actor: Actor) -> frozenset[int]:
    return actor.oversees


MODERATORS = ((Role.LOCAL, local), (Role.STAND_IN, standing_in), (Role.NETWORK_MODERATOR, agreed))


def rule(
    sentence: str,
    role: Role,
    actions: tuple[Action, ...],
    resource: Resource,
    where: Callable[[Actor], Where],
) -> Rule:
    return Rule(sentence, role, frozenset(actions), resource, where)


def for_moderators(
    sentence: str, actions: tuple[Action, ...], resource: Resource, *conditions: Where
) -> tuple[Rule, ...]:
    """The same rule for the three who moderate a town (DESIGN rule 11), each on their own ground."""
    return tuple(rule(sentence, role, actions, resource, in_town(ground, *conditions)) for role, ground in MODERATORS)


def for_members(sentence: str, actions: tuple[Action, ...], where: Callable[[Actor], Where]) -> tuple[Rule, ...]:
    """The same rule for whoever belongs to an organisation: its organisers, and a town's own moderators (rule 1)."""
    roles = (Role.ORGANISER, *(role for role, _ in MODERATORS))
    return tuple(rule(sentence, role, actions, R.ACTIVITY, where) for role in roles)


NOT_A_DRAFT = Not(DRAFT)

RULES: tuple[Rule, ...] = (
    # Activities: reading (matrix 2, 3, 14, 30, 36)
    *for_members("Ziet alle activiteiten van de eigen organisatie, ook ontwerpen en wat op UiT wacht.", (A.READ, A.READ_HISTORY), of_own_organisation),
    *for_moderators("Ziet de activiteiten van de gemeente, behalve ontwerpen van anderen.", (A.READ, A.READ_HISTORY), R.ACTIVITY, NOT_A_DRAFT),
    rule("Leest mee: ziet de activiteiten van de gemeente, behalve ontwerpen.", Role.BACKUP, (A.READ, A.READ_HISTORY), R.ACTIVITY, in_town(backup, NOT_A_DRAFT)),
    rule("Ziet wat gepubliceerd is in de gemeenten van het eigen netwerk.", Role.NETWORK, (A.READ,), R.ACTIVITY, in_town(overseen, PUBLISHED)),
    rule("Ziet alle activiteiten en hun geschiedenis.", Role.PLATFORM, (A.READ, A.READ_HISTORY), R.ACTIVITY, everywhere),
    # Activities: own entries (matrix 4, 5, 8, 9, 10, 31)
    *for_members("Publiceert voor de eigen organisatie, meteen.", (A.CREATE,), own_entry_of_own_organisation),
    *for_members("Wijzigt, trekt in, heropent en zet terug wat de eigen organisatie plaatste.", (A.EDIT, A.WITHDRAW, A.REOPEN, A.PUT_BACK), own_entry_of_own_organisation),
    *for_members("Verwijdert een ontwerp van de eigen organisatie.", (A.DELETE,), lambda actor: both(DRAFT, own_entry_of_own_organisation(actor))),
    *for_moderators("Verbetert wat organisaties publiceren in de gemeente.", (A.EDIT,), R.ACTIVITY, OWN_ENTRY, PUBLISHED),
    *for_moderators("Trekt in en heropent wat organisaties publiceren in de gemeente, met een reden.", (A.WITHDRAW, A.REOPEN, A.PUT_BACK), R.ACTIVITY, OWN_ENTRY, NOT_A_DRAFT),
    *for_moderators("Volgt op wat nieuw is op het grondgebied en zet het op gezien.", (A.READ_FRESH, A.MARK_SEEN), R.ACTIVITY, OWN_ENTRY, NOT_A_DRAFT),
    rule("Leest mee met wat nieuw is op het grondgebied.", Role.BACKUP, (A.READ_FRESH,), R.ACTIVITY, in_town(backup, OWN_ENTRY, NOT_A_DRAFT)),
    rule("Ziet overal wat nieuw is, en zet niets op gezien.", Role.PLATFORM, (A.READ_FRESH,), R.ACTIVITY, lambda actor: both(OWN_ENTRY, NOT_A_DRAFT)),
    rule("Verbetert wat organisaties publiceren, waar ook.", Role.PLATFORM, (A.EDIT,), R.ACTIVITY, lambda actor: both(OWN_ENTRY, PUBLISHED)),
    rule("Trekt in, heropent en zet terug wat organisaties publiceren, met een reden.", Role.PLATFORM, (A.WITHDRAW, A.REOPEN, A.PUT_BACK), R.ACTIVITY, lambda actor: both(OWN_ENTRY, NOT_A_DRAFT)),
    rule("Verwijdert een ontwerp.", Role.PLATFORM, (A.DELETE,), R.ACTIVITY, lambda actor: DRAFT),
    # Activities: imports (matrix 7, 11, 12). The platform reads the queue and decides nothing (rule 11).
    *for_moderators("Keurt goed, wijst af, heropent en trekt in wat van UiT komt in de gemeente.", (A.READ_QUEUE, A.DECIDE, A.WITHDRAW, A.REOPEN), R.ACTIVITY, IMPORT),
    *for_moderators("Vult aan wat van UiT komt: onderwerpen, doelen, niveau en een notitie.", (A.ENRICH,), R.ACTIVITY, IMPORT),
    rule("Leest mee met wat te keuren is, en beslist niets.", Role.BACKUP, (A.READ_QUEUE,), R.ACTIVITY, in_town(backup, IMPORT)),
    rule("Ziet overal wat te keuren is, en keurt zelf niets.", Role.PLATFORM, (A.READ_QUEUE,), R.ACTIVITY, lambda actor: IMPORT),
    # Organisations (matrix 23, 24)
    *for_moderators("Ziet de organisaties van de gemeente.", (A.READ,), R.ORGANISATION),
    rule("Ziet de organisaties van de gemeente.", Role.BACKUP, (A.READ,), R.ORGANISATION, in_town(backup)),
    rule("Ziet de organisaties in het eigen netwerk.", Role.NETWORK, (A.READ,), R.ORGANISATION, in_town(overseen)),
    rule("Ziet en beheert de eigen organisatie.", Role.ORGANISER, (A.READ, A.EDIT), R.ORGANISATION, lambda actor: among("id", actor.member_of)),
    rule("Ziet en beheert alle organisaties.", Role.PLATFORM, (A.READ, A.EDIT, A.CREATE, A.BLOCK), R.ORGANISATION, everywhere),
    *for_moderators("Belet een organisator om in de gemeente te publiceren.", (A.BLOCK,), R.ORGANISATION),
    # People of a town (matrix 21, 22, 23)
    *for_moderators("Ziet de ploeg van de gemeente.", (A.READ,), R.MANDATE),
    rule("Ziet de ploeg van de gemeente.", Role.BACKUP, (A.READ,), R.MANDATE, in_town(backup)),
    rule("Stelt lokale beheerders en back-ups van de gemeente aan, en beëindigt hun mandaat.", Role.LOCAL, (A.CREATE, A.END), R.MANDATE, in_town(local)),
    rule("Ziet wie bij de eigen organisatie hoort, nodigt uit en verwijdert.", Role.ORGANISER, (A.READ, A.CREATE, A.END), R.MANDATE, of_organisation_joined),
    rule("Beheert alle mandaten.", Role.PLATFORM, (A.READ, A.CREATE, A.END), R.MANDATE, everywhere),
    # Invitations: who appoints, invites (matrix 21, 23)
    rule("Nodigt collega’s en back-ups van de gemeente uit, en trekt een uitnodiging in.", Role.LOCAL, (A.READ, A.CREATE, A.END), R.INVITATION, in_town(local)),
    rule("Nodigt collega’s uit in de eigen organisatie, en trekt een uitnodiging in.", Role.ORGANISER, (A.READ, A.CREATE, A.END), R.INVITATION, of_organisation_joined),
    rule("Nodigt de eerste beheerder van een gemeente uit, en wie ook elders een rol krijgt.", Role.PLATFORM, (A.READ, A.CREATE, A.END), R.INVITATION, everywhere),
    # Absences (matrix 17, 18, 19)
    rule("Plant en beëindigt de eigen afwezigheid.", Role.LOCAL, (A.PLAN, A.END), R.ABSENCE, lambda actor: both(Is("user_id", actor.user_id), among("municipality_id", actor.local_of))),
    rule("Plant en beëindigt de eigen afwezigheid.", Role.BACKUP, (A.PLAN, A.END), R.ABSENCE, lambda actor: both(Is("user_id", actor.user_id), among("municipality_id", actor.backup_of))),
    rule("Meldt de afwezigheid van een collega en beëindigt ze.", Role.LOCAL, (A.REGISTER, A.END), R.ABSENCE, in_town(local)),
    rule("Neemt over bij plotse ziekte van een collega, hoogstens 10 werkdagen, en beëindigt dat.", Role.BACKUP, (A.TAKE_OVER, A.END), R.ABSENCE, lambda actor: both(Is("stand_in_id", actor.user_id), Is("taken_over", True), among("municipality_id", actor.backup_of))),
    *for_moderators("Ziet wie er wanneer is in de gemeente.", (A.READ,), R.ABSENCE),
    rule("Ziet wie er wanneer is in de gemeente.", Role.BACKUP, (A.READ,), R.ABSENCE, in_town(backup)),
    rule("Beheert alle afwezigheden.", Role.PLATFORM, (A.READ, A.PLAN, A.REGISTER, A.END), R.ABSENCE, everywhere),
    # Agreements (matrix 20)
    rule("Geeft, wijzigt en beëindigt een afspraak van de gemeente met een netwerk.", Role.LOCAL, (A.READ, A.CREATE, A.EDIT, A.END), R.AGREEMENT, in_town(local)),
    *(rule("Ziet de afspraken van de gemeente met netwerken.", role, (A.READ,), R.AGREEMENT, in_town(ground)) for role, ground in (*MODERATORS[1:], (Role.BACKUP, backup))),
    rule("Ziet de afspraken van het eigen netwerk.", Role.NETWORK, (A.READ,), R.AGREEMENT, lambda actor: among("network_id", actor.networks)),
    rule("Vraagt een gemeente van het netwerk om een afspraak.", Role.NETWORK, (A.ASK,), R.AGREEMENT, lambda actor: both(among("network_id", actor.networks), among("municipality_id", actor.oversees))),
    rule("Beheert alle afspraken.", Role.PLATFORM, (A.READ, A.CREATE, A.EDIT, A.END), R.AGREEMENT, everywhere),
    # History of whatever belongs to a town or an organisation (matrix 30)
    *for_moderators("Leest de geschiedenis van de gemeente.", (A.READ,), R.HISTORY),
    rule("Leest de geschiedenis van de gemeente.", Role.BACKUP, (A.READ,), R.HISTORY, in_town(backup)),
    rule("Leest de geschiedenis van de eigen organisatie.", Role.ORGANISER, (A.READ,), R.HISTORY, of_organisation_joined),
    rule("Leest de hele geschiedenis.", Role.PLATFORM, (A.READ,), R.HISTORY, everywhere),
    # What visitors report (moderating, rule 11)
    *for_moderators("Leest wat bezoekers melden over activiteiten in de gemeente, en handelt het af.", (A.READ, A.END), R.REPORT),
    rule("Leest mee met wat bezoekers melden.", Role.BACKUP, (A.READ,), R.REPORT, in_town(backup)),
    rule("Leest en handelt af wat bezoekers melden, waar ook.", Role.PLATFORM, (A.READ, A.END), R.REPORT, everywhere),
    # What comes in (matrix 32)
    *for_moderators("Bepaalt wat van UiT binnenkomt in de gemeente.", (A.READ, A.CREATE, A.EDIT, A.DELETE), R.INTAKE_RULE),
    *(rule("Ziet wat overal binnenkomt, ook zonder eigen regels.", role, (A.READ,), R.INTAKE_RULE, lambda actor: Is("municipality_id", None)) for role in (*(role for role, _ in MODERATORS), Role.BACKUP)),
    rule("Leest mee met wat van UiT binnenkomt.", Role.BACKUP, (A.READ,), R.INTAKE_RULE, in_town(backup)),
    rule("Ziet overal wat van UiT binnenkomt.", Role.PLATFORM, (A.READ,), R.INTAKE_RULE, everywhere),
    # Insight (matrix 15, 16)
    *(rule("Ziet het dashboard van de gemeente.", role, (A.READ,), R.DASHBOARD, in_town(ground)) for role, ground in ((Role.LOCAL, local), (Role.STAND_IN, standing_in), (Role.NETWORK_READER, agreed_dashboard))),
    rule("Ziet elk dashboard.", Role.PLATFORM, (A.READ,), R.DASHBOARD, everywhere),
    rule("Ziet de dekking en de totalen van het eigen netwerk.", Role.NETWORK, (A.READ,), R.NETWORK, lambda actor: among("network_id", actor.networks)),
    rule("Ziet de dekking en de totalen van elk netwerk.", Role.PLATFORM, (A.READ,), R.NETWORK, everywhere),
    # One's own account (matrix 27)
    *(rule("Wijzigt de eigen naam en het eigen wachtwoord, en meldt de eigen toestellen af.", role, (A.EDIT,), R.ACCOUNT, lambda actor: Is("id", actor.user_id)) for role in (Role.ORGANISER, Role.LOCAL, Role.BACKUP, Role.NETWORK, Role.PLATFORM)),
    # The platform's own work (matrix 25, 33, 35)
    *(rule("Stelt onderwerpen en verbeteringen voor.", role, (A.READ, A.PROPOSE), R.CATALOGUE, everywhere) for role in (Role.ORGANISER, Role.LOCAL, Role.BACKUP, Role.NETWORK)),
    rule("Beheert onderwerpen, redenen, netwerken en gemeenten.", Role.PLATFORM, (A.READ, A.CREATE, A.EDIT), R.CATALOGUE, everywhere),
    rule("Schorst een account en beëindigt sessies.", Role.PLATFORM, (A.READ, A.SUSPEND), R.ACCOUNT, everywhere),
    rule("Ziet hoe het ophalen, de mails en de taken verliepen, en stuurt een mail opnieuw.", Role.PLATFORM, (A.READ, A.EDIT), R.SYSTEM, everywhere),
)  # fmt: skip

NAMED_CHECKS = (
    ("Verplaatsen naar een andere gemeente kan enkel wie in beide gemeenten rechten heeft, of de eigen organisatie.", "app.services.entries.may_move"),
    ("De laatste lokale beheerder van een gemeente stopt enkel na een uitdrukkelijke bevestiging.", "app.services.mandates"),
    ("Een reden is verplicht bij intrekken buiten de eigen organisatie.", "app.services.entries.withdraw"),
    ("Wat van UiT komt, blijft van UiT: titel, tekst, plaats en data wijzigt niemand hier.", "app.services.moderation.enrich"),
)  # fmt: skip


def rules_for(actor: Actor, action: Action, resource: Resource) -> Iterator[Rule]:
    return (found for found in _index().get((action, resource), ()) if found.role in actor.roles)


def scope(actor: Actor, action: Action, resource: Resource) -> Where:
    """Which rows of `resource` this actor may do `action` on; none for a stranger."""
    return AnyOf(tuple(found.where(actor) for found in rules_for(actor, action, resource)))


def may(actor: Actor, action: Action, resource: Resource, row: Any = None) -> bool:
    """Whether the actor may do this on `row`; without a row, whether it may be possible on any row at all."""
    where = scope(actor, action, resource)
    return not never(where) if row is None else holds(where, row)


def require(actor: Actor, action: Action, resource: Resource, row: Any = None) -> None:
    """Raise NotAllowed, with who may, unless this is allowed."""
    if may(actor, action, resource, row):
        return
    rules = who_may(action, resource)
    if not rules:
        raise NotAllowed("Dat kan niemand.")
    who = tuple(sorted({role for role, _sentence in rules}))
    raise NotAllowed("Daarvoor heb je hier geen rechten. Dit kan wel: %(who)s.", rules=rules, who=who)


def who_may(action: Action, resource: Resource) -> tuple[tuple[str, str], ...]:
    """The rules that let somebody do this somewhere, each as a role and its sentence."""
    return tuple((ROLE_WORDS[found.role], found.sentence) for found in _index().get((action, resource), ()))


@lru_cache(maxsize=1)
def _index() -> dict[tuple[Action, Resource], tuple[Rule, ...]]:
    index: dict[tuple[Action, Resource], tuple[Rule, ...]] = {}
    for found in RULES:
        for action in found.actions:
            key = (action, found.resource)
            index[key] = (*index.get(key, ()), found)
    return index
