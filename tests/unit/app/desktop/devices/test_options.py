# SPDX-License-Identifier: Apache-2.0
"""Options of a device on screen: every kind that SANE knows, shown, edited, and told as the device has it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QDoubleSpinBox, QLineEdit
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from app.desktop.devices.controller import DeviceController
from app.desktop.devices.option_editor import OptionEditor
from app.desktop.devices.option_tree import OPTION, OptionTree
from app.desktop.devices.option_words import (
    constraint_text,
    number_text,
    outcome_text,
    state_texts,
    value_text,
)
from app.desktop.theme.theme import Theme
from hardware.configuration import HardwareConfiguration
from hardware.options import Capability, OneOf, OptionDescriptor, OptionType, Range, Unit, Value
from hardware.session_reports import OptionsNow
from tests.conftest import missing
from tests.unit.app.desktop.devices.conftest import Until

AUTOMATIC = frozenset({Capability.SOFT_SELECT, Capability.SOFT_DETECT, Capability.AUTOMATIC})


def option(kind: OptionType, **facts: Any) -> OptionDescriptor:
    return OptionDescriptor(1, "thing", "Thing", "What it is.", kind, **facts)


RESOLUTION = option(OptionType.INT, unit=Unit.DPI, constraint=Range(50, 1200, 25))
WIDTH = option(OptionType.FIXED, unit=Unit.MM, constraint=Range(0, 215.9))
MODE = option(OptionType.STRING, size=32, constraint=OneOf(("Gray", "Color")))
DEPTH = option(OptionType.INT, unit=Unit.BIT, constraint=OneOf((1, 8, 16)))
GAMMA = option(OptionType.INT, size=4 * 4, constraint=Range(0, 255, 1))
SWITCH = option(OptionType.BOOL)
NOTE = option(OptionType.STRING, size=32)
BUTTON = option(OptionType.BUTTON, capabilities=frozenset({Capability.SOFT_SELECT}))


@pytest.fixture
def editor(theme: Theme, qtbot: QtBot) -> OptionEditor:
    """An editor that shows no option yet."""
    made = OptionEditor(theme)
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.mark.parametrize(
    ("shown", "value", "field"),
    [
        (RESOLUTION, 300, QDoubleSpinBox),
        (WIDTH, 148.5, QDoubleSpinBox),
        (MODE, "Color", QComboBox),
        (DEPTH, 16, QComboBox),
        (GAMMA, [0, 64, 128, 255], QLineEdit),
        (SWITCH, True, QCheckBox),
        (NOTE, "left page", QLineEdit),
    ],
    ids=["range", "fixed", "words", "numbers", "vector", "switch", "text"],
)
def test_each_kind_has_a_field_that_shows_its_value_and_sets_the_same(
    editor: OptionEditor, qtbot: QtBot, shown: OptionDescriptor, value: Value, field: type
) -> None:
    editor.show_option(shown, value)
    assert isinstance(editor.field, field)
    assert editor.field.accessibleName() == "Thing"
    with qtbot.waitSignal(editor.wanted) as wanted:
        editor.set_button.click()
    assert wanted.args == ["thing", value]


def test_a_button_is_pressed(editor: OptionEditor, qtbot: QtBot) -> None:
    editor.show_option(BUTTON, None)
    assert editor.field is None
    assert editor.set_button.text() == "Press"
    with qtbot.waitSignal(editor.wanted) as wanted:
        qtbot.keyClick(editor.set_button, Qt.Key.Key_Space)
    assert wanted.args == ["thing", None]


def test_a_vector_of_the_wrong_length_is_refused_before_the_device_hears_of_it(
    editor: OptionEditor, qtbot: QtBot
) -> None:
    editor.show_option(GAMMA, [0, 64, 128, 255])
    assert isinstance(editor.field, QLineEdit)
    editor.field.setText("1 2 3")
    with qtbot.assertNotEmitted(editor.wanted):
        editor.set_button.click()
    assert "4 numbers" in editor.outcome


def test_an_option_that_can_be_automatic_has_a_button_for_that(editor: OptionEditor, qtbot: QtBot) -> None:
    editor.show_option(option(OptionType.INT, capabilities=AUTOMATIC), 3)
    with qtbot.waitSignal(editor.wanted) as wanted:
        editor._automatic.click()
    assert wanted.args == ["thing", None]


def test_what_the_device_made_of_a_value_is_told_in_words() -> None:
    assert outcome_text(RESOLUTION, 333, 300) == "Asked 333, got 300 dpi"
    assert outcome_text(RESOLUTION, 300, 300) == "Set to 300 dpi"
    assert outcome_text(RESOLUTION, None, 600) == "The device chooses: 600 dpi now"
    assert outcome_text(BUTTON, None, None) == "Pressed"


def test_limits_are_told_in_words() -> None:
    assert constraint_text(RESOLUTION) == "From 50 to 1200 dpi in steps of 25"
    assert constraint_text(WIDTH) == "From 0 to 215.9 mm"
    assert constraint_text(DEPTH) == "One of: 1 bit, 8 bit, 16 bit"
    assert constraint_text(SWITCH) == "Yes or no"


def test_states_are_told_in_words() -> None:
    assert state_texts(RESOLUTION) == []
    inactive = option(OptionType.INT, capabilities=frozenset({*AUTOMATIC, Capability.INACTIVE}))
    assert state_texts(inactive) == ["not in use with these settings", "can be automatic"]
    sensor = option(OptionType.BOOL, capabilities=frozenset({Capability.SOFT_DETECT}))
    assert state_texts(sensor) == ["only told"]


@pytest.fixture
def german() -> Iterator[None]:
    """Numbers as Germans write them."""
    before = QLocale()
    QLocale.setDefault(QLocale("de_DE"))
    yield
    QLocale.setDefault(before)


def test_numbers_are_written_as_people_write_them(german: None) -> None:
    assert value_text(215.9, Unit.MM) == "215,9 mm"
    assert number_text(0.00390625) == "0,0039"
    assert number_text(-10.0) == "-10"


def test_a_long_vector_is_shown_by_its_beginning() -> None:
    assert value_text([0.0] * 4096).startswith("4")
    assert value_text([0.0] * 4096).endswith("…")
    assert value_text([1, 2]) == "1  2"


def test_the_tree_keeps_what_views_rely_on(theme: Theme, qtmodeltester: ModelTester, qtbot: QtBot) -> None:
    tree = OptionTree(theme)
    group = OptionDescriptor(2, "", "Geometry", "", OptionType.GROUP)
    count = OptionDescriptor(0, "", "Number of options", "", OptionType.INT)
    left = OptionDescriptor(3, "tl-x", "Left", "", OptionType.FIXED, unit=Unit.MM)
    now = OptionsNow((count, MODE, group, left), {"thing": "Color", "tl-x": 10.5})
    tree.show_options(now)
    qtmodeltester.check(tree)
    assert [tree.index(row, 0).data() for row in range(tree.rowCount())] == ["Options", "Geometry"]
    place = tree.place_of("tl-x")
    assert place.data(OPTION) == left
    assert place.siblingAtColumn(1).data() == "10.5 mm"
    with qtbot.assertNotEmitted(tree.modelReset), qtbot.waitSignal(tree.dataChanged):
        tree.show_options(OptionsNow(now.descriptors, {"thing": "Gray", "tl-x": 11.0}))
    assert place.siblingAtColumn(1).data() == "11 mm"
    with qtbot.waitSignal(tree.modelReset):
        tree.show_options(OptionsNow((MODE,), {}))


@pytest.mark.sane
def test_each_option_of_the_sane_test_device_is_shown_and_has_a_field_for_what_it_is(
    editor: OptionEditor, theme: Theme, until: Until
) -> None:
    configuration = HardwareConfiguration(sane_backends=("test",))
    controller = DeviceController(lambda: configuration)
    failures: list[dict[str, Any]] = []
    controller.failed.connect(failures.append)
    controller.open("sane:test:0")
    until(lambda: bool(controller.options().descriptors) or bool(failures))
    if failures:
        missing("libsane and its test backend are not installed (Debian: libsane1).")
    controller.set_option("enable-test-options", value=True)
    until(lambda: controller.options().values.get("enable-test-options") is True)
    now = controller.options()
    tree = OptionTree(theme)
    tree.show_options(now)
    named = [each for each in now.descriptors if each.name and each.type is not OptionType.GROUP]
    assert {each.type for each in named} == set(OptionType) - {OptionType.GROUP}
    for each in named:
        assert tree.place_of(each.name).isValid()
        editor.show_option(each, now.values.get(each.name))
        assert (editor.field is None) is (each.type is OptionType.BUTTON)
        assert editor.set_button.isVisible() is (each.active and each.settable)
    told: list[tuple[str, Any]] = []
    controller.option_set.connect(lambda name, _, result: told.append((name, result.actual)))
    controller.set_option("resolution", 5000.0)
    until(lambda: told == [("resolution", 1200)])
    controller.close()
    until(lambda: not controller.has_thread)
    controller.shut_down()
