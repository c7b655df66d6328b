# SPDX-License-Identifier: Apache-2.0
"""The receipt stage: the depositor is told beside the bag what became of it, in a form that cannot be forged."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import TYPE_CHECKING, Any

from archive.custody.key_folder import KeyFolder
from archive.receiving.keys import inventory_key
from archive.receiving.receipts import receipt_key, sign_receipt
from archive.registry.events import append_event, read_events
from archive.registry.ingest_facts import Outcome
from archive.registry.object_versions import copies_by_location, kept_document, recorded_at
from workers.receiving.errors import waiting_for_places
from workers.receiving.ingest import Ingest
from workers.receiving.locations import Keeping
from workers.receiving.refusal import REPORTS, report_refusal
from workers.versions import recto_agent

if TYPE_CHECKING:
    from workers.work import Work


def receipt(work: Work) -> dict[str, Any]:
    """Put the receipt beside the bag; writing it again writes the same bytes."""
    ingest = Ingest.of(work)
    skipped = ingest.skipped(refused=False)
    if skipped is not None:
        return skipped
    if ingest.item.outcome == Outcome.REFUSED:
        with waiting_for_places():
            told = report_refusal(ingest)
        _tell(work, "quarantine", told)
        return told
    keys = KeyFolder(work.node.settings.key_directory)
    content = sign_receipt(receipt_of(ingest), keys.signing_key())
    key = receipt_key(ingest.item.name)
    with waiting_for_places():
        ingest.receiving.replace(key, content)
        # they tell of an earlier bag of this name, in place of which this one was sent
        ingest.receiving.delete([f"{ingest.item.name}{ending}" for ending in REPORTS])
    told = {
        "verdict": ingest.item.outcome,
        "receipt": key,
        "sha256": hashlib.sha256(content).hexdigest(),
    }
    _tell(work, "digital signature generation", told)
    return told


def receipt_of(ingest: Ingest) -> dict[str, Any]:
    """What a receipt for a bag that is kept says."""
    keeping, item, reading = Keeping.of(ingest), ingest.item, ingest.item.reading or {}
    number = item.version or 0
    inventory = inventory_key(keeping.object.uid, number)
    with ingest.work.node.registry.reading() as session:
        copies = copies_by_location(session, keeping.object.id, item.id, keeping.locations)
        inventory_sha256 = kept_document(session, keeping.object.id, inventory)
        decided = recorded_at(session, item.batch)
    return {
        "verdict": item.outcome,
        "institution": ingest.institution.id,
        "object": ingest.identifier,
        "uid": keeping.object.uid,
        "version": number,
        "work_item": item.id,
        "decided_at": _iso(decided),
        "bag": {
            "name": ingest.bag,
            "key": item.name,
            "size": item.size,
            "sha256": reading["bag_sha256"],
            "tag_manifest_sha256": reading["tag_manifest_sha256"],
            "payload_sha256": reading["payload_sha256"],
            "payload_files": reading["payload_files"],
            "payload_bytes": reading["payload_bytes"],
            "chain_root": reading["chain_root"],
        },
        "inventory": {"key": inventory, "sha256": inventory_sha256},
        "copies": [
            {
                "location": keeping.url_of(ingest, copy["location"]),
                "contents": copy["contents"],
                "bytes": copy["bytes"],
                "proof": copy["proof"],
                "proved_at": _iso(copy["checked_at"]),
            }
            for copy in copies
        ],
        "findings": [],
    }


def _iso(seconds: float) -> str:
    return dt.datetime.fromtimestamp(seconds, dt.UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _tell(work: Work, event_type: str, told: dict[str, Any]) -> None:
    """Tell it in the ingest's chain, once: the attempt before this one may have died when it had done so."""
    with work.recording() as session:
        for event in read_events(session, work.claim.batch, work.claim.item_name):
            if event["type"] == event_type and event["detail"] == told:
                return
        append_event(
            session,
            work.claim.batch,
            event_type,
            item=work.claim.item_name,
            detail=told,
            agents=(recto_agent(),),
        )
