# SPDX-License-Identifier: Apache-2.0
"""A test scan under way: one page into a folder of its own, which is removed when nobody looks at it any more."""

from __future__ import annotations

import shutil
import uuid
from datetime import datetime
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from app.desktop.devices.controller import DeviceController
from app.desktop.devices.directory import DeviceDirectory
from app.desktop.workplace import Workplace
from hardware.scanner import PageFile, PageProgress, PageStarted, ScanRequest
from workers.test_scans import TestScan

FOLDER = "test-scans"


class Trial(QObject):
    """Scans one page with the device as it is set, and tells what came.

    Args:
        workplace: Cache and operations.
        directory: Remembers what was measured.
        parent: Owner.
    """

    begun = Signal()
    progressed = Signal(object)
    """Share of the page that has come, from 0 to 1; None while the device does not know how long it is."""
    page_came = Signal(object, object)
    """PageFile and TestScan."""
    failed = Signal(dict)
    stopped = Signal()

    def __init__(
        self, workplace: Workplace, directory: DeviceDirectory, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._workplace = workplace
        self._directory = directory
        self._controller: DeviceController | None = None
        self._folder: Path | None = None
        self._runs = False
        self._abandoned: list[Path] = []

    @property
    def runs(self) -> bool:
        """Whether a page is being scanned."""
        return self._runs

    def start(self, device_id: str) -> bool:
        """Scan a page with a device; tells whether it begins, for not while a page is being scanned anywhere."""
        controller = self._directory.controller(device_id)
        if self._runs or controller.state in {"scanning", "waiting"}:
            return False
        self._listen_to(controller)
        if controller.device_id != device_id:
            # it was closed meanwhile: whatever was abandoned is not told any more
            self._remove_abandoned()
        self.forget()
        self._folder = self._workplace.cache / FOLDER / uuid.uuid4().hex
        self._runs = True
        self.begun.emit()
        if controller.device_id != device_id or controller.state in {"closed", "trouble"}:
            controller.open(device_id)
        # a folder in it, because the spool's facts lie in one beside it
        controller.scan(ScanRequest(self._folder / "spool", 1))
        return True

    def stop(self) -> None:
        """Stop the scan."""
        if self._runs and self._controller is not None:
            self._controller.cancel()

    def abandon(self) -> None:
        """Stop the scan, hear no more of it, and remove the page that was scanned last."""
        if self._runs and self._folder is not None:
            self.stop()
            self._runs = False
            # the device may write into it until it has stopped
            self._abandoned.append(self._folder)
            self._folder = None
        self.forget()

    def forget(self) -> None:
        """Remove the page that was scanned last."""
        folder, self._folder = self._folder, None
        if folder is not None:
            self._remove(folder)

    def clear(self) -> None:
        """Remove what test scans have left that nobody was there to remove."""
        self._remove(self._workplace.cache / FOLDER)

    def _remove(self, folder: Path) -> None:
        self._workplace.operations.run(
            self.tr("Removing the test scan"),
            lambda _: shutil.rmtree(folder, ignore_errors=True),
            lane=FOLDER,
        )

    def _remove_abandoned(self) -> None:
        for folder in self._abandoned:
            self._remove(folder)
        self._abandoned.clear()

    def _listen_to(self, controller: DeviceController) -> None:
        if controller is self._controller:
            return
        if self._controller is not None:
            for signal, slot in self._connections(self._controller):
                signal.disconnect(slot)
        self._remove_abandoned()
        self._controller = controller
        for signal, slot in self._connections(controller):
            signal.connect(slot)

    def _connections(self, controller: DeviceController) -> tuple[tuple[Any, Any], ...]:
        return (
            (controller.page_started, self._page_started),
            (controller.page_progress, self._page_progress),
            (controller.page_completed, self._page_completed),
            (controller.failed, self._failed),
            (controller.run_ended, self._run_ended),
        )

    def _page_started(self, _page: PageStarted) -> None:
        if self._is_heard():
            self.progressed.emit(0.0)

    def _page_progress(self, progress: PageProgress) -> None:
        if self._is_heard():
            total = progress.total_bytes
            self.progressed.emit(progress.done_bytes / total if total else None)

    def _page_completed(self, page: PageFile) -> None:
        if not self._is_heard():
            return
        begun, ended = (datetime.fromisoformat(at) for at in (page.started_at, page.finished_at))
        test = TestScan.of(page, (ended - begun).total_seconds())
        self._directory.keep_test(test)
        self.page_came.emit(page, test)

    def _failed(self, failure: dict[str, Any]) -> None:
        if self._is_heard():
            self.failed.emit(failure)

    def _is_heard(self) -> bool:
        return self._runs and not self._abandoned

    def _run_ended(self, reason: str) -> None:
        if self._abandoned:
            self._remove(self._abandoned.pop(0))
            return
        if not self._runs:
            return
        self._runs = False
        if reason == "cancelled":
            self.stopped.emit()
