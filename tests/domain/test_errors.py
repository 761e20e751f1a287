"""What an error says of itself in the log, and what a link holds of an address."""

from app.domain.contact import Channel, shown
from app.domain.errors import Unavailable
from app.logs import masked


def test_its_repr_is_the_filled_sentence() -> None:
    assert repr(Unavailable("Niet bereikbaar (%(detail)s).", detail="504")) == "Unavailable('Niet bereikbaar (504).')"


def test_an_address_brings_no_parameters_into_its_link() -> None:
    assert shown(Channel.EMAIL, "a%40b.be?bcc=spy@c.be").link == "mailto:a%2540b.be%3Fbcc%3Dspy@c.be"


def test_no_spelling_of_the_path_shows_its_token() -> None:
    for path in ("/wachtwoord//T0KEN", "/WACHTWOORD/T0KEN", "/wachtwoord/./T0KEN", "/wachtwoord/ T0KEN"):
        assert "T0KEN" not in masked(path)
