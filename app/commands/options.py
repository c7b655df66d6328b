# SPDX-License-Identifier: Apache-2.0
"""`recto options`: what a scanner can be told, or a description of it in a file."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import click
from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from app.devices import open_device
from app.json_option import as_json_option
from app.output import out, print_json
from archive.durable import durable_file
from hardware.options import Capability, OneOf, OptionDescriptor, OptionType, Range, Unit, Value

LONGEST_TEXT = 40
"""Characters of a value that a table shows."""

MOST_CHOICES = 12
"""Choices of a list that a table shows."""

NARROW = 120
"""Columns of a terminal below which a table of options breaks most words, and a list is printed instead."""

_AT_EACH_END = 3
"""Numbers of a vector that a table shows from its beginning; its last one stands at the end."""


@click.command()
@click.argument("device")
@click.option(
    "--dump",
    "file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write a full description of the device, in its driver's own words, to this new file.",
)
@as_json_option
def options(device: str, file: Path | None, *, as_json: bool) -> None:
    """The options of DEVICE with type, unit, constraint, value and state.

    A narrow terminal gets them as a list. Vectors and long lists are shortened; --json has everything.
    """
    if file is not None:
        _dump(device, file, as_json=as_json)
        return
    with open_device(device) as session:
        found, values = session.options(), session.values()
    if as_json:
        print_json([_described(option, values) for option in found])
    elif out.width < NARROW:
        out.print("\n".join([device, *_lines(found, values, out.width)]), markup=False)
    else:
        out.print(_table(device, found, values))


def _described(option: OptionDescriptor, values: Mapping[str, Value]) -> dict[str, Any]:
    value = values.get(option.name) if option.readable else None
    return {**option.to_json(), "readable": option.readable, "length": option.length, "value": value}


def _table(device: str, found: Sequence[OptionDescriptor], values: Mapping[str, Value]) -> Table:
    table = Table(title=device, title_justify="left", box=SIMPLE_HEAD)
    # names are for copying
    table.add_column("name", no_wrap=True)
    for column in ("type", "unit", "value", "may be", "state", "what it is"):
        table.add_column(column, overflow="fold")
    for option in found:
        if option.type is OptionType.GROUP:
            table.add_section()
            table.add_row(Text(option.title, style="bold"))
            continue
        value = values.get(option.name) if option.readable else None
        cells = (
            option.name,
            str(option.type),
            "" if option.unit is Unit.NONE else str(option.unit),
            shown_value(value),
            shown_constraint(option),
            ", ".join(states(option)),
            option.title,
        )
        table.add_row(*map(Text, cells))
    return table


def _lines(found: Sequence[OptionDescriptor], values: Mapping[str, Value], width: int) -> Iterator[str]:
    """Each option in two lines or more, the first beginning with the name as it is to be copied."""
    for option in found:
        if option.type is OptionType.GROUP:
            yield from ("", option.title)
            continue
        unit = "" if option.unit is Unit.NONE else f" {option.unit}"
        value = shown_value(values.get(option.name) if option.readable else None)
        special = f"({', '.join(states(option))})" if states(option) else ""
        yield " ".join(filter(None, (f"  {option.name}", value and f"= {value}{unit}", special)))
        may_be = shown_constraint(option)
        what = f"{option.title}: {option.type}{unit and f' in{unit}'}{may_be and f'; {may_be}'}"
        yield textwrap.fill(what, width, initial_indent=" " * 6, subsequent_indent=" " * 6)


def shown_value(value: Value) -> str:
    """A value in one line: vectors by their ends, long text cut."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        words = [f"{word:g}" for word in value]
        if len(words) > _AT_EACH_END + 1:
            words = [*words[:_AT_EACH_END], "…", words[-1]]
        return f"{len(value)} numbers: {' '.join(words)}"
    if isinstance(value, str):
        return value if len(value) <= LONGEST_TEXT else f"{value[: LONGEST_TEXT - 1]}…"
    return f"{value:g}"


def shown_constraint(option: OptionDescriptor) -> str:
    """What an option may be, in one line."""
    match option.constraint:
        case Range(minimum, maximum, quant):
            step = f" in steps of {quant:g}" if quant else ""
            return f"{minimum:g} to {maximum:g}{step}"
        case OneOf(values):
            words = [f"{value:g}" if isinstance(value, (int, float)) else value for value in values]
            more = [f"… {len(words)} in all"] if len(words) > MOST_CHOICES else []
            return ", ".join([*words[:MOST_CHOICES], *more])
    return "yes, no" if option.type is OptionType.BOOL else ""


def states(option: OptionDescriptor) -> list[str]:
    """What is special about an option as it stands now; nothing for one that can be set and read."""
    has = option.capabilities
    told = {
        "inactive": not option.active,
        "set at the device": Capability.HARD_SELECT in has,
        "only told": not option.settable
        and Capability.SOFT_DETECT in has
        and Capability.HARD_SELECT not in has,
        "not told": Capability.SOFT_DETECT not in has and option.type is not OptionType.BUTTON,
        "automatic": Capability.AUTOMATIC in has,
        "advanced": Capability.ADVANCED in has,
        "emulated": Capability.EMULATED in has,
    }
    return [state for state, applies in told.items() if applies]


def _dump(device: str, file: Path, *, as_json: bool) -> None:
    if file.exists():
        raise click.UsageError(f"{file} exists already; it was left as it is. Choose another name.")
    with open_device(device) as session:
        description = session.describe()
    text = json.dumps(description.to_json(), indent=2, ensure_ascii=False) + "\n"
    with durable_file(file, overwrite=False) as written:
        written.write(text.encode())
    if as_json:
        print_json(
            {
                "file": str(file),
                "options": len(description.options),
                "quirks": list(description.quirks),
                "states": len(description.states),
                "complete": description.complete,
            }
        )
        return
    out.print(f"{file}: {len(description.options)} options of {description.device.id}")
    if not description.complete:
        out.print(
            "There was no time to try all its choices: a higher devices.option_timeout_seconds gives more."
        )
