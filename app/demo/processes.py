"""The demo's processes: each in its own group with its own log, and none left behind."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from app.settings import ROOT

STOP_SECONDS = 12
POLL_SECONDS = 0.1
TAIL_LINES = 15
_PR_SET_PDEATHSIG = 1  # prctl(2)
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


class Failed(Exception):
    """A part did not do what it should; the message says which, in words for the person at the terminal."""


class Process:
    """A running part of the demo; what it says goes to its own log."""

    def __init__(self, name: str, command: Sequence[str], environment: Mapping[str, str], log: Path) -> None:
        self.name, self.log = name, log
        with log.open("wb") as words:
            self.process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=words,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C reaches the supervisor only, which stops the parts in order
                preexec_fn=_die_with(os.getpid()),  # safe: the supervisor has no threads
            )

    @property
    def status(self) -> int | None:
        """The exit status; None while it runs."""
        return self.process.poll()

    def wait(self) -> None:
        """Until it is done. Raises Failed when it did not do well."""
        if self.process.wait() != 0:
            raise Failed(f"{self.name}: dat lukte niet.\n{self.tail()}")

    def wait_until(self, answers: Callable[[], bool], seconds: float) -> None:
        """Until it answers. Raises Failed when it stops, or takes longer than this."""
        give_up_at = time.monotonic() + seconds
        while not answers():
            self.check()
            if time.monotonic() > give_up_at:
                raise Failed(f"{self.name} antwoordt niet na {seconds:.0f} seconden.\n{self.tail()}")
            time.sleep(POLL_SECONDS)

    def check(self) -> None:
        """Raises Failed when it is no longer there."""
        if self.status is not None:
            raise Failed(f"{self.name} is gestopt (status {self.status}).\n{self.tail()}")

    def tail(self) -> str:
        """The last lines of its log, and where the rest is."""
        lines = self.log.read_text("utf-8", "replace").splitlines()[-TAIL_LINES:]
        place = self.log.relative_to(ROOT) if self.log.is_relative_to(ROOT) else self.log
        return "\n".join([f"Uit {place}:", *(f"    {line}" for line in lines or ["(daar staat niets in)"])])

    def signal(self, number: signal.Signals) -> None:
        """To it and to all it started."""
        with suppress(ProcessLookupError, PermissionError):  # gone already; macOS refuses a zombie's group
            os.killpg(self.process.pid, number)


def stop(processes: Sequence[Process]) -> None:
    """Ask all of them to stop, last started first; after a while, make them."""
    for process in reversed(processes):
        if process.status is None:
            process.signal(signal.SIGTERM)
    give_up_at = time.monotonic() + STOP_SECONDS
    for process in processes:
        with suppress(subprocess.TimeoutExpired):
            process.process.wait(max(0.0, give_up_at - time.monotonic()))
        process.signal(signal.SIGKILL)  # also what it started and forgot
        process.process.wait()


def die_with_parent() -> None:
    """From now on this process gets SIGTERM when its parent dies, however that dies. Linux only."""
    if _libc is not None:
        _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _die_with(parent: int) -> Callable[[], None]:
    def before_exec() -> None:
        die_with_parent()
        if os.getppid() != parent:  # it died before we asked
            os._exit(1)

    return before_exec
