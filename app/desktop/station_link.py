# SPDX-License-Identifier: Apache-2.0
"""The desktop's link to broker and workers: it starts the station, watches it, and never waits for it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from enum import StrEnum
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from app.desktop.operation import Operation, OperationContext
from app.desktop.station_troubles import StationTroubles
from app.desktop.workplace import Workplace
from workers import operations
from workers.desktop_lock import DesktopLock
from workers.errors import BrokerUnavailable, StationBusy
from workers.health import Health, HealthWatch, require_broker
from workers.local_station import station_runs
from workers.settings import Settings

POLL_SECONDS = 2.0
PATIENCE_SECONDS = 30.0
"""How long a station may take until its workers answer; on a quiet machine it takes five."""
LONGEST_START_SECONDS = 15.0
"""How long a station that was started may take until it holds its lock."""
LOG_TAIL_BYTES = 2000
HEALTH = "station.health"
"""Key of the banner that is shown while nobody can tell how the station is."""
STATION_LANE, DISPATCH_LANE = "station", "dispatch"
"""A broker that is slow to answer keeps no thread from other work."""


class StationState(StrEnum):
    """How the station is, as far as the desktop knows."""

    STOPPED = "stopped"
    STARTING = "starting"
    RUNNING = "running"
    ELSEWHERE = "elsewhere"
    TROUBLE = "trouble"


class StationLink(QObject):
    """Starts this station's broker and workers where the desktop needs them, and tells how they are.

    The station runs in a session of its own: it goes on with its work when the desktop is closed or
    killed, and ends by itself when no desktop is open and nothing is left to do.

    Args:
        workplace: What the screens share.
        poll_seconds: The pause between two looks.
    """

    state_changed = Signal(str)
    health_changed = Signal(object)

    def __init__(self, workplace: Workplace, *, poll_seconds: float = POLL_SECONDS) -> None:
        super().__init__(workplace)
        self._workplace = workplace
        self._lock = DesktopLock(workplace.settings)
        self._watch = HealthWatch(workplace.node)
        self._troubles = StationTroubles(workplace)
        self._state = StationState.STOPPED
        self._health: Health | None = None
        self._started_at = 0.0
        self._failed_starts = 0
        self._owed: set[str] = set()
        self._closed = False
        self._busy = False
        self._is_unheard = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(round(poll_seconds * 1000))
        self._timer.timeout.connect(self._look)
        workplace.settings_changed.connect(self._watch_anew)

    @property
    def state(self) -> StationState:
        """How the station is."""
        return self._state

    @property
    def health(self) -> Health | None:
        """What the last look found; None before the first."""
        return self._health

    @property
    def words(self) -> str:
        """The state in words, translated."""
        return {
            StationState.STOPPED: self.tr("Workers are not started"),
            StationState.STARTING: self.tr("Workers are starting"),
            StationState.RUNNING: self.tr("Workers are ready"),
            StationState.ELSEWHERE: self.tr("Workers of the site"),
            StationState.TROUBLE: self.tr("Workers cannot be reached"),
        }[self._state]

    def start(self) -> None:
        """Have a station run, and watch it from now on. Returns at once."""
        if self._closed:
            return
        self._failed_starts = 0
        self._bring_up()

    def dispatch(self, batch: str) -> Operation:
        """Send a batch's open items to the workers; what the broker does not take now is sent when it is back."""
        node = self._workplace.node

        def send(_context: OperationContext) -> int:
            require_broker(node.settings)
            return operations.dispatch_batch(node, batch)

        return self._workplace.operations.run(
            self.tr("Send work to the workers"),
            send,
            lane=DISPATCH_LANE,
            on_failure=partial(self._not_sent, batch),
        )

    def _not_sent(self, batch: str, failure: dict[str, Any]) -> None:
        if failure["code"] != BrokerUnavailable.code:
            self._workplace.report(failure)
            return
        # the ledger keeps what is to be done; this only spares the wait for the reconciler
        self._owed.add(batch)

    def _bring_up(self) -> None:
        self._busy = True
        self._started_at = time.monotonic()
        settings = self._workplace.settings
        own = settings.broker_url is None
        self._become(StationState.STARTING if own else StationState.ELSEWHERE)
        self._workplace.operations.run(
            self.tr("Start the workers"),
            partial(_bring_up, settings, self._lock),
            lane=STATION_LANE,
            on_success=self._brought_up,
            on_failure=self._not_brought_up,
        )

    def _brought_up(self, _result: object) -> None:
        self._busy = False
        self._look()

    def _not_brought_up(self, failure: dict[str, Any]) -> None:
        self._busy = False
        self._failed_starts += 1
        self._become(StationState.TROUBLE)
        self._troubles.tell_start_failed(failure, self.start)
        self._timer.start()

    def _look(self) -> None:
        if self._closed or self._busy:
            return
        self._busy = True
        self._workplace.operations.run(
            self.tr("Look how the station is"),
            partial(_look, self._watch),
            lane=STATION_LANE,
            on_success=self._heard,
            on_failure=self._heard_nothing,
        )

    def _heard(self, health: Health) -> None:
        self._busy = False
        if self._closed:
            return
        if self._is_unheard:
            self._is_unheard = False
            self._workplace.resolved(HEALTH)
        self._health = health
        self._become(self._judge(health))
        self._troubles.tell(health, own_is_starting=self._state is StationState.STARTING)
        self.health_changed.emit(health)
        if health.broker_answers:
            owed, self._owed = self._owed, set()
            for batch in sorted(owed):
                self.dispatch(batch)
        if health.own_broker and not health.station_runs and self._may_start_again():
            self._bring_up()
        elif not self._closed:
            self._timer.start()

    def _heard_nothing(self, failure: dict[str, Any]) -> None:
        self._busy = False
        if not self._is_unheard:
            # once: whoever puts it away does not get it back with every look
            self._is_unheard = True
            self._workplace.report(failure, key=HEALTH)
        if not self._closed:
            self._timer.start()

    def _may_start_again(self) -> bool:
        # three failures in a row are no accident; then the operator decides
        return self._failed_starts < 3 and time.monotonic() - self._started_at > 2 * POLL_SECONDS  # noqa: PLR2004

    def _judge(self, health: Health) -> StationState:
        if health.is_working:
            self._failed_starts = 0
            self._troubles.start_succeeded()
            return StationState.RUNNING if health.own_broker else StationState.ELSEWHERE
        if not health.own_broker:
            return StationState.ELSEWHERE if health.broker_answers else StationState.TROUBLE
        patient = time.monotonic() - self._started_at < PATIENCE_SECONDS
        return StationState.STARTING if patient and self._failed_starts == 0 else StationState.TROUBLE

    def _become(self, state: StationState) -> None:
        if state is not self._state:
            self._state = state
            self.state_changed.emit(str(state))

    def _watch_anew(self) -> None:
        self._watch = HealthWatch(self._workplace.node)

    def shut_down(self) -> None:
        """Stop watching, and let the station end when its work is done."""
        self._closed = True
        self._timer.stop()
        self._lock.release()
        self._become(StationState.STOPPED)


