# SPDX-License-Identifier: Apache-2.0
"""How long the window's thread works at a stretch while pages come; `benchmarks/desktop_shift.py` takes the clock's time."""

from __future__ import annotations

import itertools
import time

from PySide6.QtCore import Qt, QTimer

from tests.unit.app.desktop.capture.conftest import Operator

ALLOWED = 0.05
"""Seconds."""

PAGES = 12


class Beats:
    """Turns of the event loop, with the processor time that its thread had used by then.

    The processor's time and not the clock's: other tests run at the same time and take the processor away.
    """

    def __init__(self) -> None:
        self._used: list[float] = []
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(lambda: self._used.append(time.thread_time()))
        self._timer.start(5)

    def longest(self) -> float:
        self._timer.stop()
        return max(later - earlier for earlier, later in itertools.pairwise(self._used))


# requirement 03
def test_the_windows_thread_never_works_long_at_a_stretch_while_pages_are_captured_and_sent_on(
    operator: Operator,
) -> None:
    # what is made once, such as the windows of the first page, is no matter of a shift
    operator.capture(2)
    beats = Beats()
    operator.capture(PAGES - 2)
    operator.press(Qt.Key.Key_Return)
    # there are more pages than expected, which is told first
    operator.press(Qt.Key.Key_Return)
    operator.until(lambda: operator.screen.flow.item.name == "minutes")
    operator.rest()
    assert beats.longest() < ALLOWED
