# SPDX-License-Identifier: Apache-2.0
"""JSON documents in their one canonical spelling, so that equal documents have equal digests."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any


def canonical_json(document: Any) -> bytes:
    """A JSON document as bytes that are equal whenever the documents are.

    UTF-8, no white space, keys in code point order, numbers as Python writes them (RFC 8785 in spirit,
    without its rules for numbers, for our numbers are counts and measures of our own making). Half
    surrogate pairs, which UTF-8 cannot carry, become U+FFFD.

    Raises:
        TypeError: A value is of a kind that JSON does not know.
        ValueError: A number is infinite or not a number.
    """
    text = json.dumps(
        document, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"), default=_plain
    )
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").encode()


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} is not a JSON value")
