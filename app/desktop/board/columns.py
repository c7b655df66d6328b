# SPDX-License-Identifier: Apache-2.0
"""The columns of the board: item, state, pages, and the stages that the batch's items go through."""

from __future__ import annotations

from collections.abc import Sequence

from app.desktop.language.marking import QT_TRANSLATE_NOOP
from archive.registry.board import DEFAULT_STAGES

ITEM_COLUMN, STATE_COLUMN, PAGES_COLUMN, FIRST_STAGE = range(4)
HEADERS = (
    QT_TRANSLATE_NOOP("board", "Item"),
    QT_TRANSLATE_NOOP("board", "State"),
    QT_TRANSLATE_NOOP("board", "Pages"),
)
"""Titles of the columns before the stages."""


def stage_of(column: int, stages: Sequence[str] = DEFAULT_STAGES) -> str | None:
    """The stage of a column at or right of FIRST_STAGE; None where the batch has fewer stages."""
    place = column - FIRST_STAGE
    return stages[place] if 0 <= place < len(stages) else None


def column_of(stage: str, stages: Sequence[str] = DEFAULT_STAGES) -> int:
    """The column of a stage; that of the item's state where its items do not go through it."""
    return FIRST_STAGE + stages.index(stage) if stage in stages else STATE_COLUMN
