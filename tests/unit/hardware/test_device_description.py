# SPDX-License-Identifier: Apache-2.0
"""A description of a device reads as it was written, and rubbish is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from hardware.device_description import (
    DescribedOption,
    DescribedState,
    DeviceDescription,
    load_description,
)
from hardware.errors import DescriptionInvalid
from hardware.options import Capability, OneOf, OptionDescriptor, OptionType, Range, Unit
from hardware.scanner import DeviceInfo

DEVICE = DeviceInfo("sane:acme:1", "acme", "Acme", "Copier 5", "flatbed scanner", False, "ready", "S1")
DESCRIPTION = DeviceDescription(
    DEVICE,
    (
        DescribedOption(OptionDescriptor(1, "", "Geometry", "", OptionType.GROUP, size=0), None),
        DescribedOption(
            OptionDescriptor(
                2,
                "tl-x",
                "Left",
                "Left edge",
                OptionType.FIXED,
                Unit.MM,
                capabilities=frozenset({Capability.SOFT_SELECT, Capability.SOFT_DETECT, Capability.ADVANCED}),
                constraint=Range(0, 215.9, 0.1),
                group="Geometry",
            ),
            12.5,
        ),
        DescribedOption(
            OptionDescriptor(3, "mode", "", "", OptionType.STRING, constraint=OneOf(("Größe",))), "Größe"
        ),
        DescribedOption(OptionDescriptor(4, "gamma", "", "", OptionType.INT, size=12), [0, 128, 255]),
        DescribedOption(OptionDescriptor(5, "clean", "", "", OptionType.BUTTON, size=0), None),
    ),
    ("option names",),
    (
        DescribedState(
            {"mode": "Farbe"},
            (DescribedOption(OptionDescriptor(4, "gamma", "", "", OptionType.INT, size=4), 7),),
        ),
    ),
    {"mode": ("options", "parameters"), "gamma": ()},
    complete=False,
)


def written(folder: Path, document: Any) -> Path:
    path = folder / "device.json"
    path.write_text(document if isinstance(document, str) else json.dumps(document), encoding="utf-8")
    return path


def test_a_description_reads_as_it_was_written(tmp_path: Path) -> None:
    assert load_description(written(tmp_path, DESCRIPTION.to_json())) == DESCRIPTION


def test_the_document_has_the_keys_that_others_rely_on() -> None:
    document = DESCRIPTION.to_json()
    assert list(document) == ["version", "device", "quirks", "options", "states", "reloads", "complete"]
    assert document["states"][0]["settings"] == {"mode": "Farbe"}
    assert document["device"] == DEVICE.to_json()
    assert document["options"][1] == {**DESCRIPTION.options[1].descriptor.to_json(), "value": 12.5}


def test_a_description_of_the_first_version_is_read_too(tmp_path: Path) -> None:
    document = {
        key: value for key, value in DESCRIPTION.to_json().items() if key in {"device", "quirks", "options"}
    }
    read = load_description(written(tmp_path, {"version": 1, **document}))
    assert (read.device, read.options, read.states) == (DEVICE, DESCRIPTION.options, ())


@pytest.mark.parametrize("key", [*DESCRIPTION.to_json()])
def test_a_description_without_one_of_its_parts_is_refused(tmp_path: Path, key: str) -> None:
    document = DESCRIPTION.to_json()
    del document[key]
    with pytest.raises(DescriptionInvalid):
        load_description(written(tmp_path, document))


def spoilt(place: int, **facts: Any) -> dict[str, Any]:
    """The description with one option that says something else."""
    document = DESCRIPTION.to_json()
    document["options"][place] |= facts
    return document


@pytest.mark.parametrize(
    "document",
    [
        "",
        "{",
        "[]",
        "[" * 100_000,
        '{"version": 2, "device": NaN}',
        {**DESCRIPTION.to_json(), "version": 3},
        {**DESCRIPTION.to_json(), "version": "2"},
        {**DESCRIPTION.to_json(), "options": [{}]},
        {**DESCRIPTION.to_json(), "options": [3]},
        {**DESCRIPTION.to_json(), "options": 3},
        {**DESCRIPTION.to_json(), "device": {"id": "x"}},
        {**DESCRIPTION.to_json(), "device": None},
        {**DESCRIPTION.to_json(), "device": {**DEVICE.to_json(), "type": 7}},
        {
            **DESCRIPTION.to_json(),
            "states": [{"settings": {}, "options": [{**spoilt(3)["options"][3], "index": 99}]}],
        },
        {**DESCRIPTION.to_json(), "states": [{"settings": {"absent": 1}, "options": []}]},
        {**DESCRIPTION.to_json(), "states": [{"settings": 7, "options": []}]},
        {**DESCRIPTION.to_json(), "reloads": {"mode": ["everything"]}},
        {**DESCRIPTION.to_json(), "reloads": ["mode"]},
        spoilt(1, type="colour"),
        spoilt(1, index=3),
        spoilt(1, index="two"),
        spoilt(1, name=None),
        spoilt(1, size=-4),
        spoilt(1, size=1 << 40),
        spoilt(1, value="wide"),
        spoilt(1, value=float("inf")),
        spoilt(1, value=True),
        spoilt(1, constraint={"range": {"minimum": 9, "maximum": 1}}),
        spoilt(1, constraint={"range": {"minimum": 0, "maximum": 1, "quant": -1}}),
        spoilt(1, constraint={"one_of": ["wide"]}),
        spoilt(1, constraint={}),
        spoilt(2, constraint={"one_of": [1]}),
        spoilt(2, value=7),
        spoilt(3, value=7),
        spoilt(3, value=[0, "1", 2]),
        spoilt(3, value=[0, 1]),
        spoilt(4, value=0),
    ],
)
def test_what_is_no_description_is_refused_with_its_name(tmp_path: Path, document: Any) -> None:
    with pytest.raises(DescriptionInvalid, match=r"device\.json cannot be used") as caught:
        load_description(written(tmp_path, document))
    assert "--dump" in caught.value.remedy


def test_a_file_that_is_far_too_large_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hardware.device_description.LARGEST", 100)
    with pytest.raises(DescriptionInvalid, match="larger than 100 bytes"):
        load_description(written(tmp_path, DESCRIPTION.to_json()))


def test_a_file_that_is_missing_is_said(tmp_path: Path) -> None:
    with pytest.raises(DescriptionInvalid, match="No such file"):
        load_description(tmp_path / "absent.json")
