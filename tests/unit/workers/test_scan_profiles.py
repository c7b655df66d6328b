# SPDX-License-Identifier: Apache-2.0
"""Scan profiles: kept whole or not at all, on keys of their own, and second to what the manifest demands."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hardware.options import OneOf, OptionDescriptor, OptionType
from hardware.scanner import DeviceInfo
from workers.errors import SettingsInvalid
from workers.scan_profiles import (
    KEYS,
    Overruled,
    ScanProfile,
    change_profiles,
    demanded_values,
    merged,
    read_profiles,
    with_profile,
    without_profile,
)

BOOK = ScanProfile("Book", {"resolution": 400, "mode": "Color", "gamma": [0, 128, 255]}, key="F2")
FILM = ScanProfile("Film", {"depth": 16, "preview": False}, device="Recto Film", key="F3")


def test_profiles_come_back_as_they_were_written(tmp_path: Path) -> None:
    file = tmp_path / "config" / "profiles.json"
    assert change_profiles(file, lambda _: [BOOK, FILM]) == (BOOK, FILM)
    assert read_profiles(file) == (BOOK, FILM)


def test_without_a_file_there_are_none(tmp_path: Path) -> None:
    assert read_profiles(tmp_path / "none.json") == ()


@pytest.mark.parametrize(
    "text",
    [
        "no json",
        "[]",
        '{"format": "recto scan profiles 2", "profiles": []}',
        '{"format": "recto scan profiles 1", "profiles": [{"name": "x"}]}',
        '{"format": "recto scan profiles 1", "profiles": [{"name": "x", "values": {"a": null}}]}',
        '{"format": "recto scan profiles 1", "profiles": [{"name": "x", "values": {"a": NaN}}]}',
        '{"format": "recto scan profiles 1", "profiles": [{"name": "x", "values": []}]}',
        '{"format": "recto scan profiles 1", "profiles": [{"name": "x", "values": {}, "key": "F1"}]}',
        '{"format": "recto scan profiles 1", "profiles": [{"name": "x", "values": {}}, {"name": "x", "values": {}}]}',
    ],
)
def test_a_file_that_is_not_understood_is_named_and_never_replaced(tmp_path: Path, text: str) -> None:
    file = tmp_path / "profiles.json"
    file.write_text(text)
    with pytest.raises(SettingsInvalid, match=r"profiles\.json") as refused:
        read_profiles(file)
    assert refused.value.remedy
    with pytest.raises(SettingsInvalid):
        change_profiles(file, lambda profiles: [*profiles, BOOK])
    assert file.read_text() == text


def test_a_profile_takes_its_key_from_whichever_had_it_for_the_same_devices() -> None:
    any_device = ScanProfile("Letters", {"resolution": 300}, key="F2")
    profiles = with_profile((BOOK, FILM), any_device)
    assert [(profile.name, profile.key) for profile in profiles] == [
        ("Book", ""),
        ("Film", "F3"),
        ("Letters", "F2"),
    ]


def test_one_key_may_stand_for_two_profiles_of_different_devices() -> None:
    slides = ScanProfile("Slides", {"depth": 8}, device="Recto Slides", key="F3")
    assert [profile.key for profile in with_profile((FILM,), slides)] == ["F3", "F3"]


def test_a_renamed_profile_keeps_its_place() -> None:
    renamed = ScanProfile("Volumes", BOOK.values)
    assert with_profile((BOOK, FILM), renamed, instead_of="Book") == (renamed, FILM)
    assert without_profile((BOOK, FILM), "Book") == (FILM,)


def test_a_profile_for_one_model_fits_no_other() -> None:
    film = DeviceInfo("simulated:film", "simulated", "Recto", "Film", "film scanner", simulated=True)
    bed = DeviceInfo("simulated:bed", "simulated", "Recto", "Flatbed", "flatbed scanner", simulated=True)
    assert [FILM.fits(device) for device in (film, bed, None)] == [True, False, False]
    assert BOOK.fits(bed)


def test_what_the_manifest_demands_wins_and_the_difference_is_told() -> None:
    modes = OneOf(("Lineart", "Gray", "Color"))
    mode = OptionDescriptor(1, "mode", "Mode", "", OptionType.STRING, constraint=modes)
    manifest = {"resolution_dpi": 300, "color_profile": "gray"}
    demanded = demanded_values(manifest, {"source": "ADF"}, [mode])
    assert demanded == {"resolution": 300, "source": "ADF", "mode": "Gray"}
    values, overruled = merged({"resolution": 400, "mode": "gray", "threshold": 120}, demanded)
    assert values == {"resolution": 300, "mode": "Gray", "threshold": 120, "source": "ADF"}
    assert overruled == (Overruled("resolution", 400, 300),)


def test_keys_that_are_fixed_everywhere_are_for_no_profile() -> None:
    assert not {"F1", "F11"} & set(KEYS)
    with pytest.raises(ValueError, match="F11"):
        ScanProfile("Full screen", {}, key="F11")


def test_the_file_is_one_that_people_can_read(tmp_path: Path) -> None:
    file = tmp_path / "profiles.json"
    change_profiles(file, lambda _: [ScanProfile("Bücher", {"mode": "Größe"})])
    assert "Bücher" in file.read_text(encoding="utf-8")
    assert json.loads(file.read_bytes())["profiles"][0]["values"] == {"mode": "Größe"}
