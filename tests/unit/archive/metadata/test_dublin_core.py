# SPDX-License-Identifier: Apache-2.0
"""Dublin Core tells what the manifest says and leaves out what it does not."""

from __future__ import annotations

from collections.abc import Callable

from archive.metadata.description import ItemDescription
from archive.metadata.dublin_core import SIMULATED_NOTICE, dublin_core


def test_the_fields_of_the_manifest_find_their_elements(make_item: Callable[..., ItemDescription]) -> None:
    assert dict(dublin_core(make_item())) == {
        "title": "Letter to a friend",
        "creator": "Anna B.",
        "publisher": "Stadtarchiv",
        "date": "ca. 1882",
        "type": "Image",
        "format": "image/tiff",
        "identifier": "letter-17",
        "language": "de",
        "relation": "Letters",
        "rights": "Public domain",
    }


def test_empty_fields_are_left_out(make_item: Callable[..., ItemDescription]) -> None:
    names = [name for name, _ in dublin_core(make_item(creator="", date="", language="", rights=""))]
    assert not {"creator", "date", "language", "rights"} & set(names)


def test_an_item_without_title_goes_by_its_id(make_item: Callable[..., ItemDescription]) -> None:
    assert dict(dublin_core(make_item(title="")))["title"] == "letter-17"


def test_simulated_items_say_so(simulated_item: ItemDescription) -> None:
    assert dict(dublin_core(simulated_item))["description"] == SIMULATED_NOTICE
