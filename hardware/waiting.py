# SPDX-License-Identifier: Apache-2.0
"""Waiting for a device that is busy or warming up: pauses that grow, up to a limit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from hardware.errors import DeviceBusy, DeviceWarmingUp

NotReady = DeviceBusy | DeviceWarmingUp
"""The errors that time alone mends."""

NOT_READY = (DeviceBusy, DeviceWarmingUp)


@dataclass(frozen=True, slots=True)
class BackOff:
    """How long to wait for a device. Asking it without a pause is known to make some drivers fail.

    Attributes:
        first: Seconds of the first pause; each further one is twice as long.
        longest: Seconds that no pause exceeds.
        total: Seconds to wait in all; 0 to give up at once.
    """

    first: float = 0.5
    longest: float = 5.0
    total: float = 60.0

    def __post_init__(self) -> None:
        if not (0 < self.first <= self.longest and self.total >= 0):
            raise ValueError(f"Pauses grow from more than 0 seconds, and their sum is not negative: {self}")

    def pauses(self) -> Iterator[float]:
        """The pauses in seconds; their sum is `total`."""
        left, pause = self.total, self.first
        while left > 0:
            yield min(pause, left)
            left -= pause
            pause = min(2 * pause, self.longest)


@dataclass(frozen=True, slots=True)
class DeviceWaiting:
    """The device is not ready; it is asked again after a pause. A page event, see `hardware.scanner`.

    Attributes:
        error: What the device said.
        attempt: How often it has been asked, from 1 on.
        pause: Seconds until it is asked again.
        left: Seconds that remain, this pause included, until Recto gives up.
    """

    error: NotReady
    attempt: int
    pause: float
    left: float


class Wait:
    """One wait, from the first refusal until the device is ready or patience is at its end."""

    def __init__(self, back_off: BackOff) -> None:
        self._total = back_off.total
        self._pauses = back_off.pauses()
        self._attempt = 0
        self._waited = 0.0

    def after(self, error: NotReady) -> DeviceWaiting:
        """The pause to make after the device has refused.

        Raises:
            DeviceBusy: It is still busy after all pauses.
            DeviceWarmingUp: It is still warming up after all pauses.
        """
        self._attempt += 1
        pause = next(self._pauses, None)
        if pause is None:
            error.facts |= {"attempts": self._attempt, "waited_seconds": self._waited}
            raise error
        left = self._total - self._waited
        self._waited += pause
        return DeviceWaiting(error, self._attempt, pause, left)
