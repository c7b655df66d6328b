# SPDX-License-Identifier: Apache-2.0
"""Files on their way between a node and the staging place, a few at once, each proved by its digest."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import structlog

from archive.digests import digest_file
from archive.errors import StoredBytesDiffer, StoredObjectMissing, UploadSourceChanged
from archive.registry.staged_files import forget_staged, staged_files
from archive.storage.target import FileUploadSession
from workers.errors import MasterChanged
from workers.node import Node
from workers.staging.errors import FileNotStaged
from workers.staging.inputs import DIGEST_UNKNOWN, SIZE_UNKNOWN, Wanted
from workers.staging.keys import StagedKey
from workers.staging.outputs import Made
from workers.staging.parallel import GoingOn, transfer

log = structlog.get_logger(__name__)


def is_here(node: Node, batch: str, wanted: Wanted) -> bool:
    """Whether a wanted file is on this host with the bytes that are recorded.

    Of a page as it was captured, at its own station, its being there counts: whether it is whole
    is for its stage to tell, and nothing may be put in its place.
    """
    path = node.batch_folder(batch) / wanted.file.path
    try:
        if wanted.is_kept and node.is_home(batch):
            return path.is_file()
        if wanted.file.size not in {SIZE_UNKNOWN, path.stat().st_size}:
            return False
        if wanted.file.sha256 == DIGEST_UNKNOWN:
            return True
        return digest_file(path, ["sha256"]).hexdigests()["sha256"] == wanted.file.sha256
    except FileNotFoundError:
        return False


def fetch_all(node: Node, batch: str, wanted: Sequence[Wanted], going_on: GoingOn) -> int:
    """Fetch files from the staging place.

    Returns:
        Bytes received.

    Raises:
        FileNotStaged: One of them is not there.
        StorageError: By state.
    """
    if not wanted:
        return 0
    _require_staged(node, batch, wanted)
    jobs = (partial(_fetch, node, batch, one) for one in wanted)
    return transfer(jobs, node.settings.staging.transfers, going_on)


def _require_staged(node: Node, batch: str, wanted: Sequence[Wanted]) -> None:
    by_item: dict[str, dict[str, str]] = {}
    for one in wanted:
        by_item.setdefault(one.item, {})[one.file.path] = one.file.sha256
    with node.registry.reading() as session:
        for item, files in by_item.items():
            staged = {path: row.sha256 for path, row in staged_files(session, batch, item, files).items()}
            absent = sorted(path for path, sha256 in files.items() if staged.get(path) != sha256)
            if absent:
                raise FileNotStaged(
                    f"{len(absent)} of {len(files)} files of {batch}/{item} are neither on this host nor in the "
                    f"staging place: {', '.join(absent[:3])}.",
                    files=absent[:20],
                )


def _fetch(node: Node, batch: str, wanted: Wanted, going_on: GoingOn) -> int:
    file = wanted.file
    destination = node.batch_folder(batch) / file.path
    key = str(StagedKey(batch, wanted.item, file.sha256))
    try:
        return node.staging.fetch(key, destination, sha256=file.sha256, size=file.size, going_on=going_on)
    except (StoredObjectMissing, StoredBytesDiffer) as error:
        # what is told to be there is not: whoever has the file puts it there again
        if isinstance(error, StoredBytesDiffer):
            node.staging.delete([key])
        with node.registry.transaction() as session:
            forget_staged(session, batch, wanted.item, file.path)
        log.warning("staging.file_lost", key=key, code=error.code, message=error.message)
        raise FileNotStaged(
            f"{file.path} of {batch} is no longer in the staging place: {error.message}", files=[file.path]
        ) from error


def send_all(node: Node, batch: str, made: Sequence[Made], going_on: GoingOn) -> tuple[list[Made], int]:
    """Put files into the staging place.

    Returns:
        Those that are there now, and the bytes that were sent. A file that another host has made
        anew since is left out: that host puts it there.

    Raises:
        MasterChanged: A page is not what was recorded when it was captured.
        StorageError: By state.
    """
    there: list[Made] = []
    jobs = (partial(_send, node, batch, one, there) for one in made)
    sent = transfer(jobs, node.settings.staging.transfers, going_on)
    return there, sent


def _send(node: Node, batch: str, made: Made, there: list[Made], going_on: GoingOn) -> int:
    file = made.file
    source = node.batch_folder(batch) / file.path
    key = str(StagedKey(batch, made.item, file.sha256))
    try:
        sent = node.staging.put(
            source,
            key,
            sha256=file.sha256,
            size=file.size,
            session=FileUploadSession(_session_file(node, key)),
            going_on=going_on,
        )
    except UploadSourceChanged as error:
        if node.is_home(batch):
            raise MasterChanged(
                f"{source} is not what was recorded of it: {error.message}", path=str(source)
            ) from error
        log.info("staging.left_to_another_host", path=file.path)
        return 0
    # appending is atomic; several threads do
    there.append(made)
    return sent


def _session_file(node: Node, key: str) -> Path:
    name = hashlib.sha256(key.encode()).hexdigest()
    return node.settings.state_directory / "staging-uploads" / f"{name}.json"
