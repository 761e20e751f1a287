"""The judge of what came in long ago, by whatever way: it lives on no page."""

from collections.abc import Iterator
from typing import Any

from tests.attacks.ground import KINDS
from tests.attacks.markup import faults
from tests.attacks.stage import Battle, addresses, screens


def judge_stored(battle: Battle, value: str) -> None:
    """A row of every kind bears it as its words; everybody looks at every page."""
    made = {kind: make(battle.ground, value) for kind, make in KINDS.items()}
    battle.session.commit()
    wrong = []
    for who in ("stranger", "brugge", "platform"):
        for page in pages_about(made):
            wrong += [f"{who}: {page}: {fault}" for fault in faults(battle.visitors[who].get(page, buffered=True))]

    assert not wrong


def pages_about(made: dict[str, Any]) -> Iterator[str]:
    """Every list, every page of one of these rows, and the public pages."""
    for screen in screens():
        for path in addresses(screen, "GET").values():
            yield f"{path}?when=all&kind=activity"
            yield from (f"{path}?id={row.id}&kind={row.__tablename__}" for row in made.values() if "details" in path)
    yield from (f"/admin/history/?kind=activity&id={made[kind].id}" for kind in ("published", "pending"))
    yield from (
        f"/admin/queue/?id={made['pending'].id}",
        f"/admin/system/run/?id={made['item'].run_id}",
        "/?q=zqx",
        "/",
    )
    yield from (f"/activiteiten/{made[kind].id}-x" for kind in ("published", "approved", "withdrawn"))
    yield f"/activiteiten/{made['published'].id}/meld"
