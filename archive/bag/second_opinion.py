# SPDX-License-Identifier: Apache-2.0
"""The independent second opinion on a bag: bagit-python, run where it is safe and meaningful."""

from __future__ import annotations

import logging
import shutil
import tempfile
import warnings
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Literal

import bagit

from archive.bag.findings import Finding, Rule
from archive.bag.readers import Inventory, Member

LARGEST_UNPACKED = 2 << 30
"""Bytes of a tar that are unpacked for a second opinion; bagit-python reads folders only."""

VALID = "valid"
NOT_ASKED = "not asked"

_UNSAFE = frozenset(
    {
        Rule.UNSAFE_PATH,
        Rule.LINK,
        Rule.SPECIAL_FILE,
        Rule.DUPLICATE_MEMBER,
        Rule.TOP_FOLDER,
        Rule.TAR_DAMAGED,
        Rule.COMPRESSION_BOMB,
    }
)

_BAGIT_ERRORS = (bagit.BagError, OSError, ValueError, LookupError, TypeError, AttributeError, RuntimeError)
"""Besides its own errors, what bagit-python lets escape on rubbish."""

# its findings come back in the exception; on a terminal they would stand beside our own
logging.getLogger("bagit").propagate = False
logging.getLogger("bagit").addHandler(logging.NullHandler())


def reason_against(inventory: Inventory, errors: Iterable[Finding]) -> str | None:
    """Why bagit-python should not look at a bag, or None.

    Args:
        inventory: What the bag holds.
        errors: What our own check has found so far.
    """
    unsafe = next((finding for finding in errors if finding.rule in _UNSAFE), None)
    if unsafe is not None:
        return f"our own check found it unsafe ({unsafe.rule})"
    if any("%" in member.path for member in inventory.members):
        return "bagit-python does not read percent signs in names as RFC 8493 writes them"
    return None


def ask(folder: Path) -> str:
    """bagit-python's verdict on a folder: "valid", or "invalid: " and its reason."""
    try:
        with warnings.catch_warnings():
            # bagit 1.9.0 calls re.sub in a way that Python 3.13 deprecates
            warnings.simplefilter("ignore", DeprecationWarning)
            bagit.Bag(str(folder)).validate()
    except _BAGIT_ERRORS as error:
        return f"invalid: {error or type(error).__name__}"
    return VALID


def disagreement(opinion: str, *, valid: bool) -> Finding | None:
    """The warning to give where the two verdicts differ."""
    if opinion != VALID and not opinion.startswith("invalid"):
        return None
    if (opinion == VALID) == valid:
        return None
    ours = "valid" if valid else "invalid"
    return Finding(Rule.SECOND_OPINION, "", f"Recto finds the bag {ours}; bagit-python finds it {opinion}.")


def _too_large(size: int, still_to_come: int | None = None) -> str | None:
    """Why so many bytes in all are not unpacked, or None."""
    if size > LARGEST_UNPACKED:
        return f"its {size} bytes are more than the {LARGEST_UNPACKED} that are unpacked for it"
    needed = size if still_to_come is None else still_to_come
    if shutil.disk_usage(tempfile.gettempdir()).free < 2 * needed:
        return "there is not enough room to unpack it"
    return None


class UnpackedCopy:
    """A private copy of a tar's files, made while they are read for our own check.

    Args:
        name: The bag's name.
        reason: Why nothing shall be unpacked, or None.
        size: Bytes of all files, as far as they are known yet.
    """

    def __init__(self, name: str, reason: str | None, size: int) -> None:
        self._temporary: tempfile.TemporaryDirectory[str] | None = None
        self._kept = 0
        self.reason = reason or _too_large(size)
        if self.reason is None:
            self._temporary = tempfile.TemporaryDirectory(prefix="recto-second-opinion-")
            self._folder = Path(self._temporary.name) / name
            (self._folder / "data").mkdir(parents=True)

    def keep(self, member: Member, blocks: Iterable[bytes]) -> Iterator[bytes]:
        """Pass a file's blocks on, and write them where a copy is made."""
        if self.reason is not None:
            yield from blocks
            return
        self._kept += member.size
        self.reason = _too_large(self._kept, member.size)
        target = self._folder / member.path
        self._write(target, b"", "xb")
        for block in blocks:
            yield block
            self._write(target, block, "ab")

    def ask(self) -> str:
        """bagit-python's verdict on the copy, or why there is none."""
        if self.reason is not None:
            return f"not run: {self.reason}"
        # nobody knows the place of the copy, and it is gone when the verdict is read
        return ask(self._folder).replace(f"{self._folder.parent}/", "")

    def remove(self) -> None:
        """Remove the copy."""
        if self._temporary is not None:
            self._temporary.cleanup()

    def _write(self, target: Path, block: bytes, mode: Literal["xb", "ab"]) -> None:
        """Append to the copy; the first failure ends it, and never our own reading."""
        if self.reason is not None:
            return
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open(mode) as file:
                file.write(block)
        except OSError as error:
            self.reason = f"it cannot be unpacked: {error.strerror or error}"
