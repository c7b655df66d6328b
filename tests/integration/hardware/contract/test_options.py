# SPDX-License-Identifier: Apache-2.0
"""Options of any device: described without contradiction, set with all consequences, refused in words."""

from __future__ import annotations

import itertools

import pytest

from hardware.errors import BadOption
from hardware.options import (
    WORD,
    Capability,
    OneOf,
    OptionDescriptor,
    OptionType,
    Range,
    Value,
    equal,
    find_option,
)
from tests.integration.hardware.contract.conftest import SANE, Device

ONLY_SANE = pytest.mark.parametrize("device", SANE, indirect=True)


def test_the_descriptors_do_not_contradict_themselves(device: Device) -> None:
    device.session.apply(device.opening)
    options = device.session.options()
    assert [option.index for option in options] == list(range(1, len(options) + 1))
    names = [option.name for option in options if option.name]
    assert len(set(names)) == len(names)
    group = ""
    for option in options:
        if option.type is OptionType.GROUP:
            group = option.title
            assert (option.group, option.readable) == ("", False)
            continue
        assert option.group == group
        assert option.title
        assert not {Capability.SOFT_SELECT, Capability.HARD_SELECT} <= option.capabilities
        assert_constraint_fits(option)


def assert_constraint_fits(option: OptionDescriptor) -> None:
    numbers = {OptionType.INT, OptionType.FIXED}
    match option.constraint:
        case Range(minimum, maximum, quant):
            assert option.type in numbers
            assert minimum <= maximum
            assert quant >= 0
        case OneOf(values):
            assert option.type in {*numbers, OptionType.STRING}
            assert values
            assert {isinstance(value, str) for value in values} == {option.type is OptionType.STRING}
            assert all(len(str(value)) < option.size for value in values if option.type is OptionType.STRING)
        case None:
            pass
    if option.type in {*numbers, OptionType.BOOL}:
        assert option.size % WORD == 0
        assert option.length >= 1


def test_every_readable_value_is_listed_and_within_its_constraint(device: Device) -> None:
    device.session.apply(device.opening)
    values = device.session.values()
    readable = {option.name: option for option in device.session.options() if option.readable}
    assert set(values) == set(readable)
    for name, value in values.items():
        words = value if isinstance(value, list) else [value]
        assert len(words) == readable[name].length
        if isinstance(readable[name].constraint, OneOf):
            assert set(words) <= set(readable[name].constraint.values), name


