"""Every setting, typed, from the environment or `.env`. Production names what is missing, and does not start."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast
from urllib.parse import urlsplit

from click import ClickException
from environs import Env, EnvError

from app.weakness import DEMO_SECRET, of_settings

ROOT = Path(__file__).resolve().parent.parent


class SettingsError(ClickException):
    """The settings are not fit to start with; the message names each that is not. A command prints just that."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings under the names of `.env.example`, in lower case; see there for a sentence on each."""

    app_env: Literal["demo", "production"]
    secret_key: str
    database_url: str
    base_url: str
    smtp_url: str
    mail_from: str
    uit_base_url: str
    uit_entry_url: str
    uit_client_id: str
    uit_page_size: int = 200
    uit_timeout_seconds: float = 30.0
    uit_requests_per_second: float = 1.0
    contact_email: str = "help@doemee.example"
    secret_key_fallbacks: tuple[str, ...] = ()
    proxy_count: int = 0
    session_hours: int = 12
    session_idle_minutes: int = 60
    demo_still: bool = False
    demo_mail_folder: str = "instance/mail"

    @property
    def demo(self) -> bool:
        return self.app_env == "demo"

    @property
    def https(self) -> bool:
        return self.base_url.startswith("https://")

    @property
    def host(self) -> str:
        return urlsplit(self.base_url).hostname or ""

    @property
    def trusted_hosts(self) -> list[str]:
        """Hosts a request may be for. The demo also answers on this machine's own names."""
        return sorted({self.host} | ({"localhost", "127.0.0.1"} if self.demo else set()))


def from_environment(env_file: Path | None = ROOT / ".env") -> Settings:
    """Read the settings. Raises SettingsError naming all that is missing or weak in production."""
    env = Env()
    if env_file and env_file.exists():
        env.read_env(str(env_file), recurse=False)
    try:
        settings = read(env)
    except EnvError as trouble:  # it names the setting and what was wrong with it
        raise SettingsError(f"This setting cannot be read: {trouble}") from None
    if not settings.demo:
        refuse_weak(settings)
    return settings


def read(env: Env) -> Settings:
    app_env = cast(Literal["demo", "production"], env.str("APP_ENV", "production"))
    if app_env not in ("demo", "production"):
        raise SettingsError(f"APP_ENV is demo or production, not {app_env!r}")
    demo = app_env == "demo"
    return Settings(
        app_env=app_env,
        secret_key=env.str("SECRET_KEY", DEMO_SECRET if demo else ""),
        database_url=env.str("DATABASE_URL", f"sqlite:///{ROOT / 'instance' / 'demo.sqlite'}" if demo else ""),
        base_url=env.str("BASE_URL", "http://localhost:5000" if demo else "").rstrip("/"),
        smtp_url=env.str("SMTP_URL", "smtp://127.0.0.1:1025" if demo else ""),
        mail_from=env.str("MAIL_FROM", "Doemee <noreply@doemee.example>" if demo else ""),
        uit_base_url=env.str("UIT_BASE_URL", "http://127.0.0.1:5001" if demo else "").rstrip("/"),
        uit_entry_url=env.str("UIT_ENTRY_URL", "http://127.0.0.1:5001" if demo else "").rstrip("/"),
        uit_client_id=env.str("UIT_CLIENT_ID", "demo" if demo else ""),
        uit_page_size=env.int("UIT_PAGE_SIZE", 200),
        uit_timeout_seconds=env.float("UIT_TIMEOUT_SECONDS", 30.0),
        uit_requests_per_second=env.float("UIT_REQUESTS_PER_SECOND", 0.0 if demo else 1.0),
        contact_email=env.str("CONTACT_EMAIL", "help@doemee.example" if demo else ""),
        secret_key_fallbacks=tuple(key.strip() for key in env.list("SECRET_KEY_FALLBACKS", "") if key.strip()),
        proxy_count=env.int("PROXY_COUNT", 0),
        session_hours=env.int("SESSION_HOURS", 12),
        session_idle_minutes=env.int("SESSION_IDLE_MINUTES", 60),
        demo_still=env.bool("DEMO_STILL", False),
        demo_mail_folder=env.str("DEMO_MAIL_FOLDER", str(ROOT / "instance" / "mail")),
    )


def refuse_weak(settings: Settings) -> None:
    """Raise SettingsError with a line for each setting that production cannot do without."""
    if trouble := [str(finding) for finding in of_settings(settings) if finding.level == "error"]:
        raise SettingsError("This cannot start in production:\n- " + "\n- ".join(trouble))
