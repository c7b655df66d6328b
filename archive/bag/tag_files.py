# SPDX-License-Identifier: Apache-2.0
"""The text of tag files: `Label: value` lines, written and read (RFC 8493, section 2.2.2)."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence

BAGIT_TXT = "bagit.txt"
BAG_INFO = "bag-info.txt"
FETCH_TXT = "fetch.txt"

BAGIT_DECLARATION = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
"""The bagit.txt of every bag written here (RFC 8493, section 2.1.1)."""


TagValue = str | tuple[str, ...]
"""The value of a label, or the values of one that stands there more than once, in their order."""


def values_of(value: TagValue) -> tuple[str, ...]:
    """All values that a label has."""
    return (value,) if isinstance(value, str) else value


def pairs_of(tags: Mapping[str, TagValue]) -> list[tuple[str, str]]:
    """Labels with their values, repeated ones one by one."""
    return [(label, value) for label, values in tags.items() for value in values_of(values)]


def tag_problem(label: str, value: str) -> str | None:
    """Why a tag cannot be written, or None. A line break in the value is folded, not refused."""
    if not label or label != label.strip() or ":" in label:
        return f"the label {label!r} is empty, padded or contains a colon"
    if any(unicodedata.category(character) in {"Cc", "Zl", "Zp", "Cs"} for character in label):
        return f"the label {label!r} contains a control character"
    text = value.replace("\r", "").replace("\n", "").replace("\t", "")
    if any(unicodedata.category(character) in {"Cc", "Zl", "Zp", "Cs"} for character in text):
        return f"the value of {label} contains a control character"
    return None


def format_tags(tags: Mapping[str, TagValue]) -> bytes:
    """A tag file in UTF-8, labels in alphabetical order, values folded at their line breaks."""
    pairs = sorted(pairs_of(tags), key=lambda pair: pair[0])
    lines = [f"{label}: {_folded_value(value)}".rstrip(" ") for label, value in pairs]
    return "".join(f"{line}\n" for line in lines).encode()


def _folded_value(value: str) -> str:
    return "\n  ".join(line.strip() for line in value.splitlines() if line.strip())


def parse_tags(text: str) -> tuple[list[tuple[str, str]], list[str]]:
    """Read a tag file leniently.

    Returns:
        The tags in their order, repeated labels included, and the lines that are no tags.
    """
    tags: list[tuple[str, str]] = []
    rubbish: list[str] = []
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        if not line.strip():
            continue
        if line[0] in " \t" and tags:
            label, value = tags[-1]
            tags[-1] = (label, f"{value} {line.strip()}".strip())
            continue
        label, colon, value = line.partition(":")
        if not colon or not label.strip():
            rubbish.append(line)
            continue
        tags.append((label.strip(), value.strip()))
    return tags, rubbish


def first_values(tags: Sequence[tuple[str, str]]) -> dict[str, str]:
    """The first value of every label, whatever its case (RFC 8493, section 2.2.2)."""
    first = {label.lower(): (label, value) for label, value in reversed(tags)}
    return dict(first.values())
