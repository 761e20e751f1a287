"""A schedule to and from JSON, with a version, so that rows written today can be read in ten years."""

from datetime import UTC, date, datetime, time
from typing import Any

from app.domain.clock import BRUSSELS
from app.domain.schedule import Adjusted, Block, Closed, Dates, Flexible, Moment, Schedule, Status, Weekly

VERSION = 1
Json = dict[str, Any]


def to_json(schedule: Schedule) -> Json:
    """Plain JSON types only: instants in UTC (`2026-09-15T12:00:00+00:00`), days and times as ISO 8601 local."""
    body: Json = {"v": VERSION, "kind": str(schedule.kind)}
    match schedule:
        case Dates(moments):
            body["moments"] = [_moment_to_json(moment) for moment in moments]
        case Weekly():
            body["blocks"] = [_block_to_json(block) for block in schedule.blocks]
            body["first_day"] = _iso(schedule.first_day)
            body["last_day"] = _iso(schedule.last_day)
            body["every"] = schedule.every
            body["closed"] = [
                {"first_day": _iso(days.first_day), "last_day": _iso(days.last_day), "reason": days.reason}
                for days in schedule.closed
            ]
            body["adjusted"] = [
                {
                    "first_day": _iso(days.first_day),
                    "last_day": _iso(days.last_day),
                    "blocks": [_block_to_json(block) for block in days.blocks],
                    "reason": days.reason,
                }
                for days in schedule.adjusted
            ]
        case Flexible(from_day, words):
            body["from_day"] = _iso(from_day)
            body["words"] = words
    return body


def from_json(body: Json) -> Schedule:
    """The inverse of `to_json`. Raises ValueError for a version or kind this code does not know."""
    if body.get("v") != VERSION:
        raise ValueError(f"unknown version of a schedule: {body.get('v')!r}")
    match body["kind"]:
        case "one_day" | "days":
            return Dates(tuple(_moment_from_json(item) for item in body["moments"]))
        case "weekly":
            return Weekly(
                blocks=tuple(_block_from_json(item) for item in body["blocks"]),
                first_day=_day(body["first_day"]),
                last_day=_day(body["last_day"]),
                every=body["every"],
                closed=tuple(
                    Closed(
                        date.fromisoformat(item["first_day"]),
                        date.fromisoformat(item["last_day"]),
                        item["reason"],
                    )
                    for item in body["closed"]
                ),
                adjusted=tuple(
                    Adjusted(
                        date.fromisoformat(item["first_day"]),
                        date.fromisoformat(item["last_day"]),
                        tuple(_block_from_json(block) for block in item["blocks"]),
                        item["reason"],
                    )
                    for item in body["adjusted"]
                ),
            )
        case "flexible":
            return Flexible(_day(body["from_day"]), body["words"])
        case unknown:
            raise ValueError(f"unknown kind of schedule: {unknown!r}")


def _moment_to_json(moment: Moment) -> Json:
    return {
        "start": moment.start.astimezone(UTC).isoformat(),
        "end": moment.end.astimezone(UTC).isoformat() if moment.end else None,
        "status": str(moment.status),
        "reason": moment.reason,
        "whole_day": moment.whole_day,
    }


def _moment_from_json(item: Json) -> Moment:
    end = item["end"]
    return Moment(
        datetime.fromisoformat(item["start"]).astimezone(BRUSSELS),
        datetime.fromisoformat(end).astimezone(BRUSSELS) if end else None,
        Status(item["status"]),
        item["reason"],
        item["whole_day"],
    )


def _block_to_json(block: Block) -> Json:
    return {"weekdays": sorted(block.weekdays), "opens": _iso(block.opens), "closes": _iso(block.closes)}


def _block_from_json(item: Json) -> Block:
    return Block(frozenset(item["weekdays"]), _time(item["opens"]), _time(item["closes"]))


def _iso(value: date | time | None) -> str | None:
    if isinstance(value, time):
        return value.isoformat(timespec="minutes")
    return value.isoformat() if value else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _time(text: str | None) -> time | None:
    return time.fromisoformat(text) if text else None
