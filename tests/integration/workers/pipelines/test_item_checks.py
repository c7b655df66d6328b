# SPDX-License-Identifier: Apache-2.0
"""What shows of pages only beside the others of their item is among their checks, and is gone when it is mended."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PIL import Image, ImageDraw
from sqlalchemy import select

from archive.registry.pages import suggestions_of
from archive.registry.tables import PageRow
from tests.integration.workers.pipelines.conftest import Station

WORDS = (
    "the lamp was lit",
    "and nobody came",
    "until the morning",
    "when snow fell",
    "on roof and road",
    "all day",
)


def draw_numbered(path: Path, number: int) -> None:
    image = Image.new("L", (420, 300), 235)
    draw = ImageDraw.Draw(image)
    draw.text((180, 20), str(number), fill=30, font_size=26)
    for line in range(4):
        draw.text(
            (20, 80 + line * 50), WORDS[(number * 3 + line * (number % 2 + 1)) % 6], fill=30, font_size=26
        )
    image.save(path, dpi=(150, 150))


def told(station: Station, name: str) -> dict[int, str]:
    """What one check says, by page."""
    with station.node.registry.reading() as session:
        pages = session.scalars(select(PageRow)).all()
        return {
            page.number: check["sentence"]
            for page in pages
            for check in page.checks or []
            if check["check"] == name
        }


def test_a_missing_page_and_pages_that_look_alike_are_among_the_checks_of_their_pages(
    station: Callable[..., Station],
) -> None:
    made = station()
    made.register("book", 6)
    for page, number in enumerate((114, 115, 116, 118, 119, 120)):
        draw_numbered(made.folder / f"1-{page}.tif", number)
    made.run("validate", "capture", "characterise", "enrich", "ocr", "assemble")
    (order,) = told(made, "page_order").items()
    assert order[0] == 4
    assert "number 118, page 3 before it 116" in order[1]
    # their lines are the same
    assert told(made, "duplicate")[3].startswith("The page looks like page 1")
    with made.node.registry.reading() as session:
        suggested = {
            each.page for each in suggestions_of(session, 1) if each.source == "archive.imaging.quality"
        }
    assert set(told(made, "duplicate")) == {page for page in suggested if page}
