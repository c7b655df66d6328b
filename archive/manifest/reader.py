# SPDX-License-Identifier: Apache-2.0
"""Reading a manifest file of any format: the manifest, or all of its problems at once."""

from __future__ import annotations

import hashlib
import stat
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from archive.errors import ManifestAccessRefused, ManifestMissing, ManifestNotRegularFile
from archive.manifest.checks import Tell, check, tell_nobody
from archive.manifest.decoding import Decoded, decode
from archive.manifest.document import read_document
from archive.manifest.draft import Draft
from archive.manifest.grid import Grid
from archive.manifest.json_nodes import read_json
from archive.manifest.model import Manifest
from archive.manifest.nodes import DocumentBrokenError, Node
from archive.manifest.problems import Code, Place, Problem, shown
from archive.manifest.profile_tags import profile_problems
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


@dataclass(slots=True)
class Contents:
    """What stands in a manifest file, as far as it could be told apart, whatever is wrong with it.

    Attributes:
        grid: The cells of a spreadsheet.
        tree: The tree of a JSON or YAML document.
        text: The text of a file that is no workbook.
        draft: The values with their places.
    """

    grid: Grid | None = None
    tree: Node | None = None
    text: str = ""
    draft: Draft | None = None


def read_manifest(path: Path) -> Reading:
    """Read a manifest and check everything in it; nothing is created or changed.

    Args:
        path: A file that ends in one of `SUFFIXES`; paths in it are relative to its folder.

    Raises:
        ManifestMissing: There is no such file.
        ManifestNotRegularFile: It is a folder or a device.
        ManifestAccessRefused: It may not be read, or reading fails.
    """
    return read_with_contents(path)[0]


def read_with_contents(path: Path, tell: Tell = tell_nobody) -> tuple[Reading, Contents]:
    """As `read_manifest`, with what stands in the file beside what is wrong with it.

    Args:
        path: As in `read_manifest`.
        tell: Called with the items checked so far and all there are; may raise to end the reading.

    Raises:
        ManifestMissing, ManifestNotRegularFile, ManifestAccessRefused: As in `read_manifest`.
    """
    contents = Contents()
    content = _content(path)
    if content is None:
        return _too_big(), contents
    sha256 = hashlib.sha256(content).hexdigest()
    problems = _read(path, content, contents)
    return _checked(contents, problems, path.parent, sha256, tell), contents


def read_grid(grid: Grid, folder: Path) -> tuple[Reading, Contents]:
    """Check cells that are in no file yet, by the rules for files.

    Args:
        grid: The cells.
        folder: The folder that the file will be in; paths in the cells are relative to it.
    """
    contents = Contents()
    problems = _sheet(grid, contents)
    return _checked(contents, problems, folder, "", tell_nobody), contents


def _checked(contents: Contents, problems: list[Problem], folder: Path, sha256: str, tell: Tell) -> Reading:
    manifest = None
    if contents.draft is not None:
        manifest, found = check(contents.draft, folder, tell)
        problems = [*problems, *found, *profile_problems(contents.draft)]
    if any(problem.severity == "error" for problem in problems):
        manifest = None
    return Reading(manifest, in_file_order(problems), sha256)


def in_file_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Problems by row and column as numbers, or by line; those of the whole file come first."""
    return tuple(sorted(problems, key=_place_in_file))


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


def _read(path: Path, content: bytes, contents: Contents) -> list[Problem]:
    """Fill in the contents as far as they can be read, and tell what is wrong with the file and its layout."""
    suffix = path.suffix.lower()
    if not content.strip():
        remedy = "Fill in a template from `recto manifest template`."
        return [Problem.at(Place(), Code.EMPTY, "The file is empty.", remedy)]
    if suffix not in SUFFIXES:
        return [_unknown_format(path)]
    if suffix == ".xlsx":
        return _sheet(read_workbook(content), contents)
    try:
        decoded = decode(content)
    except UnicodeDecodeError:
        return [_undecodable(content)]
    contents.text = decoded.text
    if suffix in SEPARATED_SUFFIXES:
        problems = _sheet(read_separated(decoded.text), contents)
    else:
        problems = _document(read_json if suffix == ".json" else read_yaml, contents)
    return _about_encoding(decoded) + problems


def _sheet(grid: Grid, contents: Contents) -> list[Problem]:
    contents.grid = grid
    if grid.problems and not grid.rows:
        return grid.problems
    contents.draft, problems = read_sheet(grid)
    return problems


def _document(read: Callable[[str], Node | None], contents: Contents) -> list[Problem]:
    try:
        contents.tree = read(contents.text)
    except DocumentBrokenError as error:
        return [error.problem]
    contents.draft, problems = read_document(contents.tree)
    return problems


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


def _too_big() -> Reading:
    problem = Problem.at(
        Place(),
        Code.TOO_BIG,
        f"The file is bigger than {LARGEST_FILE >> 20} MiB, which no manifest is.",
        "Make sure that this is the manifest, and divide it into several batches if it is.",
    )
    return Reading(None, (problem,), "")


def _place_in_file(problem: Problem) -> tuple[int, int, str, int]:
    column = problem.column or ""
    return (problem.row or 0, len(column), column, problem.line or 0)
