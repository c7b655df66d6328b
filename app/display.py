# SPDX-License-Identifier: Apache-2.0
"""Whether a window can be opened here, asked before Qt is: Qt ends the process where it cannot."""

from __future__ import annotations

import importlib
import os
import re
import socket
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

from app.errors import DesktopUnavailable

SECONDS = 3.0
"""Longest wait for a display on another machine."""

FIRST_PORT = 6000
"""TCP port of display 0 (X11 protocol, appendix B); those of the others follow."""

XCB_LIBRARY = "libxcb-cursor.so.0"
"""Without it Qt's plugin for X11 cannot be loaded; Debian does not install it by itself."""


def require_display(environment: Mapping[str, str] = os.environ) -> None:
    """Say so when no window can be opened.

    Raises:
        DesktopUnavailable: Qt is not installed, there is no display, or it does not answer.
    """
    if find_spec("PySide6") is None:
        raise DesktopUnavailable(
            "The desktop needs Qt, which is not installed here.",
            remedy="Install it with: pip install 'recto[desktop]'",
        )
    if environment.get("QT_QPA_PLATFORM"):
        return
    if wayland := environment.get("WAYLAND_DISPLAY"):
        folder = Path(environment.get("XDG_RUNTIME_DIR", ""))
        if (folder / wayland).exists():
            return
    display = environment.get("DISPLAY", "")
    if not display:
        raise DesktopUnavailable(
            "There is no display for a window: neither DISPLAY nor WAYLAND_DISPLAY leads to one.",
            remedy="Start Recto in a graphical session, or through ssh -X; or use its commands.",
        )
    if not _answers(display):
        raise DesktopUnavailable(
            f"The display {display} does not answer.",
            remedy="Check DISPLAY, and that this user may use it (xhost, ssh -X).",
        )
    _require_library()


def require_qt() -> None:
    """Load Qt, and say so when it cannot be loaded.

    Raises:
        DesktopUnavailable: A library that Qt needs from the system is missing, or its own files are broken.
    """
    try:
        importlib.import_module("PySide6.QtWidgets")
    except ImportError as error:
        raise DesktopUnavailable(
            f"Qt cannot be loaded here: {error}",
            remedy="Install what it needs (Debian: apt install libegl1 libgl1 libfontconfig1 libdbus-1-3 "
            "libxkbcommon0), then start Recto again.",
        ) from error


def _require_library() -> None:
    places = ("usr/lib", "usr/lib64", "usr/lib/*", "usr/local/lib")
    if not any(True for place in places for _ in Path("/").glob(f"{place}/{XCB_LIBRARY}")):
        raise DesktopUnavailable(
            f"Qt cannot open windows here: {XCB_LIBRARY} is missing.",
            remedy="Install it (Debian: apt install libxcb-cursor0), then start Recto again.",
        )


def _answers(display: str) -> bool:
    """Whether something listens where an X11 display should."""
    match = re.fullmatch(r"(?P<host>[^:]*):(?P<number>\d+)(\.\d+)?", display)
    if match is None:
        return False
    number = int(match["number"])
    if match["host"] in {"", "unix"}:
        path = f"/tmp/.X11-unix/X{number}"  # noqa: S108 (where X servers listen)
        return any(_connects(socket.AF_UNIX, address) for address in (path, f"\0{path}"))
    return _connects(socket.AF_INET, (match["host"], FIRST_PORT + number))


def _connects(family: socket.AddressFamily, address: str | tuple[str, int]) -> bool:
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.settimeout(SECONDS)
        try:
            probe.connect(address)
        except OSError:
            return False
    return True
