# SPDX-License-Identifier: Apache-2.0
"""`recto manifest`: check a manifest and make an empty one to fill in."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from app.commands.manifest_from import from_folder, from_server
from app.exit_codes import ExitCode
from app.json_option import as_json_option
from app.output import err, out, print_json
from archive.manifest.problem_report import with_problem_columns
from archive.manifest.problems import Problem
from archive.manifest.reader import read_manifest
from archive.manifest.template import template_bytes
from archive.manifest.writer import FORMATS, Format


@click.group()
def manifest() -> None:
    """Manifests: the files that describe batches."""


@manifest.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--export",
    "--report",
    "export",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the sheet to this file, with two columns that tell the problems of each row.",
)
@as_json_option
def check(file: Path, export: Path | None, *, as_json: bool) -> None:
    """Check FILE; exit 0 when it is clean, 1 when it has problems."""
    reading = read_manifest(file)
    if export is not None:
        with_problem_columns(file, reading.problems, export)
        err.print(f"Written: {export}")
    if as_json:
        print_json({"valid": reading.valid, "problems": [problem.to_json() for problem in reading.problems]})
    else:
        for problem in reading.problems:
            _print_problem(problem)
        if reading.valid and reading.manifest is not None:
            items = len(reading.manifest.items)
            out.print(f"{file}: clean; batch {reading.manifest.id} with {items} items.")
        else:
            out.print(f"{file}: {len(reading.problems)} problems. Nothing can be created from it yet.")
    sys.exit(ExitCode.DONE if reading.valid else ExitCode.INVALID)


def _print_problem(problem: Problem) -> None:
    if problem.row is not None:
        place = f"row {problem.row}" + (f", column {problem.column}" if problem.column else "")
    else:
        place = (problem.pointer or "whole file") + (f" (line {problem.line})" if problem.line else "")
    out.print(f"{problem.severity} at {place}: {problem.message}", markup=False)
    out.print(f"    {problem.remedy}  [{problem.code}]", markup=False)


@manifest.command()
@click.argument("form", metavar="FORMAT", type=click.Choice(FORMATS))
@click.option(
    "-o", "--out", "file", type=click.Path(path_type=Path), help="File to write; stdout when left out."
)
def template(form: Format, file: Path | None) -> None:
    """An example of a manifest in FORMAT (csv, xlsx, json, yaml) to fill in."""
    content = template_bytes(form)
    if file is None:
        if form == "xlsx" and sys.stdout.isatty():
            raise click.UsageError("A spreadsheet cannot be shown in a terminal; name a file with --out.")
        sys.stdout.buffer.write(content)
        return
    try:
        with file.open("xb") as stream:
            stream.write(content)
    except FileExistsError as error:
        raise click.UsageError(f"{file} exists already; it was left as it is.") from error
    err.print(f"Written: {file}")


manifest.add_command(from_folder)
manifest.add_command(from_server)
