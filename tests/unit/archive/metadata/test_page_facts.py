# SPDX-License-Identifier: Apache-2.0
"""The facts of a page are one JSON document whose bytes depend on nothing but the facts."""

from __future__ import annotations

import json
from collections.abc import Callable
from types import MappingProxyType

from archive.metadata.description import ItemDescription, PageDescription
from archive.metadata.page_facts import write_page_facts


def test_the_document_of_a_page_tells_device_options_technique_and_files(
    make_item: Callable[..., ItemDescription], to_bytes: Callable[..., bytes]
) -> None:
    item = make_item()
    page = item.pages[0]
    document = json.loads(to_bytes(write_page_facts, page, item))
    assert document["item"] == "letter-17"
    assert document["page"] == 1
    assert document["device"]["serial"] == "K1"
    assert document["options"]["resolution"] == {"requested": 300, "actual": 300}
    assert document["technical"] == page.technical
    others = [file for file in page.files if file.use != "technical"]
    assert [file["sha256"] for file in document["files"]] == [file.sha256 for file in others]
    assert document["simulated"] is False


def test_read_only_mappings_are_welcome(
    make_item: Callable[..., ItemDescription],
    make_page: Callable[..., PageDescription],
    to_bytes: Callable[..., bytes],
) -> None:
    page = make_page(1, technical=MappingProxyType({"width": 1}))
    document = json.loads(to_bytes(write_page_facts, page, make_item(pages=(page,))))
    assert document["technical"] == {"width": 1}


# requirement 30
def test_simulated_pages_are_marked(simulated_item: ItemDescription, to_bytes: Callable[..., bytes]) -> None:
    assert (
        json.loads(to_bytes(write_page_facts, simulated_item.pages[0], simulated_item))["simulated"] is True
    )


def test_the_document_is_the_same_before_and_after_it_is_listed_itself(
    make_item: Callable[..., ItemDescription],
    make_page: Callable[..., PageDescription],
    to_bytes: Callable[..., bytes],
) -> None:
    after = make_page(1)
    before = make_page(1, files=tuple(file for file in after.files if file.use != "technical"))
    assert to_bytes(write_page_facts, before, make_item()) == to_bytes(write_page_facts, after, make_item())


def test_a_turned_view_is_told_in_degrees(
    make_item: Callable[..., ItemDescription],
    make_page: Callable[..., PageDescription],
    to_bytes: Callable[..., bytes],
) -> None:
    page = make_page(1, rotation=1)
    document = json.loads(to_bytes(write_page_facts, page, make_item(pages=(page,))))
    assert document["rotation_for_viewing"] == 90
