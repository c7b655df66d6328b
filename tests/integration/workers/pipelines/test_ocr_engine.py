# SPDX-License-Identifier: Apache-2.0
"""Items whose pages an engine of another package reads, on their whole way: text, ALTO, PDF/A, checks, history."""

# ruff: noqa: RUF001 - the engine reads Hebrew

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from lxml import etree
from pikepdf import pdfa
from PIL import Image
from sqlalchemy import select

from app.batch_table import print_summary
from archive.bag.validator import verify_bag
from archive.registry.events import read_events
from archive.registry.stages import Stage
from archive.registry.states import State
from archive.registry.tables import PageRow
from archive.text.engines import forget_engines
from tests.unit.archive.metadata.conftest import OfflineSchemas
from workers.errors import PipelineRefused

MakeStation = Callable[..., Any]

ENGINE = """
import hashlib
from io import BytesIO
import pikepdf
from PIL import Image
from archive.errors import LanguageDataMissing
from archive.text.engine import Reading

WORDS = ["\\u200fבראשית", "ברא", "אלהים", "את", "השמים", "ואת", "הארץ", "והארץ", "היתה", "תהו", "ובהו\\u200f"]

class Scribe:
    def __init__(self, name, confidence, makes_pdf):
        self.name, self.confidence, self.makes_pdf = name, confidence, makes_pdf

    def version(self):
        return f"{self.name} 7.1"

    def languages(self):
        return frozenset({"heb"})

    def models(self, language):
        if language not in self.languages():
            raise LanguageDataMissing(f"{self.name} cannot read {language}.", remedy="Install scribe-arabic.")
        return {"heb": hashlib.sha256(b"weights").hexdigest()}

    def read(self, rendition, folder, *, language, dpi, options, timeout):
        with Image.open(rendition) as image:
            width, height = image.size
        box = f'HPOS="1" VPOS="1" WIDTH="{width - 2}" HEIGHT="{height - 2}"'
        strings = "".join(
            f'<String ID="s{n}" {box} WC="{self.confidence}" CONTENT="{word}"/>' for n, word in enumerate(WORDS)
        )
        alto = (
            '<alto xmlns="http://www.loc.gov/standards/alto/ns-v4#"><Description><MeasurementUnit>pixel'
            f'</MeasurementUnit><sourceImageInformation><fileName>{rendition}</fileName></sourceImageInformation>'
            f'</Description><Layout><Page ID="p" PHYSICAL_IMG_NR="1" WIDTH="{width}" HEIGHT="{height}">'
            f'<PrintSpace {box}><TextBlock ID="b" {box}><TextLine ID="l" {box}>{strings}</TextLine></TextBlock>'
            "</PrintSpace></Page></Layout></alto>"
        )
        return Reading(
            text=" ".join(WORDS) + "\\n",
            hocr=f"<html><body title='image \\"{rendition}\\"'>{' '.join(WORDS)}</body></html>".encode(),
            alto=alto.encode(),
            pdf=self._pdf(width, height) if self.makes_pdf else None,
            settings="by heart",
        )

    def _pdf(self, width, height):
        made = BytesIO()
        with pikepdf.new() as pdf:
            pdf.add_blank_page(page_size=(width, height)).contents_add(b"q Q % words of the scribe")
            pdf.save(made)
        return made.getvalue()

scribe = Scribe("scribe", 0.93, True)
copyist = Scribe("copyist", 0.55, False)
"""

PIPELINE = """\
name: {engine}
version: 1
stages:
  - name: validate
  - name: capture
  - name: characterise
  - name: ocr
    parameters: {{engine: {engine}, page_segmentation: 4}}
  - name: assemble
  - name: bag
"""


@pytest.fixture(autouse=True)
def engines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    (tmp_path / "monastery.py").write_text(ENGINE, encoding="utf-8")
    facts = tmp_path / "monastery-7.1.dist-info"
    facts.mkdir()
    (facts / "METADATA").write_text("Metadata-Version: 2.1\nName: monastery\nVersion: 7.1\n")
    names = ("scribe = monastery:scribe", "copyist = monastery:copyist", "abbot = monastery:abbot")
    (facts / "entry_points.txt").write_text("\n".join(["[recto.ocr]", *names, ""]))
    for engine in ("scribe", "copyist", "abbot", "nobody"):
        (tmp_path / f"{engine}.yaml").write_text(PIPELINE.format(engine=engine))
    monkeypatch.syspath_prepend(str(tmp_path))
    forget_engines()
    yield
    forget_engines()
    sys.modules.pop("monastery", None)


def pages_of(station: Any) -> list[PageRow]:
    with station.node.registry.reading() as session:
        return list(session.scalars(select(PageRow).order_by(PageRow.id)))


