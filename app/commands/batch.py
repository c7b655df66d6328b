# SPDX-License-Identifier: Apache-2.0
"""`recto batch`: submit, follow, resume, retry, accept, cancel, release and export batches."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import click

from app.batch_table import follow_live, print_summary
from app.exit_codes import ExitCode, exit_code_of
from app.output import err, out, print_error, print_json
from archive.registry.batches import list_batches
from archive.registry.stages import Stage
from archive.registry.states import SETTLED, State
from archive.registry.status import batch_status
from workers import operations
from workers.errors import BrokerUnavailable
from workers.local_station import LocalStation, station_runs
from workers.node import Node
from workers.settings import load_settings

as_json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON document on stdout.")
batch_argument = click.argument("batch_id", metavar="BATCH")


@click.group()
def batch() -> None:
    """Batches: from a manifest to proved bags in storage."""


@batch.command()
@click.argument("manifest", type=click.Path(path_type=Path))
@click.option("--wait", is_flag=True, help="Run the batch to its end, here if no station runs.")
@as_json_option
def submit(manifest: Path, *, wait: bool, as_json: bool) -> None:
    """Register the batch of MANIFEST and send it to the workers."""
    node = Node(load_settings())
    batch_id = operations.register_manifest(node, manifest)
    if wait:
        _run_to_end(node, batch_id, as_json=as_json)
    if _somebody_works(node):
        operations.dispatch_batch(node, batch_id)
    else:
        err.print(
            f"Batch {batch_id} is registered. No station runs here, so nothing works on it yet.\n"
            f"Run it with: recto batch resume {batch_id}    or start: recto station"
        )
    _print_status(node, batch_id, as_json=as_json)


@batch.command()
@click.argument("batch_id", metavar="[BATCH]", required=False)
@click.option("--follow", is_flag=True, help="Show the batch live until every item is settled.")
@as_json_option
def status(batch_id: str | None, *, follow: bool, as_json: bool) -> None:
    """Show one batch, or all of them."""
    node = Node(load_settings())
    if batch_id is None:
        _print_all(node, as_json=as_json)
        return
    if follow:
        follow_live(node, batch_id)
    _print_status(node, batch_id, as_json=as_json)


@batch.command()
@batch_argument
@as_json_option
def resume(batch_id: str, *, as_json: bool) -> None:
    """Go on with BATCH after a crash or a restart, and follow it to its end."""
    _run_to_end(Node(load_settings()), batch_id, as_json=as_json)


@batch.command()
@batch_argument
@click.option("--stage", type=click.Choice([str(stage) for stage in Stage]), help="Only units of this stage.")
@click.option("--item", help="Only this item.")
@click.option("--code", help="Only units that stopped for this reason, such as storage.full.")
@as_json_option
def retry(batch_id: str, stage: str | None, item: str | None, code: str | None, *, as_json: bool) -> None:
    """Give failed and held units of BATCH their attempts back, and run them."""
    node = Node(load_settings())
    only = Stage(stage) if stage else None
    if code is None:
        units = operations.retry_batch(node, batch_id, item=item, stage=only)
    else:
        units = operations.retry_stopped(node, batch_id, item=item, stage=only, code=code)
    err.print(f"{units} units of batch {batch_id} wait again.")
    _run_to_end(node, batch_id, as_json=as_json)


@batch.command()
@batch_argument
@click.option("--reason", required=True, help="Why the pages are good enough; it goes into the event chain.")
@click.option("--item", help="Only this item.")
@as_json_option
def accept(batch_id: str, reason: str, item: str | None, *, as_json: bool) -> None:
    """Let pages of BATCH pass whose quality checks hold their item."""
    node = Node(load_settings())
    units = operations.accept_batch(node, batch_id, item=item, reason=reason)
    err.print(f"{units} held checks of batch {batch_id} accepted. Go on with: recto batch resume {batch_id}")
    _print_status(node, batch_id, as_json=as_json)


@batch.command()
@batch_argument
@click.option("--item", "items", multiple=True, help="Only this item; may be given several times.")
@click.option("--reason", default="", help="Why; it goes into the event chain.")
@as_json_option
def hold(batch_id: str, items: tuple[str, ...], reason: str, *, as_json: bool) -> None:
    """Hold items of BATCH back: what runs is finished, nothing new of them is started."""
    node = Node(load_settings())
    held = operations.hold_items(node, batch_id, items or None, reason=reason)
    err.print(
        f"{held} items of batch {batch_id} are on hold. Let them go on with: recto batch unhold {batch_id}"
    )
    _print_status(node, batch_id, as_json=as_json)


@batch.command()
@batch_argument
@click.option("--item", "items", multiple=True, help="Only this item; may be given several times.")
@click.option("--reason", default="", help="Why; it goes into the event chain.")
@as_json_option
def unhold(batch_id: str, items: tuple[str, ...], reason: str, *, as_json: bool) -> None:
    """Let items of BATCH go on that were held back."""
    node = Node(load_settings())
    let_go = operations.unhold_items(node, batch_id, items or None, reason=reason)
    err.print(f"{let_go} items of batch {batch_id} may go on.")
    if _somebody_works(node):
        operations.dispatch_batch(node, batch_id)
    else:
        err.print(f"No station runs here. Go on with: recto batch resume {batch_id}")
    _print_status(node, batch_id, as_json=as_json)


@batch.command()
@batch_argument
@as_json_option
def cancel(batch_id: str, *, as_json: bool) -> None:
    """Stop BATCH. What was captured is kept; `recto batch retry` takes it up again."""
    node = Node(load_settings())
    units = operations.cancel_batch(node, batch_id)
    err.print(f"{units} units of batch {batch_id} cancelled.")
    _print_status(node, batch_id, as_json=as_json)


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


def _somebody_works(node: Node) -> bool:
    return node.settings.broker_url is not None or station_runs(node.settings)


def _run_to_end(node: Node, batch_id: str, *, as_json: bool) -> None:
    """Dispatch a batch and follow it; with a private broker and no station running, run one meanwhile."""
    with ExitStack() as running:
        stations: list[LocalStation] = []

        def watch() -> None:
            # the station that served us may be another command's, and end before our batch does
            if not stations and not _somebody_works(node):
                stations.append(running.enter_context(LocalStation(node.settings)))
                operations.resume_batch(node, batch_id)
            elif stations and stations[0].revive():
                operations.resume_batch(node, batch_id)

        try:
            if not _somebody_works(node):
                stations.append(running.enter_context(LocalStation(node.settings)))
            operations.resume_batch(node, batch_id)
        except BrokerUnavailable as error:
            document = error.to_json() | {"remedy": f"{error.remedy} Then: recto batch resume {batch_id}"}
            print_error(document, as_json=as_json)
            sys.exit(ExitCode.STORAGE_OR_NETWORK)
        follow_live(node, batch_id, watch)
    status_document = _print_status(node, batch_id, as_json=as_json)
    node.registry.close()
    sys.exit(exit_code_of_batch(status_document))


def exit_code_of_batch(document: dict[str, Any]) -> ExitCode:
    """What a finished batch means for a script: done, or the code of its first problem."""
    problems = [
        problem
        for item in document["items"]
        for problem in item["problems"]
        if State(problem["state"]) in SETTLED
    ]
    if problems:
        return exit_code_of(problems[0])
    return ExitCode.DONE if document["state"] == State.DONE else ExitCode.HELD


def _print_status(node: Node, batch_id: str, *, as_json: bool) -> dict[str, Any]:
    with node.registry.reading() as session:
        document = batch_status(session, batch_id)
    if as_json:
        print_json(document)
    else:
        print_summary(node, document)
    return document


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
    for row in batches:
        out.print(f"{row['batch']:<30} {row['state']:<10} {row['created_at']}  {row['institution']}")
