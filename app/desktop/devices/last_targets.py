# SPDX-License-Identifier: Apache-2.0
"""The colour target that was scanned last on each device: which level it reached, and whether another is due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from PySide6.QtCore import QCoreApplication, QLocale, QObject, Signal

from app.desktop.operation import OperationContext
from app.desktop.undo import LANE
from app.desktop.workplace import Workplace
from archive.registry.target_scans import TARGET_HOURS, last_target_scans

MINUTES = 120
"""Minutes up to which an age is told in minutes."""


@dataclass(frozen=True, slots=True)
class LastTarget:
    """The last target of a device.

    Attributes:
        scanned_at: When it was scanned.
        standard: By which levels it was judged.
        level: The level that it reached; "" for none.
    """

    scanned_at: datetime
    standard: str
    level: str

    def is_due(self, now: datetime) -> bool:
        """Whether another one is to be scanned: a day has gone by, or this one reached no level."""
        return not self.level or now - self.scanned_at > timedelta(hours=TARGET_HOURS)

    def words(self, now: datetime) -> str:
        """The target in one line."""
        translate = QCoreApplication.translate
        age = _age(now - self.scanned_at)
        if not self.level:
            text = translate("targets", "Colour target {age} ago: no level of {standard} is reached")
        else:
            text = translate("targets", "Colour target {age} ago: {level} of {standard}")
            if self.is_due(now):
                text = translate("targets", "Colour target {age} ago: {level} of {standard}; scan it again")
        return text.format(age=age, level=self.level, standard=self.standard)


def _age(age: timedelta) -> str:
    minutes = max(0, round(age.total_seconds() / 60))
    number = QLocale().toString
    if minutes <= MINUTES:
        return QCoreApplication.translate("targets", "{count} min").format(count=number(minutes))
    hours = round(minutes / 60)
    if hours <= 2 * TARGET_HOURS:
        return QCoreApplication.translate("targets", "{count} h").format(count=number(hours))
    return QCoreApplication.translate("targets", "{count} days").format(count=number(round(hours / 24)))


class LastTargets(QObject):
    """Reads them from the registry when asked to; a device of which none was ever recorded has none.

    Args:
        workplace: What the screens share.
        parent: Owner.
    """

    changed = Signal()

    def __init__(self, workplace: Workplace, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workplace = workplace
        self._known: dict[str, LastTarget] = {}

    def of(self, device: str) -> LastTarget | None:
        """The last target of a device."""
        return self._known.get(device)

    def refresh(self) -> None:
        """Read them again."""

        def read(_context: OperationContext) -> dict[str, LastTarget]:
            with self._workplace.node.registry.reading() as session:
                return {
                    device: LastTarget(_moment(scan.scanned_at), scan.standard, scan.level)
                    for device, scan in last_target_scans(session).items()
                }

        def show(known: dict[str, LastTarget]) -> None:
            self._known = known
            self.changed.emit()

        self._workplace.operations.run(self.tr("Read the colour targets"), read, lane=LANE, on_success=show)


def _moment(told: str) -> datetime:
    moment = datetime.fromisoformat(told)
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
