"""What was and what became of a text, as pieces to read: words that stayed, words that went, words that came."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

_TOKENS = re.compile(r"\w+|\s+|[^\w\s]")
MOST_COMPARED = 90_000  # words of the one times words of the other; beyond that comparing costs more than it tells
LEAST_ALIKE = 0.35  # below this the two share only small words: whole beside whole reads better


class Sign(StrEnum):
    SAME = "same"
    GONE = "gone"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words, and what happened to them. Plain text: whoever shows it, escapes it."""

    sign: Sign
    text: str


def of_text(before: str, after: str) -> list[Piece]:
    """Word by word, blanks and punctuation apart, so that only what differs is marked."""
    if before == after:
        return _pieces([(Sign.SAME, after)])
    old, new = _TOKENS.findall(before), _TOKENS.findall(after)
    start = _shared(old, new)
    end = _shared(old[start:][::-1], new[start:][::-1])
    old_middle, new_middle = old[start : len(old) - end], new[start : len(new) - end]
    return _pieces(
        [
            (Sign.SAME, "".join(new[:start])),
            *_compared(old_middle, new_middle, around=start + end),
            (Sign.SAME, "".join(new[len(new) - end :])),
        ]
    )


def of_value(before: str, after: str) -> list[Piece]:
    """The one in place of the other, whole: for a state, a day, a name."""
    if before == after:
        return _pieces([(Sign.SAME, after)])
    return _pieces([(Sign.GONE, before), (Sign.SAME, " " if before and after else ""), (Sign.NEW, after)])


def of_list(before: Iterable[str], after: Iterable[str]) -> list[Piece]:
    """What is on both lists, what went from it and what came, with commas between."""
    old, new = list(dict.fromkeys(before)), list(dict.fromkeys(after))
    told = [(Sign.SAME if item in new else Sign.GONE, item) for item in old]
    told += [(Sign.NEW, item) for item in new if item not in old]
    pieces: list[tuple[Sign, str]] = []
    for index, (sign, item) in enumerate(told):
        pieces += [(Sign.SAME, ", ")] if index else []
        pieces.append((sign, item))
    return [Piece(sign, text) for sign, text in pieces]


def _shared(one: list[str], other: list[str]) -> int:
    """How many words the two begin with alike."""
    count = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        count += 1
    return count


def _compared(old: list[str], new: list[str], around: int) -> Iterator[tuple[Sign, str]]:
    if not old or not new or len(old) * len(new) > MOST_COMPARED:
        yield from _turned(old, new)
        return
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    if not around and _alike(matcher, old, new) < LEAST_ALIKE:
        yield from _turned(old, new)
        return
    gone: list[str] = []
    came: list[str] = []
    for tag, first, last, start, end in matcher.get_opcodes():
        kept = "".join(new[start:end])
        if tag != "equal":
            gone += old[first:last]
            came += new[start:end]
        elif kept.isspace() and gone and came:
            # A blank between two changes joins them: one phrase for another, not word by word in turns.
            gone.append(kept)
            came.append(kept)
        else:
            yield from _turned(gone, came)
            gone, came = [], []
            yield Sign.SAME, kept
    yield from _turned(gone, came)


def _alike(matcher: "SequenceMatcher[str]", old: list[str], new: list[str]) -> float:
    """From 0 to 1, how much of their words two texts share; blanks and punctuation, which all texts share, apart."""

    def words(tokens: list[str]) -> int:
        return sum(token[0].isalnum() for token in tokens)

    shared = sum(words(old[block.a : block.a + block.size]) for block in matcher.get_matching_blocks())
    return 2 * shared / max(1, words(old) + words(new))


def _turned(gone: list[str], came: list[str]) -> Iterator[tuple[Sign, str]]:
    old, new = "".join(gone), "".join(came)
    alone = old or new if not (old and new) else ""
    before = " " if alone.startswith(" ") or (old.startswith(" ") and new.startswith(" ")) else ""
    after = " " if alone.endswith(" ") or (old.endswith(" ") and new.endswith(" ")) else ""
    yield Sign.SAME, before
    yield Sign.GONE, old.strip(" ") if old.strip() else old
    yield Sign.SAME, " " if old and new else ""
    yield Sign.NEW, new.strip(" ") if new.strip() else new
    yield Sign.SAME, after


def _pieces(parts: Iterable[tuple[Sign, str]]) -> list[Piece]:
    """Without empty ones, neighbours of a kind joined."""
    found: list[Piece] = []
    for sign, text in parts:
        if not text:
            continue
        if found and found[-1].sign is sign:
            found[-1] = Piece(sign, found[-1].text + text)
        else:
            found.append(Piece(sign, text))
    return found
