# SPDX-License-Identifier: Apache-2.0
"""Keeping the station awake while it scans: through the desktop's bus, through systemd, or honestly not at all."""

from __future__ import annotations

import shutil
import subprocess
import sys
from typing import Protocol

import structlog
from PySide6.QtCore import QObject, Signal
from PySide6.QtDBus import QDBusConnection, QDBusMessage

log = structlog.get_logger(__name__)

APPLICATION = "Recto"
BUS_MILLISECONDS = 400
"""Longest wait for the bus; it answers in a few milliseconds or is not there."""


class Inhibitor(Protocol):
    """A way to keep the station awake."""

    name: str

    def begin(self, reason: str) -> bool:
        """Keep the station awake; whether that worked."""
        ...

    def end(self) -> None:
        """Let it sleep again."""
        ...


class ScreenSaverInhibitor:
    """The session's org.freedesktop.ScreenSaver: neither lock nor sleep (KDE, GNOME, Xfce, MATE, Cinnamon)."""

    name = "org.freedesktop.ScreenSaver"
    _PATH = "/org/freedesktop/ScreenSaver"

    def __init__(self) -> None:
        self._cookie: int | None = None

    def _call(self, method: str, arguments: list[object]) -> QDBusMessage | None:
        bus = QDBusConnection.sessionBus()
        if not bus.isConnected():
            return None
        message = QDBusMessage.createMethodCall(self.name, self._PATH, self.name, method)
        message.setAutoStartService(False)
        message.setArguments(arguments)
        return bus.call(message, timeout=BUS_MILLISECONDS)

    def begin(self, reason: str) -> bool:
        """Ask the session; whether it agreed."""
        answer = self._call("Inhibit", [APPLICATION, reason])
        if answer is None or answer.type() != QDBusMessage.MessageType.ReplyMessage:
            return False
        arguments = answer.arguments()
        self._cookie = int(arguments[0]) if arguments else None
        return self._cookie is not None

    def end(self) -> None:
        """Give the cookie back."""
        if self._cookie is not None:
            # Python's int would travel as a signed number, which this method does not take
            argument = _unsigned(self._cookie)
            self._call("UnInhibit", [argument])
            self._cookie = None


def _unsigned(number: int) -> object:
    from PySide6.QtDBus import QDBusArgument

    argument = QDBusArgument()
    argument.appendVariant(number)
    return argument


class SystemdInhibitor:
    """A child `systemd-inhibit` that holds logind's lock as long as it lives."""

    name = "systemd-inhibit"

    def __init__(self) -> None:
        self._child: subprocess.Popen[bytes] | None = None

    def begin(self, reason: str) -> bool:
        """Start the child; whether it holds the lock."""
        program = shutil.which("systemd-inhibit")
        if program is None:
            return False
        # the child waits for the end of its input, so that it dies with us, however we die
        wait = [sys.executable, "-c", "import sys; print(flush=True); sys.stdin.read()"]
        self._child = subprocess.Popen(
            [program, "--what=idle:sleep", f"--who={APPLICATION}", f"--why={reason}", "--mode=block", *wait],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        assert self._child.stdout is not None  # noqa: S101 (asked for above)
        if self._child.stdout.readline():
            return True
        self.end()
        return False

    def end(self) -> None:
        """Let the child go."""
        child, self._child = self._child, None
        if child is None:
            return
        for stream in (child.stdin, child.stdout):
            if stream is not None:
                stream.close()
        child.wait()
