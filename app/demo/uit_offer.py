"""The offer of the demo, one line or two an event: first Gent, where most of it is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.demo.uit_calendar import When, always, dates, once, weekly

ONE, TWO, THREE, FOUR = "één taalicoon", "twee taaliconen", "drie taaliconen", "vier taaliconen"
COURSE, OPEN_COURSE, TALK = "0.3.1.0.0", "0.3.1.0.1", "0.3.2.0.0"
FESTIVAL, WALK, OPEN_DAY, ROUTE = "0.5.0.0.0", "0.7.0.0.0", "0.12.0.0.0", "0.17.0.0.0"
MATCH, PARTY, MARKET, CONCERT = "0.19.0.0.0", "0.28.0.0.0", "0.37.0.0.0", "0.50.4.0.0"
FILM, GAMES, THEATRE, CAMP = "0.50.6.0.0", "0.50.21.0.0", "0.55.0.0.0", "0.57.0.0.0"
SPORT, FOOD, EXHIBITION = "0.59.0.0.0", "1.50.0.0.0", "0.0.0.0.0"


@dataclass(frozen=True)
class Offer:
    """One invented event; `price` None says nothing, 0 is free; `more` overrides fields of the document."""

    key: str
    title: str
    text: str
    where: str
    who: str
    kind: str
    when: When
    labels: tuple[str, ...] = ()
    price: float | None = 0
    more: Mapping[str, Any] = field(default_factory=dict)


FULL = {"bookingAvailability": {"type": "Unavailable", "capacity": 12, "remainingCapacity": 0}}
MEMBERS = {"audience": {"audienceType": "members"}}
SCHOOLS = {"audience": {"audienceType": "education"}}

GENT = (
    Offer("babbelcafe", "Babbelcafé: oefen je Nederlands bij een kop koffie",
          "<p>Kom babbelen over <strong>van alles en nog wat</strong>. Fouten "
          "maken mag!</p><p>De koffie staat klaar.</p>",
          "bib-gent", "bib", OPEN_COURSE, weekly("tuesday thursday", "10:00", "11:30", closed=20),
          (TWO, "babbelen")),
    Offer("praattafel-avond", "Praattafel op woensdagavond",
          "<p>Overdag geen tijd? Dan praten we 's avonds.</p><ul><li>in kleine "
          "groep</li><li>met vrijwilligers</li></ul>",
          "brugse-poort", "babbel", OPEN_COURSE, weekly("wednesday", "19:00", "20:30"), (ONE,)),
    Offer("samen-koken", "Samen koken, samen eten",
          "<p>Iedereen brengt een recept mee van thuis. We koken samen en schuiven daarna aan tafel.</p>",
          "ledeberg", "buurt", FOOD, dates("17:30", "21:00", 6, 20, 34), (TWO, "koken"), 3),
    Offer("naaiatelier", "Naaiatelier: breng je kapotte broek mee",
          "<p>Lena en Fatima tonen hoe je een rits vervangt. Naaimachines zijn er &amp; garen ook.</p>",
          "sint-amandsberg", "buurt", OPEN_COURSE, weekly("friday", "13:30", "16:00"), (ONE, "naaien")),
    Offer("wandelbuddies", "Wandelbuddy's: stap mee door de wijk",
          "<p>We wandelen een uur, rustig en gezellig.<br>Bij regen drinken we thee.</p>",
          "brugse-poort", "sport", SPORT, weekly("monday", "14:00", "15:30"), (ONE, "wandelen")),
    Offer("fietsles", "Leren fietsen voor volwassenen",
          "<p>Nooit leren fietsen? Het is nooit te laat. Je krijgt een fiets en een helm van ons.</p>",
          "wondelgem", "sport", COURSE,
          dates("10:00", "12:00", 8, 15, 22, 29, cancelled=15, why="De zaal is bezet."),
          (TWO, "fietsen"), 10),
    Offer("moestuin", "Werken in de moestuin van De Rode Biet",
          "<p>Zaaien, wieden, oogsten. Wie meewerkt, neemt groenten mee naar huis.</p>",
          "wondelgem", "tuin", SPORT, always(("saturday", "9:30", "12:30")), (TWO, "vrijwilligerswerk")),
    Offer("digitaal", "Digidokter: vragen over je smartphone",
          "<p>Kom langs met je smartphone of laptop. Een vrijwilliger zoekt het samen met jou uit.</p>",
          "bib-gent", "bib", OPEN_COURSE, weekly("monday wednesday", "13:00", "16:00"), (THREE, "digitaal")),
    Offer("boekenclub", "Boekenclub in makkelijk Nederlands",
          "<p>We lezen elke maand een dun boek en praten erover. Het boek krijg je van de bib.</p>",
          "bib-gent", "bib", TALK, dates("19:30", "21:00", 12, 40, 68), (THREE, "lezen")),
    Offer("koor", "Zing mee met het buurtkoor",
          "<p>Noten lezen hoeft niet. We zingen liedjes in alle talen van de wijk.</p>",
          "ledeberg", "buurt", COURSE, weekly("tuesday", "20:00", "22:00"), (TWO, "zingen"), 2.5),
    Offer("vrijwilliger", "Proef van vrijwilligerswerk in het rusthuis",
          "<p>Twee namiddagen meedraaien in de cafetaria. Zo hoor je veel Nederlands.</p>",
          "ledeberg", "buurt", OPEN_DAY, dates("13:30", "17:00", 10, 17), (FOUR, "vrijwilligerswerk")),
    Offer("kleren-ruilen", "Kleren ruilen met de buren",
          "<p>Breng mee wat je niet meer draagt, neem mee wat je mooi vindt.</p>",
          "sint-amandsberg", "buurt", MARKET, once(16, "14:00", "17:00"), (ONE, "ruilen")),
    Offer("straatfeest", "Winterfeest in de straat: het grote wijkfeest",
          "<p>Muziek, eten en spelletjes voor groot en klein.</p>",
          "brugse-poort", "buurt", PARTY, once(45, "00:00", "23:59"), (ONE, "feest"), 0,
          {"availableFrom": "+10"}),
    Offer("theater-taal", "Toneel spelen in het Nederlands",
          "<p>Tien weken spelen en lachen, met een klein toonmoment op het einde.</p>",
          "zaal-gent", "babbel", COURSE, once(25, "19:00", "21:30", **FULL), (FOUR, "toneel"), 15),
    Offer("zwemmen", "Vrouwenzwemmen op zondag",
          "<p>Rustig zwemmen, met een vrouwelijke redder. Kinderopvang aanwezig.</p>",
          "wondelgem", "sport", SPORT, weekly("sunday", "9:00", "10:30"), (ONE, "zwemmen"), 4),
    Offer("jazz", "Jazz op donderdag: het Demotrio",
          "<p>Een avond vol swing in een kleine zaal.</p>",
          "zaal-gent", "muziek", CONCERT, once(13, "20:30", "23:00"), ("jazz",), 18),
    Offer("rock", "Demorock: drie bands op één avond", "<p>Oordopjes zijn te koop aan de bar.</p>",
          "zaal-gent", "muziek", CONCERT, once(27, "19:00", "00:30"), ("rock",), 22.5),
    Offer("expo", "Expo: de haven vroeger en nu", "<p>Oude foto's van de haven.</p>",
          "bib-gent", "bib", EXHIBITION, weekly("monday tuesday wednesday friday", "10:00", "18:00"),
          ("erfgoed",)),
    Offer("voorlezen", "Voorleesuurtje voor peuters", "<p>Voor kinderen van 2 tot 5 jaar.</p>",
          "bib-gent", "bib", TALK, weekly("wednesday", "14:30", "15:15"), ("voorlezen",), 0,
          {"typicalAgeRange": "2-5"}),
    Offer("kamp", "Sportkamp tijdens de vakantie", "<p>Vijf dagen sporten en spelen.</p>",
          "wondelgem", "sport", CAMP, dates("09:00", "16:00", 50, 51, 52, 53, 54), ("kamp",), 95,
          {"typicalAgeRange": "6-12"}),
    Offer("leden", "Algemene vergadering van de volkstuin", "<p>Enkel voor leden.</p>",
          "wondelgem", "tuin", TALK, once(30, "19:00", "21:00"), (), None, MEMBERS),
    Offer("schoolvoorstelling", "Schoolvoorstelling: De reis van Demo",
          "<p>Voor klassen van het lager onderwijs.</p>",
          "zaal-gent", "muziek", THEATRE, once(33, "10:00", "11:30"), (), 5, SCHOOLS),
    Offer("rommelmarkt", "Rommelmarkt onder de brug", "<p>Meer dan honderd standen.</p>",
          "sint-amandsberg", "buurt", MARKET, once(20, "08:00", "15:00"), ("rommelmarkt",)),
)  # fmt: skip
