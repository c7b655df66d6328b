# SPDX-License-Identifier: Apache-2.0
"""A drawn page through Tesseract into text, hOCR, ALTO and PDF/A."""

from __future__ import annotations

import hashlib
import os
import re
import resource
import signal
import subprocess
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pikepdf
import pytest
from lxml import etree
from pikepdf import pdfa
from PIL import Image, ImageDraw, ImageFont

from archive.errors import LanguageDataMissing, RecognitionFailed, RecognitionTimedOut
from archive.imaging.derivatives import make_access_jpeg, make_ocr_rendition
from archive.text.ocr import Recognition, recognise
from archive.text.searchable_pdf import PdfMetadata, PdfPage, assemble_pdf

pytestmark = [pytest.mark.tesseract, pytest.mark.usefixtures("tesseract")]

LINES = [
    "The archivist opened the parcel carefully.",
    "Inside lay forty letters, tied with ribbon,",
    "and a note: please read them in order.",
]


@pytest.fixture(scope="session")
def master(tmp_path_factory: pytest.TempPathFactory) -> Path:
    page = Image.new("L", (1400, 700), 245)
    draw = ImageDraw.Draw(page)
    for number, line in enumerate(LINES):
        draw.text((120, 120 + number * 120), line, fill=20, font=ImageFont.load_default(56))
    path = tmp_path_factory.mktemp("scan") / "page.tif"
    page.save(path, dpi=(300, 300))
    return path


@pytest.fixture(scope="session")
def rendition(master: Path) -> Path:
    return make_ocr_rendition(master, master.parent / "page.png", dpi=300).path


@pytest.fixture(scope="session")
def recognised(rendition: Path, tmp_path_factory: pytest.TempPathFactory, tesseract: str) -> Recognition:
    return recognise(rendition, tmp_path_factory.mktemp("ocr") / "0001", language="eng", dpi=300)


@pytest.fixture(scope="session")
def schema(reference_data: Path) -> etree.XMLSchema:
    class Local(etree.Resolver):
        def resolve(self, url, pubid, context):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
            return self.resolve_filename(str(reference_data / "schemas" / Path(url).name), context)

    parser = etree.XMLParser()
    parser.resolvers.add(Local())
    return etree.XMLSchema(etree.parse(reference_data / "schemas" / "alto-4-4.xsd", parser))


def invisible_text(page: pikepdf.Page) -> str:
    """The text of Tesseract's glyphless font, whose codes are UTF-16 (its ToUnicode map is the identity)."""
    form = page.Resources.XObject.RecognisedText
    shown = re.findall(rb"<([0-9A-Fa-f]+)>", form.read_bytes())
    return b"".join(bytes.fromhex(code.decode()) for code in shown).decode("utf-16-be")


def files(recognition: Recognition) -> list[Path]:
    return [recognition.text, recognition.hocr, recognition.alto, recognition.pdf]


def test_a_page_gives_its_text_and_says_how_it_was_made(recognised: Recognition) -> None:
    assert [line for line in recognised.text.read_text().splitlines() if line] == LINES
    assert recognised.words == sum(len(line.split()) for line in LINES)
    assert recognised.mean_confidence > 85
    assert recognised.engine.startswith("tesseract ")
    assert set(recognised.traineddata) == {"eng"}
    assert re.fullmatch(r"[0-9a-f]{64}", recognised.traineddata["eng"])
    assert [path.name for path in files(recognised)] == [
        "0001.txt",
        "0001.hocr",
        "0001.alto.xml",
        "0001.text.pdf",
    ]
    assert sorted(path.name for path in recognised.text.parent.iterdir()) == sorted(
        p.name for p in files(recognised)
    )


@pytest.mark.reference_data
def test_the_alto_is_valid_against_alto_4_4(recognised: Recognition, schema: etree.XMLSchema) -> None:
    schema.assertValid(etree.parse(recognised.alto))


def test_no_output_knows_where_it_was_made(recognised: Recognition, rendition: Path) -> None:
    for path in files(recognised):
        content = path.read_bytes()
        assert str(rendition.parent).encode() not in content
        assert b"/tmp" not in content
    assert b'image "page.png"' in recognised.hocr.read_bytes()


def test_the_same_rendition_gives_the_same_bytes(
    recognised: Recognition, rendition: Path, tmp_path: Path
) -> None:
    again = recognise(rendition, tmp_path / "elsewhere" / "0001", language="eng", dpi=300)
    for one, other in zip(files(recognised), files(again), strict=True):
        assert hashlib.sha256(one.read_bytes()).digest() == hashlib.sha256(other.read_bytes()).digest()


