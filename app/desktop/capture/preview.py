# SPDX-License-Identifier: Apache-2.0
"""The preview: a quick look at the glass, on which the part that is captured is chosen."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, Signal

from app.desktop.capture.chosen_scanner import ChosenScanner
from app.desktop.capture.cropping import CropBar
from app.desktop.devices.controller import DeviceController
from app.desktop.failures.explanation import explain
from app.desktop.viewer.page_viewer import PageViewer
from app.desktop.workplace import Workplace
from hardware.errors import BadOption
from hardware.preview import Area
from hardware.scanner import PageFile
from workers.raw_pages import image_source_of

PREVIEW = "capture.preview"


class Preview(QObject):
    """Asks the scanner for a preview, and sets the part that is chosen on it.

    Args:
        workplace: Where failures are reported.
        scanner: The scanner.
        viewer: Shows the preview.
        bar: Chooses the part.
        parent: Owner.
    """

    shown = Signal()
    ended = Signal()

    def __init__(
        self,
        workplace: Workplace,
        scanner: ChosenScanner,
        viewer: PageViewer,
        bar: CropBar,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._workplace = workplace
        self._scanner = scanner
        self._viewer = viewer
        self._bar = bar
        self._controller: DeviceController | None = None
        self._scanning = False
        self._leaving = False
        self.profiles: dict[int, bytes | None] = {}
        bar.area_wanted.connect(self._use)
        bar.left.connect(self.leave)

    @property
    def is_open(self) -> bool:
        """Whether a preview is under way, or in view."""
        return self._controller is not None

    @property
    def is_possible(self) -> bool:
        """Whether there is a glass to look at, and nothing else goes on."""
        return not self.is_open and self._scanner.is_free and not self._scanner.feeds

    def begin(self) -> None:
        """Look at the glass."""
        controller = self._scanner.controller
        if controller is None or not self.is_possible:
            return
        self._controller, self._scanning, self._leaving = controller, True, False
        controller.page_completed.connect(self._show)
        controller.failed.connect(self._tell)
        controller.run_ended.connect(self._run_ended)
        controller.preview(None)
        self._workplace.actions.refresh()

    def leave(self) -> None:
        """Go back to the pages; what was chosen before stays.

        A preview that is still under way is stopped, and open until the scanner has said so: what it delivers
        must not be taken for a page.
        """
        controller = self._controller
        if controller is None or self._leaving:
            return
        self._leaving = True
        if self._bar.isVisible():
            self._viewer.remove_layer(self._bar.layer)
            self._bar.hide()
        if self._scanning:
            controller.cancel()
        else:
            self._end()

    def _end(self) -> None:
        controller, self._controller = self._controller, None
        if controller is not None:
            controller.page_completed.disconnect(self._show)
            controller.failed.disconnect(self._tell)
            controller.run_ended.disconnect(self._run_ended)
            self.ended.emit()
            self._workplace.actions.refresh()

    def _show(self, page: PageFile) -> None:
        if self._leaving:
            return
        self.shown.emit()
        self._viewer.show_page(
            PREVIEW,
            image_source_of(page, self.profiles.get(page.samples_per_pixel)),
            description=self.tr("Preview"),
        )
        self._viewer.zoom_to_fit()
        if not self._bar.isVisible():
            self._viewer.add_layer(self._bar.layer)
        self._bar.begin(page.width, page.height, page.dpi)
        self._bar.use.setFocus()

    def _tell(self, failure: dict[str, Any]) -> None:
        self._workplace.report(failure, key=PREVIEW, remedy_title=explain(failure).button, remedy=self._again)

    def _again(self) -> None:
        self._workplace.resolved(PREVIEW)
        self.begin()

    def _run_ended(self, reason: str) -> None:
        self._scanning = False
        if self._leaving:
            self._end()
        elif reason != "limit":
            self.leave()

    def _use(self, area: Area | None) -> None:
        try:
            self._scanner.use_area(area)
        except BadOption as error:
            failure = error.to_json()
            self._workplace.report(failure, key=PREVIEW, remedy_title=explain(failure).button)
        self.leave()
