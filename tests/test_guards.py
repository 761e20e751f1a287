"""What must stay true of the code as a whole, whoever adds to it next."""

import ast
from collections.abc import Iterator
from dataclasses import fields
from itertools import pairwise
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from sqlalchemy import Boolean, CheckConstraint, Enum, inspect

from app.models import db
from app.settings import ROOT, Settings

LONGEST_FILE = 320
ROOMS = ("app", "admin_views", "jobs")
SOURCES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))
LISTS = {"app/demo/offer.py"}  # invented activities: to be looked up, not read

# What each room may import of ours; of the others a room may import what it likes but for `UPWARD`.
INWARD = {
    "app.domain": ("app.domain",),
    "app.models": ("app.domain", "app.models"),
    "app.services": ("app.domain", "app.models", "app.services"),
}
UPWARD = ("app.factory", "app.demo", "app.commands", "wsgi")
OUTER = ("admin_views", "jobs", "app.web")
STARTS = {"jobs.__main__"}  # `python -m jobs` makes the application, as wsgi.py does
NO_FRAMEWORK = (
    "flask",
    "flask_admin",
    "flask_babel",
    "flask_sqlalchemy",
    "sqlalchemy",
    "wtforms",
    "werkzeug",
    "jinja2",
)


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def within(name: str, rooms: tuple[str, ...]) -> bool:
    return any(name == room or name.startswith(f"{room}.") for room in rooms)


def imports(source: str, module: str, *, is_package: bool) -> Iterator[str]:
    """Every module this source imports, wherever in it, relative ones written out; `from a import b` is `a.b`."""
    package = module if is_package else module.rpartition(".")[0]
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*above, *([node.module] if node.module else [])])
            yield from (f"{base}.{alias.name}" for alias in node.names)


def imports_of(path: Path) -> Iterator[str]:
    return imports(path.read_text("utf-8"), name_of(path), is_package=path.name == "__init__.py")


def trespasses(module: str, imported: str) -> bool:
    """Whether this import points the wrong way (DESIGN 4, Direction)."""
    if within(module, ("app.domain",)) and within(imported, NO_FRAMEWORK):
        return True
    for room, allowed in INWARD.items():
        if within(module, (room,)) and within(imported, ROOMS):
            return not within(imported, allowed)
    return within(module, OUTER) and module not in STARTS and within(imported, UPWARD)


def test_imports_point_one_way() -> None:
    wrong = [
        f"{name_of(path)} imports {imported}"
        for path in SOURCES
        for imported in imports_of(path)
        if trespasses(name_of(path), imported)
    ]
    assert not wrong, "\n" + "\n".join(wrong)


@pytest.mark.parametrize(
    ("module", "source", "wrong"),
    [
        ("app.domain.policy", "from app.domain.actor import Actor", False),
        ("app.domain.policy", "from .actor import Actor", False),
        ("app.domain.policy", "from ..models import Activity", True),
        ("app.domain.policy", "from .. import services", True),
        ("app.domain.policy", "import sqlalchemy as sa", True),
        ("app.domain.policy", "def late():\n    from flask import g", True),
        ("app.models.people", "from app.services import history", True),
        ("app.services.entries", "import jobs", True),
        ("app.services.entries", "from app.web import sign_in", True),
        ("app.services.sources.sync", "from ..history import record", False),
        ("app.web.sign_in", "from app.factory import create_app", True),
        ("app.web.sign_in", "from ..demo import world", True),
        ("admin_views.base", "import app.demo.world", True),
        ("jobs.mail", "from app import demo", True),
        ("jobs.mail", "from app.services import mailing", False),
        ("app.factory", "from app.demo import web", False),
    ],
)
def test_the_guard_sees_an_import_however_it_is_written(module: str, source: str, wrong: bool) -> None:
    assert any(trespasses(module, imported) for imported in imports(source, module, is_package=False)) is wrong


def test_only_the_factory_and_the_commands_know_the_demo() -> None:
    knows = {name_of(path) for path in SOURCES for imported in imports_of(path) if within(imported, ("app.demo",))}
    assert {name for name in knows if not within(name, ("app.demo",))} <= {"app.factory", "app.commands"}


def test_every_setting_has_a_line_in_the_example_and_every_line_a_setting() -> None:
    lines = (ROOT / ".env.example").read_text("utf-8").splitlines()
    keys = [line.partition("=")[0] for line in lines if line and not line.startswith("#")]
    assert sorted(keys) == sorted(field.name.upper() for field in fields(Settings))


def test_every_setting_is_explained_in_the_line_before_it() -> None:
    lines = (ROOT / ".env.example").read_text("utf-8").splitlines()
    unexplained = [
        line for before, line in pairwise(lines) if "=" in line and line[0] not in "#" and before[:2] != "# "
    ]
    assert unexplained == []


def test_the_tables_are_as_the_migrations_leave_them(app: Flask) -> None:
    with app.app_context(), db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, db.metadata) == []


def test_every_constraint_has_the_name_that_the_models_give_it(app: Flask) -> None:
    with app.app_context():
        inspector = inspect(db.engine)
        for table in db.metadata.sorted_tables:
            named = {str(constraint.name) for constraint in table.constraints}
            found = [*inspector.get_unique_constraints(table.name), *inspector.get_check_constraints(table.name)]
            found += [*inspector.get_foreign_keys(table.name), inspector.get_pk_constraint(table.name)]
            assert {constraint["name"] for constraint in found} == named, table.name


def test_no_name_is_longer_than_postgresql_keeps() -> None:
    names = [str(item.name) for table in db.metadata.sorted_tables for item in (*table.constraints, *table.indexes)]
    assert [name for name in names if len(name) > 63 or name == "None"] == []


def test_a_column_of_words_refuses_other_words() -> None:
    unchecked = [
        f"{table.name}.{column.name}"
        for table in db.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, Enum)
        and not isinstance(column.type, Boolean)
        and not any(column.name in str(item.sqltext) for item in table.constraints if isinstance(item, CheckConstraint))
    ]
    assert unchecked == []


def test_no_file_is_longer_than_one_reads_in_a_sitting() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in SOURCES
        if (lines := path.read_text("utf-8").count("\n")) > LONGEST_FILE
    }
    assert {name: lines for name, lines in long.items() if name not in LISTS} == {}


def test_every_module_opens_with_what_it_is_for() -> None:
    silent = [name_of(path) for path in SOURCES if not ast.get_docstring(ast.parse(path.read_text("utf-8")))]
    assert silent == []
