# SPDX-License-Identifier: Apache-2.0
"""The same item has the same seal for ever, and a history that is not whole has none."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.bag.contents import TagFile
from archive.bag.writer import write_tar
from archive.custody.key_folder import SIGNING_KEY, KeyFolder
from archive.custody.seal import Seal
from archive.errors import ChainBroken
from tests.unit.archive.custody.conftest import Sealed


def test_sealing_again_gives_the_same_bytes(sealed: Sealed, keys: KeyFolder) -> None:
    assert sealed.by(keys) == sealed.by(keys)


def test_a_bag_made_again_is_the_same_bag_byte_for_byte(
    sealed: Sealed, keys: KeyFolder, tmp_path: Path
) -> None:
    first = sealed.bag(sealed.by(keys), tmp_path / "first", write_tar)
    again = sealed.bag(sealed.by(keys), tmp_path / "again", write_tar)
    assert first.read_bytes() == again.read_bytes()


def test_after_rotation_an_earlier_seal_of_the_same_stays(sealed: Sealed, keys: KeyFolder) -> None:
    first = sealed.by(keys)
    keys.rotate()
    assert sealed.by(keys, earlier=first) == first
    assert sealed.by(keys).key != first.key


def test_after_the_loss_of_the_key_an_earlier_seal_of_the_same_stays(sealed: Sealed, keys: KeyFolder) -> None:
    first = sealed.by(keys)
    (keys.folder / SIGNING_KEY).unlink()
    assert sealed.by(keys, earlier=first) == first


def test_an_earlier_seal_of_something_else_is_not_taken_over(sealed: Sealed, keys: KeyFolder) -> None:
    more = Sealed(sealed.history, sealed.payload, [*sealed.metadata, TagFile("metadata/x", b"x")])
    earlier = more.by(keys)
    assert sealed.by(keys, earlier=earlier) == sealed.by(keys) != earlier


def test_an_earlier_seal_by_a_foreign_key_is_not_taken_over(
    sealed: Sealed, keys: KeyFolder, tmp_path: Path
) -> None:
    foreign = sealed.by(KeyFolder(tmp_path / "foreign"))
    assert sealed.by(keys, earlier=foreign).key == keys.signing_key().public


@pytest.mark.parametrize(("statement", "signature"), [(b"rubbish", b"x"), (None, bytes(64)), (None, b"")])
def test_a_damaged_earlier_seal_is_replaced(
    sealed: Sealed, keys: KeyFolder, statement: bytes | None, signature: bytes
) -> None:
    first = sealed.by(keys)
    damaged = Seal(statement or first.statement, signature, first.key)
    assert sealed.by(keys, earlier=damaged) == first


def test_an_altered_history_is_not_signed(sealed: Sealed, keys: KeyFolder) -> None:
    history = [dict(event) for event in sealed.history]
    history[2]["outcome"] = "fail"
    with pytest.raises(ChainBroken, match="was altered"):
        Sealed(history, sealed.payload, sealed.metadata).by(keys)
    assert not keys.folder.exists()


def test_an_empty_history_and_one_of_two_items_are_not_signed(sealed: Sealed, keys: KeyFolder) -> None:
    with pytest.raises(ChainBroken, match="0 items"):
        Sealed([], sealed.payload, sealed.metadata).by(keys)
    with pytest.raises(ChainBroken):
        Sealed([*sealed.history, {**sealed.history[0], "item": "other"}], sealed.payload, sealed.metadata).by(
            keys
        )
