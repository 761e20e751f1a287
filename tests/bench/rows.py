"""What one invented activity consists of: its row, its record, its topics, channels and lines of history."""

import random
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection, select

from app.demo.uit_events import invented_events
from app.domain import schedule_json
from app.domain.activity import Origin, State
from app.domain.clock import at_brussels, brussels_date
from app.domain.contact import Channel
from app.domain.schedule import Block, Dates, Flexible, Moment, Schedule, Status, Weekly
from app.domain.source import Standing
from app.models import Activity, Change, ContactChannel, Goal, Level, Source, SourceRecord, Topic
from app.models.activities import activity_goal, activity_topic
from app.models.mandates import MandateRole
from app.services.sources.uitdatabank.mapping import stored_payload

COMMON, COMMON_SHARE = "wandelen", 0.03
RARE, RARE_EVERY = "klarinet", 5_000
ENDED_SHARE, SEEN_SHARE = 0.4, 0.85
VERBS = ("Samen", "Leren", "Babbelen en", "Elke week", "Gratis", "Proeven van", "Eerste keer", "Kom mee")
NOUNS = ("koken", "zingen", "fietsen", "breien", "voetballen", "lezen", "schilderen", "dansen", "tuinieren", "naaien")
PLACES = ("in het buurthuis", "aan het water", "in de bib", "op het plein", "bij de kerk", "in het park")
WORDS = ("samen", "praten", "Nederlands", "buren", "koffie", "leren", "plezier", "iedereen", "welkom", "rustig")
STATES = {
    Origin.OWN: ((State.PUBLISHED, State.DRAFT, State.WITHDRAWN), (80, 8, 12)),
    Origin.IMPORT: ((State.PENDING, State.PUBLISHED, State.REJECTED, State.WITHDRAWN), (25, 50, 20, 5)),
}


