# SPDX-License-Identifier: Apache-2.0
"""`recto devices` and `recto options`: which scanners there are, and what each can be told."""

from __future__ import annotations

from dataclasses import replace

import click
from rich.box import SIMPLE_HEAD
from rich.table import Table

from app.commands.batch import as_json_option
from app.output import err, out, print_json
from hardware.configuration import HardwareConfiguration
from hardware.discovery import list_devices, open_session
from hardware.waiting import DeviceWaiting
from workers.node import Node
from workers.settings import load_settings


def station_hardware() -> HardwareConfiguration:
    """The devices of this station, with the notes on where each was found last."""
    settings = load_settings()
    return replace(Node(settings).hardware(), known_devices=settings.state_directory / "devices")


def say_waiting(waiting: DeviceWaiting) -> None:
    """Tell the person at the terminal why nothing happens."""
    err.print(f"{waiting.error.message} Asking again in {waiting.pause:g} s, for {waiting.left:g} s at most.")


@click.command()
@as_json_option
def devices(*, as_json: bool) -> None:
    """All scanners that are found, real and simulated."""
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


@click.command()
@click.argument("device")
@as_json_option
def options(device: str, *, as_json: bool) -> None:
    """The options of DEVICE with type, unit, constraint and value."""
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
