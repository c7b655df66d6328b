# SPDX-License-Identifier: Apache-2.0
"""Bagging many folders at once: bounded, resumable, each failure told by itself."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from archive.bag.contents import TagFile
from archive.bag.folder import bag_folder
from archive.bag.names import folded
from archive.bag.profile import BagProfile, Tags
from archive.bag.writer import WrittenBag
from archive.errors import BagContentsRefused, ProfileUnwritable
from archive.progress import Progress, ProgressCallback, no_progress


@dataclass(frozen=True, slots=True)
class BagRequest:
    """One folder to bag.

    Attributes:
        folder: The folder.
        name: The bag's name; "" for the folder's own.
        tags: Tag file -> label -> value.
        tag_files: Further files beside data/.
    """

    folder: Path
    name: str
    tags: Tags
    tag_files: tuple[TagFile, ...] = ()

    @property
    def bag_name(self) -> str:
        """The name that the bag will have."""
        # realpath takes a loop of links as it stands, where resolve() raises
        return self.name or Path(os.path.realpath(self.folder)).name


Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Outcome(Generic[Made]):
    """What became of one request: a bag or an error.

    Attributes:
        request: The request.
        written: The bag; `written.already_there` where an equal one stood there before.
        error: Why there is none.
    """

    request: BagRequest
    written: Made | None = None
    error: Exception | None = None


class _Stopped(Exception):
    pass


def wants_tar(profile: BagProfile, *, asked: bool) -> bool:
    """Whether bags are written as tars: where asked, and where the profile takes nothing else.

    Raises:
        ProfileUnwritable: The profile takes neither what was asked nor what we write.
    """
    takes_tar = {"application/tar", "application/x-tar"} & set(profile.serialization_types)
    tar = asked or profile.serialization == "required"
    if tar and (profile.serialization == "forbidden" or not takes_tar):
        raise ProfileUnwritable(f"{profile.title} does not take bags as tar.", profile=profile.name)
    return tar


def bag_folders(
    requests: Sequence[BagRequest],
    *,
    profile: BagProfile,
    destination_dir: Path,
    tar: bool,
    concurrency: int,
    watch: Callable[[BagRequest], ProgressCallback] = lambda _: no_progress,
) -> Generator[Outcome[WrittenBag], None, None]:
    """Bag folders, several at a time. A bag that stands there already and is equal counts as made.

    Args:
        requests: The folders.
        profile: The rules to keep.
        destination_dir: Where the bags are put.
        tar: Whether to write tars.
        concurrency: Bags written at the same time.
        watch: Gives the listener for a request; it is called from several threads.

    Yields:
        What became of each request, as they end. Closing the iterator stops those still running,
        and nothing of them is left.
    """

    def write(request: BagRequest, progress: ProgressCallback) -> WrittenBag:
        return bag_folder(
            request.folder,
            name=request.name,
            profile=profile,
            tags=request.tags,
            tag_files=request.tag_files,
            destination_dir=destination_dir,
            tar=tar,
            progress=progress,
        )

    yield from bag_each(requests, write, concurrency=concurrency, watch=watch)


def bag_each(
    requests: Sequence[BagRequest],
    write: Callable[[BagRequest, ProgressCallback], Made],
    *,
    concurrency: int,
    watch: Callable[[BagRequest], ProgressCallback] = lambda _: no_progress,
) -> Generator[Outcome[Made], None, None]:
    """Make the bag of each request, several at a time, wherever `write` puts them; as `bag_folders`."""
    stop = threading.Event()
    refused: list[Outcome[Made]] = _same_names(requests)
    yield from refused
    waiting = [request for request in requests if all(request is not told.request for told in refused)]

    def make(request: BagRequest) -> Outcome[Made]:
        listener = watch(request)

        def report(progress: Progress) -> None:
            if stop.is_set():
                raise _Stopped
            listener(progress)

        try:
            return Outcome(request, write(request, report))
        except _Stopped:
            raise
        except Exception as error:  # noqa: BLE001 - told with its traceback; the other folders are unharmed
            return Outcome(request, error=error)

    executor = ThreadPoolExecutor(max_workers=concurrency, thread_name_prefix="bags")
    try:
        running: list[Future[Outcome[Made]]] = [executor.submit(make, request) for request in waiting]
        for ended in as_completed(running):
            yield ended.result()
    finally:
        stop.set()
        executor.shutdown(cancel_futures=True)


def _same_names(requests: Sequence[BagRequest]) -> list[Outcome[Made]]:
    """The requests whose bag would stand where an earlier one of the same call stands."""
    first: dict[str, BagRequest] = {}
    refused: list[Outcome[Made]] = []
    for request in requests:
        earlier = first.setdefault(folded(request.bag_name), request)
        if earlier is not request:
            error = BagContentsRefused(
                f"The bag of {request.folder} would be named {request.bag_name!r}, like that of {earlier.folder}.",
                remedy="Give one of the two another name, or make the bags in different folders.",
            )
            refused.append(Outcome(request, error=error))
    return refused
