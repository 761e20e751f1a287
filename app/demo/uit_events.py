"""The invented events as UiTdatabank would give them: JSON-LD as in CONTRACT 7, with dates that lie ahead."""

from datetime import datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from app.demo.uit_calendar import atom
from app.demo.uit_offer import GENT, Offer
from app.demo.uit_offer_elsewhere import ELSEWHERE, HOSTILE, LATER
from app.demo.uit_people import ORGANISERS, ROOT, location, organizer, regions
from app.domain.clock import brussels_date

Event = dict[str, Any]
BULK = 5  # so many events in a row share the second of their last change, as after a bulk edit

KINDS = {
    "0.0.0.0.0": "Tentoonstelling",
    "0.3.1.0.0": "Lessenreeks",
    "0.3.1.0.1": "Cursus met open sessies",
    "0.3.2.0.0": "Lezing of congres",
    "0.5.0.0.0": "Festival",
    "0.7.0.0.0": "Begeleide uitstap of rondleiding",
    "0.12.0.0.0": "Opendeurdag",
    "0.17.0.0.0": "Fiets- of wandelroute",
    "0.19.0.0.0": "Sportwedstrijd bekijken",
    "0.28.0.0.0": "Festiviteit",
    "0.37.0.0.0": "Markt, braderie of kermis",
    "0.50.4.0.0": "Concert",
    "0.50.6.0.0": "Film",
    "0.50.21.0.0": "Spel of quiz",
    "0.55.0.0.0": "Theatervoorstelling",
    "0.57.0.0.0": "Kamp of vakantie",
    "0.59.0.0.0": "Sportactiviteit",
    "1.50.0.0.0": "Eet- of drankfestijn",
}


def invented_events(now: datetime) -> list[Event]:
    """About sixty events around `now`, broken and hostile ones included; one `now`, one answer."""
    offers = [*GENT, *ELSEWHERE]
    events = [event_of(offer, now, age) for age, offer in enumerate(offers)]
    return events + [event_of(offer, now, 3) | wrong for offer, wrong in HOSTILE]


def late_arrivals(now: datetime) -> list[Event]:
    """What appears while the demo runs."""
    return [event_of(offer, now, 0) for offer in LATER]


def event_of(offer: Offer, now: datetime, age: int) -> Event:
    """One event document; `age` in hours says how long ago it last changed, rounded to bulk edits."""
    changed = now.replace(microsecond=0) - timedelta(hours=age // BULK * BULK + 1)
    event_id = uuid5(NAMESPACE_URL, f"doemee-demo:{offer.key}")
    event: Event = {
        "@id": f"{ROOT}/events/{event_id}",
        "@context": "/contexts/event",
        "@type": "Event",
        "mainLanguage": "nl",
        "languages": ["nl"],
        "name": {"nl": offer.title},
        "description": {"nl": offer.text},
        "terms": [{"id": offer.kind, "label": KINDS[offer.kind], "domain": "eventtype"}],
        "location": location(offer.where),
        "organizer": organizer(offer.who),
        "attendanceMode": "offline",
        "audience": {"audienceType": "everyone"},
        "contactPoint": _contact_point(offer),
        "sameAs": [f"https://www.uitinvlaanderen.be/agenda/e/{offer.key}-demo/{event_id}"],
        "workflowStatus": "APPROVED" if age % 3 else "READY_FOR_VALIDATION",
        "availableFrom": atom(changed - timedelta(days=2)),
        "created": atom(changed - timedelta(days=2, minutes=age)),
        "modified": atom(changed),
        "creator": "auth0|demo-invoerder",
        "playhead": age + 1,
        "completeness": 80,
        "regions": regions(offer.where),
        **offer.when(brussels_date(now)),
        **offer.more,
    }
    if offer.labels:
        event["labels"] = list(offer.labels)
    if offer.price is not None:
        event["priceInfo"] = [_price(offer.price)]
    if str(event["availableFrom"]).startswith("+"):
        event["availableFrom"] = atom(now + timedelta(days=int(event["availableFrom"])))
    return event


def _contact_point(offer: Offer) -> dict[str, list[str]]:
    person = ORGANISERS[offer.who]
    site = f"https://www.{person.email.partition('@')[2]}"
    return {"phone": [person.phone], "email": [person.email], "url": [site]}


def _price(price: float) -> Event:
    name = {"nl": "Basistarief"}
    return {"category": "base", "name": name, "price": price, "priceCurrency": "EUR"}
