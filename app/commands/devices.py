# SPDX-License-Identifier: Apache-2.0
"""`recto devices`: which scanners there are, what each can do, and what hands do at them."""

from __future__ import annotations

from typing import Any

import click
from rich.box import SIMPLE_HEAD
from rich.table import Table

from app.commands.device_watch import watch_device
from app.devices import open_device, station_hardware
from app.json_option import as_json_option
from app.output import err, out, print_json
from hardware.discovery import list_devices
from hardware.notices import DiscoveryNotice


@click.command()
@click.option(
    "--capabilities",
    "device_id",
    metavar="DEVICE",
    help="Open DEVICE and try what it can do with each of its sources.",
)
@click.option(
    "--watch",
    "watched",
    metavar="DEVICE",
    help="Open DEVICE and print what its buttons and sensors tell, until Ctrl-C; with --json one object a line.",
)
@click.option(
    "--fresh", is_flag=True, help="With --capabilities: try it, even if it is remembered from earlier."
)
@as_json_option
def devices(device_id: str | None, watched: str | None, *, fresh: bool, as_json: bool) -> None:
    """All scanners that are found, real and simulated, each as soon as it is found."""
    if device_id is not None and watched is not None:
        raise click.UsageError("Either --capabilities or --watch, not both.")
    if watched is not None:
        watch_device(watched, as_json=as_json)
    if device_id is not None:
        _print_capabilities(device_id, fresh=fresh, as_json=as_json)
        return
    if fresh:
        raise click.UsageError("--fresh goes with --capabilities: devices are looked for each time.")
    found = []
    for device in list_devices(station_hardware(), _say_notice):
        found.append(device)
        if not as_json:
            note = "  (simulated)" if device.simulated else ""
            name = f"{device.vendor} {device.model}".strip()
            out.print(f"{device.id:<32} {name}, {device.type}, {device.state}{note}", markup=False)
    if as_json:
        print_json([device.to_json() for device in found])
    elif not found:
        err.print("No scanner was found. See what may be missing with: recto doctor")


def _say_notice(notice: DiscoveryNotice) -> None:
    """Tell the person at the terminal which backend's scanners are missing, and what can be done."""
    err.print(f"{notice.message} {notice.remedy}", markup=False, highlight=False)


def _print_capabilities(device_id: str, *, fresh: bool, as_json: bool) -> None:
    with open_device(device_id) as session:
        capabilities = session.capabilities(fresh=fresh)
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
