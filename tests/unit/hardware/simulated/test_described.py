# SPDX-License-Identifier: Apache-2.0
"""A device that somebody has described answers as the device itself, from its options to its pages."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hardware.configuration import SimulatedDevice
from hardware.describing import describe
from hardware.device_description import DescribedOption, DescribedState, DeviceDescription
from hardware.driver import PageAddress
from hardware.errors import BadOption, DescriptionInvalid, ScannerError
from hardware.frames import FrameFormat, FrameParameters
from hardware.options import (
    SETTABLE,
    Capability,
    OneOf,
    OptionDescriptor,
    OptionType,
    Range,
    Unit,
    Value,
    find_option,
)
from hardware.profile import apply_values
from hardware.scanner import DeviceInfo
from hardware.simulated.described import DescribedOptions
from hardware.simulated.device import SimulatedDriver
from hardware.simulated.models import KINDS

PAGE = PageAddress("b", "i", 1)


def written(folder: Path, description: DeviceDescription) -> Path:
    path = folder / "device.json"
    path.write_text(json.dumps(description.to_json()))
    return path


def loaded(folder: Path, description: DeviceDescription, name: str = "x", **facts: Any) -> SimulatedDriver:
    return SimulatedDriver(
        SimulatedDevice(name, "described", description=written(folder, description), **facts)
    )


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "described"])
def test_the_description_of_a_described_device_is_the_one_it_was_made_from(tmp_path: Path, kind: Any) -> None:
    driver = SimulatedDriver(SimulatedDevice("x", kind))
    description = describe(driver, driver.info, ())
    again = loaded(tmp_path, description)
    assert describe(again, again.info, ()) == description


def test_another_source_brings_its_limits_and_its_values_as_on_the_device(tmp_path: Path) -> None:
    real = SimulatedDriver(SimulatedDevice("x", "duplex"))
    described = loaded(tmp_path, describe(real, real.info, ()))
    profile: dict[str, Value] = {
        "source": "Flatbed",
        "mode": "Gray",
        "depth": 16,
        "resolution": 1200,
        "br-x": 250.0,
    }
    assert apply_values(described, profile) == apply_values(real, profile)
    for driver in (real, described):
        driver.descriptors()
        driver.set("source", "ADF Front")
    assert described.descriptors() == real.descriptors()
    # what the feeder cannot have has become its nearest
    assert [described.get(name) for name in ("depth", "resolution")] == [8, 600]


def test_a_source_without_the_mode_of_before_takes_one_that_it_has() -> None:
    device = DeviceInfo("sane:a:1", "a", "A", "B", "flatbed scanner", simulated=False)
    source = OptionDescriptor(
        1, "source", "", "", OptionType.STRING, size=32, constraint=OneOf(("Glass", "ADF"))
    )
    mode = OptionDescriptor(
        2, "mode", "", "", OptionType.STRING, size=32, constraint=OneOf(("Color", "Gray"))
    )
    gray = replace(mode, constraint=OneOf(("Gray",)))
    document = DeviceDescription(
        device, (DescribedOption(source, "Glass"), DescribedOption(mode, "Color"))
    ).to_json()
    document["states"] = [
        {"settings": {"source": "Glass", "mode": "Color"}, "options": []},
        {
            "settings": {"source": "ADF", "mode": "Gray"},
            "options": [DescribedOption(source, "ADF").to_json(), DescribedOption(gray, "Gray").to_json()],
        },
    ]
    options = DescribedOptions(DeviceDescription.from_json(document))
    options.set("source", "ADF")
    assert (options.get("mode"), options.mode, options.feeds) == ("Gray", "Gray", True)
    with pytest.raises(BadOption, match="it is one of Gray"):
        options.set("mode", "Color")
    options.set("source", "Glass")
    assert options.get("mode") == "Color"


def test_a_choice_under_which_nothing_was_noted_is_kept_all_the_same() -> None:
    switch = words("calibration", "none", "quick", "whole")
    length = option("length", OptionType.INT, None, capabilities=SETTABLE | {Capability.INACTIVE})
    description = device(switch, length)
    awake = DescribedOption(replace(description.options[1].descriptor, capabilities=SETTABLE), 7)
    chosen = DescribedOption(description.options[0].descriptor, "quick")
    options = DescribedOptions(
        replace(description, states=(DescribedState({"calibration": "quick"}, (chosen, awake)),))
    )
    options.set("calibration", "quick")
    assert options.get("length") == 7
    options.set("length", 9)
    options.set("calibration", "whole")
    assert options.get("calibration") == "whole"
    assert not find_option(options.descriptors(), "length").active


# A device in its own words


def option(
    name: str, kind: OptionType, value: Value, *, unit: Unit = Unit.NONE, size: int = 4, **facts: Any
) -> DescribedOption:
    descriptor = OptionDescriptor(0, name, name, "", kind, unit, size, **facts)
    return DescribedOption(descriptor, value)


def device(*options: DescribedOption, kind: str = "flatbed scanner") -> DeviceDescription:
    info = DeviceInfo("sane:brother4:bus2", "brother4", "Brother", "MFC-9", kind, simulated=False)
    numbered = tuple(
        DescribedOption(replace(option.descriptor, index=index), option.value)
        for index, option in enumerate(options, 1)
    )
    return DeviceDescription(info, numbered)


def words(name: str, value: str, *others: str) -> DescribedOption:
    return option(name, OptionType.STRING, value, size=64, constraint=OneOf((value, *others)))


def frame(folder: Path, *options: DescribedOption, **facts: Any) -> FrameParameters:
    driver = loaded(folder, device(*options), page_width=20, page_height=20, **facts)
    driver.start(PAGE)
    return driver.parameters()


@pytest.mark.parametrize(
    ("mode", "depth", "made"),
    [
        ("24bit Color[Fast]", None, (FrameFormat.RGB, 8)),
        ("48 bits color", None, (FrameFormat.RGB, 16)),
        ("16 bits gray", None, (FrameFormat.GRAY, 16)),
        ("True Gray", None, (FrameFormat.GRAY, 8)),
        ("Gray[Error Diffusion]", None, (FrameFormat.GRAY, 1)),
        ("Black & White", 8, (FrameFormat.GRAY, 1)),
        ("Halftone", 8, (FrameFormat.GRAY, 1)),
        ("Graustufen", 14, (FrameFormat.GRAY, 16)),
        ("Farbe", 1, (FrameFormat.RGB, 1)),
        ("Infrared", 16, (FrameFormat.GRAY, 16)),
    ],
)
def test_a_page_has_the_format_that_the_words_of_the_device_mean(
    tmp_path: Path, mode: str, depth: int | None, made: tuple[FrameFormat, int]
) -> None:
    bits = [option("depth", OptionType.INT, depth, unit=Unit.BIT)] if depth else []
    parameters = frame(tmp_path, words("mode", mode), *bits)
    assert (parameters.format, parameters.depth) == made


def edge(name: str, value: float, unit: Unit = Unit.MM) -> DescribedOption:
    return option(name, OptionType.FIXED, value, unit=unit, constraint=Range(0, 1000))


def test_the_size_of_a_page_follows_resolution_and_area_in_mm_or_in_pixels(tmp_path: Path) -> None:
    dpi = option("scan-resolution", OptionType.INT, 254, unit=Unit.DPI)
    parameters = frame(tmp_path, dpi, edge("tl-x", 5), edge("br-x", 15), edge("tl-y", 0), edge("br-y", 8))
    assert (parameters.pixels_per_line, parameters.lines) == (100, 80)
    parameters = frame(tmp_path, dpi, edge("br-x", 70, Unit.PIXEL), edge("br-y", 60, Unit.PIXEL))
    assert (parameters.pixels_per_line, parameters.lines) == (70, 60)
    # an area at its greatest ends where the sheet ends
    parameters = frame(tmp_path, dpi, edge("br-x", 1000), edge("br-y", 1000))
    assert (parameters.pixels_per_line, parameters.lines) == (200, 200)


def test_a_page_may_have_another_resolution_down_than_across(tmp_path: Path) -> None:
    driver = loaded(
        tmp_path,
        device(
            words("mode", "Gray"),
            option("x-resolution", OptionType.INT, 127),
            option("y-resolution", OptionType.INT, 254),
        ),
        page_width=20,
        page_height=20,
    )
    driver.start(PAGE)
    parameters = driver.parameters()
    assert (parameters.pixels_per_line, parameters.lines) == (100, 200)
    rows = b""
    while (block := driver.read(3333)) is not None:
        rows += block
    lines = [rows[at : at + 100] for at in range(0, len(rows), 100)]
    assert len(lines) == 200
    assert lines[0::2] == lines[1::2]


def test_a_page_of_a_device_without_any_options_is_a_page(tmp_path: Path) -> None:
    parameters = frame(tmp_path)
    assert (parameters.format, parameters.depth, parameters.lines) == (FrameFormat.RGB, 8, 236)


@pytest.mark.parametrize(
    ("description", "feeds", "sides"),
    [
        (device(kind="sheetfed scanner"), True, 1),
        (device(kind="flatbed scanner"), False, 1),
        (device(words("source", "FlatBed")), False, 1),
        (device(words("doc-source", "Automatic Document Feeder(left aligned,Duplex)")), True, 2),
        (device(words("source", "ADF"), words("adf-mode", "Duplex")), True, 2),
        (device(words("source", "ADF"), option("duplex", OptionType.BOOL, value=True)), True, 2),
    ],
)
def test_a_feeder_is_known_by_its_words(description: DeviceDescription, feeds: Any, sides: int) -> None:
    options = DescribedOptions(description)
    assert (options.feeds, options.sides) == (feeds, sides)


def test_what_the_cover_sensor_said_still_holds() -> None:
    sensor = option("cover-open", OptionType.BOOL, True, capabilities=frozenset({Capability.SOFT_DETECT}))
    assert DescribedOptions(device(sensor)).cover_open


# Every kind of option

STRANGE = device(
    option("", OptionType.GROUP, None, size=0),
    option("gamma", OptionType.INT, [0, 128, 255], size=12, constraint=Range(0, 255, 5)),
    option("ratio", OptionType.FIXED, 1.5, constraint=OneOf((0.5, 1.5, 2.25))),
    option("clean", OptionType.BUTTON, None, size=0),
    option("auto", OptionType.INT, 7, capabilities=SETTABLE | {Capability.AUTOMATIC}),
    option("key", OptionType.BOOL, None, capabilities=frozenset({Capability.HARD_SELECT})),
    option("asleep", OptionType.INT, None, capabilities=SETTABLE | {Capability.INACTIVE}),
    option("note", OptionType.STRING, "Größe", size=12),
    option("twice", OptionType.INT, None, capabilities=SETTABLE | {Capability.INACTIVE}),
    option("twice", OptionType.INT, 3),
)


def test_every_kind_of_option_is_listed_and_set_as_the_standard_says() -> None:
    options = DescribedOptions(STRANGE)
    assert options.descriptors() == tuple(option.descriptor for option in STRANGE.options)
    made = options.set("gamma", [3, 127, 300])
    assert (made.actual, made.inexact) == ([5, 125, 255], True)
    assert options.set("ratio", 2).actual == 2.25
    assert options.set("clean", None).actual is None
    assert options.set("auto", None).actual == 7
    assert options.set("note", "kurz").actual == options.get("note") == "kurz"
    assert options.set("twice", 4).actual == options.get("twice") == 4


@pytest.mark.parametrize(("name", "value"), [("key", True), ("asleep", 3), ("note", "x" * 12), ("absent", 1)])
def test_what_the_device_would_refuse_is_refused(name: str, value: Value) -> None:
    with pytest.raises(BadOption):
        DescribedOptions(STRANGE).set(name, value)


@pytest.mark.parametrize("name", ["key", "asleep", "clean"])
def test_what_cannot_be_read_is_not_read(name: str) -> None:
    with pytest.raises(BadOption):
        DescribedOptions(STRANGE).get(name)


def test_what_changes_the_size_says_so_though_nobody_tried_it() -> None:
    options = DescribedOptions(device(edge("br-x", 5), option("scan-resolution", OptionType.INT, 100)))
    assert options.set("br-x", 6).reload_parameters
    assert options.set("scan-resolution", 200).reload_parameters
    assert find_option(options.descriptors(), "br-x").unit is Unit.MM


# Files that somebody has changed

REAL = SimulatedDriver(SimulatedDevice("x", "duplex"))
DOCUMENT = describe(REAL, REAL.info, ()).to_json()
GONE = object()
WRONG: list[Any] = [None, True, -1, 7, 1e30, "", "Flatbed", [], [1], {}, {"one_of": []}, "gray", float("nan")]


def places(document: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to everything in a document."""
    pairs = document.items() if isinstance(document, dict) else enumerate(document)
    for key, value in pairs:
        yield (*path, key)
        if isinstance(value, (dict, list)):
            yield from places(value, (*path, key))


@settings(max_examples=60, deadline=None, database=None)
@given(place=st.sampled_from([*places(DOCUMENT)]), wrong=st.sampled_from([GONE, *WRONG]))
def test_a_description_that_was_changed_is_refused_or_makes_a_device(
    tmp_path_factory: pytest.TempPathFactory, place: tuple[Any, ...], wrong: Any
) -> None:
    document = json.loads(json.dumps(DOCUMENT))
    within = document
    for key in place[:-1]:
        within = within[key]
    within[place[-1]] = wrong
    if wrong is GONE:
        del within[place[-1]]
    file = tmp_path_factory.mktemp("changed") / "device.json"
    file.write_text(json.dumps(document))
    device = SimulatedDevice("x", "described", description=file, page_width=10, page_height=10)
    with suppress(DescriptionInvalid):
        driver = SimulatedDriver(device)
        assert describe(driver, driver.info, ()).options
        with suppress(ScannerError):
            driver.start(PAGE)
            while driver.read(65536) is not None:
                pass
