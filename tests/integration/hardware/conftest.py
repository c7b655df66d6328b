# SPDX-License-Identifier: Apache-2.0
"""Real device processes for the tests: simulated ones anywhere, SANE's test device where it is installed."""

from __future__ import annotations

import os
import select
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from hardware.configuration import HardwareConfiguration, SimulatedDevice
from hardware.device_process.session import DeviceSession
from hardware.discovery import list_devices, open_session
from hardware.options import Value
from hardware.scanner import PageCompleted, PageEvent, PageFile, ScanRequest
from hardware.waiting import BackOff
from tests.conftest import missing

TEST_DEVICE = "sane:test:0"


@pytest.fixture(scope="session")
def sane() -> HardwareConfiguration:
    """A configuration with libsane's test backend and nothing else of SANE."""
    configuration = HardwareConfiguration(sane_backends=("test",), cancel_timeout=2.0)
    if TEST_DEVICE not in [device.id for device in list_devices(configuration)]:
        missing("libsane and its test backend are not installed (Debian: libsane1).")
    return configuration


@pytest.fixture
def simulated(monkeypatch: pytest.MonkeyPatch) -> HardwareConfiguration:
    """Simulated devices, quick and slow, no SANE, and little patience with any of them."""
    monkeypatch.setattr("hardware.device_process.scan.GRACE", 0.3)
    return HardwareConfiguration(
        simulated=(
            SimulatedDevice("bed"),
            SimulatedDevice("stack", "feeder", sheets=3),
            SimulatedDevice("slow", "feeder", line_delay=0.003),
            SimulatedDevice("stuck", line_delay=3600),
            SimulatedDevice("slow-bed", line_delay=0.01),
        ),
        sane=False,
        start_timeout=0.3,
        read_timeout=0.3,
        cancel_timeout=0.5,
    )


@pytest.fixture(autouse=True)
def no_leftovers(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every test gives back the private folders of its device processes."""
    folder = tmp_path_factory.mktemp("private")
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    yield
    assert [path.name for path in folder.iterdir()] == []


Open = Callable[[str, HardwareConfiguration], DeviceSession]


@pytest.fixture
def opened() -> Iterator[Open]:
    """Opens sessions and closes them after the test."""
    sessions: list[DeviceSession] = []

    def open_one(device_id: str, configuration: HardwareConfiguration) -> DeviceSession:
        sessions.append(open_session(device_id, configuration))
        return sessions[-1]

    yield open_one
    for session in sessions:
        session.close()


@dataclass
class Scanned:
    """What came of one scan."""

    events: list[PageEvent]

    @property
    def pages(self) -> list[PageFile]:
        return [event.page for event in self.events if isinstance(event, PageCompleted)]

    @property
    def page(self) -> PageFile:
        (page,) = self.pages
        return page


def pixels_of(page: PageFile) -> npt.NDArray[np.uint16]:
    """The pixels of a raw page: (rows, width) or (rows, width, 3); 1-bit as 1 for black."""
    samples = "<u2" if page.bits_per_sample == 16 else "u1"
    rows = np.frombuffer(page.path.read_bytes(), samples, offset=page.pixel_offset)
    rows = rows.reshape(page.height, -1)
    if page.bits_per_sample == 1:
        rows = np.unpackbits(rows, axis=1)[:, : page.width]
    shape = (page.height, page.width, 3) if page.samples_per_pixel == 3 else (page.height, page.width)
    return rows.reshape(shape).astype(np.uint16)


@pytest.fixture
def pixels() -> Callable[[PageFile], npt.NDArray[np.uint16]]:
    """Reads the pixels of a raw page."""
    return pixels_of


Scan = Callable[..., Scanned]


@pytest.fixture
def scan(tmp_path: Path, opened: Open) -> Scan:
    """Opens a device, once a test; applies options to those it has had; scans."""
    sessions: dict[tuple[str, HardwareConfiguration], DeviceSession] = {}

    def scan_once(
        device_id: str,
        configuration: HardwareConfiguration,
        values: Mapping[str, Value] | None = None,
        pages: int | None = 1,
        **request: str | int,
    ) -> Scanned:
        key = device_id, configuration
        if key not in sessions:
            sessions[key] = opened(device_id, configuration)
        session = sessions[key]
        if values:
            session.apply(values)
        requested = ScanRequest(tmp_path / "spool", pages, **request)  # type: ignore[arg-type]
        return Scanned(list(session.scan(requested)))

    return scan_once


@pytest.fixture
def gone() -> Callable[[int, float], bool]:
    """Waits until a process has ended; false when it has not within the seconds given."""

    def wait(process_id: int, seconds: float) -> bool:
        try:
            descriptor = os.pidfd_open(process_id)
        except ProcessLookupError:
            return True
        try:
            return bool(select.select([descriptor], [], [], seconds)[0])
        finally:
            os.close(descriptor)

    return wait


# A scripted libsane


def compiler() -> str:
    """The C compiler of this machine."""
    found = shutil.which("cc")
    if found is None:
        missing("There is no C compiler (Debian: gcc, libc6-dev).")
    return str(found)


@pytest.fixture(scope="session")
def scripted_library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A libsane that does what files say, compiled from the source beside this file."""
    library = tmp_path_factory.mktemp("library") / "libscripted.so"
    source = Path(__file__).with_name("scripted_sane.c")
    command = [
        compiler(),
        "-std=gnu11",
        "-Wall",
        "-Werror",
        "-shared",
        "-fPIC",
        "-o",
        str(library),
        str(source),
    ]
    subprocess.run(command, check=True)
    return library


@dataclass
class Script:
    """The files that tell the scripted libsane what to do."""

    folder: Path
    configuration: HardwareConfiguration

    def write(self, name: str, *lines: str | int) -> None:
        """Say what happens at the next calls."""
        (self.folder / name).write_text("".join(f"{line}\n" for line in lines))

    def calls(self, name: str) -> list[str]:
        """What one function was called with so far."""
        written = (self.folder / "calls").read_text().splitlines()
        return [line.partition(" ")[2] for line in written if line.partition(" ")[0] == name]


@pytest.fixture
def script(scripted_library: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Script:
    """One scripted SANE device: `sane:acme:libusb:901:004`, on a bus that no machine has."""
    folder = tmp_path / "script"
    folder.mkdir()
    monkeypatch.setenv("SCRIPTED_SANE", str(folder))
    configuration = HardwareConfiguration(
        sane_backends=("acme",),
        sane_library=str(scripted_library),
        busy=BackOff(first=0.01, longest=0.04, total=0.2),
    )
    made = Script(folder, configuration)
    made.write("devices", "acme:libusb:901:004|Acme|Copier 5|flatbed scanner")
    return made
