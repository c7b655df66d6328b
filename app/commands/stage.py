# SPDX-License-Identifier: Apache-2.0
"""`recto stage`: hold a stage of all batches, as on a day without uploads, and let it go on."""

from __future__ import annotations

from functools import partial

import click

from app.batch_table import words_of
from app.commands.batch_run import reason_option, send_if_somebody_works
from app.json_option import as_json_option
from app.output import err, out, print_json
from workers import steering
from workers.node import Node
from workers.settings import load_settings


@click.group()
def stage() -> None:
    """Stages of all batches: hold one, let it go on, see which are held."""


@stage.command()
@click.argument("name", metavar="STAGE")
@reason_option
@as_json_option
def hold(name: str, reason: str, *, as_json: bool) -> None:
    """Hold STAGE in all batches, also in those that come: what runs is finished, nothing new is started."""
    node = Node(load_settings())
    steering.hold_stage(node, name, reason=reason)
    err.print(f"The {name} stage of all batches is on hold. Let it go on with: recto stage unhold {name}")
    _print(node, as_json=as_json)


@stage.command()
@click.argument("name", metavar="STAGE")
@reason_option
@as_json_option
def unhold(name: str, reason: str, *, as_json: bool) -> None:
    """Let STAGE go on that is held in all batches; holds of single batches stay."""
    node = Node(load_settings())
    released = steering.release_stage(node, name, reason=reason)
    err.print(f"The {name} stage {'goes on' if released else 'was not held in all batches'}.")
    send_if_somebody_works(node, "", partial(steering.send_released, node))
    _print(node, as_json=as_json)


@stage.command("list")
@as_json_option
def list_holds(*, as_json: bool) -> None:
    """Show the stages that are held, by whom and why."""
    _print(Node(load_settings()), as_json=as_json)


def _print(node: Node, *, as_json: bool) -> None:
    holds = steering.stages_on_hold(node)
    if as_json:
        print_json([hold.to_json() for hold in holds])
        return
    for hold in holds:
        out.print(f"{hold.batch or 'all batches':<30} {words_of(hold)} (since {hold.held_at[:16]})")
    if not holds:
        out.print("No stage is held.")
