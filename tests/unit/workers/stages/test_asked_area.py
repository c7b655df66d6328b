# SPDX-License-Identifier: Apache-2.0
"""When the area that a scanner was asked for tells the size of the sheet."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from archive.registry.tables import PageRow
from workers.stages.characterise import asked_area
from workers.work import Work

A4 = {"tl-x": 0, "tl-y": 10.0, "br-x": 210.0, "br-y": 307.0}


@pytest.mark.parametrize(
    ("settings", "taken", "area"),
    [
        (A4, A4, (210.0, 297.0)),
        ({"br-x": 215.0, "br-y": 300.0}, A4, (210.0, 297.0)),  # what the device made of it counts
        ({}, A4, None),  # the whole glass, or what a feeder cuts
        ({"br-x": 210}, A4, None),
        (A4, {}, None),
        (A4, {**A4, "br-x": "wide"}, None),
        (A4, {**A4, "br-x": 2480, "br-y": 3508}, None),  # a driver that counts in pixels
        (A4, {**A4, "br-x": 0}, None),
    ],
)
def test_only_an_area_that_the_item_asks_for_tells_the_sheet(settings: Any, taken: Any, area: Any) -> None:
    work = cast("Work", SimpleNamespace(item={"settings": settings}))
    assert asked_area(work, PageRow(capture={"options": taken})) == area
    assert asked_area(work, PageRow(capture=None)) is None
