# SPDX-License-Identifier: Apache-2.0
"""SIGTERM and SIGINT close the window in order, also while Qt waits and no Python runs."""

from __future__ import annotations

import signal
import socket
from collections.abc import Callable
from types import FrameType

from PySide6.QtCore import QObject, QSocketNotifier

SIGNALS = (signal.SIGTERM, signal.SIGINT)


class SignalsOfTheSystem(QObject):
    """Turns signals of the system into a call on the window's thread.

    Args:
        close: Called once for each signal.
        parent: Owner.
    """

    def __init__(self, close: Callable[[], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._close = close
        self._ours, self._theirs = socket.socketpair()
        for end in (self._ours, self._theirs):
            end.setblocking(False)
        self._wakeup_before = signal.set_wakeup_fd(self._theirs.fileno())
        self._before = {number: signal.signal(number, _wake_only) for number in SIGNALS}
        self._notifier = QSocketNotifier(self._ours.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._hear)

    def _hear(self) -> None:
        heard = set(self._ours.recv(64))
        if heard & set(SIGNALS):
            self._close()

    def shut_down(self) -> None:
        """Leave the signals as they were."""
        self._notifier.setEnabled(False)
        for number, handler in self._before.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(self._wakeup_before)
        self._ours.close()
        self._theirs.close()


def _wake_only(_number: int, _frame: FrameType | None) -> None:
    """The byte that Python writes into the socket is what matters."""
