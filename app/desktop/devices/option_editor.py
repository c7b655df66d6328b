# SPDX-License-Identifier: Apache-2.0
"""The editor of one option, made from its descriptor."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.desktop.devices.option_words import (
    constraint_text,
    differs,
    number_text,
    outcome_text,
    state_texts,
    unit_text,
    value_text,
)
from app.desktop.devices.role_label import RoleLabel
from app.desktop.language.device_texts import device_text
from app.desktop.theme.roles import Role
from app.desktop.theme.theme import Theme
from app.desktop.widgets.head_line import HeadLine
from hardware.errors import BadOption
from hardware.options import Capability, OneOf, OptionDescriptor, OptionType, Range, Value, coerce

_WIDEST = 2.0**31 - 1
_DECIMALS = 4
_LEAST_HEIGHT = 36


class OptionEditor(QWidget):
    """Shows one option and sets it.

    Args:
        theme: Colours.
    """

    wanted = Signal(str, object)
    """Name of an option and the value it is to have; None presses a button or lets the device choose."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._option: OptionDescriptor | None = None
        self._title = HeadLine(scale=1.15)
        self._title.setWordWrap(True)
        self._name = RoleLabel(theme)
        self._description = RoleLabel(theme, role=Role.TEXT)
        self._limits = RoleLabel(theme)
        self._states = RoleLabel(theme, role=Role.HELD)
        self._outcome = RoleLabel(theme, role=Role.TEXT)
        self._place = QHBoxLayout()
        self._field: QWidget | None = None
        self._set = QPushButton(self.tr("Set"))
        self._automatic = QPushButton(self.tr("Let the device choose"))
        self._build()
        self.show_option(None, None)

    @property
    def field(self) -> QWidget | None:
        """The widget that holds the value."""
        return self._field

    @property
    def outcome(self) -> str:
        """What came of setting the option last."""
        return self._outcome.text()

    @property
    def set_button(self) -> QPushButton:
        """The button that sets the option."""
        return self._set

    def _build(self) -> None:
        for button in (self._set, self._automatic):
            button.setMinimumHeight(_LEAST_HEIGHT)
        self._name.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._set.clicked.connect(self._tell)
        self._automatic.clicked.connect(self._tell_automatic)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 0, 0, 0)
        column.setSpacing(8)
        for widget in (self._title, self._name, self._description, self._limits, self._states):
            column.addWidget(widget)
        column.addSpacing(4)
        column.addLayout(self._place)
        buttons = QHBoxLayout()
        buttons.addWidget(self._set)
        buttons.addWidget(self._automatic)
        buttons.addStretch(1)
        column.addLayout(buttons)
        column.addWidget(self._outcome)
        column.addStretch(1)

    # Showing

    def show_option(self, option: OptionDescriptor | None, value: Value) -> None:
        """Show an option with its value; None for none."""
        other = option is None or self._option is None or option.name != self._option.name
        changed = option != self._option
        self._option = option
        if other:
            self._outcome.show_text("")
        if option is None:
            self._title.setText(self.tr("Choose an option to see and set it"))
            for label in (self._name, self._description, self._limits, self._states):
                label.show_text("")
            self._exchange(None)
            self._set.hide()
            self._automatic.hide()
            return
        self._title.setText(device_text(option.title) or option.name)
        self._name.show_text(option.name)
        self._description.show_text(device_text(option.description))
        self._limits.show_text(constraint_text(option))
        self._states.show_text(", ".join(state_texts(option)))
        if changed or self._field is None:
            self._exchange(_field_for(option))
        usable = option.active and option.settable
        if self._field is not None:
            self._field.setEnabled(usable)
            self._field.setAccessibleName(device_text(option.title) or option.name)
            if isinstance(self._field, NumberField):
                # it has the focus in the field's stead
                self._field.lineEdit().setAccessibleName(device_text(option.title) or option.name)
            _show_value(self._field, option, value)
        press = option.type is OptionType.BUTTON
        self._set.setText(self.tr("Press") if press else self.tr("Set"))
        self._set.setVisible(usable)
        self._automatic.setVisible(usable and not press and Capability.AUTOMATIC in option.capabilities)

    def show_outcome(self, requested: Value, actual: Value) -> None:
        """Say what the device made of a value."""
        if self._option is not None:
            button = self._option.type is OptionType.BUTTON
            other = not button and requested is not None and differs(requested, actual)
            self._outcome.show_text(
                outcome_text(self._option, requested, actual), Role.HELD if other else Role.DONE
            )

    def show_refusal(self, text: str) -> None:
        """Say why a value was not taken."""
        self._outcome.show_text(text, Role.TROUBLE)

    def _exchange(self, field: QWidget | None) -> None:
        if self._field is not None:
            self._field.hide()
            self._place.removeWidget(self._field)
            self._field.deleteLater()
        self._field = field
        if field is not None:
            field.setMinimumHeight(_LEAST_HEIGHT)
            self._place.addWidget(field, 1)
            if isinstance(field, QLineEdit):
                field.returnPressed.connect(self._tell)
            self.setTabOrder(field, self._set)

    # Setting

    def _tell(self) -> None:
        option = self._option
        if option is None:
            return
        try:
            value = coerce(option, _value_of(self._field, option))
        except BadOption as refusal:
            self.show_refusal(f"{refusal.message} {refusal.remedy}")
            return
        self.wanted.emit(option.name, value)

    def _tell_automatic(self) -> None:
        if self._option is not None:
            self.wanted.emit(self._option.name, None)


