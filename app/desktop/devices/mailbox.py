# SPDX-License-Identifier: Apache-2.0
"""What a device's thread says, on its way to the window's thread; after the last collection nothing more comes."""

from __future__ import annotations

import threading

from PySide6.QtCore import QObject, Qt, Signal


class Mailbox(QObject):
    """Letters posted in any thread arrive in the thread that the mailbox was made in, in order.

    A device may still be letting go when its window is gone: once the mailbox is closed, what is posted
    touches Qt no more.
    """

    arrived = Signal(object)
    _posted = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lock = threading.Lock()
        self._open = True
        self._posted.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def post(self, letter: object) -> None:
        """Send a letter; in any thread."""
        with self._lock:
            if self._open:
                self._posted.emit(letter)

    def close(self) -> None:
        """Deliver nothing from now on, not even what lies there already."""
        with self._lock:
            self._open = False

    def _deliver(self, letter: object) -> None:
        if self._open:
            self.arrived.emit(letter)
