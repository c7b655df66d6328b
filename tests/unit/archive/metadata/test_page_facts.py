# SPDX-License-Identifier: Apache-2.0
"""The facts of a page are one JSON document whose bytes depend on nothing but the facts."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Callable
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.metadata.description import DescriptionError, ItemDescription, PageDescription
from archive.metadata.page_facts import canonical_json, write_page_facts

any_text = st.text(alphabet=st.characters(exclude_categories=()), max_size=20)
documents = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(documents)
def test_canonical_json_reads_back_as_it_was(document: Any) -> None:
    assert json.loads(canonical_json(document)) == document


@given(st.dictionaries(st.text(), st.integers()))
def test_the_order_of_keys_does_not_matter(document: Any) -> None:
    backwards = OrderedDict(reversed(document.items()))
    assert canonical_json(backwards) == canonical_json(document)


@given(any_text)
def test_any_text_becomes_utf_8_and_loses_nothing_but_lone_surrogates(text: str) -> None:
    title = json.loads(canonical_json({"title": text}).decode("utf-8"))["title"]
    if all(not "\ud800" <= character <= "\udfff" for character in text):
        assert title == text
    assert not any("\ud800" <= character <= "\udfff" for character in title)


def test_half_a_surrogate_pair_is_replaced_and_a_whole_one_is_joined() -> None:
    assert json.loads(canonical_json(["a\ud800b", "\ud83c\udca1"])) == ["a\ufffdb", "\U0001f0a1"]


@pytest.mark.parametrize("value", [float("nan"), float("inf"), {1, 2}, b"bytes"])
def test_a_value_that_json_has_no_form_for_is_refused(value: Any) -> None:
    with pytest.raises(DescriptionError, match="JSON"):
        canonical_json({"value": value})


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