def edges_of(option: OptionDescriptor) -> list[Value]:
    """Values at and beside the limits of an option, in its type."""
    match option.type, option.constraint:
        case OptionType.BOOL, _:
            return [True, False]
        case OptionType.STRING, OneOf(values):
            return [*values[:6], values[-1]]
        case OptionType.STRING, _:
            return ["", "été", "x" * (option.size - 1)]
        case _, OneOf(values):
            scalars: list[int | float] = [value for value in values if not isinstance(value, str)]
        case _, Range(minimum, maximum, quant):
            scalars = [minimum, maximum, min(minimum + quant, maximum), (minimum + maximum) // 2]
        case OptionType.INT, _:
            scalars = [0, -1, -(2**31), 2**31 - 1]
        case _:
            scalars = [0, -1.5, -(2.0**15), 2.0**15 - 1 / 65536]
    if option.type is OptionType.INT:
        scalars = [int(number) for number in scalars]
    if option.length == 1:
        return [*scalars]
    ramp = itertools.cycle(scalars)
    return [[number] * option.length for number in scalars[:2]] + [[next(ramp) for _ in range(option.length)]]


def test_every_option_takes_the_edges_of_its_constraint(device: Device) -> None:
    session = device.session
    session.apply(device.opening)
    settable = [option.name for option in session.options() if option.settable and option.active]
    # what decides over others comes last: it may put them to sleep
    tried: set[str] = set()
    options = session.options()
    for name in sorted(settable, key=lambda name: name in device.opening):
        option = find_option(options, name)
        if option.type is OptionType.BUTTON or not option.active:
            continue
        for value in edges_of(option):
            result = session.set(name, value)
            options = session.options() if result.reload_options else options
            assert equal(option, result.actual, value) or result.inexact, (name, value, result)
            if find_option(options, name).readable:
                assert session.get(name) == result.actual, (name, value)
        tried.add(name)
        if name in device.opening:
            session.apply(device.opening)
            options = session.options()
    buttons = {option.name for option in options if option.type is OptionType.BUTTON}
    assert tried | buttons == set(settable)
    assert device.settings() == {name: session.get(name) for name in device.settings()}


def test_a_value_the_device_cannot_take_is_kept_as_the_device_took_it(device: Device) -> None:
    for name, (wanted, taken) in device.rounded.items():
        result = device.session.set(name, wanted)
        assert (result.actual, result.inexact) == (taken, True)
        assert device.session.get(name) == taken
    wanted_values = {name: wanted for name, (wanted, _) in device.rounded.items()}
    applied = device.session.apply(wanted_values)
    told = {name: (option.requested, option.actual) for name, option in applied.items()}
    assert told == device.rounded
    page = device.page()
    for name, (wanted, taken) in device.rounded.items():
        assert page.options[name] == {"requested": wanted, "actual": taken}
    assert page.options["mode"]["actual"] == "Gray"


def test_an_option_that_wakes_another_says_so_and_the_other_can_be_set_at_once(device: Device) -> None:
    waker, value, sleeper, wanted = device.waker
    session = device.session
    before = session.options()
    assert not find_option(before, sleeper).active
    assert sleeper not in session.values()
    for refused in (lambda: session.set(sleeper, wanted), lambda: session.get(sleeper)):
        with pytest.raises(BadOption, match="inactive with the other settings"):
            refused()
    assert session.set(waker, value).reload_options
    # the driver would refuse a descriptor that was not fetched anew
    assert session.set(sleeper, wanted).actual == wanted
    assert session.get(sleeper) == wanted
    assert find_option(session.options(), sleeper).active
    assert [option.index for option in session.options()] == [option.index for option in before]


def test_a_button_is_pressed_and_has_no_value(device: Device) -> None:
    session = device.session
    session.apply(device.opening)
    before = device.settings()
    assert session.set(device.button, None).actual is None
    assert device.button not in session.values()
    with pytest.raises(BadOption, match="has no value"):
        session.get(device.button)
    assert session.apply({device.button: None})[device.button].actual is None
    assert device.settings() == before


def test_an_option_without_an_automatic_setting_refuses_it(device: Device) -> None:
    with pytest.raises(BadOption, match="no automatic setting"):
        device.session.set("resolution", None)


@ONLY_SANE
def test_an_automatic_setting_is_chosen_and_outlives_the_driver(device: Device) -> None:
    assert device.automatic is not None
    session = device.session
    session.apply({"enable-test-options": True, device.automatic: False})
    automatic = session.set(device.automatic, None).actual
    # sane-test answers "automatic" with yes
    assert automatic is session.get(device.automatic) is True
    session._drop_child()
    assert session.get(device.automatic) is True


@ONLY_SANE
def test_a_vector_is_set_as_a_whole_or_not_at_all(device: Device) -> None:
    assert device.vector is not None
    session = device.session
    device.session.apply({"enable-test-options": True})
    table = [(value * 7) % 256 for value in range(256)]
    assert session.set(device.vector, table).actual == table
    for wrong in (table[1:], 5, [*table[1:], 0.5]):
        with pytest.raises(BadOption):
            session.set(device.vector, wrong)
    assert session.get(device.vector) == table
    assert session.get("green-gamma-table") != table
    # out of range: the device clamps it, and says so
    clamped = session.set(device.vector, [999, *table[1:]])
    assert (clamped.inexact, clamped.actual) == (True, [255, *table[1:]])


def test_a_bad_value_is_refused_and_nothing_is_changed(device: Device) -> None:
    before, process = device.settings(), device.process_id
    bad: list[tuple[dict[str, Value], str]] = [
        ({"resolutoin": 300}, "no option named"),
        ({"mode": "Sepia"}, "one of"),
        ({"resolution": "high"}, "takes a number"),
        ({"resolution": 2.0**31}, "out of bounds"),
    ]
    for values, said in bad:
        with pytest.raises(BadOption, match=said):
            device.session.apply({"depth": 16, **values})
        assert device.settings() == before
    assert device.process_id == process


def test_settings_that_exclude_each_other_are_refused_and_nothing_is_changed(device: Device) -> None:
    _, _, sleeper, value = device.waker
    before = device.settings()
    with pytest.raises(BadOption, match="inactive with the other settings"):
        device.session.apply({sleeper: value, "depth": 16, "resolution": 60})
    assert device.settings() == before
    device.session._drop_child()
    assert device.settings() == before


def test_a_profile_settles_in_whatever_order_it_is_written(device: Device) -> None:
    waker, value, sleeper, wanted = device.waker
    profile: dict[str, Value] = {sleeper: wanted, waker: value, "br-x": 20, "tl-x": 5, "resolution": "100"}
    settled = {sleeper: wanted, waker: value, "br-x": 20, "tl-x": 5, "resolution": 100}
    for order in list(itertools.permutations(profile))[::31]:
        device.session.apply(device.quick)
        applied = device.session.apply({name: profile[name] for name in order})
        assert {name: option.actual for name, option in applied.items()} == settled, order
        assert settled.items() <= device.session.values().items()


def test_settings_outlive_the_driver_as_they_stand(device: Device) -> None:
    session = device.session
    session.apply({**device.opening, "br-x": 60, "tl-x": 10, "resolution": 101})
    waker, value, sleeper, wanted = device.waker
    session.apply({sleeper: wanted})
    before = device.settings()
    session._drop_child()
    assert device.settings() == before
    # going back puts the sleeper to sleep, and moves what hangs on it
    session.set(waker, device.quick[waker])
    before = device.settings()
    assert sleeper not in before
    session._drop_child()
    assert device.settings() == before
    assert value != device.quick[waker]


# What only SANE's test device has


@ONLY_SANE
def test_what_is_set_by_hand_is_neither_set_nor_asked_for(device: Device) -> None:
    session = device.session
    session.set("enable-test-options", value=True)
    with pytest.raises(BadOption, match="set by hand"):
        session.set("bool-hard-select", value=True)
    with pytest.raises(BadOption, match="set by hand"):
        session.apply({"bool-soft-detect": True})
    with pytest.raises(BadOption):
        session.get("bool-hard-select")
    assert "bool-hard-select" not in session.values()
    assert session.get("bool-soft-detect") is False
