# SPDX-License-Identifier: Apache-2.0
"""Noticing that something was plugged in or pulled out, so that scanners are looked for again."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, Signal

USB_BUS = Path("/dev/bus/usb")
"""One folder a bus, one file in it a device (Linux, usbfs)."""

SETTLING = 1500
"""Milliseconds from the last change until it is told: udev gives a new device its rights meanwhile."""


def usb_folders(bus: Path = USB_BUS) -> list[str]:
    """The folders to watch; empty where there is no USB. Reads the disk."""
    return [str(folder) for folder in (bus, *sorted(bus.glob("*/"))) if folder.is_dir()]


class UsbWatch(QObject):
    """Tells of changes on the USB buses, once for what comes together.

    Args:
        parent: Owner.
        settling: Milliseconds to wait for further changes.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None, settling: int = SETTLING) -> None:
        super().__init__(parent)
        self._watcher = QFileSystemWatcher(self)
        self._settling = QTimer(self)
        self._settling.setSingleShot(True)
        self._settling.setInterval(settling)
        self._settling.timeout.connect(self.changed)
        self._watcher.directoryChanged.connect(lambda _folder: self._settling.start())

    def watch(self, folders: Iterable[str]) -> None:
        """Watch these folders and no others."""
        wanted, watched = set(folders), set(self._watcher.directories())
        if gone := watched - wanted:
            self._watcher.removePaths(sorted(gone))
        if new := wanted - watched:
            self._watcher.addPaths(sorted(new))

    def stop(self) -> None:
        """Watch nothing any more."""
        self._settling.stop()
        self.watch(())
