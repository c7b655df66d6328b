# SPDX-License-Identifier: Apache-2.0
"""Running a step: able to run, run, clean up whatever happened; and what foreign code may not do to a worker."""

from __future__ import annotations

import json
import traceback
from typing import TYPE_CHECKING, Any

import structlog

from workers.errors import StepBroken
from workers.nodes.stopping import WorkerStops
from workers.steps.registry import step_of_stage
from workers.steps.shipped import SHIPPED
from workers.steps.step import Step
from workers.work import Held

if TYPE_CHECKING:
    from workers.work import Work

log = structlog.get_logger(__name__)

LARGEST_RESULT = 256 << 10
"""Bytes of JSON that are kept of a result: the ledger is read often; results belong into files."""
PARTS = frozenset({"code", "message", "consequence", "remedy"})
"""What every reason has for which a unit is held."""
_OURS = ("billiard.", "celery.", "kombu.", "workers.")


def do_step(work: Work) -> dict[str, Any] | Held:
    """Do what a unit's stage is there for.

    Returns:
        What the ledger keeps, or why a person must decide.

    Raises:
        StepUnknown: This computer does not know the step.
        StepBroken: It cannot be loaded, ends in a way that is no failure, or returns what the ledger cannot keep.
        Exception: Whatever the step raises.
    """
    name = work.rule.step
    step = step_of_stage(name)
    try:
        return _run(work, step) if name in SHIPPED else _kept(name, _run(work, step))
    except (Exception, WorkerStops, KeyboardInterrupt):
        raise
    except SystemExit as error:
        if name in SHIPPED or _is_ours(error):
            raise
        # a worker that ends takes other units with it, and this one would end the next worker too
        raise StepBroken(f"The step {name!r} ended the program with {error.code!r}.") from error
    except BaseException as error:
        # asyncio's CancelledError, a panic of a library in Rust: nobody else would record it
        raise StepBroken(f"The step {name!r} ended with {type(error).__name__}: {error}.") from error


def _run(work: Work, step: Step) -> dict[str, Any] | Held:
    if step.clean_up is not None and work.claim.attempt > 1:
        # the attempt before may have died without doing it
        step.clean_up(work)
    try:
        if step.check is not None:
            step.check(work)
        outcome = step.run(work)
    except BaseException:
        _clean_up_after_failure(work, step)
        raise
    if step.clean_up is not None:
        step.clean_up(work)
    return outcome


def _clean_up_after_failure(work: Work, step: Step) -> None:
    """Clean up; what goes wrong with it is told in the log, for the failure before is the reason that counts."""
    if step.clean_up is None:
        return
    try:
        step.clean_up(work)
    except Exception:
        log.exception("step.not_cleaned_up", step=work.rule.step)


def _kept(name: str, outcome: Any) -> dict[str, Any] | Held:
    """What a step of a site's own returned, if the ledger can keep it; nothing is an empty result."""
    if outcome is None:
        return {}
    document = outcome.error if isinstance(outcome, Held) else outcome
    if not isinstance(document, dict):
        raise StepBroken(
            f"The step {name!r} returned {type(document).__name__}, where a dict or Held belongs."
        )
    if isinstance(outcome, Held) and not (
        document.keys() >= PARTS and all(isinstance(document[part], str) for part in PARTS)
    ):
        raise StepBroken(
            f"The step {name!r} holds its unit without saying why.",
            remedy="Return Held(error.to_json()) of an error of Recto's.",
        )
    try:
        text = json.dumps(document, allow_nan=False)
        text.encode()
    except (TypeError, ValueError, RecursionError) as error:
        raise StepBroken(f"The step {name!r} returned what is not JSON: {error}.") from error
    if len(text) > LARGEST_RESULT or "\\u0000" in text:
        raise StepBroken(
            f"The step {name!r} returned {len(text)} bytes or a NUL character, which the ledger does not keep.",
            remedy="Write results into a file of the item; return a few figures.",
        )
    # as the ledger will give it back: keys that are text, lists for tuples
    plain: dict[str, Any] = json.loads(text)
    return Held(plain) if isinstance(outcome, Held) else plain


def _is_ours(error: SystemExit) -> bool:
    """Whether the worker ends by itself, not by the step's doing: told by who raised it."""
    raised_in = [frame.f_globals.get("__name__", "") for frame, _ in traceback.walk_tb(error.__traceback__)]
    return str(raised_in[-1]).startswith(_OURS)
