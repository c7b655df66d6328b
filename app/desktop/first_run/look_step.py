# SPDX-License-Identifier: Apache-2.0
"""The first step: language and theme, both in force or kept as soon as they are chosen."""

from __future__ import annotations

from PySide6.QtWidgets import QCheckBox, QFormLayout, QLabel

from app.desktop.first_run.step import Step
from app.desktop.preferences.block import Note, make_high_enough
from app.desktop.preferences.choices import PersonalChoices
from app.desktop.preferences.personal_blocks import LanguageChoice, ThemeChoice
from app.desktop.workplace import Workplace


class LookStep(Step):
    """Language and theme.

    Args:
        workplace: Whose theme it is.
    """

    def __init__(self, workplace: Workplace) -> None:
        super().__init__(
            workplace,
            self.tr("Language and theme"),
            self.tr("How Recto looks to you. Images stand on neutral grey in every theme."),
        )
        self._choices = PersonalChoices.of(workplace)
        self._before = self._choices.personal.language
        self.language = LanguageChoice(workplace)
        self.theme_choice = ThemeChoice(workplace)
        self.large = QCheckBox(self.tr("Large type, to be read from 1.5 m"))
        self.large.setChecked(self._choices.personal.large_type)
        self.large.clicked.connect(lambda checked: self._choices.change(large_type=checked))
        make_high_enough(self.large)
        form = QFormLayout()
        form.setHorizontalSpacing(20)
        form.setVerticalSpacing(12)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.FieldsStayAtSizeHint)
        label = QLabel(self.tr("Language"))
        label.setBuddy(self.language)
        form.addRow(label, self.language)
        form.addRow(QLabel(self.tr("Theme")), self.theme_choice)
        form.addRow(QLabel(), self.large)
        self.column.addLayout(form)
        self.note = Note(
            workplace.theme, self.tr("The language changes when Recto is started the next time.")
        )
        self.column.addWidget(self.note)
        self.column.addStretch(1)
        self._choices.changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        self.note.setVisible(self._choices.personal.language != self._before)
        self.large.setChecked(self._choices.personal.large_type)
