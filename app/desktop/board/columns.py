# SPDX-License-Identifier: Apache-2.0
"""The columns of the board: item, state, pages, and the nine stages."""

from __future__ import annotations

from app.desktop.language.marking import QT_TRANSLATE_NOOP
from archive.registry.stages import Stage

ITEM_COLUMN, STATE_COLUMN, PAGES_COLUMN, FIRST_STAGE = range(4)
STAGES: tuple[Stage, ...] = tuple(Stage)
COLUMNS = FIRST_STAGE + len(STAGES)
HEADERS = (
    QT_TRANSLATE_NOOP("board", "Item"),
    QT_TRANSLATE_NOOP("board", "State"),
    QT_TRANSLATE_NOOP("board", "Pages"),
)
"""Titles of the columns before the stages."""


def stage_of(column: int) -> Stage:
    """The stage of a column at or right of FIRST_STAGE."""
    return STAGES[column - FIRST_STAGE]


def column_of(stage: Stage) -> int:
    """The column of a stage."""
    return FIRST_STAGE + STAGES.index(stage)
