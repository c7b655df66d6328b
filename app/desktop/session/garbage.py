# SPDX-License-Identifier: Apache-2.0
"""Garbage of the desktop, collected on the window's thread only: where another collected it, windows would end there."""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

MILLISECONDS = 250
"""Between two looks. A look costs microseconds; the young are few then, and collected within a millisecond or two."""

LOOKS_UNTIL_ALL = 240
"""All of what came since the start is gone through once a minute at most: some 30 ms after a hundred pages."""


class Garbage(QObject):
    """Takes the collector from whichever thread happens to need memory.

    Python collects where an object is made, in any thread. Widgets, painters and pixmaps that are in a cycle
    (a dialog and the function that its button calls) would be deleted in that thread, which Qt does not survive.

    Args:
        parent: Owner; garbage is collected on its thread.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thresholds = gc.get_threshold()
        self._was_enabled = gc.isenabled()
        self._looks = 0
        self._timer = QTimer(self)
        self._timer.setInterval(MILLISECONDS)
        self._timer.timeout.connect(self._look)

    def begin(self) -> None:
        """From now on nobody else collects. What there is by now, mostly modules, stays and is not looked at again."""
        gc.disable()
        gc.collect()
        gc.freeze()
        self._timer.start()

    def end(self) -> None:
        """Leave it to Python again."""
        self._timer.stop()
        gc.unfreeze()
        if self._was_enabled:
            gc.enable()

    def _look(self) -> None:
        self._looks += 1
        young, middle, old = gc.get_count()
        if self._looks >= LOOKS_UNTIL_ALL and old > self._thresholds[2]:
            self._looks = 0
            gc.collect()
        elif young > self._thresholds[0]:
            gc.collect(1 if middle > self._thresholds[1] else 0)
