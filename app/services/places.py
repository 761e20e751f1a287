"""Which municipality somebody means by a name or a postal code."""

import re
import unicodedata
from dataclasses import dataclass
from difflib import get_close_matches

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Municipality, PostalCode

ALIKE = 0.75  # how much a mistyped town must resemble one of ours (difflib's ratio)
_POSTAL_CODE = re.compile(r"[0-9]{4}\b")


@dataclass(frozen=True, slots=True)
class Place:
    """A municipality by id and name; without an id none of ours, and `meant` may be the name they meant."""

    id: int | None = None
    name: str = ""
    meant: str = ""


def towns(session: Session) -> list[str]:
    """The names of all municipalities, in order."""
    return list(session.scalars(select(Municipality.name).order_by(Municipality.name)))


def find(session: Session, where: str) -> Place | None:
    """None when no place is named. "Gent", "GENT", "9050" and "9050 Gentbrugge" are all Gent."""
    where = where.strip()
    if not where:
        return None
    code = _POSTAL_CODE.match(where)
    return _by_code(session, code.group()) if code else _by_name(session, where)


def _by_code(session: Session, code: str) -> Place:
    owner = select(Municipality.id, Municipality.name).join(PostalCode).where(PostalCode.code == code)
    found = session.execute(owner).first()
    return Place(found.id, found.name) if found else Place()


def _by_name(session: Session, name: str) -> Place:
    rows = {_plain(row.name): row for row in session.execute(select(Municipality.id, Municipality.name))}
    wanted = _plain(name)
    if wanted in rows:
        return Place(rows[wanted].id, rows[wanted].name)
    alike = get_close_matches(wanted, rows, n=1, cutoff=ALIKE)
    return Place(meant=rows[alike[0]].name if alike else "")


def _plain(name: str) -> str:
    """Lower case, without accents or punctuation: "Sint-Niklaas" and "sint niklaas" are one."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return " ".join(re.findall(r"\w+", bare))
