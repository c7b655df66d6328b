# SPDX-License-Identifier: Apache-2.0
"""One field of the form: its name, where it is filled in, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPalette, QWheelEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from app.desktop.importing.action_button import HEIGHT
from app.desktop.importing.problem_words import whole_words
from app.desktop.importing.severity import ICONS, ROLES, Standing
from app.desktop.theme.roles import Role
from app.desktop.theme.theme import Theme
from archive.manifest.problems import Code, Problem

ICON = QSize(16, 16)


class _CalmComboBox(QComboBox):
    """Keeps its value when the wheel turns over it on the way down the form."""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the form unless somebody is at work here."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class FormField(QWidget):
    """A label, an editor and a line for what is wrong.

    Args:
        theme: Colours and icons.
        title: The field's name for people, translated.
        choices: What can be chosen; a plain line of text where empty. Pairs of value and words.
        free: Whether something else than the choices may be written.
        help_text: What it is for; "" for nothing.
    """

    edited = Signal(str)
    """The operator changed the value."""

    def __init__(
        self,
        theme: Theme,
        title: str,
        *,
        choices: Sequence[tuple[str, str]] = (),
        free: bool = True,
        help_text: str = "",
    ) -> None:
        super().__init__()
        self.title = title
        self._theme = theme
        self._problems: Sequence[Problem] = ()
        self.line: QLineEdit | None = None
        self.combo: QComboBox | None = None
        label = QLabel(title)
        editor = self._make_combo(choices, free=free) if choices else self._make_line()
        self.editor: QWidget = editor
        editor.setMinimumHeight(HEIGHT)
        editor.setAccessibleName(title)
        editor.setAccessibleDescription(help_text)
        for widget in (label, editor):
            widget.setToolTip(help_text)
        label.setBuddy(editor)
        self._icon, self._words = QLabel(), QLabel()
        self._words.setWordWrap(True)
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        told = QHBoxLayout()
        told.setSpacing(6)
        told.addWidget(self._icon, alignment=Qt.AlignmentFlag.AlignTop)
        told.addWidget(self._words, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        column.addWidget(label)
        column.addWidget(editor)
        column.addLayout(told)
        theme.changed.connect(self._paint)
        self.show_problems(())

    def _make_line(self) -> QWidget:
        line = QLineEdit()
        line.textEdited.connect(self.edited)
        self.line = line
        return line

    def _make_combo(self, choices: Sequence[tuple[str, str]], *, free: bool) -> QWidget:
        combo = _CalmComboBox()
        combo.setEditable(free)
        combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        combo.setMinimumContentsLength(12)
        self.combo = combo
        line = combo.lineEdit()
        if line is not None:
            line.textEdited.connect(self.edited)
            self.line = line
        self.set_choices(choices)
        combo.activated.connect(self._choose)
        return combo

    def set_choices(self, choices: Sequence[tuple[str, str]]) -> None:
        """Offer other choices; what is filled in stays."""
        if self.combo is None:
            return
        value = self.value
        blocked = self.combo.blockSignals(True)
        self.combo.clear()
        for choice, words in choices:
            self.combo.addItem(words, choice)
            if words != choice:
                self.combo.setItemData(self.combo.count() - 1, words, Qt.ItemDataRole.ToolTipRole)
        self.combo.blockSignals(blocked)
        self.show_value(value)

    @property
    def value(self) -> str:
        """What is filled in."""
        if self.line is not None:
            return self.line.text()
        return str(self.combo.currentData() or "") if self.combo is not None else ""

    def show_value(self, value: str) -> None:
        """Fill in a value; nobody is told."""
        if self.line is not None:
            if self.line.text() != value:
                self.line.setText(value)
                # the beginning says more than the end
                self.line.setCursorPosition(0)
        elif self.combo is not None:
            place = self.combo.findData(value)
            if place < 0 and value:
                self.combo.addItem(value, value)
                place = self.combo.count() - 1
            self.combo.setCurrentIndex(place)

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Tell what is wrong with the value; an empty field is told of more quietly."""
        self._problems = problems
        self._paint()

    def _choose(self, place: int) -> None:
        if self.combo is not None:
            value = str(self.combo.itemData(place) or "")
            if self.line is not None:
                self.line.setText(value)
                self.line.setCursorPosition(0)
            self.edited.emit(value)

    def _paint(self) -> None:
        self._icon.setVisible(bool(self._problems))
        self._words.setVisible(bool(self._problems))
        if not self._problems:
            return
        problem = self._problems[0]
        needed = problem.code == Code.REQUIRED and not self.value.strip()
        standing = Standing.ERROR if problem.severity == "error" else Standing.WARNING
        role, icon = (Role.MUTED, "edit") if needed else (ROLES[standing], ICONS[standing])
        self._words.setText(self.tr("Needed") if needed else whole_words(problem, " "))
        palette = self._words.palette()
        palette.setColor(QPalette.ColorRole.WindowText, self._theme.color(role))
        self._words.setPalette(palette)
        self._icon.setPixmap(self._theme.icon(icon, role).pixmap(ICON, self.devicePixelRatio()))
