# SPDX-License-Identifier: Apache-2.0
"""`recto devices --watch`: the buttons and sensors of a device, change by change, until Ctrl-C."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from typing import NoReturn

import click

from app.devices import open_device, station_hardware
from app.exit_codes import ExitCode, exit_code_of
from app.interruption import Interruption
from app.output import err, print_error
from hardware.errors import ScanCancelled, ScannerError
from hardware.sensors import SensorChanged, watch


def watch_device(device_id: str, *, as_json: bool) -> NoReturn:
    """Print each change of a button or sensor as it comes; first how the sensors stand. Ends the program.

    With `as_json` each line is one JSON object: name, kind, value, at, initial; or, as the last, error.
    """
    configuration = station_hardware()
    with Interruption() as interruption:
        try:
            with open_device(device_id, configuration, cancelled=interruption.asked) as session:
                err.print(f"Watching {session.device.id}. Ctrl-C ends it.")
                for change in watch(session, configuration.sensor_interval, interruption.asked):
                    _print(change, as_json=as_json)
        except ScannerError as error:
            if not (isinstance(error, ScanCancelled) and interruption.asked.is_set()):
                if as_json:
                    click.echo(json.dumps({"error": error.to_json()}, ensure_ascii=False))
                print_error(error.to_json())
                sys.exit(exit_code_of(error.to_json()))
    sys.exit(ExitCode.INTERRUPTED)


def _print(change: SensorChanged, *, as_json: bool) -> None:
    if as_json:
        # echo flushes, so that whoever reads a pipe hears of a press when it is pressed
        click.echo(json.dumps(change.to_json(), ensure_ascii=False))
        return
    moment = datetime.fromisoformat(change.at).astimezone().strftime("%H:%M:%S")
    told = "pressed" if change.kind == "button" else ("yes" if change.value else "no")
    click.echo(f"{moment}  {change.name:<24} {told}{'  (so far)' if change.initial else ''}")
