"""Who organises the invented events, and where: all of it made up, on real postal codes."""

from typing import Any, NamedTuple

ROOT = "https://io.uitdatabank.example"
NIL_PLACE = "00000000-0000-0000-0000-000000000000"


class Venue(NamedTuple):
    name: str
    street: str
    postal_code: str
    town: str
    nis: str
    latitude: float
    longitude: float


class Organiser(NamedTuple):
    name: str
    email: str
    phone: str


VENUES = {
    "bib-gent": Venue("Bibliotheek Gent-Demo", "Demokaai 1", "9000", "Gent", "44021", 51.049, 3.727),
    "brugse-poort": Venue("Buurthuis De Demopoort", "Voorbeeldstraat 14", "9000", "Gent", "44021", 51.059, 3.703),
    "ledeberg": Venue("Dienstencentrum Demoberg", "Voorbeeldplein 3", "9050", "Gent", "44021", 51.037, 3.744),
    "sint-amandsberg": Venue("Wijkhuis Demobergen", "Proefstraat 22", "9040", "Gent", "44021", 51.061, 3.757),
    "wondelgem": Venue("Sporthal Demogem", "Proeflaan 8", "9032", "Gent", "44021", 51.085, 3.715),
    "zaal-gent": Venue("Concertzaal De Demo", "Voorbeeldkouter 5", "9000", "Gent", "44021", 51.052, 3.722),
    "bib-deinze": Venue("Bibliotheek Deinze-Demo", "Demomarkt 2", "9800", "Deinze", "44083", 50.982, 3.531),
    "nevele": Venue("Ontmoetingshuis Demovele", "Voorbeelddorp 7", "9850", "Deinze", "44083", 51.034, 3.548),
    "lochristi": Venue("Gemeenschapshuis Demochristi", "Proefdorp 11", "9080", "Lochristi", "44087", 51.096, 3.831),
    "wachtebeke": Venue("Sportpark Demobeke", "Proefdreef 1", "9185", "Lochristi", "44087", 51.154, 3.862),
    "zulte": Venue("Buurtlokaal Demozulte", "Voorbeeldweg 4", "9870", "Zulte", "44081", 50.919, 3.447),
    "aalst": Venue("Huis van de Buurt Aalst-Demo", "Proefmarkt 9", "9300", "Aalst", "41002", 50.938, 4.039),
    "antwerpen": Venue("Buurtcentrum Antwerpen-Demo", "Voorbeeldlei 30", "2060", "Antwerpen", "11002", 51.23, 4.424),
    "leuven": Venue("Wereldhuis Leuven-Demo", "Proefvest 6", "3000", "Leuven", "24062", 50.879, 4.701),
    "nergens": Venue("Tent op de Demowei", "Demowei zonder nummer", "9099", "Nergensgem", "", 0.0, 0.0),
}

ORGANISERS = {
    "bib": Organiser("Bibliotheek Gent-Demo", "bib@gent-demo.example", "09 200 00 01"),
    "babbel": Organiser("De Babbelaars vzw (demo)", "hallo@babbelaars.example", "0470 00 00 01"),
    "buurt": Organiser("Buurtwerk Samen-Demo", "buurt@samen-demo.example", "09 200 00 02"),
    "sport": Organiser("Sportdienst Iedereen Mee (demo)", "sport@iedereenmee.example", "0470 00 00 02"),
    "tuin": Organiser("Volkstuin De Rode Biet (demo)", "tuin@rodebiet.example", "0470 00 00 03"),
    "muziek": Organiser("Muziekclub Demotoon", "tickets@demotoon.example", "09 200 00 03"),
    "deinze": Organiser("Welkom Deinze-Demo", "welkom@deinze-demo.example", "09 200 00 04"),
    "lochristi": Organiser("Vrijwilligers Lochristi-Demo", "wij@lochristi-demo.example", "0470 00 00 04"),
    "zulte": Organiser("Buren van Zulte (demo)", "buren@zulte-demo.example", "0470 00 00 05"),
    "aalst": Organiser("Taalhuis Aalst-Demo", "taal@aalst-demo.example", "0470 00 00 06"),
    "antwerpen": Organiser("Atelier Antwerpen-Demo", "atelier@antwerpen-demo.example", "0470 00 00 07"),
    "leuven": Organiser("Wereldhuis Leuven-Demo", "hallo@leuven-demo.example", "0470 00 00 08"),
}


def location(key: str) -> dict[str, Any]:
    """The embedded place; `online` is the nil place that every online event has (CONTRACT 7.5)."""
    if key == "online":
        nowhere = {
            "addressCountry": "BE",
            "postalCode": "0000",
            "addressLocality": "___",
            "streetAddress": "___",
        }
        return {"@id": f"{ROOT}/places/{NIL_PLACE}", "name": {"nl": "Online"}, "address": {"nl": nowhere}}
    venue = VENUES[key]
    address = {
        "addressCountry": "BE",
        "addressLocality": venue.town,
        "postalCode": venue.postal_code,
        "streetAddress": venue.street,
    }
    place: dict[str, Any] = {
        "@id": f"{ROOT}/places/{key}",
        "mainLanguage": "nl",
        "name": {"nl": venue.name},
        "address": {"nl": address},
    }
    if venue.nis:
        place["geo"] = {"latitude": venue.latitude, "longitude": venue.longitude}
    return place


def regions(key: str) -> list[str]:
    """Region ids of the place, province included; empty where the place has no coordinates."""
    nis = VENUES[key].nis if key in VENUES else ""
    return [f"nis-{nis[0]}0000", f"nis-{nis}"] if nis else []


def organizer(key: str) -> dict[str, Any]:
    """The embedded organiser."""
    person = ORGANISERS[key]
    return {
        "@id": f"{ROOT}/organizers/{key}-demo",
        "mainLanguage": "nl",
        "name": {"nl": person.name},
        "contactPoint": {"phone": [person.phone], "email": [person.email], "url": []},
        "workflowStatus": "ACTIVE",
    }
