"""What is weak in the settings, a line each with what to do about it. Plain Python: nothing is asked of the machine."""

from collections.abc import Iterator
from dataclasses import dataclass
from email.utils import parseaddr
from typing import TYPE_CHECKING, Literal
from urllib.parse import SplitResult, parse_qs, urlsplit

from email_validator import EmailNotValidError, validate_email

if TYPE_CHECKING:
    from app.settings import Settings

DEMO_SECRET = "demo-only-and-no-secret-at-all"  # noqa: S105 -- the demo signs cookies that open nothing of value
DEMO_DOMAIN = "doemee.example"
LOCAL = frozenset({"localhost", "127.0.0.1", "::1", ""})
SHORTEST_SECRET, LEAST_VARIETY = 32, 10
LONGEST_PERIOD = 0.6  # of its length
ENCRYPTED = frozenset({"require", "verify-ca", "verify-full"})
MANY_PROXIES = 3
EXAMPLES = ("YOUR-CLIENT-ID", "USER:PASSWORD", "town.be")
REQUIRED = (
    "secret_key",
    "database_url",
    "base_url",
    "smtp_url",
    "mail_from",
    "uit_base_url",
    "uit_entry_url",
    "uit_client_id",
    "contact_email",
)
MAKE_SECRET = "Make one: python3 -c 'import secrets; print(secrets.token_hex(32))'"  # noqa: S105 -- how to make one


@dataclass(frozen=True, slots=True)
class Finding:
    """`about` is a setting or a part; an error keeps production from starting, a warning does not."""

    level: Literal["error", "warning"]
    about: str
    what: str
    todo: str

    def __str__(self) -> str:
        return f"{self.about}: {self.what} {self.todo}"


def error(about: str, what: str, todo: str) -> Finding:
    return Finding("error", about, what, todo)


def warning(about: str, what: str, todo: str) -> Finding:
    return Finding("warning", about, what, todo)


def of_settings(settings: "Settings") -> list[Finding]:
    """All that is weak; a setting that is missing is told once, as missing."""
    missing = {name.upper() for name in REQUIRED if not getattr(settings, name)}
    found = [error(name.upper(), "is missing.", "Fill it in; .env.example explains it.") for name in REQUIRED]
    found = [finding for finding in found if finding.about in missing]
    for look in (_secrets, _addresses, _database, _mail, _uit, _sessions, _proxies, _too_many_proxies):
        found += [finding for finding in look(settings) if finding.about not in missing]
    return found


def _secrets(settings: "Settings") -> Iterator[Finding]:
    if why := weak_secret(settings.secret_key):
        yield error("SECRET_KEY", why, MAKE_SECRET)
    for key in settings.secret_key_fallbacks:
        if why := weak_secret(key):
            yield error("SECRET_KEY_FALLBACKS", f"one of them {why}", "Take it out: whoever guesses it, signs in.")
    if settings.secret_key in settings.secret_key_fallbacks:
        yield warning("SECRET_KEY_FALLBACKS", "holds SECRET_KEY itself.", "Keep only the keys that were replaced.")


def weak_secret(key: str) -> str:
    """Why this is no secret; nothing when it is one."""
    if DEMO_SECRET in key:
        return "is the demo's."
    if len(key) < SHORTEST_SECRET:
        return f"has fewer than {SHORTEST_SECRET} characters."
    if len(set(key)) < LEAST_VARIETY:
        return f"has fewer than {LEAST_VARIETY} different characters."
    if period(key) < len(key) * LONGEST_PERIOD:
        return "repeats itself."
    return ""


def period(text: str) -> int:
    """After how many characters a text begins anew; its length when it never does."""
    return next(n for n in range(1, len(text) + 1) if text.startswith(text[n:]))


def _addresses(settings: "Settings") -> Iterator[Finding]:
    parts = split(settings.base_url)
    if parts is None or parts.scheme != "https" or not parts.hostname:
        yield error("BASE_URL", "is no https:// address.", "Cookies and links need one: put a proxy with TLS in front.")
    elif parts.path or parts.query or parts.fragment or parts.username:
        yield error("BASE_URL", "holds more than a host.", "Write https://host, without a path.")
    elif parts.hostname in LOCAL:
        yield warning("BASE_URL", "is this machine only.", "Links in mails lead there: write the site's own name.")
    for name in ("base_url", "smtp_url", "mail_from", "contact_email", "uit_client_id"):
        if any(example in getattr(settings, name) for example in EXAMPLES):
            yield warning(name.upper(), "is the manual's example.", "Write your own.")


