# SPDX-License-Identifier: Apache-2.0
"""What a person chooses for the desktop: theme, large type, contrast, language."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QWidget,
)

from app.desktop.language.marking import QT_TRANSLATE_NOOP
from app.desktop.language.translations import LANGUAGES
from app.desktop.preferences.block import Block, make_high_enough
from app.desktop.preferences.choices import PersonalChoices
from app.desktop.theme.roles import Role
from app.desktop.widgets.state_chip import StateChip
from app.desktop.workplace import Workplace

THEMES: dict[str, str] = {
    "light": QT_TRANSLATE_NOOP("settings", "Light"),
    "dark": QT_TRANSLATE_NOOP("settings", "Dark"),
    "system": QT_TRANSLATE_NOOP("settings", "As the system"),
}


class ThemeChoice(QWidget):
    """Light, dark, or as the system has it: three buttons of which one is pressed.

    Args:
        workplace: Whose theme it is.
    """

    def __init__(self, workplace: Workplace) -> None:
        super().__init__()
        self._choices = PersonalChoices.of(workplace)
        self._theme = workplace.theme
        self._group = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        self.buttons: dict[str, QPushButton] = {}
        for scheme, title in THEMES.items():
            button = QPushButton(QCoreApplication.translate("settings", title))
            button.setCheckable(True)
            button.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
            button.clicked.connect(lambda _checked=False, chosen=scheme: self._choices.change(theme=chosen))
            make_high_enough(button)
            self._group.addButton(button)
            self.buttons[scheme] = button
            row.addWidget(button)
        row.addStretch(1)
        self._choices.changed.connect(self._show)
        workplace.theme.changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        chosen = self._choices.personal.theme
        self.buttons[chosen].setChecked(True)
        for scheme, button in self.buttons.items():
            # never by shade alone
            button.setIcon(self._theme.icon("done", Role.DONE) if scheme == chosen else QIcon())


class AppearanceBlock(Block):
    """Theme, large type and contrast.

    Args:
        workplace: Whose theme it is.
    """

    def __init__(self, workplace: Workplace) -> None:
        title = QCoreApplication.translate("settings", "Theme")
        super().__init__(workplace.theme, title)
        self._choices = PersonalChoices.of(workplace)
        self._workplace = workplace
        self.theme_choice = ThemeChoice(workplace)
        self.column.addWidget(self.theme_choice)
        self.large = QCheckBox(self.tr("Large type, to be read from 1.5 m"))
        self.large.clicked.connect(lambda checked: self._choices.change(large_type=checked))
        self.contrast = QCheckBox(self.tr("More contrast"))
        self.contrast.clicked.connect(lambda checked: self._choices.change(more_contrast=checked))
        make_high_enough(self.large, self.contrast)
        self.column.addWidget(self.large)
        self.column.addWidget(self.contrast)
        words = (
            title,
            self.large.text(),
            self.contrast.text(),
            *(b.text() for b in self.theme_choice.buttons.values()),
        )
        self.search_text = "\n".join(words).casefold()
        self._choices.changed.connect(self._show)
        workplace.theme.changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        self.large.setChecked(self._choices.personal.large_type)
        self.contrast.setChecked(self._workplace.theme.more_contrast)


class LanguageChoice(QComboBox):
    """The desktop's language, or the system's.

    Args:
        workplace: Whose choice it is.
    """

    def __init__(self, workplace: Workplace) -> None:
        super().__init__()
        self._choices = PersonalChoices.of(workplace)
        self.addItem(self.tr("As the system"), "")
        for code, name in LANGUAGES.items():
            # each by its own name, for those who cannot read the others
            self.addItem(name, code)
        self.setAccessibleName(self.tr("Language of the desktop"))
        self.activated.connect(lambda _index: self._choices.change(language=self.currentData()))
        make_high_enough(self)
        self._choices.changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        self.setCurrentIndex(max(0, self.findData(self._choices.personal.language)))


class LanguageBlock(Block):
    """The language.

    Args:
        workplace: Whose choice it is.
    """

    def __init__(self, workplace: Workplace) -> None:
        super().__init__(workplace.theme, self.tr("Language of the desktop"))
        self._choices = PersonalChoices.of(workplace)
        self._at_start: Any = self._choices.personal.language
        self.choice = LanguageChoice(workplace)
        self.restart = StateChip(workplace.theme, self.tr("Needs a restart of Recto"), Role.HELD, "refresh")
        row = QHBoxLayout()
        row.addWidget(self.choice)
        row.addStretch(1)
        self.column.addLayout(row)
        self.column.addWidget(self.restart)
        self.search_text += "\nenglish\ndeutsch\ngerman"
        self._choices.changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        self.restart.setVisible(self._choices.personal.language != self._at_start)
