"""The judges themselves: what they must see, and what they must let pass."""

import pytest

from tests.attacks import markup
from tests.attacks.values import AWAY, HOST, LINK, MARKUP, PLACE

SEEN_RAW = [
    value for value in MARKUP if isinstance(value, str) and not value.startswith(("&", "＜", "<b>", "` ", "' "))
]


@pytest.mark.parametrize("value", SEEN_RAW)
def test_markup_that_comes_through_as_sent_is_seen(value: str) -> None:
    if value.startswith('" '):
        value = f'<input value="{value}">'
    watcher = markup.Watcher()
    watcher.feed(f"<html><body><p>{value}</p></body></html>")

    assert watcher.alive or value.startswith("<" * 2_000)


@pytest.mark.parametrize("value", [value for value in LINK if isinstance(value, str) and "script:" in value[:15]])
def test_a_link_that_runs_something_is_seen(value: str) -> None:
    watcher = markup.Watcher()
    watcher.feed(f'<a href="{value.replace(chr(34), "&quot;")}">klik</a>')

    assert watcher.alive


@pytest.mark.parametrize(
    "address",
    [
        *(f"http://{HOST}", f"//{HOST}", f"/\\{HOST}", f"\\/{HOST}", f"\\\\{HOST}", f"/\t/{HOST}", f"\t//{HOST}"),
        *(f"http:{HOST}", f"https:/{HOST}", f"http:\\\\{HOST}", f"//localhost@{HOST}", f"http://localhost.{HOST}/"),
        *("javascript:zqx(1)", "java\nscript:zqx(1)", " javascript:x", "data:text/html,x", "ftp://localhost/"),
        *(f"///{HOST}", f"/\\/{HOST}", f"http:///{HOST}", f"//{HOST}\\@localhost", "//localhost:81/"),
    ],
)
def test_what_leaves_the_site_is_seen(address: str) -> None:
    assert markup.away(address)


@pytest.mark.parametrize(
    "address",
    ["/", "", "?page=2", "#main", "/admin/?next=//kwaad.example", "http://localhost/admin/", "/%2f/x", "edit", "/é"],
)
def test_what_stays_is_let_pass(address: str) -> None:
    assert not markup.away(address)


def test_the_lists_hold_what_they_promise() -> None:
    assert len(AWAY) >= 31 + 16
    assert len(set(AWAY)) >= 31 + 16
    assert PLACE
