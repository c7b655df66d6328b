# SPDX-License-Identifier: Apache-2.0
"""The seam of the hardware floor: what a scanner, a session, a request and a page event are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Protocol, Self

from hardware.errors import ScannerError, error_from_json
from hardware.options import AppliedOption, OptionDescriptor, SetResult, Value
from hardware.originals import Original
from hardware.waiting import DeviceWaiting

Photometric = Literal["white_is_zero", "black_is_zero", "rgb"]
"""What a sample means, in the words of TIFF 6.0, tag 262."""

BatchEnd = Literal["limit", "feeder_empty", "cancelled"]
"""Why no more pages come."""


@dataclass(frozen=True, slots=True)
class DeviceInfo:
    """One device, as discovery found it.

    Attributes:
        id: `sane:<SANE name>`, `simulated:<name>` or `folder:<name>`.
        backend: The SANE backend, "simulated" or "folder".
        type: The kind of device in the driver's words, such as "flatbed scanner".
        simulated: Whether Recto itself draws the pages.
        state: "ready" for a device that was found; "missing" for a hot folder that is not there.
        serial: The serial number, where the driver tells it.
        driver: The program that drives it, with its version, such as "SANE 1.2.1"; "" where Recto does.
    """

    id: str
    backend: str
    vendor: str
    model: str
    type: str
    simulated: bool
    state: str = "ready"
    serial: str = ""
    driver: str = ""

    def to_json(self) -> dict[str, Any]:
        """The device as a JSON object, one key an attribute."""
        return asdict(self)

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Self:
        """The device that `to_json` described."""
        return cls(**document)


@dataclass(frozen=True, slots=True)
class ScanRequest:
    """Which pages to capture, and where to.

    Attributes:
        spool: Folder for the raw pages; made when missing. `<page>.raw` in it is replaced when the
            same page is scanned again.
        pages: How many pages at most; None for all that the feeder holds.
        first_page: Number of the first page.
        batch: Name of the batch; only simulated devices look at it.
        item: Name of the item; only simulated devices and hot folders look at it.
    """

    spool: Path
    pages: int | None
    first_page: int = 1
    batch: str = ""
    item: str = ""

    def __post_init__(self) -> None:
        if (self.pages is not None and self.pages < 1) or self.first_page < 0:
            raise ValueError(f"A scan needs at least one page from page 0 on: {self}")

    def to_json(self) -> dict[str, Any]:
        """The request as a JSON object; the spool's path made absolute."""
        return asdict(self) | {"spool": str(self.spool.absolute())}

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Self:
        """The request that `to_json` described."""
        return cls(**{**document, "spool": Path(document["spool"])})


@dataclass(frozen=True, slots=True)
class PageFile:
    """One complete page in the spool: its pixels in a raw file, and all that is known of them.

    Attributes:
        path: `pixel_offset` bytes of zeros, then exactly `height` rows of packed samples, no padding
            between rows: 16-bit samples little-endian, colour pixel-interleaved, 1-bit rows filled up
            to whole bytes with zeros, left pixel in the highest bit. What comes to stand before and
            behind the rows later is no business of the device's.
        number: The page's number.
        width: Pixels a row.
        height: Rows.
        bits_per_sample: 1, 8 or 16.
        samples_per_pixel: 1 or 3.
        photometric: What a sample means.
        pixel_sha256: SHA-256 of the bytes of the rows.
        dpi: Horizontal and vertical resolution that the device reports; (0, 0) when it does not.
        options: For each option of the device that can be read, `requested` (None when nobody
            asked) and `actual`.
        device: The device that delivered the page.
        started_at: UTC, ISO 8601: when the device was told to start.
        finished_at: UTC, ISO 8601: when the last byte was on disk.
        bytes_received: Bytes that the driver delivered, padding included.
        complete: Always true: an incomplete page is void and has no file.
        original: The file that the pixels were made from, when it says more than they do.
        pixel_offset: Where in the file the first row begins.
    """

    path: Path
    number: int
    width: int
    height: int
    bits_per_sample: int
    samples_per_pixel: int
    photometric: Photometric
    pixel_sha256: str
    dpi: tuple[float, float]
    options: dict[str, dict[str, Value]]
    device: DeviceInfo
    started_at: str
    finished_at: str
    bytes_received: int
    complete: bool
    original: Original | None = None
    pixel_offset: int = 0

    @property
    def bytes_per_row(self) -> int:
        """Bytes of one row in the file."""
        return (self.width * self.samples_per_pixel * self.bits_per_sample + 7) // 8

    def to_json(self) -> dict[str, Any]:
        """The page as a JSON object."""
        return asdict(self) | {"path": str(self.path), "dpi": list(self.dpi)}

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Self:
        """The page that `to_json` described."""
        horizontal, vertical = document["dpi"]
        changed = {
            "path": Path(document["path"]),
            "dpi": (horizontal, vertical),
            "device": DeviceInfo.from_json(document["device"]),
            "original": Original.from_json(document["original"]) if document.get("original") else None,
        }
        return cls(**{**document, **changed})


# Events


