# SPDX-License-Identifier: Apache-2.0
"""`recto object delete`: deletions that one person asks for, another agrees to, and a delay precedes."""

from __future__ import annotations

import datetime as dt
import sys
from typing import Any

import click

from app.exit_codes import ExitCode, exit_code_of
from app.json_option import as_json_option
from app.output import on_a_line, out, print_json
from archive.registry.deletions import Stand, find_deletion, list_deletions
from archive.registry.kept_objects import identifier_of
from archive.registry.receiving_tables import ArchivalObjectRow, DeletionRequestRow
from workers.node import Node
from workers.receiving import deletions
from workers.settings import load_settings

request_argument = click.argument("number", metavar="REQUEST", type=click.IntRange(min=1))
operator_option = click.option(
    "--operator", default="", metavar="NAME", help="Who asks or decides; else operator of the settings."
)


@click.group("delete")
def delete_command() -> None:
    """Delete an object: two persons must agree, and only its history remains."""


@delete_command.command()
@click.argument("identifier", metavar="OBJECT")
@click.option("--reason", required=True, help="Why; it stays in the history for ever.")
@operator_option
@as_json_option
def request(identifier: str, reason: str, operator: str, *, as_json: bool) -> None:
    """Ask that OBJECT be deleted, all versions and copies. Nothing is deleted by asking."""
    node = Node(load_settings())
    number = deletions.request_deletion(node, identifier, reason, deletions.acting_person(node, operator))
    _show(node, number, as_json=as_json)


@delete_command.command()
@request_argument
@operator_option
@as_json_option
def approve(number: int, operator: str, *, as_json: bool) -> None:
    """Agree to REQUEST, which somebody else made; it is carried out after the delay of the settings."""
    node = Node(load_settings())
    deletions.approve_deletion(node, number, deletions.acting_person(node, operator))
    _show(node, number, as_json=as_json)


@delete_command.command()
@request_argument
@click.option("--reason", required=True, help="Why not.")
@operator_option
@as_json_option
def refuse(number: int, reason: str, operator: str, *, as_json: bool) -> None:
    """Refuse REQUEST, also when it was agreed to and still waits."""
    node = Node(load_settings())
    deletions.refuse_deletion(node, number, deletions.acting_person(node, operator), reason)
    _show(node, number, as_json=as_json)


@delete_command.command()
@request_argument
@operator_option
@as_json_option
def withdraw(number: int, operator: str, *, as_json: bool) -> None:
    """Take one's own REQUEST back, also when it was agreed to and still waits."""
    node = Node(load_settings())
    deletions.withdraw_deletion(node, number, deletions.acting_person(node, operator))
    _show(node, number, as_json=as_json)


@delete_command.command("list")
@click.option("--state", type=click.Choice([str(stand) for stand in Stand]), help="Only those that stand so.")
@click.option("--after", type=click.IntRange(min=0), default=0, help="Go on behind this request.")
@click.option(
    "--limit", type=click.IntRange(1, 10_000), default=100, show_default=True, help="How many at once."
)
@as_json_option
def list_command(state: str | None, after: int, limit: int, *, as_json: bool) -> None:
    """List the requests and how they stand, a page at a time."""
    with Node(load_settings()).registry.reading() as session:
        rows = list_deletions(session, state=state, after=after, most=limit + 1)
    facts = [_facts(row, kept) for row, kept in rows[:limit]]
    more = facts[-1]["request"] if len(rows) > limit else None
    if as_json:
        print_json({"requests": facts, "next": more})
        return
    if not facts:
        out.print("There are no requests." if not after else "There are no more.")
    for each in facts:
        _tell(each)
    if more is not None:
        out.print(f"There are more; go on with: --after {more}")


@delete_command.command()
@click.argument("number", metavar="[REQUEST]", required=False, type=click.IntRange(min=1))
@as_json_option
def execute(number: int | None, *, as_json: bool) -> None:
    """Carry out REQUEST, or all that are due: the schedule does it by itself.

    Exit 0 when all are done, 4 when a location could not be cleared yet, 5 when one must still wait.
    """
    done = deletions.execute_deletions(Node(load_settings()), only=number)
    if as_json:
        print_json([each.to_json() for each in done])
    else:
        if not done:
            out.print("No deletion is due.")
        for each in done:
            name = each.object or f"request {each.request}"
            out.print(f"{name}: {'deleted' if each.executed else f'not deleted yet: {each.reason}'}")
            for error in each.errors:
                out.print(f"  {error['location']}: {error['message']}")
    codes = [exit_code_of(error) for each in done for error in each.errors]
    waits = [ExitCode.HELD for each in done if not each.executed and not each.errors]
    sys.exit(max([*codes, *waits], default=ExitCode.DONE))


def _show(node: Node, number: int, *, as_json: bool) -> None:
    with node.registry.reading() as session:
        row = find_deletion(session, number)
        facts = _facts(row, session.get_one(ArchivalObjectRow, row.object))
    if as_json:
        print_json(facts)
    else:
        _tell(facts)


def _facts(row: DeletionRequestRow, kept: ArchivalObjectRow) -> dict[str, Any]:
    due = dt.datetime.fromtimestamp(row.due_at, dt.UTC).isoformat(timespec="seconds") if row.due_at else None
    return {
        "request": row.id,
        "object": identifier_of(kept),
        "state": row.state,
        "reason": row.reason,
        "requested_by": row.requested_by,
        "requested_account": row.requested_account,
        "requested_at": row.requested_at,
        "decided_by": row.decided_by,
        "decided_account": row.decided_account,
        "decided_at": row.decided_at,
        "due_at": due,
        "executed_at": row.executed_at,
    }


def _tell(facts: dict[str, Any]) -> None:
    out.print(f"{facts['request']:>5}  {facts['state']:<10} {facts['object']}: {on_a_line(facts['reason'])}")
    out.print(f"       asked for by {on_a_line(facts['requested_by'])} on {facts['requested_at'][:10]}")
    if facts["decided_by"]:
        out.print(f"       decided by {on_a_line(facts['decided_by'])} on {facts['decided_at'][:10]}")
    if facts["state"] == "approved":
        out.print(f"       carried out from {facts['due_at']} on")
