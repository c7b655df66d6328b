# SPDX-License-Identifier: Apache-2.0
"""A page of an item that has gone on, taken again: the scanner is set as the manifest demands, and the old page replaced."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QCoreApplication, QObject, Signal
from PySide6.QtWidgets import QMessageBox, QWidget

from app.desktop.devices.controller import DeviceController
from app.desktop.devices.directory import DeviceDirectory
from app.desktop.operation import OperationContext
from app.desktop.undo import LANE
from app.desktop.workplace import Workplace
from archive.registry import desk
from archive.registry.tables import BatchRow
from hardware.options import Value
from hardware.scanner import DeviceInfo, PageFile
from hardware.session_reports import OptionsNow
from workers.desk.replacing import begin_replacement, replace_page
from workers.desk.review import Review, ReviewPage
from workers.desk.runs import Run
from workers.node import Node
from workers.scan_profiles import demanded_values

FAILURE = "quality.retake"


@dataclass(frozen=True, slots=True)
class _Plan:
    run: Run
    device: str
    manifest: dict[str, Any]
    settings: dict[str, Any]


class PageRetake(QObject):
    """One page at a time; nothing is replaced before the new page is whole and as the manifest demands.

    Args:
        workplace: What the screens share.
        parent: Owner.
    """

    replaced = Signal(int)
    """The page has a new image: its position."""
    ended = Signal()
    """Nothing runs any more, whether the page was replaced or not."""

    def __init__(self, workplace: Workplace, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workplace = workplace
        self._plan: _Plan | None = None
        self._controller: DeviceController | None = None
        self._page: PageFile | None = None
        self._number = 0
        self._ordered = self._was_open = False
        self._before: dict[str, Value] = {}
        self._scan = 0

    @property
    def runs(self) -> bool:
        """Whether a page is being taken again."""
        return self._number > 0

    def begin(self, review: Review, page: ReviewPage) -> None:
        """Take a page again; does nothing while another one is."""
        if self.runs:
            return
        self._number = page.position
        node, device = self._workplace.node, str((page.facts.get("device") or {}).get("id") or "")
        self._workplace.operations.run(
            self.tr("Capture page {page} again").format(page=page.position),
            lambda _context: _plan(node, review, page.position, device),
            lane=LANE,
            on_success=self._planned,
            on_failure=self._give_up,
        )

    def stop(self) -> None:
        """Stop the scan, if it runs; the old page stays."""
        if self._controller is not None:
            self._controller.cancel()

    def _planned(self, plan: _Plan) -> None:
        controller = DeviceDirectory.of(self._workplace).controller(plan.device)
        if controller.is_running:
            self._workplace.say(self.tr("The scanner is in use; try again when it has finished"))
            self._end()
            return
        self._plan, self._controller, self._page = plan, controller, None
        self._was_open = controller.device is not None and controller.state != "closed"
        controller.opened.connect(self._opened)
        controller.options_changed.connect(self._ready)
        controller.page_completed.connect(self._completed)
        controller.failed.connect(self._failed)
        controller.run_ended.connect(self._run_ended)
        controller.open(plan.device)

    def _opened(self, _device: DeviceInfo, options: OptionsNow) -> None:
        self._ready(options)

    def _ready(self, options: OptionsNow) -> None:
        plan, controller = self._plan, self._controller
        if plan is None or controller is None or self._ordered:
            return
        self._ordered = True
        values: dict[str, Value] = demanded_values(plan.manifest, plan.settings, options.descriptors)
        self._before = {name: options.values[name] for name in values if name in options.values}
        controller.apply(values)
        self._scan = controller.scan(plan.run.request())

    def _completed(self, page: PageFile) -> None:
        # what another screen asked of the scanner lies elsewhere
        if self._plan is not None and page.path.parent == self._plan.run.folder:
            self._page = page

    def _failed(self, failure: dict[str, Any]) -> None:
        self._workplace.report(failure, key=FAILURE)
        if not self._ordered:
            # it could not even be opened: no run will end
            self._end()

    def _run_ended(self, _reason: str) -> None:
        if self._controller is not None and self._controller.ended_run != self._scan:
            # a preview or a scan that another screen asked for before
            return
        plan, page, number = self._plan, self._page, self._number
        self._let_go()
        if plan is None or page is None:
            self._end()
            return
        node, run = self._workplace.node, plan.run

        def work(_context: OperationContext) -> None:
            replace_page(node, run.batch, run.item, number, page, operator=node.settings.operator)

        self._workplace.operations.run(
            self.tr("Replace page {page}").format(page=number),
            work,
            lane=LANE,
            on_success=lambda _none: self._replaced(run, number),
            on_failure=self._give_up,
        )

    def _replaced(self, run: Run, number: int) -> None:
        self._workplace.resolved(FAILURE)
        self._workplace.say(self.tr("Page {page} has a new image; the item goes on").format(page=number))
        self._workplace.item_changed.emit(run.batch, run.item)
        if self._workplace.station_link is not None:
            self._workplace.station_link.dispatch(run.batch)
        self._end()
        self.replaced.emit(number)

    def _give_up(self, failure: dict[str, Any]) -> None:
        self._workplace.report(failure, key=FAILURE)
        self._end()

    def _let_go(self) -> None:
        controller, self._controller = self._controller, None
        if controller is not None:
            controller.opened.disconnect(self._opened)
            controller.options_changed.disconnect(self._ready)
            controller.page_completed.disconnect(self._completed)
            controller.failed.disconnect(self._failed)
            controller.run_ended.disconnect(self._run_ended)
            self._leave_as_found(controller)

    def _leave_as_found(self, controller: DeviceController) -> None:
        """Whoever else works with the scanner finds it as it was."""
        if not self._was_open:
            controller.close()
        elif self._before and controller.state != "trouble":
            controller.apply(self._before)
        self._before, self._ordered = {}, False

    def _end(self) -> None:
        self._let_go()
        self._plan, self._page, self._number = None, None, 0
        self.ended.emit()


def _plan(node: Node, review: Review, number: int, device: str) -> _Plan:
    with node.registry.reading() as session:
        item = desk.item_of(session, review.batch, review.item)
        manifest = session.get_one(BatchRow, review.batch).manifest
    run = begin_replacement(node, review.batch, review.item, number)
    named = str(item.description.get("scanner_id") or "")
    return _Plan(run, device or named, manifest, item.description.get("settings") or {})


def page_lies_ready(page: ReviewPage, parent: QWidget) -> bool:
    """Ask the operator to put a page in place: only hands can do that, so everything else waits."""
    box = QMessageBox(parent)
    box.setIcon(QMessageBox.Icon.Information)
    translate = QCoreApplication.translate
    box.setWindowTitle(translate("quality", "Capture this page again"))
    text = translate("quality", "Put page {label} ({name}) in place.")
    box.setText(text.format(label=page.label, name=page.name))
    box.setInformativeText(
        translate(
            "quality",
            "The old image is kept aside. The item goes on by itself with the new one, which is checked again.",
        )
    )
    capture = box.addButton(translate("quality", "Capture"), QMessageBox.ButtonRole.AcceptRole)
    box.addButton(QMessageBox.StandardButton.Cancel)
    box.setDefaultButton(capture)
    box.exec()
    ready = box.clickedButton() is capture
    box.deleteLater()
    return ready
