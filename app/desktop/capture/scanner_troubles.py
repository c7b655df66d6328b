# SPDX-License-Identifier: Apache-2.0
"""What the workspace says when the scanner cannot go on: once, with the one button that goes on with the work."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QCoreApplication

from app.desktop.capture.chosen_scanner import ChosenScanner
from app.desktop.capture.remedies import Remedy, remedy_of, rest_of, screen_of
from app.desktop.capture.runs import CaptureRuns, Outcome, Wish
from app.desktop.failures.explanation import explain
from app.desktop.workplace import Workplace
from workers.desk.errors import PagesNotReady
from workers.desk.places import Place

TROUBLE = "capture.scanner"
"""What the banner about the scanner is about."""

NOT_KEPT = "capture.kept"

UNLIKE = "capture.unlike"
"""The banner about pages that are not what the manifest demands."""


class ScannerTroubles:
    """Turns failures of the scanner into banners; each is gone when the next page has come.

    Args:
        workplace: Where banners are reported.
        scanner: Who is connected again.
        runs: Who scans again.
    """

    def __init__(self, workplace: Workplace, scanner: ChosenScanner, runs: CaptureRuns) -> None:
        self._workplace = workplace
        self._scanner = scanner
        self._runs = runs

    def tell_of_run(self, outcome: Outcome) -> None:
        """A run failed."""
        if outcome.failure is not None:
            self._show(outcome.failure, partial(self._go_on, rest_of(outcome)))

    def _go_on(self, rest: Wish | None) -> None:
        if rest is not None and self._runs.is_of_open_item:
            self._runs.start(rest)
        else:
            # nothing is left, or another item is open by now: what comes next is for the usual key
            self._scanner.connect_again()

    def tell_of_scanner(self, failure: dict[str, Any]) -> None:
        """The scanner could not be connected, or set."""
        self._show(failure, self._scanner.connect_again)

    def tell_not_kept(self, failure: dict[str, Any]) -> None:
        """A page that was scanned could not be taken into the item."""
        self._workplace.report(
            failure, key=NOT_KEPT, remedy_title=explain(failure).button, remedy=self._keep_again
        )

    def kept_after_all(self) -> None:
        """The page that could not be taken in is in the item now."""
        self._workplace.resolved(NOT_KEPT)

    def tell_of_page(self, place: Place) -> None:
        """A page came: say so when it is unlike what the manifest demands, for the item cannot be done with it."""
        if not place.problem:
            self._workplace.resolved(UNLIKE)
            return
        failure = PagesNotReady(place.problem, page=place.position).to_json()
        self._workplace.report(
            failure,
            key=UNLIKE,
            remedy_title=QCoreApplication.translate("ScannerTroubles", "Choose other settings"),
            remedy=partial(self._workplace.go_to, "devices", device=self._scanner.device_id),
        )

    def over(self) -> None:
        """A page came: whatever was wrong is well again."""
        self._workplace.resolved(TROUBLE)

    def _keep_again(self) -> None:
        self.kept_after_all()
        self._runs.keep_again()

    def _show(self, failure: dict[str, Any], again: Callable[[], None]) -> None:
        code = failure["code"]
        remedies: dict[Remedy, Callable[[], None]] = {
            Remedy.SCAN_AGAIN: partial(self._do, again),
            Remedy.CONNECT_AGAIN: partial(self._do, self._scanner.connect_again),
            Remedy.GO_THERE: partial(self._workplace.go_to, screen_of(code), device=self._scanner.device_id),
        }
        self._workplace.report(
            failure, key=TROUBLE, remedy_title=explain(failure).button, remedy=remedies[remedy_of(code)]
        )

    def _do(self, deed: Callable[[], None]) -> None:
        self.over()
        deed()
