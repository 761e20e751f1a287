"""Reading the demo's mailbox: what came in, newest first, and one message in its parts."""

from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from pathlib import Path

from app.demo.mailbox import SUFFIX, received_at


@dataclass(frozen=True, slots=True)
class Envelope:
    """What the list shows of a message. `name` is its file's."""

    name: str
    to: str
    subject: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Letter:
    """One whole message: its headers as they came, and its two faces ('' where it has none)."""

    envelope: Envelope
    headers: list[tuple[str, str]]
    text: str
    html: str


def names(folder: Path) -> list[str]:
    """The file names, newest first."""
    return sorted((path.name for path in folder.glob(f"*{SUFFIX}")), reverse=True)


def listed(folder: Path, to: str = "") -> list[Envelope]:
    """The messages, newest first; with `to`, only those whose recipient has these letters."""
    found = (_envelope(folder, name) for name in names(folder))
    return [envelope for envelope in found if envelope and to.strip().lower() in envelope.to.lower()]


def opened(folder: Path, name: str) -> Letter | None:
    """The message with this name; None when the folder lists no such file, so no name leads elsewhere."""
    if name not in names(folder):
        return None
    message = message_from_bytes((folder / name).read_bytes(), policy=policy.default)
    headers = [(key, str(value)) for key, value in message.items()]
    return Letter(_of_message(name, message), headers, _part(message, "plain").strip(), _part(message, "html").strip())


def _envelope(folder: Path, name: str) -> Envelope | None:
    try:
        content = (folder / name).read_bytes()
    except FileNotFoundError:  # the mailbox keeps the newest only, and may just have cleared this one
        return None
    return _of_message(name, BytesHeaderParser(policy=policy.default).parsebytes(content))


def _of_message(name: str, message: EmailMessage) -> Envelope:
    to = str(message.get("X-Envelope-To") or message.get("To", ""))
    return Envelope(name, to, str(message.get("Subject", "")), received_at(name))


def _part(message: EmailMessage, kind: str) -> str:
    part = message.get_body(preferencelist=(kind,))
    return str(part.get_content()) if part is not None else ""
