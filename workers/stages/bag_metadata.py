# SPDX-License-Identifier: Apache-2.0
"""The documents beside a bag's payload, written to files one after the other, so that a long item needs no memory."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from archive.bag.contents import TagFile
from archive.canonical_json import canonical_json
from archive.digests import digest_file
from archive.metadata.description import ItemDescription
from archive.metadata.page_facts import write_page_facts
from archive.metadata.premis import write_premis
from archive.unfinished_files import living_folder, remove_unfinished


@contextmanager
def metadata_folder(item_folder: Path) -> Iterator[Path]:
    """A folder for documents that are needed only until they are in the bag.

    Raises:
        OSError: It cannot be made.
    """
    place = item_folder / "bag-metadata"
    remove_unfinished(place)
    folder = Path(tempfile.mkdtemp(prefix=f".{place.name}.", suffix=".part", dir=item_folder))
    try:
        with living_folder(folder):
            yield folder
    finally:
        shutil.rmtree(folder)


def write_metadata(
    folder: Path,
    description: ItemDescription,
    history: Iterable[Mapping[str, Any]],
    manifest: Mapping[str, Any],
) -> list[TagFile]:
    """Write what an archive is told of an item: PREMIS, the events, the batch manifest, one JSON a page.

    Args:
        folder: Empty; the files must stay there until the bag is written.
        description: The item.
        history: Its events in order, each with its `sha256`.
        manifest: The manifest of its batch, as it was understood.

    Returns:
        The files with the digests that they were written with.

    Raises:
        DescriptionError: A fact of a page has no form in JSON.
        OSError: The disk is full, read-only or failing.
    """

    def events(file: BinaryIO) -> None:
        file.writelines(canonical_json(event) + b"\n" for event in history)

    def batch_manifest(file: BinaryIO) -> None:
        file.write(json.dumps(manifest, sort_keys=True, indent=1, ensure_ascii=False).encode())

    made = [
        _written(folder, "premis.xml", partial(write_premis, description)),
        _written(folder, "events.jsonl", events),
        _written(folder, "batch-manifest.json", batch_manifest),
    ]
    (folder / "capture").mkdir()
    for page in description.pages:
        facts = partial(write_page_facts, page, description)
        made.append(_written(folder, f"capture/{page.number:04d}.json", facts))
    return made


def _written(folder: Path, name: str, write: Callable[[BinaryIO], None]) -> TagFile:
    path = folder / name
    with path.open("xb") as file:
        write(file)
    return TagFile(f"metadata/{name}", source=path, digests=digest_file(path, ("sha256",)).hexdigests())
