# SPDX-License-Identifier: Apache-2.0
"""Which stages take a moment only, as far as this process knows, and the messages of such that it has not sent yet.

Two units of a few milliseconds that stand beside each other are sooner done one after the other by who
has them in hand than handed to another process. Whatever takes longer is sent at once.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from archive.registry.sending import Sending
from workers.lease_watch import lease_watch

SMALL_SECONDS = 0.02
"""What a unit takes at most whose stage counts as small: a message and its claim take some milliseconds."""

LONGEST_DELAY = 1.0
"""Seconds after which a message goes out all the same, where a unit takes longer than those before it."""

ENOUGH = 3
"""How many units of a stage must have been done before it counts as small."""

_WEIGHT = 0.25
_MOST_KNOWN = 1000


@dataclass(slots=True)
class _Pace:
    units: int = 0
    mean: float = 0.0


class StageSeconds:
    """A running mean of what the units of each stage take in this process."""

    def __init__(self) -> None:
        self._paces: dict[tuple[str, str], _Pace] = {}

    def note(self, batch: str, stage: str, seconds: float) -> None:
        """Take a unit into account that came to its end."""
        if len(self._paces) >= _MOST_KNOWN:
            self._paces.clear()
        pace = self._paces.setdefault((batch, stage), _Pace())
        pace.units += 1
        pace.mean += (seconds - pace.mean) * max(_WEIGHT, 1 / pace.units)

    def is_small(self, batch: str, stage: str) -> bool:
        """Whether units of this stage are known to take a moment only."""
        pace = self._paces.get((batch, stage))
        return pace is not None and pace.units >= ENOUGH and pace.mean <= SMALL_SECONDS


stage_seconds = StageSeconds()
"""That of this process."""


class KeptBack:
    """Messages of units that are marked as queued, which a process means to do itself.

    Should it die, they are lost messages as any others, and the reconciler's.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sendings: list[Sending] = []

    def keep(self, sendings: list[Sending]) -> None:
        """Send these later, if they are still to be done then."""
        with self._lock:
            for sending in sendings:
                self._sendings += [replace(sending, chains=(chain,)) for chain in sending.chains]

    def units(self) -> list[int]:
        """Keys of the units that wait."""
        with self._lock:
            return [unit.id for sending in self._sendings for unit in sending.units]

    def drop(self, unit: int) -> None:
        """Send nothing for a unit: this process has claimed it."""
        with self._lock:
            self._sendings = [one for one in self._sendings if one.units[0].id != unit]

    def take(self) -> list[Sending]:
        """All that is to be sent now; whoever takes it sends it."""
        with self._lock:
            taken, self._sendings = self._sendings, []
        return taken

    @contextmanager
    def sent_in_time(self, send: Callable[[list[Sending]], None]) -> Iterator[None]:
        """Send from a thread what is kept back when the block takes longer than a moment."""
        if not self._sendings:
            yield
            return

        def send_all() -> bool:
            send(self.take())
            return False

        with lease_watch().watching(send_all, LONGEST_DELAY):
            yield
