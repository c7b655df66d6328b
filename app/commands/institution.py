# SPDX-License-Identifier: Apache-2.0
"""`recto institution`: depositors, where their bags arrive and where they are kept."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, TypeVar

import click
from rich.table import Table

from app.output import err, out, print_json
from archive.registry.institutions import (
    ACTIVE,
    DISABLED,
    PAGE,
    Institution,
    count_institutions,
    get_institution,
    list_institutions,
)
from workers.node import Node
from workers.settings import load_settings

_AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
_NAMED_STORE = re.compile(r"(?P<option>[^=:/?]+)=(?P<location>.+)", re.DOTALL)
_STANDARD = "Standard"

Command = TypeVar("Command", bound=Callable[..., Any])


@click.group()
def institution() -> None:
    """Depositors: where their bags arrive, in which places they are kept, where restored ones go.

    A LOCATION is the name of a storage target of the settings, or an address: a folder, file:///folder,
    s3://bucket/prefix.
    """


def _locations(command: Command) -> Command:
    """The options that tell where things of a depositor lie."""
    for option in (
        click.option("--name", help="What people call it."),
        click.option("--receiving", metavar="LOCATION", help="Where its bags arrive; of no one else."),
        click.option(
            "--store",
            "stores",
            multiple=True,
            metavar="[OPTION=]LOCATION",
            help="A preservation location, once for each copy; of the storage option `Standard` where none is named.",
        ),
        click.option("--default-option", metavar="OPTION", help="The option of bags that name none."),
        click.option("--restore", metavar="LOCATION", help="Where restored bags go."),
        click.option("--quarantine", metavar="LOCATION", help="Where refused bags go."),
        click.option("--no-check", is_flag=True, help="Do not try the locations."),
        _AS_JSON,
    ):
        command = option(command)
    return command


@institution.command("add")
@click.argument("identifier", metavar="ID")
@_locations
def add(
    *,
    identifier: str,
    name: str | None,
    receiving: str | None,
    stores: Sequence[str],
    default_option: str | None,
    restore: str | None,
    quarantine: str | None,
    no_check: bool,
    as_json: bool,
) -> None:
    """Register a depositor; its locations are tried first, and nothing is left behind there."""
    from workers.receiving.institutions import add_institution

    options = _options(stores)
    wanted = Institution(
        id=identifier,
        name=identifier if name is None else name,
        receiving=receiving or "",
        storage_options=options,
        default_option=default_option or next(iter(options), _STANDARD),
        restore=restore or "",
        quarantine=quarantine or "",
    )
    node = Node(load_settings())
    _show(add_institution(node, wanted, check=not no_check), as_json=as_json)


@institution.command("change")
@click.argument("identifier", metavar="ID")
@_locations
def change(
    *,
    identifier: str,
    name: str | None,
    receiving: str | None,
    stores: Sequence[str],
    default_option: str | None,
    restore: str | None,
    quarantine: str | None,
    no_check: bool,
    as_json: bool,
) -> None:
    """Change what is named; --store replaces all storage options, "" clears a restore location or quarantine."""
    from workers.receiving.institutions import change_institution

    node = Node(load_settings())
    with node.registry.reading() as session:
        before = get_institution(session, identifier)
    told: dict[str, Any] = {
        "name": name,
        "receiving": receiving,
        "restore": restore,
        "quarantine": quarantine,
        "default_option": default_option,
    }
    values = {key: value for key, value in told.items() if value is not None}
    if stores:
        values["storage_options"] = _options(stores)
        if default_option is None and before.default_option not in values["storage_options"]:
            values["default_option"] = next(iter(values["storage_options"]))
    if not values:
        raise click.UsageError("Nothing to change was named.")
    _show(change_institution(node, replace(before, **values), check=not no_check), as_json=as_json)


@institution.command("list")
@click.option("--after", default="", metavar="ID", help="Begin behind this one, as the page before ended.")
@click.option(
    "--most", type=click.IntRange(1, 10_000), default=PAGE, show_default=True, help="How many at most."
)
@click.option("--state", type=click.Choice([ACTIVE, DISABLED]), help="Only those in this state.")
@_AS_JSON
def list_all(*, after: str, most: int, state: str | None, as_json: bool) -> None:
    """List depositors, a page at a time, in the order of their identifiers."""
    node = Node(load_settings())
    with node.registry.reading() as session:
        # one more than asked for tells whether there are more
        found = list_institutions(session, state=state, after=after, most=most + 1)
        total = count_institutions(session, state=state)
    page, more = found[:most], len(found) > most
    if as_json:
        print_json(
            {
                "institutions": [each.to_json() for each in page],
                "total": total,
                "next": page[-1].id if more else None,
            }
        )
        return
    table = Table("id", "name", "state", "bags arrive in", "kept in", box=None)
    for each in page:
        table.add_row(each.id, each.name, each.state, each.receiving, ", ".join(each.locations))
    out.print(table)
    if more:
        err.print(f"{total} in all. The next page: recto institution list --after {page[-1].id}")


@institution.command("show")
@click.argument("identifier", metavar="ID")
@_AS_JSON
def show(*, identifier: str, as_json: bool) -> None:
    """Show a depositor."""
    node = Node(load_settings())
    with node.registry.reading() as session:
        found = get_institution(session, identifier)
    _show(found, as_json=as_json)


@institution.command("disable")
@click.argument("identifier", metavar="ID")
@_AS_JSON
def disable(*, identifier: str, as_json: bool) -> None:
    """Look for no more bags of a depositor; what is kept of it stays, and is watched over."""
    _set_state(identifier, DISABLED, as_json=as_json)


@institution.command("enable")
@click.argument("identifier", metavar="ID")
@_AS_JSON
def enable(*, identifier: str, as_json: bool) -> None:
    """Look for bags of a depositor again."""
    _set_state(identifier, ACTIVE, as_json=as_json)


def _set_state(identifier: str, state: str, *, as_json: bool) -> None:
    from workers.receiving.institutions import set_state

    _show(set_state(Node(load_settings()), identifier, state), as_json=as_json)


def _options(stores: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Storage options from what --store was given; what stands before an equals sign names one."""
    options: dict[str, tuple[str, ...]] = {}
    for store in stores:
        named = _NAMED_STORE.fullmatch(store)
        name, location = (named["option"], named["location"]) if named else (_STANDARD, store)
        options[name] = (*options.get(name, ()), location)
    return options


def _show(found: Institution, *, as_json: bool) -> None:
    if as_json:
        print_json(found.to_json())
        return
    out.print(f"{found.id}: {found.name} ({found.state})")
    out.print(f"  bags arrive in  {found.receiving}")
    for name, places in found.storage_options.items():
        mark = " (default)" if name == found.default_option else ""
        out.print(f"  {name}{mark} is kept in  {', '.join(places)}")
    out.print(f"  restored to     {found.restore or 'nowhere unless named'}")
    out.print(f"  refused to      {found.quarantine or 'quarantine/ beside the arriving bags'}")
