# SPDX-License-Identifier: Apache-2.0
"""The line at the foot of the window: station, batch, item, disk space, queue and broker; and quiet notes."""

from __future__ import annotations

import shutil
from pathlib import Path

from PySide6.QtCore import QLocale, QSize, QTimer
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QStatusBar, QWidget

from app.desktop.operation import OperationContext
from app.desktop.station_link import StationLink, StationState
from app.desktop.station_status import broker_words, queue_words
from app.desktop.theme.roles import Role
from app.desktop.theme.theme import Theme
from app.desktop.widgets.elided_label import ElidedLabel
from app.desktop.workplace import Workplace
from workers.health import Health

NOTE_MILLISECONDS = 8000
DISK_MILLISECONDS = 20_000
LITTLE_BYTES = 5 << 30
"""Free space below which the line warns: a colour page of A4 with 600 dpi has about 100 MB."""

ICON = QSize(16, 16)

_LOOK: dict[StationState, tuple[Role, str]] = {
    StationState.STOPPED: (Role.WAITING, "waiting"),
    StationState.STARTING: (Role.BUSY, "busy"),
    StationState.RUNNING: (Role.READY, "ready"),
    StationState.ELSEWHERE: (Role.READY, "broker"),
    StationState.TROUBLE: (Role.TROUBLE, "trouble"),
}


class StatusPart(QWidget):
    """An icon with a few words.

    Args:
        theme: Icons.
        icon: Name of the icon.
        meaning: What the words are about; a tooltip, and spoken before them.
    """

    def __init__(self, theme: Theme, icon: str, meaning: str) -> None:
        super().__init__()
        self._theme, self._icon, self._meaning = theme, icon, meaning
        self._role = Role.TEXT
        self._picture = QLabel()
        self._words = ElidedLabel()
        row = QHBoxLayout(self)
        row.setContentsMargins(6, 2, 6, 2)
        row.setSpacing(5)
        row.addWidget(self._picture)
        row.addWidget(self._words)
        theme.changed.connect(self._paint)
        self.tell("")

    @property
    def words(self) -> str:
        """What is said."""
        return self._words.text()

    def tell(self, words: str, *, role: Role = Role.TEXT, icon: str = "") -> None:
        """Say something else; nothing is shown where there is nothing to say."""
        self._role, self._icon = role, icon or self._icon
        self._words.setText(words)
        self.setToolTip(f"{self._meaning}: {words}")
        self.setAccessibleName(f"{self._meaning}: {words}")
        self.setVisible(bool(words))
        self._paint()

    def _paint(self) -> None:
        role = self._role if self._role is not Role.TEXT else Role.MUTED
        self._picture.setPixmap(self._theme.icon(self._icon, role).pixmap(ICON, self.devicePixelRatio()))
        palette = self._words.palette()
        palette.setColor(palette.ColorRole.WindowText, self._theme.color(self._role))
        self._words.setPalette(palette)


class StatusLine(QStatusBar):
    """Where the operator stands, and how the station is.

    Args:
        workplace: What the screens share.
    """

    def __init__(self, workplace: Workplace) -> None:
        super().__init__()
        self._workplace = workplace
        theme = workplace.theme
        self.setSizeGripEnabled(False)
        self.station = StatusPart(theme, "station", self.tr("Station"))
        self.batch = StatusPart(theme, "batch", self.tr("Batch"))
        self.item = StatusPart(theme, "item", self.tr("Item"))
        self.disk = StatusPart(theme, "disk", self.tr("Free disk space"))
        self.queue = StatusPart(theme, "queue", self.tr("Work queue"))
        self.broker = StatusPart(theme, "broker", self.tr("Workers"))
        for part in (self.station, self.batch, self.item):
            part.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        for part in (self.station, self.batch, self.item, self.disk, self.queue, self.broker):
            self.addPermanentWidget(part)
        workplace.said.connect(self._note)
        workplace.work_changed.connect(self._show_work)
        workplace.settings_changed.connect(self._show_station)
        if workplace.station_link is not None:
            workplace.station_link.state_changed.connect(self._show_link)
            workplace.station_link.health_changed.connect(self._show_link)
            self._show_link()
        self._show_station()
        self._show_work(workplace.batch or "", workplace.item or "")
        self._clock = QTimer(self)
        self._clock.setInterval(DISK_MILLISECONDS)
        self._clock.timeout.connect(self.look_at_disk)
        self._clock.start()
        self.look_at_disk()

    def watch(self, link: StationLink) -> None:
        """Show from now on how broker and workers are."""
        self._link = link
        link.state_changed.connect(self._show_broker)
        link.health_changed.connect(self._show_health)
        self._show_broker(link.state)

    def _show_broker(self, state: str) -> None:
        role, icon = _LOOK[StationState(state)]
        self.broker.tell(self._link.words, role=role, icon=icon)

    def _show_health(self, health: Health) -> None:
        depth = health.depth
        self.queue.tell(self.tr("%n message(s) waiting", "", depth) if health.broker_answers else "")

    def shut_down(self) -> None:
        """Look no more."""
        self._clock.stop()

    def _note(self, text: str) -> None:
        self.showMessage(text, NOTE_MILLISECONDS)

    def _show_station(self) -> None:
        self.station.tell(self._workplace.settings.station)

    def _show_link(self, _news: object = None) -> None:
        link = self._workplace.station_link
        if link is not None:
            for part, told in ((self.broker, broker_words(link)), (self.queue, queue_words(link))):
                part.tell(told.words, role=told.role, icon=told.icon)

    def _show_work(self, batch: str, item: str) -> None:
        self.batch.tell(batch)
        self.item.tell(item)

    def look_at_disk(self) -> None:
        """Ask how much room is left where pages are kept."""
        folder = self._workplace.settings.data_directory

        def look(_context: OperationContext) -> int:
            return _free_bytes(folder)

        self._workplace.operations.run(
            self.tr("Look at the disk"), look, on_success=self._show_disk, on_failure=self._hide_disk
        )

    def _show_disk(self, free: int) -> None:
        size = QLocale().formattedDataSize(free, 0, QLocale.DataSizeFormat.DataSizeTraditionalFormat)
        if free < LITTLE_BYTES:
            self.disk.tell(self.tr("only {size} free").format(size=size), role=Role.TROUBLE, icon="trouble")
        else:
            self.disk.tell(self.tr("{size} free").format(size=size), icon="disk")

    def _hide_disk(self, failure: dict[str, object]) -> None:
        self.disk.tell(self.tr("not reachable"), role=Role.TROUBLE, icon="trouble")
        self.disk.setToolTip(str(failure["message"]))


def _free_bytes(folder: Path) -> int:
    """Room on the disk of a folder that need not exist yet."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return shutil.disk_usage(folder).free
