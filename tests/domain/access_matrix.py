"""Who may do what, written by hand from the access matrix (docs: RELIABILITY (c); where it is silent, DESIGN 2).

Nothing here is taken from `app.domain.policy`: the tests hold that against this, as Python and as SQL.

The people
    ORG  organiser of A                       BKd  backup of M, standing in for LO2 there today
    OG2  organiser of A and of B              NETm network staff; M agreed to moderation
    LOC  local administrator of M             NETd network staff; M agreed to the dashboard
    LO2  another local administrator of M     NET0 network staff without an agreement
    BKo  backup of M, outside any absence     SUP  platform administrator; ANON nobody
LO2 asks for nothing here: only absences name them.

The ground: M and N lie in network X, O in network Y; `-` is no municipality. Organisations A, B and C are three
associations, T is the town M itself, `-` is none.

The answers: a allowed, . denied, ? the matrix leaves it open (then only the two faces of the rule must agree).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from app.domain.policy import Action, Resource

A, R = Action, Resource
PEOPLE = ("ORG", "OG2", "LOC", "BKo", "BKd", "NETm", "NETd", "NET0", "SUP", "ANON")
ALLOWED, DENIED, OPEN = "a", ".", "?"

FIELDS: dict[Resource, tuple[str, ...]] = {
    R.ACTIVITY: ("origin", "state", "organisation", "municipality"),
    R.ORGANISATION: ("organisation", "municipality"),
    R.MANDATE: ("role", "ground"),
    R.ABSENCE: ("user", "stand_in", "taken_over", "municipality"),
    R.AGREEMENT: ("municipality", "network"),
    R.INTAKE_RULE: ("municipality",),
    R.DASHBOARD: ("municipality",),
    R.NETWORK: ("network",),
    R.CATALOGUE: ("what",),
    R.ACCOUNT: ("who",),
    R.HISTORY: ("organisation", "municipality"),
    R.INVITATION: ("role", "ground"),
    R.REPORT: ("municipality",),
    R.SYSTEM: ("what",),
}


@dataclass(frozen=True)
class Table:
    """The rows of the matrix that these actions stand on, and the answers for each object and person."""

    rows: str
    resource: Resource
    actions: tuple[Action, ...]
    text: str

    def answers(self) -> Iterator[tuple[tuple[str, ...], dict[str, str]]]:
        """Each object of the table, `N/O` written out, with an answer for each person."""
        width = len(FIELDS[self.resource])
        for line in self.text.strip().splitlines():
            words = line.split()
            assert len(words) == width + len(PEOPLE), f"{self.actions}: {line}"
            for thing in product(*(word.split("/") for word in words[:width])):
                yield thing, dict(zip(PEOPLE, words[width:], strict=True))


TABLES = (
    # --- activities ---
    #                                     ORG OG2 LOC BKo BKd NETm NETd NET0 SUP ANON
    Table("3", R.ACTIVITY, (A.READ, A.READ_HISTORY), """
        own draft A M/N/O                  a   a   .   .   .   .    .    .    a   .
        own draft B M/N/O                  .   a   .   .   .   .    .    .    a   .
        own draft C M/N/O                  .   .   .   .   .   .    .    .    a   .
        own draft T M/N/O                  .   .   a   .   a   a    .    .    a   .
    """),
    Table("2, 14", R.ACTIVITY, (A.READ,), """
        own published A M                  a   a   a   a   a   a    a    a    a   .
        own published A N                  a   a   .   .   .   a    a    a    a   .
        own published A O                  a   a   .   .   .   .    .    .    a   .
        own published B M                  .   a   a   a   a   a    a    a    a   .
        own published B N                  .   a   .   .   .   a    a    a    a   .
        own published B O                  .   a   .   .   .   .    .    .    a   .
        own published C M                  .   .   a   a   a   a    a    a    a   .
        own published C N                  .   .   .   .   .   a    a    a    a   .
        own published C O                  .   .   .   .   .   .    .    .    a   .
        own published T M                  .   .   a   a   a   a    a    a    a   .
        own published T N                  .   .   a   .   a   a    a    a    a   .
        own published T O                  .   .   a   .   a   a    .    .    a   .
        import published A M               a   a   a   a   a   a    a    a    a   .
        import published A N               a   a   .   .   .   a    a    a    a   .
        import published A O/-             a   a   .   .   .   .    .    .    a   .
        import published T M               .   .   a   a   a   a    a    a    a   .
        import published T N               .   .   a   .   a   a    a    a    a   .
        import published T O/-             .   .   a   .   a   a    .    .    a   .
        import published - M               .   .   a   a   a   a    a    a    a   .
        import published - N               .   .   .   .   .   a    a    a    a   .
        import published - O/-             .   .   .   .   .   .    .    .    a   .
    """),
    Table("2, 30, 36", R.ACTIVITY, (A.READ, A.READ_HISTORY), """
        own withdrawn A M                  a   a   a   a   a   a    .    .    a   .
        own withdrawn A N/O                a   a   .   .   .   .    .    .    a   .
        own withdrawn B M                  .   a   a   a   a   a    .    .    a   .
        own withdrawn B N/O                .   a   .   .   .   .    .    .    a   .
        own withdrawn C M                  .   .   a   a   a   a    .    .    a   .
        own withdrawn C N/O                .   .   .   .   .   .    .    .    a   .
        own withdrawn T M                  .   .   a   a   a   a    .    .    a   .
        own withdrawn T N/O                .   .   a   .   a   a    .    .    a   .
        import pending/rejected/withdrawn A M      a  a  a  a  a  a  .  .  a  .
        import pending/rejected/withdrawn A N/O/-  a  a  .  .  .  .  .  .  a  .
        import pending/rejected/withdrawn T M      .  .  a  a  a  a  .  .  a  .
        import pending/rejected/withdrawn T N/O/-  .  .  a  .  a  a  .  .  a  .
        import pending/rejected/withdrawn - M      .  .  a  a  a  a  .  .  a  .
        import pending/rejected/withdrawn - N/O/-  .  .  .  .  .  .  .  .  a  .
    """),
    Table("30", R.ACTIVITY, (A.READ_HISTORY,), """
        own/import published A M           a   a   a   a   a   a    .    .    a   .
        own/import published A N/O         a   a   .   .   .   .    .    .    a   .
        own published B M                  .   a   a   a   a   a    .    .    a   .
        own published B N/O                .   a   .   .   .   .    .    .    a   .
        own published C M                  .   .   a   a   a   a    .    .    a   .
        own published C N/O                .   .   .   .   .   .    .    .    a   .
        own/import published T M           .   .   a   a   a   a    .    .    a   .
        own/import published T N/O         .   .   a   .   a   a    .    .    a   .
        import published - M               .   .   a   a   a   a    .    .    a   .
        import published - N/O/-           .   .   .   .   .   .    .    .    a   .
    """),
    #                                     ORG OG2 LOC BKo BKd NETm NETd NET0 SUP ANON
    Table("4", R.ACTIVITY, (A.CREATE,), """
        own draft/published A M/N/O        a   a   .   .   .   .    .    .    .   .
        own draft/published B M/N/O        .   a   .   .   .   .    .    .    .   .
        own draft/published C M/N/O        .   .   .   .   .   .    .    .    .   .
        own draft/published T M/N/O        .   .   a   .   a   a    .    .    .   .
        import pending/published A/T/- M/N/O/-  .  .  .  .  .  .  .  .  .  .
    """),
    Table("5, 9, 31", R.ACTIVITY, (A.EDIT, A.WITHDRAW, A.PUT_BACK), """
        own published A M                  a   a   a   .   a   a    .    .    a   .
        own published A N/O                a   a   .   .   .   .    .    .    a   .
        own published B M                  .   a   a   .   a   a    .    .    a   .
        own published B N/O                .   a   .   .   .   .    .    .    a   .
        own published C M                  .   .   a   .   a   a    .    .    a   .
        own published C N/O                .   .   .   .   .   .    .    .    a   .
        own published T M/N/O              .   .   a   .   a   a    .    .    a   .
    """),
    Table("9, 31", R.ACTIVITY, (A.REOPEN, A.PUT_BACK), """
        own withdrawn A M                  a   a   a   .   a   a    .    .    a   .
        own withdrawn A N/O                a   a   .   .   .   .    .    .    a   .
        own withdrawn B M                  .   a   a   .   a   a    .    .    a   .
        own withdrawn B N/O                .   a   .   .   .   .    .    .    a   .
        own withdrawn C M                  .   .   a   .   a   a    .    .    a   .
        own withdrawn C N/O                .   .   .   .   .   .    .    .    a   .
        own withdrawn T M/N/O              .   .   a   .   a   a    .    .    a   .
    """),
    Table("3, 5", R.ACTIVITY, (A.EDIT,), """
        own draft/withdrawn A M/N/O        a   a   .   .   .   .    .    .    .   .
        own draft/withdrawn B M/N/O        .   a   .   .   .   .    .    .    .   .
        own draft/withdrawn C M/N/O        .   .   .   .   .   .    .    .    .   .
        own draft/withdrawn T M/N/O        .   .   a   .   a   a    .    .    .   .
    """),
    Table("6", R.ACTIVITY, (A.EDIT, A.PUT_BACK, A.DELETE), """
        import pending/published/rejected/withdrawn A/T/- M/N/O/-  .  .  .  .  .  .  .  .  .  .
    """),
    Table("10", R.ACTIVITY, (A.DELETE,), """
        own draft A M/N/O                  a   a   .   .   .   .    .    .    a   .
        own draft B M/N/O                  .   a   .   .   .   .    .    .    a   .
        own draft C M/N/O                  .   .   .   .   .   .    .    .    a   .
        own draft T M/N/O                  .   .   a   .   a   a    .    .    a   .
        own published/withdrawn A/B/C/T M/N/O  .  .  .  .  .  .  .  .  .  .
    """),
    #                                     ORG OG2 LOC BKo BKd NETm NETd NET0 SUP ANON
    Table("8", R.ACTIVITY, (A.MARK_SEEN,), """
        own published A/B/C/T M            .   .   a   .   a   a    .    .    .   .
        own published A/B/C/T N/O          .   .   .   .   .   .    .    .    .   .
        own draft A/B/C/T M/N/O            .   .   .   .   .   .    .    .    .   .
        import pending/published A/T/- M/N/O/-  .  .  .  .  .  .  .  .  .  .
    """),
    # The list of what is new is a queue too (DESIGN rule 5); the platform gets the alert of a town without anybody
    # (row 37), and its mail leads there.
    Table("11", R.ACTIVITY, (A.READ_FRESH,), """
        own published A/B/C/T M            .   .   a   a   a   a    .    .    a   .
        own published A/B/C/T N/O          .   .   .   .   .   .    .    .    a   .
        own draft A/B/C/T M/N/O            .   .   .   .   .   .    .    .    .   .
        import pending/published A/T/- M/N/O/-  .  .  .  .  .  .  .  .  .  .
    """),
    Table("11", R.ACTIVITY, (A.READ_QUEUE,), """
        import pending A/T/- M             .   .   a   a   a   a    .    .    a   .
        import pending A/T/- N/O/-         .   .   .   .   .   .    .    .    a   .
        own draft/published/withdrawn A/B/C/T M/N/O  .  .  .  .  .  .  .  .  .  .
    """),
    Table("7, 12", R.ACTIVITY, (A.DECIDE, A.ENRICH), """
        import pending/published/rejected/withdrawn A/T/- M      .  .  a  .  a  a  .  .  .  .
        import pending/published/rejected/withdrawn A/T/- N/O/-  .  .  .  .  .  .  .  .  .  .
        own draft/published/withdrawn A/B/C/T M/N/O              .  .  .  .  .  .  .  .  .  .
    """),
    Table("12", R.ACTIVITY, (A.WITHDRAW,), """
        import pending/published A/T/- M         .   .   a   .   a   a    .    .    .   .
        import pending/published A/T/- N/O/-     .   .   .   .   .   .    .    .    .   .
    """),
    Table("12", R.ACTIVITY, (A.REOPEN,), """
        import rejected/withdrawn A/T/- M        .   .   a   .   a   a    .    .    .   .
        import rejected/withdrawn A/T/- N/O/-    .   .   .   .   .   .    .    .    .   .
    """),
    # --- insight ---
    #             ORG OG2 LOC BKo BKd NETm NETd NET0 SUP ANON
    Table("15", R.DASHBOARD, (A.READ,), """
        M          .   .   a   .   a   .    a    .    a   .
        N/O        .   .   .   .   .   .    .    .    a   .
    """),
    Table("16", R.NETWORK, (A.READ,), """
        X          .   .   .   .   .   a    a    a    a   .
        Y          .   .   .   .   .   .    .    .    a   .
    """),
    # --- absences: who is away, who stands in, whether that was a take-over, where ---
    #                        ORG OG2 LOC BKo BKd NETm NETd NET0 SUP ANON
    Table("17", R.ABSENCE, (A.PLAN,), """
        LOC BKo no M          .   .   a   .   .   .    .    .    a   .
        BKo BKd no M          .   .   .   a   .   .    .    .    a   .
        BKd BKo no M          .   .   .   .   a   .    .    .    a   .
        LO2 BKd no M          .   .   .   .   .   .    .    .    a   .
        LOC/BKo/BKd/LO2 - no N  .  .  .   .   .   .    .    .    a   .
    """),
    Table("18", R.ABSENCE, (A.REGISTER,), """
        LO2/BKo BKd no M      .   .   a   .   .   .    .    .    a   .
        BKd BKo no M          .   .   a   .   .   .    .    .    a   .
        LOC/BKo/BKd/LO2 - no N  .  .  .   .   .   .    .    .    a   .
    """),
    # Row 18 lets only a backup outside an absence take over; DESIGN rule 9 any backup, so also one who stands in
    # for somebody else. Others than backups register an absence.
    Table("18", R.ABSENCE, (A.TAKE_OVER,), """
        LO2 BKo yes M         .   .   .   a   .   .    .    .    ?   .
        LO2 BKd yes M         .   .   .   .   a   .    .    .    ?   .
        LO2 BKo/BKd no M      .   .   .   .   .   .    .    .    ?   .
        LO2 BKo/BKd yes N     .   .   .   .   .   .    .    .    ?   .
    """),
    Table("19", R.ABSENCE, (A.END,), """
        LOC BKo no M          .   .   a   .   .   .    .    .    a   .
        LO2 BKd no M          .   .   a   .   .   .    .    .    a   .
        BKo BKd no M          .   .   a   a   .   .    .    .    a   .
        BKd BKo no M          .   .   a   .   a   .    .    .    a   .
        LO2 BKo yes M         .   .   a   a   .   .    .    .    a   .
        LO2 BKd yes M         .   .   a   .   a   .    .    .    a   .
        BKo BKd yes M         .   .   a   a   a   .    .    .    a   .
        LOC/BKo/BKd/LO2 - no N  .  .  .   .   .   .    .    .    a   .
        LO2 BKo/BKd yes N     .   .   .   .   .   .    .    .    a   .
    """),
    Table("22", R.ABSENCE, (A.READ,), """
        LO2 BKo/BKd no/yes M  .   .   a   a   a   a    .    .    a   .
        LO2 BKo/BKd no/yes N  .   .   .   .   .   .    .    .    a   .
    """),
    # --- agreements ---
    #             ORG OG2 LOC BKo BKd NETm NETd NET0 SUP ANON
    Table("20", R.AGREEMENT, (A.CREATE, A.EDIT, A.END), """
        M X        .   .   a   .   .   .    .    .    a   .
        N X        .   .   .   .   .   .    .    .    a   .
        O X/Y      .   .   .   .   .   .    .    .    a   .
    """),
    Table("20", R.AGREEMENT, (A.ASK,), """
        M/N X      .   .   .   .   .   a    a    a    ?   .
        O X/Y      .   .   .   .   .   .    .    .    ?   .
    """),
    Table("22", R.AGREEMENT, (A.READ,), """
        M X        .   .   a   a   a   a    ?    ?    a   .
        O Y        .   .   .   .   .   .    .    .    a   .
    """),
    # --- people and organisations ---
    #                           ORG OG2 LOC BKo BKd NETm NETd NET0 SUP ANON
    Table("21, 22", R.MANDATE, (A.READ,), """
        local/backup M           .   .   a   a   a   a    .    .    a   .
        local/backup N/O         .   .   .   .   .   .    .    .    a   .
        organiser A              a   a   .   .   .   .    .    .    a   .
        organiser B              .   a   .   .   .   .    .    .    a   .
        organiser C              .   .   .   .   .   .    .    .    a   .
        platform -               .   .   .   .   .   .    .    .    a   .
    """),
    Table("21, 23", R.MANDATE, (A.CREATE, A.END), """
        local/backup M           .   .   a   .   .   .    .    .    a   .
        local/backup N/O         .   .   .   .   .   .    .    .    a   .
        organiser A              a   a   .   .   .   .    .    .    a   .
        organiser B              .   a   .   .   .   .    .    .    a   .
        organiser C              .   .   .   .   .   .    .    .    a   .
        network X/Y              .   .   .   .   .   .    .    .    a   .
        platform -               .   .   .   .   .   .    .    .    a   .
    """),
    Table("23", R.ORGANISATION, (A.EDIT,), """
        A M                      a   a   .   .   .   .    .    .    a   .
        B N                      .   a   .   .   .   .    .    .    a   .
        C O                      .   .   .   .   .   .    .    .    a   .
    """),
    Table("24", R.ORGANISATION, (A.BLOCK,), """
        A M                      .   .   a   .   a   a    .    .    a   .
        B N                      .   .   .   .   .   .    .    .    a   .
        C O                      .   .   .   .   .   .    .    .    a   .
    """),
    # --- what comes in ---
    Table("32", R.INTAKE_RULE, (A.READ,), """
        M                        .   .   a   a   a   a    .    .    a   .
        N/O                      .   .   .   .   .   .    .    .    a   .
        -                        .   .   ?   ?   ?   ?    .    .    a   .
    """),
    Table("32", R.INTAKE_RULE, (A.CREATE, A.EDIT, A.DELETE), """
        M                        .   .   a   .   a   a    .    .    .   .
        N/O/-                    .   .   .   .   .   .    .    .    .   .
    """),
    # --- the platform ---
    Table("25", R.ACCOUNT, (A.SUSPEND,), "-      .   .   .   .   .   .    .    .    a   ."),
    Table("27", R.ACCOUNT, (A.EDIT,), """
        ORG                      a   .   .   .   .   .    .    .    .   .
        LOC                      .   .   a   .   .   .    .    .    .   .
        BKo                      .   .   .   a   .   .    .    .    .   .
        NET0                     .   .   .   .   .   .    .    a    .   .
        SUP                      .   .   .   .   .   .    .    .    a   .
        -                        .   .   .   .   .   .    .    .    .   .
    """),
    Table("30", R.HISTORY, (A.READ,), """
        A M                      a   a   a   a   a   a    .    .    a   .
        A N                      a   a   .   .   .   .    .    .    a   .
        B M                      .   a   a   a   a   a    .    .    a   .
        B N                      .   a   .   .   .   .    .    .    a   .
        - M                      .   .   a   a   a   a    .    .    a   .
        - N/O/-                  .   .   .   .   .   .    .    .    a   .
    """),
    Table("11 of DESIGN 2", R.REPORT, (A.READ,), """
        M                        .   .   a   a   a   a    .    .    a   .
        N/O/-                    .   .   .   .   .   .    .    .    a   .
    """),
    Table("11 of DESIGN 2", R.REPORT, (A.END,), """
        M                        .   .   a   .   a   a    .    .    a   .
        N/O/-                    .   .   .   .   .   .    .    .    a   .
    """),
    Table("21, 23", R.INVITATION, (A.READ, A.CREATE, A.END), """
        local/backup M           .   .   a   .   .   .    .    .    a   .
        local/backup N           .   .   .   .   .   .    .    .    a   .
        organiser A              a   a   .   .   .   .    .    .    a   .
        organiser B              .   a   .   .   .   .    .    .    a   .
        organiser C              .   .   .   .   .   .    .    .    a   .
        network X                .   .   .   .   .   .    .    .    a   .
        platform -               .   .   .   .   .   .    .    .    a   .
    """),
    Table("33", R.SYSTEM, (A.READ, A.EDIT), "any  .   .   .   .   .   .    .    .    a   ."),
    Table("35", R.CATALOGUE, (A.PROPOSE,), "any   a   a   a   a   a   a    a    a    ?   ."),
    Table("35", R.CATALOGUE, (A.CREATE, A.EDIT), "any  .  .   .   .   .   .    .    .    a   ."),
)  # fmt: skip


def expected(resource: Resource) -> dict[Action, dict[tuple[str, ...], dict[str, str]]]:
    """Per action the answers for each object and person; an object stands in at most one row of an action."""
    found: dict[Action, dict[tuple[str, ...], dict[str, str]]] = {}
    for table in TABLES:
        if table.resource is not resource:
            continue
        for action in table.actions:
            for thing, answers in table.answers():
                assert thing not in found.setdefault(action, {}), f"twice: {action} {' '.join(thing)}"
                found[action][thing] = answers
    return found


def things(resource: Resource) -> list[tuple[str, ...]]:
    """Every object that some row speaks of."""
    return sorted({thing for answers in expected(resource).values() for thing in answers})
