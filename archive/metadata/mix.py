# SPDX-License-Identifier: Apache-2.0
"""MIX 2.0: the NISO Z39.87 technical metadata of one page, or what a set of pages has in common.

Elements stand in the order of the schema (http://www.loc.gov/standards/mix/mix20/mix20.xsd); what is
not known is left out. The mandatory fields of national profiles (width, height, colour space, bits and
samples, sampling frequency unit) are written whenever the page has them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction
from typing import Any, BinaryIO

from lxml import etree

from archive.metadata.description import AgentDescription, FileDescription, PageDescription
from archive.metadata.formats import PRONOM_REGISTRY, format_of
from archive.metadata.xml_stream import legal_text

MIX = "http://www.loc.gov/mix/v20"

SIMULATED_SOURCE = "simulated page, no physical original"

# TIFF tag 262 as its writers call it -> colour space as Z39.87 7.1.3.1 lists it
_COLOR_SPACES = {
    "miniswhite": "WhiteIsZero",
    "whiteiszero": "WhiteIsZero",
    "minisblack": "BlackIsZero",
    "blackiszero": "BlackIsZero",
    "rgb": "RGB",
    "palette": "PaletteColor",
    "separated": "CMYK",
    "cmyk": "CMYK",
    "ycbcr": "YCbCr",
    "cielab": "CIELab",
}

# values 1 to 8 of TIFF tag 274, in the words of the schema
_ORIENTATIONS = (
    "normal*",
    "normal, image flipped",
    "normal, rotated 180°",
    "normal, image flipped, rotated 180°",
    "normal, image flipped, rotated cw 90°",
    "normal, rotated ccw 90°",
    "normal, image flipped, rotated ccw 90°",
    "normal, rotated cw 90°",
)

_TRANSMISSION_SOURCES = ("transparency", "negative", "slide", "film", "tpu")


def mix_element(
    page: PageDescription, *, producer: str = "", software: AgentDescription | None = None
) -> etree._Element:
    """The MIX document of a page as an element.

    Args:
        page: The page; facts it lacks are left out, so that a page without files and dimensions gives
            the shared part of a capture profile.
        producer: The institution that made the image.
        software: The program that drove the scanner.
    """
    root = etree.Element(f"{{{MIX}}}mix", nsmap={"mix": MIX})
    _basic_object(root, page)
    _basic_image(root, page)
    _capture(root, page, producer, software)
    _assessment(root, page)
    for section in list(root):
        if len(section) == 0:
            root.remove(section)
    return root


def mix_of_size(width: int, height: int) -> etree._Element:
    """The MIX document that tells nothing but the size of an image in pixels."""
    root = etree.Element(f"{{{MIX}}}mix", nsmap={"mix": MIX})
    characteristics = _add(_add(root, "BasicImageInformation"), "BasicImageCharacteristics")
    _add(characteristics, "imageWidth", width)
    _add(characteristics, "imageHeight", height)
    return root


def write_mix(
    page: PageDescription,
    destination: BinaryIO,
    *,
    producer: str = "",
    software: AgentDescription | None = None,
) -> None:
    """Write the MIX document of a page as a file of its own."""
    document = etree.ElementTree(mix_element(page, producer=producer, software=software))
    document.write(destination, encoding="utf-8", xml_declaration=True)


def rational(value: float) -> tuple[int, int]:
    """Numerator and denominator of a sampling frequency, exact to a ten-thousandth: 118.11 is 11811/100."""
    fraction = Fraction(value).limit_denominator(10_000)
    return fraction.numerator, fraction.denominator


# Section 6: the file


def _basic_object(root: etree._Element, page: PageDescription) -> None:
    section = _add(root, "BasicDigitalObjectInformation")
    technical, master = page.technical, page.master
    if master is not None:
        identifier = _add(section, "ObjectIdentifier")
        _add(identifier, "objectIdentifierType", "path in the bag")
        _add(identifier, "objectIdentifierValue", master.path)
        _add(section, "fileSize", master.size)
    _format(section, technical, master)
    if byte_order := _byte_order(technical.get("byte_order")):
        _add(section, "byteOrder", byte_order)
    if compression := technical.get("compression"):
        uncompressed = str(compression).lower() in {"none", "raw", "uncompressed", "1"}
        scheme = _add(section, "Compression")
        _add(scheme, "compressionScheme", "Uncompressed" if uncompressed else str(compression))
    if master is not None:
        for algorithm, digest in (("SHA-256", master.sha256), ("MD5", master.md5)):
            if digest:
                fixity = _add(section, "Fixity")
                _add(fixity, "messageDigestAlgorithm", algorithm)
                _add(fixity, "messageDigest", digest)


def _format(section: etree._Element, technical: Mapping[str, Any], master: FileDescription | None) -> None:
    mime = technical.get("mime") or (master.mime if master is not None else "")
    if not mime:
        return
    designation = _add(section, "FormatDesignation")
    _add(designation, "formatName", mime)
    version = str(technical.get("format_version") or "")
    if version:
        _add(designation, "formatVersion", version)
    if master is not None and (pronom := format_of(master, version).pronom):
        registry = _add(section, "FormatRegistry")
        _add(registry, "formatRegistryName", PRONOM_REGISTRY)
        _add(registry, "formatRegistryKey", pronom)


def _byte_order(value: object) -> str:
    text = str(value).lower()
    if text in {"ii", "<"} or text.startswith("little"):
        return "little endian"
    if text in {"mm", ">"} or text.startswith("big"):
        return "big endian"
    return ""


# Section 7: the image


def _basic_image(root: etree._Element, page: PageDescription) -> None:
    section = _add(root, "BasicImageInformation")
    technical = page.technical
    width, height = _count(technical.get("width")), _count(technical.get("height"))
    space = _color_space(technical)
    icc = technical.get("icc")
    if not (width and height) and not space and not icc:
        return
    characteristics = _add(section, "BasicImageCharacteristics")
    if width and height:
        _add(characteristics, "imageWidth", width)
        _add(characteristics, "imageHeight", height)
    if not space and not icc:
        return
    photometric = _add(characteristics, "PhotometricInterpretation")
    if space:
        _add(photometric, "colorSpace", space)
    if isinstance(icc, Mapping):
        profile = _add(_add(photometric, "ColorProfile"), "IccProfile")
        _add(profile, "iccProfileName", str(icc.get("name") or "unnamed"))
        if version := icc.get("version"):
            _add(profile, "iccProfileVersion", str(version))


def _color_space(technical: Mapping[str, Any]) -> str:
    photometric = str(technical.get("photometric") or "")
    known = _COLOR_SPACES.get(photometric.lower().replace("_", ""))
    return known or photometric or str(technical.get("color_space") or "")


# Section 8: the capture


def _capture(
    root: etree._Element, page: PageDescription, producer: str, software: AgentDescription | None
) -> None:
    section = _add(root, "ImageCaptureMetadata")
    if page.simulated:
        _add(_add(section, "SourceInformation"), "sourceType", SIMULATED_SOURCE)
    device_class = _device_class(page)
    if page.captured_at or producer or device_class:
        general = _add(section, "GeneralCaptureInformation")
        if page.captured_at:
            _add(general, "dateTimeCreated", page.captured_at)
        if producer:
            _add(general, "imageProducer", producer)
        if device_class:
            _add(general, "captureDevice", device_class)
    if page.device is not None:
        _scanner(section, page.device, software)
    orientation = page.technical.get("orientation")
    if isinstance(orientation, int) and 1 <= orientation <= len(_ORIENTATIONS):
        _add(section, "orientation", _ORIENTATIONS[orientation - 1])


def _device_class(page: PageDescription) -> str:
    """One of the four words of 8.2.3, as far as the device and its source option tell."""
    if page.device is None or str(page.device.get("id") or "").startswith("folder:"):
        return ""  # what made the files of a hot folder is not known here
    source = page.options.get("source")
    actual = str(source.get("actual") if isinstance(source, Mapping) else "").lower()
    if any(word in actual for word in _TRANSMISSION_SOURCES):
        return "transmission scanner"
    return "reflection print scanner"


def _scanner(section: etree._Element, device: Mapping[str, Any], software: AgentDescription | None) -> None:
    capture = _add(section, "ScannerCapture")
    if vendor := device.get("vendor"):
        _add(capture, "scannerManufacturer", str(vendor))
    names = [
        ("scannerModelName", device.get("model")),
        ("scannerModelSerialNo", device.get("serial")),
    ]
    if any(value for _, value in names):
        model = _add(capture, "ScannerModel")
        for tag, value in names:
            if value:
                _add(model, tag, str(value))
    if software is not None:
        system = _add(capture, "ScanningSystemSoftware")
        _add(system, "scanningSoftwareName", software.name)
        if software.version:
            _add(system, "scanningSoftwareVersionNo", software.version)
    if len(capture) == 0:
        section.remove(capture)


# Section 9: the assessment


def _assessment(root: etree._Element, page: PageDescription) -> None:
    section = _add(root, "ImageAssessmentMetadata")
    _spatial_metrics(section, page.technical.get("dpi"))
    _color_encoding(section, page)
    _target_data(section, page)


def _target_data(section: etree._Element, page: PageDescription) -> None:
    """The colour target, which is not in the picture, and where in the bag its measurement lies (Z39.87, 9.3)."""
    if page.target is None:
        return
    data = _add(section, "TargetData")
    _add(data, "targetType", "external")
    identity = _add(data, "TargetID")
    _add(identity, "targetName", str(page.target["name"]))
    _add(data, "performanceData", str(page.target["file"]))


def _color_encoding(section: etree._Element, page: PageDescription) -> None:
    bits, samples = page.technical.get("bits_per_sample"), _count(page.technical.get("samples_per_pixel"))
    values = [_count(value) for value in bits] if isinstance(bits, list | tuple) else [_count(bits)] * samples
    if not samples or not all(values):
        return
    encoding = _add(section, "ImageColorEncoding")
    depth = _add(encoding, "BitsPerSample")
    for value in values:
        _add(depth, "bitsPerSampleValue", value)
    _add(depth, "bitsPerSampleUnit", "integer")
    _add(encoding, "samplesPerPixel", samples)


def _spatial_metrics(section: etree._Element, dpi: object) -> None:
    metrics = _add(section, "SpatialMetrics")
    x, y = _frequencies(dpi)
    if not (x and y):
        _add(metrics, "samplingFrequencyUnit", "no absolute unit of measurement")
        return
    _add(metrics, "samplingFrequencyPlane", "object plane")
    _add(metrics, "samplingFrequencyUnit", "in.")
    for tag, value in (("xSamplingFrequency", x), ("ySamplingFrequency", y)):
        numerator, denominator = rational(value)
        frequency = _add(metrics, tag)
        _add(frequency, "numerator", numerator)
        _add(frequency, "denominator", denominator)


def _frequencies(dpi: object) -> tuple[float, float]:
    """Both resolutions, or zeros where a file carries none or nonsense."""
    if not isinstance(dpi, list | tuple) or len(dpi) != 2:  # noqa: PLR2004  # x and y
        return 0.0, 0.0
    x, y = (
        float(value) if isinstance(value, int | float) and math.isfinite(value) and value > 0 else 0.0
        for value in dpi
    )
    return x, y


def _count(value: object) -> int:
    return value if isinstance(value, int) and value > 0 else 0


def _add(parent: etree._Element, tag: str, text: str | int = "") -> etree._Element:
    element = etree.SubElement(parent, f"{{{MIX}}}{tag}")
    if text != "":
        element.text = legal_text(str(text))
    return element
