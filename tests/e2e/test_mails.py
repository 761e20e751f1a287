"""Every mail as it is read: axe finds nothing, light or dark, wide or on a phone, and nothing is fetched."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Demo
from tests.e2e.eyes import DARK, LIGHT, axe

pytestmark = pytest.mark.only_on("sqlite")  # the mails are the same on both

GENT, ORGANISER = "Lokale beheerder van Gent", "Organisator bij Bibliotheek Gent-Demo"
READING = ((700, 900, LIGHT), (700, 900, DARK), (390, 844, LIGHT), (390, 844, DARK))


@pytest.fixture
def all_mails(
    demo: Demo, open_page: Callable[..., Page], places: dict[str, object], enter: Callable[[Page, str], None]
) -> dict[str, str]:
    """One of each kind, made the way people make them; the HTML by its subject."""
    page = open_page()
    page.goto(f"{demo.url}/activiteiten/{places['entry']}/meld")
    page.get_by_text("Er klopt iets niet").click()
    page.get_by_label("Wil je er iets bij schrijven?").fill("Het is op dinsdag.")
    page.get_by_role("button", name="Verstuur").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Bedankt voor je melding")
    page.goto(f"{demo.url}/wachtwoord-vergeten")
    page.get_by_label("E-mailadres").fill("organisator@doemee.example")
    page.get_by_role("button", name="Mail mij een link").click()

    enter(page, ORGANISER)
    page.goto(f"{demo.url}/admin/activity/details/?id={places['draft']}")
    page.get_by_role("button", name="Publiceren").click()
    page.context.clear_cookies()

    enter(page, GENT)
    page.goto(f"{demo.url}/admin/activity/edit/?id={places['entry']}")
    page.get_by_label("Prijs").fill("2 euro")
    page.get_by_label("Prijs").press("Enter")
    expect(page.get_by_text("is bewaard").first).to_be_visible()
    page.goto(f"{demo.url}/admin/activity/withdraw/?id={places['draft']}")
    page.get_by_label("Dubbel").check()
    page.get_by_role("button", name="Intrekken").click()
    page.goto(f"{demo.url}/admin/invitation/new/")
    page.get_by_label("Naam").fill("Nieuwe collega")
    page.get_by_label("E-mailadres").fill("collega@doemee.example")
    page.get_by_role("button", name="Uitnodigen").click()
    page.context.close()

    demo.send_mail()
    return {
        str(received.message["Subject"]): received.message.get_body(("html",)).get_content()
        for received in demo.mailbox.received
    }


def test_every_mail_can_be_read_by_everyone(
    demo: Demo, page: Page, all_mails: dict[str, str], troubles: list[str]
) -> None:
    kinds = {subject.split()[0] for subject in all_mails}
    assert len(kinds) >= 5, sorted(all_mails)
    wrong = []
    for subject, html in all_mails.items():
        page.set_content(html)
        for width, height, theme in READING:
            page.set_viewport_size({"width": width, "height": height})
            page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
            wrong += [f"{subject} ({theme}, {width} px): {found}" for found in axe(page)]
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (subject, width)
    assert not wrong, "\n" + "\n".join(wrong)
