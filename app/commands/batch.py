# SPDX-License-Identifier: Apache-2.0
"""`recto batch`: submit, follow, resume, steer, release and export batches."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from app.commands import batch_consent, batch_decisions, batch_log, batch_receipts
from app.commands.batch_run import (
    batch_argument,
    exit_code_of_batch,
    follow_to_end,
    print_status,
    run_to_end,
    somebody_works,
)
from app.exit_codes import ExitCode
from app.json_option import as_json_option
from app.output import err, out, print_json
from archive.registry.batches import get_batch, list_batches
from archive.registry.priorities import Priority
from workers import operations
from workers.node import Node
from workers.settings import load_settings

__all__ = ["batch", "batch_argument", "exit_code_of_batch"]


@click.group()
def batch() -> None:
    """Batches: from a manifest to proved bags in storage."""


for command in (
    batch_decisions.retry,
    batch_decisions.accept,
    batch_decisions.hold,
    batch_decisions.unhold,
    batch_decisions.cancel,
    batch_decisions.priority,
    batch_consent.consent,
    batch_receipts.receipts,
    batch_log.log,
):
    batch.add_command(command)


@batch.command()
@click.argument("manifest", type=click.Path(path_type=Path))
@click.option("--wait", is_flag=True, help="Run the batch to its end, here if no station runs.")
@click.option("--rush", is_flag=True, help="Let its items overtake all others.")
@as_json_option
def submit(manifest: Path, *, wait: bool, rush: bool, as_json: bool) -> None:
    """Register the batch of MANIFEST and send it to the workers."""
    node = Node(load_settings())
    batch_id = operations.register_manifest(
        node, manifest, priority=Priority.RUSH if rush else Priority.NORMAL
    )
    if wait:
        run_to_end(node, batch_id, as_json=as_json)
    if somebody_works(node):
        operations.dispatch_batch(node, batch_id)
    else:
        err.print(
            f"Batch {batch_id} is registered. No station runs here, so nothing works on it yet.\n"
            f"Run it with: recto batch resume {batch_id}    or start: recto station"
        )
    print_status(node, batch_id, as_json=as_json)


@batch.command()
@click.argument("batch_id", metavar="[BATCH]", required=False)
@click.option(
    "--follow", is_flag=True, help="Show the batch live until nothing happens to it by itself any more."
)
@as_json_option
def status(batch_id: str | None, *, follow: bool, as_json: bool) -> None:
    """Show one batch, or all of them.

    Followed, it is a table in a terminal and lines elsewhere; with --json it is one JSON object a line. Ctrl-C
    ends the looking, never the work.
    """
    node = Node(load_settings())
    if batch_id is None:
        if follow:
            raise click.UsageError(
                "Which batch is to be followed? Name it: recto batch status BATCH --follow"
            )
        _print_all(node, as_json=as_json)
        return
    if follow:
        follow_to_end(node, batch_id, as_json=as_json)
    print_status(node, batch_id, as_json=as_json)


@batch.command()
@batch_argument
@as_json_option
def resume(batch_id: str, *, as_json: bool) -> None:
    """Go on with BATCH after a crash or a restart, and follow it to its end."""
    node = Node(load_settings())
    _tell_whose_pages(node, batch_id)
    run_to_end(node, batch_id, as_json=as_json)


def _tell_whose_pages(node: Node, batch_id: str) -> None:
    """Say that work on pages waits for another station, which may be one that is lost."""
    with node.registry.reading() as session:
        station = get_batch(session, batch_id).station
    if station != node.settings.station:
        err.print(
            f"Batch {batch_id} is of the station {station}: what needs its pages waits until that one works. If this "
            f"machine takes the place of {station}, give it that name: station in the settings.",
            highlight=False,
        )


@batch.command()
@batch_argument
@click.option("--item", help="Only this item.")
@click.option(
    "--dry-run", is_flag=True, help="Say what would be released; read nothing back, delete nothing."
)
@as_json_option
def release(batch_id: str, item: str | None, *, dry_run: bool, as_json: bool) -> None:
    """Delete local masters and bags of BATCH, each once its stored copies were read back again.

    Only where the policy of the settings allows it (release.policy); whatever it refuses is told.
    """
    from app.release_report import run_release

    sys.exit(run_release(Node(load_settings()), batch_id, item, dry_run=dry_run, as_json=as_json))


@batch.command()
@batch_argument
@click.option(
    "-o", "--out", "folder", type=click.Path(path_type=Path), required=True, help="Where the bags go."
)
@as_json_option
def export(batch_id: str, folder: Path, *, as_json: bool) -> None:
    """Make the bags of BATCH once more from its pages, and compare them with the ones that were sent."""
    from workers.export import export_batch

    bags = export_batch(Node(load_settings()), batch_id, folder)
    if as_json:
        print_json({"batch": batch_id, "bags": bags})
    for exported in bags:
        verdict = (
            "equal to the bag that was sent" if exported["equal"] else "NOT equal to the bag that was sent"
        )
        err.print(f"{exported['path']}: {verdict}")
    if not all(exported["equal"] for exported in bags):
        sys.exit(ExitCode.INVALID)


def _print_all(node: Node, *, as_json: bool) -> None:
    with node.registry.reading() as session:
        batches = [
            {
                "batch": row.id,
                "state": row.state,
                "created_at": row.created_at,
                "institution": row.institution,
            }
            for row in list_batches(session)
        ]
    if as_json:
        print_json(batches)
        return
    if not batches:
        out.print("No batch is registered yet. Make a manifest with: recto manifest template csv")
        return
    # at once, and as they are: thousands of lines are laid out for no terminal
    click.echo(
        "\n".join(
            f"{row['batch']:<30} {row['state']:<10} {row['created_at']}  {row['institution']}"
            for row in batches
        )
    )
