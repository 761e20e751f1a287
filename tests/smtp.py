"""A real SMTP server on a socket, that keeps what it is given."""

import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass(frozen=True)
class Received:
    """A mail as it arrived: the envelope's addresses may differ from those in its headers."""

    sender: str
    recipients: tuple[str, ...]
    message: EmailMessage


@dataclass
class Mailbox:
    """What arrived, in order. `refuse` maps an address to its reply, and may be changed along the way."""

    url: str = ""
    refuse: dict[str, str] = field(default_factory=dict)
    received: list[Received] = field(default_factory=list)

    @property
    def messages(self) -> list[EmailMessage]:
        return [mail.message for mail in self.received]

    def to(self, address: str) -> list[EmailMessage]:
        return [mail.message for mail in self.received if address in mail.recipients]

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[Any]
    ) -> str:
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        message = message_from_bytes(envelope.original_content or b"", policy=policy.default)
        self.received.append(Received(envelope.mail_from or "", tuple(envelope.rcpt_tos), message))
        return "250 OK"


class _OnFreePort(Controller):
    """aiosmtpd wants to know its port beforehand; once the socket is bound, nobody else can take it."""

    def __init__(self, handler: Mailbox) -> None:
        self.bound = socket.create_server(("127.0.0.1", 0))
        super().__init__(handler, hostname="127.0.0.1", port=self.bound.getsockname()[1])

    def _create_server(self) -> Any:
        return self.loop.create_server(self._factory_invoker, sock=self.bound)


@contextmanager
def mailbox(refuse: Mapping[str, str] | None = None) -> Iterator[Mailbox]:
    """A mailbox that listens at `.url`; `refuse={"a@x": "550 Onbekend"}` turns an address away."""
    box = Mailbox(refuse=dict(refuse or {}))
    controller = _OnFreePort(box)
    box.url = f"smtp://127.0.0.1:{controller.port}"
    controller.start()
    try:
        yield box
    finally:
        controller.stop()
