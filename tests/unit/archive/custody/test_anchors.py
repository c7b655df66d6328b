# SPDX-License-Identifier: Apache-2.0
"""A registry whose whole chain was rewritten, every hash made to fit, is found by what was signed before."""

from __future__ import annotations

import json
from typing import Any

import pytest

from archive.canonical_json import canonical_json
from archive.custody.anchors import hold_against_anchors
from archive.custody.key_folder import KeyFolder
from archive.custody.keys import PublicKey, SigningKey
from archive.custody.seal import Seal
from tests.unit.archive.custody.conftest import Sealed


@pytest.fixture
def made(sealed: Sealed, keys: KeyFolder) -> Seal:
    return sealed.by(keys)


def _digest_of(sealed: Sealed) -> dict[int, str]:
    return {event["sequence"]: event["sha256"] for event in sealed.history}


def _hold(sealed: Sealed, made: Seal, keys: dict[str, PublicKey], **changes: Any) -> Any:
    digests = changes.pop("digests", _digest_of(sealed))
    signed = {"item": "letter", "statement": made.statement, "signature": made.signature, **changes}
    return hold_against_anchors("b1", [tuple(signed.values())], keys, digests.get)


def test_an_untouched_chain_is_proved_up_to_the_last_signature(
    sealed: Sealed, made: Seal, keys: KeyFolder
) -> None:
    anchors = _hold(sealed, made, keys.public_keys())
    assert (anchors.proved, anchors.length, anchors.problems) == (1, sealed.history[-1]["sequence"], ())


def test_a_chain_written_anew_is_found_though_every_hash_of_it_fits(
    sealed: Sealed, made: Seal, keys: KeyFolder
) -> None:
    last = sealed.history[-1]["sequence"]
    for digests in ({**_digest_of(sealed), last: "0" * 64}, {}):
        anchors = _hold(sealed, made, keys.public_keys(), digests=digests)
        assert "the chain was rewritten up to there" in anchors.problems[0]
        assert anchors.proved == 0


def test_a_statement_that_was_tampered_with_is_found(sealed: Sealed, made: Seal, keys: KeyFolder) -> None:
    document = json.loads(made.statement)
    altered = canonical_json({**document, "chain_head": "0" * 64}) + b"\n"
    for changes in (
        {"statement": altered, "digests": dict.fromkeys(_digest_of(sealed), "0" * 64)},
        {"signature": bytes(64)},
        {"signature": b""},
        {"statement": b"rubbish"},
        {"item": "other"},
    ):
        assert _hold(sealed, made, keys.public_keys(), **changes).problems


def test_a_key_that_nobody_knows_proves_nothing_and_accuses_nobody(sealed: Sealed, made: Seal) -> None:
    stranger = SigningKey.generate().public
    anchors = _hold(sealed, made, {stranger.id: stranger})
    assert (anchors.proved, anchors.problems, anchors.unknown_keys) == (0, (), (made.key.id,))
