# SPDX-License-Identifier: Apache-2.0
"""`recto registry`: back the registry up, list and verify backups, restore one."""

from __future__ import annotations

import sys

import click

from app.exit_codes import ExitCode
from app.json_option import as_json_option
from app.output import err, out, print_json
from archive.registry.backup.check import CheckedCopy
from workers.backup_check import check_backup
from workers.node import Node
from workers.registry_backup import back_up, fetched, stored_backups, working_folder
from workers.registry_restore import restore as restore_registry
from workers.settings import load_settings

_target = click.option(
    "--target", default="", metavar="TARGET", help="Storage target or address; backup.target when left out."
)
_chains = click.option(
    "--chains",
    default=0,
    type=click.IntRange(0),
    metavar="N",
    help="Verify only the N newest histories; all when left out.",
)


@click.group()
def registry() -> None:
    """The registry: back it up, list and verify backups, restore one."""


@registry.command()
@_target
@as_json_option
def backup(target: str, *, as_json: bool) -> None:
    """Copy the registry as it is now, check the copy, and store it; work goes on meanwhile."""
    made = back_up(Node(load_settings()), target)
    if as_json:
        print_json(made.to_json())
        return
    out.print(f"{made.url}: {made.size} bytes, {made.proof}")
    for key in made.removed:
        out.print(f"removed {key}")
    for warning in made.warnings:
        err.print(warning)


@registry.command()
@_target
@click.option("--all", "everyone", is_flag=True, help="Those of other stations and databases too.")
@as_json_option
def backups(target: str, *, everyone: bool, as_json: bool) -> None:
    """List the backups of this registry, the newest first."""
    stored = stored_backups(Node(load_settings()), target, everyone=everyone)
    if as_json:
        print_json([one.to_json() for one in stored])
        return
    for one in stored:
        out.print(f"{one.made_at:%Y-%m-%d %H:%M:%S} UTC  {one.size:>12} bytes  {one.key}")
    err.print(f"{len(stored)} backups.")
    if not stored and not everyone:
        err.print("Backups of other stations are listed with --all.")


@registry.command()
@click.argument("file")
@_target
@_chains
@as_json_option
def verify(file: str, target: str, chains: int, *, as_json: bool) -> None:
    """Check a backup as a restore would; exit 1 when it is not sound.

    FILE is a file, a name that `recto registry backups` lists, or "newest".
    """
    node = Node(load_settings())
    with fetched(node, file, target) as found, working_folder(node) as folder:
        checked = check_backup(found, folder, most_chains=chains)
    if as_json:
        print_json(
            {
                "sound": not checked.problems,
                "problems": list(checked.problems),
                "chains": checked.chains,
                "chains_of": checked.chains_of,
            }
        )
    else:
        _print(checked)
    sys.exit(ExitCode.INVALID if checked.problems else ExitCode.DONE)


@registry.command()
@click.argument("file")
@_target
@_chains
@click.option("--force", is_flag=True, help="Replace a registry that is there; it is kept aside.")
@as_json_option
def restore(file: str, target: str, chains: int, *, force: bool, as_json: bool) -> None:
    """Put a backup in the registry's place, checked before and, on a server, after that.

    FILE is a file, a name that `recto registry backups` lists, or "newest". Nothing of Recto may run.
    """
    node = Node(load_settings())
    with fetched(node, file, target) as found:
        restored = restore_registry(node, found, force=force, most_chains=chains)
    if as_json:
        print_json(restored.to_json())
    else:
        out.print(f"The registry is as it was at {restored.manifest.made_at}.")
        if restored.aside:
            out.print(f"The one of before is kept: {restored.aside}")
        _print(restored.checked)
        err.print("What happened after that is not in it: see docs/notifications.md, Restoring the registry.")
    sys.exit(ExitCode.INVALID if restored.checked.problems else ExitCode.DONE)


def _print(checked: CheckedCopy) -> None:
    for problem in checked.problems:
        out.print(problem)
    if not checked.problems:
        out.print(f"Sound: rows counted, {checked.chains} of {checked.chains_of} histories verified.")
