"""What the organisations of the demo published: invented activities, with dates around the day of loading."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import StrEnum

from app.domain.clock import at_brussels
from app.domain.contact import Channel
from app.domain.schedule import Adjusted, Block, Closed, Dates, Flexible, Moment, Schedule, Status, Weekly

When = Callable[[date], Schedule]
MON, TUE, WED, THU, FRI, SAT, SUN = range(1, 8)


class Fate(StrEnum):
    """What became of an entry after it was made."""

    SEEN = "seen"
    NEW = "new"
    DRAFT = "draft"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Reach:
    """A way to reach the organiser, as a person would type it."""

    kind: Channel
    text: str
    public: bool = True


@dataclass(frozen=True, slots=True)
class Offer:
    """One own entry. `key` never changes: loading again finds the entry by it. The first channel is
    preferred; goals and topics are keys of the lists, `level` is the number of taaliconen."""

    key: str
    organisation: str
    title: str
    text: str
    when: When
    reach: tuple[Reach, ...]
    goals: str
    topics: str
    hours_ago: int
    place: str = ""
    street: str = ""
    postal_code: str = ""
    online_url: str = ""
    price: str = "gratis"
    level: int | None = None
    fate: Fate = Fate.SEEN


def days_ago(days: int) -> int:
    return days * 24


def mail(text: str) -> Reach:
    return Reach(Channel.EMAIL, text)


def mobile(text: str) -> Reach:
    return Reach(Channel.MOBILE, text)


def landline(text: str) -> Reach:
    return Reach(Channel.LANDLINE, text)


def moment(day: date, opens: str, closes: str, status: Status = Status.PLANNED, why: str = "") -> Moment:
    start, end = time.fromisoformat(opens), time.fromisoformat(closes)
    return Moment(at_brussels(day, start), at_brussels(day, end), status, why)


def on(opens: str, closes: str, *ahead: int, weekday: int, cancelled: int | None = None, why: str = "") -> When:
    """Dates: on this weekday, so many weeks from now (negative: ago); one of them may be cancelled."""

    def when(today: date) -> Schedule:
        day = today + timedelta(days=(weekday - today.isoweekday()) % 7)
        return Dates(
            tuple(
                moment(day + timedelta(weeks=weeks), opens, closes, Status.CANCELLED, why)
                if weeks == cancelled
                else moment(day + timedelta(weeks=weeks), opens, closes)
                for weeks in ahead
            )
        )

    return when


def weekly(
    *blocks: tuple[int, str, str],
    since_weeks: int = 8,
    until_weeks: int | None = None,
    every: int = 1,
    closed: tuple[int, int, str] | None = None,
    other_hours: tuple[int, str, str, str] | None = None,
) -> When:
    """Fixed days a week. `closed`: first and last day, counted from today, and why; `other_hours`: the week
    that starts so many weeks after this one, its hours, and why."""

    def when(today: date) -> Schedule:
        monday = today - timedelta(days=today.weekday())
        return Weekly(
            blocks=tuple(_block(frozenset({day}), opens, closes) for day, opens, closes in blocks),
            first_day=monday - timedelta(weeks=since_weeks),
            last_day=monday + timedelta(weeks=until_weeks, days=6) if until_weeks else None,
            every=every,
            closed=_closed(today, *closed) if closed else (),
            adjusted=_adjusted(monday, frozenset(block[0] for block in blocks), *other_hours) if other_hours else (),
        )

    return when


def flexible(words: str, from_days: int | None = None) -> When:
    """In consultation, perhaps from so many days after today."""
    return lambda today: Flexible(None if from_days is None else today + timedelta(days=from_days), words)


def _block(weekdays: frozenset[int], opens: str, closes: str) -> Block:
    return Block(weekdays, time.fromisoformat(opens), time.fromisoformat(closes))


def _closed(today: date, first: int, last: int, why: str) -> tuple[Closed, ...]:
    return (Closed(today + timedelta(days=first), today + timedelta(days=last), why),)


def _adjusted(
    monday: date, weekdays: frozenset[int], weeks: int, opens: str, closes: str, why: str
) -> tuple[Adjusted, ...]:
    first = monday + timedelta(weeks=weeks)
    return (Adjusted(first, first + timedelta(days=6), (_block(weekdays, opens, closes),), why),)


BIB, BRUGWACHTER, SPORT, SAS = "bib", "brugwachter", "sportvrienden", "sas"
DRAAD, WERKWIJZER, DUO = "draad", "werkwijzer", "duo"
STAPVOETS, KEUKEN, TUIN, BUREN = "stapvoets", "keuken", "doetuin", "buren"
GENT, DEINZE, LOCHRISTI = "gent", "deinze", "lochristi"

OFFERS = (
    Offer(
        "babbeluur",
        BIB,
        "Babbeluur in de bib",
        "Kom praten bij een kop koffie. We zitten in kleine groepjes, met een vrijwilliger erbij. Fouten maken mag.",
        weekly((MON, "14:00", "15:30"), closed=(21, 34, "Vakantie in de bib.")),
        (mail("babbel@bib-demo.example"), landline("09 200 00 11")),
        "dutch meet",
        "talking reading",
        days_ago(52),
        "Bibliotheek Gent-Demo",
        "Demokaai 1",
        "9000",
        level=2,
    ),
    Offer(
        "breien",
        BIB,
        "Babbelen en breien",
        "We breien samen en praten over van alles. Wol en naalden liggen klaar. Je hoeft niets te kennen.",
        weekly((TUE, "14:00", "16:00"), since_weeks=1, until_weeks=40, closed=(27, 27, "De zaal is bezet.")),
        (mail("breien@bib-demo.example"), landline("09 200 00 11")),
        "dutch meet learn",
        "making talking",
        14,
        "Bibliotheek Gent-Demo",
        "Demokaai 1",
        "9000",
        level=2,
        fate=Fate.NEW,
    ),
    Offer(
        "voorlezen",
        BIB,
        "Voorlezen voor kleuters, koffie voor ouders",
        "Je kind luistert naar een verhaal. Jij drinkt koffie met andere ouders. Je hoeft je niet in te schrijven.",
        weekly((WED, "10:00", "11:00"), every=2),
        (Reach(Channel.ON_THE_SPOT, "Vraag het aan de balie van de bib."), landline("09 200 00 11")),
        "dutch meet friends",
        "family reading",
        days_ago(38),
        "Bibliotheek Gent-Demo",
        "Demokaai 1",
        "9000",
        level=1,
    ),
    Offer(
        "digidokter",
        BIB,
        "Samen je telefoon leren kennen",
        "Breng je telefoon mee en stel je vraag. We tonen het stap voor stap, op jouw tempo.",
        on("13:30", "15:30", 1, 2, 3, 4, weekday=THU),
        (mail("telefoon@bib-demo.example"),),
        "learn dutch",
        "computer",
        days_ago(1),
        "Bibliotheek Gent-Demo",
        "Demokaai 1",
        "9000",
        level=2,
        fate=Fate.DRAFT,
    ),
    Offer(
        "buurtsoep",
        BRUGWACHTER,
        "Buurtsoep op vrijdag",
        "Kom mee groenten snijden vanaf 10 uur, of schuif om 12 uur aan. Er is altijd soep zonder vlees.",
        weekly((FRI, "10:00", "13:30")),
        (mobile("0470 00 00 21"), Reach(Channel.MESSENGER, "brugwachter.demo")),
        "meet friends dutch",
        "cooking neighbourhood",
        days_ago(47),
        "Buurthuis De Brugwachter-Demo",
        "Voorbeeldbrug 12",
        "9000",
        price="1 euro",
        level=1,
    ),
    Offer(
        "spelletjes",
        BRUGWACHTER,
        "Spelletjesavond voor iedereen",
        "We spelen kaart, domino en spelletjes van thuis. Ken je een spel uit je eigen land? Breng het mee.",
        weekly((TUE, "19:00", "21:30"), until_weeks=20, every=2),
        (Reach(Channel.WHATSAPP, "0470 00 00 21"), mail("hallo@brugwachter-demo.example")),
        "meet friends",
        "games talking",
        days_ago(33),
        "Buurthuis De Brugwachter-Demo",
        "Voorbeeldbrug 12",
        "9000",
        level=1,
    ),
    Offer(
        "oudercafe",
        BRUGWACHTER,
        "Oudercafé na school",
        "Je kind speelt, jij praat met andere ouders. Soms vertelt er iemand over school of gezondheid.",
        on("15:30", "17:00", 1, 3, 5, 7, weekday=THU, cancelled=3, why="De school is dan dicht."),
        (mail("ouders@brugwachter-demo.example"),),
        "dutch meet",
        "family health",
        days_ago(12),
        "Buurthuis De Brugwachter-Demo",
        "Voorbeeldbrug 12",
        "9000",
        level=2,
    ),
    Offer(
        "voetbal",
        SPORT,
        "Voetbal op zondag",
        "Iedereen mag meedoen. Schoenen kan je lenen. Kom gewoon langs.",
        weekly((SUN, "10:00", "12:00"), since_weeks=1),
        (mobile("0470 00 00 31"), Reach(Channel.TELEGRAM, "@sportvrienden_demo")),
        "meet friends",
        "sport",
        12,
        "Grasveld aan de Demolaan",
        "",
        "9000",
        level=1,
        fate=Fate.NEW,
    ),
    Offer(
        "loopgroep",
        SPORT,
        "Loopgroep voor beginners",
        "We starten traag: lopen en stappen wisselen af. Na tien weken loop je vijf kilometer.",
        weekly(
            (MON, "18:30", "19:30"),
            (THU, "18:30", "19:30"),
            since_weeks=3,
            until_weeks=7,
            other_hours=(3, "19:00", "20:00", "De piste is vroeger bezet."),
        ),
        (Reach(Channel.SIGNAL, "0470 00 00 32"), mail("lopen@sportvrienden-demo.example")),
        "meet learn",
        "sport health",
        days_ago(26),
        "Sportveld Rabot-Demo",
        "Proefstraat 40",
        "9000",
        level=1,
    ),
    Offer(
        "zwemmen",
        SPORT,
        "Samen leren zwemmen, voor vrouwen",
        "Een vrouw geeft les en er zijn enkel vrouwen in het bad. Nooit gezwommen? Dan begin je in het kleine bad.",
        on("19:00", "20:00", -1, 0, 1, 2, 3, weekday=WED),
        (Reach(Channel.WHATSAPP, "0470 00 00 32"),),
        "learn meet",
        "swimming health",
        days_ago(20),
        "Zwembad De Demobaan",
        "Proefstraat 42",
        "9030",
        price="2 euro",
        level=1,
    ),
    Offer(
        "taalcafe",
        SAS,
        "Taalcafé Het Sas",
        "Aan elke tafel zit iemand die goed Nederlands spreekt. Je kiest zelf waarover je praat.",
        weekly((THU, "19:00", "21:00"), closed=(18, 31, "Vakantie.")),
        (mail("tafel@sas-demo.example"), Reach(Channel.WEBSITE, "www.sas-demo.example")),
        "dutch meet friends",
        "talking",
        days_ago(60),
        "Café Het Sas-Demo",
        "Demodok 3",
        "9000",
        level=2,
    ),
    Offer(
        "praten-wandelen",
        SAS,
        "Wandelen en praten",
        "We wandelen een uur langs het water, twee aan twee. Na een kwartier wissel je van partner.",
        on("10:00", "11:30", 0, 2, 4, 6, weekday=SAT),
        (mobile("0470 00 00 41"), mail("wandelen@sas-demo.example")),
        "dutch meet",
        "walking talking",
        days_ago(16),
        "Vertrek aan café Het Sas-Demo",
        "Demodok 3",
        "9000",
        level=3,
    ),
    Offer(
        "praten-online",
        SAS,
        "Praten van thuis uit",
        "Een half uur babbelen met één vrijwilliger, op je computer of telefoon. We mailen je de link.",
        weekly((TUE, "20:00", "20:30"), (THU, "20:00", "20:30"), since_weeks=5),
        (mail("online@sas-demo.example"),),
        "dutch",
        "talking computer",
        days_ago(30),
        online_url="https://www.sas-demo.example/praten",
        level=2,
    ),
    Offer(
        "repair",
        DRAAD,
        "Repair café: leer herstellen",
        "Breng iets mee dat stuk is: een lamp, een fietsband, een broek. We herstellen het samen.",
        on("13:00", "17:00", 1, 5, 9, weekday=SAT),
        (landline("09 200 00 51"), mail("repair@draad-demo.example")),
        "learn meet volunteer",
        "repair making",
        days_ago(24),
        "Werkplaats De Draad-Demo",
        "Voorbeeldstraat 8",
        "9000",
        level=2,
    ),
    Offer(
        "naaien",
        DRAAD,
        "Naaicafé",
        "Er staan acht machines klaar. Je leert een zoom, een rits, en na een tijd een hele rok.",
        weekly((WED, "13:30", "16:30"), until_weeks=16, closed=(10, 16, "De machines zijn in onderhoud.")),
        (mail("naaien@draad-demo.example"), Reach(Channel.IMO, "0470 00 00 51", public=False)),
        "learn meet",
        "making",
        days_ago(41),
        "Werkplaats De Draad-Demo",
        "Voorbeeldstraat 8",
        "9000",
        price="2 euro",
        level=1,
    ),
    Offer(
        "solliciteren",
        WERKWIJZER,
        "Samen solliciteren",
        "We schrijven samen je brief en oefenen een gesprek. Breng je cv mee, als je er een hebt.",
        on("09:00", "12:00", 1, 2, weekday=THU),
        (mobile("0470 00 00 61"), mail("hulp@werkwijzer-demo.example")),
        "work dutch",
        "work",
        3,
        online_url="https://www.werkwijzer-demo.example/samen",
        level=3,
        fate=Fate.NEW,
    ),
    Offer(
        "taalstage",
        WERKWIJZER,
        "Taalstage in een rusthuis",
        "Je helpt enkele uren per week: koffie brengen, praten, mee wandelen. Iemand begeleidt je.",
        flexible("Je kiest zelf twee halve dagen per week.", from_days=14),
        (mail("stage@werkwijzer-demo.example"), landline("09 200 00 61")),
        "work dutch volunteer",
        "work helping health",
        days_ago(36),
        "Rusthuis De Voorbeeldhof",
        "Proefdreef 5",
        "9040",
        level=3,
    ),
    Offer(
        "buddy",
        DUO,
        "Zoek een buddy",
        "Jij en je buddy spreken om de twee weken af, een half jaar lang. Samen koken, wandelen, naar de "
        "film: je kiest zelf.",
        flexible("Jullie spreken zelf af wanneer. Liefst twee keer per maand."),
        (Reach(Channel.WHATSAPP, "0470 00 00 71"), mail("buddy@duo-demo.example")),
        "friends meet dutch",
        "buddy talking",
        days_ago(58),
        "Overal in Gent",
        "",
        "9000",
        level=3,
    ),
    Offer(
        "duo-dubbel",
        DUO,
        "Buddy gezocht",
        "Zoek een buddy om samen dingen te doen. Wij stellen jullie aan elkaar voor.",
        flexible(""),
        (mail("buddy@duo-demo.example"),),
        "friends",
        "buddy",
        days_ago(9),
        "Overal in Gent",
        "",
        "9000",
        level=3,
        fate=Fate.WITHDRAWN,
    ),
    Offer(
        "rondleiding",
        GENT,
        "Welkom in je stad: rondleiding in makkelijk Nederlands",
        "In twee uur zie je waar alles is: het stadhuis, de bib, de markt en het dienstencentrum.",
        on("10:00", "12:00", -2, 1, 4, weekday=SUN),
        (landline("09 200 00 81"), mail("welkom@gent-demo.example")),
        "meet dutch",
        "walking neighbourhood",
        days_ago(29),
        "Onthaal Stad Gent-Demo",
        "Demoplein 1",
        "9000",
        level=1,
    ),
    Offer(
        "zomerfeest",
        GENT,
        "Feest met de buren",
        "Muziek, thee en taart op straat. Breng een stoel mee, en iets lekkers als je wil.",
        on("14:00", "18:00", -3, weekday=SAT),
        (mail("welkom@gent-demo.example"),),
        "meet friends",
        "neighbourhood music",
        days_ago(45),
        "Demoplein",
        "Demoplein",
        "9050",
        level=1,
    ),
    Offer(
        "stapvoets",
        STAPVOETS,
        "Stapvoets: wandel mee langs de Leie",
        "Elke zaterdag een andere wandeling van vijf kilometer. We wachten op wie trager gaat.",
        weekly((SAT, "09:30", "11:30")),
        (mobile("0470 00 00 91"), Reach(Channel.WEBSITE, "www.stapvoets-demo.example")),
        "meet friends dutch",
        "walking health",
        days_ago(50),
        "Vertrek aan het station",
        "",
        "9800",
        level=1,
    ),
    Offer(
        "samen-koken",
        KEUKEN,
        "Keuken van de wereld",
        "Elke maand kookt iemand anders een gerecht van thuis. De anderen helpen. Daarna eten we samen.",
        on("17:30", "21:00", 0, 4, 8, weekday=FRI),
        (mail("keuken@wereld-demo.example"), Reach(Channel.WHATSAPP, "0470 00 00 92")),
        "meet dutch learn",
        "cooking",
        days_ago(22),
        "Parochiezaal Demovele",
        "Voorbeelddorp 9",
        "9850",
        price="3 euro",
        level=2,
    ),
    Offer(
        "fietsatelier",
        DEINZE,
        "Leer je fiets herstellen",
        "Een lekke band, een losse ketting: na deze les los je het zelf op. Gereedschap is er.",
        on("13:30", "16:30", 1, weekday=SAT),
        (landline("09 200 00 82"), mail("fiets@deinze-demo.example")),
        "learn meet",
        "cycling repair",
        days_ago(11),
        "Stadsmagazijn Deinze-Demo",
        "Proefweg 2",
        "9800",
        level=2,
    ),
    Offer(
        "volkstuin",
        BUREN,
        "Tuinieren met de buren",
        "We delen een grote tuin. Je leert zaaien en oogsten, en neemt groenten mee naar huis.",
        weekly((WED, "18:00", "20:00"), (SUN, "09:00", "12:00"), until_weeks=14),
        (mail("tuin@buren-demo.example"), mobile("0470 00 00 93")),
        "meet learn volunteer",
        "gardening neighbourhood",
        days_ago(34),
        "Volkstuin Demochristi",
        "Proefdorp 20",
        "9080",
        level=1,
    ),
    Offer(
        "leestafel",
        LOCHRISTI,
        "Leestafel: samen de krant lezen",
        "We lezen een krant in makkelijk Nederlands en praten over het nieuws van de week.",
        weekly((THU, "10:00", "11:30"), since_weeks=4),
        (landline("09 200 00 83"),),
        "dutch meet",
        "reading talking",
        days_ago(18),
        "Gemeentehuis Lochristi-Demo",
        "Proefdorp 1",
        "9080",
        level=3,
    ),
    Offer(
        "doetuin",
        TUIN,
        "Helpen in de doetuin",
        "We zorgen samen voor kippen, een serre en een kruidentuin. Kom een keer proberen.",
        flexible("Je kiest zelf je halve dag. Er is iemand op maandag, woensdag en zaterdag."),
        (mobile("0470 00 00 94"), Reach(Channel.ON_THE_SPOT, "Loop binnen langs het groene hek.")),
        "volunteer dutch meet",
        "gardening helping",
        days_ago(27),
        "Doetuin Zulte-Demo",
        "Voorbeeldweg 15",
        "9870",
        level=1,
    ),
)