def test_the_text_lies_searchable_over_the_image_in_a_pdf_a(
    recognised: Recognition, master: Path, tmp_path: Path
) -> None:
    access = make_access_jpeg(master, tmp_path / "a.jpg", long_side=700)
    page = PdfPage(access.path, recognised.pdf, 150, "1")
    made = assemble_pdf([page, page], tmp_path / "item.pdf", PdfMetadata("Parcel", language="eng"))
    assert pdfa.validate_written(made, "2b").verdict == "pass"
    with pikepdf.open(made) as pdf:
        for pdf_page in pdf.pages:
            assert invisible_text(pdf_page).split() == " ".join(LINES).split()
            font = next(iter(pdf_page.Resources.XObject.RecognisedText.Resources.Font.values()))
            assert b"<0000> <FFFF> <0000>" in font.ToUnicode.read_bytes()
            scale = re.search(
                rb"([\d.]+) 0 0 ([\d.]+) [-\d.]+ [-\d.]+ cm\n/RecognisedText", pdf_page.Contents.read_bytes()
            )
            assert scale is not None
            assert float(scale[1]) == pytest.approx(1, abs=0.01)


@pytest.mark.reference_data
def test_a_blank_page_gives_empty_valid_outputs(tmp_path: Path, schema: etree.XMLSchema) -> None:
    Image.new("L", (600, 800), 250).save(tmp_path / "blank.png")
    found = recognise(tmp_path / "blank.png", tmp_path / "0001", language="eng", dpi=300)
    assert (found.words, found.mean_confidence, found.text.read_text().strip()) == (0, 0, "")
    schema.assertValid(etree.parse(found.alto))
    access = make_access_jpeg(tmp_path / "blank.png", tmp_path / "a.jpg")
    assert assemble_pdf(
        [PdfPage(access.path, found.pdf, 300, "")], tmp_path / "p.pdf", PdfMetadata("Blank")
    ).is_file()


@pytest.mark.parametrize("name", ['it\'s "here".png', "a & <b>.png", "ümlaut № sp ace.png", "-l.png"])
def test_odd_file_names_are_no_obstacle(name: str, rendition: Path, tmp_path: Path) -> None:
    odd = tmp_path / "odd 'fold&er'" / name
    odd.parent.mkdir()
    odd.write_bytes(rendition.read_bytes())
    found = recognise(odd, odd.parent / "out" / name, language="eng", dpi=300)
    assert found.words == sum(len(line.split()) for line in LINES)
    etree.parse(found.alto)
    etree.fromstring(re.sub(rb"<!DOCTYPE[^>]*>", b"", found.hocr.read_bytes()))
    assert b"odd '" not in found.hocr.read_bytes() + found.alto.read_bytes()


def test_a_language_without_data_is_found_before_anything_runs(rendition: Path, tmp_path: Path) -> None:
    with pytest.raises(LanguageDataMissing) as caught:
        recognise(rendition, tmp_path / "out" / "0001", language="eng+tlh", dpi=300)
    assert "tesseract-ocr-tlh" in caught.value.remedy
    assert not (tmp_path / "out").exists()


def running_in(folder: Path) -> list[str]:
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it ended while we looked
            if (process / "cwd").readlink().is_relative_to(folder):
                found.append((process / "comm").read_text())
    return found


def test_running_programs_are_seen_where_they_run(tmp_path: Path) -> None:
    with subprocess.Popen(["sleep", "30"], cwd=tmp_path) as sleeper:  # noqa: S607
        assert running_in(tmp_path) == ["sleep\n"]
        sleeper.kill()


def test_a_page_that_takes_too_long_is_given_up_and_nothing_is_left(rendition: Path, tmp_path: Path) -> None:
    with pytest.raises(RecognitionTimedOut):
        recognise(rendition, tmp_path / "0001", language="eng", dpi=300, timeout=0.05)
    assert running_in(tmp_path) == []
    assert list(tmp_path.iterdir()) == []


Damage = Callable[[bytes], bytes]


@pytest.mark.parametrize(
    "damage", [lambda _: b"", lambda _: b"rubbish", lambda content: content[: len(content) // 3]]
)
def test_a_damaged_rendition_is_an_error_and_not_an_empty_page(
    damage: Damage, rendition: Path, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.png"
    broken.write_bytes(damage(rendition.read_bytes()))
    with pytest.raises(RecognitionFailed):
        recognise(broken, tmp_path / "out" / "0001", language="eng", dpi=300)
    assert list((tmp_path / "out").iterdir()) == []


def test_a_missing_rendition_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(RecognitionFailed, match="no rendition"):
        recognise(tmp_path / "none.png", tmp_path / "out" / "0001", language="eng", dpi=300)


@pytest.mark.parametrize("limit", [200, 1500, 3000])
def test_a_full_disk_leaves_no_half_text(limit: int, rendition: Path, tmp_path: Path) -> None:
    child = os.fork()
    if child == 0:  # the limit must not reach the test process
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
        try:
            recognise(rendition, tmp_path / "0001", language="eng", dpi=300)
        except (OSError, RecognitionFailed):
            os._exit(7)
        os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
    assert list(tmp_path.iterdir()) == []
