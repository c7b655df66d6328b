# SPDX-License-Identifier: Apache-2.0
"""One device as a card: what it is, how it is, and the one thing to do about it."""

from __future__ import annotations

from datetime import UTC, datetime

from PySide6.QtCore import QDateTime, QEvent, QLocale, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QToolButton, QVBoxLayout

from app.desktop.devices.device_record import DeviceRecord
from app.desktop.devices.device_words import Deed, backend_text, device_icon
from app.desktop.devices.last_targets import LastTarget
from app.desktop.devices.role_label import RoleLabel
from app.desktop.devices.simulated_badge import SimulatedBadge
from app.desktop.devices.test_scan_words import last_test_text
from app.desktop.failures.explanation import explain
from app.desktop.theme.roles import Role
from app.desktop.theme.theme import Theme
from app.desktop.widgets.card import Card
from app.desktop.widgets.head_line import HeadLine
from app.desktop.widgets.state_chip import StateChip

BUTTON_HEIGHT = 36
ICON = 32
STATE_SCALE = 1.2


def clock_text(moment: datetime) -> str:
    """A moment as people say it: the time of day, with the date when it was not today."""
    local = moment.astimezone()
    locale = QLocale()
    at = QDateTime.fromSecsSinceEpoch(int(moment.timestamp()))
    if local.date() == datetime.now().astimezone().date():
        return locale.toString(at.time(), QLocale.FormatType.ShortFormat)
    return locale.toString(at, QLocale.FormatType.ShortFormat)


