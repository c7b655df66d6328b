# SPDX-License-Identifier: Apache-2.0
"""The station's own card: its name, who works at it, room on its disk, and how its workers are."""

from __future__ import annotations

import shutil
from pathlib import Path

from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.desktop.devices.role_label import RoleLabel
from app.desktop.theme.roles import Role
from app.desktop.widgets.card import Card
from app.desktop.widgets.head_line import HeadLine
from app.desktop.widgets.state_chip import StateChip
from app.desktop.workplace import Workplace
from workers.health import DISK_LOW, Health


class StationCard(Card):
    """Shows the station.

    Args:
        workplace: Settings and the link to broker and workers.
    """

    def __init__(self, workplace: Workplace) -> None:
        super().__init__(workplace.theme)
        self._workplace = workplace
        self._name = HeadLine(scale=1.25)
        self._operator = QLabel()
        self._disk = StateChip(workplace.theme)
        self._broker = StateChip(workplace.theme)
        self._workers = StateChip(workplace.theme)
        self._linked = False
        row = QHBoxLayout()
        row.setSpacing(32)
        picture = QLabel()
        picture.setPixmap(workplace.theme.icon("station").pixmap(32, 32))
        self._picture = picture
        row.addWidget(picture, alignment=Qt.AlignmentFlag.AlignTop)
        row.addLayout(self._titled(self.tr("Station"), self._name), 2)
        row.addLayout(self._titled(self.tr("Operator"), self._operator), 2)
        row.addLayout(self._titled(self.tr("Room for pages"), self._disk), 2)
        row.addLayout(self._titled(self.tr("Broker"), self._broker), 2)
        row.addLayout(self._titled(self.tr("Workers"), self._workers), 2)
        self.column.addLayout(row)
        workplace.settings_changed.connect(self.refresh)
        workplace.theme.changed.connect(self._draw_icon)

    def _titled(self, title: str, value: QWidget) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(4)
        column.addWidget(RoleLabel(self._theme, title))
        column.addWidget(value)
        column.addStretch(1)
        return column

    def _draw_icon(self) -> None:
        self._picture.setPixmap(self._theme.icon("station").pixmap(32, 32))

    def refresh(self) -> None:
        """Show how the station is now, and look at its disk."""
        settings = self._workplace.settings
        self._name.setText(settings.station)
        self._operator.setText(settings.operator or self.tr("nobody named"))
        self._follow_link()
        link = self._workplace.station_link
        if link is None or link.health is None:
            data = settings.data_directory
            self._workplace.operations.run(
                self.tr("Looking at the disk"), lambda _: _free(data), on_success=self._show_disk
            )
        self._show_link()

    def _follow_link(self) -> None:
        link = self._workplace.station_link
        if link is not None and not self._linked:
            self._linked = True
            link.health_changed.connect(self._show_link)
            link.state_changed.connect(self._show_link)

    def _show_link(self) -> None:
        link = self._workplace.station_link
        if link is None:
            self._broker.show_state(self.tr("not looked at"), Role.WAITING, "unknown")
            self._workers.show_state(self.tr("not looked at"), Role.WAITING, "unknown")
            return
        role, icon = _LOOKS[str(link.state)]
        self._workers.show_state(link.words, role, icon)
        health = link.health
        if health is None:
            self._broker.show_state(self.tr("being looked at"), Role.WAITING, "waiting")
            return
        self._show_broker(health)
        room = next((disk.free for disk in health.disks if disk.use == "data"), None)
        if room is not None:
            self._show_disk(room)

    def _show_broker(self, health: Health) -> None:
        link = self._workplace.station_link
        if health.broker_answers:
            waiting = health.depth
            text = self.tr("answers, %n message(s) waiting", "", waiting) if waiting else self.tr("answers")
            self._broker.show_state(text, Role.READY, "ready")
        elif link is not None and str(link.state) == "starting":
            self._broker.show_state(self.tr("is starting"), Role.BUSY, "busy")
        else:
            self._broker.show_state(self.tr("does not answer"), Role.TROUBLE, "trouble")

    def _show_disk(self, free: int) -> None:
        text = self.tr("{size} free").format(
            size=QLocale().formattedDataSize(free, 0, QLocale.DataSizeFormat.DataSizeTraditionalFormat)
        )
        low = free < DISK_LOW
        self._disk.show_state(text, Role.TROUBLE if low else Role.READY, "trouble" if low else "disk")


_LOOKS: dict[str, tuple[Role, str]] = {
    "stopped": (Role.WAITING, "waiting"),
    "starting": (Role.BUSY, "busy"),
    "running": (Role.READY, "ready"),
    "elsewhere": (Role.READY, "ready"),
    "trouble": (Role.TROUBLE, "trouble"),
}


def _free(folder: Path) -> int:
    """Bytes free on the disk that a folder is, or will be, on."""
    existing = next(path for path in (folder, *folder.parents) if path.exists())
    return shutil.disk_usage(existing).free
