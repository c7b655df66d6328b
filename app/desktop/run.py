# SPDX-License-Identifier: Apache-2.0
"""One run of the desktop: from the lock of the station to the window's last place."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import structlog
from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication

from app.desktop.application import make_application, make_workplace
from app.desktop.capture.recovery import offer_recovery
from app.desktop.first_run.offer import bind_first_run, offer_first_run
from app.desktop.language.translations import put_on
from app.desktop.main_window import MainWindow
from app.desktop.preferences.choices import PersonalChoices
from app.desktop.preferences.personal import read_personal
from app.desktop.screens import SCREENS
from app.desktop.session.crash_report import CrashReport
from app.desktop.session.desktop_log import begin_desktop_log, end_desktop_log
from app.desktop.session.garbage import Garbage
from app.desktop.session.keep_awake import KeepAwake
from app.desktop.session.signals import SignalsOfTheSystem
from app.desktop.session.single_instance import SingleInstance
from app.desktop.session.stall_watchdog import StallWatchdog
from app.desktop.session.unexpected import UnexpectedErrors
from app.desktop.session.window_state import (
    WindowState,
    describe_geometry,
    load_window_state,
    restore_geometry,
    save_window_state,
    state_file,
)
from app.desktop.station_link import StationLink
from app.desktop.workplace import Workplace
from workers.errors import StationBusy
from workers.node import Node
from workers.settings import Settings, default_home, load_settings

SECONDS_FOR_THE_OTHER = 20.0
"""How long a start waits for a desktop that is closing."""

STALL_STACKS = "RECTO_STALL_STACKS"
"""Variable of the environment: set, the log tells of each stall also where the window's thread was."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Beginning:
    """With what the desktop begins.

    Attributes:
        files: Manifests to show, as absolute paths.
        screen: Id of the screen; "" for that of the last run.
        batch: The batch; "" for that of the last run.
    """

    files: Sequence[str] = field(default_factory=list)
    screen: str = ""
    batch: str = ""


def run_desktop(beginning: Beginning) -> int:
    """Open the desktop and stay until its window is closed; where it is open already, bring it to the front.

    Returns:
        The exit code.

    Raises:
        SettingsInvalid: The settings cannot be used.
        StationBusy: The desktop is open already, and does not answer.
        OSError: The state directory cannot be written to.
    """
    settings = load_settings()
    application = make_application(sys.argv[:1])
    instance = SingleInstance(settings.state_directory)
    if not _become_the_desktop(instance, beginning.files):
        return 0
    folder = settings.state_directory / "desktop"
    crash_report = CrashReport(folder)
    crash = crash_report.begin()
    log_handler = begin_desktop_log(folder)
    try:
        put_on(application, read_personal().language)
        desktop = Desktop(application, settings)
        instance.called.connect(desktop.hear_call)
        desktop.window.closing.connect(instance.take_no_more_calls)
        desktop.begin(beginning, crash)
        status = application.exec()
        desktop.end()
    except KeyboardInterrupt:
        # told to end before there was a window to close: that is in order
        crash_report.end()
        raise
    finally:
        end_desktop_log(log_handler)
        instance.end()
    # only here: a run that left by an exception did not end in order
    crash_report.end()
    return status


def _become_the_desktop(instance: SingleInstance, files: Sequence[str]) -> bool:
    """Whether this start is the station's desktop; where another one is, it has taken the files over.

    Raises:
        StationBusy: Another one is, and neither answers nor ends.
    """
    deadline = time.monotonic() + SECONDS_FOR_THE_OTHER
    while not instance.begin():
        if instance.call(list(files)):
            return False
        if time.monotonic() > deadline:
            raise StationBusy("The desktop of this station is open already, and does not answer.")
        # it may be closing: its window is gone, and work that was running comes to its end
        time.sleep(0.1)
    return True


class Desktop(QObject):
    """Window, workplace and everything that lasts as long as they do.

    Args:
        application: The process's application.
        settings: The station's settings.
    """

    def __init__(self, application: QApplication, settings: Settings) -> None:
        super().__init__(application)
        self.workplace: Workplace = make_workplace(application, Node(settings), default_home()["cache"])
        PersonalChoices.of(self.workplace)
        self._unexpected = UnexpectedErrors(self.workplace)
        self._garbage = Garbage(self)
        self.watchdog = StallWatchdog(self, stacks=bool(os.environ.get(STALL_STACKS)))
        self._awake = KeepAwake(self.workplace)
        self.workplace.station_link = StationLink(self.workplace)
        for place in SCREENS:
            # now, while nobody waits for a window, and not when the screen is first entered
            place.load()
        self._garbage.begin()
        self.window = MainWindow(self.workplace)
        bind_first_run(self.workplace, self.window)
        self.window.status.watch(self.workplace.station_link)
        self._state_file = state_file(settings.state_directory)
        self._signals = SignalsOfTheSystem(self.window.close_without_asking, self)
        self.window.closing.connect(self._stop)
        self.window.closed.connect(application.quit)

    def begin(self, beginning: Beginning, crash: dict[str, Any] | None) -> None:
        """Show the window where it was, with the work that was last."""
        state = load_window_state(self._state_file)
        if not restore_geometry(self.window, state.geometry):
            self.window.fit_display()
        self.window.show()
        self.watchdog.start()
        batch, item = (beginning.batch, "") if beginning.batch else (state.batch, state.item)
        if batch:
            self.workplace.choose_work(batch, item or None)
        known = {place.id for place in SCREENS}
        screen = beginning.screen or (state.screen if state.screen in known else SCREENS[0].id)
        self.window.show_screen(screen, {"batch": batch} if beginning.batch else {})
        if crash is not None:
            self.workplace.report(crash)
        # the window is seen first, and asks then
        QTimer.singleShot(0, self, lambda: self._begin_work(beginning))

    def _begin_work(self, beginning: Beginning) -> None:
        link = self.workplace.station_link
        if link is not None:
            link.start()
        offer_recovery(self.workplace, self.window)
        if beginning.files:
            self._open_manifest(beginning.files[0])
        elif not beginning.batch and not beginning.screen:
            offer_first_run(self.workplace, self.window)

    def hear_call(self, arguments: list[str]) -> None:
        """Somebody started Recto again: come to the front, and show what they brought."""
        self.window.come_forward()
        if arguments:
            self._open_manifest(arguments[0])

    def _open_manifest(self, path: str) -> None:
        self.workplace.go_to("importing", path=str(Path(path)))

    def _stop(self) -> None:
        """The window closes: remember it, and end what does not end with the screens."""
        state = WindowState(
            geometry=describe_geometry(self.window),
            screen=self.window.shown,
            batch=self.workplace.batch or "",
            item=self.workplace.item or "",
        )
        save_window_state(self._state_file, state)
        self.watchdog.stop()
        self._awake.shut_down()
        if self.workplace.station_link is not None:
            self.workplace.station_link.shut_down()

    def end(self) -> None:
        """The window is closed."""
        self._signals.shut_down()
        self._unexpected.shut_down()
        self._garbage.end()
