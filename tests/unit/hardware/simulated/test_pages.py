# SPDX-License-Identifier: Apache-2.0
"""Drawn pages are the same every time, different from each other, and look like paper."""

from __future__ import annotations

import subprocess
from difflib import SequenceMatcher
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from hardware.driver import PageAddress
from hardware.simulated.pages import DrawnPage, page_lines, page_text

A5 = (148.0, 210.0)


def draw(seed: int = 1, batch: str = "b", item: str = "i", page: int = 1, dpi: float = 60) -> DrawnPage:
    return DrawnPage(seed, PageAddress(batch, item, page), A5, dpi)


def test_a_page_is_the_same_every_time() -> None:
    first, second = draw(), draw()
    assert np.array_equal(first.rows(0, first.height), second.rows(0, second.height))
    assert page_text(1, "b", "i", 1) == page_text(1, "b", "i", 1)


def test_a_page_is_the_same_in_whatever_blocks_it_is_read() -> None:
    page = draw()
    whole = page.rows(0, page.height)
    pieces = [page.rows(top, min(top + 37, page.height)) for top in range(0, page.height, 37)]
    assert np.array_equal(np.concatenate(pieces), whole)


@pytest.mark.parametrize("other", [(2, "b", "i", 1), (1, "c", "i", 1), (1, "b", "j", 1), (1, "b", "i", 2)])
def test_another_page_has_other_words_and_other_pixels(other: tuple[int, str, str, int]) -> None:
    assert page_lines(*other) != page_lines(1, "b", "i", 1)
    first, second = draw(), draw(*other)
    assert not np.array_equal(first.rows(0, first.height), second.rows(0, second.height))


def test_names_that_run_together_are_still_other_pages() -> None:
    assert page_text(1, "ab", "c", 1) != page_text(1, "a", "bc", 1)


@pytest.mark.parametrize(("dpi", "size"), [(300, (1748, 2480)), (100, (583, 827))])
def test_a_page_has_the_size_of_its_paper(dpi: float, size: tuple[int, int]) -> None:
    page = draw(dpi=dpi)
    assert (page.width, page.height) == size


@pytest.mark.parametrize("page", range(1, 30))
def test_all_lines_end_before_the_edge_and_above_the_folio(page: int) -> None:
    drawn = draw(page=page, dpi=100)
    paper = np.asarray(drawn._coverage)
    margin = round(15 / 25.4 * 100)
    assert not paper[:, : margin - 1].any()
    assert not paper[:, -margin // 2 :].any()
    foot = paper[-2 * margin : -margin - 20]
    assert not foot.any()
    assert paper[-2 * margin :].any()


def test_paper_is_tinted_and_noisy_and_ink_is_dark() -> None:
    page = draw()
    pixels = page.rows(0, page.height).astype(int)
    paper = pixels[:10].reshape(-1, 3)
    assert paper[:, 0].mean() > paper[:, 2].mean() > 200
    assert 0 < paper.std(axis=0).max() < 8
    assert pixels.min() < 60


@pytest.mark.tesseract
def test_a_page_can_be_read_by_tesseract(tmp_path: Path, tesseract: str) -> None:
    page = draw(page=7, dpi=300)
    Image.fromarray(page.rows(0, page.height)).convert("L").save(tmp_path / "page.png", dpi=(300, 300))
    run = subprocess.run(
        [tesseract, tmp_path / "page.png", "-", "-l", "eng"],
        capture_output=True,
        text=True,
        check=True,
        env={"OMP_THREAD_LIMIT": "1"},
    )
    truth = " ".join(page_text(1, "b", "i", 7).split())
    read = " ".join(run.stdout.split())
    # a character is wrong when it is not in a run that both texts share
    matcher = SequenceMatcher(None, truth, read, autojunk=False)
    common = sum(block.size for block in matcher.get_matching_blocks())
    assert 1 - common / len(truth) < 0.02
