# SPDX-License-Identifier: Apache-2.0
"""Above the board: how the workers, their queues and the disks are, and how long work has waited."""

from __future__ import annotations

import time
from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from app.desktop.board.flow_layout import FlowLayout
from app.desktop.board.words import length, say, size
from app.desktop.language.marking import QT_TRANSLATE_NOOP
from app.desktop.station_link import StationLink, StationState
from app.desktop.theme.roles import Role
from app.desktop.theme.theme import Theme
from app.desktop.widgets.plain_words import plain_tip
from app.desktop.widgets.state_chip import StateChip
from archive.registry.stage_holds import DISK, OPERATOR, StageHold
from workers.health import Health, QueueHealth

QUEUE_WORDS: dict[str, str] = {
    "capture": QT_TRANSLATE_NOOP("board", "Capture"),
    "default": QT_TRANSLATE_NOOP("board", "Checks"),
    "compute_intensive": QT_TRANSLATE_NOOP("board", "Images and text"),
    "imaging_heavy": QT_TRANSLATE_NOOP("board", "Large images"),
    "io_bound": QT_TRANSLATE_NOOP("board", "Bags and uploads"),
}
STATE_MARKS: dict[StationState, tuple[Role, str]] = {
    StationState.STOPPED: (Role.WAITING, "offline"),
    StationState.STARTING: (Role.BUSY, "busy"),
    StationState.RUNNING: (Role.READY, "ready"),
    StationState.ELSEWHERE: (Role.READY, "connect"),
    StationState.TROUBLE: (Role.TROUBLE, "trouble"),
}
LONG_SECONDS = 600.0
"""Work that has waited longer is told as trouble."""


class HealthStrip(QWidget):
    """One line of chips.

    Args:
        theme: Colours and icons.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setAccessibleName(self.tr("Workers and queues"))
        self.station = StateChip(theme, self.tr("Workers are not started"), Role.WAITING, "offline")
        self.queues = {name: StateChip(theme) for name in QUEUE_WORDS}
        self.oldest = StateChip(theme)
        self.disk = StateChip(theme)
        self.waits = StateChip(theme)
        row = FlowLayout(self, spacing=18)
        for chip in (self.station, *self.queues.values(), self.oldest, self.disk, self.waits):
            row.addWidget(chip)
        for chip in (*self.queues.values(), self.oldest, self.disk, self.waits):
            chip.hide()

    def show_link(self, link: StationLink) -> None:
        """Show what a link knows now."""
        role, icon = STATE_MARKS[link.state]
        self.station.show_state(link.words, role, icon)
        if link.health is not None:
            self.show_health(link.health)

    def show_health(self, health: Health) -> None:
        """Show what a look at the station found."""
        for queue in health.queues:
            self._show_queue(self.queues[queue.name.split(".")[0]], queue, health)
        oldest = health.load.oldest_waiting if health.load else None
        self.oldest.setVisible(oldest is not None)
        if oldest is not None:
            words = self.tr("oldest waits {time}").format(time=length(oldest))
            self.oldest.show_state(words, Role.HELD if oldest > LONG_SECONDS else Role.WAITING, "waiting")
        low = min(health.disks, key=lambda disk: disk.free, default=None)
        self.disk.setVisible(low is not None)
        if low is not None:
            words = self.tr("{size} free").format(size=size(low.free))
            self.disk.show_state(words, Role.TROUBLE if low.is_low else Role.WAITING, "disk")
        self._show_holds(health.holds)
        self.setToolTip("\n".join(_worker_lines(health)))

    def _show_holds(self, holds: Sequence[StageHold]) -> None:
        self.waits.setVisible(bool(holds))
        if not holds:
            return
        limits = {hold.by for hold in holds} - {OPERATOR}
        if DISK in limits:
            words = self.tr("Capture waits for room on the disk")
        elif limits:
            words = self.tr("Capture waits for the workers")
        else:
            words = self.tr("%n step(s) held back", "", len(holds))
        self.waits.show_state(words, Role.HELD, "hold")
        self.waits.setToolTip(plain_tip("\n".join(f"{hold.stage}: {hold.reason}" for hold in holds)))

    def _show_queue(self, chip: StateChip, queue: QueueHealth, health: Health) -> None:
        chip.setVisible(health.broker_answers)
        title = say(QUEUE_WORDS[queue.name.split(".")[0]])
        if queue.workers == 0:
            chip.show_state(self.tr("{queue}: no worker").format(queue=title), Role.HELD, "offline")
            return
        depth = queue.depth or 0
        words = self.tr("{queue}: {number} waiting").format(queue=title, number=depth) if depth else title
        chip.show_state(words, Role.BUSY if depth else Role.READY, "queue" if depth else "worker")


def _worker_lines(health: Health) -> list[str]:
    told = say(QT_TRANSLATE_NOOP("board", "{worker} answered {time} ago"))
    return [
        told.format(worker=worker.name, time=length(time.time() - worker.last_seen))
        for worker in health.workers
    ]
