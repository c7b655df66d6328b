# SPDX-License-Identifier: Apache-2.0
"""The confirm stage: the stored bytes are read back and proved equal to the bag's; then the receipt is written."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from typing import Any

from archive.durable import write_durably
from archive.errors import StoredBytesDiffer, StoredObjectMissing
from archive.progress import Progress
from archive.registry.copies import confirm_copy, copies_of, fail_copy
from archive.registry.events import append_event
from archive.registry.pages import files_of
from archive.registry.tables import CopyRow, ItemRow
from archive.storage.target import Proof, StoredCopy
from archive.unfinished_files import remove_all_unfinished
from workers.receipts import Answer, answer_to
from workers.versions import recto_agent
from workers.whole_history import write_whole_history
from workers.work import Work


def confirm(work: Work) -> dict[str, Any]:
    """Prove each copy and write the receipt."""

    def listen(progress: Progress) -> None:
        work.still_ours(progress)

    with work.node.registry.reading() as session:
        copies = copies_of(session, work.claim.item)
        bag = session.get_one(ItemRow, work.claim.item).bag or {}
    proofs = []
    for row in copies:
        stored = StoredCopy(
            url=row.url,
            key=f"{bag['name']}.tar",
            size=row.size,
            sha256=row.sha256,
            etag=row.etag,
            proof=row.proof,
        )
        try:
            proved = work.node.storage_target(row.target).confirm(stored, progress=listen)
        except (StoredBytesDiffer, StoredObjectMissing) as error:
            if isinstance(error, StoredObjectMissing) and _has_receipt(work, row):
                # an archive was faster: it has read the bag whole, keeps it, and took it away from there
                proofs.append(_proved(work, row, Proof.ARCHIVE_RECEIPT))
                continue
            with work.recording() as session:
                fail_copy(session, work.claim.batch, work.claim.item_name, row, error.code, (recto_agent(),))
            raise
        proofs.append(_proved(work, row, proved.proof))
    _write_receipt(work, bag, proofs)
    write_whole_history(work.node, work.claim.batch, work.claim.item, work.claim.item_name)
    # intermediates only: masters, derivatives and the bag stay until a policy releases them
    for name in ("renditions", "spool", "spool-facts"):
        shutil.rmtree(work.folder / name, ignore_errors=True)
    remove_all_unfinished(work.folder)
    return {"proofs": proofs}


def _proved(work: Work, row: CopyRow, proof: str) -> dict[str, Any]:
    """Record what is proved of a copy; returns it for the receipt."""
    with work.recording() as session:
        confirm_copy(session, row.id, proof)
        append_event(
            session,
            work.claim.batch,
            "fixity check",
            item=work.claim.item_name,
            detail={"url": row.url, "sha256": row.sha256, "proof": proof},
            agents=(recto_agent(),),
        )
    return {"url": row.url, "sha256": row.sha256, "size": row.size, "proof": proof}


def _has_receipt(work: Work, row: CopyRow) -> bool:
    """Whether an archive has answered to a copy that it keeps this bag."""
    with work.node.registry.reading() as session:
        item = session.get_one(ItemRow, work.claim.item)
    return answer_to(work.node, row, item).answer is Answer.ACCEPTED


def _write_receipt(work: Work, bag: Mapping[str, Any], proofs: list[dict[str, Any]]) -> None:
    with work.node.registry.reading() as session:
        masters = files_of(session, work.claim.item, "master")
    receipt = {
        "batch": work.claim.batch,
        "item": work.claim.item_name,
        "bag": {key: bag[key] for key in ("name", "size", "sha256", "tag_manifest_sha256")},
        "copies": proofs,
        "masters": [{"file": master.path, "sha256": master.sha256} for master in masters],
    }
    write_durably(work.folder / "receipt.json", json.dumps(receipt, indent=1).encode())
