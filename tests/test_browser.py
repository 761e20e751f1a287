"""The guard of every browser test sees what it must see: else a green suite would prove nothing."""

import pytest
from playwright.sync_api import Page

from tests.e2e.eyes import Eyes, axe

PAGE = "http://localhost/page"
STRICT = {"Content-Security-Policy": "default-src 'self'; img-src *", "Content-Type": "text/html"}


@pytest.mark.parametrize(
    ("html", "noted"),
    [
        ('<img src="http://elders.example/volg.png" alt="">', "request to the outside: http://elders.example/volg.png"),
        ('<img src="http://192.0.2.7/volg.png" alt="">', "request to the outside: http://192.0.2.7/volg.png"),
        ("<script>document.title = 'x'</script>", "Content Security Policy"),
        ('<p style="color: red">x</p>', "Content Security Policy"),
    ],
)
def test_a_page_that_leaves_the_machine_or_breaks_its_policy_is_noted(
    page: Page, troubles: list[str], html: str, noted: str
) -> None:
    page.route(PAGE, lambda route: route.fulfill(body=html, headers=STRICT))

    page.goto(PAGE)

    assert any(noted in one for one in troubles), troubles
    troubles.clear()


def test_what_a_page_asks_outside_never_gets_there(page: Page, troubles: list[str]) -> None:
    page.route(PAGE, lambda route: route.fulfill(body="<p>x</p>", headers={"Content-Type": "text/html"}))
    page.goto(PAGE)

    tried = "(url) => fetch(url, {mode: 'no-cors'}).then(() => 'it answered', () => 'it did not answer')"

    for url in ("http://elders.example/", "http://192.0.2.7/"):
        assert page.evaluate(tried, url) == "it did not answer"
    assert " ".join(troubles).count("ERR_NAME_NOT_RESOLVED") == 2
    troubles.clear()


@pytest.mark.parametrize(
    ("body", "rule"),
    [
        ('<main><h1>x</h1><p style="color: #bbb; background: #fff">te bleek</p></main>', "color-contrast"),
        ("<main><h1>x</h1><input name='zonder'></main>", "label"),
        ("<h1>x</h1>", "landmark-one-main"),
    ],
)
def test_axe_sees_what_is_wrong(page: Page, body: str, rule: str) -> None:
    page.set_content(f'<html lang="nl"><title>x</title><body>{body}</body></html>')

    assert any(found.startswith(f"{rule}:") for found in axe(page))


def test_the_keyboard_test_sees_a_missing_ring_a_bar_in_the_way_and_what_it_cannot_reach(
    page: Page, troubles: list[str]
) -> None:
    page.set_content(
        """<body style="margin: 0"><a class="skip" href="#m">Naar de inhoud</a>
        <a href="#a" style="outline: none">bleek</a>
        <p style="position: fixed; inset: 0 0 auto; height: 200px; margin: 0; background: red">balk</p>
        <a href="#b" style="position: fixed; top: 150px">eronder</a>
        <button onfocus="this.blur()">onbereikbaar</button></body>"""
    )
    eyes = Eyes(None, page, troubles)  # type: ignore[arg-type]

    eyes.tab_through("x")

    said = " | ".join(eyes.wrong)
    assert "no ring on a#. bleek" in said
    assert "lies under P." in said
    assert "of 4 controls" in said
