# SPDX-License-Identifier: Apache-2.0
"""A description of a device reads as it was written, and rubbish is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from hardware.device_description import DescribedOption, DeviceDescription, load_description
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
)


def written(folder: Path, document: Any) -> Path:
    path = folder / "device.json"
    path.write_text(document if isinstance(document, str) else json.dumps(document), encoding="utf-8")
    return path


def test_a_description_reads_as_it_was_written(tmp_path: Path) -> None:
    assert load_description(written(tmp_path, DESCRIPTION.to_json())) == DESCRIPTION


def test_the_document_has_the_keys_that_others_rely_on() -> None:
    document = DESCRIPTION.to_json()
    assert list(document) == ["version", "device", "quirks", "options"]
    assert document["device"] == DEVICE.to_json()
    assert document["options"][1] == {**DESCRIPTION.options[1].descriptor.to_json(), "value": 12.5}


@pytest.mark.parametrize("key", ["version", "device", "quirks", "options"])
def test_a_description_without_one_of_its_parts_is_refused(tmp_path: Path, key: str) -> None:
    document = DESCRIPTION.to_json()
    del document[key]
    with pytest.raises(DescriptionInvalid):
        load_description(written(tmp_path, document))


@pytest.mark.parametrize(
    "document",
    [
        "",
        "{",
        "[]",
        {**DESCRIPTION.to_json(), "version": 2},
        {**DESCRIPTION.to_json(), "options": [{}]},
        {**DESCRIPTION.to_json(), "options": [3]},
        {**DESCRIPTION.to_json(), "options": [{**DESCRIPTION.options[1].to_json(), "type": "colour"}]},
        {**DESCRIPTION.to_json(), "device": {"id": "x"}},
        {**DESCRIPTION.to_json(), "device": None},
    ],
)
def test_what_is_no_description_is_refused_with_its_name(tmp_path: Path, document: Any) -> None:
    with pytest.raises(DescriptionInvalid, match=r"device\.json cannot be used") as caught:
        load_description(written(tmp_path, document))
    assert "--dump" in caught.value.remedy


def test_a_file_that_is_missing_is_said(tmp_path: Path) -> None:
    with pytest.raises(DescriptionInvalid, match="No such file"):
        load_description(tmp_path / "absent.json")
