# SPDX-License-Identifier: Apache-2.0
"""`recto object`: what the archive keeps of whom, in which versions and copies, and how that came about."""

from __future__ import annotations

import sys
from typing import Any

import click

from app.commands.object_delete import delete_command
from app.exit_codes import ExitCode
from app.json_option import as_json_option
from app.output import on_a_line, out, print_json
from archive.registry.events import verify_chain
from archive.registry.institutions import get_institution
from archive.registry.kept_objects import (
    KeptFile,
    copies_by_state,
    count_files,
    find_object,
    find_version,
    identifier_of,
    list_objects,
    page_of_events,
    page_of_files,
    versions_of,
)
from archive.registry.receiving_tables import ArchivalObjectRow, ObjectVersionRow
from workers.node import Node
from workers.settings import load_settings

object_argument = click.argument("identifier", metavar="OBJECT")
limit_option = click.option(
    "--limit", type=click.IntRange(1, 10_000), default=100, show_default=True, help="How many at once."
)


@click.group("object")
def object_command() -> None:
    """What is kept: objects by institution/bag, their versions, files, copies and history; deletions."""


object_command.add_command(delete_command)


@object_command.command("list")
@click.option("--institution", metavar="ID", help="Only objects of this institution.")
@click.option("--state", type=click.Choice(["active", "deleted"]), help="Only objects in this state.")
@click.option(
    "--after", default="", metavar="OBJECT", help="Go on behind this one, the last of the page before."
)
@limit_option
@as_json_option
def list_command(
    institution: str | None, state: str | None, after: str, limit: int, *, as_json: bool
) -> None:
    """List what is kept, a page at a time, by institution and name."""
    with Node(load_settings()).registry.reading() as session:
        if institution is not None:
            get_institution(session, institution)
        rows = list_objects(session, institution=institution, state=state, after=after, most=limit + 1)
    more = identifier_of(rows[limit - 1]) if len(rows) > limit else None
    facts = [_object_facts(row) for row in rows[:limit]]
    if as_json:
        print_json({"objects": facts, "next": more})
        return
    if not facts:
        out.print("Nothing is kept here." if not after else "There are no more.")
    for each in facts:
        version = f"version {each['version']}" if each["version"] else "not recorded yet"
        click.echo(f"{each['object']:<50} {each['state']:<8} {version:<12} {on_a_line(each['title'])}")
    _tell_more(more)


@object_command.command()
@object_argument
@as_json_option
def show(identifier: str, *, as_json: bool) -> None:
    """Show OBJECT: its versions, and where how many of its copies are."""
    with Node(load_settings()).registry.reading() as session:
        kept = find_object(session, identifier)
        facts = _object_facts(kept)
        facts["versions"] = [
            _version_facts(row, count_files(session, row.id)) for row in versions_of(session, kept.id)
        ]
        facts["copies"] = copies_by_state(session, kept.id)
    if as_json:
        print_json(facts)
        return
    out.print(f"{facts['object']}: {on_a_line(facts['title']) or 'without a title'}")
    out.print(
        f"  {facts['state']}, storage option {facts['storage_option'] or 'none'}, access {on_a_line(facts['access']) or 'not told'}"
    )
    for version in facts["versions"]:
        out.print(
            f"  version {version['version']}, {version['created_at'][:10]}: {version['files']} files, "
            f"{version['bytes']} bytes, bag {version['bag_sha256'] or 'of unknown digest'}"
        )
    for location, states in facts["copies"].items():
        told = ", ".join(f"{number} {state}" for state, number in states.items())
        out.print(f"  {location}: {told}")


