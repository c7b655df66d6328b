# SPDX-License-Identifier: Apache-2.0
"""`recto devices` and `recto options`: which scanners there are, and what each can be told."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
from rich.box import SIMPLE_HEAD
from rich.table import Table

from app.commands.batch import as_json_option
from app.output import err, out, print_json
from archive.durable import durable_file
from hardware.configuration import HardwareConfiguration
from hardware.credentials import credentials_from_environment
from hardware.discovery import list_devices, open_session
from hardware.waiting import DeviceWaiting
from workers.node import Node
from workers.settings import load_settings


def station_hardware() -> HardwareConfiguration:
    """The devices of this station, with the notes on where each was found last and credentials for saned."""
    settings = load_settings()
    return replace(
        Node(settings).hardware(),
        known_devices=settings.state_directory / "devices",
        credentials=credentials_from_environment(),
    )


def say_waiting(waiting: DeviceWaiting) -> None:
    """Tell the person at the terminal why nothing happens."""
    err.print(f"{waiting.error.message} Asking again in {waiting.pause:g} s, for {waiting.left:g} s at most.")


@click.command()
@click.option(
    "--capabilities",
    "device_id",
    metavar="DEVICE",
    help="Open DEVICE and try what it can do with each of its sources.",
)
@as_json_option
def devices(device_id: str | None, *, as_json: bool) -> None:
    """All scanners that are found, real and simulated."""
    if device_id is not None:
        _print_capabilities(device_id, as_json=as_json)
        return
    found = []
    for device in list_devices(station_hardware()):
        found.append(device)
        if not as_json:
            note = "  (simulated)" if device.simulated else ""
            out.print(f"{device.id:<32} {device.vendor} {device.model}, {device.type}, {device.state}{note}")
    if as_json:
        print_json([device.to_json() for device in found])
    elif not found:
        err.print("No scanner was found. See what may be missing with: recto doctor")


def _print_capabilities(device_id: str, *, as_json: bool) -> None:
    with open_session(device_id, station_hardware(), on_waiting=say_waiting) as session:
        capabilities = session.capabilities()
    if as_json:
        print_json({"device": session.device.to_json(), **capabilities.to_json()})
        return
    table = Table(title=session.device.id, title_justify="left", box=SIMPLE_HEAD)
    for column in ("source", "feeds", "both sides", "modes (bits)", "resolution", "greatest area"):
        table.add_column(column, overflow="fold")
    for source in capabilities.sources:
        table.add_row(
            source.source or "(the only one)",
            "yes" if source.feeder else "no",
            "yes" if source.duplex else "no",
            ", ".join(_mode(mode, depths) for mode, depths in source.modes.items()),
            _limits(source.resolutions),
            f"{source.area[0]:g} x {source.area[1]:g} {source.area_unit}" if source.area else "",
        )
    out.print(table)
    for kind, names in (("Buttons", capabilities.buttons), ("Sensors", capabilities.sensors)):
        if names:
            out.print(f"{kind}: {', '.join(names)}")


def _mode(mode: str, depths: tuple[int, ...]) -> str:
    return f"{mode} ({', '.join(map(str, depths))})" if depths else mode


def _limits(constraint: dict[str, Any] | None) -> str:
    if constraint is None:
        return ""
    if "one_of" in constraint:
        return ", ".join(f"{value:g}" for value in constraint["one_of"]) + " dpi"
    limits = constraint["range"]
    return f"{limits['minimum']:g} to {limits['maximum']:g} dpi"


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
    """The options of DEVICE with type, unit, constraint and value."""
    if file is not None:
        _dump(device, file, as_json=as_json)
        return
    with open_session(device, station_hardware(), on_waiting=say_waiting) as session:
        described = []
        for option in session.options():
            document = option.to_json()
            readable = option.type not in {"group", "button"} and option.name and option.readable
            document["value"] = session.get(option.name) if readable else None
            described.append(document)
    if as_json:
        print_json(described)
        return
    table = Table(title=device, title_justify="left", box=SIMPLE_HEAD)
    for column in ("name", "type", "unit", "value", "may be", "what it is"):
        table.add_column(column, overflow="fold")
    for document in described:
        table.add_row(
            str(document["name"]),
            str(document["type"]),
            str(document["unit"]),
            "" if document["value"] is None else str(document["value"])[:40],
            "" if document["constraint"] is None else str(document["constraint"]),
            str(document["title"]),
        )
    out.print(table)


def _dump(device: str, file: Path, *, as_json: bool) -> None:
    if file.exists():
        raise click.UsageError(f"{file} exists already; it was left as it is. Choose another name.")
    with open_session(device, station_hardware(), on_waiting=say_waiting) as session:
        description = session.describe()
    text = json.dumps(description.to_json(), indent=2, ensure_ascii=False) + "\n"
    with durable_file(file, overwrite=False) as written:
        written.write(text.encode())
    if as_json:
        print_json(
            {"file": str(file), "options": len(description.options), "quirks": list(description.quirks)}
        )
    else:
        out.print(f"{file}: {len(description.options)} options of {description.device.id}")
