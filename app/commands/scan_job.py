# SPDX-License-Identifier: Apache-2.0
"""What one call of `recto scan` is to do, and what came of it."""

from __future__ import annotations

import math
import os
import shlex
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeGuard

import click

from app.commands.scan_pages import PageNames
from hardware.options import Value
from hardware.preview import Area

_PNG = ".png"
_OTHER_FORMATS = frozenset({_PNG, ".jpg", ".jpeg", ".jp2", ".pdf", ".pnm", ".gif", ".webp"})


@dataclass
class ScanJob:
    """One call of the command.

    Attributes:
        device: The device's id.
        names: The pages' files.
        profile: File of option values.
        assignments: Texts NAME=VALUE over those of the profile.
        area: The region to scan, in mm.
        preview: Whether only to look.
        when_loaded: Whether to wait for a sheet.
        button: The button to wait for.
        as_json: Whether one JSON document at the end tells all; otherwise each page is told when it is kept.
        pages: What is told of each page that is kept.
        options: What was asked of each option that was set, and what the device made of it.
    """

    device: str
    names: PageNames
    profile: Path | None = None
    assignments: tuple[str, ...] = ()
    area: Area | None = None
    preview: bool = False
    when_loaded: bool = False
    button: str | None = None
    as_json: bool = False
    pages: list[dict[str, Any]] = field(default_factory=list)
    options: dict[str, dict[str, Value]] = field(default_factory=dict)

    def refuse_contradictions(self) -> None:
        """Refuse what cannot be meant, before anything is opened.

        Raises:
            click.UsageError: Two options contradict each other, the file has the wrong kind of name, or it,
                or one of the pages after it, exists already.
        """
        if self.when_loaded and self.button is not None:
            raise click.UsageError("Begin either when loaded or on a button, not both.")
        if self.preview and (self.names.count, self.names.first) != (1, 1):
            raise click.UsageError("A preview is one page: leave out --pages and --first-page.")
        suffix = self.names.file.suffix.lower()
        if suffix in _OTHER_FORMATS and not (self.preview and suffix == _PNG):
            only = "a TIFF or a PNG" if self.preview else "a TIFF"
            raise click.UsageError(
                f"What is written is {only}; {self.names.file} has the name of something else."
            )
        self.names.refuse_taken()

    def keep(self, page: dict[str, Any]) -> None:
        """Note what is told of a page whose master stands."""
        self.pages.append(page)
        if not self.as_json:
            size = f"{page['width']} x {page['height']}, {page['dpi'][0]:g} dpi"
            _tell(f"{page['path']}: {size}, sha256 {page['sha256']}")

    def rounded(self) -> list[str]:
        """What the device made other numbers of than were asked for, option by option, in words."""
        return [
            f"{name} is {option['actual']:g} and not {option['requested']}"
            for name, option in self.options.items()
            if _is_number(option["actual"]) and not _is_near(option["requested"], option["actual"])
        ]

    def rest(self, *, left_out: int = 0) -> str:
        """The command that scans the pages that are still to come; empty when there are none.

        Args:
            left_out: How many of them, from the next one on, are scanned in another way.
        """
        done = len(self.pages) + left_out
        if self.names.count is not None and done >= self.names.count:
            return ""
        first = self.names.first + done
        words = ["recto", "scan", self.device, "-o", str(self.names.file)]
        words += ["--profile", str(self.profile)] if self.profile else []
        words += [word for text in self.assignments for word in ("--set", text)]
        if self.area is not None:
            area = (
                self.area.left,
                self.area.top,
                self.area.right - self.area.left,
                self.area.bottom - self.area.top,
            )
            words += ["--area", ",".join(f"{length:g}" for length in area)]
        left = "all" if self.names.count is None else str(self.names.count - done)
        words += ["--pages", left] if left != "1" else []
        words += ["--first-page", str(first)] if first != 1 else []
        return shlex.join(words)

    def document(self, error: dict[str, Any] | None) -> dict[str, Any]:
        """The answer as a JSON object: what exists, and what went wrong."""
        answer = {"file": str(self.names.file), "pages": self.pages, "options": self.options}
        return answer if error is None else {**answer, "error": error}


def _tell(line: str) -> None:
    """Print a line at once; when whoever reads them has enough, the scan goes on and the others go nowhere."""
    try:
        # a bar on the same terminal stands in for stdout meanwhile, and lets the line stand above it
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()
    except BrokenPipeError:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


def _is_number(value: Value) -> TypeGuard[float]:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _is_near(requested: Value, actual: float) -> bool:
    """Whether a number is what was asked for, but for the steps of SANE's fixed-point numbers (1/65536)."""
    try:
        asked = float(requested) if isinstance(requested, (int, float, str)) else actual
    except ValueError:
        # a word, such as the standard one for a driver's number
        return True
    return math.isclose(asked, actual, abs_tol=1e-3)
