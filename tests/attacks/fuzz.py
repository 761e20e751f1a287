"""The fuzz: hostile values in every field, parameter, part of an address, header and body, by one person at a time.

What is sent depends on the seed alone, so that a fault comes back with it. Whatever happens is judged by
`markup.faults`, and by what the answer tells of Brugge.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any
from urllib.parse import parse_qsl, quote, quote_plus, urlsplit

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.models import db
from tests.admin_views import fields, read
from tests.attacks import values
from tests.attacks.doors import Door
from tests.attacks.ground import KINDS, MAY_SEE
from tests.attacks.markup import faults
from tests.attacks.odd import BODIES, FORM, HEADERS, KIND_OF, ODD_NAMES, ODD_PATHS, PARAMETERS
from tests.attacks.routes import PUBLIC, ROUTES, rules
from tests.attacks.sending import CHANGING, path_of
from tests.attacks.stage import Battle, addresses, screens, seen_in
from tests.attacks.values import Value

Pairs = list[tuple[Value, Value]]
LEAVES = ("/logout", "/aanmelden-elders")
TOGETHER = 4  # parameters no page asked for go a few at a time; those of the page itself go alone
Aim = tuple[str, str]  # the address of a form or a page, and the name of a field or a parameter


@dataclass
class Ledger:
    """What all people together should try, what they did try, and how many hostile requests that took."""

    fields: set[Aim] = field(default_factory=set)
    parameters: set[Aim] = field(default_factory=set)
    tried_fields: set[Aim] = field(default_factory=set)
    tried_parameters: set[Aim] = field(default_factory=set)
    hostile: int = 0


@dataclass(frozen=True)
class Form:
    """A form with the values that stand in it, or a recipe that makes them anew each time."""

    path: str
    given: tuple[tuple[str, str], ...] = ()
    door: Door | None = None

    def ready(self, battle: Battle) -> tuple[str, Pairs]:
        if self.door is None:
            return self.path, list(self.given)
        row = battle.ground.rows[self.door.kind] if self.door.makes else battle.ground.make(self.door.kind)
        return path_of(self.door, row), list(self.door.fields(battle.ground, row).items())

    @property
    def place(self) -> str:
        return self.path.partition("?")[0]

    def names(self, battle: Battle) -> set[str]:
        """Its fields; the token against forgery is that of the session, and has a judge of its own."""
        return {str(name) for name, _value in self.ready(battle)[1]} - {"csrf_token"}

    def indexes(self, battle: Battle) -> list[int]:
        return [at for at, (name, _value) in enumerate(self.ready(battle)[1]) if name != "csrf_token"]


@dataclass
class Fuzz:
    """One person who sends what nobody sends; `sign_in` lets them in again where a form let them out."""

    battle: Battle
    who: str
    random: Random
    sign_in: Callable[[], FlaskClient]
    ledger: Ledger = field(default_factory=Ledger)
    visitor: FlaskClient = field(init=False)
    hostile: int = 0
    looked: int = 0  # of all requests, hostile or not
    found: list[str] = field(default_factory=list)
    judged: set[tuple[int, int]] = field(default_factory=set)
    statuses: dict[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.visitor = self.sign_in()

    # What there is.

    def pages(self) -> Iterator[str]:
        """Every address that answers a GET, about a row where it wants one."""
        held = self.battle.ground.rows
        for screen in screens():
            for name, path in addresses(screen, "GET").items():
                kinds = ("published", "pending", "draft", "rule") if "index" not in name else ("pending",)
                yield from (f"{placed(path, held[kind].id)}?id={held[kind].id}" for kind in kinds)
                yield placed(path, held["published"].id)
        for endpoint in ROUTES:
            for rule in rules(endpoint):
                if "GET" in (rule.methods or ()):
                    yield placed(rule.rule, held["published"].id)

    def crawl(self) -> list[Form]:
        """The recipes that are this one's own, and every form that stands on a page this one may open.

        Only a look around: nothing of it is hostile, so nothing of it counts.
        """
        found = {Form(str(door), door=door): None for door in CHANGING if door.by == self.who}
        self.names = set(PARAMETERS)
        self.addresses: list[str] = []
        self.own: dict[str, set[str]] = {}  # the parameters of each page by its own forms and links
        for page in dict.fromkeys(self.pages()):
            answer = self.ask("GET", page)
            if answer.status_code in (200, 400) and answer.mimetype == "text/html":
                self.addresses.append(page)
                here = page.partition("?")[0]
                own, whole = self.own.setdefault(here, {"id"}), read(answer)
                for node in whole.all("form"):
                    given = tuple(fields(node).items(multi=True))
                    if node.attributes.get("method") == "post":
                        path = node.attributes.get("action") or page
                        buttons = tuple(
                            (button.attributes["name"], button.attributes.get("value", ""))
                            for button in node.all("button")
                            if button.attributes.get("name")
                        )
                        if not path.startswith(LEAVES):
                            found[Form(path, given + buttons[:1])] = None
                    else:
                        own |= {name for name, _value in given}
                for link in whole.links():
                    names = {name for name, _value in parse_qsl(urlsplit(link).query)}
                    self.names |= names
                    if urlsplit(link).path in ("", here):
                        own |= names
                self.names |= own
        one_each: dict[tuple[str, tuple[str, ...]], Form] = {}  # the same form about other rows is the same form
        for form in found:
            one_each.setdefault((form.place, tuple(sorted({name for name, _ in form.given}))), form)
        return list(one_each.values())

    # What is sent.

    def run(self, requests: int) -> None:
        """Each field of each form, each parameter of each page; then whatever the dice say, up to this many."""
        forms = self.crawl()
        targets = [(form, index) for form in forms for index in form.indexes(self.battle)]
        self.ledger.fields |= {(form.place, name) for form in forms for name in form.names(self.battle)}
        self.ledger.parameters |= {(page, name) for page in self.own for name in (*PARAMETERS, *self.own[page])}
        db.session.rollback()
        self.random.shuffle(targets)
        for form, index in targets:
            self.one_field(form, index)
        self.each_parameter()
        dice = (self.parameter,) * 6 + (self.header,) * 3 + (self.part_of_address,) * 3 + (self.body,) * 2
        dice += (lambda: self.several_fields(forms),) * 6 if forms else ()
        while self.hostile < requests:
            self.random.choice(dice)()
        for page in self.random.sample(self.addresses, min(30, len(self.addresses))):
            self.ask("GET", page)  # what was stored meanwhile is looked at too

    def each_parameter(self) -> None:
        """Those that nobody tried yet: what one person may open, others mostly may too."""
        tried = self.ledger.tried_parameters
        for page in sorted(self.own):
            groups = [[name] for name in sorted(self.own[page])]
            rest = [name for name in PARAMETERS if name not in self.own[page]]
            groups += [rest[at : at + TOGETHER] for at in range(0, len(rest), TOGETHER)]
            for names in groups:
                if all((page, name) in tried for name in names):
                    continue
                self.attack("GET", f"{page}?{encoded([(name, self.value(name)) for name in names])}")
                tried |= {(page, name) for name in names}

    def value(self, name: Value) -> Value:
        """Two in three fit the field, more or less."""
        text = name.decode("latin-1") if isinstance(name, bytes) else name
        if self.random.random() < 0.66:
            for parts, kind in KIND_OF:
                if any(part in text for part in parts):
                    return self.random.choice(values.KINDS[kind])
        return self.random.choice(values.ALL)

    def one_field(self, form: Form, index: int) -> None:
        path, given = form.ready(self.battle)
        name, old = given[index]
        value = self.value(name)
        while value == old:
            value = self.random.choice(values.ALL)
        given[index] = (name, value)
        self.send(path, given)
        self.ledger.tried_fields.add((form.place, str(name)))

    def several_fields(self, forms: list[Form]) -> None:
        path, given = self.random.choice(forms).ready(self.battle)
        as_it_was = path, list(given)
        for index, (name, _old) in enumerate(given):
            if self.random.random() < 0.3:
                given[index] = (name, self.value(name))
        match self.random.randrange(6):
            case 0 if given:
                given += [self.random.choice(given)] * self.random.randrange(1, 30)
            case 1 if given:
                del given[self.random.randrange(len(given))]
            case 2:
                name = self.random.choice(ODD_NAMES)
                given.append((name, self.value(name)))
            case 3:
                path += ("&" if "?" in path else "?") + encoded([(self.parameter_name(), self.value("id"))])
        if (path, given) != as_it_was:
            self.send(path, given)

    def parameter_name(self) -> str:
        return self.random.choice(sorted(self.names))

    def parameter(self) -> None:
        names = [self.parameter_name() for _ in range(self.random.choice((1, 1, 1, 2, 3, 40)))]
        path = self.random.choice(self.addresses).partition("?")[0]
        given: Pairs = [(name, self.value(name)) for name in names]
        if self.random.random() < 0.1:
            given.append((self.random.choice(values.ALL), "1"))
        self.attack("GET", f"{path}?{encoded(given)}")

    def part_of_address(self) -> None:
        rule = self.random.choice([rule for endpoint in ROUTES for rule in rules(endpoint)])
        if rule.arguments and self.random.random() < 0.7:
            value = self.random.choice(values.ALL)
            raw = value if isinstance(value, bytes) else value.encode("utf-8", "surrogatepass")
            path = rule.rule
            for name in rule.arguments:
                for written in (f"<int:{name}>", f"<path:{name}>", f"<{name}>"):
                    path = path.replace(written, quote(raw[:2_000], safe=""))
        else:
            path = self.random.choice(self.addresses).partition("?")[0] + self.random.choice(ODD_PATHS)
        self.attack(self.random.choice(("GET", "GET", "HEAD", "POST", "PUT", "ZOMAAR")), path)

    def header(self) -> None:
        name, value = self.random.choice(HEADERS), self.random.choice(values.ALL)
        raw = value if isinstance(value, bytes) else value.encode("utf-8", "surrogatepass")
        for refused_by_the_server in (b"\r", b"\n", b"\0"):
            raw = raw.replace(refused_by_the_server, b"")
        self.attack("GET", self.random.choice(self.addresses), headers={name: raw[:4_000].decode("latin-1")})

    def body(self) -> None:
        kind, data = self.random.choice(BODIES)
        path = self.random.choice(self.addresses)
        self.attack("POST", path, data=data, content_type=kind, headers={"X-CSRFToken": self.token()})

    def token(self) -> str:
        return str(self.visitor.csrf_token())  # type: ignore[attr-defined]

    def send(self, path: str, given: Pairs) -> None:
        kept = [pair for pair in given if pair[0] != "csrf_token"]
        self.attack("POST", path, data=encoded([*kept, ("csrf_token", self.token())]).encode(), content_type=FORM)

    def attack(self, method: str, path: str, **options: Any) -> TestResponse:
        """Something in this request is hostile: only these are counted."""
        self.hostile += 1
        self.ledger.hostile += 1
        return self.ask(method, path, **options)

    def ask(self, method: str, path: str, **options: Any) -> TestResponse:
        # With a base, an address that begins with `//` is a path, as it is to a server.
        answer = self.visitor.open(path, method=method, base_url="http://localhost", buffered=True, **options)
        self.looked += 1
        self.statuses[answer.status_code] = self.statuses.get(answer.status_code, 0) + 1
        self.judge(answer, f"{self.who}: {method} {path[:300]} {str(options)[:600]}")
        if answer.status_code == 302 and answer.location.startswith("/login") and self.who != "stranger":
            self.visitor = self.sign_in()
        return answer

    def judge(self, answer: TestResponse, what: str) -> None:
        key = (answer.status_code, hash(answer.data))
        if key in self.judged and not answer.location:
            return
        self.judged.add(key)
        self.found += [f"{what}\n    -> {fault}" for fault in faults(answer)]
        beyond = seen_in(answer) - MAY_SEE.get(self.who, frozenset(KINDS) | {"note"}) - PUBLIC
        if beyond and self.who != "stranger":
            self.found.append(f"{what}\n    -> tells of {beyond}")


def placed(path: str, id: int) -> str:
    """The address with something in its places that may be there."""
    parts = [part if not part.startswith("<") else f"{id}-x" if "-<" in part else str(id) for part in path.split("/")]
    return "/".join(parts)


def encoded(given: Pairs) -> str:
    def one(value: Value) -> str:
        return quote_plus(value if isinstance(value, bytes) else value.encode("utf-8", "surrogatepass"))

    return "&".join(f"{one(name)}={one(value)}" for name, value in given)
