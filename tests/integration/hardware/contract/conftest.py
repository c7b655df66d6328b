# SPDX-License-Identifier: Apache-2.0
"""The devices that the contract is held against: a simulated one, SANE's test device, and that behind a saned.

Each stays open for all tests: opening is most of what a short test costs. Before each test it gets the
settings of a quick page; a test that sets others gives its device process back, and the next begins with
a fresh one.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from hardware.configuration import HardwareConfiguration, SimulatedDevice
from hardware.device_process.session import DeviceSession
from hardware.device_process.settings import Settings
from hardware.discovery import open_session
from hardware.errors import DeviceNotFound, DriverMissing, ScannerError
from hardware.options import Value
from hardware.scanner import PageCompleted, PageEvent, PageFile, PageProgress, PageStarted, ScanRequest
from hardware.waiting import BackOff
from tests.conftest import missing
from tests.integration.hardware.saned import Saned

KINDS = ("simulator", "test", "saned")
SANE = ("test", "saned")
HARMLESS = {"read-limit-size", "read-delay-duration"}
"""Options that count for nothing with the settings of a quick page."""

SENSED = {"page-loaded", "simulate-page-loaded", "scan"}
"""Options of the simulated device that tell of its paper and its button."""

SWITCHES = (
    *("hand-scanner", "read-limit", "read-delay", "fuzzy-parameters", "non-blocking", "select-fd"),
    "enable-test-options",
)
"""Options of SANE's test device that are off for a quick page."""

SHEETS = 10
"""What a full feeder holds: that of SANE's test device cannot be told."""

_TIMES: dict[str, Any] = {
    "option_timeout": 10.0,
    "start_timeout": 10.0,
    "read_timeout": 5.0,
    "cancel_timeout": 2.0,
    "busy": BackOff(first=0.01, longest=0.02, total=0.05),
}


@dataclass
class Device:
    """An open device, and its words for what every device can do.

    Attributes:
        quick: Settings of a page that is there at once.
        slow: Settings, besides those, with which a page takes a second.
        feeder: The source that feeds.
        waker: An option and its value that wakes `sleeper`, which is inactive with `quick`.
        rounded: Settings that the device cannot take as they are, and what it makes of them.
        inactive: Settings that do not hold together.
        opening: Settings with which as many options as possible are active.
        asleep: Options that are inactive even then.
        button: A button.
        vector: An option of many numbers.
        automatic: An option with an automatic setting.
    """

    kind: str
    session: DeviceSession
    quick: dict[str, Value]
    slow: dict[str, Value]
    feeder: str
    waker: tuple[str, Value, str, Value]
    rounded: dict[str, tuple[Value, Value]]
    opening: dict[str, Value]
    button: str
    asleep: set[str] = field(default_factory=set)
    vector: str | None = None
    automatic: str | None = None
    spool: Path = Path()

    def request(self, pages: int | None = 1, first_page: int = 1) -> ScanRequest:
        return ScanRequest(self.spool, pages, first_page, "b", "i")

    def scan(self, pages: int | None = 1, first_page: int = 1) -> Told:
        """Scan to the end of the batch."""
        return Told.of(self.session.scan(self.request(pages, first_page)))

    def page(self) -> PageFile:
        (page,) = self.scan().pages
        return page

    def left_in_spool(self) -> list[str]:
        return sorted(path.name for path in self.spool.iterdir()) if self.spool.exists() else []

    def settings(self) -> dict[str, Value]:
        """The values of all options but those that tell what lies in the device."""
        return {name: value for name, value in self.session.values().items() if name not in SENSED}

    @property
    def process_id(self) -> int:
        assert self.session.process_id is not None
        return self.session.process_id

    def forget(self) -> None:
        """Let the next test begin with a fresh device process."""
        self.session._drain()
        self.session._drop_child()
        self.session._settings = Settings()
        self.session._owed.clear()


@dataclass
class Told:
    """What a scan, or the rest of one, told; without its progress."""

    events: list[PageEvent]
    error: ScannerError | None

    @classmethod
    def of(cls, events: Iterator[PageEvent]) -> Told:
        told: list[PageEvent] = []
        try:
            told.extend(event for event in events if not isinstance(event, PageProgress))
        except ScannerError as error:
            return cls(told, error)
        return cls(told, None)

    @property
    def pages(self) -> list[PageFile]:
        assert self.error is None, self.error.to_json()
        return [event.page for event in self.events if isinstance(event, PageCompleted)]


def to_the_middle(events: Iterator[PageEvent]) -> PageStarted:
    """Go on until bytes of the first page have come."""
    started = next(event for event in events if isinstance(event, PageStarted))
    next(event for event in events if isinstance(event, PageProgress))
    return started


