"""The same rows by hand-written SQL and a minimal template, in process: what a page costs without an application.

A floor leaves out what a page must have: session and rights, the frame with its menu, filters, the words of dates.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import psycopg
from jinja2 import Environment

from app.domain.clock import now_utc

Facts = dict[str, Any]
Raw = psycopg.Connection[Any]

COMING = "(a.over_at is null or a.over_at > %(now)s)"
OF_TOWN = "a.municipality_id = %(town)s"
LOCAL = f"({OF_TOWN} and a.state <> 'draft' or a.organisation_id = %(town_organisation)s)"
NETWORK = "a.state = 'published' and a.municipality_id = any(%(towns)s)"
QUEUE = f"a.state = 'pending' and a.origin = 'import' and {COMING}"
UNSEEN = f"a.state = 'published' and a.origin = 'own' and a.seen_at is null and {COMING}"
FRESH = f"{UNSEEN} and {OF_TOWN} and a.created_by_id is distinct from %(local_user)s"
FRESH_ANYWHERE = f"{UNSEEN} and a.created_by_id is distinct from %(platform_user)s"
PUBLIC = f"a.state = 'published' and a.public_from <= %(now)s and {COMING}"
SAYS = """(a.title ilike %(q)s or a.description ilike %(q)s or a.place_name ilike %(q)s or a.organiser_name ilike %(q)s
    or exists (select from organisation o where o.id = a.organisation_id and o.name ilike %(q)s)
    or exists (select from activity_topic join topic t on t.id = topic_id where activity_id = a.id
               and t.name ilike %(q)s))"""
FOUND = "(a.title ilike %(q)s or a.organiser_name ilike %(q)s)"
NEWEST = "a.updated_at desc, a.id desc"
OLDEST = "a.created_at, a.id"
LATEST = "a.created_at desc, a.id desc"
SOONEST = "case when a.first_moment >= %(now)s then a.first_moment else %(now)s end, a.id"

ROWS = """
    select a.id, a.title, coalesce(o.name, a.organiser_name), a.first_moment, m.name, l.name, a.state, {shown}, total
    from (select a.id, {total} total from activity a where {where} order by {order} limit {size} offset {skip}) page
    join activity a using (id)
    left join municipality m on m.id = a.municipality_id
    left join organisation o on o.id = a.organisation_id
    left join level l on l.id = a.level_id
    order by {order}
"""
COUNT = "select count(*) from activity a where {where}"
PIECES = (
    "select kind, value, public from contact_channel where activity_id = any(%(ids)s) order by activity_id, position",
    "select t.name from activity_topic join topic t on t.id = topic_id where activity_id = any(%(ids)s)",
    "select g.name from activity_goal join goal g on g.id = goal_id where activity_id = any(%(ids)s)",
)
HISTORY = """select c.verb, u.name, c.before, c.after, c.at from change c left join "user" u on u.id = c.user_id
    where c.table_name = 'activity' and c.record_id = any(%(ids)s) order by c.id desc limit 100"""
LISTS = (
    "select 't', id, name from topic union all select 'g', id, name from goal union all select 'l', id, name from level"
)
LATELY = """select a.id, a.title, c.verb, u.name, c.at from change c join activity a on a.id = c.record_id
    join "user" u on u.id = c.user_id where c.table_name = 'activity' and c.user_id <> %(me)s and {where}
    order by c.at desc, c.id desc limit 8"""

PAGE = Environment(autoescape=True).from_string("""<!doctype html><title>{{ total }}</title><table>
{% for row in rows %}<tr>{% for cell in row %}<td>{{ cell }}</td>{% endfor %}</tr>
{% endfor %}</table>{% for piece in pieces %}<ul>{% for row in piece %}<li>{{ row|join(', ') }}</li>{% endfor %}</ul>
{% endfor %}""")


@dataclass(frozen=True)
class Answer:
    """The ids of the rows in their order, the totals that a page says, and the page."""

    ids: list[int]
    totals: tuple[int, ...]
    html: str


Floor = Callable[[Raw, Facts], Answer]


def listed(
    where: str,
    order: str = NEWEST,
    size: int = 50,
    *,
    once: bool = False,
    last: bool = False,
    pieces: tuple[str, ...] = (),
    record: tuple[str, ...] = (),
    **more: Any,
) -> Floor:
    """A page of rows with its total; `pieces` are asked for all rows on it, `record` for the first of them.

    `once` counts and finds in one reading of the rows, where that is the faster way.
    """

    def floor(raw: Raw, facts: Facts) -> Answer:
        known = facts | {"now": now_utc()} | more
        total = None if once else raw.execute(COUNT.format(where=where), known).fetchall()[0][0]
        skip = (total - 1) // size * size if last else 0
        how = {"shown": "a.description" if pieces or record else "''", "total": "count(*) over ()" if once else "0"}
        rows = raw.execute(ROWS.format(where=where, order=order, size=size, skip=skip, **how), known).fetchall()
        if once:
            total = rows[0][-1]
        ids = [row[0] for row in rows]
        extra = [raw.execute(sql, {"ids": ids}).fetchall() for sql in pieces]
        extra += [raw.execute(sql, {"ids": ids[:1]}).fetchall() for sql in record]
        return Answer(ids, (total,), PAGE.render(rows=rows, total=total, pieces=extra))

    return floor


def entry(*pieces: str) -> Floor:
    """One activity with what hangs on it."""

    def floor(raw: Raw, facts: Facts) -> Answer:
        where = ROWS.format(where="a.id = %(entry)s", order="a.id", size=1, skip=0, shown="a.description", total=1)
        rows = raw.execute(where, facts).fetchall()
        ids = [rows[0][0]]
        extra = [raw.execute(sql, {"ids": ids}).fetchall() for sql in (*PIECES, *pieces)]
        return Answer(ids, (), PAGE.render(rows=rows, total=1, pieces=extra))

    return floor


def start(me: str, readable: str, *waiting: str) -> Floor:
    """How much waits in each list and what waits longest there, and what others did lately."""

    def floor(raw: Raw, facts: Facts) -> Answer:
        known = facts | {"now": now_utc(), "me": facts[me]}
        counts = ", ".join(f"(select count(*) from activity a where {where})" for where in waiting)
        first = "select title, created_at from activity a where {} order by " + OLDEST + " limit 1"
        oldest = " union all ".join(f"({first.format(where)})" for where in waiting)
        rows = raw.execute(LATELY.format(where=readable), known).fetchall()
        pieces = [raw.execute(f"select {counts}", known).fetchall(), raw.execute(oldest, known).fetchall()]
        ids, totals = list(dict.fromkeys(row[0] for row in rows)), pieces[0][0]
        return Answer(ids, totals, PAGE.render(rows=rows, total=sum(totals), pieces=pieces))

    return floor
