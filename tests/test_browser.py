"""The guard of every browser test sees what it must see: else a green suite would prove nothing."""

import pytest
from playwright.sync_api import Page

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
