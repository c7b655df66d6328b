# SPDX-License-Identifier: Apache-2.0
"""Which path names may be in a bag: the ones that every system, tar and BagIt reader gives back unchanged."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable

LONGEST_COMPONENT = 255
"""Bytes of UTF-8 in one name: NAME_MAX of every Linux file system in use."""

_DEVICE_NAMES = frozenset(
    ["con", "prn", "aux", "nul"]
    + [f"{port}{number}" for port in ("com", "lpt") for number in "123456789\u00b9\u00b2\u00b3"]
)
"""Names Windows gives to devices, with any extension (Microsoft: Naming Files, Paths, and Namespaces)."""

_LINE_BREAKING = frozenset(["Cc", "Zl", "Zp"])
"""Unicode categories that end a line for some reader of a manifest."""


def escape_problem(path: str) -> str | None:
    """Why a path would lead out of the bag on some system, or None. Slashes divide its components."""
    if not path:
        return "is empty"
    if path.startswith(("/", "\\", "~")):
        return "starts at a root or a home folder"
    if len(path) > 1 and path[1] == ":" and path[0].isalpha():
        return "starts with a drive letter"
    if ".." in path.replace("\\", "/").split("/"):
        return "climbs out of its folder"
    if "\0" in path:
        return "contains a NUL"
    return None


_COMPONENT_RULES: tuple[tuple[Callable[[str], bool], str], ...] = (
    (lambda name: name in {"", ".", ".."}, "has an empty or dotted component"),
    (lambda name: any("\ud800" <= character <= "\udfff" for character in name), "is not UTF-8"),
    (
        lambda name: any(unicodedata.category(character) in _LINE_BREAKING for character in name),
        "contains a control character or line break",
    ),
    (lambda name: "\\" in name, "contains a backslash, which Windows takes for a folder"),
    (lambda name: name != name.strip(), "starts or ends with a space, which BagIt readers strip"),
    (lambda name: name.endswith("."), "ends with a dot, which Windows strips"),
    (
        lambda name: name.split(".", maxsplit=1)[0].rstrip().casefold() in _DEVICE_NAMES,
        "is the name of a device on Windows",
    ),
    (
        lambda name: len(name.encode()) > LONGEST_COMPONENT,
        f"has a component longer than {LONGEST_COMPONENT} bytes",
    ),
)


_PLAIN_NAME = re.compile(r"[0-9A-Za-z_](?:[ -\[\]-~]{0,200}[0-9A-Za-z_])?")
"""Most names: printable ASCII without a backslash that breaks no rule below but perhaps that of devices."""


def component_problem(name: str) -> str | None:
    """Why one name between slashes is not portable, or None."""
    if _PLAIN_NAME.fullmatch(name) and name.split(".", maxsplit=1)[0].rstrip().lower() not in _DEVICE_NAMES:
        return None
    return next((reason for broken, reason in _COMPONENT_RULES if broken(name)), None)


def path_problem(path: str) -> str | None:
    """Why a relative path with slashes may not be in a bag, or None if it may."""
    problem = escape_problem(path)
    if problem:
        return problem
    for name in path.split("/"):
        problem = component_problem(name)
        if problem:
            return problem
    return None


def folded(path: str) -> str:
    """The path as a file system blind to case and normalisation knows it (Unicode 3.13, D145)."""
    if path.isascii():
        small = path.lower()
        return path if small == path else small
    return unicodedata.normalize("NFD", unicodedata.normalize("NFD", path).casefold())


def twin_problems(paths: Iterable[str]) -> list[tuple[str, str]]:
    """Paths that cannot stand beside an earlier one, each with the reason.

    Two names in the same folder clash when they are equal after NFC, NFD or case folding, or when
    one is a file and the other a folder.
    """
    names = _KnownNames()
    clashes = ((path, names.clash(path)) for path in paths)
    return [(path, f"clashes with {other!r}") for path, other in clashes if other is not None]


class _KnownNames:
    """The names seen so far, as a file system blind to case and normalisation knows them."""

    def __init__(self) -> None:
        self._spelled: dict[str, str] = {}
        self._folders: set[str] = set()

    def clash(self, path: str) -> str | None:
        """The known name this path clashes with; without a clash it becomes known, with its folders."""
        folders = self._unknown_folders(path)
        for folder in folders:
            if (known := self._spelled.get(folded(folder))) is not None:
                return known
        if (known := self._spelled.get(folded(path))) is not None:
            return known
        self._spelled |= {folded(folder): folder for folder in folders}
        self._folders.update(folders)
        self._spelled[folded(path)] = path
        return None

    def _unknown_folders(self, path: str) -> list[str]:
        unknown = []
        folder, slash, _ = path.rpartition("/")
        while slash and folder not in self._folders:
            unknown.append(folder)
            folder, slash, _ = folder.rpartition("/")
        return unknown[::-1]
