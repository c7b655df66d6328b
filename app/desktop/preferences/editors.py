# SPDX-License-Identifier: Apache-2.0
"""Controls for the values of settings, one for each kind; each tells when another value is meant."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QSpinBox,
    QWidget,
)

from app.desktop.preferences.block import make_high_enough
from app.desktop.preferences.field import Kind, SettingField
from app.desktop.preferences.titles import Unit, choice_title, setting_title, unit_of

FILES = frozenset(
    {
        "ca_file",
        "devices.saned_passwords",
        "devices.quirks",
        "description",
        "faults",
        "quality.checkit_rules",
    }
)
"""Paths that are files; the others are folders."""

_GREATEST = 2_000_000_000


class Editor(QWidget):
    """Shows a value and lets it be changed.

    Args:
        field: The setting.
    """

    chosen = Signal(object)
    """Another value is meant: None to leave the setting to Recto or the system."""
    settled = Signal()
    """The value that holds stands here, perhaps again."""

    def __init__(self, field: SettingField) -> None:
        super().__init__()
        self.field = field
        self.shown: Any = None
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(0, 0, 0, 0)

    def show_value(self, value: Any) -> None:
        """Show a value; nothing is told about it."""
        self.shown = value
        self._show(value)

    def _show(self, value: Any) -> None:
        raise NotImplementedError

    def try_again(self, value: Any) -> None:
        """What is shown was refused, and this value holds: leaving the control tries once more."""
        self.shown = value

    def finish(self) -> None:
        """Take what was typed and not left yet: the screen goes, or the window closes."""

    def _choose(self, value: Any) -> None:
        # a value that was only looked at is not written
        if value != self.shown:
            self.shown = value
            self.chosen.emit(value)
        else:
            self.settled.emit()

    def take(self, control: QWidget) -> None:
        """Put the control in, named for those who hear the screen."""
        control.setAccessibleName(setting_title(self.field.name))
        control.setAccessibleDescription(QCoreApplication.translate("settings", self.field.description))
        for line in control.findChildren(QLineEdit):
            # a number's line is a widget of its own
            line.setAccessibleName(control.accessibleName())
        make_high_enough(control)
        self.row.addWidget(control, 1)


class SwitchEditor(Editor):
    """On or off."""

    def __init__(self, field: SettingField) -> None:
        super().__init__(field)
        self.control = QCheckBox(self.tr("On"))
        self.control.clicked.connect(self._choose)
        self.take(self.control)

    def _show(self, value: Any) -> None:
        self.control.setChecked(bool(value))


class NumberEditor(Editor):
    """A number, with its unit."""

    def __init__(self, field: SettingField) -> None:
        super().__init__(field)
        self.control: QSpinBox | QDoubleSpinBox = (
            QSpinBox() if field.kind is Kind.WHOLE else QDoubleSpinBox(decimals=1)
        )
        self._unit = unit_of(field.name) or Unit("")
        # TOML has no null: where the ordinary value is a number, none cannot be written
        self._rounded: float | None = None
        self._can_be_none = field.optional and field.default is None
        size = self._unit.size
        lowest = 0 if field.lowest is None else field.lowest / size
        greatest = _GREATEST / size if field.highest is None else field.highest / size
        # one below the lowest stands for none
        lowest -= 1 if self._can_be_none else 0
        if isinstance(self.control, QSpinBox):
            self.control.setRange(round(lowest), round(greatest))
        else:
            self.control.setRange(lowest, greatest)
        if self._can_be_none:
            self.control.setSpecialValueText(self.tr("none"))
        if self._unit.sign:
            self.control.setSuffix(f" {QCoreApplication.translate('settings', self._unit.sign)}")
        self.control.setGroupSeparatorShown(True)
        self.control.setKeyboardTracking(False)
        self.control.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.control.installEventFilter(_NoWheel(self))
        self.control.editingFinished.connect(self._read)
        self.control.valueChanged.connect(self._read)
        self.take(self.control)

    def _show(self, value: Any) -> None:
        self.control.blockSignals(True)
        shown = self.control.minimum() if value is None else value / self._unit.size
        if isinstance(self.control, QSpinBox):
            self.control.setValue(round(shown))
        else:
            self.control.setValue(shown)
        self.control.blockSignals(False)
        self._rounded = self.control.value()

    def try_again(self, value: Any) -> None:
        """What is shown was refused, and this value holds: leaving the control tries once more."""
        super().try_again(value)
        self._rounded = None

    def finish(self) -> None:
        """Take the digits that were typed."""
        self.control.interpretText()
        self._read()

    def _read(self) -> None:
        if self.control.value() == self._rounded:
            # the control shows fewer places than the file may hold: what was not changed stays exact
            return
        self._rounded = self.control.value()
        if self._can_be_none and self.control.value() == self.control.minimum():
            self._choose(None)
            return
        value = self.control.value() * self._unit.size
        self._choose(round(value) if self.field.kind is Kind.WHOLE else value)


class TextEditor(Editor):
    """A line of text."""

    def __init__(self, field: SettingField) -> None:
        super().__init__(field)
        self.control = QLineEdit()
        if field.optional:
            self.control.setPlaceholderText(self.tr("left to Recto"))
        self.control.editingFinished.connect(self._read)
        self.take(self.control)

    def _show(self, value: Any) -> None:
        self.control.setText("" if value is None else str(value))

    def finish(self) -> None:
        """Take the text that was typed."""
        self._read()

    def _read(self) -> None:
        text = self.control.text().strip()
        self._choose(None if not text and self.field.optional else text)


class PathEditor(TextEditor):
    """A file or a folder."""

    def __init__(self, field: SettingField) -> None:
        super().__init__(field)
        self._browse = QPushButton(self.tr("Choose…"))
        self._browse.setAccessibleName(self.tr("Choose: {setting}").format(setting=setting_title(field.name)))
        self._browse.clicked.connect(self._ask)
        make_high_enough(self._browse)
        self.row.addWidget(self._browse)

    def _read(self) -> None:
        text = self.control.text().strip()
        if text:
            # whole: workers and commands start in other folders
            self._choose(Path(text).expanduser().absolute())
        else:
            # a folder that is needed goes back to the ordinary one
            self._choose(None)

    def _ask(self) -> None:
        path = self.ask_for_path(self, self.field, self.control.text())
        if path:
            self._show(path)
            self._read()

    @classmethod
    def ask_for_path(cls, parent: QWidget, field: SettingField, begin: str) -> str:
        """Ask for a file or a folder; "" when the operator thinks better of it."""
        title = setting_title(field.name)
        if field.name in FILES:
            return QFileDialog.getOpenFileName(parent, title, begin)[0]
        return QFileDialog.getExistingDirectory(parent, title, begin)


class ChoiceEditor(Editor):
    """One of several."""

    def __init__(self, field: SettingField) -> None:
        super().__init__(field)
        self.control = QComboBox()
        for choice in field.choices:
            self.control.addItem(choice_title(choice), choice)
        self.control.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.control.installEventFilter(_NoWheel(self))
        self.control.activated.connect(lambda _index: self._choose(self.control.currentData()))
        self.take(self.control)

    def _show(self, value: Any) -> None:
        self.control.setCurrentIndex(self.control.findData(value))


class WordsEditor(Editor):
    """Several texts, one a line."""

    def __init__(self, field: SettingField) -> None:
        super().__init__(field)
        self.control = _Lines(tabChangesFocus=True)
        self.control.setPlaceholderText(self.tr("one a line"))
        self.control.setFixedHeight(self.control.fontMetrics().lineSpacing() * 3 + 18)
        self.control.ended.connect(self._read)
        self.take(self.control)

    def _show(self, value: Any) -> None:
        self.control.setPlainText("\n".join(value or ()))

    def finish(self) -> None:
        """Take the lines that were typed."""
        self._read()

    def _read(self) -> None:
        words = tuple(word.strip() for word in self.control.toPlainText().splitlines() if word.strip())
        self._choose(None if not words and self.field.optional else words)


class _Lines(QPlainTextEdit):
    ended = Signal()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Leaving it ends the writing."""
        super().focusOutEvent(event)
        self.ended.emit()


class _NoWheel(QObject):
    """Keeps the wheel for the page: a number must not change because somebody scrolls over it."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take the wheel away from a control that has no focus."""
        if event.type() == QEvent.Type.Wheel and isinstance(watched, (QAbstractSpinBox, QComboBox)):
            if watched.hasFocus():
                return False
            event.ignore()
            return True
        return super().eventFilter(watched, event)


_EDITORS: dict[Kind, type[Editor]] = {
    Kind.SWITCH: SwitchEditor,
    Kind.WHOLE: NumberEditor,
    Kind.NUMBER: NumberEditor,
    Kind.TEXT: TextEditor,
    Kind.PATH: PathEditor,
    Kind.CHOICE: ChoiceEditor,
    Kind.WORDS: WordsEditor,
}


def make_editor(field: SettingField) -> Editor:
    """The control for a setting.

    Raises:
        KeyError: The setting is a list of tables, which has a page's part of its own.
    """
    return _EDITORS[field.kind](field)
