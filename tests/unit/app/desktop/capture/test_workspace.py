# SPDX-License-Identifier: Apache-2.0
"""The loop of the capture workspace, by keys alone, on simulated scanners."""

from __future__ import annotations

from PySide6.QtCore import Qt

from tests.unit.app.desktop.capture.conftest import Operator


# requirement 01
def test_an_item_is_captured_with_one_retake_and_handed_over_without_the_mouse(operator: Operator) -> None:
    operator.capture(3)
    before = operator.ids
    assert operator.names == ["0001.tif", "0002.tif", "0003.tif"]
    operator.press(Qt.Key.Key_Left)
    operator.press(Qt.Key.Key_Backspace)
    operator.until(lambda: operator.ids != before)
    operator.rest()
    after = operator.ids
    assert (after[0], after[2]) == (before[0], before[2])
    assert operator.names == ["0001.tif", "0002.tif", "0003.tif"]
    operator.press(Qt.Key.Key_Return)
    operator.until(lambda: operator.screen.flow.item.name == "minutes")
