# SPDX-License-Identifier: Apache-2.0
"""The sample that comes with Recto is a clean batch on the devices that its own settings describe."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.sample_batch import SAMPLE_BATCH, write_reading_room, write_sane_test, write_settings
from archive.manifest.reader import read_manifest
from workers.settings import load_settings


def test_the_sample_batches_are_clean(tmp_path: Path) -> None:
    room, patterns = read_manifest(write_reading_room(tmp_path)), read_manifest(write_sane_test(tmp_path))
    assert room.problems == patterns.problems == ()
    assert room.manifest is not None
    assert room.manifest.id == SAMPLE_BATCH


def test_the_sample_settings_describe_the_devices_that_the_sample_names(recto_home: Path) -> None:
    write_settings(recto_home)
    devices = {f"simulated:{device.name}" for device in load_settings().devices.simulated}
    reading = read_manifest(write_reading_room(recto_home))
    assert reading.manifest is not None
    assert {item.scanner_id for item in reading.manifest.items} == devices


def test_writing_the_sample_twice_is_fine_but_nothing_else_is_written_over(tmp_path: Path) -> None:
    path = write_reading_room(tmp_path)
    assert write_reading_room(tmp_path) == path
    path.write_text("mine")
    with pytest.raises(FileExistsError):
        write_reading_room(tmp_path)
    assert path.read_text() == "mine"
