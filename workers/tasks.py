# SPDX-License-Identifier: Apache-2.0
"""The Celery tasks: one a stage, each of them a unit's key and nothing else, and the reconciler's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import structlog
from celery import Task
from celery.exceptions import Ignore, Reject

from archive.registry import ledger
from archive.registry.dispatching import waiting_for_scanner
from archive.registry.sending import Sending
from archive.registry.stage_holds import held_stages
from archive.registry.stages import Stage
from archive.registry.states import State
from archive.registry.tables import ItemRow
from workers.celery import app
from workers.celery_settings import SWEEP_TASK
from workers.dispatch import dispatch_item, fill_and_dispatch, send
from workers.errors import BrokerUnavailable
from workers.node import Node, this_node
from workers.nodes.absences import tell_of_absences
from workers.nodes.stopping import WorkerStops
from workers.onward import Onward
from workers.orphans import sweep_orphans
from workers.owners import owner_name
from workers.queues import SITE_STEP_TASK, task_name
from workers.receiving.reading_buckets import read_and_dispatch
from workers.reconciler import reconcile
from workers.run_unit import Ran, run_taken, run_unit

log = structlog.get_logger(__name__)

CHORD_HEADERS = frozenset({Stage.CAPTURE, Stage.CHARACTERISE, Stage.OCR})
"""Stages whose results a chord counts; a step of a site may be one of them."""


def _run(task: Task[Any, Any], unit: int) -> None:
    """Run the unit. What goes wrong stands in the ledger, so nothing is raised for it and chords go on.

    Raises:
        Ignore: The unit is not done, so the rest of its chain would find nothing to do.
        Reject: The worker stops before it is done.
    """
    node = this_node()
    task_id = str(task.request.id)
    onward = Onward.of_request(node, task.request, owner_name(task_id))
    try:
        ran = run_unit(node, unit, task_id, onward)
        if ran is not None:
            _go_on(node, ran, onward)
        while onward.next is not None:
            with onward.kept.sent_in_time(_send_kept):
                ran = run_taken(node, onward.next, task_id, onward)
            _go_on(node, ran, onward)
    except WorkerStops:
        if unit not in onward.done:
            # the message goes back into its queue, to another worker
            raise Reject("the worker stops", requeue=True) from None
    finally:
        _send_kept(onward.kept.take())
    if task.ignore_result and unit not in onward.done:
        with node.registry.reading() as session:
            state = ledger.state_of_unit(session, unit)
        if state != State.DONE:
            raise Ignore


def _send_kept(sendings: Sequence[Sending]) -> None:
    try:
        send(app, sendings)
    except BrokerUnavailable as error:
        log.warning("dispatch.postponed", message=error.message)


def _go_on(node: Node, ran: Ran, onward: Onward) -> None:
    claim = ran.claim
    try:
        send(app, ran.ready)
        for item in onward.others:
            dispatch_item(app, node, item)
        if not claim.item or onward.settled:
            return
        with node.registry.reading() as session:
            row = session.get_one(ItemRow, claim.item)
            in_flight = row.in_flight
            frees_scanner = claim.stage == Stage.CAPTURE and row.device is not None
            waiting = waiting_for_scanner(session, row.device or "") if frees_scanner else None
            # an item that has come to a held stage gives its place to another
            may_be_parked = not ran.ready and bool(held_stages(session, claim.batch))
        if not in_flight or may_be_parked:
            fill_and_dispatch(app, node)
        if waiting is not None:
            # the scanner is free for the next item's sheets
            dispatch_item(app, node, waiting)
    except BrokerUnavailable as error:
        # the ledger knows what is to be done; the reconciler sends it when the broker is back
        log.warning("dispatch.postponed", message=error.message)


def _make_task(name: str, *, ignore_result: bool) -> Task[Any, Any]:
    @app.task(name=name, bind=True, ignore_result=ignore_result)
    def stage_task(self: Task[Any, Any], unit: int) -> None:
        _run(self, unit)

    return stage_task


STAGE_TASKS = {
    stage: _make_task(task_name(stage), ignore_result=stage not in CHORD_HEADERS) for stage in Stage
}
SITE_TASK = _make_task(SITE_STEP_TASK, ignore_result=False)


@app.task(name="recto.reconcile")
def reconcile_task() -> int:
    """Look for lost work, and for workers that are gone."""
    node = this_node()
    sent = reconcile(app, node)
    tell_of_absences(node)
    return sent


@app.task(name="recto.read-buckets")
def read_buckets_task() -> int:
    """Look for bags that arrived; how many work items were made of them."""
    return sum(len(location.made) for location in read_and_dispatch(this_node()))


@app.task(name=SWEEP_TASK)
def sweep_orphans_task() -> int:
    """Abort uploads that nobody will finish."""
    return sweep_orphans(this_node())
