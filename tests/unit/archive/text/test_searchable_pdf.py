# SPDX-License-Identifier: Apache-2.0
"""PDFs are archival, repeatable, and written whole or not at all."""

from __future__ import annotations

import hashlib
import os
import resource
import signal
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pikepdf
import pytest
from pikepdf import pdfa
from PIL import Image

from archive.errors import PdfNotArchival, TextError
from archive.imaging.color_profiles import gray_profile, srgb_profile
from archive.text.searchable_pdf import PdfMetadata, PdfPage, assemble_pdf

METADATA = PdfMetadata("Letters & <Notes>", "Müller, Ἀθηνᾶ", "deu", "Correspondence")
MakePage = Callable[..., PdfPage]


@pytest.fixture
def make_page(tmp_path: Path) -> MakePage:
    def make(
        number: int = 1, *, mode: str = "RGB", label: str = "", text: bool = False, dpi: float = 100.0
    ) -> PdfPage:
        noise = np.random.default_rng(number).integers(0, 256, (110, 80, 3), dtype=np.uint8)
        image = Image.fromarray(noise).convert(mode)
        path = tmp_path / f"{number}.{mode}.jpg"
        image.save(path, icc_profile=gray_profile() if mode == "L" else srgb_profile())
        return PdfPage(path, empty_text_page(tmp_path / f"{number}.text.pdf") if text else None, dpi, label)

    return make


def empty_text_page(path: Path) -> Path:
    """A page as Tesseract writes it for a blank sheet, on another size than the image has."""
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(57.5, 79.3)).contents_add(b"q 57.5 0 0 79.3 0 0 cm Q")
        pdf.save(path)
    return path


def test_the_pdf_is_pdf_a_2b_with_every_kind_of_page(make_page: MakePage, tmp_path: Path) -> None:
    pages = [make_page(1, text=True), make_page(2, mode="L"), make_page(3, mode="L", text=True)]
    made = assemble_pdf(pages, tmp_path / "out" / "item.pdf", METADATA)
    assert pdfa.validate_written(made, "2b").verdict == "pass"
    assert [path.name for path in made.parent.iterdir()] == ["item.pdf"]


def test_the_jpegs_go_in_unchanged_and_decide_the_size_of_the_pages(
    make_page: MakePage, tmp_path: Path
) -> None:
    pages = [make_page(1, dpi=100), make_page(2, dpi=50, text=True)]
    with pikepdf.open(assemble_pdf(pages, tmp_path / "item.pdf", METADATA)) as pdf:
        for page, given, size in zip(pdf.pages, pages, [(57.6, 79.2), (115.2, 158.4)], strict=True):
            assert [float(edge) for edge in page.mediabox[2:]] == pytest.approx(size, abs=0.01)
            image = page.Resources.XObject.Im0
            assert image.read_raw_bytes() == given.image.read_bytes()


def test_the_same_item_gives_the_same_bytes_at_another_time(make_page: MakePage, tmp_path: Path) -> None:
    pages = [make_page(number, text=True, label=str(number)) for number in range(3)]
    digests = set()
    for name in ("a.pdf", "b.pdf"):
        digests.add(hashlib.sha256(assemble_pdf(pages, tmp_path / name, METADATA).read_bytes()).hexdigest())
        time.sleep(1.01)  # PDF dates count in seconds
    assert len(digests) == 1


def test_metadata_are_in_the_document_and_in_its_xmp(make_page: MakePage, tmp_path: Path) -> None:
    dated = PdfMetadata(
        METADATA.title, METADATA.creator, "deu", "Correspondence", created="2026-03-01T10:20:30Z"
    )
    with pikepdf.open(assemble_pdf([make_page()], tmp_path / "item.pdf", dated)) as pdf:
        assert str(pdf.Root.Lang) == "de"
        assert (str(pdf.docinfo.Title), str(pdf.docinfo.Author)) == (dated.title, dated.creator)
        with pdf.open_metadata() as xmp:
            assert (xmp["dc:title"], xmp["dc:creator"]) == (dated.title, [dated.creator])
            assert xmp["dc:description"] == "Correspondence"
            assert xmp["pdfaid:part"] == "2"
            assert xmp["xmp:CreateDate"] == "2026-03-01T10:20:30Z"


def test_control_characters_in_a_title_do_no_harm(make_page: MakePage, tmp_path: Path) -> None:
    made = assemble_pdf([make_page()], tmp_path / "item.pdf", PdfMetadata("A\0B\x0bC", "\x1b", "", ""))
    with pikepdf.open(made) as pdf:
        assert str(pdf.docinfo.Title) == "ABC"


def test_a_title_keeps_the_marks_of_its_direction(make_page: MakePage, tmp_path: Path) -> None:
    title = "\u200fספר (1\u200e) كتاب\u200f"  # noqa: RUF001 - a Hebrew word and an Arabic one
    made = assemble_pdf(
        [make_page(label="\u200fא")], tmp_path / "item.pdf", PdfMetadata(title, "", "heb+ara")
    )
    with pikepdf.open(made) as pdf, pdf.open_metadata() as xmp:
        assert (str(pdf.docinfo.Title), xmp["dc:title"]) == (title, title)
        with pdf.open_outline() as outline:
            assert [entry.title for entry in outline.root] == ["\u200fא"]


