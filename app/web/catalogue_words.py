"""What the public pages say of an activity: each word, link and month ready for the template."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _

from app.domain import months, wording
from app.domain.clock import brussels_date
from app.domain.contact import Channel
from app.domain.day_words import capital, last_day
from app.domain.schedule import HORIZON_DAYS, Flexible, Moment, Schedule, Status
from app.models import Activity, ContactChannel
from app.services.catalogue import Way

LINKS = ("https://", "http://", "mailto:", "tel:")
CALLED = frozenset({Channel.MOBILE, Channel.LANDLINE})
ICONS = {
    Channel.EMAIL: "mail",
    Channel.MOBILE: "phone",
    Channel.LANDLINE: "phone",
    Channel.WEBSITE: "web",
    Channel.ON_THE_SPOT: "pin",
}
# From what one can join to what one cannot, with the colour and icon of each.
SIGNS = {
    Status.PLANNED: ("", ""),
    Status.SOLD_OUT: ("wait", "info"),
    Status.POSTPONED: ("wait", "clock"),
    Status.CANCELLED: ("stop", "no"),
}
BEST_FIRST = list(SIGNS)


@dataclass(frozen=True, slots=True)
class Sign:
    """A status to say clearly: the colour, the icon and the word of `.state`."""

    tone: str
    icon: str
    word: str


@dataclass(frozen=True, slots=True)
class Card:
    """An activity in a list."""

    activity: Activity
    day: str
    rhythm: str
    place: str
    sign: Sign | None


@dataclass(frozen=True, slots=True)
class Contact:
    """A public way to reach the organiser; without a link it is words only."""

    icon: str
    words: str
    link: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Next:
    day: str
    hours: str


@dataclass(frozen=True, slots=True)
class Page:
    """An activity on its own page. The row holds internal things too: the template names what it shows."""

    activity: Activity
    sign: Sign | None
    note: str
    paragraphs: list[list[str]]
    sentence: str
    next: Next | None
    months: list[tuple[str, months.Weeks]]
    marks: set[str]
    contacts: list[Contact]
    online_url: str
    source_url: str


def card(activity: Activity, now: datetime, town: str = "") -> Card:
    """`town` is the one already chosen: it need not be said again on each card."""
    schedule = activity.schedule
    return Card(
        activity=activity,
        day=_day(activity, schedule, now),
        rhythm=wording.short(schedule),
        place=_place(activity, town),
        sign=sign(_status(activity, schedule, now)),
    )


def page(activity: Activity, now: datetime) -> Page:
    schedule = activity.schedule
    status = _status(activity, schedule, now)
    takes_place = status not in (Status.CANCELLED, Status.POSTPONED)
    drawn = months.around(schedule, now) if takes_place else []
    return Page(
        activity=activity,
        sign=sign(status),
        note=_note(status),
        paragraphs=paragraphs(activity.description),
        sentence=wording.sentence(schedule),
        next=_next(schedule, now) if takes_place else None,
        months=drawn,
        marks={day["mark"] for _, weeks in drawn for week in weeks for day in week if day},
        contacts=list(_contacts(activity)),
        online_url=_web(activity.online_url) if activity.online else "",
        source_url=_web(activity.source_url),
    )


def way(way: Way, town: str) -> str:
    """A way out of an empty list, as a button: how many there are when one filter goes."""
    words = {
        "": _("In %(town)s", town=way.filters.where),
        "where": _("In alle gemeenten"),
        "topic": _("Over alle onderwerpen"),
        "level": _("Met om het even hoeveel Nederlands"),
        "goal": _("Om elke reden"),
        "words": _("Zonder je zoekwoord"),
        "all": _("Alles wat er is"),
    }
    return _("%(words)s: %(count)s", words=words[way.without], count=counted(way.count))


def counted(count: int) -> str:
    return _("1 activiteit") if count == 1 else _("%(count)d activiteiten", count=count)


def sign(status: Status) -> Sign | None:
    if status is Status.PLANNED:
        return None
    tone, icon = SIGNS[status]
    return Sign(tone, icon, capital(_(wording.STATUS_WORDS[status])))


def paragraphs(text: str) -> list[list[str]]:
    """Plain text as paragraphs of lines: an empty line starts a new one."""
    found: list[list[str]] = [[]]
    for line in text.splitlines():
        if line.strip():
            found[-1].append(line.strip())
        elif found[-1]:
            found.append([])
    return [lines for lines in found if lines]


# --- when ---


def _status(activity: Activity, schedule: Schedule, now: datetime) -> Status:
    """The status of the whole, or that of what is still to come."""
    if activity.status is not Status.PLANNED:
        return activity.status
    coming = _coming(schedule, now)
    return coming.status if coming else Status.PLANNED


def _coming(schedule: Schedule, now: datetime) -> Moment | None:
    """The next moment one can join; without any, the next that is sold out, put off or cancelled."""
    best = None
    for moment in schedule.occurrences(now, now + timedelta(days=HORIZON_DAYS)):
        if moment.status is Status.PLANNED:
            return moment
        if best is None or BEST_FIRST.index(moment.status) < BEST_FIRST.index(best.status):
            best = moment
    return best


def _day(activity: Activity, schedule: Schedule, now: datetime) -> str:
    moment = _coming(schedule, now)
    if moment is not None:
        return _under_way(moment, now) or wording.day_and_hour(moment, now)
    if not isinstance(schedule, Flexible):
        return capital(wording.short(schedule))
    if schedule.from_day is None or schedule.from_day <= brussels_date(now):
        return _("Jij kiest wanneer")
    return _("Vanaf %(day)s", day=wording.day(schedule.from_day, now))


def _under_way(moment: Moment, now: datetime) -> str:
    """For what began on an earlier day and is not over."""
    if brussels_date(moment.start) >= brussels_date(now):
        return ""
    last = last_day(moment)
    if last <= brussels_date(now):
        return _("Nu bezig")
    return _("Nu, tot en met %(day)s", day=wording.day(last, now))


def _next(schedule: Schedule, now: datetime) -> Next | None:
    moment = _coming(schedule, now)
    if moment is None:
        return None
    if under_way := _under_way(moment, now):
        return Next(under_way, "")
    day = brussels_date(moment.start)
    words = ", ".join(part for part in (wording.near(day, now), wording.day(day, now)) if part)
    if last_day(moment) != day:
        return Next(words, _("tot en met %(day)s", day=wording.day(last_day(moment), now)))
    return Next(words, wording.hours(moment))


def _note(status: Status) -> str:
    """What the status means for somebody who wants to come."""
    return {
        Status.CANCELLED: _("Deze activiteit gaat niet door. Je hoeft niet te komen."),
        Status.POSTPONED: _("Deze activiteit is uitgesteld. Er is nog geen nieuwe datum."),
        Status.SOLD_OUT: _("Er is geen plaats meer vrij. Vraag of er een wachtlijst is."),
    }.get(status, "")


# --- where ---


def _place(activity: Activity, town: str) -> str:
    if activity.online:
        return _("Online")
    municipality = activity.municipality.name if activity.municipality else ""
    here = activity.place_name or activity.street or activity.locality or municipality
    said = municipality in here or municipality == town
    return here if said or not municipality else f"{here}, {municipality}"


# --- whom to ask ---


def _contacts(activity: Activity) -> Iterator[Contact]:
    """The public channels only, the preferred one first."""
    shown = [channel for channel in activity.channels if channel.public]
    for channel in sorted(shown, key=lambda channel: not channel.preferred):
        yield _contact(channel)


def _contact(channel: ContactChannel) -> Contact:
    icon = ICONS.get(channel.kind, "chat")
    words, link = channel.shown.words, channel.shown.link
    if not link.startswith(LINKS):
        return Contact(icon, f"{capital(_(channel.kind_words))}: {words}")
    if channel.kind is Channel.EMAIL:
        return Contact(icon, _("Stuur een mail"), link, words)
    if channel.kind in CALLED:
        return Contact(icon, _("Bel %(number)s", number=words), link)
    if channel.kind is Channel.WEBSITE:
        return Contact(icon, _("Naar de website"), link, words)
    return Contact(icon, f"{_(channel.kind_words)} {words}", link)


def _web(address: str) -> str:
    """An address to click, if it is one of the web: nothing else is ever a link."""
    return address if address.startswith(("https://", "http://")) else ""
