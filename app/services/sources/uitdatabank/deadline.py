"""A deadline for one whole request: a server that drips one byte at a time meets it too (RELIABILITY F1)."""

import contextlib
import socket
from threading import Lock, Timer
from types import TracebackType
from typing import Any


class Deadline:
    """Shuts the connection of a request down after `seconds`, whatever it was waiting for.

    Timeouts of an HTTP client count from one read to the next, so that a slow drip never meets them.
    Hand `trace` to the request as its `trace` extension; afterwards `expired` tells whether the time ran out.
    """

    def __init__(self, seconds: float) -> None:
        self.expired = False
        self._sockets: list[socket.socket] = []
        self._lock = Lock()
        self._timer = Timer(seconds, self._expire)
        self._timer.daemon = True

    def __enter__(self) -> "Deadline":
        self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.cancel()
        with self._lock:
            for connection in self._sockets:
                connection.close()
            self._sockets.clear()

    def trace(self, event: str, info: dict[str, Any]) -> None:
        """Called by the HTTP client at each step; the one that matters is the opening of a connection."""
        if not event.endswith(".connect_tcp.complete"):
            return
        with self._lock:
            # A duplicate: TLS takes over the socket itself, shutting down reaches both.
            self._sockets.append(info["return_value"].get_extra_info("socket").dup())
            if self.expired:
                self._shut_down()

    def _expire(self) -> None:
        with self._lock:
            self.expired = True
            self._shut_down()

    def _shut_down(self) -> None:
        for connection in self._sockets:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
