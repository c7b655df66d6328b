# SPDX-License-Identifier: Apache-2.0
"""`recto quality`: measure image files and judge them by a quality profile."""

from __future__ import annotations

import re
import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from app.exit_codes import ExitCode
from app.json_option import as_json_option
from app.output import err, out, print_json
from archive.durable import write_durably
from archive.imaging.checks import Expectation
from archive.imaging.quality.files import CheckedFile, check_files, check_together, with_opinions
from archive.imaging.quality.profile import DEFAULT, load_quality_profile
from archive.imaging.quality.report import SIGNS, quality_report
from workers.versions import recto_agent


@click.command()
@click.argument(
    "files",
    metavar="FILE...",
    nargs=-1,
    required=True,
    type=click.Path(path_type=Path),
)
@click.option(
    "--profile", "name", default=DEFAULT, show_default=True, help="A shipped profile, or a TOML file."
)
@click.option("--dpi", type=float, help="The resolution that every file should state.")
@click.option("--color", help="The colour profile that every file should have: sRGB, gray, bitonal ...")
@click.option(
    "--sheet",
    metavar="WIDTHxHEIGHT",
    callback=lambda _context, _option, value: None if value is None else _sheet(value),
    help="Width and height of the sheet in mm, such as 210x297: every image should show as much, not more.",
)
@click.option(
    "--report",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write a report to print: one HTML file with small pictures and plots. It must not exist yet.",
)
@click.option(
    "--outside-tools", is_flag=True, help="Ask exiftool and jpylyzer too, where they are installed."
)
@as_json_option
def quality(
    files: tuple[Path, ...],
    name: str,
    dpi: float | None,
    color: str | None,
    sheet: tuple[float, float] | None,
    report: Path | None,
    *,
    outside_tools: bool,
    as_json: bool,
) -> None:
    """Measure FILEs and judge them; exit 0 when all may pass, 1 when one may not.

    What should only be looked at does not count as a failure.
    """
    profile = load_quality_profile(name)
    if report is not None and report.exists():
        raise click.UsageError(f"{report} exists already; it was left as it is.")
    checked: list[CheckedFile] = []
    for file in check_files(files, profile, Expectation(dpi=dpi, color=color, sheet_mm=sheet)):
        checked.append(with_opinions(file) if outside_tools else file)
        if err.is_terminal:
            err.print(f"{len(checked)} of {len(files)}: {file.path.name}")
    checked = check_together(checked, profile)
    if report is not None:
        made = f"{recto_agent()}, {datetime.now(UTC).isoformat(timespec='seconds')}"
        write_durably(report, quality_report(checked, profile, made).encode())
        err.print(f"Written: {report}")
    if as_json:
        print_json({"profile": profile.name, "files": [file.to_json() for file in checked]})
    else:
        for file in checked:
            _print(file)
    sys.exit(ExitCode.INVALID if any(file.verdict == "hold" for file in checked) else ExitCode.DONE)


def _sheet(value: str) -> tuple[float, float]:
    """Width and height in mm.

    Raises:
        click.BadParameter: It is written in another way.
    """
    found = re.fullmatch(r"(\d+(?:\.\d+)?)x(\d+(?:\.\d+)?)", value.lower().replace(" ", ""))
    if found is None or not all(float(side) > 0 for side in found.groups()):
        raise click.BadParameter(f"{value!r} is no size of a sheet in mm, such as 210x297.")
    return float(found[1]), float(found[2])


def _print(file: CheckedFile) -> None:
    out.print(f"{SIGNS[file.verdict]} {file.path}")
    for check in file.checks:
        if check.verdict != "pass":
            out.print(f"    {check.verdict}: {check.sentence}")