# Opening


def _simulator() -> Device:
    stack = SimulatedDevice(
        "stack", "duplex", sheets=SHEETS, line_delay=0.0005, page_width=30, page_height=30
    )
    configuration = HardwareConfiguration((stack,), sane=False, **_TIMES)
    flatbed: dict[str, Value] = {"source": "Flatbed", "mode": "Gray", "depth": 8}
    return Device(
        kind="simulator",
        session=open_session(stack.id, configuration),
        quick={**flatbed, "resolution": 50},
        slow={"resolution": 1200},
        feeder="ADF Front",
        waker=("source", "ADF Front", "page-width", 100),
        rounded={"resolution": (5000, 1200), "depth": (12, 8)},
        opening={"source": "ADF Front", "mode": "Color"},
        button="simulate-scan-button",
    )


def _open_sane(device_id: str, configuration: HardwareConfiguration) -> DeviceSession:
    try:
        return open_session(device_id, configuration)
    except (DriverMissing, DeviceNotFound) as error:
        missing(f"libsane and its test backend are not installed (Debian: libsane1): {error}")
        raise


def _sane(kind: str, device_id: str, configuration: HardwareConfiguration) -> Device:
    return Device(
        kind=kind,
        session=_open_sane(device_id, configuration),
        quick={
            "source": "Flatbed",
            "mode": "Gray",
            "depth": 8,
            "resolution": 20,
            "test-picture": "Grid",
            "br-x": 80,
            "br-y": 100,
            **dict.fromkeys(SWITCHES, False),
            "ppl-loss": 0,
            "read-return-value": "Default",
        },
        slow={"resolution": 300, "read-delay": True, "read-delay-duration": 100000},
        feeder="Automatic Document Feeder",
        waker=("mode", "Color", "three-pass", True),
        rounded={"resolution": (20.5, 21), "br-x": (500, 200)},
        opening={
            "mode": "Color",
            "depth": 16,
            "three-pass": True,
            "read-limit": True,
            "read-delay": True,
            "enable-test-options": True,
        },
        button="button",
        vector="red-gamma-table",
        automatic="bool-soft-select-soft-detect-auto",
    )


@pytest.fixture(scope="session")
def saned(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Saned]:
    """One saned for all tests of the contract."""
    running = Saned.installed(tmp_path_factory.mktemp("saned"))
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def private_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the device processes of the contract have their private folders."""
    return tmp_path_factory.mktemp("private")


@pytest.fixture
def no_leftovers(private_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Devices that stay open keep their private folders; `devices` looks for leftovers at the end."""
    monkeypatch.setattr(tempfile, "tempdir", str(private_folder))


@pytest.fixture(scope="session")
def devices(private_folder: Path) -> Iterator[dict[str, Device]]:
    """The devices that were opened so far; all are closed at the end, and leave nothing."""
    opened: dict[str, Device] = {}
    yield opened
    for device in opened.values():
        device.session.close()
    assert [path.name for path in private_folder.iterdir()] == []


def _open(kind: str, request: pytest.FixtureRequest) -> Device:
    if kind == "simulator":
        return _simulator()
    if kind == "test":
        return _sane(kind, "sane:test:0", HardwareConfiguration(sane_backends=("test",), **_TIMES))
    saned: Saned = request.getfixturevalue("saned")
    network = HardwareConfiguration(sane_backends=("net",), sane_hosts=(saned.host,), **_TIMES)
    return _sane(kind, saned.device, network)


def _cannot_go_back(device: Device) -> bool:
    """Whether the gamma tables of SANE's test device are asleep for good, once its test options are off again."""
    return bool(device.session._settings.actual.get("enable-test-options"))


@pytest.fixture(params=[pytest.param(kind, marks=pytest.mark.sane if kind in SANE else ()) for kind in KINDS])
def device(
    request: pytest.FixtureRequest, devices: dict[str, Device], no_leftovers: None, tmp_path: Path
) -> Iterator[Device]:
    """Each of the devices in turn, idle, with the settings of a quick page."""
    kind: str = request.param
    if kind not in devices:
        devices[kind] = _open(kind, request)
    chosen = devices[kind]
    chosen.spool = tmp_path / "spool"
    standing = chosen.session._settings.actual
    if any(standing.get(name) != value for name, value in chosen.quick.items()):
        chosen.session.apply(chosen.quick)
    yield chosen
    if chosen.session._closed:
        del devices[kind]
    elif chosen.session._settings.others({*chosen.quick, *HARMLESS}) or _cannot_go_back(chosen):
        chosen.forget()
