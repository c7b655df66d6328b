# SPDX-License-Identifier: Apache-2.0
"""Where a batch goes on after an error: the last good page, and which sheets are to be put back."""

from __future__ import annotations

from collections.abc import Mapping

from hardware.errors import CoverOpen, DoubleFeed, Jam, ScannerError
from hardware.options import Value
from hardware.scanner import PageFile
from hardware.sources import is_duplex

_IN_THE_PAPER_PATH = (CoverOpen, DoubleFeed, Jam)
"""Errors after which sheets are put back, also when not one page had come."""


class Resumption:
    """Knows, while a batch is scanned, at which page it would have to go on.

    Args:
        first_page: Number of the first page that was asked for.
    """

    def __init__(self, first_page: int) -> None:
        self._first_page = first_page
        self._last: PageFile | None = None

    def completed(self, page: PageFile) -> None:
        """Note a page that lies in the spool, whole."""
        self._last = page

    def explain(self, error: ScannerError) -> ScannerError:
        """Add to an error's facts and remedy where to go on; only the first time that it is explained.

        `facts["last_good_page"]` is the number of the last page that came whole (None when this scan
        had none), `facts["next_page"]` the one to go on with; `facts["front_kept"]` is there, and true,
        when they are the two sides of one sheet.
        """
        if "next_page" in error.facts:
            return error
        last = self._last.number if self._last else None
        error.facts |= {"last_good_page": last, "next_page": self._first_page if last is None else last + 1}
        if self._last is not None and self._is_front_of_two(self._last):
            error.facts["front_kept"] = True
            error.remedy += _back_of(self._last)
        elif self._last is not None:
            error.remedy += _after(self._last)
        elif self._first_page > 0 and isinstance(error, _IN_THE_PAPER_PATH):
            error.remedy += (
                " No page of this scan had come: put back what had gone in, "
                f"then go on with page {self._first_page}."
            )
        return error

    def _is_front_of_two(self, page: PageFile) -> bool:
        return takes_both_sides(page.options) and (page.number - self._first_page) % 2 == 0


def takes_both_sides(options: Mapping[str, Mapping[str, Value]]) -> bool:
    """Whether a page came from a source that takes both sides of each sheet, by the options it was scanned with."""
    actual = {name: options.get(name, {}).get("actual") for name in ("source", "duplex", "adf-mode")}
    return actual["duplex"] is True or any(is_duplex(str(actual[name])) for name in ("source", "adf-mode"))


def _after(page: PageFile) -> str:
    following = page.number + 1
    if page.device.backend == "folder":
        # its files lie where they lay
        return f" The last good page is {page.number}: go on with page {following}."
    return (
        f" The last good page is {page.number}: put the sheet of page {following} and those after it back, "
        f"then go on with page {following}."
    )


def _back_of(page: PageFile) -> str:
    # fed by both sides again, the sheet would give its front a second time, under the number of its back
    following = page.number + 1
    return (
        f" The last good page is {page.number}, the front of the sheet: scan its back alone as page {following}, "
        f"on the glass or from one side; then put the sheets after it back and go on with page {following + 1}."
    )
