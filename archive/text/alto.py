# SPDX-License-Identifier: Apache-2.0
"""ALTO: making Tesseract's conform to version 4.4, and reading words and confidences from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from lxml import etree

from archive.errors import InvalidAlto

NAMESPACE = "http://www.loc.gov/standards/alto/ns-v4#"
SCHEMA_LOCATION = f"{NAMESPACE} http://www.loc.gov/standards/alto/v4/alto-4-4.xsd"
UNSURE_WORD = 60.0
"""Confidence below which a word is hardly ever right."""
_XLINK = "http://www.w3.org/1999/xlink"
_INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"


@dataclass(frozen=True, slots=True)
class Word:
    """A recognised word.

    Attributes:
        text: Its characters.
        confidence: 0 to 100 as Tesseract rates it.
        left: Pixels from the left edge of the image that was read.
        top: Pixels from its upper edge.
        width: Pixels.
        height: Pixels.
    """

    text: str
    confidence: float
    left: int
    top: int
    width: int
    height: int


def conforming_alto(document: bytes, *, file_name: str, settings: str, software: str = "") -> bytes:
    """Turn the ALTO of Tesseract 4 and 5 (version 3) into ALTO 4.4.

    The elements of its layout are valid in both versions; the namespace changes, the deprecated
    OCRProcessing becomes Processing (ALTO 4.4, DescriptionType), and the local path of the image
    becomes a name.

    Args:
        document: What Tesseract wrote.
        file_name: What to write as the source image's name.
        settings: What to write as the processing step's settings.
        software: Name and version of what read the page, for a document that names no processing.

    Raises:
        InvalidAlto: The document is not ALTO.
    """
    root = _parse(document)
    source = {"alto": etree.QName(root).namespace or ""}
    for name in root.iterfind(".//alto:fileName", source):
        name.text = file_name
    for processing in root.findall(".//alto:OCRProcessing", source):
        _modernise(processing, settings)
    if root.find(".//{*}Processing") is None:
        _describe(root, settings, software)
    prefixes: dict[Any, str] = {None: NAMESPACE, "xlink": _XLINK, "xsi": _INSTANCE}
    renamed = etree.Element(
        f"{{{NAMESPACE}}}alto", {f"{{{_INSTANCE}}}schemaLocation": SCHEMA_LOCATION}, nsmap=prefixes
    )
    renamed.extend(list(root))
    for element in renamed.iter(etree.Element):
        element.tag = f"{{{NAMESPACE}}}{etree.QName(element).localname}"
    etree.indent(renamed, space="\t")
    etree.cleanup_namespaces(renamed, keep_ns_prefixes=["xlink", "xsi"])
    return etree.tostring(renamed, xml_declaration=True, encoding="UTF-8") + b"\n"


def read_words(document: bytes) -> list[Word]:
    """The words of an ALTO document of any version, in document order.

    Raises:
        InvalidAlto: The document is not ALTO.
    """
    root = _parse(document)
    words = []
    for string in root.iter("{*}String"):
        facts = string.attrib
        try:
            words.append(
                Word(
                    str(facts["CONTENT"]),
                    _share(facts.get("WC", 0)) * 100,
                    *(round(float(facts[key])) for key in ("HPOS", "VPOS", "WIDTH", "HEIGHT")),
                )
            )
        except (KeyError, ValueError, OverflowError) as error:
            raise InvalidAlto(f"An ALTO String lacks or garbles an attribute: {error}.") from error
    return words


def _share(told: str | float) -> float:
    """A word's confidence, 0 to 1 (ALTO 4.4, StringType)."""
    value = float(told)
    if not 0 <= value <= 1:
        raise ValueError(f"WC is {told}, which is not from 0 to 1")
    return value


def lines_of(document: bytes) -> list[list[str]]:
    """The words of each line of an ALTO document of any version, lines without words left out, from top to bottom.

    Raises:
        InvalidAlto: The document is not ALTO.
    """
    lines = []
    for line in _parse(document).iter("{*}TextLine"):
        words = [str(word.get("CONTENT", "")) for word in line.iter("{*}String")]
        try:
            lines.append((float(line.get("VPOS", 0)), words))
        except ValueError as error:
            raise InvalidAlto(f"An ALTO TextLine garbles an attribute: {error}.") from error
    return [words for _, words in sorted(lines, key=lambda line: line[0]) if words]


def mean_confidence(words: list[Word]) -> float:
    """The mean of the words' confidences, 0 to 100; 0 where there are no words."""
    return sum(word.confidence for word in words) / len(words) if words else 0.0


def unsure_share(words: list[Word]) -> float:
    """The share of words whose confidence is below `UNSURE_WORD`, 0 to 1; 0 where there are no words."""
    return sum(word.confidence < UNSURE_WORD for word in words) / len(words) if words else 0.0


def _parse(document: bytes) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(document, parser)
    except etree.XMLSyntaxError as error:
        raise InvalidAlto(f"The document is not well-formed XML: {error}") from error
    if etree.QName(root).localname != "alto":
        raise InvalidAlto(f"The document's root is {etree.QName(root).localname!r}, not alto.")
    return root


def _modernise(processing: etree._Element, settings: str) -> None:
    """Make a Processing element (ALTO 4.4, ProcessingStepType) of an OCRProcessing element."""
    modern = _processing(processing.get("ID", "OCR_0"), settings)
    software = processing.find(".//{*}processingSoftware")
    if software is not None:
        modern.append(software)
    parent = processing.getparent()
    if parent is not None:
        parent.replace(processing, modern)


def _describe(root: etree._Element, settings: str, software: str) -> None:
    """Tell in a document that tells nothing of it how the page was read (ALTO 4.4, DescriptionType)."""
    description = root.find("{*}Description")
    if description is None:
        description = etree.Element(f"{{{NAMESPACE}}}Description")
        etree.SubElement(description, f"{{{NAMESPACE}}}MeasurementUnit").text = "pixel"
        root.insert(0, description)
    processing = _processing("OCR_0", settings)
    if software:
        program = etree.SubElement(processing, f"{{{NAMESPACE}}}processingSoftware")
        etree.SubElement(program, f"{{{NAMESPACE}}}softwareName").text = software
    description.append(processing)


def _processing(name: str, settings: str) -> etree._Element:
    modern = etree.Element(f"{{{NAMESPACE}}}Processing", {"ID": name})
    for tag, text in (("processingCategory", "contentGeneration"), ("processingStepDescription", "OCR")):
        etree.SubElement(modern, f"{{{NAMESPACE}}}{tag}").text = text
    etree.SubElement(modern, f"{{{NAMESPACE}}}processingStepSettings").text = settings
    return modern
