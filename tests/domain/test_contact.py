"""How to reach an organiser: what is taken, how it is kept, how it reads (DESIGN rule 14)."""

import pytest

from app.domain.contact import MAX_LENGTH, NUMBERED, WORDS, Channel, Shown, clean, shown
from app.domain.errors import Invalid


@pytest.mark.parametrize(
    ("channel", "typed", "kept"),
    [
        (Channel.EMAIL, " Els@Buurthuis.BE ", "Els@buurthuis.be"),
        (Channel.MOBILE, "0470 12 34 56", "+32470123456"),
        (Channel.MOBILE, "+32 (0)470/12.34.56", "+32470123456"),
        (Channel.MOBILE, "+31 6 12345678", "+31612345678"),
        (Channel.LANDLINE, "09 234 56 78", "+3292345678"),
        (Channel.LANDLINE, "0800 12 345", "+3280012345"),
        (Channel.WHATSAPP, "0470 12 34 56", "+32470123456"),
        (Channel.SIGNAL, "0032 470 12 34 56", "+32470123456"),
        (Channel.IMO, "0470123456", "+32470123456"),
        (Channel.WEBSITE, "www.buurthuis.be", "https://www.buurthuis.be"),
        (Channel.WEBSITE, "http://buurthuis.be/samen?dag=1", "http://buurthuis.be/samen?dag=1"),
        (Channel.TELEGRAM, "@buurthuis", "@buurthuis"),
        (Channel.MESSENGER, "buurthuis.deinze", "buurthuis.deinze"),
        (Channel.ON_THE_SPOT, "  Aan  de\n balie ", "Aan de balie"),
    ],
)
def test_a_value_is_kept_in_one_spelling(channel: Channel, typed: str, kept: str) -> None:
    assert clean(channel, typed) == kept
    assert clean(channel, kept) == kept


@pytest.mark.parametrize(
    ("channel", "typed", "told"),
    [
        (Channel.EMAIL, "els", "e-mailadres"),
        (Channel.EMAIL, "els@buurthuis.be, an@buurthuis.be", "e-mailadres"),
        (Channel.EMAIL, "els@buurthuis.be\0", "teken"),
        (Channel.MOBILE, "09 234 56 78", "vast nummer"),
        (Channel.LANDLINE, "0470 12 34 56", "gsm-nummer"),
        (Channel.MOBILE, "0470 12 34", "telefoonnummer"),
        (Channel.MOBILE, "bel Els", "telefoonnummer"),
        (Channel.WEBSITE, "javascript:alert(1)", "webadres"),
        (Channel.WEBSITE, "javascript://a.be/%0aalert(1)", "webadres"),
        (Channel.WEBSITE, "data:text/html,x", "webadres"),
        (Channel.WEBSITE, "https://buurthuis", "webadres"),
        (Channel.WEBSITE, "https://els@buurthuis.be", "webadres"),
        (Channel.WEBSITE, "https://[", "webadres"),
        (Channel.ON_THE_SPOT, "   ", "Vul hier iets in"),
        (Channel.TELEGRAM, "x" * (MAX_LENGTH + 1), "te lang"),
        (Channel.TELEGRAM, "Bcc\u202eels", "teken"),
    ],
)
def test_what_cannot_be_used_is_refused_in_words(channel: Channel, typed: str, told: str) -> None:
    with pytest.raises(Invalid, match=told) as refusal:
        clean(channel, typed)
    assert refusal.value.field == "value"


def test_the_longest_value_is_taken() -> None:
    assert clean(Channel.TELEGRAM, "x" * MAX_LENGTH) == "x" * MAX_LENGTH


@pytest.mark.parametrize(
    ("channel", "kept", "reads"),
    [
        (Channel.EMAIL, "els@buurthuis.be", Shown("els@buurthuis.be", "mailto:els@buurthuis.be")),
        (Channel.LANDLINE, "+3292345678", Shown("09 234 56 78", "tel:+3292345678")),
        (Channel.MOBILE, "+32470123456", Shown("0470 12 34 56", "tel:+32470123456")),
        (Channel.MOBILE, "+31612345678", Shown("+31 6 12345678", "tel:+31612345678")),
        (Channel.WHATSAPP, "+32470123456", Shown("0470 12 34 56", "https://wa.me/32470123456")),
        (Channel.SIGNAL, "+32470123456", Shown("0470 12 34 56")),
        (Channel.WEBSITE, "https://buurthuis.be/", Shown("buurthuis.be", "https://buurthuis.be/")),
        (Channel.ON_THE_SPOT, "Aan de balie", Shown("Aan de balie")),
    ],
)
def test_a_value_reads_as_people_write_it(channel: Channel, kept: str, reads: Shown) -> None:
    assert shown(channel, kept) == reads


def test_every_channel_has_a_word() -> None:
    assert WORDS.keys() == set(Channel)
    assert set(Channel) > NUMBERED
