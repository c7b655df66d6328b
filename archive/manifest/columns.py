# SPDX-License-Identifier: Apache-2.0
"""What the words in a spreadsheet's header mean: fields of the batch or of an item, settings, tags."""

from __future__ import annotations

import re
from dataclasses import dataclass

from archive.manifest.draft import BATCH_FIELDS, ITEM_FIELDS, Kind

_PREFIXED = re.compile(r"(settings?|tags?)[.:](.+)", re.IGNORECASE | re.DOTALL)
_OF_BATCH = re.compile(r"batch[._ ]", re.IGNORECASE)
_OF_ITEM = re.compile(r"item[._ ]", re.IGNORECASE)
_PROBLEMS = re.compile(r"problems?(?:[ _-]messages?)?\s*(?:\n.*)?", re.IGNORECASE | re.DOTALL)
_SPELLINGS = {
    "colour_profile": "color_profile",
    "file_path": "file_paths",
    "files": "file_paths",
    "attachment": "attachments",
}

ITEM_WORDS = tuple(name for name, kind in ITEM_FIELDS.items() if kind not in (Kind.SETTINGS, Kind.TAGS))
BATCH_WORDS = tuple(name for name, kind in BATCH_FIELDS.items() if kind not in (Kind.SETTINGS, Kind.TAGS))
COLUMN_WORDS = (
    *ITEM_WORDS,
    *(word for word in BATCH_WORDS if word not in ITEM_WORDS),
    "batch_id",
    "batch_scanner_id",
    "settings.<name>",
    "tag.<name>",
)
"""What may head a column of the table of items."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a column or a key stands for.

    Attributes:
        of_batch: Whether it belongs to the batch, not to an item.
        name: Field of the manifest.
        key: Name of the setting or tag, for the fields `settings` and `tags`.
    """

    of_batch: bool
    name: str
    key: str | None = None

    @property
    def kind(self) -> Kind:
        """What the field holds."""
        return (BATCH_FIELDS if self.of_batch else ITEM_FIELDS)[self.name]


def is_problems_column(word: str) -> bool:
    """Whether a column is one of the two that Recto adds to give a sheet back with its problems."""
    return bool(_PROBLEMS.fullmatch(word.strip()))


def meaning_in_table(word: str) -> Meaning | None:
    """What a word means at the head of a column of the table of items, or None when nothing."""
    word = word.strip()
    if prefix := _OF_BATCH.match(word):
        return _meaning(word[prefix.end() :], of_batch=True)
    if prefix := _OF_ITEM.match(word):
        return _meaning(word[prefix.end() :], of_batch=False)
    return _meaning(word, of_batch=False) or _meaning(word, of_batch=True)


def meaning_in_block(word: str) -> Meaning | None:
    """What a word means as a key in the block above the table, or None when nothing."""
    word = word.strip()
    prefix = _OF_BATCH.match(word)
    return _meaning(word[prefix.end() :] if prefix else word, of_batch=True)


def _meaning(word: str, *, of_batch: bool) -> Meaning | None:
    if prefixed := _PREFIXED.fullmatch(word):
        name = "settings" if prefixed[1].lower().startswith("setting") else "tags"
        key = prefixed[2].strip()
        return Meaning(of_batch, name, key) if key else None
    plain = re.sub(r"[\s_-]+", "_", word.strip()).casefold()
    plain = _SPELLINGS.get(plain, plain)
    return Meaning(of_batch, plain) if plain in (BATCH_WORDS if of_batch else ITEM_WORDS) else None