class Makers:
    """Makes rows part by part; half of the activities come from UiT, the others from an organisation of the town."""

    def __init__(
        self,
        connection: Connection,
        dice: random.Random,
        organisations: list[dict[str, Any]],
        mandates: list[dict[str, Any]],
        now: datetime,
    ) -> None:
        self.dice, self.now = dice, now
        self.topics = list(connection.scalars(select(Topic.id).where(Topic.retired_at.is_(None))))
        self.goals = list(connection.scalars(select(Goal.id)))
        self.levels = [*connection.scalars(select(Level.id)), None]
        self.source = connection.scalar(select(Source.id))
        self.of_town: dict[int, list[int]] = defaultdict(list)
        for row in organisations:
            self.of_town[row["municipality_id"]].append(row["id"])
        self.organiser = {row["organisation_id"]: row["user_id"] for row in mandates if row["organisation_id"]}
        self.local = {row["municipality_id"]: row["user_id"] for row in mandates if row["role"] is MandateRole.LOCAL}
        self.payloads = [stored_payload(event) for event in invented_events(now) if isinstance(event["name"], dict)]
        self.schedules = {ended: [self._dated(ended) for _ in range(300)] for ended in (False, True)}
        self.texts = [" ".join(dice.choices(WORDS, k=60)).capitalize() + "." for _ in range(500)]

    def make(self, numbered: Iterable[tuple[int, int]]) -> dict[Any, list[dict[str, Any]]]:
        """The rows of every table for these (number, town) pairs, in an order that foreign keys allow."""
        made: dict[Any, list[dict[str, Any]]] = {
            table: [] for table in (SourceRecord, Activity, activity_topic, activity_goal, ContactChannel, Change)
        }
        for number, town in numbered:
            origin = Origin.IMPORT if number % 2 else Origin.OWN
            row = self._activity(number, town, origin)
            if origin is Origin.IMPORT:
                made[SourceRecord].append(self._record(row))
            made[Activity].append(row)
            topics = self.dice.sample(self.topics, self.dice.choice((1, 2)))
            made[activity_topic] += [{"activity_id": number, "topic_id": topic} for topic in topics]
            made[activity_goal].append({"activity_id": number, "goal_id": self.dice.choice(self.goals)})
            made[ContactChannel].append(
                {"id": number, "activity_id": number, "kind": Channel.EMAIL, "value": f"vraag{number}@doemee.example"}
                | {"public": True, "preferred": True, "position": 0}
            )
            made[Change] += self._history(row)
        return made

    def _activity(self, number: int, town: int, origin: Origin) -> dict[str, Any]:
        dice = self.dice
        state = dice.choices(*STATES[origin])[0]
        created = self.now - timedelta(minutes=dice.randrange(10, 500_000))
        schedule, first, over = dice.choice(self.schedules[dice.random() < ENDED_SHARE])
        organisation = dice.choice(self.of_town[town]) if origin is Origin.OWN else None
        seen = origin is Origin.OWN and state is State.PUBLISHED and dice.random() < SEEN_SHARE
        return {
            "id": number,
            "title": self._title(number),
            "description": dice.choice(self.texts),
            "origin": origin,
            "state": state,
            "status": Status.PLANNED,
            "organisation_id": organisation,
            "organiser_name": "" if organisation else f"Vereniging {dice.randrange(4_000)}",
            "source_record_id": number if origin is Origin.IMPORT else None,
            "municipality_id": town,
            "place_name": f"Buurthuis {dice.randrange(900)}",
            "street": f"Kerkstraat {dice.randrange(1, 200)}",
            "postal_code": "9300",
            "locality": "Dorp",
            "online": False,
            "online_url": "",
            "schedule": schedule,
            "first_moment": first,
            "over_at": over,
            "price": dice.choice(("", "gratis", "5 euro")),
            "source_url": "",
            "level_id": dice.choice(self.levels),
            "internal_note": "",
            "public_from": created if state is State.PUBLISHED else None,
            "seen_at": created if seen else None,
            "seen_by_id": self.local[town] if seen else None,
            "created_by_id": self.organiser.get(organisation),
            "created_at": created,
            "updated_at": created + (self.now - created) * dice.random(),
            "row_version": 1,
        }

    def _title(self, number: int) -> str:
        if number % RARE_EVERY == 17:
            return f"Spelen op de {RARE} {number}"
        noun = COMMON if self.dice.random() < COMMON_SHARE else self.dice.choice(NOUNS)
        return f"{self.dice.choice(VERBS)} {noun} {self.dice.choice(PLACES)} {number}"

    def _record(self, activity: dict[str, Any]) -> dict[str, Any]:
        at = activity["updated_at"]
        return {
            "id": activity["id"],
            "source_id": self.source,
            "external_id": f"00000000-0000-4000-8000-{activity['id']:012d}",
            "title": activity["title"],
            "payload": self.dice.choice(self.payloads),
            "fingerprint": f"{activity['id']:064x}",
            "modified": at,
            "standing": Standing.LIVE,
            "relevant": True,
            "municipality_id": activity["municipality_id"],
            "first_seen_at": at,
            "last_seen_at": at,
        }

    def _history(self, row: dict[str, Any]) -> Iterable[dict[str, Any]]:
        """How it came, and for most what was decided about it."""
        verbs = ["arrive", "approve"] if row["origin"] is Origin.IMPORT else ["publish", "correct"]
        for turn, verb in enumerate(verbs[: self.dice.choice((1, 2, 2))]):
            by = self.local[row["municipality_id"]] if turn else row["created_by_id"]
            yield {
                "id": row["id"] * 2 + turn,
                "table_name": "activity",
                "record_id": row["id"],
                "verb": verb,
                "municipality_id": row["municipality_id"],
                "organisation_id": row["organisation_id"],
                "user_id": by,
                "before": {"price": ""} if turn else {},
                "after": {"price": row["price"]} if turn else {"title": row["title"], "state": row["state"].value},
                "why": "",
                "at": row["updated_at"] if turn else row["created_at"],
            }

    def _dated(self, ended: bool) -> tuple[dict[str, Any], datetime | None, datetime | None]:
        """A schedule as it is stored, with the two instants that are taken from it."""
        made = self._schedule(brussels_date(self.now), -1 if ended else 1)
        return schedule_json.to_json(made), made.first(), made.over_at()

    def _schedule(self, today: Any, way: int) -> Schedule:
        dice = self.dice
        hour = time(dice.randrange(9, 20))
        kind = dice.choices(("one", "several", "week", "free"), (50, 15, 30, 5 if way > 0 else 0))[0]
        if kind == "free":
            return Flexible(None, "Bel ons.")
        if kind == "week":
            first = today + timedelta(days=-dice.randrange(200, 300) if way < 0 else -dice.randrange(60))
            block = Block(frozenset(dice.sample(range(1, 8), 2)), hour, time(hour.hour + 2))
            return Weekly((block,), first, first + timedelta(days=dice.randrange(70, 190)))
        days = [today + timedelta(days=way * dice.randrange(1, 200)) for _ in range(1 if kind == "one" else 4)]
        starts = [at_brussels(day, hour) for day in sorted(set(days))]
        return Dates(tuple(Moment(start, start + timedelta(hours=2)) for start in starts))
