# SPDX-License-Identifier: Apache-2.0
"""`recto demo`: the main job on simulated scanners, from two manifests to proved bags, with nothing configured."""

from __future__ import annotations

import os
import sys
import time
from functools import partial
from pathlib import Path
from typing import Any

import click
from rich.box import SIMPLE_HEAD
from rich.table import Table

from app.batch_follow import follow_live
from app.batch_table import print_summary
from app.exit_codes import ExitCode
from app.json_option import as_json_option
from app.output import err, out, print_json
from app.sample_batch import SANE_TEST_DEVICE, write_reading_room, write_sane_test, write_settings
from archive.bag.validator import verify_bag
from archive.registry.events import verify_chain
from archive.registry.status import batch_status, seconds_by_stage
from archive.storage.file_url import path_of
from hardware.discovery import list_devices
from workers import operations
from workers.local_station import LocalStation
from workers.node import Node
from workers.settings import load_settings


@click.command()
@click.option(
    "--out",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("recto-demo"),
    show_default=True,
    help="Where the demonstration leaves its work.",
)
@click.option("--gui", is_flag=True, help="Open the desktop, with the sample batch ready to capture.")
@as_json_option
def demo(folder: Path, *, gui: bool, as_json: bool) -> None:
    """Take 12 simulated pages and 3 from SANE's test device to bags whose bytes are proved."""
    if gui:
        sys.exit(_demonstrate_desktop(folder))
    home = _next_run(folder.absolute())
    _point_to(home)
    begun = time.monotonic()
    node = Node(load_settings())
    err.print(f"Working in {home}")
    batches = [operations.register_manifest(node, path) for path in _write_manifests(node, home)]
    with LocalStation(node.settings) as station:
        for batch in batches:
            operations.dispatch_batch(node, batch)
        for batch in batches:
            follow_live(node, batch, partial(_revive, node, station, batch))
    result = _prove(node, batches)
    result |= {"folder": str(home), "seconds": round(time.monotonic() - begun, 1)}
    if as_json:
        print_json(result)
    else:
        _print_result(node, result)
    node.registry.close()
    sys.exit(ExitCode.DONE if result["proved"] else ExitCode.HELD)


def _demonstrate_desktop(folder: Path) -> int:
    """Open the desktop on simulated scanners, with a batch that a person captures."""
    from app.commands.desktop import open_desktop
    from app.display import require_display

    # asked before anything is made
    require_display()
    home = _next_run(folder.absolute())
    _point_to(home)
    err.print(f"Working in {home}")
    node = Node(load_settings())
    batch = operations.register_manifest(node, write_reading_room(home / "manifests"), at_desk=True)
    node.registry.close()
    return open_desktop(screen="capture", batch=batch)


def _revive(node: Node, station: LocalStation, batch: str) -> None:
    if station.revive():
        operations.resume_batch(node, batch)


def _next_run(folder: Path) -> Path:
    """A folder of its own for each run, so that nothing of an earlier one is touched."""
    folder.mkdir(parents=True, exist_ok=True)
    number = 1
    while True:
        run = folder / f"run-{number:03d}"
        try:
            run.mkdir()
        except FileExistsError:
            number += 1
        else:
            return run


def _point_to(home: Path) -> None:
    """Keep everything in the demonstration's folder, whatever is configured for this user."""
    for name in [name for name in os.environ if name.startswith("RECTO_")]:
        del os.environ[name]
    os.environ["RECTO_HOME"] = str(home)
    write_settings(home)


def _write_manifests(node: Node, home: Path) -> list[Path]:
    folder = home / "manifests"
    paths = [write_reading_room(folder)]
    found = {device.id for device in list_devices(node.hardware())}
    if SANE_TEST_DEVICE in found:
        paths.append(write_sane_test(folder))
    else:
        err.print(
            "SANE's test device is not installed here (Debian: libsane1), so only the simulated batch runs."
        )
    return paths


def _prove(node: Node, batches: list[str]) -> dict[str, Any]:
    """Look at everything once more, with eyes that trust nothing of the way there."""
    documents, bags, chains, seconds = [], [], [], {}
    for batch in batches:
        with node.registry.reading() as session:
            document = batch_status(session, batch)
            chains.append(verify_chain(session, batch).to_json())
            seconds[batch] = seconds_by_stage(session, batch)
        documents.append(document)
        for item in document["items"]:
            bags += [verify_bag(path_of(copy["url"])).to_json() for copy in item["copies"]]
    whole = all(chain["valid"] for chain in chains) and all(bag["valid"] for bag in bags)
    done = all(document["state"] == "done" for document in documents)
    return {
        "proved": done and whole and len(bags) > 0,
        "pages": sum(item["pages"] for document in documents for item in document["items"]),
        "batches": documents,
        "bags": bags,
        "chains": chains,
        "seconds_by_stage": seconds,
    }


def _print_result(node: Node, result: dict[str, Any]) -> None:
    for document in result["batches"]:
        print_summary(node, document)
        out.print()
    table = Table(title="Looked at once more", title_justify="left", box=SIMPLE_HEAD)
    table.add_column("bag, or chain", overflow="fold")
    table.add_column("verdict")
    table.add_column("second opinion", overflow="fold")
    for bag in result["bags"]:
        table.add_row(
            Path(bag["path"]).name, "valid" if bag["valid"] else "NOT valid", str(bag["second_opinion"])
        )
    for chain in result["chains"]:
        verdict = "whole" if chain["valid"] else "BROKEN"
        table.add_row(f"event chain of {chain['batch']}", verdict, f"{chain['events']} events")
    out.print(table)
    pages, bags = result["pages"], len(result["bags"])
    if result["proved"]:
        out.print(
            f"{pages} pages, {bags} bags: every stored byte is proved equal to what the scanner delivered."
        )
    else:
        out.print("Not everything could be proved; the problems are named above.")
    out.print(
        f"Open the folder to see masters, PDFs and bags: {result['folder']}  ({result['seconds']:.0f} s)"
    )