@object_command.command()
@object_argument
@click.option("--version", type=click.IntRange(min=1), help="The number of the version; else the newest.")
@click.option("--after", type=click.IntRange(min=0), default=0, help="Go on where the page before ended.")
@limit_option
@as_json_option
def files(identifier: str, version: int | None, after: int, limit: int, *, as_json: bool) -> None:
    """List the files of OBJECT with their digests and copies, a page at a time, in the order of their tar."""
    with Node(load_settings()).registry.reading() as session:
        kept = find_object(session, identifier)
        row = find_version(session, kept, version)
        found = page_of_files(session, row.id, after=after, most=limit + 1)
    more = found[limit - 1].id if len(found) > limit else None
    facts = [_file_facts(file) for file in found[:limit]]
    if as_json:
        print_json({"object": identifier_of(kept), "version": row.number, "files": facts, "next": more})
        return
    for each in facts:
        click.echo(f"{each['sha256']}  {each['bytes']:>12}  {on_a_line(each['path'])}")
        for copy in each["copies"]:
            click.echo(f"    {copy['state']:<12} {copy['location']}")
    _tell_more(more)


@object_command.command()
@object_argument
@click.option("--after", type=click.IntRange(min=0), default=0, help="Go on behind the event of this number.")
@limit_option
@as_json_option
def events(identifier: str, after: int, limit: int, *, as_json: bool) -> None:
    """Show the history of OBJECT, a page at a time."""
    with Node(load_settings()).registry.reading() as session:
        kept = find_object(session, identifier)
        found = page_of_events(session, kept, after=after, most=limit + 1)
    more = found[limit - 1]["sequence"] if len(found) > limit else None
    if as_json:
        print_json({"object": identifier_of(kept), "events": found[:limit], "next": more})
        return
    for event in found[:limit]:
        agents = ", ".join(event["agents"])
        out.print(f"{event['sequence']:>6}  {event['at']}  {event['type']} ({event['outcome']})  {agents}")
    _tell_more(more)


@object_command.command("verify-chain")
@object_argument
@as_json_option
def verify_chain_command(identifier: str, *, as_json: bool) -> None:
    """Prove that nobody altered, inserted or removed an event of OBJECT's history. Exit 0 when whole, 1 when not."""
    with Node(load_settings()).registry.reading() as session:
        kept = find_object(session, identifier)
        report = verify_chain(session, kept.chain)
    if as_json:
        print_json({"object": identifier_of(kept), **report.to_json()})
    else:
        for problem in report.problems:
            out.print(problem)
        verdict = "is whole" if report.whole else "is NOT whole"
        out.print(
            f"The history of {identifier_of(kept)} {verdict}: {report.events} events, head {report.head}."
        )
    sys.exit(ExitCode.DONE if report.whole else ExitCode.INVALID)


def _tell_more(more: object) -> None:
    if more is not None:
        out.print(f"There are more; go on with: --after {more}")


def _object_facts(row: ArchivalObjectRow) -> dict[str, Any]:
    return {
        "object": identifier_of(row),
        "institution": row.institution,
        "name": row.name,
        "uid": row.uid,
        "state": row.state,
        "version": row.version,
        "title": row.title,
        "access": row.access,
        "storage_option": row.storage_option,
        "created_at": row.created_at,
        "deleted_at": row.deleted_at,
    }


def _version_facts(row: ObjectVersionRow, counted: tuple[int, int]) -> dict[str, Any]:
    return {
        "version": row.number,
        "created_at": row.created_at,
        "bag": row.bag_name,
        "bag_sha256": row.bag_sha256,
        "profile": row.profile,
        "payload_files": row.payload_files,
        "payload_bytes": row.payload_bytes,
        "payload_sha256": row.payload_sha256,
        "chain_root": row.chain_root,
        "files": counted[0],
        "bytes": counted[1],
    }


def _file_facts(file: KeptFile) -> dict[str, Any]:
    return {
        "path": file.path,
        "bytes": file.size,
        "md5": file.md5,
        "sha256": file.sha256,
        "format": file.format,
        "key": file.key,
        "copies": [{"location": copy.location, "state": copy.state} for copy in file.copies],
    }
