# SPDX-License-Identifier: Apache-2.0
"""Checking files that belong to no batch, and the report about them."""

from __future__ import annotations

import re
import struct
import zlib
from base64 import b64decode
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from archive.imaging.checks import Expectation
from archive.imaging.color_profiles import gray_profile
from archive.imaging.quality.files import CheckedFile, check_files, check_together
from archive.imaging.quality.profile import load_quality_profile
from archive.imaging.quality.report import quality_report

HOUSE = load_quality_profile("house")


def written(path: Path, *, seed: int = 1, turn: float = 0.0) -> Path:
    sheet = Image.new("L", (700, 1000), 225)
    draw = ImageDraw.Draw(sheet)
    for line in range(22):
        for word in range(4 + (line * seed) % 3):
            left = 90 + word * 100 - (line * seed * 13) % 40
            draw.rectangle((left, 110 + line * 35, left + 50 + (line * seed) % 17, 120 + line * 35), fill=40)
    if seed > 1:
        draw.rectangle((40, 400, 330, 900), fill=225)
        draw.rectangle((330, 90, 660, 400), fill=225)
    sheet = sheet.rotate(turn, Image.Resampling.BICUBIC, fillcolor=225)
    sheet.save(path, dpi=(300, 300), icc_profile=gray_profile())
    return path


def checked(*paths: Path, expected: Expectation | None = None) -> list[CheckedFile]:
    return check_together(list(check_files(paths, HOUSE, expected)), HOUSE)


def test_a_good_page_passes_and_a_turned_one_is_to_be_looked_at(tmp_path: Path) -> None:
    straight, turned = checked(written(tmp_path / "a.tif"), written(tmp_path / "b.tif", seed=2, turn=2.5))
    assert (straight.verdict, turned.verdict) == ("pass", "review")
    (found,) = [check for check in turned.checks if check.verdict != "pass"]
    assert found.check == "skew"
    assert "2.5 degrees off, counter-clockwise" in found.sentence


def test_a_page_that_came_twice_is_told_with_the_name_of_the_other(tmp_path: Path) -> None:
    files = checked(
        written(tmp_path / "a.tif"), written(tmp_path / "b.tif", seed=2), written(tmp_path / "c.tif")
    )
    assert [file.verdict for file in files] == ["pass", "pass", "review"]
    assert "a.tif" in next(check for check in files[2].checks if check.check == "duplicate").sentence


def test_only_what_is_expected_is_compared(tmp_path: Path) -> None:
    path = written(tmp_path / "a.tif")
    (free,) = checked(path)
    assert {"resolution", "color", "fixity"}.isdisjoint(check.check for check in free.checks)
    (bound,) = checked(path, expected=Expectation(dpi=400, color="gray"))
    found = {check.check: check.verdict for check in bound.checks}
    assert (found["resolution"], found["color"]) == ("review", "pass")


def bomb(path: Path) -> None:
    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(b"")), (b"IEND", b""))
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n"
        + b"".join(
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
            for name, data in chunks
        )
    )


def truncated(path: Path) -> None:
    content = written(path.with_name("whole.tif")).read_bytes()
    path.write_bytes(content[: len(content) // 2])


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("bomb.png", "60000 x 60000"),
        ("truncated.tif", "truncated.tif"),
        ("text.tif", "text.tif"),
        ("empty.jpg", ""),
    ],
)
def test_what_is_no_whole_image_is_a_finding_and_the_next_file_is_checked(
    name: str, said: str, tmp_path: Path
) -> None:
    bad = tmp_path / name
    if name == "bomb.png":
        bomb(bad)
    elif name == "truncated.tif":
        truncated(bad)
    else:
        bad.write_text("no image" if name == "text.tif" else "")
    broken, good = checked(bad, written(tmp_path / "good.tif"))
    assert (broken.verdict, good.verdict) == ("hold", "pass")
    assert broken.checks[-1].check == "decode"
    assert said in broken.checks[-1].sentence
    assert broken.picture == b""


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in {"meta", "br", "img", "line"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag != "line":
            assert self.open.pop() == tag


def test_the_report_is_one_page_without_links_worst_pages_first(tmp_path: Path) -> None:
    bad = tmp_path / "<b>& broken.tif"
    bad.write_text("no image")
    files = checked(written(tmp_path / "good.tif"), written(tmp_path / "turned.tif", seed=2, turn=3), bad)
    text = quality_report(files, load_quality_profile("fadgi-3-star"), "Recto, today")
    tags = _Tags()
    tags.feed(text)
    assert tags.open == []
    assert "&lt;b&gt;&amp; broken.tif" in text
    assert "<b>&" not in text
    assert text.index("broken.tif</td>") < text.index("turned.tif<br>") < text.index("good.tif<br>")
    assert not re.search(r'(?:src|href)="(?!data:)', text)
    assert "FADGI 3 star" in text
    picture = re.search(r"base64,([^\"]+)", text)
    assert picture is not None
    with Image.open(BytesIO(b64decode(picture[1]))) as image:
        image.load()
        assert max(image.size) == 280
