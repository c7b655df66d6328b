# SPDX-License-Identifier: Apache-2.0
"""The stall watchdog: notices when the window's thread does not come back, and says where it was."""

from __future__ import annotations

import sys
import threading
import time
import traceback
from collections import deque
from dataclasses import dataclass

import structlog
from PySide6.QtCore import QObject, Qt, QTimer

log = structlog.get_logger(__name__)

SECONDS_ALLOWED = 0.05
"""Longer than this the window may not stand still: three frames are lost, and keys feel late."""

HEARTBEAT_MILLISECONDS = 10
KEPT = 200


@dataclass(frozen=True, slots=True)
class Stall:
    """The window's thread stood still.

    Attributes:
        seconds: For how long.
        stack: Where it was when that was noticed, the innermost call last.
    """

    seconds: float
    stack: str


class StallWatchdog(QObject):
    """A heartbeat on the window's thread, and a thread that listens for it.

    Args:
        parent: Owner; the watchdog watches the thread on which it is made.
        allowed: Seconds that the window's thread may be away.
    """

    def __init__(self, parent: QObject | None = None, *, allowed: float = SECONDS_ALLOWED) -> None:
        super().__init__(parent)
        self._allowed = allowed
        self._watched = threading.get_ident()
        self._beat_at = time.monotonic()
        self._stop = threading.Event()
        self._stalls: deque[Stall] = deque(maxlen=KEPT)
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
        while not self._stop.wait(self._allowed / 4):
            away = time.monotonic() - self._beat_at
            if away > self._allowed:
                self._follow(self._beat_at)

    def _follow(self, beat: float) -> None:
        """Take the stack where the thread is, and wait for its return to know how long it was away."""
        frame = sys._current_frames().get(self._watched)  # noqa: SLF001 (documented for this use)
        stack = "".join(traceback.format_stack(frame)[-12:]) if frame is not None else ""
        del frame
        while self._beat_at == beat and not self._stop.wait(0.002):
            pass
        seconds = time.monotonic() - beat
        self._stalls.append(Stall(seconds, stack))
        log.warning("desktop.stall", milliseconds=round(seconds * 1000), stack=stack)
