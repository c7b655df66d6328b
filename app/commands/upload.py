# SPDX-License-Identifier: Apache-2.0
"""`recto upload`: send existing bags to a storage target and prove the stored bytes."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from app.commands.batch import as_json_option
from app.exit_codes import ExitCode, exit_code_of
from app.output import err, out, print_error, print_json
from archive.errors import ArchiveError
from archive.storage.open_target import open_target
from archive.storage.parts import digest_for_upload
from archive.storage.target import FileUploadSession
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
@as_json_option
def upload(bags: tuple[Path, ...], url: str, endpoint: str | None, *, as_json: bool) -> None:
    """Send each BAG (a tar) to a storage target, resuming what was interrupted, and read it back."""
    settings = load_settings()
    known = settings.storage_targets()
    if url in known:
        url, endpoint = known[url].url, endpoint or known[url].endpoint
    results: list[dict[str, Any]] = []
    worst = ExitCode.DONE
    for bag in bags:
        try:
            results.append(_upload_one(settings, bag, url, endpoint))
            if not as_json:
                out.print(f"{bag}: stored at {results[-1]['url']}, proved: {results[-1]['proof']}")
        except ArchiveError as error:
            document = error.to_json()
            print_error(document)
            results.append({"bag": str(bag), "error": document})
            worst = exit_code_of(document)
    if as_json:
        print_json(results)
    if len(bags) > 1:
        err.print(f"{sum('url' in result for result in results)} of {len(bags)} bags stored and proved.")
    sys.exit(worst)


def _upload_one(settings: Settings, bag: Path, url: str, endpoint: str | None) -> dict[str, Any]:
    target = open_target(url, endpoint=endpoint)
    digests = digest_for_upload(bag, settings.bag.part_bytes)
    sha256 = digests.sha256
    session_file = settings.state_directory / "uploads" / f"{sha256}.json"
    copy = target.upload(
        bag,
        bag.name,
        sha256=sha256,
        part_size=settings.bag.part_bytes,
        part_sha256=digests.part_sha256,
        metadata={"bag-sha256": sha256},
        session=FileUploadSession(session_file),
    )
    copy = target.confirm(copy)
    return {"bag": str(bag), "url": copy.url, "sha256": copy.sha256, "size": copy.size, "proof": copy.proof}
