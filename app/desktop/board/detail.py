# SPDX-License-Identifier: Apache-2.0
"""Below the board: the chosen step with its reason, the way of its item, its copies, its log and the details."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QScrollArea, QSplitter, QTabWidget, QVBoxLayout, QWidget

from app.desktop.board.copies_panel import CopiesPanel
from app.desktop.board.graph_layout import GraphNode, lay_out
from app.desktop.board.graph_view import GraphView
from app.desktop.board.reason_panel import ReasonPanel
from app.desktop.failures.explanation import explain
from app.desktop.operation import OperationContext
from app.desktop.workplace import Workplace
from archive.registry.board import BoardItem
from archive.registry.item_history import ItemHistory, read_item
from workers.node import Node
from workers.unit_log import LogLine, read_unit_log

HELPING = (
    "board.retry_cell",
    "board.retry_item",
    "board.retry_reason",
    "board.accept",
    "board.hold",
    "board.release",
)
"""Actions with a button beside the reason."""
ABOUT_COPIES = ("board.verify", "board.open_folder")
"""Actions with a button above the copies."""


class DetailPanel(QWidget):
    """Everything about one cell; read from the ledger when it is chosen and when its item changes.

    Args:
        workplace: What the screens share.
    """

    stage_chosen = Signal(object)
    """A stage was chosen in the graph."""
    history_read = Signal(object)
    """An `ItemHistory` has come."""

    def __init__(self, workplace: Workplace) -> None:
        super().__init__()
        self._workplace = workplace
        self._batch = ""
        self._item: BoardItem | None = None
        self._stage: str | None = None
        self.history: ItemHistory | None = None
        action = workplace.actions.action
        self.reason = ReasonPanel(workplace.theme, [action(name) for name in HELPING])
        self.reason.screen_wanted.connect(self._go_there)
        self.graph = GraphView(workplace.theme)
        self.graph.chosen.connect(self._choose)
        self.copies = CopiesPanel(workplace.theme, [action(name) for name in ABOUT_COPIES])
        self.log, self.details = _text(self.tr("Log")), _text(self.tr("Details"))
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        around = QScrollArea()
        around.setWidget(self.graph)
        around.setWidgetResizable(True)
        around.setFrameShape(QFrame.Shape.NoFrame)
        around.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.tabs.addTab(around, self.tr("Way of the item"))
        self.tabs.addTab(self.copies, self.tr("Copies"))
        self.tabs.addTab(self.log, self.tr("Log"))
        self.tabs.addTab(self.details, self.tr("Details"))
        self.tabs.currentChanged.connect(self._read_log)
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.addWidget(self.reason)
        splitter.addWidget(self.tabs)
        splitter.setStretchFactor(1, 1)
        splitter.setSizes([310, 900])
        splitter.setChildrenCollapsible(False)
        self.reason.setMinimumWidth(240)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(splitter)

    @property
    def stage(self) -> str | None:
        """The stage that is shown; None for a whole item."""
        return self._stage

    def show_cell(self, batch: str, item: BoardItem | None, stage: str | None) -> None:
        """Show a cell, or nothing where the item is None."""
        same = self._item is not None and item is not None and item.key == self._item.key
        unchanged = same and item == self._item
        self._batch, self._item, self._stage = batch, item, stage
        if item is None:
            self.history = None
            self._show()
            return
        if not same:
            self.history = None
        self._show()
        if not unchanged or self.history is None:
            self.read_again()
        else:
            self._read_log()

    def read_again(self) -> None:
        """Read the chosen item once more."""
        if self._item is not None:
            self._workplace.operations.run(
                self.tr("Read the item"),
                partial(_history, self._workplace.node, self._batch, self._item.name),
                on_success=self._heard,
            )

    def _heard(self, history: ItemHistory) -> None:
        if self._item is not None and (history.batch, history.item) == (self._batch, self._item.name):
            self.history = history
            self._show()
            self.history_read.emit(history)
            self._read_log()

    def _show(self) -> None:
        self.graph.show_graph(lay_out(self.history) if self.history is not None else None)
        self.copies.show_history(self.history)
        if self._item is None:
            self.reason.show_nothing()
            self.details.setPlainText("")
            return
        self.reason.show_cell(self._item, self._stage, self.history)
        if self._stage is not None:
            self.graph.show_stage(self._stage)
        self.details.setPlainText(self._details())

    def _units(self) -> tuple[int, ...]:
        if self.history is None:
            return ()
        units = self.history.units if self._stage is None else self.history.of(self._stage)
        return tuple(unit.key for unit in units)

    def _details(self) -> str:
        if self.history is None:
            return ""
        units = self.history.units if self._stage is None else self.history.of(self._stage)
        errors = [explain(unit.error).details for unit in units if unit.error is not None]
        return "\n\n".join(errors) or self.tr("Nothing stands in the way of this step.")

    def _go_there(self, screen: str) -> None:
        item = self._item.name if self._item is not None else ""
        self._workplace.go_to(screen, batch=self._batch, item=item)

    def _choose(self, node: GraphNode) -> None:
        self.stage_chosen.emit(node.stage)

    def _read_log(self) -> None:
        if self.tabs.currentWidget() is not self.log:
            return
        units = self._units()
        folder = self._workplace.settings.state_directory / "logs"

        def read(_context: OperationContext) -> tuple[tuple[int, ...], list[LogLine]]:
            return units, read_unit_log(folder, units)

        self._workplace.operations.run(self.tr("Read the log"), read, on_success=self._show_log)

    def _show_log(self, found: tuple[tuple[int, ...], list[LogLine]]) -> None:
        units, lines = found
        if units != self._units():
            # another step was chosen meanwhile
            return
        text = "\n".join(line.as_text() for line in lines)
        text = text or self.tr("No worker of this machine has written about this step.")
        if text != self.log.toPlainText():
            self.log.setPlainText(text)
            self.log.verticalScrollBar().setValue(self.log.verticalScrollBar().maximum())


def _history(node: Node, batch: str, item: str, _context: OperationContext) -> ItemHistory:
    with node.registry.reading() as session:
        return read_item(session, batch, item)


def _text(name: str) -> QPlainTextEdit:
    made = QPlainTextEdit()
    made.setReadOnly(True)
    made.setFrameShape(QFrame.Shape.NoFrame)
    made.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
    made.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
    made.setAccessibleName(name)
    # Tab leaves the text: nobody types into it
    made.setTabChangesFocus(True)
    return made
