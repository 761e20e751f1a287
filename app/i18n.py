"""Which texts there are to translate, beside those within `_()`: Babel asks these methods, named in babel.cfg.

A Dutch sentence is its own key. The domain and the services know no gettext: they raise errors with a sentence and
keep words in dicts, and the doors translate those when they show them. So these are texts too:

    the first argument of an error, of a rule of the policy and of `_`, also by way of a name of the same file
    what an error says by itself: the default of a parameter `message`
    the words in a constant called `…_WORDS` or `…CHECKS`
    the names in app/reference/lists.toml
"""

import ast
import tomllib
from collections.abc import Collection, Iterator, Mapping
from itertools import chain
from typing import BinaryIO

from babel.messages.extract import extract_python

ERRORS = ("NotAllowed", "NotFound", "Invalid", "Conflict", "Stale", "TooMany", "Unavailable", "Passing", "TooLarge")
RULES = ("rule", "for_moderators", "for_members")
SPOKEN = {name: slice(0, 1) for name in (*ERRORS, *RULES, "_")} | {"Account": slice(2, 4)}  # a role, and its line
LISTS = ("goals", "levels", "topics", "reasons")
FIELDS = ("name", "plain_words", "explanation")

Words = Collection[str]
Found = tuple[int, str | None, str | list[str], list[str]]  # what Babel expects: line, function, text, comments


def python(source: BinaryIO, keywords: Words, tags: Words, options: Mapping[str, str]) -> Iterator[Found]:
    """The texts of a Python file: those within `_()`, and those that are data."""
    yield from extract_python(source, keywords, tags, options)
    source.seek(0)
    yield from data(ast.parse(source.read()))


def lists(source: BinaryIO, keywords: Words, tags: Words, options: Mapping[str, str]) -> Iterator[Found]:
    """The names in lists.toml, and what explains them."""
    held = tomllib.load(source)
    for row in chain.from_iterable(held[name] for name in LISTS):
        yield from ((1, None, row[field], []) for field in FIELDS if row.get(field))


def data(tree: ast.Module) -> Iterator[Found]:
    """Sentences that are no argument of `_`."""
    named = values(tree)
    for name, given in named.items():
        if name.endswith(("WORDS", "CHECKS")):
            yield from (text for value in given for text in sentences(value, {}))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in SPOKEN:
            for argument in node.args[SPOKEN[node.func.id]]:
                yield from sentences(argument, named)
        if isinstance(node, ast.FunctionDef) and node.args.defaults:
            last = node.args.args[-len(node.args.defaults) :]
            for argument, default in zip(last, node.args.defaults, strict=True):
                yield from sentences(default, {}) if argument.arg == "message" else ()


def values(tree: ast.Module) -> dict[str, list[ast.expr]]:
    """What each name of the file is set to, wherever that happens."""
    found: dict[str, list[ast.expr]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            found.setdefault(node.targets[0].id, []).append(node.value)
    return found


def sentences(node: ast.expr, named: Mapping[str, list[ast.expr]]) -> Iterator[Found]:
    """The literal texts this expression can give: of a dict its values, of a tuple of tuples what comes first."""
    match node:
        case ast.Constant(value=str(text)) if text:
            yield node.lineno, None, text, []
        case ast.Name(id=name):
            yield from chain.from_iterable(sentences(value, {}) for value in named.get(name, ()))
        case ast.Dict(values=parts):
            yield from chain.from_iterable(sentences(part, named) for part in parts)
        case ast.Tuple(elts=[ast.Tuple(), *_] as rows):
            yield from chain.from_iterable(sentences(row.elts[0], named) for row in rows)
        case ast.IfExp(body=one, orelse=other):
            yield from chain(sentences(one, named), sentences(other, named))
        case ast.Subscript(value=table):
            yield from sentences(table, named)
        case ast.Call(func=ast.Attribute(value=table, attr="get"), args=[_, *rest]):
            yield from chain.from_iterable(sentences(part, named) for part in (table, *rest))
