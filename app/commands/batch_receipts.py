# SPDX-License-Identifier: Apache-2.0
"""`recto batch receipts`: what archives have answered to the bags of a batch."""

from __future__ import annotations

import sys

import click

from app.commands.batch_run import batch_argument
from app.exit_codes import ExitCode
from app.json_option import as_json_option
from app.output import out, print_json
from workers.node import Node
from workers.receipts import Answer, CopyAnswer, fetch_receipts
from workers.settings import load_settings


@click.command()
@batch_argument
@click.option("--item", help="Only this item.")
@as_json_option
def receipts(batch_id: str, item: str | None, *, as_json: bool) -> None:
    """Fetch the receipts that archives have put beside the bags of BATCH, prove and record them.

    Exit 0 when all items are answered, 1 when a bag was refused or a receipt proves nothing, 4 when a storage
    target cannot be asked, 5 while answers are awaited.
    """
    answers = fetch_receipts(Node(load_settings()), batch_id, item)
    if as_json:
        print_json({"batch": batch_id, "receipts": [answer.to_json() for answer in answers]})
    else:
        for answer in answers:
            _tell(answer)
    sys.exit(_exit_code(answers))


def _tell(answer: CopyAnswer) -> None:
    if answer.answer is Answer.ACCEPTED:
        told = answer.told
        text = f"kept as version {told['version']} of {told['object']}, signed by key {told['key']}"
    else:
        text = f"{answer.answer}. {answer.message}"
    out.print(f"{answer.item} at {answer.target}: {text}", markup=False)


def _exit_code(answers: list[CopyAnswer]) -> ExitCode:
    # the other targets of an item that was answered may be places from which no archive takes bags
    accepted = {answer.item for answer in answers if answer.answer is Answer.ACCEPTED}
    states = {answer.answer for answer in answers if answer.item not in accepted}
    if states & {Answer.REFUSED, Answer.UNPROVED}:
        return ExitCode.INVALID
    if Answer.UNREACHABLE in states:
        return ExitCode.STORAGE_OR_NETWORK
    return ExitCode.HELD if Answer.WAITING in states else ExitCode.DONE
