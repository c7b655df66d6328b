# SPDX-License-Identifier: Apache-2.0
"""The words that simulated pages are made of: plain English sentences about an archive, from a grammar."""

from __future__ import annotations

import random
from collections.abc import Iterator

_WHO = (
    "the keeper of the records",
    "a young clerk",
    "the town council",
    "our oldest volunteer",
    "the printer from the harbour",
    "a careful reader",
    "the widow of the miller",
    "the night watchman",
    "every member of the board",
    "the new librarian",
    "a travelling painter",
    "the head of the school",
)
_DID = (
    "found",
    "described",
    "carried",
    "repaired",
    "copied",
    "returned",
    "collected",
    "measured",
    "counted",
    "examined",
    "arranged",
    "remembered",
)
_WHAT = (
    "a bundle of letters",
    "the ledger with the broken spine",
    "several maps of the river",
    "a box of glass plates",
    "the minutes of the spring meeting",
    "an album without a name",
    "the parish register",
    "three volumes of the chronicle",
    "a drawing of the old bridge",
    "the list of passengers",
    "some folded receipts",
    "the plans for the water tower",
)
_WHERE = (
    "in the upper reading room",
    "behind the great clock",
    "on the lowest shelf",
    "under a pile of newspapers",
    "near the window",
    "in the cellar of the town hall",
    "beside the iron stove",
    "at the end of the corridor",
    "among papers of little value",
    "in a drawer that had been locked",
)
_WHEN = (
    "before the winter",
    "on a quiet Monday",
    "after the flood",
    "during the long summer",
    "when the bells had stopped",
    "shortly after noon",
    "in the year of the exhibition",
    "on the last day of March",
    "as soon as the rain was over",
    "while the others were asleep",
)
_THEN = (
    "nobody had asked for it in many years",
    "the ink was still perfectly clear",
    "two leaves were missing from the middle",
    "the paper smelled of smoke and apples",
    "a second copy was never made",
    "the date on the cover proved to be wrong",
    "everything was written down at once",
    "the owner could not be named",
    "it took four people to lift the case",
    "the seal was whole and the ribbon blue",
)
_LINK = ("and", "but", "so that", "although", "because")


def sentences(source: random.Random) -> Iterator[str]:
    """Sentences without end, each with a capital letter at its head and a full stop at its end."""
    while True:
        when, who, where = source.choice(_WHEN), source.choice(_WHO), source.choice(_WHERE)
        deed = f"{source.choice(_DID)} {source.choice(_WHAT)}"
        forms = (
            f"{when}, {who} {deed} {where}",
            f"{who} {deed} {where}, {source.choice(_LINK)} {source.choice(_THEN)}",
            f"{where}, {who} {deed} {when}",
            f"{who} {deed}, {source.choice(_LINK)} {source.choice(_THEN)}",
        )
        sentence = source.choice(forms)
        yield f"{sentence[0].upper()}{sentence[1:]}."
