# SPDX-License-Identifier: Apache-2.0
"""The memory of a device process does not grow with the page."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hardware.configuration import HardwareConfiguration
from hardware.options import Value
from hardware.scanner import PageCompleted, ScanRequest

pytestmark = pytest.mark.sane

TEST_DEVICE = "sane:test:0"


def _peak_memory(process_id: int) -> int:
    """Bytes of memory that a process has had at most (VmHWM of proc(5))."""
    status = Path(f"/proc/{process_id}/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) * 1024


@pytest.mark.parametrize("three_pass", [False, True], ids=["one pass", "three passes"])
def test_memory_does_not_grow_with_the_page(
    opened: Callable[..., Any],
    sane: HardwareConfiguration,
    tmp_path: Path,
    three_pass: bool,  # noqa: FBT001  # a parameter of the test
) -> None:
    session = opened(TEST_DEVICE, sane)
    # the test backend keeps some rows of its picture in memory, of this one the fewest
    options: dict[str, Value] = {"mode": "Color", "depth": 16, "test-picture": "Solid black"}
    session.apply({**options, "br-x": 200, "br-y": 200, "three-pass": three_pass})
    peaks, sizes = [], []
    for dpi in (120, 380):
        session.apply({"resolution": dpi})
        events = list(session.scan(ScanRequest(tmp_path / "spool", 1)))
        (page,) = [event.page for event in events if isinstance(event, PageCompleted)]
        peaks.append(_peak_memory(session.process_id))
        sizes.append(page.height * page.bytes_per_row)
    assert sizes[1] > 10 * sizes[0] > 50e6
    assert peaks[1] - peaks[0] < 4e6
