# SPDX-License-Identifier: Apache-2.0
"""Sending an item's ready units to the queues as bounded chords; sending again is always safe.

With the default pipeline, of an item whose pages are cut into several chunks:

    validate
    chord(group(chain(capture, characterise) per chunk), enrich)
    chord(group(ocr per chunk), assemble)
    bag, upload, confirm, each when the one before is done

Messages carry unit keys only. A task whose unit is done, taken, or stands on unfinished work does
nothing, so neither a lost nor a doubled message can harm.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import structlog
from celery import Celery, chain, chord
from celery.canvas import Signature
from kombu.exceptions import OperationalError

from archive.registry.dispatching import OpenUnit, item_place
from archive.registry.sending import Sending, send_batch, send_item
from archive.registry.window import fill_window
from workers.errors import BrokerUnavailable
from workers.node import Node
from workers.queues import queue_of, task_name
from workers.rush_queues import rush_queue

log = structlog.get_logger(__name__)


def fill_and_dispatch(app: Celery, node: Node, batch: str | None = None) -> int:
    """Put waiting items in flight as far as the window allows, and dispatch them.

    Returns:
        How many items were dispatched.

    Raises:
        BrokerUnavailable: The broker does not take messages; the reconciler dispatches them later.
    """
    by_batch: dict[str, list[int]] = {}
    with node.registry.transaction() as session:
        for item in fill_window(session, node.settings.ledger.items_in_flight, batch):
            by_batch.setdefault(item_place(session, item).batch, []).append(item)
    for items in by_batch.values():
        # one batch at a time, for each is locked until its transaction ends
        with node.registry.transaction() as session:
            found = [send_item(session, item) for item in items]
        send(app, [sending for sending in found if sending])
    return sum(map(len, by_batch.values()))


def dispatch_item(app: Celery, node: Node, item: int) -> bool:
    """Dispatch whatever of an item is ready.

    Returns:
        Whether there was anything to send.

    Raises:
        BrokerUnavailable: The broker does not take messages.
    """
    with node.registry.transaction() as session:
        sending = send_item(session, item)
    return send(app, [sending] if sending else [])


def dispatch_batch_stages(app: Celery, node: Node, batch: str) -> bool:
    """Dispatch the stages of a whole batch whose turn it is.

    Returns:
        Whether there was anything to send.

    Raises:
        BrokerUnavailable: The broker does not take messages.
    """
    with node.registry.transaction() as session:
        sending = send_batch(session, batch)
    return send(app, [sending] if sending else [])


def send(app: Celery, sendings: Iterable[Sending]) -> bool:
    """Publish the messages of units that are marked as queued.

    Returns:
        Whether there was anything to send.

    Raises:
        BrokerUnavailable: The broker does not take messages.
    """
    sent = False
    for sending in sendings:
        for canvas in canvases(app, sending):
            try:
                # RabbitMQ holds back whole seconds; a message that came early would find nothing to do
                canvas.apply_async(countdown=math.ceil(sending.after_seconds))
            except (OperationalError, ConnectionError) as error:
                raise BrokerUnavailable(
                    f"The broker took no messages for batch {sending.batch}: {error}."
                ) from error
            sent = True
        log.debug("units.sent", batch=sending.batch, stages=sorted({unit.stage for unit in sending.units}))
    return sent


def canvases(app: Celery, sending: Sending) -> list[Signature[Any]]:
    """What is published: one chord where several chains lead to one unit, else each chain by itself."""
    chains = []
    for units in sending.chains:
        made = [signature(app, sending, unit) for unit in units]
        chains.append(made[0] if len(made) == 1 else chain(*made))
    if sending.callback is None:
        return chains
    return [chord(chains, signature(app, sending, sending.callback))]


def signature(app: Celery, sending: Sending, unit: OpenUnit) -> Signature[Any]:
    """The message of one unit, with the queue and the time limits of its stage."""
    rule = sending.pipeline.rule(unit.stage)
    queue = queue_of(rule, sending.station)
    options = {
        "queue": rush_queue(queue) if sending.rush else queue,
        "time_limit": rule.hard_seconds,
        "soft_time_limit": rule.soft_seconds,
    }
    made: Signature[Any] = app.signature(
        task_name(rule.step), args=(unit.id,), immutable=True, options=options
    )
    return made
