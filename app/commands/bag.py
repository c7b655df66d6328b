# SPDX-License-Identifier: Apache-2.0
"""`recto bag`: make bags of existing folders, and verify bags."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from app.commands.batch import as_json_option
from app.exit_codes import ExitCode, exit_code_of
from app.output import err, out, print_error, print_json
from archive.bag.folder import bag_folder
from archive.bag.profile import load_profile
from archive.bag.report import BagReport
from archive.bag.validator import verify_bag
from archive.errors import ArchiveError


@click.group()
def bag() -> None:
    """Bags: create them from folders, verify them."""


@bag.command()
@click.argument("folders", metavar="FOLDER...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--profile", default="aptrust-2.3", show_default=True, help="A shipped profile's name, or a file."
)
@click.option(
    "--tag", "tags", multiple=True, metavar="K=V", help="A tag for every bag; FILE/K=V for another tag file."
)
@click.option(
    "-o", "--out", "destination", type=click.Path(path_type=Path), required=True, help="Folder for the bags."
)
@click.option(
    "--tar", is_flag=True, help="Write each bag as one tar; a profile that demands a tar gets one anyway."
)
@as_json_option
def create(
    folders: tuple[Path, ...],
    profile: str,
    tags: tuple[str, ...],
    destination: Path,
    *,
    tar: bool,
    as_json: bool,
) -> None:
    """Make one bag of each FOLDER; one that fails is named and does not harm the others."""
    rules = load_profile(profile)
    placed = rules.place_tags(_assignments(tags))
    results: list[dict[str, Any]] = []
    worst = ExitCode.DONE
    for folder in folders:
        try:
            written = bag_folder(folder, profile=rules, tags=placed, destination_dir=destination, tar=tar)
        except (ArchiveError, OSError) as error:
            from workers.run_unit import describe_failure

            document = describe_failure(error)
            print_error(document)
            results.append({"folder": str(folder), "error": document})
            worst = exit_code_of(document)
            continue
        results.append(
            {
                "folder": str(folder),
                "path": str(written.path),
                "size": written.size,
                "sha256": written.sha256,
                "files": written.payload_files,
            }
        )
        if not as_json:
            out.print(f"{written.path}: {written.payload_files} files, sha256 {written.sha256}")
    if as_json:
        print_json(results)
    if len(folders) > 1:
        err.print(f"{sum('path' in result for result in results)} of {len(folders)} folders bagged.")
    sys.exit(worst)


def _assignments(texts: tuple[str, ...]) -> dict[str, str]:
    tags: dict[str, str] = {}
    for text in texts:
        name, sign, value = text.partition("=")
        if not sign or not name.strip():
            raise click.UsageError(f"--tag takes K=V or FILE/K=V, not {text!r}.")
        tags[name.strip()] = value
    return tags


@bag.command()
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--profile", help="Check against this profile; else against the one that the bag names.")
@as_json_option
def verify(paths: tuple[Path, ...], profile: str | None, *, as_json: bool) -> None:
    """Verify bags (folders or tars); exit 0 when all are valid, 1 when one is not."""
    rules = load_profile(profile) if profile else None
    reports = [verify_bag(path, profile=rules) for path in paths]
    if as_json:
        print_json([report.to_json() for report in reports])
    else:
        for report in reports:
            _print_report(report)
    sys.exit(ExitCode.DONE if all(report.valid for report in reports) else ExitCode.INVALID)


def _print_report(report: BagReport) -> None:
    out.print(f"{report.path}: {'valid' if report.valid else 'NOT valid'}", markup=False)
    for kind, findings in (("error", report.errors), ("warning", report.warnings)):
        for finding in findings:
            out.print(f"  {kind} [{finding.rule}] {finding.file}: {finding.message}", markup=False)
    out.print(f"  profile: {report.profile or 'none'}; second opinion: {report.second_opinion}", markup=False)
