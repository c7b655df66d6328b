# SPDX-License-Identifier: Apache-2.0
"""Options of a device in words: value, unit, what it may be, and what is special about it now."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLocale

from app.desktop.language.device_texts import device_text
from app.desktop.language.marking import QT_TRANSLATE_NOOP
from hardware.options import Capability, OneOf, OptionDescriptor, OptionType, Range, Unit, Value

LONGEST_VECTOR = 6
"""Numbers of a vector that are shown in a table."""

MOST_CHOICES = 24
"""Choices of a list that are told in a sentence."""

_UNITS: dict[Unit, str] = {
    Unit.NONE: "",
    Unit.PIXEL: QT_TRANSLATE_NOOP("options", "pixels"),
    Unit.BIT: QT_TRANSLATE_NOOP("options", "bit"),
    Unit.MM: QT_TRANSLATE_NOOP("options", "mm"),
    Unit.DPI: QT_TRANSLATE_NOOP("options", "dpi"),
    Unit.PERCENT: QT_TRANSLATE_NOOP("options", "%"),
    Unit.MICROSECOND: QT_TRANSLATE_NOOP("options", "µs"),
}

_TYPES: dict[OptionType, str] = {
    OptionType.BOOL: QT_TRANSLATE_NOOP("options", "yes or no"),
    OptionType.INT: QT_TRANSLATE_NOOP("options", "whole number"),
    OptionType.FIXED: QT_TRANSLATE_NOOP("options", "number"),
    OptionType.STRING: QT_TRANSLATE_NOOP("options", "text"),
    OptionType.BUTTON: QT_TRANSLATE_NOOP("options", "button"),
    OptionType.GROUP: QT_TRANSLATE_NOOP("options", "group"),
}


def _tr(text: str) -> str:
    return QCoreApplication.translate("options", text)


def unit_text(unit: Unit) -> str:
    """A unit as it stands behind a number."""
    return _tr(_UNITS[unit]) if _UNITS[unit] else ""


def number_text(number: float) -> str:
    """A number as people read it; as many decimals as it has, at most four."""
    locale = QLocale()
    # 1200 dpi, not 1,200 dpi: that is how scanners and the field write them
    locale.setNumberOptions(QLocale.NumberOption.OmitGroupSeparator)
    if isinstance(number, int) or float(number).is_integer():
        return locale.toString(int(number))
    return locale.toString(float(number), "f", 4).rstrip("0").rstrip(locale.decimalPoint())


def value_text(value: Value, unit: Unit = Unit.NONE) -> str:
    """A value in one line; vectors by their first numbers."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return (
            QCoreApplication.translate("options", "yes")
            if value
            else QCoreApplication.translate("options", "no")
        )
    if isinstance(value, str):
        return device_text(value)
    if isinstance(value, list):
        shown = "  ".join(number_text(word) for word in value[:LONGEST_VECTOR])
        if len(value) <= LONGEST_VECTOR:
            return shown
        more = QCoreApplication.translate("options", "{count} numbers: {first} …")
        return more.format(count=number_text(len(value)), first=shown)
    return f"{number_text(value)} {unit_text(unit)}".rstrip()


def constraint_text(option: OptionDescriptor) -> str:
    """What an option may be, in one sentence."""
    match option.constraint:
        case Range(minimum, maximum, quant):
            limits = {
                "least": number_text(minimum),
                "most": value_text(maximum, option.unit),
                "step": number_text(quant),
            }
            if quant:
                text = QCoreApplication.translate("options", "From {least} to {most} in steps of {step}")
            else:
                text = QCoreApplication.translate("options", "From {least} to {most}")
            return text.format(**limits)
        case OneOf(values):
            words = [value_text(value, option.unit) for value in values[:MOST_CHOICES]]
            if len(values) > MOST_CHOICES:
                words.append("…")
            return QCoreApplication.translate("options", "One of: {choices}").format(choices=", ".join(words))
    kind = _tr(_TYPES[option.type])
    if option.length > 1:
        text = QCoreApplication.translate("options", "{count} of: {kind}")
        return text.format(count=number_text(option.length), kind=kind)
    return kind[:1].upper() + kind[1:]


def state_texts(option: OptionDescriptor) -> list[str]:
    """What is special about an option as it stands now; nothing for an everyday one."""
    has = option.capabilities
    told = (
        (not option.active, QCoreApplication.translate("options", "not in use with these settings")),
        (Capability.HARD_SELECT in has, QCoreApplication.translate("options", "set at the device")),
        (
            not option.settable and Capability.SOFT_DETECT in has and Capability.HARD_SELECT not in has,
            QCoreApplication.translate("options", "only told"),
        ),
        (
            Capability.SOFT_DETECT not in has and option.type is not OptionType.BUTTON,
            QCoreApplication.translate("options", "not told"),
        ),
        (Capability.AUTOMATIC in has, QCoreApplication.translate("options", "can be automatic")),
        (Capability.ADVANCED in has, QCoreApplication.translate("options", "advanced")),
    )
    return [text for applies, text in told if applies]


def outcome_text(option: OptionDescriptor, requested: Value, actual: Value) -> str:
    """What the device made of a value: "asked 333, got 300" where it took another."""
    if option.type is OptionType.BUTTON:
        return QCoreApplication.translate("options", "Pressed")
    if requested is None:
        return QCoreApplication.translate("options", "The device chooses: {value} now").format(
            value=value_text(actual, option.unit)
        )
    if differs(requested, actual):
        return QCoreApplication.translate("options", "Asked {asked}, got {got}").format(
            asked=value_text(requested), got=value_text(actual, option.unit)
        )
    return QCoreApplication.translate("options", "Set to {value}").format(
        value=value_text(actual, option.unit)
    )


def differs(requested: Value, actual: Value) -> bool:
    """Whether the device took another value, so far as people can see it."""
    return value_text(requested) != value_text(actual)
