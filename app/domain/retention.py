"""What we keep of people, why, who sees it, how long, and what happens then: the table of `docs/privacy.md`.

`app.services.retention` does what these lines say, every night.
"""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

DELETED, ANONYMISED, BLANKED = "verwijderd", "anoniem gemaakt", "leeggemaakt"
NOBODY, NO_PEOPLE = "niemand op een scherm", "geen"
EVERYBODY = "iedereen, op de publieke site"
MODERATORS = "wie de gemeente modereert of er meeleest, het platform"


@dataclass(frozen=True, slots=True)
class Kept:
    """One line: a table, or a part of one. Without `months` and `days` it stays, and `since` says why or how long.

    `since` goes on after the period: `24 maanden` + `na de laatste aanmelding`.
    """

    table: str
    name: str
    purpose: str
    holds: str
    seen_by: str
    since: str
    months: int | None = None
    days: int | None = None
    then: str = ""

    @property
    def period(self) -> str:
        if self.months is not None:
            return f"{self.months} maanden {self.since}"
        if self.days is not None:
            return f"{self.days} {'dag' if self.days == 1 else 'dagen'} {self.since}"
        return self.since

    def before(self, now: datetime) -> datetime:
        """What happened before this instant is due."""
        return months_before(now, self.months or 0)


def months_before(now: datetime, months: int) -> datetime:
    """The same day and hour so many months ago; the last day of a month that is too short."""
    year, month = divmod(now.year * 12 + now.month - 1 - months, 12)
    return now.replace(year=year, month=month + 1, day=min(now.day, monthrange(year, month + 1)[1]))


def reference(table: str, name: str, purpose: str) -> Kept:
    return Kept(table, name, purpose, NO_PEOPLE, EVERYBODY, "zolang het platform bestaat")


ACCOUNT = Kept(
    "user",
    "Account",
    "aanmelden, rechten geven, en weten wie wat besliste",
    "naam, e-mailadres, gehasht wachtwoord, dag van de laatste aanmelding",
    "de ploeg van de eigen gemeente of organisatie, het platform",
    "na de laatste aanmelding, zonder mandaat dat nog geldt",
    months=24,
    then=ANONYMISED,
)
INVITATION = Kept(
    "invitation",
    "Uitnodiging",
    "een collega een rol geven",
    "naam en e-mailadres van wie uitgenodigd is",
    "alle beheerders van de gemeente, of alle organisatoren van de organisatie, en het platform",
    "na het antwoord, of nadat ze verviel",
    months=3,
    then=BLANKED,
)
REASON = Kept(
    "absence",
    "Afwezigheid: de reden",
    "collega’s weten waarom iemand er niet is",
    "de reden, als iemand die gaf",
    "wie de afwezigheid regelt",
    "na het einde",
    months=12,
    then=BLANKED,
)
ADDRESS = Kept(
    "mail",
    "Mail: het adres",
    "nagaan of een mail aankwam",
    "e-mailadres, woorden van de mailserver",
    "het platform",
    "na het versturen",
    months=6,
    then=BLANKED,
)
MAIL = Kept(
    "mail",
    "Mail",
    "nagaan wie wat wanneer kreeg; de tekst zelf bewaren we niet",
    "wie de mail kreeg",
    "het platform",
    "na het maken",
    months=24,
    then=DELETED,
)
DELIVERY = Kept(
    "delivery",
    "Bestemmeling van een bericht",
    "elk bericht maar één keer sturen",
    "wie het kreeg, en in welke rol",
    NOBODY,
    "na het maken, samen met de mail",
    months=24,
    then=DELETED,
)
REPLY_TO = Kept(
    "report",
    "Melding: het adres",
    "wie dat vroeg een antwoord geven",
    "e-mailadres van de melder, als die het gaf",
    MODERATORS,
    "na het afhandelen, en hoogstens 12 maanden na de melding",
    months=3,
    then=BLANKED,
)
REPORT = Kept(
    "report",
    "Melding",
    "rechtzetten wat niet klopt",
    "wat de melder schreef; wie het afhandelde",
    MODERATORS,
    "na het afhandelen, en hoogstens 24 maanden na de melding",
    months=12,
    then=DELETED,
)
CONTACT = Kept(
    "contact_channel",
    "Contact van een activiteit",
    "nieuwkomers kunnen de organisator bereiken",
    "telefoonnummer, e-mailadres of andere weg, soms van één persoon",
    "iedereen; wat intern is enkel wie de activiteit beheert",
    "nadat de activiteit voorbij of offline is",
    months=24,
    then=DELETED,
)
RECORD = Kept(
    "source_record",
    "Evenement van UiT",
    "beoordelen wat voor nieuwkomers is",
    "naam van de organisator; hoe je die bereikt enkel bij wat hier een activiteit werd",
    "wie modereert, het platform",
    "nadat een evenement voorbij is dat nooit een activiteit werd",
    months=12,
    then=DELETED,
)
ITEM = Kept(
    "sync_item",
    "Evenement dat we niet konden lezen",
    "de fout vinden",
    "wat UiT stuurde, zonder makers en zonder contactgegevens",
    "het platform",
    "na de ophaling",
    months=3,
    then=DELETED,
)
RUN = Kept(
    "sync_run",
    "Ophaling bij UiT",
    "zien of het ophalen werkt",
    NO_PEOPLE,
    "het platform",
    "na de ophaling",
    months=12,
    then=DELETED,
)
RESET = Kept(
    "password_reset",
    "Link voor een wachtwoord",
    "een wachtwoord kiezen",
    "wie erom vroeg; van de link enkel een hash",
    NOBODY,
    "nadat de link verviel",
    days=1,
    then=DELETED,
)
SESSION = Kept(
    "login_session",
    "Aangemelde browser",
    "aangemeld blijven, en andere toestellen kunnen afmelden",
    "wie, sinds wanneer, laatst gezien",
    "alleen jijzelf",
    "tot je afmeldt, of tot de sessie verloopt",
    then=DELETED,
)
ATTEMPT = Kept(
    "attempt",
    "Poging",
    "raden van wachtwoorden en misbruik van formulieren remmen",
    "een gesleutelde hash van adres of account, nooit het adres zelf",
    NOBODY,
    "na de poging",
    days=1,
    then=DELETED,
)
JOB = Kept(
    "job_run",
    "Uitgevoerde taak",
    "zien of de taken lopen",
    NO_PEOPLE,
    "het platform",
    "na de taak",
    days=14,
    then=DELETED,
)

