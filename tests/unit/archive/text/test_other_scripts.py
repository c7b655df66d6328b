# SPDX-License-Identifier: Apache-2.0
"""Right-to-left and vertical text comes through as it was read, in text, hOCR and ALTO; what is no reading does not."""

# ruff: noqa: RUF001 - letters of other scripts

from __future__ import annotations

from html import escape
from pathlib import Path

import pytest
from lxml import etree

from archive.errors import InvalidAlto, RecognitionFailed
from archive.text.alto import read_words
from archive.text.engine import Reading
from archive.text.ocr import Recognition, recognise
from tests.unit.archive.text.conftest import Reader

HEBREW = ["\u200fבְּרֵאשִׁית\u200f", "ברא", "(1)\u200e", "אלהים׃"]
ARABIC = ["\u202bبِسْمِ", "ٱللَّهِ\u202c", "\u06f1\u06f2\u06f3", "لا\u200cيمكن"]
JAPANESE = ["吾輩は", "猫で", "あ\u309aる。", "𠮷野"]

ALTO = """<?xml version="1.0" encoding="UTF-8"?>
<alto xmlns="http://www.loc.gov/standards/alto/ns-v3#"><Description><MeasurementUnit>pixel</MeasurementUnit>
<sourceImageInformation><fileName>/tmp/secret/page.png</fileName></sourceImageInformation></Description>
<Layout><Page ID="p" PHYSICAL_IMG_NR="1" WIDTH="400" HEIGHT="600"><PrintSpace HPOS="0" VPOS="0" WIDTH="400" HEIGHT="600">
<TextBlock ID="b" HPOS="0" VPOS="0" WIDTH="400" HEIGHT="600">{lines}</TextBlock></PrintSpace></Page></Layout></alto>"""


def reading(words: list[str], *, vertical: bool = False, pdf: bytes | None = None) -> Reading:
    """The words as an engine would give them, each a line; vertical ones stand from the right to the left."""
    places = [(360 - 40 * n, 10, 30, 500) if vertical else (10, 40 * n, 300, 30) for n in range(len(words))]
    lines = "".join(
        f'<TextLine ID="l{n}" HPOS="{x}" VPOS="{y}" WIDTH="{w}" HEIGHT="{h}"><String ID="s{n}" WC="0.{9 - n}" '
        f'CONTENT="{escape(word)}" HPOS="{x}" VPOS="{y}" WIDTH="{w}" HEIGHT="{h}"/></TextLine>'
        for n, (word, (x, y, w, h)) in enumerate(zip(words, places, strict=True))
    )
    spans = "".join(f'<span class="ocrx_word" dir="auto">{escape(word)}</span>' for word in words)
    hocr = f'<html><body><div class="ocr_page" title=\'image "/tmp/secret/page.png"\'>{spans}</div></body></html>'
    return Reading(
        "\n".join(words) + "\n\f", hocr.encode(), ALTO.format(lines=lines).encode(), pdf, "by hand"
    )


def read(answer: Reading | BaseException | None, folder: Path) -> Recognition:
    """Let an engine read a page that nobody looks at."""
    (folder / "page.png").write_bytes(b"\x89PNG")
    return recognise(
        folder / "page.png", folder / "ocr" / "0001", language="heb", dpi=300, engine=Reader(answer)
    )


@pytest.mark.parametrize(
    ("words", "vertical"), [(HEBREW, False), (ARABIC, False), (JAPANESE, True), (["&<x>", '"'], False)]
)
def test_every_character_and_the_order_of_reading_come_through(
    words: list[str],
    vertical: bool,  # noqa: FBT001 - a case of the table above
    tmp_path: Path,
) -> None:
    found = read(reading(words, vertical=vertical), tmp_path)
    assert found.text.read_text(encoding="utf-8") == "\n".join(words) + "\n\f"
    assert [word.text for word in read_words(found.alto.read_bytes())] == words
    spans = etree.fromstring(found.hocr.read_bytes()).iter("span")
    assert [span.text for span in spans] == words
    if vertical:
        columns = [word.left for word in read_words(found.alto.read_bytes())]
        assert columns == sorted(columns, reverse=True)


