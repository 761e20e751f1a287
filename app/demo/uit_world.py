"""The events the local UiTdatabank holds, and the slow life of them: one small change at every tick."""

import copy
import random
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from threading import RLock
from typing import Any

from app.demo.uit_calendar import atom
from app.demo.uit_events import invented_events, late_arrivals

Event = dict[str, Any]
DELETED_IN = 12  # one change in so many is a deletion


class DemoWorld:
    """Events by id, safe to read and change from several threads. What is handed out is a copy."""

    def __init__(self, events: Iterable[Event] = (), seed: int = 7, arrivals: Iterable[Event] = ()) -> None:
        self.lock = RLock()
        self.events: dict[str, Event] = {}
        self._dice = random.Random(seed)
        self._arrivals = list(arrivals)
        for event in events:
            self.put(event)

    @classmethod
    def invented(cls, now: datetime) -> "DemoWorld":
        """The world of the demo, with dates that lie ahead of `now`."""
        return cls(invented_events(now), arrivals=late_arrivals(now))

    def put(self, event: Event) -> None:
        """Adds or replaces one event, as it is given."""
        with self.lock:
            self.events[id_of(event)] = copy.deepcopy(event)

    def get(self, event_id: str) -> Event | None:
        with self.lock:
            return copy.deepcopy(self.events.get(event_id))

    def all(self) -> list[Event]:
        with self.lock:
            return copy.deepcopy(list(self.events.values()))

    def delete(self, event_id: str, at: datetime | None = None) -> None:
        """Deletes softly, as UiTdatabank does: the event stays and says so. Raises KeyError."""
        with self.lock:
            self._touch(self.events[event_id], at or _a_second_later(self.events[event_id]))
            self.events[event_id]["workflowStatus"] = "DELETED"

    def forget(self, event_id: str) -> None:
        """Takes an event away as if it never was. Raises KeyError."""
        with self.lock:
            del self.events[event_id]

    def tick(self, now: datetime) -> str:
        """Makes one change and tells which, in Dutch; the same seed makes the same changes."""
        with self.lock:
            if self._arrivals and self._dice.random() < 0.5:
                return self._arrive(now)
            event = self._any_live()
            if event is None:
                return "Er is niets meer om te veranderen."
            self._touch(event, now)
            if self._dice.randrange(DELETED_IN) == 0:
                event["workflowStatus"] = "DELETED"
                return f"Verwijderd: {event['name']['nl']}"
            dated = event["calendarType"] in ("single", "multiple")
            return self._sold_out(event) if dated and self._dice.random() < 0.5 else self._new_hours(event)

    def _arrive(self, now: datetime) -> str:
        event = self._arrivals.pop(0)
        event["created"] = atom(now)
        self._touch(event, now)
        self.put(event)
        return f"Nieuw: {event['name']['nl']}"

    def _any_live(self) -> Event | None:
        live = [
            event
            for event in self.events.values()
            if (event.get("openingHours") or isinstance(event.get("subEvent"), list))
            and event.get("workflowStatus") in ("APPROVED", "READY_FOR_VALIDATION")
            and isinstance(event.get("name"), dict)
        ]
        return self._dice.choice(live) if live else None

    def _new_hours(self, event: Event) -> str:
        """Half an hour later: the dates themselves, or the hours of the week."""
        moments = [event, *event.get("subEvent", [])]
        if event["calendarType"] in ("single", "multiple"):
            for moment in moments:
                for field in ("startDate", "endDate"):
                    moment[field] = atom(datetime.fromisoformat(moment[field]) + timedelta(minutes=30))
        for hours in event.get("openingHours", []):
            for field in ("opens", "closes"):
                hours[field] = _half_an_hour_later(hours[field])
        return f"Andere uren: {event['name']['nl']}"

    def _sold_out(self, event: Event) -> str:
        for moment in [event, *event.get("subEvent", [])]:
            moment["bookingAvailability"] = {"type": "Unavailable"}
        return f"Volzet: {event['name']['nl']}"

    def _touch(self, event: Event, now: datetime) -> None:
        event["modified"] = atom(now)


def id_of(event: Event) -> str:
    """The last segment of `@id`."""
    return str(event["@id"]).rpartition("/")[2]


def _half_an_hour_later(clock: str) -> str:
    hour, minute = map(int, clock.split(":"))
    later = (hour * 60 + minute + 30) % (24 * 60)
    return f"{later // 60:02d}:{later % 60:02d}"


def _a_second_later(event: Event) -> datetime:
    """Deletion is a change: without a given time it follows the last one."""
    try:
        modified = datetime.fromisoformat(str(event.get("modified")))
    except ValueError:
        modified = datetime(2020, 1, 1, tzinfo=UTC)
    return modified + timedelta(seconds=1)