class DeviceCard(Card):
    """Shows one device.

    Args:
        theme: Colours and icons.
        record: The device.
    """

    wanted = Signal(str, object)
    """The device's id, and the Deed of its button."""
    details_wanted = Signal(str)
    chosen = Signal(str)
    """The operator has turned to this card."""

    def __init__(self, theme: Theme, record: DeviceRecord) -> None:
        super().__init__(theme)
        self._record = record
        self._current = False
        self._picture = QLabel()
        self._title = HeadLine(scale=1.15)
        self._badge = SimulatedBadge(theme)
        self._backend = RoleLabel(theme)
        self._state = StateChip(theme)
        self._more = RoleLabel(theme, role=Role.TEXT)
        self._target = RoleLabel(theme)
        self._test = RoleLabel(theme)
        self._verb = QPushButton()
        self._details = QToolButton()
        self._build()
        theme.changed.connect(self._show)
        self._show()
        self.show_target(None)

    @property
    def record(self) -> DeviceRecord:
        """The device that is shown."""
        return self._record

    @property
    def verb(self) -> QPushButton:
        """The one button."""
        return self._verb

    @property
    def state_text(self) -> str:
        """The state as it stands on the card."""
        return self._state.word

    def show_record(self, record: DeviceRecord) -> None:
        """Show how the device is now."""
        self._record = record
        self._show()

    def show_target(self, target: LastTarget | None) -> None:
        """Show the last colour target of the device, and whether another one is due."""
        now = datetime.now(UTC)
        due = target is not None and target.is_due(now)
        self._target.show_text(target.words(now) if target else "", Role.HELD if due else Role.MUTED)

    @property
    def target_text(self) -> str:
        """The last colour target as it stands on the card; "" for none."""
        return self._target.text()

    def mark_current(self, current: bool) -> None:  # noqa: FBT001  # as Qt's own setters
        """Mark the card as the one that keys work on."""
        if current != self._current:
            self._current = current
            self.update()

    def _build(self) -> None:
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        # the state is what a glance from a step away must find
        font = self._state.font()
        font.setPointSizeF(font.pointSizeF() * STATE_SCALE)
        self._state.setFont(font)
        self._title.setWordWrap(True)
        self._verb.setMinimumHeight(BUTTON_HEIGHT)
        self._details.setMinimumHeight(BUTTON_HEIGHT)
        self._details.setAutoRaise(True)
        self._details.setText(self.tr("Technical details"))
        self._details.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._verb.clicked.connect(lambda: self.wanted.emit(self._record.id, self._record.word.deed))
        self._details.clicked.connect(lambda: self.details_wanted.emit(self._record.id))
        for button in (self._verb, self._details):
            button.installEventFilter(self)
        names = QVBoxLayout()
        names.setSpacing(2)
        names.addWidget(self._title)
        names.addWidget(self._backend)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self._picture, alignment=Qt.AlignmentFlag.AlignTop)
        head.addLayout(names, 1)
        head.addWidget(self._badge, alignment=Qt.AlignmentFlag.AlignTop)
        buttons = QHBoxLayout()
        buttons.addWidget(self._verb)
        buttons.addStretch(1)
        buttons.addWidget(self._details)
        self.column.setSpacing(8)
        self.column.addLayout(head)
        self.column.addSpacing(4)
        self.column.addWidget(self._state)
        self.column.addWidget(self._more)
        self.column.addStretch(1)
        self.column.addWidget(self._target)
        self.column.addWidget(self._test)
        self.column.addLayout(buttons)

    def _show(self) -> None:
        record, word = self._record, self._record.word
        pixmap = self._theme.icon(device_icon(record.info)).pixmap(QSize(ICON, ICON), self.devicePixelRatio())
        self._picture.setPixmap(pixmap)
        self._title.setText(record.title)
        self._backend.setText(backend_text(record.info))
        self._backend.setToolTip(record.id)
        self._badge.setVisible(record.info.simulated)
        self._state.show_state(self._state_text(), word.role, word.icon)
        self._more.show_text(self._more_text())
        self._test.setText(last_test_text(record.test))
        self._verb.setText(word.verb_text())
        self._verb.setIcon(self._theme.icon("stop" if word.deed is Deed.STOP else _ICONS[word.deed]))
        self._details.setIcon(self._theme.icon("settings"))
        self._verb.setEnabled(record.state != "stopping")
        # read alone, a button must say which device it is about
        self._verb.setAccessibleName(f"{word.verb_text()}: {record.title}")
        self._details.setAccessibleName(f"{self._details.text()}: {record.title}")
        self.setAccessibleName(f"{record.title}: {self._state_text()}")

    def _state_text(self) -> str:
        record, word = self._record, self._record.word.text()
        if record.offline_since is not None and record.state == "offline":
            return self.tr("Offline since {time}").format(time=clock_text(record.offline_since))
        if record.work:
            return self.tr("{state}: {work}").format(state=word, work=record.work)
        return word

    def _more_text(self) -> str:
        if self._record.failure is not None and self._record.state in {"trouble", "waiting"}:
            return explain(self._record.failure).remedy
        if self._record.state == "offline":
            return self.tr("Check its power and its cable, then look again.")
        if self._record.state == "missing":
            return self.tr("Connect the disk or the share that the folder is on, then look again.")
        return ""

    # Which card keys work on

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        """Turn to this card when one of its buttons gets the focus."""
        if event.type() == QEvent.Type.FocusIn:
            self.chosen.emit(self._record.id)
        return super().eventFilter(watched, event)  # type: ignore[arg-type]  # Qt passes QObjects

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Turn to this card."""
        super().mousePressEvent(event)
        self.chosen.emit(self._record.id)
        self._verb.setFocus(Qt.FocusReason.MouseFocusReason)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Hand the focus on to the button."""
        super().focusInEvent(event)
        self._verb.setFocus(event.reason())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw a bar at the left of the card that keys work on."""
        super().paintEvent(event)
        if self._current:
            painter = QPainter(self)
            painter.setPen(QPen(self._theme.color(Role.ACCENT), 4))
            painter.drawLine(2, 2, 2, self.height() - 2)
            painter.end()


_ICONS: dict[Deed, str] = {
    Deed.TEST_SCAN: "test-scan",
    Deed.TRY_AGAIN: "retry",
    Deed.LOOK_AGAIN: "refresh",
    Deed.OPTIONS: "settings",
    Deed.SETTINGS: "settings",
}
