# SPDX-License-Identifier: Apache-2.0
"""What the desktop remembers from one run to the next: the window's place, the last screen and the last work."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import structlog
from PySide6.QtCore import QByteArray, QPoint, QRect
from PySide6.QtWidgets import QApplication, QMainWindow

from archive.durable import write_durably

log = structlog.get_logger(__name__)

TITLE_IN_VIEW = 64
"""Pixels of the window's upper edge that must lie on a display, so that it can be taken hold of."""


@dataclass(frozen=True, slots=True)
class WindowState:
    """What is remembered.

    Attributes:
        geometry: Qt's own description of place and size, in base 64; "" where nothing is remembered.
        screen: Id of the screen that was shown last.
        batch: The batch that was worked on last.
        item: The item that was worked on last.
    """

    geometry: str = ""
    screen: str = ""
    batch: str = ""
    item: str = ""


def state_file(state_directory: Path) -> Path:
    """Where it is kept."""
    return state_directory / "desktop" / "window.json"


def load_window_state(file: Path) -> WindowState:
    """What the last run left; the beginning where there was none, or where its file cannot be understood."""
    try:
        document = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return WindowState()
    except (OSError, ValueError) as error:
        log.warning("window_state.unreadable", file=str(file), reason=str(error))
        return WindowState()
    return _from_document(document)


def _from_document(document: Any) -> WindowState:
    if not isinstance(document, dict):
        return WindowState()
    beginning = WindowState()
    known = {field.name: type(getattr(beginning, field.name)) for field in fields(WindowState)}
    return WindowState(**{name: value for name, value in document.items() if type(value) is known.get(name)})


def save_window_state(file: Path, state: WindowState) -> None:
    """Keep it for the next run; a disk that refuses costs only this."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        write_durably(file, json.dumps(asdict(state), indent=2).encode())
    except OSError as error:
        log.warning("window_state.unwritable", file=str(file), reason=str(error))


def describe_geometry(window: QMainWindow) -> str:
    """Place and size of a window, for `restore_geometry`."""
    return base64.b64encode(window.saveGeometry().data()).decode()


def restore_geometry(window: QMainWindow, geometry: str) -> bool:
    """Put a window where it was, or bring it back when that place is on no display any more.

    Returns:
        Whether there was a place to restore.
    """
    try:
        described = base64.b64decode(geometry, validate=True)
    except (binascii.Error, ValueError):
        return False
    if not described or not window.restoreGeometry(QByteArray(described)):
        return False
    screens = [screen.availableGeometry() for screen in QApplication.screens()]
    frame = window.frameGeometry()
    if screens and not is_in_reach(frame, screens):
        window.resize(window.size().boundedTo(screens[0].size()))
        window.move(_centred(window.frameGeometry(), screens[0]))
    return True


def is_in_reach(frame: QRect, screens: Iterable[QRect]) -> bool:
    """Whether enough of a window's upper edge lies on a display."""
    edge = QRect(frame.left(), frame.top(), frame.width(), 1)
    return any(screen.intersected(edge).width() >= TITLE_IN_VIEW for screen in screens)


def _centred(frame: QRect, screen: QRect) -> QPoint:
    frame.moveCenter(screen.center())
    return QPoint(max(frame.left(), screen.left()), max(frame.top(), screen.top()))
