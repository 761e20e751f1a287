"""The demo's mailbox: a real SMTP server on this machine that keeps each message as one file."""

import argparse
import signal
from datetime import UTC, datetime
from pathlib import Path
from threading import Event

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

MOST_KEPT = 500
SUFFIX = ".eml"
STAMP = "%Y%m%dT%H%M%S.%fZ"


class Folder:
    """Takes whatever is sent. The names of the files sort by the time they came in."""

    def __init__(self, path: Path, most_kept: int = MOST_KEPT) -> None:
        self.path, self.most_kept = path, most_kept
        path.mkdir(parents=True, exist_ok=True)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.keep(envelope.rcpt_tos, envelope.original_content or b"", datetime.now(UTC))
        return "250 OK"

    def keep(self, recipients: list[str], content: bytes, now: datetime) -> Path:
        """Write the message as it came, with its envelope on top; the oldest above the limit go."""
        name = now.strftime(STAMP)
        number = 0
        while (target := self.path / f"{name}-{number}{SUFFIX}").exists():
            number += 1
        half = target.with_suffix(".part")  # whoever lists the folder never sees half a message
        half.write_bytes(b"X-Envelope-To: " + _one_line(recipients) + b"\r\n" + content)
        half.replace(target)
        for old in sorted(self.path.glob(f"*{SUFFIX}"))[: -self.most_kept]:
            old.unlink(missing_ok=True)
        return target


def received_at(name: str) -> datetime:
    """When the message with this file name came in. Raises ValueError for another file's name."""
    return datetime.strptime(name.partition("-")[0], STAMP).replace(tzinfo=UTC)


def _one_line(recipients: list[str]) -> bytes:
    return " ".join(", ".join(recipients).split()).encode()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m app.demo.mailbox", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--folder", type=Path, required=True)
    options = parser.parse_args()
    stop = Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    controller = Controller(Folder(options.folder), hostname="127.0.0.1", port=options.port)
    controller.start()
    print(f"smtp://127.0.0.1:{options.port} -> {options.folder}", flush=True)
    stop.wait()
    controller.stop()


if __name__ == "__main__":
    main()
