"""What a password must be: long enough, and not what is tried first."""

import pytest

from app.domain.errors import Invalid
from app.domain.passwords import refuse_weak

ABOUT = ("Noor Demo", "noor.demo@doemee.example", "Gent", "Bibliotheek Gent-Demo")


@pytest.mark.parametrize(
    "password",
    [
        "",
        "kort maar vr",
        "a" * 12,
        "a" * 1_000,
        "password1234",
        "qwertyuiop12",
        "wachtwoord123",
        "Wachtwoord2026!",
        "welkom01welkom01",
        "doemee doemee doemee",
        "gemeente gent 2026",
        "NoorDemo1990!",
        "noor.demo@doemee.example",
        "Bibliotheek Gent",
        "123456789012345",
    ],
)  # fmt: skip
def test_what_is_tried_first_is_refused(password: str) -> None:
    if password == "kort maar vr":
        password = password[:11]
    with pytest.raises(Invalid) as refused:
        refuse_weak(password, ABOUT)
    assert refused.value.field == "password"


@pytest.mark.parametrize(
    "password",
    [
        "een lange zin om te onthouden",
        "paars kussen loopt achteruit",
        "paard-batterij-niet",
        "  begint met spaties en blijft zo",
        "Ωμέγα 漢字 🚲 pad naar huis",
        "xK9#qv2!LmZ7",
        "zin over gent met veel andere woorden",
    ],
)
def test_a_sentence_or_something_random_is_fine(password: str) -> None:
    refuse_weak(password, ABOUT)


@pytest.mark.parametrize(("length", "fits"), [(11, False), (12, True), (1_000, True), (1_001, False)])
def test_the_bounds_are_twelve_and_a_thousand_characters(length: int, fits: bool) -> None:
    password = ("xK9#qv2!LmZ7" * 84)[:length]
    if fits:
        refuse_weak(password)
    else:
        with pytest.raises(Invalid, match="tekens"):
            refuse_weak(password)