@pytest.mark.reference_data
@pytest.mark.parametrize(("engine", "makes_pdf"), [("scribe", True), ("copyist", False)])
def test_an_item_is_read_by_the_engine_that_its_pipeline_names(
    engine: str,
    makes_pdf: bool,  # noqa: FBT001 - what the engine does
    station: MakeStation,
    reference_data: Path,
) -> None:
    here = station(OCR__LANGUAGE="heb")
    here.register(f"{engine}.yaml", 2)
    here.run()
    assert here.status()["state"] == State.DONE
    folder = here.node.item_folder("batch", "item-1")
    assert "השמים" in (folder / "item-1.txt").read_text(encoding="utf-8")
    assert "\u200f" in (folder / "item-1.txt").read_text(encoding="utf-8")
    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(OfflineSchemas(reference_data / "schemas"))
    schema = etree.XMLSchema(etree.parse(reference_data / "schemas/alto-4-4.xsd", parser))
    for alto in folder.glob("ocr/*.alto.xml"):
        schema.assertValid(etree.parse(alto))
    assert len(list(folder.glob("ocr/*.alto.xml"))) == 2
    assert not any(str(folder).encode() in path.read_bytes() for path in folder.glob("ocr/*"))
    pdf = folder / "item-1.pdf"
    assert pdfa.validate_written(pdf, "2b").verdict == "pass"
    with pikepdf.open(pdf) as document:
        assert ["/RecognisedText" in page.Resources.XObject for page in document.pages] == [makes_pdf] * 2
        assert str(document.Root.Lang) == "he"
    assert [page.recognition["text_layer"] for page in pages_of(here)] == [makes_pdf] * 2
    with here.node.registry.reading() as session:
        told = [event for event in read_events(session, "batch") if event["type"] == "transcription"]
    assert [event["agents"] for event in told] == [[f"{engine} 7.1"]] * 2
    assert all(verify_bag(Path(item["bag"])).valid for item in here.status()["items"])


def test_how_surely_a_page_was_read_is_among_its_checks_and_told_with_the_batch(
    station: MakeStation, capsys: pytest.CaptureFixture[str]
) -> None:
    here = station(OCR__LANGUAGE="heb")
    here.register("copyist.yaml", 1)
    here.run()
    (page,) = pages_of(here)
    assert (page.recognition["words"], page.recognition["unsure_words"]) == (11, 1)
    checks = {check["check"]: check for check in page.checks}
    assert (checks["ocr_confidence"]["verdict"], checks["ocr_confidence"]["measured"]) == ("review", 55)
    assert checks["ocr_unsure_words"]["verdict"] == "review"
    # so few letters do not tell which way up they stand
    assert "orientation" not in checks
    assert "blank" in checks
    status = here.status()
    assert status["items"][0]["to_look_at"] == [1]
    print_summary(here.node, status)
    lines = capsys.readouterr().out.splitlines()
    assert any("ocr confidence: page 1 (55)" in line for line in lines)
    assert status["items"][0]["mean_confidence"] == 55


def test_a_language_that_the_engine_cannot_read_holds_the_item_before_it_is_captured(
    station: MakeStation,
) -> None:
    here = station(OCR__LANGUAGE="eng")
    here.register("scribe.yaml", 1)
    here.run()
    (problem,) = here.status()["items"][0]["problems"]
    assert (problem["stage"], problem["code"]) == (Stage.VALIDATE, "text.language_data_missing")
    assert problem["remedy"] == "Install scribe-arabic."


@pytest.mark.parametrize(
    ("engine", "told"), [("nobody", "There is no OCR engine 'nobody'"), ("abbot", "monastery 7.1")]
)
def test_a_pipeline_with_an_engine_that_cannot_be_used_is_refused_before_anything_is_registered(
    engine: str, told: str, station: MakeStation
) -> None:
    here = station()
    with pytest.raises(PipelineRefused) as refused:
        here.register(f"{engine}.yaml", 1)
    assert told in json.dumps(refused.value.to_json(), ensure_ascii=False)
    assert pages_of(here) == []


@pytest.mark.tesseract
@pytest.mark.reference_data
def test_a_page_on_its_side_is_told_among_its_checks(station: MakeStation, reference_data: Path) -> None:
    here = station()
    here.register("loose-sheets", 1)
    with Image.open(reference_data / "pages/orientation/phototest-rotated-L.png") as turned:
        turned.convert("L").save(here.folder / "1-0.tif", dpi=(150, 150))
    here.run(Stage.VALIDATE, Stage.CAPTURE, Stage.CHARACTERISE, Stage.OCR)
    (page,) = pages_of(here)
    (check,) = [check for check in page.checks if check["check"] == "orientation"]
    assert (check["verdict"], check["measured"]) == ("review", 90)
    assert here.status()["items"][0]["to_look_at"] == [1]
