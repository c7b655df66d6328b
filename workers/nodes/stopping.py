# SPDX-License-Identifier: Apache-2.0
"""Whether this worker is told to stop: a moment that its pool's processes and threads all see at once.

Celery tells nobody who runs a unit that its worker stops. Here the moment from which units shall end
stands in memory that a worker shares with the processes it forks, so that each unit sees it between
two pages (`Work.still_ours`), in whatever pool it runs.
"""

from __future__ import annotations

import mmap
import struct
import time

_MOMENT = struct.Struct("d")


class WorkerStops(BaseException):
    """The worker stops: the unit is to be given back.

    It is no failure of the unit, so nothing that records failures may catch it.
    """


class Stopping:
    """Told once, seen by all processes that were forked after this was made, and by all threads."""

    def __init__(self) -> None:
        # anonymous memory of this process and its children; seconds of the monotonic clock, 0.0 for never
        self._memory = mmap.mmap(-1, _MOMENT.size)

    def begin(self, seconds: float) -> None:
        """Take no more units, and have those in work end after some seconds; sooner when told again."""
        moment = time.monotonic() + seconds
        before = self._moment()
        if before == 0.0 or moment < before:
            _MOMENT.pack_into(self._memory, 0, moment)

    def has_begun(self) -> bool:
        """Whether no more units may be taken."""
        return self._moment() != 0.0

    def is_due(self) -> bool:
        """Whether units in work shall end now."""
        moment = self._moment()
        return moment != 0.0 and time.monotonic() >= moment

    def forget(self) -> None:
        """Go on as if nobody had told: for a process that does not end after all."""
        _MOMENT.pack_into(self._memory, 0, 0.0)

    def _moment(self) -> float:
        moment: float = _MOMENT.unpack_from(self._memory, 0)[0]
        return moment


stopping = Stopping()
"""That of this worker; made before its pool is forked."""
