# SPDX-License-Identifier: Apache-2.0
"""The signing key is there from the first start, and a key that cannot be used stops nothing but bagging."""

from __future__ import annotations

from pathlib import Path

from structlog.testing import capture_logs

from archive.custody.key_folder import SIGNING_KEY, KeyFolder
from workers.local_station import make_signing_key
from workers.settings import load_settings


def test_the_first_start_makes_the_key_and_its_public_half_can_be_given_out(recto_home: Path) -> None:
    settings = load_settings()
    make_signing_key(settings)
    (first,) = KeyFolder(settings.key_directory).public_keys()
    make_signing_key(settings)
    assert list(KeyFolder(settings.key_directory).public_keys()) == [first]


def test_a_key_that_cannot_be_used_is_told_and_stops_no_start(recto_home: Path) -> None:
    settings = load_settings()
    make_signing_key(settings)
    (settings.key_directory / SIGNING_KEY).unlink()
    with capture_logs() as logs:
        make_signing_key(settings)
    (line,) = logs
    assert (line["event"], line["log_level"]) == ("signing_key.unusable", "warning")
    assert "is gone" in line["error"]
    assert not (settings.key_directory / SIGNING_KEY).exists()
