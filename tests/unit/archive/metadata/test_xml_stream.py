# SPDX-License-Identifier: Apache-2.0
"""Whatever text comes in, what goes out is XML."""

from __future__ import annotations

import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from archive.metadata.xml_stream import legal_text, xml_document

any_text = st.text(alphabet=st.characters(exclude_categories=()), max_size=50)


@given(any_text, any_text)
def test_any_text_comes_back_as_its_legal_form_from_content_and_attribute(content: str, value: Any) -> None:
    destination = io.BytesIO()
    with xml_document(
        destination, "root", namespace="urn:n", nsmap={None: "urn:n"}, attributes={"a": value}
    ) as out:
        out.leaf("leaf", content, {"b": value})
    root = etree.fromstring(destination.getvalue())
    assert root.get("a") == legal_text(value)
    assert (root[0].text or "") == legal_text(content)


@given(any_text)
def test_legal_text_keeps_its_length_and_is_at_rest(text: str) -> None:
    once = legal_text(text)
    assert len(once) == len(text)
    assert legal_text(once) == once


@pytest.mark.parametrize("title", ["שלום עולם", "羅生門", "🂡 ace", "a\tb\nc", "é\u0301"])
def test_text_in_any_script_is_left_alone(title: str) -> None:
    assert legal_text(title) == title


@pytest.mark.parametrize("hostile", ["\x00", "\x0b", "\x1f", "\ud800", "\ufffe", "\uffff"])
def test_a_character_that_xml_forbids_becomes_the_replacement_character(hostile: str) -> None:
    assert legal_text(f"a{hostile}b") == "a\ufffdb"


def test_an_error_in_the_middle_comes_out_as_itself() -> None:
    with (
        pytest.raises(KeyError),
        xml_document(io.BytesIO(), "root", namespace="urn:n", nsmap={None: "urn:n"}, attributes={}) as out,
        out.element("inner"),
    ):
        raise KeyError("the cause")
