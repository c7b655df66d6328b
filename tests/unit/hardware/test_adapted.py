# SPDX-License-Identifier: Apache-2.0
"""A driver with its own words is used under the standard's words, and under its own."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pytest

from hardware.adapted import AdaptedDriver
from hardware.driver import PageAddress
from hardware.errors import BadOption, DoubleFeed, InputOutputFailure, Jam, ScannerError
from hardware.frames import FrameFormat, FrameParameters
from hardware.options import (
    Capability,
    OneOf,
    OptionDescriptor,
    OptionType,
    Range,
    SetResult,
    Unit,
    Value,
    read_values,
)
from hardware.profile import apply_values
from hardware.quirks import Quirks, load_rules, quirks_of
from hardware.scanner import DeviceInfo

BROTHER = DeviceInfo("sane:brother4:1", "brother4", "Brother", "MFC", "sheetfed scanner", simulated=False)
PAGE = PageAddress("", "", 1)
MODES = ("Black & White", "Gray[Error Diffusion]", "True Gray", "24bit Color", "24bit Color[Fast]")


def text(name: str, *values: str) -> OptionDescriptor:
    return OptionDescriptor(1, name, name, "", OptionType.STRING, size=24, constraint=OneOf(values))


RESOLUTION = OptionDescriptor(
    2, "scan-resolution", "", "", OptionType.INT, Unit.DPI, constraint=Range(100, 600, 1)
)
TABLE = (
    text("mode", *MODES),
    RESOLUTION,
    text("doc-source", "FlatBed", "Automatic Document Feeder(left aligned)"),
)


@dataclass
class Table:
    """A driver that is nothing but a table of options."""

    options: tuple[OptionDescriptor, ...] = TABLE
    info: DeviceInfo = BROTHER
    feeds: bool = True
    values: dict[str, Value] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    frames: int = 1

    def __post_init__(self) -> None:
        for option in self.options:
            first = option.constraint.values[0] if isinstance(option.constraint, OneOf) else 100
            self.values.setdefault(option.name, first)

    def descriptors(self) -> tuple[OptionDescriptor, ...]:
        return self.options

    def get(self, name: str) -> Value:
        return self.values[name]

    def set(self, name: str, value: Value) -> SetResult:
        option = next(option for option in self.options if option.name == name)
        if isinstance(option.constraint, OneOf):
            assert value in option.constraint.values
        self.values[name] = value
        return SetResult(value)

    def load(self, pages: int | None) -> None:
        self.calls.append(f"load {pages}")

    def start(self, page: PageAddress) -> None:
        self.calls.append("start")

    def parameters(self) -> FrameParameters:
        self.frames -= 1
        return FrameParameters(FrameFormat.GRAY, self.frames == 0, 1, 1, 1, 8)

    def read(self, size: int) -> bytes | None:
        return None

    def cancel(self) -> None:
        self.calls.append("cancel")

    def close(self) -> None:
        self.calls.append("close")


def adapted(table: Table, quirks: Quirks | None = None) -> AdaptedDriver:
    return AdaptedDriver(table, quirks or quirks_of(table.info, load_rules())[0])


def test_a_profile_in_the_standards_words_reaches_the_driver_in_its_own() -> None:
    table = Table()
    applied = apply_values(adapted(table), {"resolution": 300, "mode": "Gray", "source": "ADF"})
    assert table.values == {
        "mode": "True Gray",
        "scan-resolution": 300,
        "doc-source": "Automatic Document Feeder(left aligned)",
    }
    assert {name: option.actual for name, option in applied.items()} == {
        "resolution": 300,
        "mode": "Gray",
        "source": "ADF",
    }


def test_bilevel_does_not_pass_for_gray_and_of_two_colours_the_first_is_taken() -> None:
    constraint = adapted(Table()).descriptors()[0].constraint
    assert constraint == OneOf(("Lineart", "Gray[Error Diffusion]", "Gray", "Color", "24bit Color[Fast]"))


def test_the_drivers_own_words_are_understood_too() -> None:
    table = Table()
    driver = adapted(table)
    own = {"scan-resolution": 200, "mode": "24bit Color", "doc-source": "FlatBed"}
    standard = driver.standard(own)
    assert standard == {"resolution": 200, "mode": "Color", "source": "Flatbed"}
    apply_values(driver, standard)
    assert table.values == own
    assert driver.set("mode", "24bit Color[Fast]").actual == "24bit Color[Fast]"
    assert driver.get("scan-resolution") == driver.get("resolution") == 200
    assert read_values(driver) == {"mode": "24bit Color[Fast]", "resolution": 200, "source": "Flatbed"}


def test_an_option_that_is_named_twice_is_refused() -> None:
    with pytest.raises(BadOption, match="'resolution' and 'scan-resolution' are one"):
        adapted(Table()).standard({"resolution": 300, "scan-resolution": 200})


def test_an_option_that_has_the_standard_name_is_not_taken_over() -> None:
    table = Table((replace(RESOLUTION, name="resolution"), RESOLUTION))
    assert [option.name for option in adapted(table).descriptors()] == ["resolution", "scan-resolution"]


def test_a_standard_word_that_is_longer_than_the_drivers_fits() -> None:
    short = OptionDescriptor(1, "mode", "", "", OptionType.STRING, size=3, constraint=OneOf(("Bw", "Gr")))
    table = Table((short,))
    driver = adapted(table, Quirks(values={"mode": {"Gr": "Grayscale"}}))
    assert apply_values(driver, {"mode": "Grayscale"})["mode"].actual == "Grayscale"
    assert table.values["mode"] == "Gr"


def test_a_device_without_quirks_is_as_it_is() -> None:
    table = Table()
    driver = AdaptedDriver(table, Quirks())
    assert driver.descriptors() == table.options
    assert driver.get("mode") == "Black & White"


# Paper


def test_the_source_says_whether_the_device_feeds_under_whatever_name() -> None:
    driver = adapted(Table())
    assert not driver.feeds
    driver.set("source", "ADF")
    assert driver.feeds


def test_a_device_without_a_source_is_what_the_driver_says() -> None:
    assert adapted(Table((RESOLUTION,))).feeds
    assert not adapted(Table((RESOLUTION,), feeds=False)).feeds


@pytest.mark.parametrize("pattern", ["ADF", "*document feeder*", "*"])
def test_a_source_that_never_ends_gives_one_page(pattern: str) -> None:
    table = Table()
    quirks, _ = quirks_of(BROTHER, load_rules())
    driver = adapted(table, replace(quirks, one_page_sources=(pattern,)))
    driver.set("source", "ADF")
    assert not driver.feeds


@pytest.mark.parametrize(
    ("needed", "expected"), [(True, ["start", "cancel", "start"]), (False, ["start"] * 2)]
)
def test_a_driver_is_cancelled_between_pages_only_where_it_needs_that(
    needed: bool,  # noqa: FBT001  # a parameter of the test
    expected: list[str],
) -> None:
    table = Table()
    driver = adapted(table, Quirks(cancel_between_pages=needed))
    for _ in range(2):
        table.frames = 1
        driver.start(PAGE)
        driver.parameters()
        assert driver.read(1) is None
    assert table.calls == expected


def test_a_driver_is_not_cancelled_between_the_passes_of_a_page() -> None:
    table = Table(frames=3)
    driver = adapted(table, Quirks(cancel_between_pages=True))
    for _ in range(3):
        driver.start(PAGE)
        driver.parameters()
        driver.read(1)
    assert table.calls == ["start"] * 3
    driver.cancel()
    driver.start(PAGE)
    assert table.calls[-2:] == ["cancel", "start"]


@dataclass
class Jamming(Table):
    """A feeder that reports a jam, and tells by a sensor, when no scan runs, why."""

    double: Value | ScannerError = True

    def start(self, page: PageAddress) -> None:
        self.calls.append("start")
        raise Jam("Stuck.", sane_status=6)

    def get(self, name: str) -> Value:
        assert self.calls == ["start", "cancel"]
        if isinstance(self.double, ScannerError):
            raise self.double
        return self.double


def double_feed(*capabilities: Capability) -> OptionDescriptor:
    kinds = frozenset({Capability.SOFT_DETECT, *capabilities})
    return OptionDescriptor(1, "df-seen", "", "", OptionType.BOOL, capabilities=kinds)


QUIRKS = Quirks({"df-seen": "double-feed"})


def test_a_jam_that_a_sensor_knows_for_a_double_feed_is_called_so() -> None:
    with pytest.raises(DoubleFeed, match="more than one sheet") as raised:
        AdaptedDriver(Jamming((double_feed(),)), QUIRKS).start(PAGE)
    assert raised.value.facts == {"sane_status": 6, "reported_as": "scanner.jam"}


@pytest.mark.parametrize(
    "driver",
    [
        Jamming((double_feed(),), double=False),
        Jamming((double_feed(),), double=InputOutputFailure("Broken.")),
        Jamming((double_feed(Capability.SOFT_SELECT),)),
        Jamming((double_feed(Capability.INACTIVE),)),
        Jamming(()),
    ],
    ids=["no", "cannot tell", "a setting", "inactive", "no sensor"],
)
def test_a_jam_stays_a_jam_where_nothing_says_more(driver: Jamming) -> None:
    with pytest.raises(Jam):
        AdaptedDriver(driver, QUIRKS).start(PAGE)
