# SPDX-License-Identifier: Apache-2.0
"""The tree of errors of the hardware floor, each class named by the physical state it describes.

    ScannerError
    ├── DeviceNotFound        no device of that id answers
    ├── DeviceBusy            another program, or another scan, holds the device
    ├── DeviceWarmingUp       the lamp is not ready yet
    ├── TransportLocked       the shipping lock is on
    ├── FeederEmpty           no sheet in the feeder, nothing on the glass
    ├── Jam                   a sheet is stuck
    ├── DoubleFeed            more than one sheet went in at once
    ├── CoverOpen             the cover or the feeder door is open
    ├── Disconnected          the device went away while it was in use
    ├── DeviceTimeout         the device did nothing for too long, but let itself be cancelled
    ├── DriverCrashed         the driver's process died
    ├── DriverHung            the driver did not come back and was killed
    ├── DriverMissing         libsane, or a part of it, is not installed
    ├── InputOutputFailure    the device or its cable failed
    ├── AccessDenied          rights or credentials are missing
    ├── BadOption             an option or its value is not one of the device's
    ├── DescriptionInvalid    a file is no description of a device
    ├── QuirksInvalid         a file of quirks says what means nothing
    ├── IncompletePage        fewer (or more) rows came than the device announced
    ├── UnsupportedFrame      pixels in a format that Recto does not read
    ├── SpoolFull             the spool folder cannot take the page
    ├── OutOfMemory           the driver could not get the memory it needs
    └── ScanCancelled         the scan was stopped, by Recto or at the device

Every error speaks in three parts: what happened (the message), what it means for the work
(`consequence`) and what to do (`remedy`). It survives pickle and JSON, so that it reads the same
on both sides of the device process.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import Any, ClassVar, Self


class Retry(StrEnum):
    """Who can make the work go on after an error."""

    AUTO = "auto"
    AFTER_OPERATOR = "after_operator"
    REOPEN = "reopen"
    NEVER = "never"


class ScannerError(Exception):
    """Base of all errors of the hardware floor.

    Args:
        message: What happened, in one sentence that names the device, option or file.
        consequence: What it means for the work; the class's own sentence when left out.
        remedy: What to do; the class's own sentence when left out.
        facts: JSON-able details for logs and diagnostics.
    """

    code: ClassVar[str] = "scanner.error"
    retry: ClassVar[Retry] = Retry.NEVER
    default_consequence: ClassVar[str] = "The page was not captured; pages before it are kept."
    default_remedy: ClassVar[str] = "Look at the device and at the details, then scan the page again."

    def __init__(self, message: str, *, consequence: str = "", remedy: str = "", **facts: Any) -> None:
        super().__init__(message)
        self.message = message
        self.consequence = consequence or self.default_consequence
        self.remedy = remedy or self.default_remedy
        self.facts = facts

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (type(self), self.to_json())

    def to_json(self) -> dict[str, Any]:
        """The error as a JSON object with code, message, consequence, remedy, retry and facts."""
        return {
            "code": self.code,
            "message": self.message,
            "consequence": self.consequence,
            "remedy": self.remedy,
            "retry": str(self.retry),
            "facts": self.facts,
        }

    @classmethod
    def from_json(cls, document: dict[str, Any]) -> Self:
        """The error that `to_json` described, of this class."""
        return cls(
            document["message"],
            consequence=document["consequence"],
            remedy=document["remedy"],
            **document["facts"],
        )


def _rebuild(error_class: type[ScannerError], document: dict[str, Any]) -> ScannerError:
    return error_class.from_json(document)


def error_classes(root: type[ScannerError] = ScannerError) -> Iterator[type[ScannerError]]:
    """The root and every class below it."""
    yield root
    for child in root.__subclasses__():
        yield from error_classes(child)


def error_from_json(document: dict[str, Any]) -> ScannerError:
    """The error that `ScannerError.to_json` described, of the class that has its code.

    A code that this release does not know gives a plain `ScannerError` with the same words.
    """
    for error_class in error_classes():
        if error_class.code == document["code"]:
            return error_class.from_json(document)
    return ScannerError.from_json({**document, "facts": {**document["facts"], "code": document["code"]}})


# The device


class DeviceNotFound(ScannerError):
    """No device of that id answers."""

    code = "scanner.device_not_found"
    retry = Retry.AFTER_OPERATOR
    default_consequence = "Nothing was scanned."
    default_remedy = "Check the power and the cable, then see which devices answer with: recto devices"


class DeviceBusy(ScannerError):
    """Another program, or another scan, holds the device."""

    code = "scanner.device_busy"
    retry = Retry.AUTO
    default_consequence = "Nothing was scanned; the work waits for the device."
    default_remedy = "Close other programs that use the scanner; some drivers also say busy when it is off."


class DeviceWarmingUp(ScannerError):
    """The lamp is not ready yet."""

    code = "scanner.warming_up"
    retry = Retry.AUTO
    default_consequence = "Nothing was scanned yet; the work waits for the lamp."
    default_remedy = "Wait a minute; nothing else is needed."


class TransportLocked(ScannerError):
    """The shipping lock of the scanner is on."""

    code = "scanner.transport_locked"
    retry = Retry.AFTER_OPERATOR
    default_consequence = "Nothing was scanned; the carriage cannot move."
    default_remedy = "Release the transport lock, usually a screw or slider under the scanner, and try again."


class Disconnected(ScannerError):
    """The device went away while it was in use."""

    code = "scanner.disconnected"
    retry = Retry.REOPEN
    default_remedy = "Check the cable, the power and the network, then scan the page again."


class AccessDenied(ScannerError):
    """Rights or credentials for the device are missing."""

    code = "scanner.access_denied"
    retry = Retry.AFTER_OPERATOR
    default_consequence = "Nothing was scanned."
    default_remedy = (
        "Add the user to the group that owns the device (Debian: scanner), or give its credentials."
    )


# Paper


class FeederEmpty(ScannerError):
    """No sheet in the feeder, or nothing on the glass."""

    code = "scanner.feeder_empty"
    retry = Retry.AFTER_OPERATOR
    default_consequence = "No page was captured by this scan."
    default_remedy = "Load the next sheets and scan again."


class Jam(ScannerError):
    """A sheet is stuck in the feeder."""

    code = "scanner.jam"
    retry = Retry.AFTER_OPERATOR
    default_remedy = "Take the stuck sheet out and smooth it."


class DoubleFeed(ScannerError):
    """More than one sheet went in at once. SANE has no status for it: drivers report a jam."""

    code = "scanner.double_feed"
    retry = Retry.AFTER_OPERATOR
    default_remedy = "Take out the sheets that went in together and separate them."


class CoverOpen(ScannerError):
    """The cover or the feeder door is open."""

    code = "scanner.cover_open"
    retry = Retry.AFTER_OPERATOR
    default_remedy = "Close the cover."


# The driver


class DeviceTimeout(ScannerError):
    """The device did nothing for too long, but let itself be cancelled; `facts["phase"]` says when."""

    code = "scanner.timeout"
    retry = Retry.REOPEN
    default_remedy = "Check the device; if it is only slow, raise the time limit of this phase."


class DriverCrashed(ScannerError):
    """The driver's process died."""

    code = "scanner.driver_crashed"
    retry = Retry.REOPEN
    default_remedy = (
        "Scan the page again: the driver is started afresh. If it happens often, report the driver."
    )


