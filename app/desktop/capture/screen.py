# SPDX-License-Identifier: Apache-2.0
"""The capture workspace: what happens between a key press, the scanner, the desk and the page in view."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from PySide6.QtCore import QEvent, QMimeData, QModelIndex, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QStackedLayout

from app.desktop.capture.agenda import Agenda
from app.desktop.capture.batch_dialog import BatchDialog
from app.desktop.capture.chosen_scanner import ChosenScanner
from app.desktop.capture.facts import item_facts, page_facts
from app.desktop.capture.growing import GrowingPage
from app.desktop.capture.item_desk import ItemDesk
from app.desktop.capture.item_flow import ItemFlow
from app.desktop.capture.item_model import ITEM_ROLE, ItemModel
from app.desktop.capture.keys import bind_actions
from app.desktop.capture.loop import CaptureLoop
from app.desktop.capture.page_commands import PageCommands
from app.desktop.capture.page_place import PagePlace
from app.desktop.capture.pedal import Pedal, PedalKey
from app.desktop.capture.preview import Preview
from app.desktop.capture.quick_checks import QuickChecks
from app.desktop.capture.rate import Rate
from app.desktop.capture.runs import CaptureRuns, Outcome, Pace
from app.desktop.capture.scanner_troubles import ScannerTroubles
from app.desktop.capture.station_memory import MemoryKeeper, StationMemory
from app.desktop.capture.workspace import Workspace
from app.desktop.screen import Screen
from app.desktop.undo import UndoStacks
from app.desktop.widgets.empty_place import EmptyPlace
from app.desktop.workplace import Workplace
from archive.registry.capture_list import CaptureItem, CaptureList, Standing
from hardware.scanner import PageFile, PageStarted
from workers.desk.change import Change
from workers.desk.places import DeskState
from workers.scan_profiles import Overruled


class CaptureScreen(Screen):
    """Place, capture, glance, next: without the mouse and without a dialog."""

    screen_id: ClassVar[str] = "capture"

    def __init__(self, workplace: Workplace) -> None:
        super().__init__(workplace)
        self.keeper = MemoryKeeper(workplace, self)
        self._chosen_by_hand = ""
        self._wanted_place: int | None = None
        self.rate = Rate()
        self.undo = UndoStacks.of(workplace)
        self.scanner = ChosenScanner(workplace, self)
        self.agenda = Agenda(workplace, self)
        self.desk = ItemDesk(workplace, self)
        self.flow = ItemFlow(workplace, self.agenda, self.desk, self)
        self.growing = GrowingPage(workplace.operations, self)
        self.runs = CaptureRuns(self.desk, self.growing, self)
        self.troubles = ScannerTroubles(workplace, self.scanner, self.runs)
        self.items = ItemModel(self)
        self.space = Workspace(workplace, self.scanner, self.items)
        self.place = PagePlace(workplace, self.space.viewer, self.space.strip, self.growing, self)
        self.pages = PageCommands(self.desk, self.place, self.space.strip, workplace.theme, self)
        self.checks = QuickChecks(workplace, self.desk, self)
        self.preview = Preview(workplace, self.scanner, self.space.viewer, self.space.crop, self)
        self.loop = CaptureLoop(
            runs=self.runs,
            scanner=self.scanner,
            desk=self.desk,
            flow=self.flow,
            place=self.place,
            preview=self.preview,
            count=self.space.count,
            keeper=self.keeper,
            parent=self,
        )
        self.pedal = Pedal(self)
        self.setAcceptDrops(True)
        self._lay_out()
        self._connect()
        bind_actions(self)
        self.keeper.recall()

    def _lay_out(self) -> None:
        actions = self.workplace.actions
        self.nothing_imported = EmptyPlace(
            self.tr("Nothing to capture yet"),
            self.tr("Import a list of items first; then their pages are captured here."),
            actions.action("general.go_to_importing"),
        )
        self.no_batch = EmptyPlace(
            self.tr("No batch is chosen"),
            self.tr("Choose the batch whose pages you want to capture."),
            actions.action("capture.choose_batch"),
        )
        self.nothing_left = EmptyPlace(
            self.tr("All items of this batch are captured"),
            self.tr("The workers go on with them. The board shows how far they are."),
            actions.action("general.go_to_board"),
        )
        self._stack = QStackedLayout(self)
        for widget in (self.no_batch, self.nothing_imported, self.nothing_left, self.space):
            self._stack.addWidget(widget)

    def _connect(self) -> None:
        self.desk.state_changed.connect(self._show_state)
        self.agenda.listed.connect(self._show_items)
        self.flow.opened.connect(self._show_item)
        self.flow.all_done.connect(partial(self._stack.setCurrentWidget, self.nothing_left))
        self.flow.page_refused.connect(self.place.go_to)
        self.place.moved.connect(self._show_page)
        self.place.measured.connect(self._show_page)
        self.undo.affected.connect(self._view_affected)
        self.runs.pace_changed.connect(self._show_pace)
        self.runs.page_begun.connect(self._page_begun)
        self.runs.page_kept.connect(self._page_kept)
        self.runs.page_kept.connect(self.checks.page_kept)
        self.space.findings.page_wanted.connect(self.place.go_to)
        self.runs.page_void.connect(self.place.end_page)
        self.runs.ended.connect(self._run_ended)
        self.runs.not_kept.connect(self.troubles.tell_not_kept)
        self.runs.kept_after_all.connect(self.troubles.kept_after_all)
        self.scanner.chosen.connect(self._use_scanner)
        self.scanner.state_changed.connect(self._show_device)
        self.scanner.failed.connect(self._scanner_failed)
        self.scanner.overruled.connect(self._say_overruled)
        self.place.profiles_read.connect(partial(setattr, self.preview, "profiles"))
        self.preview.shown.connect(partial(self.space.middle.setCurrentWidget, self.space.viewer))
        self.preview.ended.connect(self._preview_ended)
        self.space.items.activated.connect(self._open_row)
        self.space.items.clicked.connect(self._open_row)
        panel = self.space.panel
        panel.scanner_wanted.connect(self.choose_scanner)
        panel.profile_wanted.connect(self._use_profile)
        panel.one_sheet_wanted.connect(lambda one: self.remember(one_sheet=one))
        count = self.space.count
        count.scan_more.connect(self.loop.capture)
        count.mark_missing.connect(partial(self.pages.mark_missing, at_end=True))
        self.keeper.recalled.connect(self._recalled)
        self.pedal.pressed.connect(self.loop.capture)
        self.loop.still_adding.connect(
            lambda: self.workplace.say(
                self.tr("Image files are still being added; mark the item done after that")
            )
        )
        self.loop.scanner_needed.connect(self._ask_for_scanner)
        self.loop.connecting.connect(lambda: self.workplace.say(self.tr("The scanner is being connected")))
        self.scanner.button_pressed.connect(self._button_pressed)
        self.pedal.state_changed.connect(self.space.header.show_pedal)
        self.workplace.batches_changed.connect(self._look_for_batches)
        self.workplace.work_changed.connect(self._work_changed)

    # Entering and leaving

    def entered(self, arguments: Mapping[str, Any]) -> None:
        """Show the batch and item that are asked for, else those that are worked on."""
        self.pedal.listen()
        self._wanted_place = arguments.get("retake")
        batch = arguments.get("batch") or self.workplace.batch
        item = arguments.get("item") or (self.workplace.item if batch == self.workplace.batch else None)
        if batch and (
            batch != self.agenda.batch or (item or self._item_name) != self._item_name or not self._item_name
        ):
            self.open(str(batch), item)
        elif not batch:
            self._look_for_batches()
        else:
            self.agenda.refresh()
            self.desk.refresh()
        self.setFocus()

    def left(self) -> None:
        """Another screen is shown: the pedal captures nothing that nobody sees."""
        self.pedal.rest()

    def unfinished(self) -> str | None:
        """A scan that runs would be stopped; one that is stopping already loses nothing more."""
        if self.runs.pace in {Pace.BEGINNING, Pace.SCANNING}:
            return self.tr("A page is being captured.")
        if self.desk.is_copying:
            return self.tr("Image files are being added.")
        return None

    def shut_down(self) -> None:
        """Stop what runs, and let go of the scanner."""
        self.pedal.rest()
        self.growing.stop()
        self.runs.shut_down()
        self.scanner.shut_down()

    def open(self, batch: str, item: str | None = None) -> None:
        """Work on a batch, and on this item of it."""
        self.flow.open_batch(batch, item)

    @property
    def _item_name(self) -> str:
        return self.flow.item.name if self.flow.item is not None else ""

    def _look_for_batches(self) -> None:
        if not self.agenda.batch:
            self.agenda.batches(
                lambda found: self._stack.setCurrentWidget(self.no_batch if found else self.nothing_imported)
            )

    def _work_changed(self, batch: str, item: str) -> None:
        if self.isVisible() and batch and (batch != self.agenda.batch or (item and item != self._item_name)):
            self.open(batch, item or None)

    def choose_batch(self) -> None:
        """Ask for the batch to capture."""

        def ask(found: Any) -> None:
            batch = BatchDialog.ask(found, self) if found else ""
            if batch:
                self.open(batch)

        self.agenda.batches(ask)

    # What is remembered

    @property
    def memory(self) -> StationMemory:
        """What this station remembers."""
        return self.keeper.now

    def remember(self, **facts: Any) -> None:
        """Keep something for the next shift."""
        self.keeper.remember(**facts)

    def _recalled(self) -> None:
        memory = self.memory
        self.pedal.learn(PedalKey.from_text(memory.pedal))
        self.pedal.arm(memory.armed)
        self.space.panel.setVisible(memory.panel)
        self.space.panel.one_sheet.setChecked(memory.one_sheet)
        if self.flow.item is not None:
            self._follow_scanner(self.flow.item)

    # The scanner

    def choose_scanner(self, device_id: str) -> None:
        """Capture with this scanner from now on: all of this batch, and where the list names none."""
        self._chosen_by_hand = self.agenda.batch
        self.remember(device=device_id)
        self.scanner.choose(device_id)

    def _use_scanner(self) -> None:
        self.runs.use(self.scanner.controller)
        self._show_device()

    def _use_profile(self, name: str) -> None:
        self.scanner.use_profile(self.scanner.profiles.profile(name) if name else None)

    def _say_overruled(self, values: Sequence[Overruled]) -> None:
        kept = ", ".join(f"{value.name} {value.demanded}" for value in values)
        self.workplace.say(self.tr("The manifest wins over the profile: {values}").format(values=kept))

    def _scanner_failed(self, failure: dict[str, Any]) -> None:
        # within a run it is told at its end, with what is left to be done; what other screens try, they tell
        if self.runs.pace is Pace.IDLE and self.isVisible() and not self.preview.is_open:
            self.troubles.tell_of_scanner(failure)

    def _show_device(self, _state: str = "") -> None:
        pace, state = self.runs.pace, self.scanner.state
        shown = state if pace is Pace.IDLE or state in {"waiting", "opening"} else str(pace)
        detail = (
            self.tr("%n page(s)", "", self.runs.pages) if self.runs.pages and pace is not Pace.IDLE else ""
        )
        record = self.scanner.record
        self.space.header.show_device(
            shown,
            record.title if record else self.scanner.device_id,
            simulated=self.scanner.is_simulated,
            detail=detail,
            code=self.scanner.said,
        )
        self.workplace.actions.refresh()

    # Capturing

    @property
    def can_capture(self) -> bool:
        """Whether a press captures now."""
        return self.loop.can_capture

    def _ask_for_scanner(self) -> None:
        self.space.panel.show()
        self.space.panel.scanners.setFocus()
        self.workplace.say(self.tr("Choose a scanner first"))

    def _button_pressed(self, name: str) -> None:
        # a hand at the scanner, while this is what the operator sees
        if name == "scan" and self.isVisible() and self.window().isActiveWindow():
            self.loop.capture()

    def _show_pace(self, _pace: str) -> None:
        self._show_device()
        self._show_header()

    def _page_begun(self, started: PageStarted) -> None:
        if self.runs.is_of_open_item:
            self.space.middle.setCurrentWidget(self.space.viewer)
            self.place.begin_page(started)
        self._show_device()

    def _page_kept(self, _page: PageFile, change: Change) -> None:
        self.rate.add(time.monotonic())
        self.troubles.over()
        if self.memory.sound:
            QApplication.beep()
        if change.numbers and (change.batch, change.item) == (self.agenda.batch, self._item_name):
            self.place.go_to(change.numbers[0])
            if self.place.current is not None:
                self.troubles.tell_of_page(self.place.current)
        self.place.end_page()
        self._show_device()
        self.space.header.show_pace(self.rate.per_hour(time.monotonic()))

    def _run_ended(self, outcome: Outcome) -> None:
        self.place.end_page()
        if outcome.reason == "failed":
            if self.memory.sound:
                QApplication.beep()
            self.troubles.tell_of_run(outcome)
        self._show_device()

    def _preview_ended(self) -> None:
        self.place.end_page()
        self._show_page()

    # What is shown

    def _show_items(self, found: CaptureList) -> None:
        self.items.show_items(found.items)
        self._mark_item()

    def _mark_item(self) -> None:
        self.items.show_current(self._item_name)
        row = self.items.row_of(self._item_name)
        if row >= 0:
            self.space.items.setCurrentIndex(self.items.index(row))

    def _show_item(self, item: CaptureItem | None) -> None:
        if item is None:
            return
        self._stack.setCurrentWidget(self.space)
        self._mark_item()
        found = self.agenda.list
        manifest = found.manifest if found is not None else {}
        self.space.panel.item.show_facts(item_facts(item.description, manifest))
        self._follow_scanner(item)
        self.scanner.work_on(item, manifest)
        self.place.use_color_profile(str(manifest.get("color_profile", "")))
        # the last page, where the work goes on; of an item to be retaken, the first that was rejected
        self.place.go_to_when_there(1 << 30)
        if item.standing is Standing.ELSEWHERE:
            self.space.middle.setCurrentWidget(self.space.elsewhere)

    def _follow_scanner(self, item: CaptureItem) -> None:
        """Use the scanner that the list names for an item, unless the operator chose another for this batch."""
        named = item.description.get("scanner_id") or self.memory.device
        if named and self._chosen_by_hand != self.agenda.batch:
            self.scanner.choose(named)

    def _open_row(self, index: QModelIndex) -> None:
        item = index.data(ITEM_ROLE)
        if isinstance(item, CaptureItem) and item.name != self._item_name and self.runs.pace is Pace.IDLE:
            self.preview.leave()
            self.flow.open_item(item)
        self.setFocus()

    def _show_state(self, state: DeskState | None) -> None:
        if state is not None:
            self._go_where_work_is(state)
        self.place.show_state(state)
        self.space.show_instruction(state.instruction if state is not None else "")
        self.workplace.actions.refresh()

    def _go_where_work_is(self, state: DeskState) -> None:
        """View the page that somebody sent here, or the first that was rejected when the item is opened."""
        wanted, self._wanted_place = self._wanted_place, None
        sent = [place.position for place in state.places if place.id == wanted]
        rejected = [place.position for place in state.places if place.verdict == "rejected"]
        if sent or (rejected and self.place.position == 0):
            self.place.go_to_when_there((sent or rejected)[0])

    def _show_page(self, *_: object) -> None:
        place, found = self.place.current, self.agenda.list
        profile = str(found.manifest.get("color_profile", "")) if found is not None else ""
        facts = page_facts(place, profile, self.place.measures(place)) if place is not None else []
        self.space.panel.page.show_facts(facts)
        self.space.findings.show_places(self.desk.places, place)
        self._show_header()
        self._show_middle()
        self.workplace.actions.refresh()

    def _show_middle(self) -> None:
        state, place, space = self.desk.state, self.place.current, self.space
        arriving = self.runs.pace is not Pace.IDLE and self.runs.is_of_open_item
        if state is None or arriving or self.preview.is_open:
            return
        if state.handed_over:
            space.middle.setCurrentWidget(space.handed_over)
        elif place is None:
            space.middle.setCurrentWidget(space.empty_page)
        else:
            missing = place.kind == "missing"
            space.middle.setCurrentWidget(space.missing_page if missing else space.viewer)

    def _show_header(self) -> None:
        wish = self.runs.wish
        replaced = self.desk.place(wish.replaces) if wish.replaces is not None else None
        name = replaced.name if replaced is not None and self.runs.pace is not Pace.IDLE else ""
        self.space.header.show_state(self.desk.state, self.place.position, name)

    def _view_affected(self, batch: str, item: str, numbers: tuple[int, ...]) -> None:
        if (batch, item) == (self.agenda.batch, self._item_name) and numbers:
            self.place.go_to_when_there(numbers[0])

    # Files that are dropped here

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Image files may be dropped into the item."""
        if self.desk.state is not None and _files_of(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Take the files into the item."""
        self.pages.take_in_files(_files_of(event.mimeData()))
        event.acceptProposedAction()

    # Keys

    def event(self, event: QEvent) -> bool:
        """Leave the keys that work a button or a list to it while it has the focus."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            keys = {Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter}
            focus = QApplication.focusWidget()
            works = isinstance(focus, (QAbstractButton, QComboBox)) or focus is self.space.items
            if event.key() in keys and works:
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The Enter of the number pad does what the other one does."""
        if event.key() == Qt.Key.Key_Enter and not event.isAutoRepeat():
            self.workplace.actions.action("capture.done").trigger()
        else:
            super().keyPressEvent(event)


def _files_of(data: QMimeData) -> list[Path]:
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