def _look(watch: HealthWatch, _context: OperationContext) -> Health:
    return watch.look()


def _bring_up(settings: Settings, lock: DesktopLock, context: OperationContext) -> None:
    """Tell the station that a desktop is open, and start one where none runs.

    Raises:
        StationBusy: It ended at once; the end of its log says why.
    """
    lock.take()
    if settings.broker_url is not None or station_runs(settings):
        return
    log_file = settings.state_directory / "logs" / "station.log"
    log_file.parent.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "app", "station", "--until-idle", "--detach"]
    # a folder named app or workers, wherever the desktop was started from, is not the station's
    environment = {**os.environ, "PYTHONSAFEPATH": "1"}
    with log_file.open("ab") as output:
        status = subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, env=environment, check=False
        ).returncode
    deadline = time.monotonic() + LONGEST_START_SECONDS
    while status == 0 and time.monotonic() < deadline:
        if station_runs(settings):
            return
        context.check()
        time.sleep(0.1)
    with log_file.open("rb") as written:
        written.seek(max(0, log_file.stat().st_size - LOG_TAIL_BYTES))
        tail = written.read().decode(errors="replace").strip()
    raise StationBusy(
        "The workers of this station did not start.",
        consequence="Capturing goes on; finished items wait until workers are there.",
        remedy="Look at the end of the station's log, then start them again.",
        log=tail,
    )
