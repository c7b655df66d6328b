# SPDX-License-Identifier: Apache-2.0
"""Pages of an item that say the same: found by the word triples that their recognised texts share."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import blake2b

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

    Exact over all pairs that share a triple, in the time of reading the texts; no random hashes.

    Args:
        texts: Number and text of each page, in order.
    """
    triples = {number: _triples(text) for number, text in texts}
    pages_of: dict[int, list[int]] = defaultdict(list)
    for number, own in triples.items():
        if len(own) >= _FEWEST:
            for triple in own:
                pages_of[triple].append(number)
    return list(_alike(triples, pages_of))


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


def _alike(triples: dict[int, frozenset[int]], pages_of: dict[int, list[int]]) -> Iterator[SamePages]:
    for number, own in triples.items():
        shared: Counter[int] = Counter()
        for triple in own:
            sharing = pages_of.get(triple, ())
            if len(sharing) <= _COMMON:
                shared.update(page for page in sharing if page < number)
        likes = {page: count / len(own | triples[page]) for page, count in shared.items()}
        best = max(likes, key=lambda page: (likes[page], -page), default=None)
        if best is not None and likes[best] >= LIKE:
            yield SamePages(best, number, likes[best])


def _triples(text: str) -> frozenset[int]:
    words = _WORD.findall(text.lower())
    return frozenset(
        # digests and not hash(): the answer must be the same in every process
        int.from_bytes(blake2b(" ".join(words[at : at + 3]).encode(), digest_size=8).digest(), "big")
        for at in range(len(words) - 2)
    )
