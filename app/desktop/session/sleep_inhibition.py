# SPDX-License-Identifier: Apache-2.0
"""Keeping the station awake while it scans: through the desktop's bus, through systemd, or honestly not at all."""

from __future__ import annotations

import shutil
import subprocess
import sys
from typing import Protocol

from PySide6.QtDBus import QDBusConnection, QDBusMessage

APPLICATION = "Recto"
BUS_MILLISECONDS = 400
"""Longest wait for the bus; it answers in a few milliseconds or is not there."""


class Inhibitor(Protocol):
    """A way to keep the station awake."""

    @property
    def name(self) -> str:
        """What keeps it awake."""
        ...

    def begin(self, reason: str) -> bool:
        """Keep the station awake; whether that worked."""
        ...

    def end(self) -> None:
        """Let it sleep again."""
        ...


class ScreenSaverInhibitor:
    """The session's org.freedesktop.ScreenSaver: neither lock nor sleep (KDE, GNOME, Xfce, MATE, Cinnamon).

    The inhibition lasts as long as the connection by which it was asked for, so it ends with this process,
    however that ends.
    """

    name = "org.freedesktop.ScreenSaver"
    _PATH = "/org/freedesktop/ScreenSaver"
    _CONNECTION = "recto-sleep-inhibition"

    def begin(self, reason: str) -> bool:
        """Ask the session; whether it agreed."""
        bus = QDBusConnection.connectToBus(QDBusConnection.BusType.SessionBus, self._CONNECTION)
        if not bus.isConnected():
            return False
        message = QDBusMessage.createMethodCall(self.name, self._PATH, self.name, "Inhibit")
        message.setAutoStartService(False)
        message.setArguments([APPLICATION, reason])
        agreed = bus.call(message, timeout=BUS_MILLISECONDS).type() == QDBusMessage.MessageType.ReplyMessage
        if not agreed:
            self.end()
        return agreed

    def end(self) -> None:
        """Leave the bus."""
        QDBusConnection.disconnectFromBus(self._CONNECTION)


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