class DriverHung(ScannerError):
    """The driver did not come back and was killed."""

    code = "scanner.driver_hung"
    retry = Retry.REOPEN
    default_remedy = (
        "Scan the page again: the driver is started afresh. If it stays, switch the device off and on."
    )


class DriverMissing(ScannerError):
    """libsane, or a part of it, is not installed."""

    code = "scanner.driver_missing"
    retry = Retry.NEVER
    default_consequence = "No SANE device can be used on this machine; simulated devices work."
    default_remedy = "Install libsane (Debian: apt install libsane1 sane-utils)."


class InputOutputFailure(ScannerError):
    """The device, its cable or its driver failed without saying more."""

    code = "scanner.io_failure"
    retry = Retry.REOPEN
    default_remedy = "Check cable and power, then scan the page again."


class OutOfMemory(ScannerError):
    """The driver could not get the memory it needs."""

    code = "scanner.out_of_memory"
    retry = Retry.AFTER_OPERATOR
    default_remedy = "Choose a lower resolution or a smaller area, or close other programs."


# Settings


class BadOption(ScannerError):
    """An option, or its value, is not one of the device's."""

    code = "scanner.bad_option"
    retry = Retry.NEVER
    default_consequence = "Nothing was scanned with these settings."
    default_remedy = "See the device's options and their values with: recto options DEVICE"


class QuirksInvalid(ScannerError):
    """A file of quirks cannot be read, or says what means nothing."""

    code = "scanner.quirks_invalid"
    retry = Retry.NEVER
    default_consequence = "No SANE device is opened, because it might be misunderstood."
    default_remedy = "Mend the file as docs/scanners.md describes it, or take it out of the settings."


class DescriptionInvalid(ScannerError):
    """A file is no description of a device."""

    code = "scanner.description_invalid"
    retry = Retry.NEVER
    default_consequence = "The device that it describes cannot be simulated."
    default_remedy = "Write it anew with: recto options DEVICE --dump FILE.json"


# The page


class IncompletePage(ScannerError):
    """Fewer (or more) rows came than the device announced."""

    code = "scanner.incomplete_page"
    retry = Retry.AUTO
    default_consequence = "The page is void and was thrown away; pages before it are kept."
    default_remedy = "Scan the page again."


class UnsupportedFrame(ScannerError):
    """The device sends pixels in a format that Recto does not read."""

    code = "scanner.unsupported_frame"
    retry = Retry.NEVER
    default_remedy = "Choose another mode or depth of the device."


class SpoolFull(ScannerError):
    """The spool folder cannot take the page: the disk is full, read-only or failing."""

    code = "scanner.spool_full"
    retry = Retry.AFTER_OPERATOR
    default_consequence = "The page is void; nothing half-written was left behind, pages before it are kept."
    default_remedy = "Free space on the disk, or make the folder writable, and scan the page again."


class ScanCancelled(ScannerError):
    """The scan was stopped; `facts["by"]` says whether by "recto" or at the "device"."""

    code = "scanner.cancelled"
    retry = Retry.AFTER_OPERATOR
    default_consequence = "The page in work is void; pages before it are kept."
    default_remedy = "Scan the page again when you want to go on."
