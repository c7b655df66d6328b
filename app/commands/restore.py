# SPDX-License-Identifier: Apache-2.0
"""`recto restore`: give an object, or one file of it, back from its copies; or prove on a random one that it can be done."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from app.byte_progress import ByteProgress
from app.exit_codes import ExitCode
from app.json_option import as_json_option
from app.output import err, on_a_line, out, print_json
from workers.node import Node
from workers.receiving.restores import Restored, restore
from workers.settings import load_settings


@click.command("restore")
@click.argument("identifier", metavar="OBJECT|OBJECT/PATH", required=False)
@click.option("--version", type=click.IntRange(min=1), help="The number of the version; else the newest.")
@click.option(
    "--to",
    metavar="FOLDER|TARGET|URL",
    help="A folder, a storage target of the settings, or an address; else the institution's restore location.",
)
@click.option(
    "--drill", is_flag=True, help="Restore a random object into a temporary folder, and record how it went."
)
@as_json_option
def restore_command(
    identifier: str | None, version: int | None, to: str | None, *, drill: bool, as_json: bool
) -> None:
    """Restore OBJECT (institution/bag) as a tar, or one file of it, and prove what was restored.

    Each file is held against the size and SHA-256 of its ingest; where a copy is bad, missing or away, another
    one is read, and told. Nothing is overwritten. Exit 0 when it is restored and valid, 1 when it is not.
    """
    node = Node(load_settings())
    if drill:
        if identifier or version or to:
            raise click.UsageError("--drill chooses the object itself, and keeps nothing of it.")
        sys.exit(_drill(node, as_json=as_json))
    if not identifier:
        raise click.UsageError("Which object? Name it as institution/bag; see them with: recto object list")
    with ByteProgress() as bars:
        restored = restore(
            node,
            identifier,
            version=version,
            to=_location(node, to) if to else "",
            progress=bars.listener(identifier),
        )
    if as_json:
        print_json(restored.to_json())
    _tell(restored, as_json=as_json)
    sys.exit(ExitCode.DONE if restored.valid else ExitCode.INVALID)


def _location(node: Node, to: str) -> str:
    if to in node.settings.storage_targets() or "://" in to:
        return to
    return str(Path(to).expanduser().absolute())


def _tell(restored: Restored, *, as_json: bool) -> None:
    for trouble in restored.troubles:
        err.print(f"Another copy was read: {on_a_line(trouble.message)}")
    if as_json:
        return
    what = f"{restored.object}, version {restored.version}" + (
        f", {on_a_line(restored.path)}" if restored.path else ""
    )
    out.print(f"{what}: {'stood there already' if restored.already_there else 'restored'}: {restored.url}")
    out.print(f"  {restored.size} bytes, SHA-256 {restored.sha256}, proved by {restored.proof}")
    check = restored.check
    if check is None:
        return
    out.print(
        f"  {check.files} files, each as it was ingested; the bag is {'' if check.valid else 'NOT '}valid"
    )
    for finding in check.errors:
        out.print(f"  error [{finding.rule}] {on_a_line(finding.file)}: {on_a_line(finding.message)}")
    same = "the very tar that was ingested" if restored.same_tar else "the same files in another tar"
    out.print(f"  It is {same}.")


def _drill(node: Node, *, as_json: bool) -> ExitCode:
    from workers.receiving.drills import run_drill

    with ByteProgress() as bars:
        ran = run_drill(node, bars.listener("drill"))
    if as_json:
        print_json(ran.to_json())
    else:
        out.print(ran.message)
    return ExitCode.DONE if ran.outcome != "fail" else ExitCode.INVALID
