# SPDX-License-Identifier: Apache-2.0
"""`recto upload`: send existing bags to a storage target and prove the stored bytes."""

from __future__ import annotations

import contextlib
import hashlib
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import Any

import click

from app.byte_progress import ByteProgress
from app.exit_codes import exit_code_of
from app.json_option import as_json_option
from app.output import err, out, print_error, print_json
from app.storage_choice import chosen_target
from archive.bag.bag_info import bag_info_of
from archive.bag.profile import BagProfile, load_profile
from archive.errors import ArchiveError, BagInvalid, BagUnreadable, UploadSourceChanged
from archive.progress import Progress, ProgressCallback
from archive.storage.parts import choose_part_size, digest_for_upload
from archive.storage.target import FileUploadSession, StorageTarget, StoredCopy
from workers.settings import Settings, load_settings


@click.command()
@click.argument("bags", metavar="BAG...", nargs=-1, type=click.Path(path_type=Path))
@click.option("--to", "url", help="file:///folder, a path, s3://bucket/prefix, or a target of the settings.")
@click.option("--endpoint", help="Address of an S3 server other than Amazon's.")
@click.option(
    "--bandwidth", metavar="RATE", help="Bytes a second for all bags together, as 250k or 10M (S3)."
)
@click.option(
    "--at-once",
    "--concurrency",
    "at_once",
    type=click.IntRange(1, 16),
    default=1,
    show_default=True,
    help="Bags sent at the same time.",
)
@click.option("--profile", help="Check against this profile; else against the one that each bag names.")
@click.option("--no-verify", is_flag=True, help="Send without checking first that each is a valid bag.")
@click.option(
    "--abandon-orphans",
    is_flag=True,
    help="Send nothing: abort unfinished uploads at the target, or at all targets of the settings.",
)
@click.option("--older-than", metavar="AGE", help="Only uploads begun longer ago, as 24h or 7d.")
@click.option("--dry-run", is_flag=True, help="With --abandon-orphans: list them and abort nothing.")
@as_json_option
def upload(
    bags: tuple[Path, ...],
    url: str | None,
    endpoint: str | None,
    bandwidth: str | None,
    at_once: int,
    profile: str | None,
    older_than: str | None,
    *,
    no_verify: bool,
    abandon_orphans: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Send each BAG (a tar) to a storage target, resuming what was interrupted, and read it back.

    A bag that is not valid or that fails is named and does not harm the others. Run again, bags that
    are stored already are only proved.
    """
    if abandon_orphans:
        from app.commands.upload_orphans import clear_orphans

        if bags:
            raise click.UsageError("--abandon-orphans sends no bags.")
        clear_orphans(url, endpoint, older_than, dry_run=dry_run, as_json=as_json)
        return
    if not bags or not url:
        raise click.UsageError("Name the bags, and with --to where they go.")
    if older_than or dry_run:
        raise click.UsageError("--older-than and --dry-run go with --abandon-orphans.")
    settings = load_settings()
    sending = _Sending(
        settings,
        chosen_target(settings, url, endpoint=endpoint, bandwidth=bandwidth),
        load_profile(profile) if profile else None,
        verify=not no_verify,
    )
    documents = _send_all(sending, list(dict.fromkeys(bags)), at_once, as_json=as_json)
    if as_json:
        print_json(documents)
    if len(documents) > 1:
        err.print(
            f"{sum('url' in document for document in documents)} of {len(documents)} bags stored and proved."
        )
    sys.exit(max(exit_code_of(document["error"]) if "error" in document else 0 for document in documents))


def _send_all(sending: _Sending, bags: list[Path], at_once: int, *, as_json: bool) -> list[dict[str, Any]]:
    """What became of each bag, as JSON objects in the order of the bags."""
    results: dict[Path, dict[str, Any]] = {}
    with ByteProgress() as bars, _senders(at_once) as (pool, listen):
        running = {pool.submit(sending.send, bag, listen(bars.listener(str(bag)))): bag for bag in bags}
        for ended in as_completed(running):
            bag = running[ended]
            bars.end(str(bag))
            results[bag] = _tell(bag, ended, as_json=as_json)
    return [results[bag] for bag in bags]


class _Stopped(Exception):
    """The command was interrupted while this bag was on its way; it can be resumed."""


@contextlib.contextmanager
def _senders(
    at_once: int,
) -> Iterator[tuple[ThreadPoolExecutor, Callable[[ProgressCallback], ProgressCallback]]]:
    """A pool of senders, and what makes their listeners stop them when the block is left early."""
    stop = threading.Event()

    def stoppable(listener: ProgressCallback) -> ProgressCallback:
        def report(progress: Progress) -> None:
            if stop.is_set():
                raise _Stopped
            listener(progress)

        return report

    pool = ThreadPoolExecutor(at_once, thread_name_prefix="uploads")
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


class _Sending:
    """How bags are sent by this command.

    Args:
        settings: The settings.
        target: Where they go.
        profile: What they must keep; what each of them names where None.
        verify: Whether they are checked first.
    """

    def __init__(
        self, settings: Settings, target: StorageTarget, profile: BagProfile | None, *, verify: bool
    ) -> None:
        self._settings = settings
        self._target = target
        self._profile = profile
        self._verify = verify

    def send(self, bag: Path, progress: ProgressCallback) -> StoredCopy:
        """Check one bag, send it and read it back.

        Raises:
            BagUnreadable: It is no file.
            BagInvalid: It does not keep the rules.
            StorageError: One of its classes, by state.
        """
        if not bag.is_file():
            raise BagUnreadable(
                f"{bag} is no file to send.",
                consequence="The bag was not sent; nothing of it is stored.",
                remedy="Check the path. A bag is sent as a tar: recto bag create --tar makes one, and "
                "recto bag create FOLDER --to TARGET sends it in one go.",
                path=str(bag),
            )
        told = bag_info_of(bag)
        facts = {"batch": told.get("Bag-Group-Identifier", ""), "payload-oxum": told.get("Payload-Oxum", "")}
        if self._verify:
            facts["bag-profile"] = self._valid_profile(bag, progress)
        try:
            # the same file always gets the same parts, so that another run resumes them
            part_size = choose_part_size(bag.stat().st_size, self._settings.bag.part_bytes)
            digests = digest_for_upload(bag, part_size, progress)
        except OSError as error:
            raise UploadSourceChanged(f"{bag} cannot be read: {error.strerror}.", path=str(bag)) from error
        place = hashlib.sha256(self._target.url.encode()).hexdigest()[:16]
        notes = self._settings.state_directory / "uploads" / f"{digests.sha256}-{place}.json"
        copy = self._target.upload(
            bag,
            bag.name,
            sha256=digests.sha256,
            part_size=part_size,
            part_sha256=digests.part_sha256,
            metadata={"bag-sha256": digests.sha256, **facts},
            session=FileUploadSession(notes),
            progress=progress,
        )
        return copy if copy.was_read_back else self._target.confirm(copy, progress)

    def _valid_profile(self, bag: Path, progress: ProgressCallback) -> str:
        """The name of the profile that a bag keeps, "" where it names none.

        Raises:
            BagInvalid: With all findings in `facts["findings"]`.
        """
        from archive.bag.validator import verify_bag

        report = verify_bag(bag, profile=self._profile, second_opinion=False, progress=progress)
        if not report.valid:
            first = report.errors[0]
            where = f"{first.file}: " if first.file else ""
            raise BagInvalid(
                f"{bag.name} is not a valid bag: {len(report.errors)} findings, the first: "
                f"{where}{first.message}",
                findings=[finding.to_json() for finding in report.errors[:100]],
            )
        return report.profile
