# SPDX-License-Identifier: Apache-2.0
"""`recto target`: measure a scan of a colour target and judge the scanner by it."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from rich.table import Table

from app.exit_codes import ExitCode
from app.json_option import as_json_option
from app.output import out, print_json
from archive.imaging.targets.geometry import load_geometry, shipped_geometries
from archive.imaging.targets.levels import Level, TargetLevels, load_levels, missed, shipped_levels
from archive.imaging.targets.measurement import MeasuredTarget, measure_target
from archive.imaging.targets.picture import read_picture
from archive.registry.tables import TargetScanRow
from archive.registry.target_scans import target_scans
from workers.node import Node
from workers.settings import load_settings
from workers.targets import record_target

GEOMETRY = "chart-24-and-edge"
LEVELS = "fadgi-2023"


@click.group()
def target() -> None:
    """Measure colour targets: what a scanner makes of known colours and edges."""


@target.command("list")
@as_json_option
def list_command(*, as_json: bool) -> None:
    """The target sheets and the standards that come with Recto."""
    sheets = [load_geometry(name) for name in shipped_geometries()]
    standards = [load_levels(name) for name in shipped_levels()]
    if as_json:
        print_json(
            {
                "geometries": [{"name": sheet.name, "title": sheet.title} for sheet in sheets],
                "levels": [
                    {"name": one.name, "title": one.title, "levels": [level.name for level in one.levels]}
                    for one in standards
                ],
            }
        )
        return
    for sheet in sheets:
        out.print(f"{sheet.name}: {sheet.title}, {sheet.width:g} by {sheet.height:g} mm")
    for one in standards:
        out.print(f"{one.name}: {one.title}: {', '.join(level.name for level in one.levels)}")


@target.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--geometry", default=GEOMETRY, show_default=True, help="A shipped target sheet, or a TOML file."
)
@click.option(
    "--levels", "standard", default=LEVELS, show_default=True, help="A shipped standard, or a TOML file."
)
@click.option("--level", "wanted", help="The level that must be reached, such as '3 star'.")
@as_json_option
def measure(file: Path, geometry: str, standard: str, wanted: str | None, *, as_json: bool) -> None:
    """Measure the target in FILE; exit 0 when the level is reached, 1 when it is missed."""
    levels = load_levels(standard)
    asked = levels.level(wanted) if wanted is not None else levels.levels[-1]
    picture = read_picture(file)
    measured = measure_target(picture.samples, picture.icc, load_geometry(geometry), claimed_dpi=picture.dpi)
    reached = levels.reached(measured.figures)
    keeps_back = missed(asked, measured.figures)
    if as_json:
        print_json(
            {
                "file": str(file),
                **measured.to_json(),
                "standard": levels.name,
                "reached": reached.name if reached else None,
                "asked": asked.name,
                "missed": list(keeps_back),
            }
        )
    else:
        _print(measured, levels, reached, asked)
    sys.exit(ExitCode.INVALID if keeps_back else ExitCode.DONE)


@target.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--device", required=True, help="The scanner, as `recto devices` lists it.")
@click.option(
    "--geometry", default=GEOMETRY, show_default=True, help="A shipped target sheet, or a TOML file."
)
@click.option(
    "--levels", "standard", default=LEVELS, show_default=True, help="A shipped standard, or a TOML file."
)
@click.option(
    "--at",
    "scanned_at",
    type=click.DateTime(),
    help="When it was scanned, UTC; when left out, now or when this file was first recorded.",
)
@as_json_option
def record(
    file: Path, device: str, geometry: str, standard: str, scanned_at: datetime | None, *, as_json: bool
) -> None:
    """Measure the target in FILE and record it for a scanner: pipelines with the step `target` ask for it."""
    if not device.strip():
        raise click.BadParameter("It names no scanner.", param_hint="--device")
    moment = scanned_at.replace(tzinfo=UTC) if scanned_at else None
    if moment is not None and moment > datetime.now(UTC):
        # it would speak for the scanner until that day has come and gone
        raise click.BadParameter(f"{scanned_at} UTC is still to come.", param_hint="--at")
    node = Node(load_settings())
    scan = record_target(node, file, device, geometry=geometry, standard=standard, scanned_at=moment)
    if as_json:
        print_json(_told(scan))
    else:
        out.print(f"{device}: {scan.level or 'no level is reached'} of {scan.standard}, {scan.scanned_at}")


@target.command()
@click.option("--device", help="Only this scanner.")
@as_json_option
def history(device: str | None, *, as_json: bool) -> None:
    """The recorded targets, the newest first."""
    with Node(load_settings()).registry.reading() as session:
        scans = target_scans(session, device)
    if as_json:
        print_json([_told(scan) for scan in scans])
        return
    for scan in scans:
        out.print(
            f"{scan.scanned_at}  {scan.device}: {scan.level or 'no level is reached'} of {scan.standard}"
        )
    if not scans:
        out.print("No target is recorded yet: recto target record FILE --device ID")


def _told(scan: TargetScanRow) -> dict[str, Any]:
    return {
        "device": scan.device,
        "scanned_at": scan.scanned_at,
        "standard": scan.standard,
        "level": scan.level or None,
        "figures": scan.measured["figures"],
        "file": scan.file,
        "sha256": scan.sha256,
    }


def _print(measured: MeasuredTarget, levels: TargetLevels, reached: Level | None, asked: Level) -> None:
    table = Table(box=None, pad_edge=False)
    table.add_column("figure")
    table.add_column("measured", justify="right")
    for level in levels.levels:
        table.add_column(level.name, justify="right")
    for name, value in measured.figures.items():
        table.add_row(name, f"{value:.3g}", *(_bound(level, name, value) for level in levels.levels))
    out.print(table)
    out.print(f"Resolution by the sheet's lengths: {measured.dpi[0]:g} by {measured.dpi[1]:g} dpi")
    worst = max(measured.patches, key=lambda patch: patch.difference)
    out.print(f"Worst patch: {worst.name}, ΔE2000 {worst.difference:.1f}")
    out.print(f"{levels.title}: {reached.name if reached else 'no level is reached'}")
    for name in missed(asked, measured.figures):
        why = "was not measured" if name not in measured.figures else "is out of bounds"
        out.print(f"  {asked.name} is missed: {name} {why}")


def _bound(level: Level, name: str, value: float) -> str:
    bounds = next((found for figure, found in level.figures.items() if figure == name), None)
    if bounds is None:
        return ""
    limit = bounds.at_most if bounds.at_most is not None else bounds.at_least
    return f"{'✓' if bounds.allows(value) else '✗'} {limit:g}"
