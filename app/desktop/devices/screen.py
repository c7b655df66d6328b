# SPDX-License-Identifier: Apache-2.0
"""Stations and devices: the screen itself, and what its keys do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QStackedLayout

from app.desktop.devices.details_page import DetailsPage
from app.desktop.devices.device_words import Deed
from app.desktop.devices.directory import DeviceDirectory
from app.desktop.devices.overview import Overview
from app.desktop.devices.profile_book import ProfileBook
from app.desktop.devices.profiles_dialog import ProfilesDialog
from app.desktop.devices.simulated_scanner import add_simulated_scanner
from app.desktop.devices.trial import Trial
from app.desktop.devices.trial_page import TrialPage
from app.desktop.screen import Screen
from app.desktop.workplace import Workplace
from hardware.scanner import PageFile
from workers.scan_profiles import device_model
from workers.test_scans import TestScan


class DevicesScreen(Screen):
    """Stations and devices.

    Args:
        workplace: What the screens share.
    """

    screen_id: ClassVar[str] = "devices"

    def __init__(self, workplace: Workplace) -> None:
        super().__init__(workplace)
        self.directory = DeviceDirectory.of(workplace)
        self.book = ProfileBook.of(workplace)
        self.overview = Overview(workplace, self.directory)
        self.details = DetailsPage(workplace, self.book)
        self.trial = Trial(workplace, self.directory, self)
        self.trial_page = TrialPage(workplace)
        self._device = ""
        self._pages = QStackedLayout(self)
        for page in (self.overview, self.details, self.trial_page):
            self._pages.addWidget(page)
        self._bind()
        self.trial.clear()
        self.overview.wanted.connect(self._do)
        self.overview.details_wanted.connect(self.show_details)
        self.overview.current_changed.connect(workplace.actions.refresh)
        self.directory.record_changed.connect(self._show_record)
        self.trial.progressed.connect(self.trial_page.show_progress)
        self.trial.page_came.connect(self._show_page)
        self.trial.failed.connect(self.trial_page.show_failure)
        self.trial.stopped.connect(self.trial_page.show_stopped)
        self.trial_page.again.connect(self._again)

    def _bind(self) -> None:
        bind = self.workplace.actions.bind
        bind("devices.search", self.directory.search, when=self._is_on_overview)
        bind("devices.add_simulated", self.add_simulated, when=self._is_on_overview)
        bind("devices.profiles", self.show_profiles)
        bind("devices.test", self._test_current, when=self._can_test_current)
        bind("devices.details", self._details_of_current, when=self._has_current)
        bind("devices.back", self.go_back, when=lambda: not self._is_on_overview())
        bind("devices.stop", self.trial.stop, when=lambda: self.trial.runs)

    def _is_on_overview(self) -> bool:
        return self._pages.currentWidget() is self.overview

    def _has_current(self) -> bool:
        return bool(self.overview.current) and self._is_on_overview()

    def _can_test_current(self) -> bool:
        record = self.directory.record(self.overview.current)
        return self._is_on_overview() and record is not None and record.word.deed is not Deed.STOP

    def _show(self, page: Overview | DetailsPage | TrialPage) -> None:
        self._pages.setCurrentWidget(page)
        self.workplace.actions.refresh()

    # What the operator wants

    def _do(self, device_id: str, deed: Deed) -> None:
        """Do what the button on a card says."""
        if deed is Deed.TEST_SCAN or (deed is Deed.TRY_AGAIN and self._is_idle(device_id)):
            self.start_test(device_id)
        elif deed is Deed.STOP:
            self.directory.controller(device_id).cancel()
        elif deed is Deed.LOOK_AGAIN:
            self._look_again(device_id)
        elif deed is Deed.OPTIONS:
            self.show_details(device_id)
        elif deed is Deed.SETTINGS:
            self.workplace.go_to("settings")

    def _is_idle(self, device_id: str) -> bool:
        return not self.directory.controller(device_id).is_running

    def _look_again(self, device_id: str) -> None:
        controller = self.directory.controller(device_id)
        if controller.state == "trouble":
            controller.open(device_id)
        self.directory.search()

    def start_test(self, device_id: str) -> None:
        """Scan one page with a device and show it."""
        record = self.directory.record(device_id)
        if record is None:
            return
        self._use(device_id)
        if self.trial.start(device_id):
            self._show(self.trial_page)
            self.trial_page.show_begun(record)
        else:
            busy = QCoreApplication.translate(
                "PageRetake", "The scanner is in use; try again when it has finished"
            )
            self.workplace.say(busy)

    def _use(self, device_id: str) -> None:
        """Hold a device for this screen, and no other any more; "" for none."""
        if device_id != self._device:
            before, self._device = self._device, device_id
            if device_id:
                self.directory.hold(device_id, self)
            if before:
                self.directory.release(before, self)

    def _again(self) -> None:
        record = self.directory.record(self._device)
        if record is not None and record.word.deed is Deed.OPTIONS:
            self.show_details(self._device)
        else:
            self.start_test(self._device)

    def _test_current(self) -> None:
        self.start_test(self.overview.current)

    def _details_of_current(self) -> None:
        self.show_details(self.overview.current)

    def show_details(self, device_id: str) -> None:
        """Show the options of a device."""
        record = self.directory.record(device_id)
        if record is not None:
            self.trial.abandon()
            self._use(device_id)
            self.details.show_device(record, self.directory.controller(device_id))
            self._show(self.details)
            self.details.view.setFocus()

    def show_profiles(self) -> None:
        """Show all scan profiles."""
        models = [device_model(record.info) for record in self.directory.model.records]
        dialog = ProfilesDialog(self.book, self.workplace.theme, models, self)
        dialog.exec()
        dialog.deleteLater()

    def add_simulated(self) -> None:
        """Add a simulated scanner to the settings."""
        add_simulated_scanner(self.workplace)

    def go_back(self) -> None:
        """Show the devices again; a test scan under way is stopped, and one that was shown is removed."""
        self.trial.abandon()
        self._use("")
        self.trial_page.viewer.clear()
        self._show(self.overview)
        self.overview.focus_current()

    # What comes

    def _show_record(self, device_id: str) -> None:
        record = self.directory.record(device_id)
        if record is None or device_id != self._device:
            return
        if self._pages.currentWidget() is self.details:
            self.details.show_record(record)
        elif self.trial.runs:
            self.trial_page.show_waiting(record)

    def _show_page(self, page: PageFile, test: TestScan) -> None:
        self.trial_page.show_page(page, test)
        self.workplace.actions.refresh()

    # As a screen

    def entered(self, arguments: Mapping[str, Any]) -> None:
        """Show the devices; with `device` the technical details of one, with `look` look for devices anew."""
        self.overview.station.refresh()
        self.overview.targets.refresh()
        if arguments.get("look") or self.directory.is_stale:
            self.directory.search()
        if device := arguments.get("device"):
            self.show_details(str(device))
        elif self._is_on_overview():
            self.overview.focus_current()

    def shut_down(self) -> None:
        """Let all devices go."""
        self.trial.abandon()
        self.directory.shut_down()
