# SPDX-License-Identifier: Apache-2.0
"""The station stays awake while somebody captures, and says so when it cannot be kept awake."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import structlog
from PySide6.QtCore import QObject, QTimer

from app.desktop.operation import OperationContext
from app.desktop.session.sleep_inhibition import Inhibitor, ScreenSaverInhibitor, SystemdInhibitor
from app.desktop.workplace import Workplace

log = structlog.get_logger(__name__)

LANE = "sleep"
MINUTES = 5
"""After the last page; somebody who turns pages of a book touches neither keyboard nor mouse."""


class KeepAwake(QObject):
    """Keeps the station awake from each page until some minutes after it.

    Args:
        workplace: What the screens share; it tells of each page that is captured.
        ways: Ways to keep it awake, the best first.
        milliseconds: How long after the last page.
    """

    def __init__(
        self,
        workplace: Workplace,
        ways: Sequence[Callable[[], Inhibitor]] = (ScreenSaverInhibitor, SystemdInhibitor),
        milliseconds: int = MINUTES * 60_000,
    ) -> None:
        super().__init__(workplace)
        self._workplace = workplace
        self._ways = ways
        self._holding: Inhibitor | None = None
        self._asked = False
        self._told = False
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(milliseconds)
        self._rest.timeout.connect(self._let_sleep)
        workplace.item_changed.connect(self.touch)

    @property
    def is_awake(self) -> bool:
        """Whether something keeps the station awake now."""
        return self._holding is not None

    def touch(self) -> None:
        """Somebody captures."""
        self._rest.start()
        if self._asked:
            return
        self._asked = True
        reason = self.tr("Pages are being captured")
        self._workplace.operations.run(
            self.tr("Keep the station awake"),
            lambda _context: self._begin(reason),
            lane=LANE,
            on_success=self._begun,
        )

    def _begin(self, reason: str) -> Inhibitor | None:
        for way in self._ways:
            inhibitor = way()
            if inhibitor.begin(reason):
                return inhibitor
        return None

    def _begun(self, inhibitor: Inhibitor | None) -> None:
        self._holding = inhibitor
        if inhibitor is not None:
            log.info("sleep.inhibited", by=inhibitor.name)
        elif not self._told:
            self._told = True
            log.info("sleep.not_inhibited")
            self._workplace.say(
                self.tr(
                    "This computer cannot be kept awake; see that it does not sleep while pages are scanned."
                )
            )

    def _let_sleep(self) -> None:
        holding, self._holding, self._asked = self._holding, None, False
        if holding is None:
            return

        def end(_context: OperationContext) -> None:
            holding.end()

        self._workplace.operations.run(self.tr("Let the station sleep"), end, lane=LANE)

    def shut_down(self) -> None:
        """Let the station sleep; the desktop closes."""
        self._rest.stop()
        if self._holding is not None:
            self._holding.end()
            self._holding = None
