"""Small event documents for the tests: only what a test names differs from the plainest event."""

import json
from pathlib import Path
from typing import Any

SAMPLES = Path(__file__).resolve().parents[4].parent / "shared" / "uitdatabank" / "samples"
PREFIXES = ("event-", "calendar-", "entry-event-")


def event(key: str = "a1", **fields: Any) -> dict[str, Any]:
    """One afternoon in Gent, approved."""
    return {
        "@id": f"https://io.uitdatabank.example/events/{key}",
        "mainLanguage": "nl",
        "name": {"nl": "Babbelcafé"},
        "calendarType": "single",
        "startDate": "2026-12-01T13:00:00+00:00",
        "endDate": "2026-12-01T15:00:00+00:00",
        "location": {
            "@id": "https://io.uitdatabank.example/places/p1",
            "name": {"nl": "Bib"},
            "address": {
                "nl": {
                    "addressCountry": "BE",
                    "addressLocality": "Gent",
                    "postalCode": "9000",
                    "streetAddress": "Demokaai 1",
                }
            },
        },
        "workflowStatus": "APPROVED",
        "created": "2026-11-01T10:00:00+00:00",
        "modified": "2026-11-20T10:00:00+00:00",
    } | fields


OWN = {
    "event-own-single": event(),
    "event-own-permanent": event(calendarType="permanent"),
    "event-own-unknown-calendartype": event(calendarType="foobar"),
    "calendar-own": {"calendarType": "permanent"},
    "entry-event-own": {"name": {"nl": "x"}, "calendarType": "permanent"},
}


def samples() -> dict[str, dict[str, Any]]:
    """The samples of publiq by name where they are at hand, else a few of our own."""
    files = sorted(SAMPLES.glob("*.json")) if SAMPLES.is_dir() else []
    found = {file.stem: json.loads(file.read_text()) for file in files if file.name.startswith(PREFIXES)}
    return found or OWN
