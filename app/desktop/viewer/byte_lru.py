# SPDX-License-Identifier: Apache-2.0
"""A store of limited weight that lets go of what was not used for longest."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, Generic, TypeVar

Value = TypeVar("Value")


class ByteLru(Generic[Value]):
    """Values by key, at most `limit` bytes of them.

    Args:
        limit: Bytes in all.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._values: dict[Hashable, tuple[Value, int]] = {}
        self.size = 0

    def __contains__(self, key: Hashable) -> bool:
        return key in self._values

    def __len__(self) -> int:
        return len(self._values)

    def get(self, key: Hashable) -> Value | None:
        """The value of a key, which counts as used by it."""
        found = self._values.pop(key, None)
        if found is None:
            return None
        self._values[key] = found
        return found[0]

    def put(self, key: Hashable, value: Value, size: int) -> None:
        """Keep a value of `size` bytes; what was used longest ago goes where room is needed."""
        self.remove(key)
        self._values[key] = (value, size)
        self.size += size
        while self.size > self._limit and len(self._values) > 1:
            self.remove(next(iter(self._values)))

    def remove(self, key: Hashable) -> None:
        """Let go of a key, if it is there."""
        found = self._values.pop(key, None)
        if found is not None:
            self.size -= found[1]

    def remove_where(self, matches: Callable[[Any], bool]) -> None:
        """Let go of all keys that match."""
        for key in [key for key in self._values if matches(key)]:
            self.remove(key)
