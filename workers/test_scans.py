# SPDX-License-Identifier: Apache-2.0
"""When each device of the station was last tried with a test scan, and what came of it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import structlog

from archive.durable import write_durably
from hardware.scanner import PageFile

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class TestScan:
    """One page that was scanned to see whether a device works, and thrown away.

    Attributes:
        device: The device's id.
        at: UTC, ISO 8601.
        width: Pixels a row.
        height: Rows.
        dpi: Horizontal and vertical resolution; 0 where the device does not tell.
        bits_per_sample: 1, 8 or 16.
        samples_per_pixel: 1 or 3.
        seconds: From the start to the last byte on disk.
    """

    __test__ = False

    device: str
    at: str
    width: int
    height: int
    dpi: tuple[float, float]
    bits_per_sample: int
    samples_per_pixel: int
    seconds: float

    @classmethod
    def of(cls, page: PageFile, seconds: float) -> TestScan:
        """What a page tells."""
        return cls(
            page.device.id,
            page.finished_at,
            page.width,
            page.height,
            page.dpi,
            page.bits_per_sample,
            page.samples_per_pixel,
            seconds,
        )


def read_test_scans(state_directory: Path) -> dict[str, TestScan]:
    """The last test scan of each device, by its id. A file that cannot be read counts as none: it only reminds."""
    try:
        document = json.loads(_file(state_directory).read_bytes())
        return {entry["device"]: _test_scan(entry) for entry in document}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, TypeError, KeyError) as error:
        log.warning("test scans are forgotten", reason=str(error))
        return {}


def remember_test_scan(state_directory: Path, scan: TestScan) -> dict[str, TestScan]:
    """Keep a test scan in the place of the last one of its device; returns all.

    Raises:
        OSError: The disk does not take it.
    """
    known = {**read_test_scans(state_directory), scan.device: scan}
    text = json.dumps([asdict(each) for each in known.values()], indent=2)
    write_durably(_file(state_directory), text.encode())
    return known


def _file(state_directory: Path) -> Path:
    return state_directory / "test-scans.json"


def _test_scan(entry: dict[str, Any]) -> TestScan:
    horizontal, vertical = entry["dpi"]
    return TestScan(**{**entry, "dpi": (float(horizontal), float(vertical))})
