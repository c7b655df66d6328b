# SPDX-License-Identifier: Apache-2.0
"""Sending an item's open units to the queues as bounded chains and chords; sending again is always safe.

    describe   chain(validate, chord(group(chain(capture, characterise) per chunk), enrich))
    read       chord(group(ocr per chunk), assemble)
    deliver    chain(bag, upload, confirm)

Messages carry unit keys only. A task whose unit is done, taken, or stands on unfinished work does
nothing, so neither a lost nor a doubled message can harm.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import structlog
from celery import Celery, chain, chord
from celery.canvas import Signature
from kombu.exceptions import OperationalError

from archive.registry.dispatching import OpenUnit, fill_window, mark_dispatched, open_units
from archive.registry.stages import Stage
from archive.registry.states import State
from archive.registry.tables import BatchRow, ItemRow
from workers.errors import BrokerUnavailable
from workers.node import Node
from workers.queues import capture_queue, task_name

log = structlog.get_logger(__name__)

PHASES: tuple[frozenset[Stage], ...] = (
    frozenset({Stage.VALIDATE, Stage.CAPTURE, Stage.CHARACTERISE, Stage.ENRICH}),
    frozenset({Stage.OCR, Stage.ASSEMBLE}),
    frozenset({Stage.BAG, Stage.UPLOAD, Stage.CONFIRM}),
)
"""Stages that travel in one canvas. The last stage of a phase dispatches the next phase."""


def fill_and_dispatch(app: Celery, node: Node, batch: str | None = None) -> int:
    """Put waiting items in flight as far as the window allows, and dispatch them.

    Returns:
        How many items were dispatched.

    Raises:
        BrokerUnavailable: The broker does not take messages; the reconciler dispatches them later.
    """
    with node.registry.transaction() as session:
        items = fill_window(session, node.settings.ledger.items_in_flight, batch)
    for item in items:
        dispatch_item(app, node, item)
    return len(items)


def dispatch_item(app: Celery, node: Node, item: int) -> bool:
    """Dispatch the phase that an item has reached.

    Returns:
        Whether there was anything to send.

    Raises:
        BrokerUnavailable: The broker does not take messages.
    """
    with node.registry.transaction() as session:
        units = _next_phase(open_units(session, item))
        row = session.get_one(ItemRow, item)
        station = session.get_one(BatchRow, row.batch).station
        mark_dispatched(session, [unit.id for unit in units])
    canvas = _canvas(app, units, station)
    if canvas is None:
        return False
    try:
        canvas.apply_async()
    except (OperationalError, ConnectionError) as error:
        raise BrokerUnavailable(
            f"The broker took no messages for {row.batch}/{row.name}: {error}."
        ) from error
    log.debug(
        "item.dispatched", batch=row.batch, item=row.name, stages=sorted({str(unit.stage) for unit in units})
    )
    return True


def _next_phase(units: Sequence[OpenUnit]) -> list[OpenUnit]:
    if not units:
        return []
    phase = next(phase for phase in PHASES if units[0].stage in phase)
    resting = {State.FAILED, State.HELD, State.CANCELLED}
    return [unit for unit in units if unit.stage in phase and unit.state not in resting]


def _canvas(app: Celery, units: Sequence[OpenUnit], station: str) -> Signature[Any] | None:
    def signature(unit: OpenUnit) -> Signature[Any]:
        made = app.signature(task_name(unit.stage), args=(unit.id,), immutable=True)
        return made.set(queue=capture_queue(station)) if unit.stage is Stage.CAPTURE else made

    by_chunk: dict[int, list[Signature[Any]]] = {}
    before: list[Signature[Any]] = []
    after: list[Signature[Any]] = []
    for unit in units:
        if unit.stage in {Stage.CAPTURE, Stage.CHARACTERISE, Stage.OCR}:
            by_chunk.setdefault(unit.chunk, []).append(signature(unit))
        elif unit.stage is Stage.VALIDATE:
            before.append(signature(unit))
        else:
            after.append(signature(unit))
    steps: list[Any] = list(before)
    header = [
        steps_of_chunk[0] if len(steps_of_chunk) == 1 else chain(*steps_of_chunk)
        for steps_of_chunk in by_chunk.values()
    ]
    if header and after:
        # after the header's pages comes exactly one callback: enrich, or assemble
        steps.append(chord(header, after[0]))
    else:
        steps += header + after
    if not steps:
        return None
    return steps[0] if len(steps) == 1 else chain(*steps)
