"""The main job, end to end: a UiT event is approved and seen, an own entry is public at once and the town is told."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.e2e.conftest import Demo


class Clicks:
    """Clicks on visible texts, and counts them."""

    def __init__(self, page: Page) -> None:
        self.page, self.count = page, 0

    def on(self, role: str, text: str) -> None:
        self.page.get_by_role(role, name=text).first.click()  # type: ignore[arg-type]
        self.count += 1


def test_from_the_sign_in_page_to_an_approved_event_in_the_catalogue_takes_at_most_five_clicks(
    demo: Demo, page: Page
) -> None:
    page.goto(f"{demo.url}/login")
    click = Clicks(page)
    click.on("button", "Lokale beheerder van Gent")
    click.on("link", "Begin met keuren")
    title = page.locator("#rec").inner_text()
    click.on("button", "Goedkeuren")
    expect(page.get_by_text(f"“{title}” staat online.")).to_be_visible()
    click.on("link", "Bekijk op de publieke site")
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    click.on("link", "Alle activiteiten in Gent")
    expect(page.get_by_role("link", name=title)).to_be_visible()
    assert click.count <= 5


def test_before_approval_nobody_sees_the_event(demo: Demo, page: Page, enter: Callable[[Page, str], None]) -> None:
    enter(page, "Lokale beheerder van Gent")
    page.get_by_role("link", name="Begin met keuren").click()
    title = page.locator("#rec").inner_text()
    page.goto(f"{demo.url}/?q={title}")
    expect(page.get_by_role("link", name=title)).to_have_count(0)


def test_a_new_entry_is_public_at_once_and_each_person_of_the_town_gets_one_mail(
    demo: Demo, page: Page, enter: Callable[[Page, str], None]
) -> None:
    enter(page, "Organisator bij Bibliotheek Gent-Demo")
    page.get_by_role("link", name="Nieuwe activiteit").first.click()
    page.get_by_label("Titel").fill("Samen puzzelen in de bib")
    page.get_by_label("Wat doen we?").fill("We leggen samen grote puzzels. De koffie staat klaar.")
    page.get_by_text("vaste dagen per week").click()
    week = page.get_by_role("region", name="Vaste dagen per week")
    week.get_by_text("wo", exact=True).click()
    week.get_by_label("Van (mag leeg)").fill("14")
    week.get_by_label("Tot (mag leeg)").fill("16u30")
    week.get_by_label("Vanaf").fill("1 december")
    page.get_by_label("Naam van de plaats").fill("Bibliotheek Gent-Demo")
    page.get_by_label("Straat en nummer").fill("Demoplein 1")
    page.get_by_label("Postcode").fill("9000")
    page.get_by_label("Adres of nummer, rij 1").fill("puzzel@bib-demo.example")
    page.get_by_role("button", name="Publiceren").click()
    expect(page.get_by_text("“Samen puzzelen in de bib” staat online.")).to_be_visible()

    page.goto(f"{demo.url}/?q=puzzelen")
    page.get_by_role("link", name="Samen puzzelen in de bib").click()
    expect(page.get_by_text("Elke woensdag van 14 tot 16.30 uur")).to_be_visible()
    expect(page.get_by_text("puzzel@bib-demo.example")).to_be_visible()

    assert demo.send_mail() == {"sent": 2, "failed": 0, "waiting": 0}
    assert demo.send_mail() == {"sent": 0, "failed": 0, "waiting": 0}
    told = sorted(one for received in demo.mailbox.received for one in received.recipients)
    assert told == ["backup@doemee.example", "gent@doemee.example"]
    message = demo.mailbox.received[0].message
    assert message["Subject"] == "Nieuw in Gent: Samen puzzelen in de bib"
    assert "Elke woensdag van 14 tot 16.30 uur" in message.get_body(("plain",)).get_content()
    assert f"{demo.url}/admin/activity/details/?id=" in message.get_body(("html",)).get_content()


def test_the_link_in_the_mail_opens_the_very_record_after_signing_in(
    demo: Demo, page: Page, open_page: Callable[..., Page], enter: Callable[[Page, str], None]
) -> None:
    enter(page, "Organisator bij Bibliotheek Gent-Demo")
    page.goto(f"{demo.url}/admin/activity/?state=draft&when=all")
    page.locator("table.list a.title").first.click()
    title = page.get_by_role("heading", level=1).inner_text()
    page.get_by_role("button", name="Publiceren").click()
    expect(page.get_by_text(f"“{title}” staat online.")).to_be_visible()
    demo.send_mail()
    text = demo.mailbox.to("gent@doemee.example")[0].get_body(("plain",)).get_content()
    link = next(word for word in text.split() if word.startswith(demo.url))

    colleague = open_page()
    colleague.goto(link)
    colleague.get_by_role("button", name="Lokale beheerder van Gent").first.click()
    expect(colleague.get_by_role("heading", level=1)).to_have_text(title)
    colleague.get_by_role("button", name="Gezien").click()
    expect(colleague.get_by_text("1 activiteit staat op gezien.")).to_be_visible()


def test_a_rejection_asks_a_reason_and_can_be_undone(
    demo: Demo, page: Page, enter: Callable[[Page, str], None], troubles: list[str]
) -> None:
    enter(page, "Lokale beheerder van Gent")
    page.get_by_role("link", name="Begin met keuren").click()
    title = page.locator("#rec").inner_text()
    page.get_by_role("link", name="Afwijzen…").click()
    page.get_by_role("button", name="Afwijzen").click()
    expect(page.get_by_text("Kies een reden.").first).to_be_visible()
    assert len(troubles) == 1
    assert "400" in troubles.pop()  # the browser notes that the form came back
    page.get_by_label("Niet voor nieuwkomers").check()
    page.get_by_role("button", name="Afwijzen").click()
    expect(page.get_by_text(f"“{title}” is afgewezen.")).to_be_visible()
    page.get_by_role("button", name="Ongedaan maken").click()
    expect(page.locator("#rec")).to_have_text(title)


def test_what_changes_on_uit_arrives_with_the_next_sync(
    demo: Demo, page: Page, enter: Callable[[Page, str], None]
) -> None:
    assert demo.sync()["created"] == 0
    event = next(event for event in demo.uit.all() if event["location"]["address"]["nl"]["postalCode"] == "9000")
    fresh = event | {
        "@id": "http://127.0.0.1/events/00000000-0000-4000-8000-00000000abcd",
        "name": {"nl": "Zingen op het plein"},
        "labels": ["één taalicoon"],
    }
    demo.uit.put(fresh)
    assert demo.sync()["created"] == 1
    enter(page, "Lokale beheerder van Gent")
    page.get_by_role("link", name="Te keuren").first.click()
    expect(page.get_by_role("link", name="Zingen op het plein")).to_be_visible()
