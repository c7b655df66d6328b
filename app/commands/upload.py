# SPDX-License-Identifier: Apache-2.0
"""`recto upload`: send existing bags to a storage target and prove the stored bytes."""

from __future__ import annotations

import contextlib
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import Any

import click

from app.byte_progress import ByteProgress
from app.commands.batch import as_json_option
from app.exit_codes import exit_code_of
from app.output import err, out, print_error, print_json
from archive.errors import ArchiveError, UploadSourceChanged
from archive.progress import Progress, ProgressCallback
from archive.storage.open_target import open_target
from archive.storage.parts import choose_part_size, digest_for_upload
from archive.storage.target import FileUploadSession, StorageTarget, StoredCopy
from workers.settings import Settings, load_settings


@click.command()
@click.argument(
    "bags",
    metavar="BAG...",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
)
@click.option(
    "--to",
    "url",
    required=True,
    help="file:///folder, a path, s3://bucket/prefix, or a target of the settings.",
)
@click.option("--endpoint", help="Address of an S3 server other than Amazon's.")
@click.option(
    "--bandwidth", metavar="RATE", help="Bytes a second for all bags together, as 250k or 10M (S3)."
)
@click.option(
    "--concurrency",
    type=click.IntRange(1, 16),
    default=1,
    show_default=True,
    help="Bags sent at the same time.",
)
@as_json_option
def upload(
    bags: tuple[Path, ...],
    url: str,
    endpoint: str | None,
    bandwidth: str | None,
    concurrency: int,
    *,
    as_json: bool,
) -> None:
    """Send each BAG (a tar) to a storage target, resuming what was interrupted, and read it back.

    A bag that fails is named and does not harm the others. Run again, bags that are stored already are
    only proved.
    """
    settings = load_settings()
    known = settings.storage_targets()
    if url in known:
        url, endpoint = known[url].url, endpoint or known[url].endpoint
    target = open_target(url, endpoint=endpoint, bandwidth=bandwidth)
    results: dict[Path, dict[str, Any]] = {}
    with ByteProgress() as bars, _sending(concurrency) as (pool, listen):
        running = {
            pool.submit(_upload_one, settings, target, bag, listen(bars.listener(str(bag)))): bag
            for bag in dict.fromkeys(bags)
        }
        for ended in as_completed(running):
            bag = running[ended]
            bars.end(str(bag))
            results[bag] = _tell(bag, ended, as_json=as_json)
    documents = [results[bag] for bag in dict.fromkeys(bags)]
    if as_json:
        print_json(documents)
    if len(documents) > 1:
        err.print(
            f"{sum('url' in document for document in documents)} of {len(documents)} bags stored and proved."
        )
    sys.exit(max(exit_code_of(document["error"]) if "error" in document else 0 for document in documents))


class _Stopped(Exception):
    """The command was interrupted while this bag was on its way; it can be resumed."""


@contextlib.contextmanager
def _sending(
    concurrency: int,
) -> Iterator[tuple[ThreadPoolExecutor, Callable[[ProgressCallback], ProgressCallback]]]:
    """A pool of senders, and what makes their listeners stop them when the block is left early."""
    stop = threading.Event()

    def stoppable(listener: ProgressCallback) -> ProgressCallback:
        def report(progress: Progress) -> None:
            if stop.is_set():
                raise _Stopped
            listener(progress)

        return report

    pool = ThreadPoolExecutor(concurrency, thread_name_prefix="uploads")
    try:
        yield pool, stoppable
    finally:
        stop.set()
        pool.shutdown(cancel_futures=True)


def _tell(bag: Path, ended: Future[StoredCopy], *, as_json: bool) -> dict[str, Any]:
    """Print what became of one bag, and give it as a JSON object."""
    try:
        copy = ended.result()
    except ArchiveError as error:
        document = error.to_json()
        print_error(document | {"message": f"{bag}: {document['message']}"})
        return {"bag": str(bag), "error": document}
    if not as_json:
        out.print(f"{bag}: stored at {copy.url}, proved: {copy.proof}", markup=False)
    return {"bag": str(bag), "url": copy.url, "sha256": copy.sha256, "size": copy.size, "proof": copy.proof}


def _upload_one(
    settings: Settings, target: StorageTarget, bag: Path, progress: ProgressCallback
) -> StoredCopy:
    try:
        # the same file always gets the same parts, so that another run resumes them
        part_size = choose_part_size(bag.stat().st_size, settings.bag.part_bytes)
        digests = digest_for_upload(bag, part_size, progress)
    except OSError as error:
        raise UploadSourceChanged(f"{bag} cannot be read: {error.strerror}.", path=str(bag)) from error
    copy = target.upload(
        bag,
        bag.name,
        sha256=digests.sha256,
        part_size=part_size,
        part_sha256=digests.part_sha256,
        metadata={"bag-sha256": digests.sha256},
        session=FileUploadSession(settings.state_directory / "uploads" / f"{digests.sha256}.json"),
        progress=progress,
    )
    return target.confirm(copy, progress)
