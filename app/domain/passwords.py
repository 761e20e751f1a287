"""What a password must be: long enough, and not one that is tried first (ASVS 5, 6.2). Nothing on capitals or signs."""

import re
from collections.abc import Iterable

from zxcvbn import zxcvbn

from app.domain.errors import Invalid

MIN_LENGTH, MAX_LENGTH = 12, 1_000
LOOKED_AT = 72  # the estimate grows with the square of the length; nobody guesses what is longer
LEFT_OVER = 6  # letters besides what a guesser knows
GOOD_ENOUGH = 3  # of 0 to 4: "safely unguessable", more than 10^8 guesses
OURS = (
    *("samen-doen-is-leuker", "doemee", "welkom", "wachtwoord", "gemeente", "inburgering", "vlaanderen"),
    *("zomer", "winter", "lente", "herfst"),
)


def refuse_weak(password: str, about: Iterable[str] = ()) -> None:
    """Raise Invalid unless a person may use this password; it is judged and kept exactly as typed.

    `about` are words a guesser knows: the name, the address, the towns. Common passwords and what is made of them
    come from the lists inside zxcvbn, so nothing is asked of anyone.
    """
    if len(password) < MIN_LENGTH:
        raise Invalid("Een wachtwoord heeft minstens %(least)d tekens.", field="password", least=MIN_LENGTH)
    if len(password) > MAX_LENGTH:
        raise Invalid("Een wachtwoord heeft hoogstens %(most)d tekens.", field="password", most=MAX_LENGTH)
    known = {word.lower() for text in (*about, *OURS) for word in (text, *re.split(r"\W+", text)) if len(word) > 2}
    guessed = zxcvbn(password[:LOOKED_AT], user_inputs=sorted(known))["score"] < GOOD_ENOUGH
    if guessed or _says_nothing_else(password, known):
        raise Invalid(
            "Dit wachtwoord is snel geraden: het staat op een lijst, of lijkt op je naam of je gemeente. "
            "Neem een zin van een paar woorden.",
            field="password",
        )


def _says_nothing_else(password: str, known: set[str]) -> bool:
    """Whether taking out what a guesser knows leaves next to nothing but figures and signs."""
    rest = password.lower()
    for word in sorted(known, key=len, reverse=True):
        rest = rest.replace(word, "")
    return rest != password.lower() and sum(char.isalpha() for char in rest) < LEFT_OVER
