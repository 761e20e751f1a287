"""The attacks: the table of doors, the fuzz, the sessions and the hosts. All of them should find nothing."""

import pytest

pytest.register_assert_rewrite("tests.attacks.reading", "tests.attacks.sending", "tests.attacks.together")
