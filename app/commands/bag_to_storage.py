# SPDX-License-Identifier: Apache-2.0
"""`recto bag create --to`: bags whose tars go straight into a storage target, never through a local file."""

from __future__ import annotations

import contextlib
import hashlib
import sys
from collections.abc import Sequence
from typing import Any

from app.byte_progress import ByteProgress
from app.exit_codes import exit_code_of
from app.output import err, out, print_error, print_json
from app.storage_choice import chosen_target
from archive.bag.bulk import BagRequest, Outcome, bag_each, wants_tar
from archive.bag.profile import BagProfile
from archive.bag.straight_upload import SentBag, send_folder
from archive.progress import ProgressCallback
from archive.storage.target import FileUploadSession, StorageTarget
from workers.failures import describe_failure
from workers.settings import Settings, load_settings


def send_bags(
    requests: Sequence[BagRequest], profile: BagProfile, url: str, concurrency: int, *, as_json: bool
) -> None:
    """Send the bag of each folder to a target, several at a time, and tell of each; ends the command.

    Args:
        requests: The folders.
        profile: The rules to keep.
        url: A target's address, or its name in the settings.
        concurrency: Bags on their way at the same time.
        as_json: Whether to print one JSON document on stdout.
    """
    wants_tar(profile, asked=True)
    settings = load_settings()
    target = chosen_target(settings, url)

    def send(request: BagRequest, progress: ProgressCallback) -> SentBag:
        return send_folder(
            request.folder,
            target,
            name=request.name,
            profile=profile,
            tags=request.tags,
            tag_files=request.tag_files,
            session=_session(settings, target, request),
            part_size=settings.bag.part_bytes,
            progress=progress,
        )

    results: dict[int, dict[str, Any]] = {}
    with ByteProgress() as bars:
        outcomes = bag_each(
            requests, send, concurrency=concurrency, watch=lambda request: bars.listener(request.bag_name)
        )
        with contextlib.closing(outcomes):
            for outcome in outcomes:
                bars.end(outcome.request.bag_name)
                results[id(outcome.request)] = _tell(outcome, as_json=as_json)
    documents = [results[id(request)] for request in requests]
    if as_json:
        print_json(documents)
    if len(documents) > 1:
        stored = sum("url" in document for document in documents)
        err.print(f"{stored} of {len(documents)} bags stored and proved.")
    sys.exit(max(exit_code_of(document["error"]) if "error" in document else 0 for document in documents))


def _session(settings: Settings, target: StorageTarget, request: BagRequest) -> FileUploadSession:
    """Where the upload of this bag to this target is remembered, the same at every attempt."""
    place = hashlib.sha256(f"{target.url}\n{request.bag_name}".encode()).hexdigest()
    return FileUploadSession(settings.state_directory / "uploads" / f"stream-{place}.json")


def _tell(outcome: Outcome[SentBag], *, as_json: bool) -> dict[str, Any]:
    """Print what became of one folder, and give it as a JSON object."""
    folder = str(outcome.request.folder)
    sent = outcome.written
    if sent is None:
        assert outcome.error is not None  # noqa: S101 - one of the two is there
        document = describe_failure(outcome.error)
        print_error(document | {"message": f"{folder}: {document['message']}"})
        return {"folder": folder, "name": outcome.request.bag_name, "error": document}
    if not as_json:
        what = "was there already, and is equal" if sent.already_there else f"sha256 {sent.copy.sha256}"
        out.print(
            f"{sent.copy.url}: {sent.payload_files} files, {what}, proved: {sent.copy.proof}", markup=False
        )
    return {
        "folder": folder,
        "name": sent.name,
        "url": sent.copy.url,
        "size": sent.copy.size,
        "sha256": sent.copy.sha256,
        "tag_manifest_sha256": sent.tag_manifest_sha256,
        "proof": sent.copy.proof,
        "files": sent.payload_files,
        "already_there": sent.already_there,
        "empty_folders": list(sent.empty_folders),
    }