def test_what_an_engine_leaves_behind_is_gone_and_no_local_path_is_told(tmp_path: Path) -> None:
    found = read(reading(HEBREW), tmp_path)
    assert sorted(path.name for path in found.text.parent.iterdir()) == [
        "0001.alto.xml",
        "0001.hocr",
        "0001.txt",
    ]
    for path in (found.hocr, found.alto):
        assert b"secret" not in path.read_bytes()
        assert b"page.png" in path.read_bytes()


@pytest.mark.parametrize(
    ("told", "written"),
    [
        ("title='image \"/tmp/secret/page.png\"; bbox 0 0 9 9'", "title='image \"page.png\"; bbox 0 0 9 9'"),
        (
            'title="image &quot;/tmp/secret/page.png&quot;; bbox 0 0 9 9"',
            'title="image &quot;page.png&quot;; bbox 0 0 9 9"',
        ),
        (
            'title="bbox 0 0 9 9; image /tmp/secret/page.png"',
            'title="bbox 0 0 9 9; image &quot;page.png&quot;"',
        ),
    ],
)
def test_the_name_of_the_image_is_written_as_the_engine_quotes_it_and_text_is_left_alone(
    told: str, written: str, tmp_path: Path
) -> None:
    words = '<span class="ocrx_word">an image &quot;of&quot; title="image x"</span>'
    hocr = '<html><body><div class="ocr_page" {}>{}</div></body></html>'
    answer = Reading("", hocr.format(told, words).encode(), ALTO.format(lines="").encode(), None, "")
    found = read(answer, tmp_path).hocr.read_text(encoding="utf-8")
    assert found == hocr.format(written, words)
    etree.fromstring(found)


def test_how_sure_an_engine_is_comes_from_its_alto(tmp_path: Path) -> None:
    found = read(reading(HEBREW), tmp_path)
    assert (found.words, found.mean_confidence, found.unsure_words) == (4, pytest.approx(75), 0)
    found = read(reading([*HEBREW, "x", "y"]), tmp_path)
    assert found.unsure_words == pytest.approx(2 / 6)
    assert (found.engine, found.pdf, found.page_segmentation) == ("reader 3", None, None)


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (ValueError("no such glyph"), "reader failed on page.png: ValueError: no such glyph"),
        (None, "gave a NoneType"),
        (reading(HEBREW, pdf=b"no pdf"), "reader wrote a PDF that cannot be read"),
        (Reading("\ud800", b"", ALTO.format(lines="").encode(), None, ""), "is no Unicode"),
        (Reading("", "", b"", None, ""), "gave hocr as str"),  # type: ignore[arg-type]
        (Reading("", b"", ALTO, None, ""), "gave alto as str"),  # type: ignore[arg-type]
    ],
)
def test_what_is_no_reading_is_an_error_with_the_engines_name(
    answer: Reading | BaseException | None, told: str, tmp_path: Path
) -> None:
    with pytest.raises(RecognitionFailed, match=told):
        read(answer, tmp_path)
    assert list((tmp_path / "ocr").iterdir()) == []


def test_what_is_no_alto_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidAlto):
        read(Reading("text", b"<html/>", b"<page/>", None, ""), tmp_path)
    assert list((tmp_path / "ocr").iterdir()) == []


@pytest.mark.parametrize("interruption", [KeyboardInterrupt(), OSError(28, "No space left on device")])
def test_an_interruption_is_not_taken_for_the_engines_failure(
    interruption: BaseException, tmp_path: Path
) -> None:
    with pytest.raises(type(interruption)):
        read(interruption, tmp_path)
    assert list((tmp_path / "ocr").iterdir()) == []
