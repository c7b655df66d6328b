# SPDX-License-Identifier: Apache-2.0
"""Making a batch's bags once more from its recorded pages, to prove that the same pages give the same bag."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from archive.errors import RegistryError
from archive.registry.batches import get_batch, items_of
from archive.registry.ledger import Claim
from archive.registry.pipelines import pipeline_of
from archive.registry.releases import require_masters
from archive.registry.stages import Stage
from workers.node import Node
from workers.stages.bag import make_bag
from workers.staging.page_files import prepare
from workers.work import Work


def export_batch(node: Node, batch: str, folder: Path) -> list[dict[str, Any]]:
    """Write the bags of a batch's bagged items into a folder.

    Returns:
        For each `{item, path, sha256, equal}`: whether it equals the bag that was made first.

    Raises:
        BatchUnknown: No such batch.
        RegistryError: No item of the batch is bagged yet.
        MastersReleased: The pages of an item are no longer here; the error tells where its bag is.
        FileNotStaged: Files of an item are on another host; nothing of this item was written.
        BagError: A page changed since it was recorded, or a bag of that name is in the folder.
    """
    with node.registry.reading() as session:
        manifest = get_batch(session, batch).manifest
        rule = pipeline_of(session, batch).rule(Stage.BAG)
        items = [item for item in items_of(session, batch) if item.bag]
        require_masters(session, batch)
    if not items:
        raise RegistryError(
            f"No item of batch {batch} has a bag yet.", remedy=f"See: recto batch status {batch}"
        )
    exported = []
    for item in items:
        # a work that was never claimed: it reads what is recorded and records nothing
        claim = Claim(0, batch, item.id, item.name, Stage.BAG, 0, token=0, attempt=0, owner="export")
        work = Work(node=node, claim=claim, item=item.description, manifest=manifest, rule=rule)
        if node.stages_files:
            prepare(work)
        first = item.bag or {}
        written = make_bag(work, folder / f"{first['name']}.tar", lambda _progress: None)
        exported.append(
            {
                "item": item.name,
                "path": str(written.path),
                "sha256": written.sha256,
                "equal": written.sha256 == first["sha256"],
            }
        )
    return exported
