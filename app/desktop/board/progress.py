# SPDX-License-Identifier: Apache-2.0
"""How far a cell's bar may be drawn: only what was counted, never back, and never full before the work is done."""

from __future__ import annotations

from archive.registry.board import Cell
from archive.registry.states import State

FULLEST = 0.99
"""The most that a bar shows of work that is not recorded as done."""


class ShownProgress:
    """The bar of one cell over time."""

    def __init__(self) -> None:
        self._highest = 0.0

    def show(self, cell: Cell) -> float | None:
        """The bar's length for what the ledger says now.

        Returns:
            0 to 1; 1 only when the stage is done. None where nothing runs, or nobody can know how far
            it is: then no bar may pretend to.
        """
        if cell.state is State.DONE:
            return 1.0
        if not cell.running_units:
            # it waits for another attempt, and begins anew
            self._highest = 0.0
            return None
        if not cell.total:
            return None
        self._highest = max(self._highest, min(FULLEST, cell.done / cell.total))
        return self._highest
