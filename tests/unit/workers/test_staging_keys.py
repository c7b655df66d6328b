# SPDX-License-Identifier: Apache-2.0
"""Keys in the staging place say what they are of, whatever batches and items are called."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.storage.target import checked_key
from workers.staging.keys import StagedKey, keys_below, read_key

SHA256 = "0123456789abcdef" * 4
names = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=30)


@given(names, st.one_of(st.just(""), names))
def test_a_key_is_read_as_it_was_made(batch: str, item: str) -> None:
    made = StagedKey(batch, item, SHA256)
    assert read_key(str(made)) == made
    assert str(made).startswith(keys_below(batch, item))
    assert checked_key(str(made))


@given(names, names, names)
def test_no_item_is_below_another(batch: str, one: str, other: str) -> None:
    if one != other:
        assert not str(StagedKey(batch, one, SHA256)).startswith(keys_below(batch, other))
    assert not str(StagedKey(batch, one, SHA256)).startswith(keys_below(batch, ""))


@pytest.mark.parametrize(
    "key",
    [
        "",
        "readme.txt",
        f"b/items/i/{SHA256}",
        f"=b/items/=i/{SHA256}/x",
        f"=b/other/{SHA256}",
        f"=b/batch/{SHA256[1:]}",
        f"=%00/batch/{SHA256}",
        f"=b/items/=%ED%A0%80/{SHA256}",
        f"=%F0%28/items/=i/{SHA256}",
        f"=a%2fb/items/=i/{SHA256}",
    ],
)
def test_what_others_put_there_is_none_of_ours(key: str) -> None:
    assert read_key(key) is None
