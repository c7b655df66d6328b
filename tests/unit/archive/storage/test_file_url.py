# SPDX-License-Identifier: Apache-2.0
"""Addresses of local files lead back to their paths."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.storage.file_url import path_of


@given(st.text(st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), min_size=1))
def test_any_path_comes_back_from_its_url(name: str) -> None:
    path = Path("/bags") / name
    assert path_of(path.as_uri()) == path


def test_a_plain_path_is_itself() -> None:
    assert path_of("/bags/a b") == Path("/bags/a b")


@pytest.mark.parametrize("address", ["s3://bucket/key", "file://elsewhere/bags"])
def test_other_addresses_are_refused(address: str) -> None:
    with pytest.raises(ValueError, match="local file"):
        path_of(address)
