# SPDX-License-Identifier: Apache-2.0
"""The thread of an open device: it tells no more often than people see, and ends with the program."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from hardware.configuration import HardwareConfiguration, SimulatedDevice
from hardware.scanner import PageProgress, ScanRequest
from hardware.session_reports import Failed, Report, RunEnded
from hardware.session_thread import SECONDS_BETWEEN_PROGRESS, SessionThread


def described(error: Exception) -> Mapping[str, Any]:
    """An error in three parts, as `workers.failures` puts it."""
    return {"code": type(error).__name__, "message": str(error), "remedy": "Look at it."}


# requirement 20
def test_progress_is_told_ten_times_a_second_at_most_however_quick_the_pages_come(tmp_path: Path) -> None:
    devices = HardwareConfiguration(simulated=(SimulatedDevice("quick", "feeder", time_scale=0),), sane=False)
    told: list[float] = []
    ended = threading.Event()

    def tell(report: Report) -> None:
        if isinstance(report, PageProgress):
            told.append(time.monotonic())
        elif isinstance(report, RunEnded):
            ended.set()

    thread = SessionThread("simulated:quick", lambda: devices, tell, described)
    begun = time.monotonic()
    thread.apply({"resolution": 75, "mode": "Gray"})
    thread.scan(ScanRequest(tmp_path / "spool", 8))
    assert ended.wait(20)
    thread.close()
    thread.join(5)
    assert not thread.alive
    assert told
    assert len(told) <= (told[-1] - begun) / SECONDS_BETWEEN_PROGRESS + 1


def test_a_failure_that_is_no_scanners_is_told_in_three_parts_too() -> None:
    def no_settings() -> HardwareConfiguration:
        raise PermissionError(13, "Permission denied", "/etc/recto.toml")

    failures: list[Mapping[str, Any]] = []
    told = threading.Event()

    def tell(report: Report) -> None:
        if isinstance(report, Failed):
            failures.append(report.failure)
            told.set()

    thread = SessionThread("simulated:any", no_settings, tell, described)
    thread.open()
    assert told.wait(5)
    thread.close()
    thread.join(5)
    assert failures[0]["code"] == "PermissionError"
    assert failures[0]["remedy"]


@pytest.mark.parametrize("ending", ["", "raise SystemExit(3)"])
def test_a_program_that_forgets_to_close_a_device_ends_all_the_same(ending: str) -> None:
    program = f"""
import threading
from hardware.configuration import HardwareConfiguration, SimulatedDevice
from hardware.session_reports import Opened
from hardware.session_thread import SessionThread
devices = HardwareConfiguration(simulated=(SimulatedDevice("bed"),), sane=False)
opened = threading.Event()
def tell(report):
    if isinstance(report, Opened):
        opened.set()
SessionThread("simulated:bed", lambda: devices, tell, lambda error: {{"message": str(error)}}).open()
assert opened.wait(20)
{ending}
"""
    ended = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=30, check=False
    )
    assert ended.returncode == (3 if ending else 0), ended.stderr
