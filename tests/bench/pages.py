"""The pages that are measured: who opens which address, how its rows are read from it, and its floor."""

import re
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine

from app.models import db
from tests.bench import floors
from tests.bench.clock import Asked, in_turns, listening
from tests.bench.floors import Floor, listed
from tests.bench.rows import COMMON, RARE
from tests.bench.stage import ANYBODY, LOCAL, NETWORK, PLATFORM, Stage

LINKS = r"/admin/activity/details/\?id=(\d+)"
QUEUED = r'<li class="queue-item[^>]*><a href="/admin/queue/\?id=(\d+)"'
CARDS = r'<h3><a href="/activiteiten/(\d+)-'
NARROW = "a.state = 'published' and a.origin = 'import' and " + floors.COMING
COMING_FOUND = f"{floors.COMING} and {floors.FOUND}"
ABOUT = "a.id in (select activity_id from activity_topic join topic t on t.id = topic_id where t.key = %(topic)s)"


@dataclass(frozen=True)
class Page:
    """`path` may name a fact; `rows` finds the ids in the answer, whose order is checked unless it is `loose`."""

    name: str
    who: str
    path: str
    rows: str
    floor: Floor
    loose: bool = False


def of_list(name: str, who: str, query: str, where: str, **how: Any) -> Page:
    return Page(name, who, f"/admin/activity/{query}", LINKS, listed(where, **how))


def of_queue(name: str, who: str, where: str) -> Page:
    floor = listed(where, floors.OLDEST, once=True, record=(*floors.PIECES, floors.LISTS))
    return Page(name, who, "/admin/queue/", QUEUED, floor)


def of_catalogue(name: str, query: str, where: str = "true", **how: Any) -> Page:
    floor = listed(f"{floors.PUBLIC} and {where}", floors.SOONEST, 24, once=True, pieces=floors.PIECES[1:2], **how)
    return Page(name, ANYBODY, f"/{query}", CARDS, floor, loose=True)


QUEUE_OF_TOWN = f"{floors.QUEUE} and {floors.OF_TOWN}"
PAGES = (
    of_list("list, local", LOCAL, "", f"{floors.COMING} and {floors.LOCAL}"),
    of_list("list, network", NETWORK, "", f"{floors.COMING} and {floors.NETWORK}"),
    of_list("list, platform", PLATFORM, "", floors.COMING),
    of_list("last page, platform", PLATFORM, "?page=9999", floors.COMING, last=True),
    of_list(
        "filter, platform",
        PLATFORM,
        "?state=published&origin=import&topic={topic}",
        f"{NARROW} and {ABOUT}",
    ),
    of_list(
        "search common, platform", PLATFORM, f"?q={COMMON}", f"{floors.COMING} and {floors.FOUND}", q=f"%{COMMON}%"
    ),
    of_list("search rare, platform", PLATFORM, f"?q={RARE}&when=all", floors.FOUND, once=True, q=f"%{RARE}%"),
    of_queue("queue, local", LOCAL, QUEUE_OF_TOWN),
    of_queue("queue, platform", PLATFORM, floors.QUEUE),
    Page(
        "fresh, local",
        LOCAL,
        "/admin/fresh/",
        r'<h2 id="t(\d+)">',
        listed(floors.FRESH, floors.LATEST, 20, once=True, pieces=floors.PIECES[:1]),
    ),
    Page("edit form, local", LOCAL, "/admin/activity/edit/?id={entry}", LINKS, floors.entry(floors.LISTS)),
    Page(
        "details, local",
        LOCAL,
        "/admin/activity/details/?id={entry}",
        r"/admin/activity/withdraw/\?id=(\d+)",
        floors.entry(floors.HISTORY),
    ),
    Page(
        "start, local",
        LOCAL,
        "/admin/",
        LINKS,
        floors.start("local_user", floors.LOCAL, QUEUE_OF_TOWN, floors.FRESH),
    ),
    Page(
        "start, platform",
        PLATFORM,
        "/admin/",
        LINKS,
        floors.start("platform_user", "true", floors.QUEUE, floors.FRESH_ANYWHERE),
    ),
    of_catalogue("catalogue, first page", ""),
    of_catalogue("catalogue, a town", "?waar=Aalst", floors.OF_TOWN),
    of_catalogue("catalogue, a word", f"?q={COMMON}", floors.SAYS, q=f"%{COMMON}%"),
)


@dataclass(frozen=True)
class Measured:
    """Median milliseconds of the page, its floor and the page on the small database; what the page asked, and when.

    `sql` is how long its statements took, `cpu` what our own process worked for it.
    """

    page: Page
    milliseconds: float
    floor: float
    small: float
    asked: Asked
    sql: float
    cpu: float
    same: bool


def measure(page: Page, large: Stage, small: Stage, requests: int) -> Measured:
    """Ask the page and its floor in turns, after looking whether both show the same."""
    ask, ask_small = (_asking(page, stage) for stage in (large, small))
    with large.app.app_context():
        engine = db.engine
    with listening(engine) as asked:
        shown = ask()
    answer = page.floor(large.raw, large.facts)
    calls = (ask, lambda: page.floor(large.raw, large.facts), ask_small)
    took = in_turns(calls, requests)
    sql, cpu = (statistics.median(one) for one in zip(*(_spent(engine, ask) for _ in range(5)), strict=True))
    return Measured(page, *took, asked, sql, cpu, _same(page, shown, answer))


def _spent(engine: Engine, ask: Callable[[], str]) -> tuple[float, float]:
    begun = time.thread_time()
    with listening(engine) as asked:
        ask()
    return asked.milliseconds, (time.thread_time() - begun) * 1000


def _asking(page: Page, stage: Stage) -> Callable[[], str]:
    client, path = stage.clients[page.who], page.path.format(**stage.facts)

    def ask() -> str:
        answer = client.get(path)
        if answer.status_code != 200:
            raise RuntimeError(f"{page.name}: {path} answered {answer.status}")
        return answer.text

    return ask


def _same(page: Page, shown: str, answer: floors.Answer) -> bool:
    found = list(dict.fromkeys(int(id_) for id_ in re.findall(page.rows, shown)))
    right = sorted(found) == sorted(answer.ids) if page.loose else found == answer.ids
    return right and all(re.search(rf"\b{total}\b", shown) for total in answer.totals)
