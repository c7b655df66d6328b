# SPDX-License-Identifier: Apache-2.0
"""After an error an operator reads which page is the last good one and which sheets to put back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from hardware.errors import CoverOpen, Disconnected, DoubleFeed, IncompletePage, Jam, ScannerError
from hardware.options import Value
from hardware.resumption import Resumption
from hardware.scanner import DeviceInfo, PageFile

INFO = DeviceInfo("scripted:1", "scripted", "", "", "", simulated=True)


def page(number: int, **actual: Value) -> PageFile:
    options = {name: {"requested": None, "actual": value} for name, value in actual.items()}
    return PageFile(
        path=Path(f"{number:04d}.raw"),
        number=number,
        width=1,
        height=1,
        bits_per_sample=8,
        samples_per_pixel=1,
        photometric="black_is_zero",
        pixel_sha256="",
        dpi=(300, 300),
        options={name.replace("_", "-"): option for name, option in options.items()},
        device=INFO,
        started_at="",
        finished_at="",
        bytes_received=1,
        complete=True,
    )


def after(error: ScannerError, first_page: int, *pages: PageFile) -> ScannerError:
    resumption = Resumption(first_page)
    for each in pages:
        resumption.completed(each)
    resumption.explain(error)
    return error


def test_a_jam_names_the_last_good_page_and_the_sheets_to_put_back() -> None:
    error = after(Jam("Stuck."), 56, page(56, source="ADF"), page(57, source="ADF"))
    assert (error.facts["last_good_page"], error.facts["next_page"]) == (57, 58)
    assert error.remedy == (
        "Take the stuck sheet out and smooth it. The last good page is 57: put the sheet of page 58 "
        "and those after it back, then go on with page 58."
    )


def test_nobody_puts_the_files_of_a_hot_folder_back() -> None:
    hot = replace(page(2), device=replace(INFO, id="folder:hot", backend="folder"))
    error = after(IncompletePage("Not whole."), 1, hot)
    assert error.remedy.endswith("The last good page is 2: go on with page 3.")
    assert error.facts["next_page"] == 3


def test_a_batch_of_which_nothing_came_goes_on_at_its_beginning() -> None:
    error = after(DoubleFeed("Two."), 58)
    assert (error.facts["last_good_page"], error.facts["next_page"]) == (None, 58)
    assert "No page of this scan had come" in error.remedy
    assert error.remedy.endswith("go on with page 58.")


def test_an_error_outside_the_paper_path_says_nothing_of_sheets_when_nothing_came() -> None:
    error = after(Disconnected("Gone."), 3)
    assert error.remedy == Disconnected.default_remedy
    assert error.facts["next_page"] == 3


def test_a_cover_opened_during_a_preview_concerns_no_page() -> None:
    assert after(CoverOpen("Open."), 0).remedy == "Close the cover."


def test_an_error_is_explained_once() -> None:
    error = after(Jam("Stuck."), 1, page(1))
    words = error.remedy
    assert after(error, 1, page(1), page(2)).remedy == words
    assert error.facts["last_good_page"] == 1


BOTH_SIDES = [{"source": "ADF Duplex"}, {"source": "ADF", "duplex": True}, {"adf_mode": "Duplex"}]


@pytest.mark.parametrize("options", BOTH_SIDES)
def test_a_sheet_whose_front_is_kept_is_not_fed_by_both_sides_again(options: dict[str, Value]) -> None:
    error = after(Jam("Stuck."), 57, page(57, **options))
    assert "The last good page is 57, the front of the sheet: scan its back alone as page 58" in error.remedy
    assert error.remedy.endswith("go on with page 59.")
    assert error.facts["front_kept"] is True


@pytest.mark.parametrize("options", BOTH_SIDES)
def test_a_sheet_with_both_sides_kept_stays_out(options: dict[str, Value]) -> None:
    error = after(Jam("Stuck."), 56, page(56, **options), page(57, **options))
    assert error.remedy.endswith("put the sheet of page 58 and those after it back, then go on with page 58.")
