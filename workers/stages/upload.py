# SPDX-License-Identifier: Apache-2.0
"""The upload stage: the bag to every storage target of the batch, each resumable on its own."""

from __future__ import annotations

from typing import Any

from archive.progress import Progress, ProgressCallback
from archive.registry.copies import RegistryUploadSession, copies_of, record_copy
from archive.registry.events import append_event
from archive.registry.tables import ItemRow
from archive.storage.target import StoredCopy
from workers.errors import MasterChanged
from workers.versions import recto_agent
from workers.work import Work


def upload(work: Work) -> dict[str, Any]:
    """Send the bag to each target that does not have it."""
    with work.node.registry.reading() as session:
        facts = session.get_one(ItemRow, work.claim.item).bag
    if facts is None or not work.node.bag_file(work.claim.batch, facts).is_file():
        raise MasterChanged(
            f"The bag of {work.claim.item_name} is gone: {facts and work.node.bag_file(work.claim.batch, facts)}.",
            remedy="Write it again: recto batch retry --stage bag.",
        )

    def listen(progress: Progress) -> None:
        work.still_ours(progress)

    copies = []
    for name in work.manifest["storage"]:
        copies.append(_upload_to(work, name, facts, listen))
        _record(work, name, copies[-1])
    return {"copies": [copy.url for copy in copies]}


def _upload_to(work: Work, name: str, facts: dict[str, Any], listen: ProgressCallback) -> StoredCopy:
    return work.node.storage_target(name).upload(
        work.node.bag_file(work.claim.batch, facts),
        f"{facts['name']}.tar",
        sha256=facts["sha256"],
        part_size=facts["part_size"],
        part_sha256=facts["part_sha256"],
        metadata={
            "bag-sha256": facts["sha256"],
            "bag-profile": facts["profile"],
            "tagmanifest-sha256": facts["tag_manifest_sha256"],
            "payload-oxum": f"{facts['payload_bytes']}.{facts['payload_files']}",
            "batch": work.claim.batch,
            "item": work.claim.item_name,
        },
        session=RegistryUploadSession(work.node.registry, work.claim.item, name),
        progress=listen,
    )


def _record(work: Work, name: str, copy: StoredCopy) -> None:
    """Record a copy, once: the attempt before this one may have died when it had done so."""
    with work.recording() as session:
        for known in copies_of(session, work.claim.item):
            same = (known.url, known.size, known.sha256, known.proof)
            if known.target == name and same == (copy.url, copy.size, copy.sha256, copy.proof):
                return
        record_copy(
            session,
            work.claim.item,
            name,
            url=copy.url,
            size=copy.size,
            sha256=copy.sha256,
            etag=copy.etag,
            proof=copy.proof,
        )
        append_event(
            session,
            work.claim.batch,
            "transfer",
            item=work.claim.item_name,
            detail={"url": copy.url, "sha256": copy.sha256, "size": copy.size, "proof": copy.proof},
            agents=(recto_agent(),),
        )
