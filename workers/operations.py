# SPDX-License-Identifier: Apache-2.0
"""What the command line and the desktop ask of the workers: submit, resume, retry, accept, hold, cancel.

Celery and the manifest readers are imported where they are needed: showing a batch needs neither.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from archive.durable import write_durably
from archive.registry import decisions, holds
from archive.registry.batches import PlannedBatch, PlannedItem, get_batch, items_of, register_batch
from archive.registry.dispatching import stalled_batches, stalled_items
from archive.registry.priorities import Priority, set_priority
from archive.registry.releases import require_masters
from archive.registry.stages import Pipeline, Stage
from workers.devices import is_simulated
from workers.errors import ManifestRefused
from workers.node import Node
from workers.settings import Settings
from workers.versions import recto_agent

if TYPE_CHECKING:
    from archive.manifest.acceptance import AcceptedWarning
    from archive.manifest.model import Manifest, ManifestItem

log = structlog.get_logger(__name__)


def register_manifest(
    node: Node,
    path: Path,
    *,
    at_desk: bool = False,
    accepted: Sequence[AcceptedWarning] = (),
    seen: str | None = None,
    priority: Priority = Priority.NORMAL,
) -> str:
    """Register the batch of a manifest: all of it, or nothing.

    Args:
        node: The process's settings, registry and folders.
        path: The manifest.
        at_desk: Whether a person captures the pages at the desk (`workers.desk`): items without existing images
            are on hold until that person hands them over.
        accepted: Warnings that a person let stand; each goes into the batch's chain with its reason.
        seen: SHA-256 of the file as it was when a person looked at it; any where None.
        priority: How urgent its items are.

    Returns:
        The batch's id.

    Raises:
        ManifestRefused: The manifest has problems, or is not what was looked at.
        PipelineRefused: There is no pipeline of the name that it gives, or it cannot be used.
        BatchExists: A batch of that id is registered already.
    """
    from archive.manifest.reader import read_manifest
    from workers.manifest_check import record_acceptance, require_seen
    from workers.pipelines.choice import pipeline_for

    reading = read_manifest(path)
    require_seen(path, reading, accepted, seen)
    errors = [problem for problem in reading.problems if problem.severity == "error"]
    manifest = reading.manifest
    if errors or manifest is None:
        first = f" The first: {errors[0].message}" if errors else ""
        raise ManifestRefused(
            f"The manifest {path} has {len(errors)} problems.{first}",
            remedy=f"See all of them with: recto manifest check {path}",
        )
    pipeline = pipeline_for(manifest, path, node.settings)
    batch = plan_batch(manifest, path, reading.sha256, node.settings, pipeline, at_desk=at_desk)
    for name in manifest.storage:
        node.storage_target(name)
    with node.registry.transaction() as session:
        register_batch(session, batch)
        set_priority(session, batch.id, priority, agents=acting(node))
        record_acceptance(session, batch.id, accepted, node.settings.operator)
        # within the transaction: a batch in the registry has its manifest beside its pages
        write_durably(
            node.settings.batches / manifest.id / f"manifest{path.suffix.lower()}", path.read_bytes()
        )
    log.info("batch.registered", batch=manifest.id, items=len(manifest.items))
    return batch.id


def plan_batch(
    manifest: Manifest,
    path: Path,
    sha256: str,
    settings: Settings,
    pipeline: Pipeline,
    *,
    at_desk: bool = False,
) -> PlannedBatch:
    """What the registry will hold of a manifest."""
    folder = path.resolve().parent
    upload = pipeline.rules.get(Stage.UPLOAD)
    sent_to = list(upload.parameters.get("targets", ())) if upload else []
    return PlannedBatch(
        id=manifest.id,
        station=settings.station,
        institution=manifest.institution,
        manifest=manifest.model_dump(mode="json", exclude={"items"})
        # settled now: a target that is added to the settings later is no target of this batch
        | {"storage": list(manifest.storage) or sent_to or sorted(settings.storage_targets())},
        manifest_sha256=sha256,
        manifest_path=str(path.resolve()),
        items=[_plan_item(manifest, item, folder, at_desk=at_desk) for item in manifest.items],
        chunk_pages=settings.ledger.chunk_pages,
        pipeline=pipeline,
    )


def _plan_item(manifest: Manifest, item: ManifestItem, folder: Path, *, at_desk: bool) -> PlannedItem:
    description = item.model_dump(mode="json", exclude={"file_paths", "pages"})
    description["scanner_id"] = item.scanner_id or manifest.scanner_id
    description["settings"] = {**manifest.settings, **item.settings}
    sources: list[str | None] = [_source(folder, name) for name in item.file_paths]
    description["attachments"] = [_source(folder, name) for name in item.attachments]
    device = description["scanner_id"]
    by_hand = at_desk and not sources
    # the ledger hands the scanner to no item whose pages a person brings
    real = not sources and not by_hand and device is not None and not is_simulated(device)
    return PlannedItem(
        item.id, description, sources or [None] * (item.pages or 0), device if real else None, by_hand
    )


def _source(folder: Path, name: str) -> str:
    """The whole path of a file, or the address of one on a server."""
    from archive.fetching.addresses import is_address

    return name if is_address(name) else str(folder / name)


def dispatch_batch(node: Node, batch: str) -> int:
    """Send a batch's items to the queues as far as the window allows.

    Raises:
        BrokerUnavailable: The broker does not take messages; the reconciler sends them later.
    """
    from workers.celery import app
    from workers.dispatch import fill_and_dispatch

    return fill_and_dispatch(app, node, batch)


def resume_batch(node: Node, batch: str) -> int:
    """Go on with a batch after a crash, a restart, or a wiped broker.

    Args:
        node: The process's settings and registry.
        batch: The batch.

    Returns:
        How many items were dispatched.

    Raises:
        BatchUnknown: No such batch.
        BrokerUnavailable: The broker does not take messages.
    """
    from workers.celery import app
    from workers.dispatch import dispatch_batch_stages, dispatch_item, fill_and_dispatch
    from workers.reconciler import free_units_of_dead_processes

    free_units_of_dead_processes(node)
    with node.registry.reading() as session:
        get_batch(session, batch)
        own = {item.id for item in items_of(session, batch)}
        stalled = [item for item in stalled_items(session, quiet_seconds=0.0) if item in own]
        whole_stalled = batch in stalled_batches(session, quiet_seconds=0.0)
    for item in stalled:
        dispatch_item(app, node, item)
    if whole_stalled:
        dispatch_batch_stages(app, node, batch)
    return len(stalled) + fill_and_dispatch(app, node, batch)


def retry_batch(node: Node, batch: str, *, item: str | None = None, stage: str | None = None) -> int:
    """Give failed, held and cancelled units their attempts back.

    Raises:
        BatchUnknown: No such batch.
        MastersReleased: A stage is named, and the files that it needs were released.
    """
    with node.registry.transaction() as session:
        get_batch(session, batch)
        if stage is not None:
            require_masters(session, batch, item)
        return decisions.retry_units(session, batch, item=item, stage=stage, agents=acting(node))


def retry_stopped(
    node: Node, batch: str, *, item: str | None = None, stage: str | None = None, code: str | None = None
) -> int:
    """Give stopped units their attempts back: of one item, one stage, or all that stopped for one reason.

    Args:
        node: The process's settings and registry.
        batch: The batch.
        item: Only this item.
        stage: Only this stage; unlike `retry_batch`, what is done stays done.
        code: Only units whose error has this code.

    Raises:
        BatchUnknown, ItemUnknown: No such batch or item.
    """
    with node.registry.transaction() as session:
        return decisions.retry_stopped(session, batch, item=item, stage=stage, code=code, agents=acting(node))


def hold_items(node: Node, batch: str, items: Sequence[str] | None = None, *, reason: str = "") -> int:
    """Hold items of a batch back: what runs is finished, nothing new of them is started.

    Raises:
        BatchUnknown, ItemUnknown: No such batch or item.
    """
    with node.registry.transaction() as session:
        get_batch(session, batch)
        return holds.hold_items(session, batch, items, reason=reason, agents=acting(node))


def unhold_items(node: Node, batch: str, items: Sequence[str] | None = None, *, reason: str = "") -> int:
    """Let items go on that an operator held; dispatch the batch afterwards.

    Raises:
        BatchUnknown, ItemUnknown: No such batch or item.
    """
    with node.registry.transaction() as session:
        get_batch(session, batch)
        return holds.unhold_items(session, batch, items, reason=reason, agents=acting(node))


def acting(node: Node) -> tuple[str, ...]:
    """Who acts: this program, and the operator where the settings name one."""
    return (recto_agent(), node.settings.operator) if node.settings.operator else (recto_agent(),)


def accept_batch(node: Node, batch: str, *, item: str | None, reason: str) -> int:
    """Let held quality checks pass, with a reason that goes into the chain.

    Raises:
        BatchUnknown: No such batch.
    """
    with node.registry.transaction() as session:
        get_batch(session, batch)
        return decisions.accept_held(session, batch, item=item, reason=reason, agents=acting(node))


def cancel_batch(node: Node, batch: str) -> int:
    """Cancel what is not settled of a batch; pages captured so far are kept.

    Raises:
        BatchUnknown: No such batch.
    """
    with node.registry.transaction() as session:
        get_batch(session, batch)
        return decisions.cancel_batch(session, batch)


def resume_all(node: Node) -> int:
    """Go on with everything that is open, at the start of a station: nothing dispatched before is counted on.

    Returns:
        How many items were dispatched.
    """
    from workers.celery import app
    from workers.reconciler import reconcile

    return reconcile(app, node, quiet_seconds=0.0)
