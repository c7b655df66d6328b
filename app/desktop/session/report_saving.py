# SPDX-License-Identifier: Apache-2.0
"""Saving a report about a problem where the operator wants it."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, QDateTime
from PySide6.QtWidgets import QFileDialog, QWidget

from app.desktop.operation import OperationContext
from app.desktop.session.diagnostics import write_bundle
from app.desktop.session.versions import versions
from app.desktop.workplace import Workplace


def ask_for_file(parent: QWidget) -> Path | None:
    """Ask where the report shall lie; None when the operator would rather not."""
    moment = QDateTime.currentDateTime().toString("yyyy-MM-dd-HHmm")
    chosen, _ = QFileDialog.getSaveFileName(
        parent,
        QCoreApplication.translate("report", "Save a report about a problem"),
        str(Path.home() / f"recto-report-{moment}.zip"),
        QCoreApplication.translate("report", "Reports (*.zip)"),
    )
    return Path(chosen) if chosen else None


def save_report(workplace: Workplace, failures: list[dict[str, Any]], parent: QWidget) -> None:
    """Ask for a place and write the report there; a file that is there is replaced only when the dialog asked.

    Args:
        workplace: What the screens share.
        failures: Failures that are shown now.
        parent: The window above which is asked.
    """
    target = ask_for_file(parent)
    if target is None:
        return
    title = QCoreApplication.translate("report", "Save a report about a problem")
    told = QCoreApplication.translate("report", "The report lies in {file}.").format(file=target)
    work = partial(_write, target, workplace, failures)
    workplace.operations.run(title, work, on_success=lambda _nothing: workplace.say(told))


def _write(
    target: Path, workplace: Workplace, failures: list[dict[str, Any]], _context: OperationContext
) -> None:
    write_bundle(target, workplace.settings, versions(), failures=failures)
