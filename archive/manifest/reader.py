# SPDX-License-Identifier: Apache-2.0
"""Reading a manifest file of any format: the manifest, or all of its problems at once."""

from __future__ import annotations

import hashlib
import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from archive.errors import ManifestAccessRefused, ManifestMissing, ManifestNotRegularFile
from archive.manifest.checks import check
from archive.manifest.decoding import Decoded, decode
from archive.manifest.document import read_document
from archive.manifest.draft import Draft
from archive.manifest.grid import Grid
from archive.manifest.json_nodes import read_json
from archive.manifest.model import Manifest
from archive.manifest.nodes import DocumentBrokenError, Node
from archive.manifest.problems import Code, Place, Problem, shown
from archive.manifest.separated import read_separated
from archive.manifest.sheet import read_sheet
from archive.manifest.workbook import read_workbook
from archive.manifest.yaml_nodes import read_yaml

LARGEST_FILE = 64 << 20
"""Bytes a manifest file may have: fifty thousand items, generously described."""

SEPARATED_SUFFIXES = frozenset({".csv", ".tsv", ".txt"})
SUFFIXES = (".csv", ".tsv", ".txt", ".xlsx", ".json", ".yaml", ".yml")


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of reading a manifest file.

    Attributes:
        manifest: The manifest; None while there is an error.
        problems: All problems, in the order of the file.
        sha256: SHA-256 of the file's bytes as they were read, lower-case hexadecimal; empty for a file too big to read.
    """

    manifest: Manifest | None
    problems: tuple[Problem, ...]
    sha256: str

    @property
    def valid(self) -> bool:
        """Whether no problem is an error, so that a batch may be created."""
        return not any(problem.severity == "error" for problem in self.problems)


def read_manifest(path: Path) -> Reading:
    """Read a manifest and check everything in it; nothing is created or changed.

    Args:
        path: A file that ends in one of `SUFFIXES`; paths in it are relative to its folder.

    Raises:
        ManifestMissing: There is no such file.
        ManifestNotRegularFile: It is a folder or a device.
        ManifestAccessRefused: It may not be read, or reading fails.
    """
    content = _content(path)
    if content is None:
        limit = LARGEST_FILE >> 20
        return _failed(
            Code.TOO_BIG,
            f"The file is bigger than {limit} MiB, which no manifest is.",
            "Make sure that this is the manifest, and divide it into several batches if it is.",
        )
    sha256 = hashlib.sha256(content).hexdigest()
    draft, problems = _draft(path, content)
    manifest = None
    if draft is not None:
        manifest, found = check(draft, path.parent)
        problems += found
    if any(problem.severity == "error" for problem in problems):
        manifest = None
    return Reading(manifest, tuple(sorted(problems, key=_in_file_order)), sha256)


def _content(path: Path) -> bytes | None:
    """The bytes of the file, None when there are too many."""
    try:
        facts = path.stat()
        if not stat.S_ISREG(facts.st_mode):
            raise ManifestNotRegularFile(f"{path} is not a file.", path=str(path))
        with path.open("rb") as file:
            content = file.read(LARGEST_FILE + 1)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise ManifestMissing(f"There is no file {path}.", path=str(path)) from error
    except OSError as error:
        raise ManifestAccessRefused(f"{path} cannot be read: {error.strerror}.", path=str(path)) from error
    return content if len(content) <= LARGEST_FILE else None


def _draft(path: Path, content: bytes) -> tuple[Draft | None, list[Problem]]:
    suffix = path.suffix.lower()
    if not content.strip():
        return None, [
            Problem.at(
                Place(),
                Code.EMPTY,
                "The file is empty.",
                "Fill in a template from `recto manifest template`.",
            )
        ]
    if suffix not in SUFFIXES:
        return None, [_unknown_format(path)]
    if suffix == ".xlsx":
        return _sheet(read_workbook(content))
    try:
        decoded = decode(content)
    except UnicodeDecodeError:
        return None, [_undecodable(content)]
    if suffix in SEPARATED_SUFFIXES:
        draft, problems = _sheet(read_separated(decoded.text))
    else:
        draft, problems = _document(read_json if suffix == ".json" else read_yaml, decoded.text)
    return draft, _about_encoding(decoded) + problems


def _sheet(grid: Grid) -> tuple[Draft | None, list[Problem]]:
    if grid.problems and not grid.rows:
        return None, grid.problems
    return read_sheet(grid)


def _document(read: Callable[[str], Node | None], text: str) -> tuple[Draft | None, list[Problem]]:
    try:
        return read_document(read(text))
    except DocumentBrokenError as error:
        return None, [error.problem]


def _about_encoding(decoded: Decoded) -> list[Problem]:
    if not decoded.guessed:
        return []
    return [
        Problem.at(
            Place(),
            Code.ENCODING_GUESSED,
            "The file is not in UTF-8; it was read as Windows-1252.",
            "Look whether accented letters are right; save the file as CSV UTF-8 to be sure.",
            "warning",
        )
    ]


def _undecodable(content: bytes) -> Problem:
    kind = "a ZIP archive or an XLSX workbook" if content.startswith(b"PK") else "no text in a known encoding"
    return Problem.at(
        Place(),
        Code.UNDECODABLE,
        f"The file is {kind}, not text.",
        "Name a workbook .xlsx; save text as UTF-8.",
    )


def _unknown_format(path: Path) -> Problem:
    return Problem.at(
        Place(),
        Code.UNKNOWN_FORMAT,
        f"{shown(path.name)} does not end in the name of a format that manifests have.",
        f"Save it as one of {' '.join(SUFFIXES)}.",
    )


def _failed(code: Code, message: str, remedy: str) -> Reading:
    return Reading(None, (Problem.at(Place(), code, message, remedy),), "")


def _in_file_order(problem: Problem) -> tuple[int, int, str, int]:
    column = problem.column or ""
    return (problem.row or 0, len(column), column, problem.line or 0)
