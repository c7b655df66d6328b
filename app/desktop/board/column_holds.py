# SPDX-License-Identifier: Apache-2.0
"""Holding a step of the whole batch back, and letting it go on: by a key on its column, or from the column's head."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtWidgets import QMenu

from app.desktop.board.board_view import BoardView
from app.desktop.board.decisions import BoardDecisions
from app.desktop.board.model import BoardModel
from app.desktop.board.reason_dialog import ReasonDialog
from app.desktop.board.words import stage_title
from app.desktop.workplace import Workplace
from archive.registry.stage_holds import OPERATOR
from archive.registry.states import State

HOLD, RELEASE = "board.hold_stage", "board.release_stage"
SETTLED = frozenset({State.DONE, State.CANCELLED})


class ColumnHolds(QObject):
    """What can be done with a column of the board.

    Args:
        workplace: What the screens share.
        view: The table.
        model: Its rows.
        decisions: Carries out what is decided.
        batch: Tells the batch that is shown.
    """

    def __init__(
        self,
        workplace: Workplace,
        view: BoardView,
        model: BoardModel,
        decisions: BoardDecisions,
        batch: Callable[[], str],
    ) -> None:
        super().__init__(view)
        self._workplace = workplace
        self._view = view
        self._model = model
        self._decisions = decisions
        self._batch = batch
        workplace.actions.bind(HOLD, self._hold, when=self._can_be_held)
        workplace.actions.bind(RELEASE, self._release, when=self._can_go_on)
        head = view.horizontalHeader()
        head.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        head.customContextMenuRequested.connect(self._show_menu)
        model.headerDataChanged.connect(workplace.actions.refresh)

    @property
    def stage(self) -> str | None:
        """The stage of the chosen column."""
        index = self._view.currentIndex()
        return self._model.stage_of(index.column()) if index.isValid() else None

    def make_menu(self, column: int) -> QMenu:
        """What can be done with a column, as a menu that goes when it is closed; the column is chosen for it."""
        menu = QMenu(self._view)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if self._model.stage_of(column) is None or not self._model.rowCount():
            return menu
        chosen = self._view.currentIndex()
        row = chosen.row() if chosen.isValid() else 0
        self._view.setCurrentIndex(self._model.index(row, column))
        actions = [self._workplace.actions.action(name) for name in (HOLD, RELEASE)]
        menu.addActions([action for action in actions if action.isEnabled()])
        return menu

    def _show_menu(self, place: QPoint) -> None:
        head = self._view.horizontalHeader()
        menu = self.make_menu(head.logicalIndexAt(place))
        if not menu.isEmpty():
            menu.popup(head.viewport().mapToGlobal(place))

    def _is_held(self) -> bool:
        return any(
            hold.stage == self.stage for hold in self._model.holds if hold.by == OPERATOR and hold.batch
        )

    def _can_be_held(self) -> bool:
        goes_on = any(item.state not in SETTLED for item in self._model.items)
        return self.stage is not None and goes_on and not self._is_held()

    def _can_go_on(self) -> bool:
        return self.stage is not None and self._is_held()

    def _hold(self) -> None:
        stage, batch = self.stage, self._batch()
        if stage is None:
            return
        text = self.tr("Why is “{step}” held back in the whole batch? What runs of it is finished first.")
        title = self.tr("Hold the step back")
        reason = ReasonDialog.ask(self._view, title, text.format(step=stage_title(stage)), needed=False)
        if reason is not None:
            self._decisions.hold_stage(batch, stage, reason)

    def _release(self) -> None:
        if self.stage is not None:
            self._decisions.release_stage(self._batch(), self.stage)