KEPT: tuple[Kept, ...] = (
    ACCOUNT,
    SESSION,
    RESET,
    ATTEMPT,
    INVITATION,
    Kept("mandate", "Mandaat", "rechten geven: wie mag wat, waar en hoe lang", "wie, welke rol, wie het gaf", "de ploeg, het platform", "zolang het account er is; daarna blijft het zonder naam, om te kunnen verantwoorden wie bevoegd was"),
    Kept("absence", "Afwezigheid", "weten wie vervangt, en in wiens plaats iemand besliste", "wie, van wanneer tot wanneer, wie vervangt", "de ploeg van de gemeente, het platform", "zolang het account er is; daarna blijft het zonder naam"),
    REASON,
    Kept("agreement", "Afspraak met een netwerk", "netwerkmedewerkers rechten geven", "wie ze maakte", "de ploeg, het netwerk, het platform", "zolang het platform bestaat: ze verantwoordt wie bevoegd was"),
    Kept("activity", "Activiteit", "nieuwkomers vinden iets om mee te doen", "wie ze invoerde; namen in de tekst als de organisator die schreef", "iedereen, wat gepubliceerd is; notities enkel wie modereert", "zolang het platform bestaat, of tot de organisatie vraagt om ze te wissen"),
    CONTACT,
    Kept("organisation", "Organisatie", "weten wie publiceert", NO_PEOPLE, EVERYBODY, "zolang ze meedoet"),
    Kept("decision", "Beslissing", "verantwoorden waarom iets online kwam of niet", "wie besliste, in wiens plaats, en waarom", "wie modereert, de organisatie, het platform", "zolang de activiteit er is; de naam verdwijnt met het account"),
    Kept("change", "Geschiedenis", "verantwoorden wie wat wijzigde, en het kunnen terugzetten", "wie, wanneer, wat er stond", "wie het record mag zien", "zolang het platform bestaat; naam, adres, reden en contact verdwijnen eruit samen met het record zelf"),
    REPORT,
    REPLY_TO,
    Kept("notice", "Iets dat gebeurde", "iedereen één keer verwittigen", "wie het veroorzaakte", "het platform", "zolang de activiteit er is; de naam verdwijnt met het account"),
    DELIVERY,
    MAIL,
    ADDRESS,
    Kept("intake_rule", "Wat komt binnen", "kiezen wat van UiT binnenkomt", "wie de regel maakte; soms de naam van een organisator", "wie modereert of meeleest, het platform", "tot iemand de regel verwijdert"),
    RECORD,
    ITEM,
    RUN,
    JOB,
    reference("source", "Bron", "weten waar evenementen vandaan komen"),
    reference("municipality", "Gemeente", "weten waar iets is"),
    reference("postal_code", "Postcode", "weten waar iets is"),
    reference("region", "Streek", "gemeenten ordenen"),
    reference("network", "Netwerk", "gemeenten ordenen"),
    reference("topic", "Onderwerp", "activiteiten vinden"),
    reference("goal", "Doel", "activiteiten vinden"),
    reference("level", "Taalniveau", "activiteiten vinden"),
    reference("reason", "Reden om af te wijzen of in te trekken", "uitleggen waarom"),
)  # fmt: skip


def table(lines: Iterable[Kept] = KEPT) -> str:
    """The lines as the Markdown table of `docs/privacy.md`."""
    head = ["| wat | waarvoor | persoonsgegevens | wie ziet het | hoe lang | en dan |", "|---|---|---|---|---|---|"]
    rows = [
        f"| {it.name} (`{it.table}`) | {it.purpose} | {it.holds} | {it.seen_by} | {it.period} | {it.then or 'blijft'} |"
        for it in lines
    ]
    return "\n".join([*head, *rows])