@dataclass(frozen=True, slots=True)
class PageStarted:
    """The first bytes of a page have come. Every started page ends as completed or void.

    With the last four, whoever wants to show the page while it grows can read the rows that have come
    from its file in the making (`hardware.spool.part_path`); without them, its rows come in an order
    that cannot be shown.

    Attributes:
        width: Pixels a row.
        height: Rows, or None while the device does not know.
        bits_per_sample: 1, 8 or 16; 0 when the rows cannot be shown before the page is complete.
        samples_per_pixel: 1 or 3; 0 likewise.
        photometric: What a sample means; None likewise.
        pixel_offset: Where in the file in the making the first row begins.
    """

    number: int
    width: int
    height: int | None
    bits_per_sample: int = 0
    samples_per_pixel: int = 0
    photometric: Photometric | None = None
    pixel_offset: int = 0


@dataclass(frozen=True, slots=True)
class PageProgress:
    """More bytes of a page have come; a few times a second.

    Attributes:
        done_bytes: Bytes that the driver has delivered of this page.
        total_bytes: Bytes in all, or None while the device does not know.
    """

    number: int
    done_bytes: int
    total_bytes: int | None


@dataclass(frozen=True, slots=True)
class PageCompleted:
    """A page lies in the spool, whole and on disk."""

    page: PageFile


@dataclass(frozen=True, slots=True)
class PageVoid:
    """A started page came to nothing; no file of it is left."""

    number: int
    error: ScannerError


@dataclass(frozen=True, slots=True)
class BatchEnded:
    """No more pages come, and no error stands in the way of the next scan."""

    reason: BatchEnd


PageEvent = PageStarted | PageProgress | PageCompleted | PageVoid | DeviceWaiting | BatchEnded


def event_to_json(event: PageEvent) -> dict[str, Any]:
    """An event as a JSON object whose key `event` names its class."""
    match event:
        case PageCompleted(page):
            facts: dict[str, Any] = {"page": page.to_json()}
        case PageVoid(number, error):
            facts = {"number": number, "error": error.to_json()}
        case DeviceWaiting(error, attempt, pause, left):
            facts = {"error": error.to_json(), "attempt": attempt, "pause": pause, "left": left}
        case _:
            facts = asdict(event)
    return {"event": type(event).__name__, **facts}


def event_from_json(document: Mapping[str, Any]) -> PageEvent:
    """The event that `event_to_json` described.

    Raises:
        ValueError: The object describes no event.
    """
    facts = {name: value for name, value in document.items() if name != "event"}
    match document["event"]:
        case "PageStarted":
            return PageStarted(**facts)
        case "PageProgress":
            return PageProgress(**facts)
        case "PageCompleted":
            return PageCompleted(PageFile.from_json(facts["page"]))
        case "PageVoid":
            return PageVoid(facts["number"], error_from_json(facts["error"]))
        case "DeviceWaiting":
            return DeviceWaiting(**{**facts, "error": error_from_json(facts["error"])})
        case "BatchEnded":
            return BatchEnded(**facts)
        case other:
            raise ValueError(f"No page event is named {other!r}")


# Protocols


class ScanSession(Protocol):
    """One open device. All calls but `cancel` come from one thread at a time.

    Every call may raise a `ScannerError`. After `DriverCrashed`, `DriverHung` or any error that says
    `reopen` the session stays usable: the next call starts a fresh driver with the same settings.
    """

    @property
    def device(self) -> DeviceInfo:
        """The device that is open."""
        ...

    def options(self) -> tuple[OptionDescriptor, ...]:
        """All options, as they stand now."""
        ...

    def values(self) -> dict[str, Value]:
        """The value of each option that can be read now."""
        ...

    def get(self, name: str) -> Value:
        """The value of one option."""
        ...

    def set(self, name: str, value: Value) -> SetResult:
        """Set one option; None presses a button or chooses the automatic setting."""
        ...

    def apply(self, values: Mapping[str, Value]) -> dict[str, AppliedOption]:
        """Set several options so that they hold together, and read them back."""
        ...

    def sensors(self) -> dict[str, bool]:
        """Which buttons are pressed and what the sensors tell, by name; see `hardware.sensors.watch`."""
        ...

    def scan(self, request: ScanRequest) -> Iterator[PageEvent]:
        """Capture pages: one from a flatbed, up to `request.pages` from a feeder.

        While the device is busy or warming up, `DeviceWaiting` says so before each pause.

        The last event is `BatchEnded`, unless an error is raised; a page that was started when the
        error came is reported as `PageVoid` with the same error first.
        """
        ...

    def cancel(self) -> None:
        """Stop the scan that runs, from any thread; its iterator ends within half a second.

        A scan runs from the call of `scan` on, even before its first event is asked for.
        """
        ...

    def close(self) -> None:
        """Let the device go, and cancel the scan that runs. Closing twice does nothing."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...


class Scanner(Protocol):
    """A device that can be opened."""

    @property
    def info(self) -> DeviceInfo:
        """What is known of the device without opening it."""
        ...

    def open(self) -> ScanSession:
        """Open the device."""
        ...
