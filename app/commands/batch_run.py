# SPDX-License-Identifier: Apache-2.0
"""What the commands of `recto batch` share: running a batch to its end, and telling how it stands."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any, NoReturn

import click

from app.batch_follow import follow_as_json, follow_live
from app.batch_table import print_summary
from app.exit_codes import ExitCode, exit_code_of
from app.output import err, print_error, print_json
from archive.registry.states import SETTLED, State
from archive.registry.status import batch_status
from workers import operations
from workers.errors import BrokerUnavailable
from workers.local_station import LocalStation, station_runs
from workers.node import Node

batch_argument = click.argument("batch_id", metavar="BATCH")
items_option = click.option(
    "--item", "items", multiple=True, help="Only this item; may be given several times."
)
reason_option = click.option("--reason", default="", help="Why; it goes into the event chain.")


def somebody_works(node: Node) -> bool:
    """Whether what is sent finds a worker: a broker of the site, or a station on this machine."""
    return node.settings.broker_url is not None or station_runs(node.settings)


def send_if_somebody_works(node: Node, batch_id: str, send: Callable[[], object]) -> None:
    """Send what may go on now, or say how it goes on: the ledger has the decision in any case."""
    if not somebody_works(node):
        err.print(f"No station runs here. Go on with: recto batch resume {batch_id or 'BATCH'}")
        return
    try:
        send()
    except BrokerUnavailable as error:
        err.print(f"{error.message} The ledger has it; it is sent when the broker is back.")


def run_to_end(node: Node, batch_id: str, *, as_json: bool) -> NoReturn:
    """Dispatch a batch and follow it; with a private broker and no station running, run one meanwhile."""
    with ExitStack() as running:
        stations: list[LocalStation] = []

        def watch() -> None:
            # the station that served us may be another command's, and end before our batch does
            if not stations and not somebody_works(node):
                stations.append(running.enter_context(LocalStation(node.settings)))
                operations.resume_batch(node, batch_id)
            elif stations and stations[0].revive():
                operations.resume_batch(node, batch_id)

        try:
            if not somebody_works(node):
                stations.append(running.enter_context(LocalStation(node.settings)))
            operations.resume_batch(node, batch_id)
        except BrokerUnavailable as error:
            document = error.to_json() | {"remedy": f"{error.remedy} Then: recto batch resume {batch_id}"}
            print_error(document, as_json=as_json)
            sys.exit(ExitCode.STORAGE_OR_NETWORK)
        try:
            follow_live(node, batch_id, watch)
        except KeyboardInterrupt:
            _say_what_goes_on(batch_id, here=bool(stations))
            sys.exit(ExitCode.INTERRUPTED)
    end_with(node, print_status(node, batch_id, as_json=as_json))


def follow_to_end(node: Node, batch_id: str, *, as_json: bool) -> NoReturn:
    """Show a batch that others work on until nothing happens to it any more by itself."""
    try:
        if as_json:
            follow_as_json(node, batch_id)
        else:
            follow_live(node, batch_id)
    except KeyboardInterrupt:
        _say_what_goes_on(batch_id, here=False)
        sys.exit(ExitCode.INTERRUPTED)
    if as_json:
        with node.registry.reading() as session:
            document = batch_status(session, batch_id)
    else:
        document = print_status(node, batch_id, as_json=False)
    end_with(node, document)


def _say_what_goes_on(batch_id: str, *, here: bool) -> None:
    if here:
        err.print(
            "Interrupted: the units in work are given back, and what was finished is kept.\n"
            f"Go on with: recto batch resume {batch_id}"
        )
    else:
        err.print(
            "Nobody watches here any more; the work goes on.\n"
            f"Look again with: recto batch status {batch_id} --follow"
        )


def end_with(node: Node, document: dict[str, Any]) -> NoReturn:
    """End the command with the exit code that a batch's status stands for."""
    node.registry.close()
    sys.exit(exit_code_of_batch(document))


def exit_code_of_batch(document: dict[str, Any]) -> ExitCode:
    """What a finished batch means for a script: done, or the code of its first problem."""
    problems = [
        problem
        for item in document["items"]
        for problem in item["problems"]
        if State(problem["state"]) in SETTLED
    ]
    if problems:
        return exit_code_of(problems[0])
    return ExitCode.DONE if document["state"] == State.DONE else ExitCode.HELD


def print_status(node: Node, batch_id: str, *, as_json: bool) -> dict[str, Any]:
    """Print how a batch stands.

    Returns:
        The same as `recto batch status BATCH --json` prints.
    """
    with node.registry.reading() as session:
        document = batch_status(session, batch_id)
    if as_json:
        print_json(document)
    else:
        print_summary(node, document)
    return document
