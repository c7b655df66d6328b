# SPDX-License-Identifier: Apache-2.0
"""`recto staging`: what lies between the hosts of a site, and what nobody counts on any more."""

from __future__ import annotations

import datetime as dt

import click

from app.commands.upload_orphans import hours_of
from app.output import out, print_json
from workers.errors import SettingsInvalid
from workers.node import Node
from workers.settings import load_settings
from workers.staging.abandoned import abandoned_files, remove_abandoned, staged_items

_DAY = 24.0


@click.command()
@click.option("--abandoned", is_flag=True, help="Only files that no batch counts on.")
@click.option("--remove", is_flag=True, help="Remove them; without it nothing is changed.")
@click.option(
    "--older-than", metavar="AGE", help="How old they must be, as 90m, 24h or 7d; a day when left out."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def staging(*, abandoned: bool, remove: bool, older_than: str | None, as_json: bool) -> None:
    """Show the page files that are on their way between hosts, by item."""
    node = Node(load_settings())
    if not node.stages_files:
        raise SettingsInvalid(
            "The hosts of this site share a folder; nothing goes between them.",
            remedy="See staging.mode in docs/settings.md.",
        )
    age = dt.timedelta(hours=hours_of(older_than) if older_than else _DAY)
    if abandoned or remove:
        files = remove_abandoned(node, age) if remove else list(abandoned_files(node, age))
        told = [{"key": file.key, "bytes": file.size, "hours": _hours(file.age)} for file in files]
        lines = [f"{file['key']}: {file['bytes']} bytes, {file['hours']} h old" for file in told]
        done = "removed" if remove else "would be removed with --remove"
        lines.append(f"{len(told)} abandoned files {done}, {sum(file.size for file in files)} bytes.")
    else:
        items = list(staged_items(node))
        told = [
            {"batch": item.batch, "item": item.item or None, "files": item.files, "bytes": item.size}
            for item in items
        ]
        lines = [f"{item.batch}/{item.item or '*'}: {item.files} files, {item.size} bytes" for item in items]
        lines.append(f"{node.staging.url}: {sum(item.files for item in items)} files.")
    if as_json:
        print_json(told)
        return
    for line in lines:
        out.print(line, markup=False)


def _hours(age: dt.timedelta) -> float:
    return round(age.total_seconds() / 3600, 1)
