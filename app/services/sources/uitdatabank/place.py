"""Where an event takes place: a place, online, or both (CONTRACT 7.5)."""

import re

from app.domain.source import Place
from app.services.sources.base import Json
from app.services.sources.uitdatabank.text import link, localised, one_line, part

NIL_PLACE = "00000000-0000-0000-0000-000000000000"
ONLINE_POSTAL_CODE = "0000"
_LONGEST_POSTAL_CODE = 10
_MUNICIPALITY = re.compile(r"nis-(\d{5})")


def read_place(event: Json, notes: list[str]) -> Place:
    """The place as the event names it; an online event never shows the address of the nil place."""
    location, main = part(event.get("location")), event.get("mainLanguage")
    address = address_of(location, main)
    if _is_online(event, location, address):
        return Place(online=True, online_url=link(event.get("onlineUrl")))
    if not address:
        notes.append("De plaats heeft geen leesbaar adres.")
    return Place(
        name=one_line(localised(location.get("name"), location.get("mainLanguage") or main)),
        street=one_line(address.get("streetAddress")),
        postal_code=_postal_code(address, notes),
        locality=one_line(address.get("addressLocality"), 100),
        online_url=link(event.get("onlineUrl")) if event.get("attendanceMode") == "mixed" else "",
        nis_codes=_municipalities(event.get("regions")),
    )


def _is_online(event: Json, location: Json, address: Json) -> bool:
    nil = str(location.get("@id", "")).rstrip("/").endswith(NIL_PLACE)
    return event.get("attendanceMode") == "online" or nil or address.get("postalCode") == ONLINE_POSTAL_CODE


def address_of(location: Json, main: object) -> Json:
    """The address in one language, Dutch first; old documents have one flat address."""
    address = part(location.get("address"))
    if "postalCode" in address or "addressLocality" in address:
        return address
    choices = [address.get("nl"), address.get(main) if isinstance(main, str) else None, *address.values()]
    return next((choice for choice in choices if isinstance(choice, dict) and choice), {})


def _postal_code(address: Json, notes: list[str]) -> str:
    """The Belgian postal code. That of another country is left out: Aalborg is 9000 as well."""
    code = address.get("postalCode")
    text = one_line(str(code) if isinstance(code, int) else code, _LONGEST_POSTAL_CODE)
    if text and address.get("addressCountry") not in (None, "", "BE"):
        notes.append("De plaats ligt niet in België: haar postcode telt hier niet.")
        return ""
    return text


def _municipalities(regions: object) -> frozenset[str]:
    """Municipalities among the region ids; codes on 000 are provinces and districts (REFNIS)."""
    found = (_MUNICIPALITY.fullmatch(str(region)) for region in (regions if isinstance(regions, list) else []))
    return frozenset(match[1] for match in found if match and not match[1].endswith("000"))
