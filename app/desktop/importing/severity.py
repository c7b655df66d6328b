# SPDX-License-Identifier: Apache-2.0
"""How a problem is shown: its standing, with colour, icon and word."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from enum import StrEnum

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QIcon

from app.desktop.language.marking import QT_TRANSLATE_NOOP
from app.desktop.theme.roles import Role
from app.desktop.theme.theme import Theme
from archive.manifest.problems import Problem


class Standing(StrEnum):
    """What a problem means for the batch."""

    ERROR = "error"
    WARNING = "warning"
    ACCEPTED = "accepted"


ROLES = {Standing.ERROR: Role.TROUBLE, Standing.WARNING: Role.HELD, Standing.ACCEPTED: Role.DONE}
ICONS = {Standing.ERROR: "failed", Standing.WARNING: "trouble", Standing.ACCEPTED: "accept"}
MARK_SIZES = (16, 18, 24, 32, 48)
"""Pixels of the marks in views, at scale 1 and 2."""
_WORDS = {
    Standing.ERROR: QT_TRANSLATE_NOOP("manifest", "Error"),
    Standing.WARNING: QT_TRANSLATE_NOOP("manifest", "Warning"),
    Standing.ACCEPTED: QT_TRANSLATE_NOOP("manifest", "Let stand"),
}


def mark(theme: Theme, standing: Standing) -> QIcon:
    """The icon of a standing for the cells of a view: readable also where the cell is selected."""
    icon = QIcon()
    for mode, role in ((QIcon.Mode.Normal, ROLES[standing]), (QIcon.Mode.Selected, Role.ON_ACCENT)):
        drawn = theme.icon(ICONS[standing], role)
        for size in MARK_SIZES:
            icon.addPixmap(drawn.pixmap(size, size), mode)
    return icon


def word(standing: Standing) -> str:
    """The standing in words."""
    return QCoreApplication.translate("manifest", _WORDS[standing])


def standing_of(problem: Problem, *, accepted: bool) -> Standing:
    """The standing of one problem."""
    if accepted:
        return Standing.ACCEPTED
    return Standing.ERROR if problem.severity == "error" else Standing.WARNING


def worst(problems: Iterable[tuple[int, Problem]], accepted: Collection[int]) -> Standing | None:
    """The worst standing among problems, given with their numbers; None where there are none."""
    standings = {standing_of(problem, accepted=number in accepted) for number, problem in problems}
    return next((standing for standing in Standing if standing in standings), None)


def place_words(problem: Problem) -> str:
    """Where a problem stands, as the spreadsheet calls it: B12, row 12, line 7; or the whole file."""
    if problem.row is not None and problem.column:
        return f"{problem.column}{problem.row}"
    if problem.row is not None:
        return QCoreApplication.translate("manifest", "Row {row}").format(row=problem.row)
    if problem.line is not None:
        return QCoreApplication.translate("manifest", "Line {line}").format(line=problem.line)
    return QCoreApplication.translate("manifest", "File")
