# SPDX-License-Identifier: Apache-2.0
"""Equal documents have equal bytes, whatever text is in them."""

from __future__ import annotations

import json
from collections import OrderedDict
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.canonical_json import canonical_json

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
    with pytest.raises((TypeError, ValueError)):
        canonical_json({"value": value})


def test_a_read_only_mapping_is_written_like_any_other() -> None:
    assert canonical_json(MappingProxyType({"b": 1, "a": 2})) == b'{"a":2,"b":1}'