def _database(settings: "Settings") -> Iterator[Finding]:
    url = settings.database_url
    if url.startswith("sqlite:"):
        yield warning("DATABASE_URL", "is SQLite: a trial on one host.", "Use PostgreSQL for more than a trial.")
        return
    parts = split(url)
    if parts is None or parts.scheme not in ("postgresql", "postgresql+psycopg"):
        yield error("DATABASE_URL", "is neither SQLite nor PostgreSQL.", "Write postgresql://user:password@host/name.")
    elif away(parts) and not ENCRYPTED & set(parse_qs(parts.query).get("sslmode", [])):
        yield warning(
            "DATABASE_URL", "reaches over the network, perhaps in the clear.", "Add ?sslmode=verify-full (or require)."
        )


def away(parts: SplitResult) -> bool:
    """Whether the database is on another host; in `?host=` a path is a socket of this machine."""
    hosts = [parts.hostname or "", *",".join(parse_qs(parts.query).get("host", [])).split(",")]
    return any(host not in LOCAL and not host.startswith("/") for host in hosts)


def _mail(settings: "Settings") -> Iterator[Finding]:
    parts = split(settings.smtp_url)
    if parts is None or parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        yield error("SMTP_URL", "is no mail server.", "Write smtp[s]://user:password@host:port.")
    for about, text in (("MAIL_FROM", settings.mail_from), ("CONTACT_EMAIL", settings.contact_email)):
        address = parseaddr(text)[1]
        if not is_address(address) or "\n" in text or "\r" in text:
            yield error(about, "holds no e-mail address.", 'Write name@town.be or "Name <name@town.be>".')
        elif address.endswith(".example"):
            yield error(about, "is the example's.", "Write an address of your own, that somebody reads.")


def _uit(settings: "Settings") -> Iterator[Finding]:
    for about, url in (("UIT_BASE_URL", settings.uit_base_url), ("UIT_ENTRY_URL", settings.uit_entry_url)):
        parts = split(url)
        if parts is None or parts.scheme not in ("http", "https") or not parts.hostname:
            yield error(about, "is no address.", "Take the one of publiq's documentation.")
        elif parts.scheme == "http":
            yield warning(about, "is not https.", "Take the https:// address of publiq's documentation.")
    if settings.uit_client_id == "demo":
        yield warning("UIT_CLIENT_ID", "is the demo's.", "Ask a client id on publiq platform.")
    if not 1 <= settings.uit_page_size <= 2_000:
        yield error("UIT_PAGE_SIZE", "is not between 1 and 2000.", "200 is fine.")
    if settings.uit_requests_per_second <= 0:
        yield warning("UIT_REQUESTS_PER_SECOND", "sets no limit.", "Write 1: more is not polite.")


def _sessions(settings: "Settings") -> Iterator[Finding]:
    if not 1 <= settings.session_hours <= 12:
        yield error("SESSION_HOURS", "is not between 1 and 12.", "Nobody stays signed in longer than a working day.")
    if not 5 <= settings.session_idle_minutes <= 60:
        yield error("SESSION_IDLE_MINUTES", "is not between 5 and 60.", "60 is fine.")


def _proxies(settings: "Settings") -> Iterator[Finding]:
    if settings.proxy_count < 0:
        yield error("PROXY_COUNT", "is below 0.", "Count the proxies of yours that stand in front.")
    elif settings.proxy_count == 0 and settings.https:
        yield warning(
            "PROXY_COUNT", "is 0 while BASE_URL is https.", "Something ends TLS in front of this: write 1, or how many."
        )


def _too_many_proxies(settings: "Settings") -> Iterator[Finding]:
    if settings.proxy_count > MANY_PROXIES:
        yield warning(
            "PROXY_COUNT", "is high.", "Count only proxies of yours: a stranger could write the rest himself."
        )


def is_address(text: str) -> bool:
    try:
        validate_email(text, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        return False
    return True


def split(url: str) -> SplitResult | None:
    """The parts of an address, or None for what is none."""
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 -- raises for a port that is none
    except ValueError:
        return None
    return parts