def test_several_languages_are_all_told_and_the_first_is_the_documents(
    make_page: MakePage, tmp_path: Path
) -> None:
    metadata = PdfMetadata("Letters", language="lat+deu+Fraktur+fra")
    made = assemble_pdf([make_page()], tmp_path / "item.pdf", metadata)
    assert pdfa.validate_written(made, "2b").verdict == "pass"
    with pikepdf.open(made) as pdf, pdf.open_metadata() as xmp:
        assert str(pdf.Root.Lang) == "la"
        assert xmp["dc:language"] == {"la", "de", "fr"}
    bag = made.read_bytes()
    assert bag.index(b">de<") < bag.index(b">fr<") < bag.index(b">la<")


def test_a_language_that_is_none_is_not_told(make_page: MakePage, tmp_path: Path) -> None:
    metadata = PdfMetadata("Letters", language="house_model_2")
    with pikepdf.open(assemble_pdf([make_page()], tmp_path / "item.pdf", metadata)) as pdf:
        assert "/Lang" not in pdf.Root


def test_the_outline_names_the_labelled_pages_and_leads_to_them(make_page: MakePage, tmp_path: Path) -> None:
    pages = [make_page(1, label="[cover]"), make_page(2), make_page(3, label="xii")]
    made = assemble_pdf(pages, tmp_path / "item.pdf", METADATA)
    assert pdfa.validate_written(made, "2b").verdict == "pass"
    with pikepdf.open(made) as pdf, pdf.open_outline() as outline:
        leads = {entry.title: entry.destination[0].objgen for entry in outline.root}
        assert leads == {"[cover]": pdf.pages[0].obj.objgen, "xii": pdf.pages[2].obj.objgen}
    with pikepdf.open(assemble_pdf([make_page(4)], tmp_path / "plain.pdf", METADATA)) as pdf:
        assert "/Outlines" not in pdf.Root


def test_pages_carry_their_labels(make_page: MakePage, tmp_path: Path) -> None:
    pages = [make_page(1, label="[cover]"), make_page(2), make_page(3, label="xii")]
    with pikepdf.open(assemble_pdf(pages, tmp_path / "item.pdf", METADATA)) as pdf:
        assert [page.label for page in pdf.pages] == ["[cover]", "2", "xii"]


def test_a_long_item_keeps_its_pages_in_order(make_page: MakePage, tmp_path: Path) -> None:
    pages = [make_page(number, label=str(number)) for number in range(120)]
    with pikepdf.open(assemble_pdf(pages, tmp_path / "item.pdf", METADATA)) as pdf:
        assert [page.label for page in pdf.pages] == [str(number) for number in range(120)]
        for number in (0, 49, 50, 119):
            image = pdf.pages[number].Resources.XObject.Im0
            assert image.read_raw_bytes() == pages[number].image.read_bytes()


def test_an_item_without_pages_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TextError, match="no pages"):
        assemble_pdf([], tmp_path / "out" / "item.pdf", METADATA)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("broken", ["image", "text", "no image", "no text", "dpi"])
def test_a_broken_page_is_named_and_the_old_pdf_stays(
    broken: str, make_page: MakePage, tmp_path: Path
) -> None:
    page = make_page(text=True)
    assert page.text_pdf is not None
    if broken == "image":
        page.image.write_bytes(b"rubbish")
    elif broken == "text":
        page.text_pdf.write_bytes(b"rubbish")
    elif broken == "no image":
        page.image.unlink()
    elif broken == "no text":
        page.text_pdf.unlink()
    else:
        page = make_page(dpi=0)
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "item.pdf").write_bytes(b"old")
    with pytest.raises(TextError):
        assemble_pdf([page], tmp_path / "out" / "item.pdf", METADATA)
    assert (tmp_path / "out" / "item.pdf").read_bytes() == b"old"
    assert len(list((tmp_path / "out").iterdir())) == 1


def test_what_is_not_archival_is_refused_with_the_findings(make_page: MakePage, tmp_path: Path) -> None:
    page = make_page(text=True)
    assert page.text_pdf is not None
    with pikepdf.open(page.text_pdf, allow_overwriting_input=True) as pdf:
        font = pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
        )
        pdf.pages[0].Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
        pdf.pages[0].contents_add(b"BT /F1 12 Tf (not embedded) Tj ET")
        pdf.save()
    with pytest.raises(PdfNotArchival) as caught:
        assemble_pdf([page], tmp_path / "out" / "item.pdf", METADATA)
    assert caught.value.facts["findings"]
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.parametrize("share", [0.3, 0.6, 0.9, 0.97])
def test_a_full_disk_leaves_the_old_pdf_and_nothing_else(
    share: float, make_page: MakePage, tmp_path: Path
) -> None:
    pages = [make_page(number) for number in range(60)]  # two groups of pages, so that they are joined
    whole = assemble_pdf(pages, tmp_path / "whole.pdf", METADATA).stat().st_size
    destination = tmp_path / "out" / "item.pdf"
    destination.parent.mkdir()
    destination.write_bytes(b"old")
    child = os.fork()
    if child == 0:  # the limit must not reach the test process
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(whole * share),) * 2)
        try:
            assemble_pdf(pages, destination, METADATA)
        except OSError:
            os._exit(7)
        os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
    assert destination.read_bytes() == b"old"
    assert [path.name for path in destination.parent.iterdir()] == ["item.pdf"]
