"""Alembic's door: runs the migrations on the database of the application's settings, SQLite or PostgreSQL."""

import logging
from typing import Any, Literal

from alembic import context

from app.models import Instant, db

logging.getLogger("alembic").setLevel(logging.WARNING)


def render(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Write our own column type as plain SQLAlchemy: a migration must not change when the code does."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, Instant) else False


def run() -> None:
    with db.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            # A table that is made anew is dropped first, and must not take along what refers to it. Only outside a
            # transaction does SQLite listen to this.
            connection.connection.execute("PRAGMA foreign_keys=OFF")
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            render_as_batch=connection.dialect.name == "sqlite",
            compare_type=True,
            render_item=render,
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()
        if connection.dialect.name == "sqlite":
            connection.connection.execute("PRAGMA foreign_keys=ON")


run()
