# SPDX-License-Identifier: Apache-2.0
"""Holding a registry's chain against what was signed while it grew: whoever rewrites all of it cannot sign again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from archive.custody.keys import PublicKey
from archive.custody.statement import Statement


@dataclass(frozen=True, slots=True)
class Anchors:
    """What the signed statements of a batch's items say about its chain.

    Attributes:
        proved: How many statements hold the chain, each up to the end of its item's history.
        length: The event up to which the chain is proved; 0 where nothing was signed yet.
        unknown_keys: Ids of keys that signed and that nobody here knows; their statements prove nothing.
        problems: One sentence for each contradiction.
    """

    proved: int = 0
    length: int = 0
    unknown_keys: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()


def hold_against_anchors(
    batch: str,
    signed: Iterable[tuple[str, bytes, bytes]],
    keys: Mapping[str, PublicKey],
    digest_at: Callable[[int], str | None],
) -> Anchors:
    """Hold a chain against the statements kept beside its items.

    Args:
        batch: The batch whose chain it is.
        signed: Item, statement and signature of each item that was sealed.
        keys: The public keys to believe, by their ids.
        digest_at: SHA-256 of the event with a number, None where there is none.
    """
    proved, length = 0, 0
    unknown: set[str] = set()
    problems: list[str] = []
    for item, content, signature in signed:
        try:
            statement = Statement.from_bytes(content)
        except ValueError as error:
            problems.append(f"What was signed for item {item} cannot be believed: {error}.")
            continue
        key = keys.get(statement.key)
        if key is None:
            unknown.add(statement.key)
        elif not key.proves(signature, content) or (statement.batch, statement.item) != (batch, item):
            problems.append(f"The signature of item {item} is not that of key {key.id} over its history.")
        elif digest_at(statement.chain_length) != statement.chain_head:
            problems.append(
                f"Event {statement.chain_length} is not the one that was signed with item {item}: "
                "the chain was rewritten up to there."
            )
        else:
            proved, length = proved + 1, max(length, statement.chain_length)
    return Anchors(proved, length, tuple(sorted(unknown)), tuple(problems))
