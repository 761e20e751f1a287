"""The attacks: the table of doors, the fuzz, the sessions and the hosts. All of them should find nothing."""

import pytest

JUDGES = ("links", "reading", "sending", "stored", "together")
pytest.register_assert_rewrite(*(f"tests.attacks.{name}" for name in JUDGES))
