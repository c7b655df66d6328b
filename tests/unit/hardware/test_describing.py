# SPDX-License-Identifier: Apache-2.0
"""A device is described with what becomes of its options under other settings, and is left as it was."""

from __future__ import annotations

from dataclasses import replace

from hardware.configuration import SimulatedDevice
from hardware.describing import describe
from hardware.device_description import DescribedState, DeviceDescription
from hardware.errors import BadOption
from hardware.options import (
    SETTABLE,
    Capability,
    OneOf,
    OptionDescriptor,
    OptionType,
    Range,
    SetResult,
    Value,
    read_values,
)
from hardware.scanner import DeviceInfo
from hardware.simulated.device import SimulatedDriver

INFO = DeviceInfo("sane:acme:1", "acme", "Acme", "Copier 5", "flatbed scanner", simulated=False)


def described(name: str) -> tuple[DeviceDescription, SimulatedDriver]:
    driver = SimulatedDriver(SimulatedDevice(name, name))  # type: ignore[arg-type]  # the name of a kind
    return describe(driver, driver.info, ()), driver


def state(description: DeviceDescription, **settings: Value) -> DescribedState:
    (found,) = [state for state in description.states if dict(state.settings) == settings]
    return found


def test_each_pair_of_source_and_mode_tells_what_is_other_then() -> None:
    description, _ = described("duplex")
    glass = state(description, source="Flatbed", mode="Gray")
    unlike = {option.descriptor.name: option for option in glass.options}
    assert unlike["depth"].descriptor.constraint == OneOf((8, 16))
    assert unlike["resolution"].descriptor.constraint == Range(50, 1200, 1)
    assert unlike["br-y"].value == 297
    assert not unlike["page-width"].descriptor.active
    assert unlike["page-width"].value is None
    assert "cover-open" not in unlike
    lineart = state(description, source="ADF Duplex", mode="Lineart")
    assert [option.descriptor.name for option in lineart.options] == ["mode", "depth"]


def test_a_switch_is_tried_once_and_what_it_reloads_is_noted() -> None:
    description, _ = described("flatbed")
    switched = [state for state in description.states if "simulate-cover-open" in state.settings]
    assert [dict(state.settings) for state in switched] == [
        {"source": "Flatbed", "mode": "Lineart", "simulate-cover-open": True}
    ]
    assert description.reloads["simulate-cover-open"] == ("options", "parameters")
    assert "br-x" not in description.reloads


def test_a_device_is_left_as_it_was() -> None:
    driver = SimulatedDriver(SimulatedDevice("both", "duplex"))
    profile: dict[str, Value] = {"source": "Flatbed", "mode": "Lineart", "br-x": 100, "resolution": 1200}
    for name, value in profile.items():
        driver.descriptors()
        driver.set(name, value)
    before = driver.descriptors(), read_values(driver)
    describe(driver, driver.info, ())
    assert (driver.descriptors(), read_values(driver)) == before


class Switches:
    """A device with switches in rows, of which each is asleep until the one before is on."""

    def __init__(
        self,
        *names: str,
        refused: str = "",
        unreadable: str = "",
        only_off: bool = False,
        grows: bool = False,
    ) -> None:
        self._names = names
        self._unreadable = unreadable
        self._grows = grows
        self._refused = refused
        self._only_off = only_off
        self.on = dict.fromkeys(names, False)
        self.set_names: list[str] = []

    def descriptors(self) -> tuple[OptionDescriptor, ...]:
        before = [True, *self.on.values()]
        late = (OptionDescriptor(99, "late", "", "", OptionType.BOOL, capabilities=SETTABLE),)
        return (late if self._grows and any(before[1:]) else ()) + tuple(
            OptionDescriptor(
                index,
                name,
                name,
                "",
                OptionType.BOOL,
                capabilities=SETTABLE | (set() if awake else {Capability.INACTIVE}),
            )
            for index, (name, awake) in enumerate(zip(self._names, before, strict=False), 1)
        )

    def get(self, name: str) -> Value:
        if name == self._unreadable:
            raise BadOption("Not that one.")
        return self.on.get(name)

    def set(self, name: str, value: Value) -> SetResult:
        self.set_names.append(name)
        if name == self._refused or (value and self._only_off):
            raise BadOption("Not that one.")
        self.on[name] = bool(value)
        return SetResult(value, reload_options=True)


def test_a_switch_that_another_one_wakes_is_tried_within_it() -> None:
    device = Switches("first", "second", "third")
    description = describe(device, INFO, ())
    assert [[*state.settings] for state in description.states] == [
        ["first"],
        ["first", "second"],
        ["first", "second", "third"],
    ]
    assert not any(device.on.values())
    assert description.complete


def test_a_choice_that_is_refused_is_left_out() -> None:
    assert describe(Switches("first", refused="first"), INFO, ()).states == ()


def test_an_option_that_is_listed_as_readable_and_is_not_does_not_spoil_the_description() -> None:
    device = Switches("first", "second", unreadable="second")
    description = describe(device, INFO, ())
    assert [[*state.settings] for state in description.states] == [["first"]]
    assert "second" not in device.set_names


def test_an_option_that_comes_up_later_against_the_standard_is_left_out() -> None:
    description = describe(Switches("first", grows=True), INFO, ())
    [found] = description.states
    assert [option.descriptor.name for option in found.options] == ["first"]


def test_a_driver_that_does_not_take_its_own_value_back_is_described_all_the_same() -> None:
    device = Switches("first", "second", only_off=True)
    device.on["first"] = True
    assert len(describe(device, INFO, ()).options) == 2
    assert device.on["first"] is False


def test_what_may_move_the_device_is_left_alone() -> None:
    device = Switches("lamp-off-at-exit")
    assert describe(device, INFO, ()).states == ()
    assert device.set_names == []


def test_when_time_is_up_the_description_says_that_it_is_not_complete() -> None:
    device = Switches("first", "second")
    description = describe(device, INFO, (), patience=-1)
    assert (description.complete, description.states, device.set_names) == (False, (), [])
    assert replace(description, complete=True) != description
