# SPDX-License-Identifier: Apache-2.0
"""The decisions of `recto batch`: retry, accept, hold, let go on, cancel, hurry."""

from __future__ import annotations

from functools import partial

import click

from app.commands.batch_run import (
    batch_argument,
    items_option,
    print_status,
    reason_option,
    run_to_end,
    send_if_somebody_works,
)
from app.json_option import as_json_option
from app.output import err
from archive.registry.priorities import Priority
from workers import operations, steering
from workers.node import Node
from workers.settings import load_settings

stage_option = click.option("--stage", help="Only this stage, such as upload.")


@click.command()
@batch_argument
@stage_option
@click.option("--item", help="Only this item.")
@click.option("--chunk", type=click.IntRange(min=0), help="Only this chunk of the stage of the item, from 0.")
@click.option("--code", help="Only units that stopped for this reason, such as storage.full.")
@as_json_option
def retry(
    batch_id: str, stage: str | None, item: str | None, chunk: int | None, code: str | None, *, as_json: bool
) -> None:
    """Give failed, held and cancelled units of BATCH their attempts back, and run them.

    With a stage alone, that stage is done again, and with it all that stand on it. With a chunk or a
    reason, only what stands still is tried again.
    """
    node = Node(load_settings())
    if chunk is not None:
        if item is None or stage is None:
            raise click.UsageError(
                "A chunk is one of a stage of an item: name both, with --item and --stage."
            )
        units = steering.retry_unit(node, batch_id, item, stage, chunk)
    elif code is not None:
        units = operations.retry_stopped(node, batch_id, item=item, stage=stage, code=code)
    else:
        units = operations.retry_batch(node, batch_id, item=item, stage=stage)
    err.print(f"{units} units of batch {batch_id} wait again.")
    run_to_end(node, batch_id, as_json=as_json)


@click.command()
@batch_argument
@click.option("--reason", required=True, help="Why the pages are good enough; it goes into the event chain.")
@click.option("--item", help="Only this item.")
@as_json_option
def accept(batch_id: str, reason: str, item: str | None, *, as_json: bool) -> None:
    """Let pages of BATCH pass whose quality checks hold their item."""
    node = Node(load_settings())
    units = operations.accept_batch(node, batch_id, item=item, reason=reason)
    err.print(f"{units} held checks of batch {batch_id} accepted. Go on with: recto batch resume {batch_id}")
    print_status(node, batch_id, as_json=as_json)


@click.command()
@batch_argument
@items_option
@stage_option
@reason_option
@as_json_option
def hold(batch_id: str, items: tuple[str, ...], stage: str | None, reason: str, *, as_json: bool) -> None:
    """Hold BATCH back, or items or one stage of it: what runs is finished, nothing new is started."""
    node = Node(load_settings())
    if stage is None:
        held = operations.hold_items(node, batch_id, items or None, reason=reason)
        err.print(
            f"{held} items of batch {batch_id} are on hold. Let them go on with: recto batch unhold {batch_id}"
            if held
            else f"Nothing of batch {batch_id} was held: its items are done, cancelled or on hold already."
        )
    else:
        _require_no_items(items)
        steering.hold_stage(node, stage, batch=batch_id, reason=reason)
        err.print(
            f"The {stage} stage of batch {batch_id} is on hold. "
            f"Let it go on with: recto batch unhold {batch_id} --stage {stage}"
        )
    print_status(node, batch_id, as_json=as_json)


@click.command()
@batch_argument
@items_option
@stage_option
@reason_option
@as_json_option
def unhold(batch_id: str, items: tuple[str, ...], stage: str | None, reason: str, *, as_json: bool) -> None:
    """Let BATCH go on, or items or one stage of it, that were held back."""
    node = Node(load_settings())
    if stage is None:
        let_go = operations.unhold_items(node, batch_id, items or None, reason=reason)
        err.print(f"{let_go} items of batch {batch_id} may go on.")
        send = partial(operations.dispatch_batch, node, batch_id)
    else:
        _require_no_items(items)
        released = steering.release_stage(node, stage, batch=batch_id, reason=reason)
        err.print(f"The {stage} stage of batch {batch_id} {'goes on' if released else 'was not held here'}.")
        send = partial(steering.send_released, node, batch=batch_id)
    send_if_somebody_works(node, batch_id, send)
    print_status(node, batch_id, as_json=as_json)


def _require_no_items(items: tuple[str, ...]) -> None:
    if items:
        raise click.UsageError(
            "A stage is held in the whole batch: leave out --item, or hold the item without --stage."
        )


@click.command()
@batch_argument
@click.option("--item", help="Only this item.")
@stage_option
@reason_option
@as_json_option
def cancel(batch_id: str, item: str | None, stage: str | None, reason: str, *, as_json: bool) -> None:
    """Stop BATCH, or an item or a stage of it. What was captured is kept; retry takes it up again."""
    node = Node(load_settings())
    units = steering.cancel(node, batch_id, item=item, stage=stage, reason=reason)
    undo = f"recto batch retry {batch_id}{f' --item {item}' if item else ''}"
    err.print(f"{units} units of batch {batch_id} cancelled. Take them up again with: {undo}")
    print_status(node, batch_id, as_json=as_json)


@click.command()
@batch_argument
@click.argument("priority", type=click.Choice([str(priority) for priority in Priority]))
@items_option
@reason_option
@as_json_option
def priority(batch_id: str, priority: str, items: tuple[str, ...], reason: str, *, as_json: bool) -> None:
    """Make BATCH, or items of it, more or less urgent: rush items overtake all others."""
    node = Node(load_settings())
    changed = steering.set_priority(node, batch_id, Priority(priority), items or None, reason=reason)
    err.print(f"{len(changed)} items of batch {batch_id} are {priority} now.")
    if changed:
        send_if_somebody_works(node, batch_id, partial(steering.send_hurried, node, batch_id, changed))
    print_status(node, batch_id, as_json=as_json)