def _field_for(option: OptionDescriptor) -> QWidget | None:
    """The widget for an option's value; none for a button."""
    if option.type is OptionType.BUTTON:
        return None
    if option.type is OptionType.BOOL:
        return QCheckBox(QCoreApplication.translate("options", "Yes"))
    if isinstance(option.constraint, OneOf) and option.length == 1:
        choices = QComboBox()
        for value in option.constraint.values:
            choices.addItem(value_text(value, option.unit), value)
        return choices
    if option.type in {OptionType.INT, OptionType.FIXED} and option.length == 1:
        return _number_field(option)
    line = QLineEdit()
    if option.type is OptionType.STRING:
        line.setMaxLength(max(1, option.size - 1))
    return line


class NumberField(QDoubleSpinBox):
    """A number with as many decimals as it has."""

    def textFromValue(self, value: float) -> str:
        """The number as people write it."""
        return number_text(value)


def _number_field(option: OptionDescriptor) -> NumberField:
    field = NumberField()
    field.setDecimals(_DECIMALS if option.type is OptionType.FIXED else 0)
    limits = option.constraint if isinstance(option.constraint, Range) else Range(-_WIDEST, _WIDEST)
    # beyond the device's limits too: it clamps, and says so
    field.setRange(-_WIDEST, _WIDEST)
    field.setSingleStep(limits.quant or 1)
    field.setGroupSeparatorShown(False)
    unit = unit_text(option.unit)
    field.setSuffix(f" {unit}" if unit else "")
    return field


def _show_value(field: QWidget, option: OptionDescriptor, value: Value) -> None:
    if isinstance(field, QCheckBox):
        field.setChecked(value is True)
    elif isinstance(field, QComboBox):
        field.setCurrentIndex(field.findText(value_text(value, option.unit)))
    elif isinstance(field, QDoubleSpinBox):
        field.setValue(float(value) if isinstance(value, (int, float)) else 0.0)
    elif isinstance(field, QLineEdit):
        words = value if isinstance(value, list) else None
        field.setText(" ".join(f"{word:g}" for word in words) if words is not None else str(value or ""))


def _value_of(field: QWidget | None, option: OptionDescriptor) -> Value:
    if isinstance(field, QCheckBox):
        return field.isChecked()
    if isinstance(field, QComboBox):
        chosen: Value = field.currentData()
        return chosen
    if isinstance(field, QDoubleSpinBox):
        return int(field.value()) if option.type is OptionType.INT else field.value()
    return field.text() if isinstance(field, QLineEdit) else None
