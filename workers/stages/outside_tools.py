# SPDX-License-Identifier: Apache-2.0
"""Asking exiftool, jpylyzer and checkit_tiff about the masters of a chunk, where they are installed and wanted."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from archive.errors import ImagingError
from archive.imaging.opinions import (
    SLUB_RULES,
    Opinion,
    ask_checkit_tiff,
    ask_exiftool,
    ask_jpylyzer,
)
from archive.imaging.quality.finding import CheckResult
from archive.imaging.technical_metadata import TechnicalMetadata, read_technical_metadata
from archive.registry.pages import file_of_page
from archive.registry.tables import PageRow
from workers.stages.master_policy import tag_set_of
from workers.work import Work


def wants_outside_tools(work: Work) -> bool:
    """Whether the pipeline, else the station, wants them asked."""
    return bool(work.parameters.get("outside_tools", work.node.settings.quality.outside_tools))


def ask_outside_tools(work: Work, pages: Sequence[PageRow]) -> dict[int, list[Opinion]]:
    """What the installed ones say of the masters of these pages, by the key of the page."""
    if not pages or not wants_outside_tools(work):
        return {}
    masters = {page.id: found for page in pages if (found := _master(work, page)) is not None}
    seconds = work.node.settings.quality.outside_tool_seconds
    by_exiftool = ask_exiftool(list(masters.values()), seconds)
    opinions = {}
    for page, (path, technical) in masters.items():
        asked = (
            by_exiftool.get(path),
            ask_jpylyzer(path, seconds) if technical.format_name == "JPEG 2000" else None,
            _by_checkit_tiff(work, path, seconds) if technical.format_name == "TIFF" else None,
        )
        opinions[page] = [opinion for opinion in asked if opinion is not None]
    return opinions


def ask_jpylyzer_where_wanted(work: Work, path: Path) -> Opinion | None:
    """What jpylyzer says of a JPEG 2000 image; None where it is not installed or not wanted."""
    return (
        ask_jpylyzer(path, work.node.settings.quality.outside_tool_seconds)
        if wants_outside_tools(work)
        else None
    )


def opinion_check(opinion: Opinion, *, captured: bool) -> CheckResult:
    """An opinion on a master as the result of a check.

    The rules of checkit_tiff are the institution's own: what Recto captured must fit them, and holds its item when it
    does not. What else a program objects to is shown.
    """
    strict = captured and opinion.tool == "checkit_tiff"
    return opinion.to_check("hold" if strict else "review")


def _by_checkit_tiff(work: Work, path: Path, seconds: float) -> Opinion | None:
    rules = work.node.settings.quality.checkit_rules
    if rules is None and tag_set_of(work) == "slub":
        rules = SLUB_RULES
    return None if rules is None else ask_checkit_tiff(path, rules, seconds)


def _master(work: Work, page: PageRow) -> tuple[Path, TechnicalMetadata] | None:
    with work.node.registry.reading() as session:
        master = file_of_page(session, page.id, "master")
    if master is None:
        return None
    path = work.folder / master.path
    # what is wrong with such a file is told when its page is looked at
    with suppress(ImagingError, OSError):
        return path, read_technical_metadata(path)
    return None
