# SPDX-License-Identifier: Apache-2.0
"""Capabilities are probed source by source, and the device is left as it was."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any, cast

from hardware.capabilities import Capabilities, probe
from hardware.driver import Driver
from hardware.errors import BadOption
from hardware.options import Capability, OneOf, OptionDescriptor, OptionType, Range, SetResult, Unit, Value

TELL = frozenset({Capability.SOFT_DETECT, Capability.HARD_SELECT})


def text(name: str, *values: str) -> OptionDescriptor:
    return OptionDescriptor(1, name, "", "", OptionType.STRING, size=32, constraint=OneOf(values))


def edge(name: str, greatest: float) -> OptionDescriptor:
    return OptionDescriptor(1, name, "", "", OptionType.FIXED, Unit.MM, constraint=Range(0, greatest))


def told(name: str, group: str = "") -> OptionDescriptor:
    return OptionDescriptor(1, name, "", "", OptionType.BOOL, capabilities=TELL, group=group)


class Copier:
    """A device whose feeder scans lower, longer and without colour, and which refuses its third source."""

    def __init__(self) -> None:
        self.values: dict[str, Value] = {
            "source": "Flatbed",
            "mode": "Color",
            "depth": 16,
            "resolution": 1200,
            "br-y": 297.0,
            "page-loaded": False,
        }

    @property
    def feeds(self) -> bool:
        return self.values["source"] == "ADF Duplex"

    def descriptors(self) -> tuple[OptionDescriptor, ...]:
        feeder = self.feeds
        depth = OptionDescriptor(1, "depth", "", "", OptionType.INT, constraint=OneOf((8, 16)))
        if self.values["mode"] == "Lineart":
            depth = replace(depth, capabilities=depth.capabilities | {Capability.INACTIVE})
        return (
            text("source", "Flatbed", "ADF Duplex", "Slides"),
            text("mode", "Lineart", "Gray") if feeder else text("mode", "Lineart", "Gray", "Color"),
            depth,
            OptionDescriptor(
                1, "resolution", "", "", OptionType.INT, constraint=OneOf((300,) if feeder else (300, 1200))
            ),
            *(edge("tl-x", 216), edge("tl-y", 297), edge("br-x", 216)),
            edge("br-y", 356 if feeder else 297),
            *(told("scan"), told("page-loaded"), told("button-3", "Buttons"), told("bool-soft-detect")),
        )

    def get(self, name: str) -> Value:
        return self.values.get(name, 0.0)

    def set(self, name: str, value: Value) -> SetResult:
        if value == "Slides":
            raise BadOption("There is no lid for slides.")
        self.values[name] = value
        if value == "ADF Duplex":
            self.values |= {"mode": "Gray", "resolution": 300}
        return SetResult(value)


def probed(copier: Copier) -> Capabilities:
    return probe(cast("Driver", copier))


def test_each_source_has_its_own_modes_resolutions_and_area() -> None:
    flatbed, feeder = probed(Copier()).sources
    assert (flatbed.source, flatbed.feeder, flatbed.duplex) == ("Flatbed", False, False)
    assert flatbed.modes == {"Lineart": (), "Gray": (8, 16), "Color": (8, 16)}
    assert flatbed.resolutions == {"one_of": [300, 1200]}
    assert (flatbed.area, flatbed.area_unit) == ((216, 297), "mm")
    assert (feeder.source, feeder.feeder, feeder.duplex) == ("ADF Duplex", True, True)
    assert feeder.modes == {"Lineart": (), "Gray": (8, 16)}
    assert feeder.resolutions == {"one_of": [300]}
    assert feeder.area == (216, 356)


def test_the_device_is_left_as_it_was() -> None:
    for before in ({}, {"source": "ADF Duplex", "mode": "Lineart", "resolution": 300}):
        copier = Copier()
        copier.values |= before
        expected = dict(copier.values)
        probed(copier)
        assert {name: copier.values[name] for name in expected} == expected


def test_buttons_and_sensors_are_told_apart_from_other_options() -> None:
    capabilities = probed(Copier())
    assert capabilities.buttons == ("scan", "button-3")
    assert capabilities.sensors == ("page-loaded",)
    assert not capabilities.preview


def test_capabilities_survive_json() -> None:
    capabilities = probed(Copier())
    document: dict[str, Any] = json.loads(json.dumps(capabilities.to_json()))
    assert Capabilities.from_json(document) == capabilities


def test_a_device_without_options_has_one_source_without_a_name() -> None:
    class Bare(Copier):
        def descriptors(self) -> tuple[OptionDescriptor, ...]:
            return ()

    (source,) = probed(Bare()).sources
    assert (source.source, source.modes, source.resolutions, source.area) == ("", {}, None, None)
