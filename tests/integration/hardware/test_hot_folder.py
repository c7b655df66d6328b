# SPDX-License-Identifier: Apache-2.0
"""A hot folder is listed, opened and scanned through a device process like any other device."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from hardware.configuration import HardwareConfiguration, HotFolder
from hardware.discovery import list_devices
from hardware.errors import FeederEmpty
from hardware.scanner import BatchEnded, ScanRequest

COLOUR = np.random.default_rng(1).integers(0, 256, (40, 31, 3), np.uint8)


@pytest.fixture
def station(tmp_path: Path) -> HardwareConfiguration:
    hot = HotFolder("overhead", tmp_path / "hot", settle=0.1, patience=10)
    hot.folder.mkdir()
    return HardwareConfiguration(folders=(hot,), sane=False)


def test_files_come_through_a_device_process_as_they_are(
    scan: Callable[..., Any], station: HardwareConfiguration, tmp_path: Path
) -> None:
    assert [device.id for device in list_devices(station)] == ["folder:overhead"]
    for name in ("1.png", "2.png"):
        Image.fromarray(COLOUR).save(tmp_path / "hot" / name, dpi=(300, 300))
    scanned = scan("folder:overhead", station, {"resolution": 300}, pages=None)
    assert [page.pixel_sha256 for page in scanned.pages] == [hashlib.sha256(COLOUR.tobytes()).hexdigest()] * 2
    assert scanned.events[-1] == BatchEnded("feeder_empty")
    assert scanned.pages[0].dpi == (300, 300)
    with pytest.raises(FeederEmpty):
        scan("folder:overhead", station, first_page=3)


def test_a_scan_that_waits_for_a_file_can_be_cancelled(
    opened: Callable[..., Any], station: HardwareConfiguration, tmp_path: Path
) -> None:
    (tmp_path / "hot" / "1.png").touch()
    session = opened("folder:overhead", station)
    events = session.scan(ScanRequest(tmp_path / "spool", None))
    canceller = threading.Timer(0.1, session.cancel)
    canceller.start()
    assert list(events) == [BatchEnded("cancelled")]
    canceller.join()


def test_a_folder_that_would_outwait_the_watchdog_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="less patience"):
        HardwareConfiguration(folders=(HotFolder("a", tmp_path, patience=60),), start_timeout=30)
