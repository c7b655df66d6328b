# SPDX-License-Identifier: Apache-2.0
"""What the desktop says about broker, registry, storage and disks: once when trouble comes, until it is over."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QCoreApplication

from app.desktop.failures.explanation import explain
from app.desktop.workplace import Workplace
from archive.registry import stage_holds
from archive.registry.open_work import Trouble
from workers.errors import CaptureWaits, DiskLow
from workers.health import Health

START, BROKER, REGISTRY, STORAGE, DISK, CAPTURE = (
    "station.start",
    "station.broker",
    "station.registry",
    "station.storage",
    "station.disk",
    "station.capture",
)
"""Keys of the banners."""


class StationTroubles:
    """Turns what a look at the station found into banners, each shown once.

    Args:
        workplace: Where banners are reported.
    """

    def __init__(self, workplace: Workplace) -> None:
        self._workplace = workplace
        self._told: dict[str, str] = {}

    def tell(self, health: Health, *, own_is_starting: bool) -> None:
        """Report what is wrong now, and take away what is well again.

        Args:
            health: The last look.
            own_is_starting: Whether this station's own broker cannot be expected to answer yet.
        """
        silent = health.own_broker and (own_is_starting or START in self._told)
        self._show(BROKER, None if silent else health.broker_failure)
        self._show(REGISTRY, health.registry_failure)
        self._show(STORAGE, _of_storage(health.troubles))
        self._show(DISK, _of_disks(health))
        self._show(CAPTURE, _of_capture(health))

    def tell_start_failed(self, failure: Mapping[str, Any], again: Callable[[], None]) -> None:
        """Report that the station could not be started, with the button that tries again."""
        self._told[START] = str(failure["message"])
        words = QCoreApplication.translate("station", "Start the workers again")
        self._workplace.report(failure, key=START, remedy_title=words, remedy=again)

    def start_succeeded(self) -> None:
        """The station runs."""
        self._show(START, None)

    def _show(self, key: str, failure: Mapping[str, Any] | None) -> None:
        if failure is None:
            if self._told.pop(key, None) is not None:
                self._workplace.resolved(key)
            return
        if self._told.get(key) == failure["code"]:
            # also one that was put away: it is not brought back every two seconds
            return
        self._told[key] = failure["code"]
        explanation = explain(failure)
        self._workplace.report(
            failure,
            key=key,
            remedy_title=explanation.go_there,
            remedy=lambda: self._workplace.go_to(explanation.screen),
        )


def _of_storage(troubles: tuple[Trouble, ...]) -> Mapping[str, Any] | None:
    """The most frequent reason for which storage does not take bags."""
    return next((trouble.example for trouble in troubles if trouble.code.startswith("storage.")), None)


def _of_capture(health: Health) -> Mapping[str, Any] | None:
    """That capture waits at this station, by itself; what an operator holds needs no telling."""
    waits = [hold for hold in health.holds if hold.by == stage_holds.DISK and hold.station == health.station]
    return CaptureWaits(f"Capture waits: {waits[0].reason}.").to_json() if waits else None


def _of_disks(health: Health) -> Mapping[str, Any] | None:
    low = [disk for disk in health.disks if disk.is_low]
    if not low:
        return None
    return DiskLow(
        f"The disk of {low[0].use} has {low[0].free / (1 << 30):.1f} GiB left.", path=low[0].use
    ).to_json()
