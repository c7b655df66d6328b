# SPDX-License-Identifier: Apache-2.0
"""`recto batch release`: what was released, what was not, and why."""

from __future__ import annotations

from app.byte_progress import ByteProgress
from app.exit_codes import ExitCode, exit_code_of
from app.output import err, out, print_error, print_json
from workers.node import Node
from workers.release import REFUSED, RELEASABLE, ItemRelease, release_batch

_MEGABYTE = 1_000_000


def run_release(node: Node, batch: str, item: str | None, *, dry_run: bool, as_json: bool) -> ExitCode:
    """Release a batch and tell of each item.

    Returns:
        DONE where everything is or may be released, HELD where the policy refuses an item, else what an
        error on the way means.

    Raises:
        BatchUnknown, ItemUnknown: There is no such batch, or no such item in it.
    """
    with ByteProgress() as bars:
        answers = release_batch(node, batch, item=item, dry_run=dry_run, progress=bars.listener(batch))
    if as_json:
        print_json({"batch": batch, "items": [answer.to_json() for answer in answers]})
    for answer in answers:
        _tell(answer, as_json=as_json)
    worst = [exit_code_of(dict(answer.error)) for answer in answers if answer.error]
    if worst:
        return max(worst)
    return ExitCode.HELD if any(answer.state == REFUSED for answer in answers) else ExitCode.DONE


def _tell(answer: ItemRelease, *, as_json: bool) -> None:
    if answer.error is not None:
        print_error({**answer.error, "message": f"{answer.item}: {answer.error['message']}"})
    elif answer.state == REFUSED:
        err.print(f"{answer.item}: not released.", markup=False)
        for reason in answer.reasons:
            err.print(f"  {reason}", markup=False)
    elif not as_json:
        what = f"{answer.files} files, {answer.size / _MEGABYTE:.1f} MB"
        verb = "would be released" if answer.state == RELEASABLE else "released"
        out.print(f"{answer.item}: {verb}: {what}", markup=False)
        for copy in answer.copies:
            out.print(f"  stored at {copy['url']}, proved: {copy['proof']}", markup=False)
    for warning in answer.warnings:
        err.print(f"Warning: {answer.item}: {warning}", markup=False, style="bold yellow")
