# SPDX-License-Identifier: Apache-2.0
"""The dialog that labels pages as they are numbered in print, and shows beforehand what comes of it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from app.desktop.language.marking import QT_TRANSLATE_NOOP
from app.desktop.theme.roles import Role
from app.desktop.theme.theme import Theme
from workers.desk.errors import LabelUnreadable
from workers.desk.labels import LabelScheme, count_labels, custom_labels, label_start
from workers.desk.places import Place

_SCHEMES: tuple[tuple[LabelScheme, str, str], ...] = (
    (LabelScheme.ARABIC, QT_TRANSLATE_NOOP("labels", "Arabic: 1, 2, 3"), "1"),
    (LabelScheme.ROMAN, QT_TRANSLATE_NOOP("labels", "Roman: i, ii, iii"), "i"),
    (LabelScheme.FOLIO, QT_TRANSLATE_NOOP("labels", "Folios: 1r, 1v, 2r"), "1r"),
    (LabelScheme.CUSTOM, QT_TRANSLATE_NOOP("labels", "As I write it"), ""),
)

_WRONG: dict[LabelScheme, str] = {
    LabelScheme.ARABIC: QT_TRANSLATE_NOOP("labels", "Write a number, such as 1."),
    LabelScheme.ROMAN: QT_TRANSLATE_NOOP("labels", "Write a roman number, such as i or XII."),
    LabelScheme.FOLIO: QT_TRANSLATE_NOOP("labels", "Write a folio with its side, such as 1r or 12v."),
    LabelScheme.CUSTOM: QT_TRANSLATE_NOOP("labels", "Write what stands on the page."),
}


def labels_of(scheme: LabelScheme, start: str, places: int) -> list[str]:
    """The labels that so many places get.

    Raises:
        LabelUnreadable: `start` is no label of the scheme.
    """
    if scheme is LabelScheme.CUSTOM:
        label_start(scheme, start)
        return custom_labels(start.strip(), places)
    begun = [label_start(scheme, start), *[None] * (places - 1)]
    return [label for label, _ in count_labels(begun)]


class LabelsDialog(QDialog):
    """From which page to which, in what scheme, and beginning with what.

    Args:
        theme: Colours.
        places: All places of the item.
        first: Position of the page where labels begin, from 1.
        parent: Above which it stands.
    """

    def __init__(
        self, theme: Theme, places: Sequence[Place], first: int, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._places = places
        self.setWindowTitle(self.tr("Label pages"))
        self.scheme = QComboBox()
        for scheme, words, _ in _SCHEMES:
            self.scheme.addItem(QCoreApplication.translate("labels", words), scheme)
        self.start = QLineEdit(_SCHEMES[0][2])
        self.first, self.last = QSpinBox(), QSpinBox()
        for box, value, name in (
            (self.first, first, self.tr("From page")),
            (self.last, len(places), self.tr("To page")),
        ):
            box.setRange(1, len(places))
            box.setValue(value)
            box.lineEdit().setAccessibleName(name)
        self.preview = QListWidget()
        self.preview.setAccessibleName(self.tr("What the pages will be called"))
        self._problem = QLabel()
        palette = self._problem.palette()
        palette.setColor(QPalette.ColorRole.WindowText, theme.color(Role.TROUBLE))
        self._problem.setPalette(palette)
        form = QFormLayout()
        form.addRow(self.tr("&From page"), self.first)
        form.addRow(self.tr("&To page"), self.last)
        form.addRow(self.tr("&Labels"), self.scheme)
        form.addRow(self.tr("&Begin with"), self.start)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self._accept = self.buttons.addButton(self.tr("Label"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 20)
        column.setSpacing(12)
        column.addLayout(form)
        column.addWidget(self._problem)
        column.addWidget(self.preview, 1)
        column.addWidget(self.buttons)
        for widget in (self.first, self.last, self.scheme, self.start, *self.buttons.buttons()):
            widget.setMinimumHeight(32)
        self.scheme.currentIndexChanged.connect(self._begin_anew)
        self.start.textChanged.connect(self._look)
        self.first.valueChanged.connect(self.last.setMinimum)
        self.first.valueChanged.connect(self._look)
        self.last.valueChanged.connect(self._look)
        self.last.setMinimum(first)
        self._look()

    @property
    def chosen_scheme(self) -> LabelScheme:
        """The scheme."""
        return LabelScheme(self.scheme.currentData())

    @property
    def chosen_places(self) -> tuple[int, ...]:
        """Ids of the places that are labelled."""
        return tuple(place.id for place in self._places[self.first.value() - 1 : self.last.value()])

    @property
    def problem(self) -> str:
        """Why nothing can be labelled so; "" when it can."""
        return self._problem.text()

    def _begin_anew(self, row: int) -> None:
        self.start.setText(_SCHEMES[row][2])
        self._look()

    def _look(self) -> None:
        chosen = self._places[self.first.value() - 1 : self.last.value()]
        self.preview.clear()
        try:
            labels = labels_of(self.chosen_scheme, self.start.text(), len(chosen))
        except LabelUnreadable:
            self._problem.setText(QCoreApplication.translate("labels", _WRONG[self.chosen_scheme]))
            labels = []
        else:
            self._problem.clear()
        for place, label in zip(chosen, labels, strict=False):
            words = self.tr("page {page}: {label}").format(page=place.position, label=label)
            self.preview.addItem(words)
        self._accept.setEnabled(bool(labels))

    @classmethod
    def ask(
        cls, theme: Theme, places: Sequence[Place], first: int, parent: QWidget | None = None
    ) -> tuple[tuple[int, ...], LabelScheme, str] | None:
        """Ask for labels: places, scheme and beginning; None when the operator thinks better of it."""
        dialog = cls(theme, places, first, parent)
        try:
            if dialog.exec() != QDialog.DialogCode.Accepted:
                return None
            return dialog.chosen_places, dialog.chosen_scheme, dialog.start.text()
        finally:
            dialog.deleteLater()
