# SPDX-License-Identifier: Apache-2.0
"""Names of bags, in letters that every file system and bucket takes."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.stages.bag import bag_name


def test_a_bag_is_named_by_institution_batch_and_item() -> None:
    assert bag_name("example.edu", "b1", "letters") == "example.edu.b1_letters"
    assert bag_name("Universität Köln", "b1", "letters") == "Universitat-Koln.b1_letters"


@pytest.mark.parametrize(("one", "other"), [("東京", "大阪"), ("Nr 7", "Nr-7"), ("é", "e"), ("a.", "a")])
def test_two_ids_never_share_a_name(one: str, other: str) -> None:
    assert bag_name("x", "b", one) != bag_name("x", "b", other)
    assert bag_name("x", one, "i") != bag_name("x", other, "i")


@given(st.text(), st.text(), st.text())
def test_any_name_becomes_a_legal_one(institution: str, batch: str, item: str) -> None:
    assert re.fullmatch(r"[A-Za-z0-9._-]+", bag_name(institution, batch, item))
