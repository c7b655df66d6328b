# SPDX-License-Identifier: Apache-2.0
"""What was restored, read back from where it is now: whether it is a valid bag, with the very files that were ingested."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from typing import IO, Any, cast

from archive.bag.findings import Finding
from archive.bag.profile_check import Form
from archive.bag.readers import TarReader
from archive.bag.validator import read_bag
from archive.progress import ProgressCallback, no_progress
from archive.registry.kept_objects import KeptFile
from archive.storage.place import Place

_TOLD = 20
"""Differences that are told one by one."""


@dataclass(frozen=True, slots=True)
class RestoredCheck:
    """What reading a restored bag back gave.

    Attributes:
        files: How many files it has.
        differences: A sentence for each file that is not as it was ingested, the first ones; empty where all are.
        errors: Why it is no valid bag; empty where it is one.
        warnings: What is odd but no error.
    """

    files: int
    differences: tuple[str, ...]
    errors: tuple[Finding, ...]
    warnings: tuple[Finding, ...]

    @property
    def equal(self) -> bool:
        """Whether its files are those of the ingest, no more, no fewer and no other."""
        return not self.differences

    @property
    def valid(self) -> bool:
        """Whether it is a valid bag."""
        return not self.errors

    def to_json(self) -> dict[str, Any]:
        """As JSON: `{files, equal, differences, valid, errors, warnings}`."""
        return {
            "files": self.files,
            "equal": self.equal,
            "differences": list(self.differences),
            "valid": self.valid,
            "errors": [finding.to_json() for finding in self.errors],
            "warnings": [finding.to_json() for finding in self.warnings],
        }


def check_restored(
    place: Place, key: str, name: str, files: Iterable[KeptFile], progress: ProgressCallback = no_progress
) -> RestoredCheck:
    """Read a restored tar back, validate it, and hold each of its files against the ingested one.

    Args:
        place: Where it is.
        key: Its key there.
        name: The bag's name.
        files: The files of the version that was restored.
        progress: Told of bytes; what it raises cancels.

    Raises:
        StorageError: It cannot be read back; the class names the state.
    """
    with closing(place.open(key)) as opened:
        reader = TarReader(cast("IO[bytes]", opened), name, opened.size)
        found = read_bag(reader, name, form=Form.TAR, always=("sha256",), progress=progress)
    left = dict(found.files)
    differences: list[str] = []
    for file in files:
        facts = left.pop(file.path, None)
        if len(differences) >= _TOLD:
            continue
        if facts is None:
            differences.append(f"{file.path} is not in it.")
        elif facts.size != file.size or facts.hexdigest("sha256") != file.sha256:
            differences.append(f"{file.path} does not have the bytes that were ingested.")
    differences += [f"{path} was not ingested." for path in sorted(left)[: _TOLD - len(differences)]]
    return RestoredCheck(len(found.files), tuple(differences), tuple(found.errors), tuple(found.warnings))
