# SPDX-License-Identifier: Apache-2.0
"""`recto suggestions`: what programs suggest about items and pages, and what a person makes of it."""

from __future__ import annotations

import click

from app.commands.batch_run import batch_argument
from app.json_option import as_json_option
from app.output import err, out, print_json
from archive.registry.suggestions import (
    ACCEPTED,
    REFUSED,
    STATUSES,
    SUGGESTED,
    Choice,
    KnownSuggestion,
    decide,
    list_suggestions,
)
from workers.enrichment.registry import known_providers
from workers.node import Node
from workers.operations import acting
from workers.settings import load_settings

item_option = click.option("--item", help="Only of this item.")
kind_option = click.option("--kind", "kinds", multiple=True, help="Only this kind, such as date; repeatable.")
id_option = click.option(
    "--id", "ids", multiple=True, type=int, help="Only the one of this number; repeatable."
)
all_option = click.option("--all", "of_all", is_flag=True, help="All of the batch, whatever they are about.")
reason_option = click.option("--reason", default="", help="Why; it goes into the event chain.")


@click.group()
def suggestions() -> None:
    """What programs suggest about items and pages: never facts until a person accepts them."""


@suggestions.command("list")
@batch_argument
@item_option
@kind_option
@id_option
@click.option("--status", type=click.Choice(STATUSES), help="Only those that stand so.")
@as_json_option
def list_command(
    batch_id: str,
    item: str | None,
    kinds: tuple[str, ...],
    ids: tuple[int, ...],
    status: str | None,
    *,
    as_json: bool,
) -> None:
    """Show what is suggested in BATCH, with source and confidence."""
    node = Node(load_settings())
    with node.registry.reading() as session:
        known = list_suggestions(session, batch_id, Choice(item, kinds, ids, status))
    _print(known, as_json=as_json)
    if not known:
        err.print("There are no such suggestions.")


@suggestions.command()
@as_json_option
def providers(*, as_json: bool) -> None:
    """Show who else can be asked for suggestions, and whether it can be used here."""
    found = known_providers()
    if as_json:
        print_json([each.to_json() for each in found])
        return
    for each in found:
        out.print(f"{each.name:<16} {each.distribution:<28} {each.problem or each.title}")


def _decision(name: str, status: str, help_text: str) -> None:
    @suggestions.command(name, help=help_text)
    @batch_argument
    @item_option
    @kind_option
    @id_option
    @all_option
    @reason_option
    @as_json_option
    def command(
        batch_id: str,
        item: str | None,
        kinds: tuple[str, ...],
        ids: tuple[int, ...],
        reason: str,
        *,
        of_all: bool,
        as_json: bool,
    ) -> None:
        if not (item or kinds or ids or of_all):
            raise click.UsageError("Say which are meant, with --id, --item or --kind, or --all.")
        node = Node(load_settings())
        with node.registry.transaction() as session:
            choice = Choice(item, kinds, ids)
            changed = decide(session, batch_id, choice, status, reason=reason, agents=acting(node))
        _print(changed, as_json=as_json)
        err.print(f"{len(changed)} suggestions of batch {batch_id} are {status} now.")
        _tell_of_bags(batch_id, changed)

    del command


def _tell_of_bags(batch_id: str, changed: list[KnownSuggestion]) -> None:
    for item in dict.fromkeys(each.item for each in changed if each.bagged):
        err.print(
            f"The bag of {item} is made already and holds the suggestions as they were then. "
            f"Make it anew with: recto batch retry {batch_id} --item {item} --stage bag"
        )


def _print(known: list[KnownSuggestion], *, as_json: bool) -> None:
    if as_json:
        print_json([each.to_json() for each in known])
        return
    for each in known:
        place = f"{each.item} page {each.page}" if each.page else each.item
        out.print(
            f"{each.id:>6}  {place:<28} {each.kind:<12} {each.value:<40} "
            f"{each.confidence:.2f}  {each.status:<9} {each.source} {each.version}"
        )


_COMMANDS: dict[str, tuple[str, str]] = {
    "accept": (
        ACCEPTED,
        "Accept suggestions of BATCH; they stay beside the manifest's metadata, never in it.",
    ),
    "refuse": (REFUSED, "Refuse suggestions of BATCH; they are not made again by the same source."),
    "reopen": (SUGGESTED, "Take decisions back: suggestions of BATCH are open again."),
}
for _name, (_status, _help) in _COMMANDS.items():
    _decision(_name, _status, _help)
