# SPDX-License-Identifier: Apache-2.0
"""What a SANE device is, by the words its driver uses."""

from __future__ import annotations

import pytest

from hardware.sane.library import backend_of
from hardware.sources import is_feeder


@pytest.mark.parametrize(
    "source",
    [
        "ADF",
        "ADF Duplex",
        "Automatic Document Feeder",
        "Automatic Document Feeder(left aligned,Duplex)",
        "Duplex",
    ],
)
def test_a_source_that_feeds_is_known_by_its_name(source: str) -> None:
    assert is_feeder(source)


@pytest.mark.parametrize("source", ["Flatbed", "Document Table", "Transparency Unit", "Normal", ""])
def test_other_sources_give_one_page(source: str) -> None:
    assert not is_feeder(source)


@pytest.mark.parametrize(
    ("kind", "feeds"), [("sheetfed scanner", True), ("flatbed scanner", False), ("virtual device", False)]
)
def test_a_device_without_sources_is_known_by_its_type(kind: str, *, feeds: bool) -> None:
    assert is_feeder(kind) is feeds


@pytest.mark.parametrize(
    ("name", "backend"),
    [
        ("test:0", "test"),
        ("net:localhost:test:0", "net"),
        ("epson2:libusb:001:004", "epson2"),
        ("v4l", "v4l"),
    ],
)
def test_the_backend_stands_before_the_first_colon(name: str, backend: str) -> None:
    assert backend_of(name) == backend
