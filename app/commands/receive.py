# SPDX-License-Identifier: Apache-2.0
"""`recto receive`: look for bags that arrived, have them ingested, and show how they stand."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

import click
from rich.table import Table

from app.commands.batch_run import send_if_somebody_works, somebody_works
from app.output import err, out, print_json
from archive.registry.receive_scans import last_scans
from archive.registry.work_item_status import Standing, count_standings, show_work_item, work_items
from workers.node import Node
from workers.settings import load_settings

_AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
_NUMBER = click.argument("work_item", metavar="WORK_ITEM", type=click.IntRange(min=1))
_TOLD = 20
_ATTENTION = (Standing.FAILED, Standing.REFUSED, Standing.OPEN)


@click.group(invoke_without_command=True)
@click.option("--once", is_flag=True, help="Look once, work off what was found, and end.")
@click.option(
    "--institution", "institutions", multiple=True, metavar="ID", help="Only this depositor's bags."
)
@click.option(
    "--wait/--no-wait",
    default=None,
    help="Whether --once ends only when what was found is ingested; it does where it brings its own workers.",
)
@click.option("--json", "as_json", is_flag=True, help="Print each decision as a line of JSON.")
@click.pass_context
def receive(
    context: click.Context, *, once: bool, institutions: Sequence[str], wait: bool | None, as_json: bool
) -> None:
    """Look for bags that arrived, and have them ingested; again and again, until Ctrl-C.

    With --once, as for cron, the exit code is 0 when all is well, 1 when a bag was refused, 4 when a location or
    the broker could not be reached, and 5 when an ingest failed or waits for a person.
    """
    if context.invoked_subcommand is not None:
        return
    from app.commands.receive_run import receive_always, receive_once

    node = Node(load_settings())
    chosen = list(institutions) or None
    if not once:
        if wait is not None:
            raise click.UsageError("--wait and --no-wait go with --once.")
        receive_always(node, chosen, as_json=as_json)
        return
    sys.exit(receive_once(node, chosen, wait=wait, as_json=as_json))


@receive.command("status")
@_AS_JSON
def status(*, as_json: bool) -> None:
    """Show the last look at each receiving location, and which bags are open, refused or failed."""
    node = Node(load_settings())
    with node.registry.reading() as session:
        scans = last_scans(session)
        counts = count_standings(session)
        told = {str(standing): work_items(session, standing=standing, most=_TOLD) for standing in _ATTENTION}
    document: dict[str, Any] = {
        "locations": [scan | {"work_items": counts.get(scan["institution"], {})} for scan in scans],
        "totals": _totals(counts),
        "work_items": told,
    }
    if as_json:
        print_json(document)
        return
    _print_scans(document["locations"])
    for standing in _ATTENTION:
        _print_items(told[str(standing)], f"{standing}, the newest first:")


@receive.command("list")
@click.option(
    "--state", type=click.Choice([str(each) for each in Standing]), help="Only those that stand so."
)
@click.option("--institution", metavar="ID", help="Only this depositor's.")
@click.option("--before", type=click.IntRange(min=1), metavar="WORK_ITEM", help="Only older ones than this.")
@click.option(
    "--most", type=click.IntRange(1, 10_000), default=100, show_default=True, help="How many at most."
)
@_AS_JSON
def list_all(
    *, state: str | None, institution: str | None, before: int | None, most: int, as_json: bool
) -> None:
    """List bags that arrived, the newest first."""
    node = Node(load_settings())
    standing = Standing(state) if state else None
    with node.registry.reading() as session:
        found = work_items(session, standing=standing, institution=institution, before=before, most=most + 1)
    page = found[:most]
    following = page[-1]["id"] if len(found) > most else None
    if as_json:
        print_json({"work_items": page, "next": following})
        return
    _print_items(page, "")
    if following:
        out.print(f"There are older ones: recto receive list --before {following}")


@receive.command("show")
@_NUMBER
@_AS_JSON
def show(*, work_item: int, as_json: bool) -> None:
    """Show everything of one bag that arrived: its stages, what was found, its copies, the receipt."""
    node = Node(load_settings())
    with node.registry.reading() as session:
        document = show_work_item(session, work_item)
    if as_json:
        print_json(document)
        return
    _print_item(document)


@receive.command("retry")
@_NUMBER
@_AS_JSON
def retry(*, work_item: int, as_json: bool) -> None:
    """Take up a failed or cancelled ingest again; let a refused bag come again."""
    from workers.receiving.reading_buckets import dispatch_waiting
    from workers.receiving.work_item_decisions import retry_work_item

    node = Node(load_settings())
    units = retry_work_item(node, work_item)
    if as_json:
        print_json({"work_item": work_item, "units": units})
    elif units:
        out.print(f"Work item {work_item}: {units} units wait again.")
    else:
        out.print(f"Work item {work_item} was refused; the same bag may come again now.")
    if units:
        if somebody_works(node):
            send_if_somebody_works(node, "", lambda: dispatch_waiting(node))
        else:
            err.print("No station runs here. Go on with: recto receive --once")


@receive.command("cancel")
@_NUMBER
@click.option("--reason", default="", help="Why; it goes into the event chain.")
@_AS_JSON
def cancel(*, work_item: int, reason: str, as_json: bool) -> None:
    """Give up the ingest of a bag; the bag stays where it arrived."""
    from workers.receiving.work_item_decisions import cancel_work_item

    units = cancel_work_item(Node(load_settings()), work_item, reason=reason)
    if as_json:
        print_json({"work_item": work_item, "units": units})
        return
    out.print(f"Work item {work_item}: {units} units were cancelled; its bag stays where it arrived.")


def _totals(counts: dict[str, dict[str, int]]) -> dict[str, int]:
    return {str(standing): sum(found.get(standing, 0) for found in counts.values()) for standing in Standing}


def _print_scans(scans: Sequence[dict[str, Any]]) -> None:
    table = Table("depositor", "state", "looked at", "objects", "decided", "work items", box=None)
    for scan in scans:
        decided = scan["error"]["message"] if scan["error"] else _counted(scan["decisions"])
        table.add_row(
            scan["institution"],
            scan["state"],
            scan["started_at"] or "never",
            "" if scan["objects"] is None else str(scan["objects"]),
            decided,
            _counted(scan["work_items"]),
        )
    out.print(table)


def _counted(counts: dict[str, int]) -> str:
    return ", ".join(f"{number} {name}" for name, number in sorted(counts.items()))


def _print_items(items: Sequence[dict[str, Any]], heading: str) -> None:
    if not items:
        return
    if heading:
        out.print(f"\n{heading[0].upper()}{heading[1:]}")
    table = Table("number", "depositor", "bag", "bytes", "stands", "object", "since", box=None)
    for item in items:
        version = f" v{item['version']}" if item["version"] else ""
        table.add_row(
            str(item["id"]),
            item["institution"],
            item["name"],
            str(item["size"]),
            item["standing"],
            f"{item['object']}{version}" if item["object"] else "",
            item["created_at"],
        )
    out.print(table)


def _print_item(item: dict[str, Any]) -> None:
    out.print(
        f"{item['id']}: {item['name']} of {item['institution']}, {item['size']} bytes: {item['standing']}"
    )
    if item["object"]:
        out.print(f"  object   {item['object']}, version {item['version'] or 'not recorded yet'}")
    if item["superseded_by"]:
        out.print(f"  a newer bag of this name took its place: work item {item['superseded_by']}")
    for stage, state in item["state_by_stage"].items():
        out.print(f"  {stage:<14}{state}")
    for unit in item["stages"]:
        if unit["error"] and unit["state"] != "done":
            out.print(f"  {unit['stage']}: {unit['error']['message']}\n    {unit['error']['remedy']}")
    for kind in ("finding", "warning"):
        _print_findings(kind, item[f"{kind}s"], item[f"{kind}_count"])
    for copy in item["copies"]:
        out.print(f"  {copy['contents']} contents in {copy['location']}: {copy['state']}, {copy['proof']}")
    _print_what_next(item)


def _print_what_next(item: dict[str, Any]) -> None:
    told = item["receipt"] or {}
    if told.get("quarantine"):
        out.print(f"  it lies in {told['quarantine']} now, with reports beside it")
    elif told.get("receipt"):
        out.print(f"  its receipt is {told['receipt']}")
    if item["standing"] in {Standing.FAILED, Standing.CANCELLED}:
        out.print(f"  go on with it by: recto receive retry {item['id']}")


def _print_findings(kind: str, findings: Sequence[dict[str, str]], count: int) -> None:
    for finding in findings[:_TOLD]:
        out.print(f"  {kind}: {finding['file']}: {finding['message']}".replace(": : ", ": "))
    if count > _TOLD:
        out.print(f"  and {count - _TOLD} more; --json tells them")
