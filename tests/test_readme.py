"""The README tells the truth: its rights table is the policy's, its commands and files exist."""

import re
from pathlib import Path

from app.commands import rights_table
from app.demo.accounts import ACCOUNTS, PASSWORD

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text("utf-8")


def test_the_rights_table_is_made_from_the_policy() -> None:
    shown = README.split("<!-- rights -->")[1].split("<!-- /rights -->")[0].strip()
    assert shown == rights_table(), "run `make readme`"


def test_every_account_of_the_demo_is_named_with_the_password() -> None:
    assert PASSWORD in README
    assert {account.email for account in ACCOUNTS} <= set(re.findall(r"`([^`@ ]+@[^`]+)`", README))


def test_every_file_that_the_readme_points_at_exists() -> None:
    linked = re.findall(r"\]\((docs/[^)]+)\)|`(docs/[^`]+)`", README)
    mapped = re.findall(r"^    ((?:app|admin_views|jobs|migrations|tests|docs|wsgi)[\w/.]*)", README, re.MULTILINE)
    linked = [either or other for either, other in linked]
    assert len(linked) > 5
    assert len(mapped) > 10
    assert [path for path in [*linked, *mapped] if not (ROOT / path).exists()] == []


def test_every_target_that_the_readme_names_is_in_the_makefile() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    named = set(re.findall(r"make ([a-z]+)", README))
    assert {"run", "test", "check"} <= named
    assert [target for target in named if not re.search(rf"^{target}:", makefile, re.MULTILINE)] == []
