# SPDX-License-Identifier: Apache-2.0
"""The filled board for those who do not see it, for the keyboard, and on the narrowest display."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from app.desktop.board.columns import column_of
from app.desktop.board.screen import BoardScreen
from archive.registry.stages import Stage
from tests.unit.app.desktop import accessibility as walker


@pytest.fixture
def failed(qtbot: QtBot, board: BoardScreen) -> BoardScreen:
    """The board with a failed cell chosen, as narrow as beside the rail at 1280 pixels."""
    board.resize(1190, 640)
    row = board.model.row_of("refused-1")
    assert row is not None
    board.view.setCurrentIndex(board.model.index(row, column_of(Stage.UPLOAD)))
    qtbot.waitUntil(lambda: board.detail.history is not None, timeout=10_000)
    return board


# requirement 21
@pytest.mark.parametrize("tab", range(4))
def test_everything_on_the_board_has_a_name_and_is_reached_by_tab(
    qtbot: QtBot, failed: BoardScreen, tab: int
) -> None:
    failed.detail.tabs.setCurrentIndex(tab)
    failed.activateWindow()
    failed.view.setFocus()
    qtbot.waitUntil(failed.view.hasFocus, timeout=5_000)
    assert walker.nameless(failed) == []
    assert walker.unreached_by_tab(failed) == []


# requirement 24
@pytest.mark.parametrize("tab", range(4))
def test_nothing_on_the_board_is_cut_or_out_of_sight_at_1280_pixels(failed: BoardScreen, tab: int) -> None:
    failed.detail.tabs.setCurrentIndex(tab)
    assert walker.cut_off(failed) == []
