# SPDX-License-Identifier: Apache-2.0
"""Pages of an item that say the same: found by the word triples that their recognised texts share."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import combinations

import numpy as np
import numpy.typing as npt

from archive.text.enrichment import Suggestion, recto_version

LIKE = 0.2
"""Jaccard likeness of word triples from where on two pages are one.

Read with 10 % wrong letters, a page keeps 0.2 to 0.4 of its triples; different real pages shared less than 0.01.
"""
_FEWEST = 20
"""Triples below which a page has too little text to be told from another."""
_COMMON = 8
"""Pages that may share a triple: running heads and forms of words on more of them do not make pages alike."""
_WORD = re.compile(r"\w+")
Hashes = npt.NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class SamePages:
    """Two pages with the same text.

    Attributes:
        earlier: Number of the first.
        later: Number of the second.
        likeness: Jaccard likeness of their word triples, 0 to 1.
    """

    earlier: int
    later: int
    likeness: float


def find_same_texts(texts: Iterable[tuple[int, str]]) -> list[SamePages]:
    """The pages whose text came before, each with the earlier page that is most like it.

    Exact over all pairs that share a triple, in 8 bytes for each; no random hashes.

    Args:
        texts: Number and text of each page, in order.
    """
    numbers: list[int] = []
    triples: list[Hashes] = []
    for number, text in texts:
        own = _triples(text)
        if len(own) >= _FEWEST:
            numbers.append(number)
            triples.append(own)
    shared = _shared(triples)
    best: dict[int, SamePages] = {}
    for (earlier, later), count in shared.items():
        alike = count / (len(triples[earlier]) + len(triples[later]) - count)
        if alike >= LIKE and (later not in best or alike > best[later].likeness):
            best[later] = SamePages(numbers[earlier], numbers[later], alike)
    return [best[later] for later in sorted(best)]


def suggest_same_texts(texts: Iterable[tuple[int, str]]) -> tuple[Suggestion, ...]:
    """The same as suggestions of duplicates."""
    return tuple(
        Suggestion(
            "duplicate",
            f"the same text as page {same.earlier}",
            "archive.text.similar_pages",
            recto_version(),
            round(same.likeness, 3),
            same.later,
        )
        for same in find_same_texts(texts)
    )


def _shared(triples: Sequence[Hashes]) -> Counter[tuple[int, int]]:
    """How many triples two pages share, by their places in the row, the earlier first."""
    shared: Counter[tuple[int, int]] = Counter()
    if not triples:
        return shared
    places = np.repeat(np.arange(len(triples)), [len(own) for own in triples])
    hashes = np.concatenate(triples)
    # stable: within a triple the pages stay in order
    order = np.argsort(hashes, kind="stable")
    hashes, places = hashes[order], places[order]
    starts = np.flatnonzero(np.r_[True, hashes[1:] != hashes[:-1]])
    counts = np.diff(np.r_[starts, len(hashes)])
    wanted = (counts > 1) & (counts <= _COMMON)
    for start, count in zip(starts[wanted].tolist(), counts[wanted].tolist(), strict=True):
        shared.update(combinations(places[start : start + count].tolist(), 2))
    return shared


def _triples(text: str) -> Hashes:
    words = _WORD.findall(text.lower())
    # digests and not hash(): the answer must be the same in every process
    found = {
        blake2b(" ".join(words[at : at + 3]).encode(), digest_size=8).digest() for at in range(len(words) - 2)
    }
    return np.frombuffer(b"".join(sorted(found)), dtype=">u8").astype(np.uint64)
