# SPDX-License-Identifier: Apache-2.0
"""The board: items by stages from the ledger, with what can be done about each of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from PySide6.QtCore import QModelIndex, QPoint, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QFocusEvent
from PySide6.QtWidgets import QMenu, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from app.desktop.board.board_view import BoardView
from app.desktop.board.choices import Choice, needs_you
from app.desktop.board.column_holds import HOLD, RELEASE, ColumnHolds
from app.desktop.board.columns import STATE_COLUMN
from app.desktop.board.decisions import BoardDecisions
from app.desktop.board.detail import ABOUT_COPIES, HELPING, DetailPanel
from app.desktop.board.head import BoardHead
from app.desktop.board.model import ITEM_ROLE, BoardModel
from app.desktop.board.reason_dialog import ReasonDialog
from app.desktop.board.source import BatchChoice, BoardNews, BoardSource
from app.desktop.operation import OperationContext
from app.desktop.screen import Screen
from app.desktop.widgets.empty_place import EmptyPlace
from app.desktop.workplace import Workplace
from archive.registry.board import BoardItem
from archive.registry.decisions import ACCEPTABLE
from archive.registry.stages import Stage
from archive.registry.states import State

STOPPED = frozenset({State.FAILED, State.HELD, State.CANCELLED})


class BoardScreen(Screen):
    """The board."""

    screen_id: ClassVar[str] = "board"

    def __init__(self, workplace: Workplace) -> None:
        super().__init__(workplace)
        self.model = BoardModel(self, workplace.theme)
        self.source = BoardSource(workplace, self)
        self.decisions = BoardDecisions(workplace, self)
        self._batches: tuple[BatchChoice, ...] = ()
        self._wanted: str | None = None
        self._worked_on: str | None = None
        action = workplace.actions.action
        self.head = BoardHead(workplace.theme, [action("board.hold_batch"), action("board.release_batch")])
        self.view = BoardView(workplace.theme, self.model)
        self.detail = DetailPanel(workplace)
        self._lay_out()
        self._connect()
        self._bind_actions()
        self.columns = ColumnHolds(workplace, self.view, self.model, self.decisions, lambda: self.batch)

    def _lay_out(self) -> None:
        splitter = QSplitter(Qt.Orientation.Vertical)
        splitter.addWidget(self.view)
        splitter.addWidget(self.detail)
        splitter.setStretchFactor(0, 3)
        splitter.setStretchFactor(1, 2)
        splitter.setChildrenCollapsible(False)
        self.detail.setMinimumHeight(200)
        full = QWidget()
        column = QVBoxLayout(full)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addWidget(splitter, 1)
        self._stack = QStackedWidget()
        self._empty = EmptyPlace(
            self.tr("No batch yet"),
            self.tr("The items of a batch are shown here, from the first page to the proved copy."),
            self.workplace.actions.action("board.import"),
        )
        self._stack.addWidget(self._empty)
        self._stack.addWidget(full)
        self._full = full
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(self._stack)

    def _connect(self) -> None:
        self.source.news.connect(self._show_news)
        self.decisions.decided.connect(self._decided)
        self.head.batch_chosen.connect(self._choose_batch)
        self.head.choice_changed.connect(self._choose)
        self.head.words_changed.connect(self.model.look_for)
        self.view.selectionModel().currentChanged.connect(self._cell_chosen)
        self.model.modelReset.connect(self._rows_changed)
        self.view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.view.customContextMenuRequested.connect(self._show_menu)
        self.detail.stage_chosen.connect(self._choose_stage)
        self.detail.history_read.connect(self._history_read)
        self.workplace.batches_changed.connect(self.source.refresh_batches)
        if self.workplace.station_link is not None:
            self.workplace.station_link.health_changed.connect(self._show_station)
            self.workplace.station_link.state_changed.connect(self._show_station)

    def _bind_actions(self) -> None:
        bind, actions = self.workplace.actions.bind, self.workplace.actions
        can = self._cell_can
        bind(
            "board.retry_cell", self._retry_cell, when=can(lambda item, stage: _state(item, stage) in STOPPED)
        )
        bind("board.retry_item", self._retry_item, when=can(lambda item, _stage: item.state in STOPPED))
        bind("board.retry_reason", self._retry_reason, when=lambda: self._code() is not None)
        bind("board.accept", self._accept, when=can(_acceptable))
        bind("board.hold", self._hold, when=can(_can_be_held))
        bind("board.release", self._release, when=can(lambda item, _stage: item.on_hold == "operator"))
        bind(
            "board.hold_batch",
            self._hold_batch,
            when=lambda: self._any(lambda item: _can_be_held(item, None)),
        )
        bind(
            "board.release_batch",
            self._release_batch,
            when=lambda: self._any(lambda item: item.on_hold == "operator"),
        )
        bind("board.verify", self._verify, when=self._has_bag)
        bind("board.open_folder", self._open_folder, when=can(lambda _item, _stage: True))
        trouble = partial(self._any, needs_you)
        bind("board.next_trouble", partial(self._go_to_trouble, 1), when=trouble)
        bind("board.previous_trouble", partial(self._go_to_trouble, -1), when=trouble)
        bind("board.find", self._find, when=lambda: bool(self._batches))
        for place, name in enumerate(("way", "copies", "log", "details")):
            bind(f"board.show_{name}", partial(self._show_tab, place), when=lambda: bool(self._batches))
        bind("board.refresh", self._refresh)
        bind("board.start_workers", self._start_workers)
        actions.bind("board.import", lambda: self.workplace.go_to("importing"))

    # --- coming and going

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Give the keys to the table. A focus proxy would keep Tab from all that stands before the table."""
        super().focusInEvent(event)
        self.view.setFocus()

    def entered(self, arguments: Mapping[str, Any]) -> None:
        """Show the batch that is asked for, or the one that is worked on.

        Args:
            arguments: `batch` and `item`, both optional.
        """
        work = self.workplace.batch
        # what is worked on elsewhere is shown, unless another batch was chosen here since
        followed = work if work != self._worked_on else None
        self._worked_on = work
        batch = arguments.get("batch") or followed or self.source.batch or work
        if batch != self.source.batch:
            self._choose_batch(batch)
        self._wanted = arguments.get("item")
        self._go_to_wanted()
        self._show_station()
        self.source.watch(watched=True)

    def left(self) -> None:
        """Nobody looks any more."""
        self.source.watch(watched=False)

    def shut_down(self) -> None:
        """Read no more."""
        self.source.watch(watched=False)

    # --- what is shown

    @property
    def batch(self) -> str:
        """The batch that is shown; "" for none."""
        return self.source.batch or ""

    @property
    def item(self) -> BoardItem | None:
        """The item of the chosen cell."""
        item: BoardItem | None = self.view.currentIndex().data(ITEM_ROLE)
        return item

    @property
    def stage(self) -> str | None:
        """The stage of the chosen cell; None where the item as a whole is chosen."""
        index = self.view.currentIndex()
        return self.model.stage_of(index.column()) if index.isValid() else None

    def _show_news(self, news: BoardNews) -> None:
        if news.batches is not None:
            self._show_batches(news.batches)
        if news.pace is not None:
            self.head.show_pace(news.pace)
        if news.reading is None:
            return
        before = self.item
        self.head.show_whole(news.reading.of_batch, news.reading.holds)
        self.model.show(news.reading)
        if news.reading.items:
            self.head.count(self.model.items)
        self._go_to_wanted()
        if not self.view.currentIndex().isValid() and self.model.rowCount():
            self.view.setCurrentIndex(self.model.index(0, STATE_COLUMN))
        elif self.item != before:
            self._cell_chosen(self.view.currentIndex())
        elif news.reading.items:
            self.workplace.actions.refresh()

    def _show_batches(self, batches: tuple[BatchChoice, ...]) -> None:
        self._batches = batches
        self._stack.setCurrentWidget(self._full if batches else self._empty)
        if batches and self.source.batch not in {batch.id for batch in batches}:
            self._choose_batch(batches[0].id)
        self.head.show_batches(batches, self.source.batch)

    def _choose_batch(self, batch: str | None) -> None:
        self.model.clear()
        self.view.forget_cell()
        self.head.show_pace(None)
        self.head.show_whole(())
        self.detail.show_cell("", None, None)
        self.source.show_batch(batch)
        self.head.show_batches(self._batches, batch)

    def _choose(self, choice: Choice) -> None:
        self.model.choose(choice)
        self.head.show_choice(choice)

    def _choose_stage(self, stage: str) -> None:
        index = self.view.currentIndex()
        if index.isValid():
            self.view.setCurrentIndex(index.siblingAtColumn(self.model.column_of(stage)))

    def _cell_chosen(self, _index: QModelIndex, _before: QModelIndex | None = None) -> None:
        self.detail.show_cell(self.batch, self.item, self.stage)
        code = self._code()
        same = sum(item.stopped_for(code) for item in self.model.items if needs_you(item)) if code else 0
        self.detail.reason.show_same(same)
        self.workplace.actions.refresh()

    def _show_menu(self, place: QPoint) -> None:
        menu = self.make_menu()
        if not menu.isEmpty():
            menu.popup(self.view.viewport().mapToGlobal(place))

    def make_menu(self) -> QMenu:
        """What can be done with the chosen cell, as a menu that goes when it is closed."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        actions = [self.workplace.actions.action(name) for name in (*HELPING, HOLD, RELEASE, *ABOUT_COPIES)]
        menu.addActions([action for action in actions if action.isEnabled()])
        return menu

    def _rows_changed(self) -> None:
        if not self.model.rowCount():
            self._cell_chosen(QModelIndex())

    def _history_read(self, _history: object) -> None:
        self.workplace.actions.refresh()

    def _show_station(self, _news: object = None) -> None:
        link = self.workplace.station_link
        if link is not None:
            self.head.strip.show_link(link)

    def _find(self) -> None:
        self.head.search.setFocus()
        self.head.search.selectAll()

    def _show_tab(self, place: int) -> None:
        self.detail.tabs.setCurrentIndex(place)

    def _refresh(self) -> None:
        self.source.refresh_batches()
        self.detail.read_again()

    def _go_to_wanted(self) -> None:
        """Choose the item that somebody asked for, once it has come."""
        if self._wanted is None or not self.model.has(self._wanted):
            return
        wanted, self._wanted = self._wanted, None
        if self.model.row_of(wanted) is None:
            self._choose(Choice.ALL)
            self.head.search.clear()
        row = self.model.row_of(wanted)
        if row is not None:
            self._go_to(row)

    def _go_to(self, row: int) -> None:
        """Choose the cell of a row that tells most: where it stands still, else its state."""
        item: BoardItem = self.model.index(row, 0).data(ITEM_ROLE)
        resting = {State.FAILED, State.HELD}
        stopped = (self.model.column_of(stage) for stage in item.stages if item.state_of(stage) in resting)
        self.view.setCurrentIndex(self.model.index(row, next(stopped, STATE_COLUMN)))
        self.view.scrollTo(self.view.currentIndex())

    def _go_to_trouble(self, step: int) -> None:
        rows, here = self.model.rowCount(), max(0, self.view.currentIndex().row())
        for distance in range(1, rows + 1):
            row = (here + step * distance) % rows
            if needs_you(self.model.index(row, 0).data(ITEM_ROLE)):
                self._go_to(row)
                return

    # --- what can be done

    def _cell_can(self, test: Callable[[BoardItem, str | None], bool]) -> Callable[[], bool]:
        def can() -> bool:
            item = self.item
            return item is not None and test(item, self.stage)

        return can

    def _any(self, test: Callable[[BoardItem], bool]) -> bool:
        return any(test(item) for item in self.model.items)

    def _code(self) -> str | None:
        """The reason for which the chosen cell, or the first one of the chosen item, stands still."""
        item = self.item
        if item is None or item.state not in STOPPED:
            return None
        stages = item.stages if self.stage is None else [self.stage]
        codes = [
            code for stage in stages if _state(item, stage) in STOPPED for code in item.cell(stage).codes
        ]
        return codes[0] if codes else None

    def _has_bag(self) -> bool:
        history = self.detail.history
        return history is not None and bool(history.bag or history.copies)

    def _retry_cell(self) -> None:
        if self.item is not None:
            self.decisions.retry(self.batch, item=self.item.name, stage=self.stage)

    def _retry_item(self) -> None:
        if self.item is not None:
            self.decisions.retry(self.batch, item=self.item.name)

    def _retry_reason(self) -> None:
        self.decisions.retry(self.batch, code=self._code())

    def _accept(self) -> None:
        item = self.item
        text = self.tr("Why are the pages of {item} good enough? The reason goes into its history.")
        title = self.tr("Accept the pages")
        if item is not None and (
            reason := ReasonDialog.ask(self, title, text.format(item=item.name), needed=True)
        ):
            self.decisions.accept(self.batch, item.name, reason)

    def _hold(self) -> None:
        item = self.item
        text = self.tr("Why is {item} held back? What runs of it is finished first.")
        if item is not None:
            self._ask_and_hold(item.name, text.format(item=item.name))

    def _hold_batch(self) -> None:
        self._ask_and_hold(None, self.tr("Why is the batch held back? What runs of it is finished first."))

    def _ask_and_hold(self, item: str | None, text: str) -> None:
        reason = ReasonDialog.ask(self, self.tr("Hold back"), text, needed=False)
        if reason is not None:
            self.decisions.hold(self.batch, item, reason)

    def _release(self) -> None:
        if self.item is not None:
            self.decisions.release(self.batch, self.item.name)

    def _release_batch(self) -> None:
        self.decisions.release(self.batch, None)

    def _verify(self) -> None:
        item = self.item
        if item is None:
            return
        self._show_tab(1)
        shown = partial(self.detail.copies.show_verdicts, self.batch, item.name)
        operation = self.decisions.verify(self.batch, item.name, shown)
        self.detail.copies.show_progress(0, None, "")
        operation.progressed.connect(self.detail.copies.show_progress)
        operation.finished.connect(self.detail.copies.end_progress)
        self.detail.copies.stop_wanted.connect(operation.cancel)

    def _open_folder(self) -> None:
        item = self.item
        if item is None:
            return
        folder = self.workplace.node.item_folder(self.batch, item.name)

        def existing(_context: OperationContext) -> Path:
            # nothing was captured yet where it is missing: then the nearest folder that is there
            return next(path for path in (folder, *folder.parents) if path.is_dir())

        self.workplace.operations.run(self.tr("Open the folder"), existing, on_success=open_in_files)

    def _start_workers(self) -> None:
        if self.workplace.station_link is not None:
            self.workplace.station_link.start()

    def _decided(self) -> None:
        self.source.refresh()
        self.detail.read_again()


def open_in_files(folder: Path) -> None:
    """Show a folder in the file manager of the desk."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))


def _state(item: BoardItem, stage: str | None) -> State:
    return item.state if stage is None else item.state_of(stage)


def _acceptable(item: BoardItem, _stage: str | None) -> bool:
    return item.state is State.HELD and ACCEPTABLE in item.cell(Stage.CHARACTERISE).codes


def _can_be_held(item: BoardItem, _stage: str | None) -> bool:
    return item.on_hold is None and item.state not in {State.DONE, State.CANCELLED}
