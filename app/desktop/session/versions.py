# SPDX-License-Identifier: Apache-2.0
"""What runs here, for reports of problems: Recto, Python, Qt, SANE and the system."""

from __future__ import annotations

import platform
from functools import cache
from pathlib import Path

from PySide6 import __version__ as pyside_version
from PySide6.QtCore import QSysInfo, qVersion
from PySide6.QtGui import QGuiApplication

from workers.versions import package_version


def versions() -> dict[str, str]:
    """Names and versions, in the order in which they are asked for."""
    return {
        "Recto": package_version("recto"),
        "Python": platform.python_version(),
        "Qt": qVersion() or "",
        "PySide": pyside_version,
        "SANE": _sane(),
        "Celery": package_version("celery"),
        "System": QSysInfo.prettyProductName(),
        "Kernel": f"{QSysInfo.kernelType()} {QSysInfo.kernelVersion()}",
        "Display": QGuiApplication.platformName(),
    }


@cache
def _sane() -> str:
    """The file of the installed library, which carries its version; it is not loaded for that."""
    for folder in ("/usr/lib/*", "/usr/lib64", "/usr/local/lib"):
        for link in Path("/").glob(f"{folder[1:]}/libsane.so.1"):
            return link.resolve().name
    return "not installed"


def as_text(named: dict[str, str]) -> str:
    """One line each, to be copied into a report."""
    return "\n".join(f"{name}: {value}" for name, value in named.items())
