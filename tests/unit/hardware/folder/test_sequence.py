# SPDX-License-Identifier: Apache-2.0
"""Files follow each other as people number them."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from hardware.folder.sequence import natural_order


@pytest.mark.parametrize(
    "names",
    [
        ["1.tif", "2.tif", "10.tif"],
        ["IMG_0009.JPG", "img_10.jpg", "IMG_0011.JPG"],
        ["f1r.png", "f1v.png", "f2r.png", "f10r.png"],
        ["2.tif", "10.tif", "a.tif", "a2.tif", "a10.tif"],
        ["1-2.tif", "1-10.tif", "2-1.tif"],
        ["007.tif", "7.tif"],
        ["7.JPG", "7.jpg"],
    ],
)
def test_numbers_count_as_numbers(names: list[str]) -> None:
    paths = [Path(name) for name in names]
    random.shuffle(shuffled := list(paths))
    assert sorted(shuffled, key=natural_order) == paths


def test_a_name_of_very_many_digits_is_a_name_like_any_other() -> None:
    long = Path("9" * 250 + ".tif")
    assert sorted([long, Path("1.tif")], key=natural_order) == [Path("1.tif"), long]
