# SPDX-License-Identifier: Apache-2.0
"""The kind of a page is told by its ink and by how its words lie."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.errors import InvalidAlto
from archive.text.page_layout import PageLayout, read_layout
from archive.text.page_type import PageSigns, suggest_page_type, type_of_page

Word = tuple[str, int, int, int, int, float]


def alto(lines: list[list[Word]], width: int = 1000, height: int = 1400) -> bytes:
    """An ALTO document of lines of words: text, left, top, width, height, confidence 0 to 1."""
    told = ""
    for line in lines:
        words = "".join(
            f'<String CONTENT="{text}" HPOS="{left}" VPOS="{top}" WIDTH="{wide}" HEIGHT="{high}" WC="{sure}"/>'
            for text, left, top, wide, high, sure in line
        )
        told += f'<TextLine HPOS="0" VPOS="0" WIDTH="9" HEIGHT="{max(word[4] for word in line)}">{words}</TextLine>'
    page = f'<Page WIDTH="{width}" HEIGHT="{height}"><PrintSpace><TextBlock>{told}</TextBlock></PrintSpace></Page>'
    return f'<alto xmlns="http://www.loc.gov/standards/alto/ns-v4#"><Layout>{page}</Layout></alto>'.encode()


def prose(lines: int = 30, words: int = 8) -> list[list[Word]]:
    """Lines whose words begin elsewhere in each."""
    return [
        [("word", 60 + 105 * n + 13 * (line % 8), 40 * line, 80, 30, 0.95) for n in range(words)]
        for line in range(lines)
    ]


def columns(texts: tuple[str, ...], lines: int = 20) -> list[list[Word]]:
    """Lines of columns that lie below each other."""
    return [
        [(text, 60 + 220 * n, 40 * line, 120, 30, 0.95) for n, text in enumerate(texts)]
        for line in range(lines)
    ]


TITLE: list[list[Word]] = [
    *[[("Ideen", 300, 100 + 200 * n, 300, 90, 0.8)] for n in range(2)],
    *[[("zur", 400, 500 + 60 * n, 90, 25, 0.8)] for n in range(9)],
]


def layout(words: int = 400, **more: float) -> PageLayout:
    facts: dict[str, float] = {
        "numeric": 0.0,
        "mean_confidence": 90.0,
        "area": 0.2,
        "large_lines": 0,
        "gutters": 0,
    }
    return PageLayout(words, **(facts | more))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "document", "ink"),
    [
        ("text", alto(prose()), 0.08),
        ("title", alto(TITLE), 0.04),
        ("table", alto(columns(("1865", "Bremen", "12,5", "Mark"))), 0.05),
        ("table", alto([*prose(1, 8), *columns(("Roggen", "Bremen", "Elle", "12"))]), 0.05),
        ("text", alto(columns(("Zeitung", "Spalte", "Bericht", "Wetter"))), 0.08),
        ("plate", alto([[("~", 10, 10, 30, 30, 0.2)]]), 0.3),
        ("plate", alto([]), 0.3),
        ("blank", alto([]), 0.005),
        ("blank", alto(prose()), 0.001),
        ("other", alto([[("~", 10, 10, 30, 30, 0.2)]]), 0.01),
        ("other", alto([[(*word[:5], 0.4) for word in line] for line in prose()]), 0.08),
    ],
)
def test_a_page_is_known_by_its_look(kind: str, document: bytes, ink: float) -> None:
    found, confidence = type_of_page(PageSigns(2, 9, ink, 90.0, read_layout(document)))
    assert found == kind
    assert 0 < confidence < 1


@pytest.mark.parametrize(
    ("number", "of_pages", "lightness", "kind"),
    [
        (1, 9, 40.0, "cover"),
        (9, 9, 40.0, "cover"),
        (5, 9, 40.0, "plate"),
        (1, 1, 40.0, "plate"),
        (1, 9, 90.0, "plate"),
    ],
)
def test_a_cover_is_dark_and_outside(number: int, of_pages: int, lightness: float, kind: str) -> None:
    signs = PageSigns(number, of_pages, 0.3, lightness, layout(words=3, area=0.01, mean_confidence=40.0))
    assert type_of_page(signs)[0] == kind


def test_a_page_on_its_head_is_no_table_however_many_digits_are_misread() -> None:
    misread = layout(numeric=0.4, mean_confidence=26.0)
    assert type_of_page(PageSigns(2, 4, 0.05, 90.0, misread)) == ("other", 0.3)
    assert type_of_page(PageSigns(2, 4, 0.05, 90.0, layout(numeric=0.4)))[0] == "table"


def test_of_a_page_that_was_not_read_only_blankness_is_said_for_sure() -> None:
    assert suggest_page_type(PageSigns(1, 1, 0.001, None, None)).value == "blank"
    assert suggest_page_type(PageSigns(1, 1, None, None, None)).confidence < 0.3


@pytest.mark.parametrize(
    "document",
    [b"", b"<alto/>", b"<html>", alto([], width=0), alto(prose()).replace(b'HPOS="60"', b'HPOS="?"', 1)],
)
def test_what_is_no_layout_is_refused(document: bytes) -> None:
    with pytest.raises(InvalidAlto):
        read_layout(document)


@pytest.mark.reference_data
@pytest.mark.parametrize(
    "name", [*(f"gallica_foire_18c/bpt6k1281160s_f{n}" for n in (12, 14)), "typescript_20c/22_c266f_default"]
)
def test_real_pages_of_text_are_text(name: str, reference_data: Path) -> None:
    found = read_layout((reference_data / "pages" / f"{name}.gt.alto.xml").read_bytes())
    assert found.words > 0
    assert found.gutters == 0
    assert found.large_lines == 0
