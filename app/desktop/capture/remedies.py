# SPDX-License-Identifier: Apache-2.0
"""What the one button of a scanner's failure does in the capture workspace."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum

from app.desktop.capture.runs import Outcome, Wish
from app.desktop.failures.explanation import WORDINGS


class Remedy(StrEnum):
    """What a button does."""

    SCAN_AGAIN = "scan again"
    CONNECT_AGAIN = "connect again"
    GO_THERE = "go there"


_SCAN_AGAIN = frozenset(
    {
        "scanner.error",
        "scanner.device_busy",
        "scanner.warming_up",
        "scanner.transport_locked",
        "scanner.feeder_empty",
        "scanner.jam",
        "scanner.double_feed",
        "scanner.cover_open",
        "scanner.incomplete_page",
        "scanner.spool_full",
        "scanner.cancelled",
        "filesystem",
    }
)
"""Failures after which the operator has put something right, and the same scan goes on."""

_CONNECT_AGAIN = frozenset(
    {
        "scanner.device_not_found",
        "scanner.disconnected",
        "scanner.access_denied",
        "scanner.driver_crashed",
        "scanner.driver_hung",
        "scanner.driver_missing",
        "scanner.timeout",
        "scanner.io_failure",
    }
)
"""Failures after which the device is opened afresh; the operator then captures by the usual key."""


def remedy_of(code: str) -> Remedy:
    """What the button of a failure does."""
    if code in _SCAN_AGAIN:
        return Remedy.SCAN_AGAIN
    return Remedy.CONNECT_AGAIN if code in _CONNECT_AGAIN else Remedy.GO_THERE


def screen_of(code: str) -> str:
    """Id of the screen where a failure can be mended."""
    wording = WORDINGS.get(code)
    return wording.screen if wording is not None and wording.screen != "report" else "devices"


def rest_of(outcome: Outcome) -> Wish | None:
    """What is still to be captured of a run that failed: pages that came are kept, and not asked for again.

    Returns:
        None where all pages came before it failed.
    """
    wish = outcome.wish
    if outcome.pages == 0:
        return wish
    pages = None if wish.pages is None else wish.pages - outcome.pages
    if pages is not None and pages < 1:
        return None
    return replace(wish, replaces=None, pages=pages)
