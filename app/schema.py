"""How far the tables of the database are, held against the migrations that this code brings along."""

from dataclasses import dataclass
from functools import cache

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from app.settings import ROOT


@dataclass(frozen=True, slots=True)
class Schema:
    """Which revisions the database is at, and which of ours it still misses.

    `ahead` when it is at one that this code does not know: a newer version migrated it, and the old one may go on
    (expand, then contract).
    """

    at: tuple[str, ...]
    behind: bool
    ahead: bool


def of(connection: Connection) -> Schema:
    at = tuple(sorted(MigrationContext.configure(connection).get_current_heads()))
    ahead = not set(at) <= known()
    return Schema(at, behind=not ahead and set(at) != set(heads()), ahead=ahead)


@cache
def _scripts() -> ScriptDirectory:
    return ScriptDirectory(str(ROOT / "migrations"))


@cache
def known() -> frozenset[str]:
    """Every revision this code has heard of."""
    return frozenset(script.revision for script in _scripts().walk_revisions())


@cache
def heads() -> tuple[str, ...]:
    """Where the database should be."""
    return tuple(sorted(_scripts().get_heads()))
