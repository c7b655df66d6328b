# SPDX-License-Identifier: Apache-2.0
"""How a capture that stopped in the middle goes on: what the operator is told, and which page is next."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from archive.registry.scanners import BEFORE_ANY_SHEET
from archive.registry.tables import PageRow, UnitRow
from hardware.errors import Retry, ScannerError
from workers.devices import is_hot_folder, is_simulated
from workers.errors import CaptureInterrupted, CaptureRefused, PagesMissing
from workers.work import Work


def last_failure(work: Work) -> dict[str, Any] | None:
    """How the unit ended when it was tried last, as the ledger keeps it."""
    with work.node.registry.reading() as session:
        return session.get_one(UnitRow, work.claim.unit).error


def explain_in_batch(work: Work, error: ScannerError, captured: int) -> None:
    """Add to a scanner's error what the batch knows: the last page that is kept, and how to go on.

    Args:
        work: The capture.
        error: What stopped it; its facts and remedy are added to.
        captured: Number of the last page of the item that is recorded; 0 when there is none.
    """
    if error.facts.get("last_good_page") is None and "next_page" in error.facts and captured:
        error.facts["last_good_page"] = captured
        error.remedy = error.remedy.replace(
            "No page of this scan had come", f"The last good page is {captured}"
        )
    if error.facts.get("front_kept"):
        error.remedy = (
            f"{type(error).default_remedy} The last good page is {error.facts['last_good_page']}: put its sheet, "
            "whose back is missing, and those after it back; its front is not kept a second time."
        )
    if error.retry is Retry.AFTER_OPERATOR:
        error.remedy += f" In this batch: {_retry(work)}"


def _retry(work: Work) -> str:
    return f"recto batch retry {work.claim.batch}"


def refuse_to_scan_blindly(work: Work, first: PageRow) -> None:
    """Let a person look at a real scanner after an attempt that ended in the middle: a sheet may have passed.

    Raises:
        CaptureInterrupted: Nobody has looked since.
    """
    device = work.item["scanner_id"]
    if work.claim.attempt == 1 or is_simulated(device) or is_hot_folder(device):
        return
    error = last_failure(work)
    if error is not None and error["code"] in BEFORE_ANY_SHEET:
        return
    known = error is not None and "next_page" in error["facts"]
    raise CaptureInterrupted(
        f"The capture was interrupted before page {first.number}; which sheet is next, only a person can see.",
        remedy=f"{error['remedy']} In this batch: {_retry(work)}" if error and known else "",
        **({**error["facts"], "cause": error["code"]} if error and known else {}),
    )


def front_comes_again(work: Work, first: PageRow) -> bool:
    """Whether the sheet of the first page is fed by both sides again, though its front is kept already."""
    facts = (last_failure(work) or {}).get("facts", {})
    return bool(facts.get("front_kept")) and facts.get("next_page") == first.number


def explain_shortfall(ended: str, *, done: int, remaining: Sequence[PageRow]) -> None:
    """Say what the operator has to do, where the rest cannot be scanned at once.

    Raises:
        PagesMissing: The feeder ran empty.
        CaptureRefused: The scanner gave no page at all.
    """
    first, last = remaining[0].number, remaining[-1].number
    if ended == "feeder_empty":
        missing = f"page {first} is" if first == last else f"pages {first} to {last} are"
        raise PagesMissing(
            f"The feeder is empty, and {missing} missing.",
            last_good_page=first - 1,
            next_page=first,
        )
    if done == 0:
        raise CaptureRefused(f"The scanner delivered nothing for page {first}.")
