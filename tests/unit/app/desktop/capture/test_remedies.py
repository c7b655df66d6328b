# SPDX-License-Identifier: Apache-2.0
"""Everything that can go wrong with a scanner has a text and a button of its own, and the button does something."""

from __future__ import annotations

import pytest

from app.desktop.capture.remedies import Remedy, remedy_of, rest_of, screen_of
from app.desktop.capture.runs import Outcome, Wish
from app.desktop.failures.explanation import explain
from app.desktop.screens import SCREENS
from hardware.errors import ScannerError, error_classes
from hardware.simulated.faults import FaultKind

SHOWN_AS = {
    FaultKind.JAM: ("scanner.jam", Remedy.SCAN_AGAIN),
    FaultKind.DOUBLE_FEED: ("scanner.double_feed", Remedy.SCAN_AGAIN),
    FaultKind.COVER_OPEN: ("scanner.cover_open", Remedy.SCAN_AGAIN),
    FaultKind.IO_ERROR: ("scanner.io_failure", Remedy.CONNECT_AGAIN),
    FaultKind.NO_DOCS: ("scanner.feeder_empty", Remedy.SCAN_AGAIN),
    FaultKind.CANCELLED: ("scanner.cancelled", Remedy.SCAN_AGAIN),
    FaultKind.BUSY: ("scanner.device_busy", Remedy.SCAN_AGAIN),
    FaultKind.WARMING_UP: ("scanner.warming_up", Remedy.SCAN_AGAIN),
    FaultKind.DISCONNECT: ("scanner.disconnected", Remedy.CONNECT_AGAIN),
    FaultKind.HANG: ("scanner.driver_hung", Remedy.CONNECT_AGAIN),
    FaultKind.CRASH: ("scanner.driver_crashed", Remedy.CONNECT_AGAIN),
    FaultKind.EARLY_EOF: ("scanner.incomplete_page", Remedy.SCAN_AGAIN),
}


# requirement 16
@pytest.mark.parametrize("fault", SHOWN_AS)
def test_every_simulated_fault_has_its_own_text_and_button(fault: FaultKind) -> None:
    code, remedy = SHOWN_AS[fault]
    error_class = next(each for each in error_classes() if each.code == code)
    explanation = explain(error_class("It happened.").to_json())
    others = [
        explain(each("It happened.").to_json())
        for each in error_classes()
        if each.code != code and each is not ScannerError
    ]
    assert explanation.headline not in {other.headline for other in others}
    assert all((explanation.headline, explanation.consequence, explanation.remedy, explanation.button))
    assert remedy_of(code) is remedy


@pytest.mark.parametrize("error_class", list(error_classes()), ids=lambda each: each.code)
def test_every_button_does_something(error_class: type[ScannerError]) -> None:
    if remedy_of(error_class.code) is Remedy.GO_THERE:
        assert screen_of(error_class.code) in {place.id for place in SCREENS}


def test_a_full_disk_is_put_right_and_the_same_scan_goes_on() -> None:
    assert remedy_of("scanner.spool_full") is Remedy.SCAN_AGAIN
    assert explain({"code": "scanner.spool_full"} | _sentences()).button == "Room made, scan again"


def _sentences() -> dict[str, str]:
    return {"message": "Full.", "consequence": "", "remedy": ""}


@pytest.mark.parametrize(
    ("wish", "pages", "rest"),
    [
        (Wish(pages=10), 4, Wish(pages=6)),
        (Wish(pages=None), 4, Wish(pages=None)),
        (Wish(replaces=7), 0, Wish(replaces=7)),
        (Wish(replaces=7, pages=3), 1, Wish(pages=2)),
        (Wish(before=7, pages=3), 1, Wish(before=7, pages=2)),
        (Wish(pages=1), 1, None),
    ],
)
def test_after_a_failure_only_what_did_not_come_is_asked_for(
    wish: Wish, pages: int, rest: Wish | None
) -> None:
    assert rest_of(Outcome(wish, "failed", pages)) == rest
