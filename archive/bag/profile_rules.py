# SPDX-License-Identifier: Apache-2.0
"""What a profile says about the names, the files and the size of a bag."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict

_ESCAPED_CONTROL = re.compile(r"\\[Uu]00(?:[0189][0-9A-Fa-f]|7[Ff])")
"""Text such as backslash-u-0007: the C0 and C1 controls and DEL as programs spell them."""


class Strict(BaseModel):
    """Rules as data: frozen, and a rule that is not known here is refused instead of not kept."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class NameRule(Strict):
    """What a profile says about file names beyond the rules that hold for every bag.

    Attributes:
        forbidden_first: Characters no file name may start with.
        longest_path: Characters a path may have below the top folder; 0 means any number.
        escaped_controls: Whether control characters may be there as escapes in plain text.
    """

    forbidden_first: str = ""
    longest_path: int = 0
    escaped_controls: bool = True

    def problem(self, path: str) -> str | None:
        """Why the profile does not take this path, or None if it does."""
        name = path.rsplit("/", 1)[-1]
        if name[:1] and name[0] in self.forbidden_first:
            return f"has a name that starts with {name[0]!r}"
        if self.longest_path and len(path) > self.longest_path:
            return f"is longer than {self.longest_path} characters"
        if not self.escaped_controls and _ESCAPED_CONTROL.search(path):
            return "contains an escaped control character"
        return None


class FileRule(Strict):
    """Which files must or may be in a bag.

    Attributes:
        required: Paths in the bag.
        allowed: Patterns of paths, in which an asterisk stands for any characters, slashes too.
    """

    required: tuple[str, ...] = ()
    allowed: tuple[str, ...] = ("*",)

    def problems(self, paths: Sequence[str]) -> list[tuple[str, str]]:
        """Each path that breaks the rule, with the reason."""
        present = set(paths)
        missing = [(path, "is required") for path in self.required if path not in present]
        return missing + [
            (path, "is not among the files allowed") for path in paths if not self._allows(path)
        ]

    def _allows(self, path: str) -> bool:
        return path in self.required or any(fnmatch.fnmatchcase(path, pattern) for pattern in self.allowed)


class SizeRule(Strict):
    """How large a bag may be, and how large it should be; 0 means any size.

    Attributes:
        largest: Bytes of all its files that are taken.
        advised: Bytes that the archive advises to stay at or below.
        advised_files: Files that it advises to stay below.
    """

    largest: int = 0
    advised: int = 0
    advised_files: int = 0

    def problem(self, size: int) -> str | None:
        """Why a payload of this many bytes is not taken, or None if it is."""
        if self.largest and size > self.largest:
            return f"has {size} bytes, and at most {self.largest} are taken"
        return None

    def advice(self, size: int, files: int) -> list[str]:
        """Why it would better be divided."""
        advice = []
        if self.advised and size > self.advised:
            advice.append(f"{size} bytes are many; the archive advises {self.advised} at most")
        if self.advised_files and files >= self.advised_files:
            advice.append(f"{files} files are many; the archive advises fewer than {self.advised_files}")
        return advice
