# SPDX-License-Identifier: Apache-2.0
"""Asking for files: which manifest to open, and where to save one."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QFileDialog, QWidget

from archive.manifest.reader import SUFFIXES

PATTERNS = " ".join(f"*{suffix} *{suffix.upper()}" for suffix in SUFFIXES)


class FileChoice:
    """The questions, as class methods so that a test can answer them."""

    @classmethod
    def manifest(cls, parent: QWidget, folder: Path | None) -> Path | None:
        """A manifest to open; None when the operator thought better of it."""
        name, _ = QFileDialog.getOpenFileName(
            parent,
            QCoreApplication.translate("importing", "Open a manifest"),
            str(folder or Path.home()),
            QCoreApplication.translate("importing", "Manifests") + f" ({PATTERNS})",
        )
        return Path(name) if name else None

    @classmethod
    def destination(
        cls, parent: QWidget, proposal: Path, title: str, suffixes: tuple[str, ...], *, asks: bool = True
    ) -> Path | None:
        """A file to write, with one of the endings.

        Args:
            parent: Whose window the dialog belongs to.
            proposal: What is filled in first.
            title: Title of the dialog, translated.
            suffixes: The endings that can be chosen, the usual one first.
            asks: Whether the dialog asks before an existing file is replaced; else the caller does.
        """
        dialog = QFileDialog(parent, title, str(proposal.parent))
        dialog.setOption(QFileDialog.Option.DontConfirmOverwrite, on=not asks)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters([f"{suffix[1:].upper()} (*{suffix})" for suffix in suffixes])
        dialog.selectFile(proposal.name)
        dialog.setDefaultSuffix(proposal.suffix)
        dialog.filterSelected.connect(
            lambda chosen: dialog.setDefaultSuffix(chosen.split("*")[1].rstrip(")"))
        )
        dialog.setFileMode(QFileDialog.FileMode.AnyFile)
        try:
            accepted = dialog.exec()
            chosen = dialog.selectedFiles()
        finally:
            dialog.deleteLater()
        return Path(chosen[0]) if accepted and chosen else None
