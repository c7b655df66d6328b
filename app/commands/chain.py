# SPDX-License-Identifier: Apache-2.0
"""`recto verify-chain`: prove that no event of a batch was altered, inserted or removed."""

from __future__ import annotations

import sys

import click

from app.commands.batch import as_json_option, batch_argument
from app.exit_codes import ExitCode
from app.output import out, print_json
from archive.registry.events import verify_chain
from workers.node import Node
from workers.settings import load_settings


@click.command("verify-chain")
@batch_argument
@as_json_option
def verify_chain_command(batch_id: str, *, as_json: bool) -> None:
    """Verify the event chain of BATCH; exit 0 when it is whole, 1 when it is broken."""
    with Node(load_settings()).registry.reading() as session:
        report = verify_chain(session, batch_id)
    if as_json:
        print_json(report.to_json())
    elif report.whole:
        out.print(f"The chain of batch {batch_id} is whole: {report.events} events, head {report.head}.")
    else:
        for problem in report.problems:
            out.print(problem)
        out.print(
            f"The chain of batch {batch_id} is broken: {len(report.problems)} problems in {report.events} events."
        )
    sys.exit(ExitCode.DONE if report.whole else ExitCode.INVALID)
