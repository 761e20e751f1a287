"""A mail server, spoken to by SMTP: one connection for many mails, one recipient an envelope.

The only module that knows smtplib: no web request ever waits for a mail server.
"""

import smtplib
import ssl
from email.message import EmailMessage
from types import TracebackType
from typing import Self
from urllib.parse import unquote, urlsplit

TIMEOUT_SECONDS = 60
LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})


class Post:
    """`smtp[s]://user:password@host:port`. Over a network, `smtp` insists on STARTTLS with a checked certificate."""

    def __init__(self, url: str) -> None:
        self._url = urlsplit(url)
        self._server: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def hand_over(self, message: EmailMessage) -> tuple[str, bool]:
        """Send one mail. Returns the server's words when it did not take it ('' when it did), and whether for good."""
        try:
            server = self._connected()
            server.send_message(message)
        except smtplib.SMTPRecipientsRefused as refused:
            code, words = next(iter(refused.recipients.values()))
            self._reset()
            return f"{code} {_text(words)}", code >= 500
        except smtplib.SMTPResponseException as answer:
            self._reset()
            return f"{answer.smtp_code} {_text(answer.smtp_error)}", self._for_good(answer)
        except (OSError, smtplib.SMTPException) as trouble:
            self._close()
            return f"{type(trouble).__name__}: {trouble}", False
        return "", False

    @staticmethod
    def _for_good(answer: smtplib.SMTPResponseException) -> bool:
        # A refused greeting, sign-in or TLS is the server's trouble or ours, not this mail's.
        about_us = smtplib.SMTPConnectError | smtplib.SMTPHeloError | smtplib.SMTPAuthenticationError
        return answer.smtp_code >= 500 and not isinstance(answer, about_us)

    def _connected(self) -> smtplib.SMTP:
        if self._server is not None:
            return self._server
        host, secure = self._url.hostname or "localhost", self._url.scheme == "smtps"
        port = self._url.port or (465 if secure else 587)
        if secure:
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                host, port, timeout=TIMEOUT_SECONDS, context=ssl.create_default_context()
            )
        else:
            server = smtplib.SMTP(host, port, timeout=TIMEOUT_SECONDS)
            if host not in LOCAL:
                server.starttls(context=ssl.create_default_context())
        if self._url.username:
            server.login(unquote(self._url.username), unquote(self._url.password or ""))
        self._server = server
        return server

    def _reset(self) -> None:
        """Start the next envelope afresh; a server that cannot is left."""
        try:
            if self._server is not None:
                self._server.rset()
        except (OSError, smtplib.SMTPException):
            self._close()

    def _close(self) -> None:
        server, self._server = self._server, None
        if server is not None:
            try:
                server.quit()
            except (OSError, smtplib.SMTPException):
                server.close()


def _text(words: bytes | str) -> str:
    return words.decode("utf-8", "replace") if isinstance(words, bytes) else words
