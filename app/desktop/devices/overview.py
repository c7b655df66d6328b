# SPDX-License-Identifier: Apache-2.0
"""The station and its devices at a glance: cards that come in while devices are looked for."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QProgressBar,
    QScrollArea,
    QStackedLayout,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.desktop.devices.card_grid import CardGrid
from app.desktop.devices.device_card import DeviceCard
from app.desktop.devices.directory import DeviceDirectory
from app.desktop.devices.last_targets import LastTargets
from app.desktop.devices.no_devices import NoDevices
from app.desktop.devices.notice_words import notice_text
from app.desktop.devices.role_label import RoleLabel
from app.desktop.devices.station_card import StationCard
from app.desktop.theme.roles import Role
from app.desktop.widgets.elided_label import ElidedLabel
from app.desktop.widgets.head_line import HeadLine
from app.desktop.workplace import Workplace

MARGIN = 16


class Overview(QWidget):
    """The first page of the screen.

    Args:
        workplace: What the screens share.
        directory: The devices.
    """

    wanted = Signal(str, object)
    details_wanted = Signal(str)
    current_changed = Signal()

    def __init__(self, workplace: Workplace, directory: DeviceDirectory) -> None:
        super().__init__()
        self._workplace = workplace
        self._directory = directory
        self._cards: dict[str, DeviceCard] = {}
        self._current = ""
        self.station = StationCard(workplace)
        self.targets = LastTargets(workplace, self)
        self._grid = CardGrid()
        self._searching = ElidedLabel()
        self._bar = QProgressBar()
        self._notices = RoleLabel(workplace.theme, role=Role.HELD)
        self._places = QStackedLayout()
        self._empty = NoDevices(workplace)
        self._build()
        directory.search_changed.connect(lambda _: self._show_search())
        self.targets.changed.connect(self._show_targets)
        directory.noticed.connect(lambda _: self._show_notices())
        model = directory.model
        model.rowsInserted.connect(self._add)
        model.rowsRemoved.connect(self._remove)
        model.dataChanged.connect(self._update)
        self._add(QModelIndex(), 0, model.rowCount() - 1)
        self._show_search()
        self._show_notices()

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, MARGIN, MARGIN, 0)
        column.setSpacing(12)
        column.addLayout(self._head())
        column.addWidget(self.station)
        scrolled = QWidget()
        inner = QVBoxLayout(scrolled)
        inner.setContentsMargins(0, 0, 0, MARGIN)
        inner.setSpacing(12)
        inner.addWidget(self._notices)
        inner.addWidget(self._grid, 1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(scrolled)
        place = QWidget()
        place.setLayout(self._places)
        self._places.addWidget(area)
        self._places.addWidget(self._empty)
        column.addWidget(place, 1)

    def _head(self) -> QHBoxLayout:
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(HeadLine(self.tr("Station and devices")))
        head.addSpacing(16)
        self._bar.setRange(0, 0)
        self._bar.setTextVisible(False)
        self._bar.setMaximumWidth(120)
        self._bar.setMaximumHeight(8)
        self._bar.setAccessibleName(self.tr("Looking for scanners"))
        head.addWidget(self._bar)
        head.addWidget(self._searching)
        head.addStretch(1)
        for action_id in ("devices.search", "devices.add_simulated", "devices.profiles"):
            button = QToolButton()
            button.setDefaultAction(self._workplace.actions.action(action_id))
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            button.setMinimumHeight(36)
            head.addWidget(button)
        return head

    # Cards

    @property
    def cards(self) -> dict[str, DeviceCard]:
        """The cards by device id, in their order."""
        return dict(self._cards)

    @property
    def current(self) -> str:
        """Id of the device that keys work on; "" where there is none."""
        return self._current

    def choose(self, device_id: str) -> None:
        """Have keys work on a device."""
        if device_id not in self._cards or device_id == self._current:
            return
        self._current = device_id
        for known, card in self._cards.items():
            card.mark_current(known == device_id)
        self.current_changed.emit()

    def focus_current(self) -> None:
        """Give the focus to the card that keys work on."""
        card = self._cards.get(self._current)
        if card is not None:
            card.verb.setFocus()

    def _add(self, _parent: QModelIndex, first: int, last: int) -> None:
        for record in self._directory.model.records[first : last + 1]:
            card = DeviceCard(self._workplace.theme, record)
            card.wanted.connect(self.wanted)
            card.details_wanted.connect(self.details_wanted)
            card.chosen.connect(self.choose)
            card.show_target(self.targets.of(record.id))
            self._cards[record.id] = card
        self._arrange()

    def _remove(self, _parent: QModelIndex, _first: int, _last: int) -> None:
        known = {record.id for record in self._directory.model.records}
        for device_id in [each for each in self._cards if each not in known]:
            card = self._cards.pop(device_id)
            card.hide()
            card.deleteLater()
        self._arrange()

    def _update(self, first: QModelIndex, last: QModelIndex) -> None:
        for record in self._directory.model.records[first.row() : last.row() + 1]:
            self._cards[record.id].show_record(record)
        self.current_changed.emit()

    def _show_targets(self) -> None:
        for device_id, card in self._cards.items():
            card.show_target(self.targets.of(device_id))

    def _arrange(self) -> None:
        order = [record.id for record in self._directory.model.records]
        self._cards = {device_id: self._cards[device_id] for device_id in order}
        self._grid.show_cards(list(self._cards.values()))
        if self._current not in self._cards:
            self._current = ""
            self.choose(next(iter(self._cards), ""))
        self._show_search()
        self.current_changed.emit()

    # Looking

    def _show_search(self) -> None:
        searching, found = self._directory.is_searching, len(self._cards)
        self._bar.setVisible(searching)
        if searching:
            self._searching.setText(self.tr("Looking for scanners: {count} found so far").format(count=found))
        else:
            self._searching.setText(self.tr("{count} found").format(count=found) if found else "")
        self._empty.show_searching(searching)
        self._places.setCurrentIndex(0 if found or self._directory.notices else 1)

    def _show_notices(self) -> None:
        notices = self._directory.notices
        self._notices.show_text("\n".join(notice_text(notice) for notice in notices))
        self._notices.setToolTip("\n\n".join(f"{notice.message}\n{notice.remedy}" for notice in notices))
        self._show_search()
