"""The recipes: for each door that takes a form, a form that works for who may; an attack sends the very same one.

A screen whose door has no recipe must answer every form with 403 or 404.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.admin_views import typed
from tests.attacks.ground import Ground, town
from tests.factories import PASSWORD, reason

Fields = dict[str, str]
BROKEN_IN = "Ingebroken"


@dataclass(frozen=True)
class Door:
    """A form to `endpoint` about a row of this kind. `by` may send it, and then only `changes` differ in the row;
    `also` are those of the attackers who may send it too. Without `by`, nobody may."""

    endpoint: str
    kind: str
    fields: Callable[[Ground, Any], Fields]
    by: str = ""
    changes: frozenset[str] = frozenset()
    also: frozenset[str] = frozenset()
    id_in_address: bool = False
    made: str = ""  # it makes a row of this kind instead of changing one

    @property
    def makes(self) -> bool:
        return bool(self.made)

    @property
    def removes(self) -> bool:
        return self.endpoint.endswith("delete_view")

    def __str__(self) -> str:
        return f"{self.endpoint} on {self.kind}"

    @property
    def screen(self) -> str:
        return self.endpoint.partition(".")[0]


def by_id(**more: str) -> Callable[[Ground, Any], Fields]:
    return lambda ground, row: {"id": str(row.id), **more}


def by_row_id(ground: Ground, row: Any) -> Fields:
    return {"rowid": str(row.id)}


def retyped(ground: Ground, row: Any) -> Fields:
    version = str(row.row_version)
    return typed(ground.clubs["brugge"], title=BROKEN_IN, postal_code="8000", row_version=version)


def decision(verb: str, **more: str) -> Callable[[Ground, Any], Fields]:
    def fields(ground: Ground, row: Any) -> Fields:
        why = {"reason": str(reason("double").id)} if verb == "reject" else {}
        return {"id": str(row.id), "decision": verb, "seen": row.source_record.fingerprint, **why, **more}

    return fields


def invited(asked: Callable[[Ground], str]) -> Callable[[Ground, Any], Fields]:
    who = {"name": BROKEN_IN, "email": f"{BROKEN_IN}@doemee.example"}
    return lambda ground, row: {**who, "asked": asked(ground)}


def taken_offline(ground: Ground, row: Any) -> Fields:
    return {"id": str(row.id), "reason": str(reason("wrong").id), "remark": BROKEN_IN}


PLATFORM = frozenset({"platform"})
WHAT_IS_TYPED = frozenset(
    {
        *("title", "description", "schedule_data", "first_moment", "over_at", "price", "level_id"),
        *("place_name", "street", "postal_code", "locality", "municipality_id", "seen_at", "seen_by_id"),
    }
)
STATE = frozenset({"state", "public_from", "seen_at", "seen_by_id"})
RETRIED = frozenset({"state", "not_before", "error", "attempts", "claimed_until"})
ENRICHED = frozenset({"level_id", "internal_note"})

DOORS: tuple[Door, ...] = (
    Door(
        "activity.create_view",
        "organisation",
        lambda ground, row: typed(row, title=BROKEN_IN, postal_code="8000"),
        "organiser of A",
        made="published",
    ),
    *(
        Door("activity.edit_view", kind, retyped, "organiser of A", WHAT_IS_TYPED, also, id_in_address=True)
        for kind, also in (("draft", frozenset()), ("published", PLATFORM), ("withdrawn", frozenset()))
    ),
    *(Door("activity.edit_view", kind, retyped, id_in_address=True) for kind in ("pending", "approved", "rejected")),
    Door("activity.delete_view", "draft", by_id(), "organiser of A", also=PLATFORM),
    *(Door("activity.delete_view", kind, by_id()) for kind in ("published", "pending", "withdrawn")),
    Door("activity.withdraw_view", "published", taken_offline, "brugge", STATE, PLATFORM),
    Door("activity.withdraw_view", "approved", taken_offline, "brugge", STATE),
    Door("activity.reopen_view", "withdrawn", by_id(), "organiser of A", STATE, PLATFORM),
    Door("activity.reopen_view", "rejected", by_id(), "brugge", STATE),
    Door("activity.publish_view", "draft", by_id(), "organiser of A", STATE),
    Door("activity.publish_view", "pending", by_id()),
    Door("queue.decide_view", "pending", decision("approve", note=BROKEN_IN), "brugge", STATE | ENRICHED),
    Door("queue.decide_view", "pending", decision("reject"), "brugge", STATE),
    Door("queue.decide_view", "pending", decision("enrich", note=BROKEN_IN), "brugge", ENRICHED),
    Door("queue.undo_view", "decided", by_id(), "brugge", STATE),
    Door("fresh.seen_view", "published", by_row_id, "brugge", frozenset({"seen_at", "seen_by_id"})),
    Door("fresh.unseen_view", "seen", by_row_id, "brugge", frozenset({"seen_at", "seen_by_id"})),
    Door(
        "organisation.edit_view",
        "organisation",
        lambda ground, row: {"name": BROKEN_IN, "website": "", "row_version": str(row.row_version)},
        "organiser of A",
        frozenset({"name", "website"}),
        PLATFORM,
        id_in_address=True,
    ),
    Door(
        "intake.create_view",
        "rule",
        lambda ground, row: {"municipality": str(town("Brugge").id), "match": "label", "value": BROKEN_IN},
        "brugge",
        made="rule",
    ),
    Door("intake.delete_view", "rule", by_id(), "brugge"),
    Door("report.handle_view", "report", by_row_id, "brugge", frozenset({"handled_at", "handled_by_id"}), PLATFORM),
    Door(
        "invitation.create_view",
        "organisation",
        invited(lambda ground: f"local:{town('Brugge').id}"),
        "brugge",
        made="invitation",
    ),
    Door(
        "invitation.create_view",
        "organisation",
        invited(lambda ground: f"organiser:{ground.clubs['brugge'].id}"),
        "organiser of A",
        made="invitation",
    ),
    Door("invitation.again_view", "invitation", by_id(), "brugge", frozenset({"ends_at", "token_hash"}), PLATFORM),
    Door("invitation.end_view", "invitation", by_id(), "brugge", frozenset({"withdrawn_at"}), PLATFORM),
    Door("system.retry_mail", "mail", by_id(), "platform", RETRIED, PLATFORM),
)
# These reach nobody but who sends them, whatever id comes along: see `test_an_account_is_only_ones_own`.
OWN: dict[str, Fields] = {
    "account.name_view": {"name": BROKEN_IN},
    "account.password_view": {"current_password": PASSWORD, "password": "een ander lang wachtwoord, van mij"},
    "account.elsewhere_view": {},
}


def foreign(ground: Ground) -> list[tuple[str, str, str, Fields]]:
    """Who sends what to where, about an own row, to reach Brugge by a choice in the form."""
    clubs, rows = ground.clubs, ground.rows
    brugge = str(town("Brugge").id)
    theirs, towns = rows["own entry of aalst"], rows["draft of the town of aalst"]
    of_b = rows["own entry of B"]

    def version(row: Any) -> str:
        return str(row.row_version)

    activity = "/admin/activity"
    return [
        ("aalst", "create for A", f"{activity}/new/", typed(clubs["brugge"])),
        ("organiser of B", "create for A", f"{activity}/new/", typed(clubs["brugge"])),
        ("platform", "create for A", f"{activity}/new/", typed(clubs["brugge"])),
        ("network", "create for A", f"{activity}/new/", typed(clubs["brugge"])),
        ("backup, nobody away", "create for A", f"{activity}/new/", typed(clubs["brugge"])),
        (
            "aalst",
            "move an entry to Brugge",
            f"{activity}/edit/?id={theirs.id}",
            typed(clubs["aalst"], postal_code="8000", row_version=version(theirs)),
        ),
        (
            "aalst",
            "give a draft to A",
            f"{activity}/edit/?id={towns.id}",
            typed(clubs["brugge"], row_version=version(towns)),
        ),
        (
            "organiser of B",
            "give an entry to A",
            f"{activity}/edit/?id={of_b.id}",
            typed(clubs["brugge"], row_version=version(of_b)),
        ),
        *(
            (who, "a rule for Brugge", "/admin/intake/new/", {"municipality": brugge, "match": "label", "value": "in"})
            for who in ("aalst", "network", "platform", "backup, nobody away", "organiser of B")
        ),
    ]
