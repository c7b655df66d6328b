# SPDX-License-Identifier: Apache-2.0
"""The stall watchdog: notices when the window's thread does not come back, and where wished says where it was."""

from __future__ import annotations

import faulthandler
import os
import tempfile
import threading
import time
from collections import deque
from dataclasses import dataclass
from typing import IO

import structlog
from PySide6.QtCore import QObject, Qt, QTimer

log = structlog.get_logger(__name__)

SECONDS_ALLOWED = 0.05
"""Longer than this the window may not stand still: three frames are lost, and keys feel late."""

HEARTBEAT_MILLISECONDS = 10
KEPT = 200
CALLS_KEPT = 12


@dataclass(frozen=True, slots=True)
class Stall:
    """The window's thread stood still.

    Attributes:
        seconds: For how long.
        stack: Where it was when that was noticed, the innermost call first; "" where nobody asked for it.
    """

    seconds: float
    stack: str


class StallWatchdog(QObject):
    """A heartbeat on the window's thread, and a thread that listens for it.

    Args:
        parent: Owner; the watchdog watches the thread on which it is made.
        allowed: Seconds that the window's thread may be away.
        stacks: Whether to find out where it was. Only Python itself may look there (faulthandler), for whoever
            holds a frame of another thread keeps its painters and widgets alive, and ends them in the wrong thread.
    """

    def __init__(
        self, parent: QObject | None = None, *, allowed: float = SECONDS_ALLOWED, stacks: bool = False
    ) -> None:
        super().__init__(parent)
        self._allowed = allowed
        self._watched = threading.get_ident()
        self._beat_at = time.monotonic()
        self._stop = threading.Event()
        self._stalls: deque[Stall] = deque(maxlen=KEPT)
        self._stacks = stacks
        self._heart = QTimer(self)
        self._heart.setTimerType(Qt.TimerType.PreciseTimer)
        self._heart.setInterval(HEARTBEAT_MILLISECONDS)
        self._heart.timeout.connect(self._beat)
        self._listener = threading.Thread(target=self._listen, name="stall-watchdog", daemon=True)

    def start(self) -> None:
        """Begin to watch."""
        self._beat_at = time.monotonic()
        self._heart.start()
        self._listener.start()

    def stop(self) -> None:
        """Watch no more, and let the thread end."""
        self._heart.stop()
        self._stop.set()
        if self._listener.is_alive():
            self._listener.join()

    @property
    def stalls(self) -> tuple[Stall, ...]:
        """What was noticed, the oldest first; of very many the last 200."""
        return tuple(self._stalls)

    def forget(self) -> None:
        """Begin anew: what was noticed so far counts no more."""
        self._stalls.clear()

    def _beat(self) -> None:
        self._beat_at = time.monotonic()

    def _listen(self) -> None:
        with tempfile.TemporaryFile() as notes:
            while not self._stop.wait(self._allowed / 4):
                away = time.monotonic() - self._beat_at
                if away > self._allowed:
                    self._follow(self._beat_at, notes)

    def _follow(self, beat: float, notes: IO[bytes]) -> None:
        """Note where the thread is, and wait for its return to know how long it was away."""
        stack = _stack(self._watched, notes) if self._stacks else ""
        while self._beat_at == beat and not self._stop.wait(0.002):
            pass
        seconds = time.monotonic() - beat
        self._stalls.append(Stall(seconds, stack))
        told = {"stack": stack} if stack else {}
        log.warning("desktop.stall", milliseconds=round(seconds * 1000), **told)


def _stack(thread: int, notes: IO[bytes]) -> str:
    """Where a thread is, the innermost call first, by way of a file, as faulthandler writes nowhere else."""
    os.ftruncate(notes.fileno(), 0)
    notes.seek(0)
    faulthandler.dump_traceback(notes, all_threads=True)
    notes.seek(0)
    heading = f"0x{thread:016x} "
    for part in notes.read().decode("utf-8", "replace").split("\n\n"):
        lines = part.splitlines()
        if lines and heading in lines[0]:
            return "\n".join(lines[1 : CALLS_KEPT + 1])
    return ""
