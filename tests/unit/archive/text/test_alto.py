# SPDX-License-Identifier: Apache-2.0
"""ALTO is made valid and read without trusting it."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree

from archive.errors import InvalidAlto
from archive.text.alto import NAMESPACE, Word, conforming_alto, mean_confidence, read_words

TESSERACT = b"""<?xml version="1.0" encoding="UTF-8"?>
<alto xmlns="http://www.loc.gov/standards/alto/ns-v3#" xmlns:xlink="http://www.w3.org/1999/xlink"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
 xsi:schemaLocation="http://www.loc.gov/standards/alto/ns-v3# http://www.loc.gov/alto/v3/alto-3-0.xsd">
 <Description>
  <MeasurementUnit>pixel</MeasurementUnit>
  <sourceImageInformation><fileName>/home/operator/secret project/0001.png</fileName></sourceImageInformation>
  <OCRProcessing ID="OCR_0"><ocrProcessingStep><processingSoftware>
   <softwareName>tesseract 5.3.0</softwareName>
  </processingSoftware></ocrProcessingStep></OCRProcessing>
 </Description>
 <Layout><Page WIDTH="600" HEIGHT="800" PHYSICAL_IMG_NR="0" ID="page_0">
  <PrintSpace HPOS="0" VPOS="0" WIDTH="600" HEIGHT="800">
   <ComposedBlock ID="cblock_0" HPOS="47" VPOS="52" WIDTH="91" HEIGHT="57">
    <TextBlock ID="block_0" HPOS="47" VPOS="52" WIDTH="91" HEIGHT="57">
     <TextLine ID="line_0" HPOS="47" VPOS="52" WIDTH="91" HEIGHT="57">
      <String ID="string_0" HPOS="47" VPOS="53" WIDTH="29" HEIGHT="50" WC="0.90" CONTENT="Down &amp;"/><SP WIDTH="8" VPOS="53" HPOS="49"/>
      <String ID="string_1" HPOS="58" VPOS="52" WIDTH="19" HEIGHT="53" WC="0.50" CONTENT="&#223;-Hole"/>
     </TextLine>
    </TextBlock>
   </ComposedBlock>
  </PrintSpace>
 </Page></Layout>
</alto>
"""


def made() -> bytes:
    return conforming_alto(TESSERACT, file_name="0001.png", settings="-l deu --psm 3")


@pytest.fixture(scope="module")
def schema(reference_data: Path) -> etree.XMLSchema:
    class Local(etree.Resolver):
        def resolve(self, url, pubid, context):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
            return self.resolve_filename(str(reference_data / "schemas" / Path(url).name), context)

    parser = etree.XMLParser()
    parser.resolvers.add(Local())
    return etree.XMLSchema(etree.parse(reference_data / "schemas" / "alto-4-4.xsd", parser))


@pytest.mark.reference_data
def test_the_document_is_valid_against_alto_4_4(schema: etree.XMLSchema) -> None:
    schema.assertValid(etree.fromstring(made()))
    with pytest.raises(etree.DocumentInvalid):
        schema.assertValid(etree.fromstring(TESSERACT))


def test_every_element_is_in_the_namespace_of_version_4() -> None:
    root = etree.fromstring(made())
    assert {etree.QName(element).namespace for element in root.iter()} == {NAMESPACE}
    assert b"ns-v3" not in made()


def test_no_local_path_is_left() -> None:
    assert b"/home" not in made()
    assert b"secret" not in made()
    assert etree.fromstring(made()).findtext(".//{*}fileName") == "0001.png"


def test_the_processing_names_software_and_settings() -> None:
    root = etree.fromstring(made())
    assert root.find(".//{*}OCRProcessing") is None
    assert root.findtext(".//{*}Processing/{*}processingStepSettings") == "-l deu --psm 3"
    assert root.findtext(".//{*}Processing/{*}processingSoftware/{*}softwareName") == "tesseract 5.3.0"


def test_making_it_conform_twice_changes_nothing() -> None:
    assert conforming_alto(made(), file_name="0001.png", settings="-l deu --psm 3") == made()


@pytest.mark.parametrize("document", [TESSERACT, made()])
def test_words_are_read_from_any_version(document: bytes) -> None:
    assert read_words(document) == [
        Word("Down &", 90.0, 47, 53, 29, 50),
        Word("ß-Hole", 50.0, 58, 52, 19, 53),
    ]


def test_the_mean_confidence_is_over_words_and_0_without_any() -> None:
    assert mean_confidence(read_words(TESSERACT)) == 70
    assert mean_confidence([]) == 0


@pytest.mark.parametrize(
    "document",
    [
        b"",
        b"<alto",
        b"<html/>",
        TESSERACT.replace(b'HPOS="47" VPOS="53"', b'HPOS="x" VPOS="53"'),
        TESSERACT.replace(b" CONTENT=", b" C="),
    ],
)
def test_what_is_not_alto_is_refused_by_name(document: bytes) -> None:
    with pytest.raises(InvalidAlto):
        read_words(document)


def test_external_entities_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("password")
    hostile = TESSERACT.replace(
        b"<alto", f'<!DOCTYPE alto [<!ENTITY x SYSTEM "file://{tmp_path}/secret">]><alto'.encode(), 1
    ).replace(b"tesseract 5.3.0", b"&x;")
    assert b"password" not in conforming_alto(hostile, file_name="p", settings="")


@pytest.mark.reference_data
@pytest.mark.parametrize("told", [b"<Description>", b"<Other>"])
def test_a_document_that_does_not_tell_how_it_was_read_is_told_it(
    schema: etree.XMLSchema, told: bytes
) -> None:
    start, _, rest = TESSERACT.partition(b" <Description>")
    described = b" <Description><MeasurementUnit>pixel</MeasurementUnit></Description>"
    silent = start + (described if told == b"<Description>" else b"") + rest.partition(b"</Description>")[2]
    root = etree.fromstring(conforming_alto(silent, file_name="1", settings="fast", software="scribe 7.1"))
    schema.assertValid(root)
    assert root.findtext(".//{*}processingStepSettings") == "fast"
    assert root.findtext(".//{*}softwareName") == "scribe 7.1"


@pytest.mark.parametrize("wrong", [b"nan", b"inf", b"97", b"-1"])
def test_a_confidence_that_is_none_is_refused(wrong: bytes) -> None:
    with pytest.raises(InvalidAlto, match="WC"):
        read_words(TESSERACT.replace(b'WC="0.50"', b'WC="' + wrong + b'"'))
