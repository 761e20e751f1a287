"""How often something may be done here (ASVS 6.3.1): a try counts from the moment it begins."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network
from math import ceil

from flask import current_app, request
from sqlalchemy import delete

from app.domain.clock import now_utc
from app.domain.errors import TooMany
from app.models import Attempt, connection, db
from app.services import throttle


@dataclass(frozen=True, slots=True)
class Limit:
    """So many tries within this time."""

    what: str
    most: int
    within: timedelta

    def bucket(self, who: str) -> str:
        return throttle.bucket(current_app.config["SECRET_KEY"], self.what, who)


def seconds_until(instant: datetime) -> int:
    """For `Retry-After` (RFC 9110, 10.2.3): whole seconds, at least one."""
    return max(1, ceil((instant - now_utc()).total_seconds()))


def visitor() -> str:
    """The address a request comes from, behind a known proxy the one before it; without its port. One IPv6
    subscriber has a whole /64."""
    text = request.remote_addr or ""
    if text.count(":") == 1 or text.startswith("["):  # some proxies add the port
        text = text.removeprefix("[").partition("]" if "[" in (request.remote_addr or "") else ":")[0]
    try:
        address = ip_address(text)
    except ValueError:
        return text or "nowhere"
    if isinstance(address, IPv6Address):
        return str(address.ipv4_mapped or ip_network((address, 64), strict=False))
    return str(address)


def note(asked: Sequence[tuple[Limit, str]]) -> list[int]:
    """Note a try at each limit, in a transaction of its own: many at once are counted one by one.

    Returns the ids of the tries, for `take_back`. Raises TooMany, and takes them back, when one limit is full: who
    is refused does not push the end of it further away.
    """
    now = now_utc()
    with connection.writing(db.session):
        tries = [throttle.note(db.session, limit.bucket(who), now).id for limit, who in asked]
    ends = []
    for limit, who in asked:
        bucket = limit.bucket(who)
        if throttle.count(db.session, bucket, now, limit.within) > limit.most:
            ends.append(throttle.free_at(db.session, bucket, now, limit.within, limit.most + 1) or now)
    db.session.rollback()
    if ends:
        take_back(tries)
        raise TooMany(max(ends))
    return tries


def take_back(tries: Sequence[int]) -> None:
    """These did not count after all."""
    with connection.writing(db.session):
        db.session.execute(delete(Attempt).where(Attempt.id.in_(tries)))


def forget(limit: Limit, who: str) -> None:
    """Begin anew, after a success."""
    with connection.writing(db.session):
        throttle.forget(db.session, limit.bucket(who))
