"""JSON of strangers as values that any database takes: no lone surrogates, no infinite numbers."""

import json
import math
import re

import orjson

DEEPEST_PAGE = 200
_SURROGATE = re.compile("[\ud800-\udfff]")
_LONGEST_WHOLE = 18  # digits; a longer number is no count and no id of ours


def load_json(body: bytes) -> object:
    """The value; one event with a lone surrogate or 1e400 costs the others nothing. Raises ValueError for no JSON."""
    try:
        return orjson.loads(body)
    except ValueError:
        pass
    try:
        return _clean(json.loads(body.decode(), parse_int=_whole), DEEPEST_PAGE)
    except RecursionError:
        raise ValueError("te diep genest") from None


def clean_text(text: str) -> str:
    """Lone surrogates become U+FFFD: no encoding takes them."""
    return _SURROGATE.sub("\N{REPLACEMENT CHARACTER}", text)


def clean_number(number: float) -> float | None:
    """None for what JSON or a database has no words for: NaN, the infinite, more than 64 bits."""
    if isinstance(number, int):
        return number if number.bit_length() < 64 else None
    return number if math.isfinite(number) else None


def _whole(digits: str) -> float:
    return int(digits) if len(digits) <= _LONGEST_WHOLE else float(digits)


def _clean(value: object, depth: int) -> object:
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, int | float):
        return clean_number(value)
    if not isinstance(value, dict | list):
        return value
    if depth == 0:
        return None
    if isinstance(value, list):
        return [_clean(item, depth - 1) for item in value]
    return {clean_text(key): _clean(item, depth - 1) for key, item in value.items()}
