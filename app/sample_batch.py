# SPDX-License-Identifier: Apache-2.0
"""The sample that comes with Recto: a batch for two simulated scanners, one for SANE's test device, and settings for both."""

from __future__ import annotations

from pathlib import Path

SAMPLE_BATCH = "reading-room"
"""Id of the batch that `write_reading_room` describes: two items, twelve pages."""

SANE_TEST_DEVICE = "sane:test:0"

SETTINGS = """\
# The settings of this demonstration: two simulated scanners, and SANE's own test device.
station = "reading-room"
operator = "Demo Operator"

[devices]
sane_backends = ["test"]

[[devices.simulated]]
name = "flatbed"
kind = "flatbed"
seed = 1882

[[devices.simulated]]
name = "feeder"
kind = "feeder"
seed = 1914
"""

READING_ROOM = """\
batch_id;reading-room
institution;Recto Demonstration Library
collection;Letters and minutes
scanner_id;simulated:flatbed
scanner_model;Recto Simulated Flatbed
resolution_dpi;300
color_profile;gray
settings.mode;Gray
bag_profile;aptrust-2.3
tag.Access;Institution

id;title;creator;date;language;rights;pages;scanner_id
letters;Letters to the reading room;A. Correspondent;1882;eng;Public domain;8;simulated:flatbed
minutes;Minutes of the committee;The Secretary;1914;eng;Public domain;4;simulated:feeder
"""

SANE_TEST = """\
id: sane-test
institution: Recto Demonstration Library
collection: Test patterns
scanner_id: sane:test:0
scanner_model: SANE test device
resolution_dpi: 150
color_profile: sRGB
settings:
  source: Automatic Document Feeder
  mode: Color
  depth: 8
  test-picture: Color pattern
  br-x: 105
  br-y: 148
tags:
  Access: Institution
items:
  - id: patterns
    title: Colour patterns from SANE's test device
    language: eng
    rights: No rights reserved
    pages: 3
"""


def write_settings(home: Path) -> Path:
    """Write the sample's settings below a RECTO_HOME that has none.

    Returns:
        The settings file.

    Raises:
        FileExistsError: There are settings already; they stay as they are.
        OSError: The folder cannot be written to.
    """
    return _write_new(home / "config" / "recto.toml", SETTINGS)


def write_reading_room(folder: Path) -> Path:
    """Write the manifest for the simulated scanners into a folder, which is made when it is missing.

    Returns:
        The manifest file; one that says the same may stand there already.

    Raises:
        FileExistsError: Another file has its name; it stays as it is.
        OSError: The folder cannot be written to.
    """
    return _write_new(folder / "reading-room.csv", READING_ROOM)


def write_sane_test(folder: Path) -> Path:
    """Write the manifest for SANE's test device; see `write_reading_room`."""
    return _write_new(folder / "sane-test.yaml", SANE_TEST)


def _write_new(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        if path.read_text(encoding="utf-8") != text:
            raise
    return path
