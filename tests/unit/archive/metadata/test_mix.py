# SPDX-License-Identifier: Apache-2.0
"""MIX says of an image what is known, in the words of the schema, and leaves out the rest."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from archive.metadata.description import AgentDescription, ItemDescription, PageDescription
from archive.metadata.mix import mix_element, rational, write_mix

Parsed = Callable[..., etree._Element]

NS = {"mix": "http://www.loc.gov/mix/v20"}


@pytest.fixture
def mix(make_page: Callable[..., PageDescription]) -> Parsed:
    """The MIX of a page with some technical facts changed."""
    return lambda **facts: mix_element(make_page(1, technical={**make_page(1).technical, **facts}))


def text(element: etree._Element, tag: str) -> str | None:
    return element.findtext(f".//mix:{tag}", namespaces=NS)


def test_a_page_carries_identity_fixity_and_dimensions(
    make_page: Callable[..., PageDescription],
    to_bytes: Callable[..., bytes],
    to_xml: Callable[[bytes], etree._Element],
) -> None:
    page = make_page(1)
    root = to_xml(to_bytes(write_mix, page))
    assert text(root, "objectIdentifierValue") == page.master.path
    assert text(root, "fileSize") == str(page.master.size)
    assert text(root, "messageDigestAlgorithm") == "SHA-256"
    assert text(root, "messageDigest") == page.master.sha256
    assert (text(root, "imageWidth"), text(root, "imageHeight")) == ("2480", "3508")
    assert text(root, "iccProfileName") == "sRGB"
    assert text(root, "dateTimeCreated") == page.captured_at


def test_the_colour_target_is_named_with_the_place_of_its_measurement(
    make_page: Callable[..., PageDescription],
) -> None:
    target = {"file": "data/targets/01.json", "name": "chart-24-and-edge", "standard": "x", "level": "A"}
    root = mix_element(make_page(1, target=target))
    tags = ("targetType", "targetName", "performanceData")
    assert [text(root, tag) for tag in tags] == ["external", "chart-24-and-edge", "data/targets/01.json"]
    assert text(mix_element(make_page(1)), "targetType") is None


def test_the_capture_names_scanner_and_software(make_page: Callable[..., PageDescription]) -> None:
    software = AgentDescription("recto", "Recto", "software", "0.1.0")
    root = mix_element(make_page(1), producer="Stadtarchiv", software=software)
    tags = ("imageProducer", "scannerManufacturer", "scannerModelName", "scannerModelSerialNo")
    assert [text(root, tag) for tag in tags] == ["Stadtarchiv", "Canon", "LiDE 400", "K1"]
    assert (text(root, "scanningSoftwareName"), text(root, "scanningSoftwareVersionNo")) == ("Recto", "0.1.0")


@pytest.mark.parametrize(
    ("source", "word"),
    [
        ("Flatbed", "reflection print scanner"),
        ("Transparency Adapter", "transmission scanner"),
        ("Negative", "transmission scanner"),
    ],
)
def test_the_class_of_the_device_follows_its_source(
    make_page: Callable[..., PageDescription], source: str, word: str
) -> None:
    page = make_page(1, options={"source": {"requested": source, "actual": source}})
    assert text(mix_element(page), "captureDevice") == word


def test_what_fills_a_hot_folder_is_not_guessed(make_page: Callable[..., PageDescription]) -> None:
    page = make_page(1, device={"id": "folder:overhead", "vendor": "", "model": "", "simulated": False})
    root = mix_element(page)
    assert text(root, "captureDevice") is None
    assert root.find(".//mix:ScannerCapture", NS) is None


def test_each_sample_gets_its_depth(page_of_each_kind: PageDescription) -> None:
    technical = page_of_each_kind.technical
    root = mix_element(page_of_each_kind)
    depths = [int(depth.text) for depth in root.iterfind(".//mix:bitsPerSampleValue", NS)]
    assert depths == [technical["bits_per_sample"]] * technical["samples_per_pixel"]
    assert text(root, "samplesPerPixel") == str(technical["samples_per_pixel"])


@pytest.mark.parametrize(
    ("photometric", "space"),
    [
        ("black_is_zero", "BlackIsZero"),
        ("minisblack", "BlackIsZero"),
        ("white_is_zero", "WhiteIsZero"),
        ("MINISWHITE", "WhiteIsZero"),
        ("rgb", "RGB"),
        ("ycbcr", "YCbCr"),
        ("transparency mask", "transparency mask"),
    ],
)
def test_colour_spaces_are_named_as_z39_87_names_them(mix: Parsed, photometric: str, space: str) -> None:
    assert text(mix(photometric=photometric), "colorSpace") == space


@pytest.mark.parametrize(
    ("number", "word"), [(1, "normal*"), (3, "normal, rotated 180°"), (8, "normal, rotated cw 90°")]
)
def test_orientations_are_named_as_the_schema_names_them(mix: Parsed, number: int, word: str) -> None:
    assert text(mix(orientation=number), "orientation") == word


@pytest.mark.parametrize("order", ["II", "little", "little-endian", "<"])
def test_the_byte_order_of_intel_has_one_name(mix: Parsed, order: str) -> None:
    assert text(mix(byte_order=order), "byteOrder") == "little endian"


@pytest.mark.parametrize("dpi", [None, [0, 0], [300, None], [float("nan"), 300.0], "300", [300], [-1, 300]])
def test_a_resolution_that_is_none_is_not_invented(mix: Parsed, dpi: Any) -> None:
    root = mix(dpi=dpi)
    assert text(root, "samplingFrequencyUnit") == "no absolute unit of measurement"
    assert root.find(".//mix:xSamplingFrequency", NS) is None


def test_unequal_resolutions_stay_unequal(mix: Parsed) -> None:
    root = mix(dpi=[300.0, 118.11])
    fractions = [
        (int(frequency[0].text), int(frequency[1].text))
        for tag in ("xSamplingFrequency", "ySamplingFrequency")
        for frequency in root.iterfind(f".//mix:{tag}", NS)
    ]
    assert fractions == [(300, 1), (11811, 100)]


@given(st.floats(min_value=1, max_value=20_000))
def test_a_rational_is_within_a_ten_thousandth(value: Any) -> None:
    numerator, denominator = rational(value)
    assert denominator >= 1
    assert abs(Fraction(numerator, denominator) - Fraction(value)) <= Fraction(1, 10_000)


def test_a_simulated_page_says_that_no_original_exists(simulated_item: ItemDescription) -> None:
    assert text(mix_element(simulated_item.pages[0]), "sourceType") == "simulated page, no physical original"


def test_every_kind_of_page_gives_a_valid_document(
    page_of_each_kind: PageDescription,
    to_bytes: Callable[..., bytes],
    require_valid: Callable[[bytes], etree._Element],
) -> None:
    require_valid(to_bytes(write_mix, page_of_each_kind))


def test_an_accessioned_and_a_simulated_page_give_valid_documents(
    accessioned_page: PageDescription,
    simulated_item: ItemDescription,
    to_bytes: Callable[..., bytes],
    require_valid: Callable[[bytes], etree._Element],
) -> None:
    root = require_valid(to_bytes(write_mix, accessioned_page))
    assert root.find(".//mix:ScannerCapture", NS) is None
    require_valid(to_bytes(write_mix, simulated_item.pages[0]))


@pytest.mark.parametrize(
    "technical",
    [
        {},
        {"width": 0, "height": -3},
        {"bits_per_sample": [8, 8, 8], "samples_per_pixel": 3},
        {"icc": {}},
        {"icc": {"name": "a\x00b", "version": "4.3"}},
        {"orientation": 99, "byte_order": "sideways", "compression": 5},
    ],
)
def test_missing_and_odd_facts_give_a_valid_document(
    make_page: Callable[..., PageDescription],
    to_bytes: Callable[..., bytes],
    require_valid: Callable[[bytes], etree._Element],
    technical: dict[str, Any],
) -> None:
    require_valid(to_bytes(write_mix, make_page(1, technical=technical)))


def test_equal_pages_give_equal_bytes(
    make_page: Callable[..., PageDescription], to_bytes: Callable[..., bytes]
) -> None:
    assert to_bytes(write_mix, make_page(1)) == to_bytes(write_mix, make_page(1))
