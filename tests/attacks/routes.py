"""The addresses beside the screens: each with the reason why it is open, and how to try it for what is not public."""

from collections.abc import Iterator

from werkzeug.routing import Rule

from tests.attacks.ground import MARK, PUBLISHED, Ground
from tests.attacks.stage import application

PUBLIC = PUBLISHED | {"withdrawn"}  # of what was public and is withdrawn, the public page says just that
ROUTES: dict[str, str] = {
    "static": "files of the application",
    "public.index": "the public list",
    "public.activity": "a public page",
    "public.activity_without_slug": "leads to the public page",
    "pages.accessibility": "says how accessible the site is",
    "pages.privacy": "says what the site knows of whom",
    "web.login": "the door itself",
    "web.logout": "ends one's own session",
    "web.welcome": "who holds the link",
    "web.password": "who holds the link",
    "web.invitation": "who holds the link",
    "web.forgotten": "asks for a link, and tells nobody whose address it is",
    "web.seconds_left_here": "how long one's own session lasts",
    "web.stay_signed_in": "lengthens one's own session",
    "problem.new": "tells of a problem with a public activity",
    "problem.thanks": "thanks for that",
    "healthz": "whether the process answers",
    "readyz": "whether its database answers",
    "demo.mail": "the mailbox of the demo, never in production",
    "demo.message": "a mail of the demo",
    "demo.message_html": "a mail of the demo",
}
LEAVES = {"web.logout"}  # sent rightly, it ends the session of who tries
GUESSES = ("x", "1", "A" * 43, "..%2f..%2fetc%2fpasswd")


def rules(endpoint: str) -> list[Rule]:
    return [rule for rule in application().url_map.iter_rules() if rule.endpoint == endpoint]


def tries(endpoint: str, ground: Ground) -> Iterator[tuple[str, str]]:
    """Method and address: about each row of Brugge where a number belongs, with guesses where a word does."""
    for rule in rules(endpoint):
        numbers = [name for name in rule.arguments if f"<int:{name}>" in rule.rule]
        for row in ground.rows.values() if numbers else [ground.rows["draft"]]:
            for guess in GUESSES if rule.arguments - set(numbers) else GUESSES[:1]:
                path = rule.rule
                for name in rule.arguments:
                    value = str(row.id) if name in numbers else guess
                    for written in (f"<int:{name}>", f"<path:{name}>", f"<{name}>"):
                        path = path.replace(written, value)
                for method in sorted((rule.methods or set()) - {"OPTIONS"}):
                    yield method, f"{path}?id={row.id}&q={MARK}"
