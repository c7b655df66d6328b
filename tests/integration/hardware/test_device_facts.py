# SPDX-License-Identifier: Apache-2.0
"""Real device processes describe themselves, tell what they can do, and preview what lies on the glass."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hardware.configuration import HardwareConfiguration
from hardware.device_description import load_description
from hardware.device_process.session import DeviceSession
from hardware.errors import BadOption
from hardware.preview import Area
from hardware.scanner import BatchEnded, PageCompleted, PageProgress, ScanRequest

Open = Callable[[str, HardwareConfiguration], DeviceSession]


@pytest.mark.sane
def test_a_sane_device_is_described_whole_and_read_back(
    opened: Open, sane: HardwareConfiguration, tmp_path: Path
) -> None:
    session = opened("sane:test:0", sane)
    session.apply({"mode": "Color", "enable-test-options": True})
    description = session.describe()
    path = tmp_path / "device.json"
    path.write_text(json.dumps(description.to_json()))
    assert load_description(path) == description
    assert [option.descriptor for option in description.options] == list(session.options())
    values = {
        option.descriptor.name: option.value for option in description.options if option.value is not None
    }
    assert values == session.values()
    assert len(values["gamma-table"]) == 4096  # type: ignore[arg-type]
    assert {str(option.descriptor.type) for option in description.options} == {
        *("bool", "int", "fixed", "string", "button", "group"),
    }


def test_a_description_has_the_drivers_own_words_and_names_the_quirks(script: Any, opened: Open) -> None:
    description = opened("sane:acme:libusb:901:004", script.configuration).describe()
    assert [option.descriptor.name for option in description.options] == [
        *("scan-resolution", "scan-mode", "doc-source", "scan", "double-feed"),
    ]
    assert "option names" in description.quirks


@pytest.mark.sane
def test_the_sources_of_a_sane_device_are_probed_and_its_options_left_as_they_were(
    opened: Open, sane: HardwareConfiguration
) -> None:
    session = opened("sane:test:0", sane)
    session.apply({"mode": "Color", "depth": 16, "resolution": 90, "source": "Automatic Document Feeder"})
    before = session.values()
    capabilities = session.capabilities()
    assert session.values() == before
    assert [(source.source, source.feeder) for source in capabilities.sources] == [
        ("Flatbed", False),
        ("Automatic Document Feeder", True),
    ]
    for source in capabilities.sources:
        assert source.modes == {"Gray": (1, 8, 16), "Color": (1, 8, 16)}
        assert source.resolutions == {"range": {"minimum": 1, "maximum": 1200, "quant": 1}}
        assert (source.area, source.area_unit) == ((200, 200), "mm")
    assert (capabilities.buttons, capabilities.sensors) == ((), ())
    assert session.capabilities() is capabilities


@pytest.mark.sane
def test_a_preview_shows_a_region_and_leaves_the_options_as_they_were(
    opened: Open, sane: HardwareConfiguration, tmp_path: Path
) -> None:
    session = opened("sane:test:0", sane)
    session.apply({"mode": "Color", "depth": 16, "resolution": 300, "br-x": 150})
    before = session.values()
    events = list(session.preview(tmp_path, Area(10, 20, 61, 60)))
    (page,) = [event.page for event in events if isinstance(event, PageCompleted)]
    assert events[-1] == BatchEnded("limit")
    assert (page.number, page.dpi, page.bits_per_sample) == (0, (75, 75), 8)
    assert page.width == pytest.approx(51 / 25.4 * 75, abs=2)
    assert page.height == pytest.approx(40 / 25.4 * 75, abs=2)
    assert session.values() == before
    # and a fresh driver has what was asked for, not what the preview needed
    session._drop_child()
    assert (session.get("resolution"), session.get("depth")) == (300, 16)


def test_a_preview_that_is_cancelled_leaves_the_options_as_they_were(
    opened: Open, simulated: HardwareConfiguration, tmp_path: Path
) -> None:
    session = opened("simulated:slow-bed", simulated)
    before = session.values()
    events = session.preview(tmp_path)
    next(event for event in events if isinstance(event, PageProgress))
    session.cancel()
    assert list(events)[-1] == BatchEnded("cancelled")
    assert session.values() == before
    assert [*tmp_path.iterdir()] == []


def test_a_preview_does_not_use_up_a_sheet(
    opened: Open, simulated: HardwareConfiguration, tmp_path: Path
) -> None:
    session = opened("simulated:stack", simulated)
    with pytest.raises(BadOption, match="use up a sheet"):
        next(iter(session.preview(tmp_path)))
    pages = [event for event in session.scan(ScanRequest(tmp_path, None)) if isinstance(event, PageCompleted)]
    assert len(pages) == 3
