# SPDX-License-Identifier: Apache-2.0
"""`recto verify-chain`: prove that no event was altered, inserted or removed, of a batch here or in a bag alone."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from app.commands.batch_chain import verify_batch
from app.commands.page_origin import tell_page
from app.exit_codes import ExitCode
from app.json_option import as_json_option
from app.output import out, print_json
from archive.custody.errors import PublicKeyNeeded
from archive.custody.key_folder import KeyFolder
from archive.custody.keys import PublicKey, read_public_keys
from archive.custody.report import CustodyReport
from archive.custody.verification import verify_custody
from workers.settings import load_settings


@click.command("verify-chain")
@click.argument("target", metavar="BATCH|BAG")
@click.option(
    "--key",
    "key_files",
    multiple=True,
    type=click.Path(path_type=Path),
    help="File of public keys to believe; this station's own where none is named.",
)
@click.option("--page", type=click.IntRange(min=1), help="Tell who captured this page, on what and how.")
@click.option("--item", help="The item of that page, for a BATCH.")
@as_json_option
def verify_chain_command(
    target: str, key_files: tuple[Path, ...], page: int | None, item: str | None, *, as_json: bool
) -> None:
    """Verify the history of a BATCH of this registry, or of a BAG (tar or folder) with public keys alone.

    Exit 0 when it is whole, 1 when it is not.
    """
    if item is not None and page is None:
        raise click.UsageError("--item goes with --page.")
    asks_of_a_bag = item is None and (page is not None or bool(key_files)) and Path(target).exists()
    is_bag = item is None and (asks_of_a_bag or _looks_like_a_bag(target))
    if page is not None and item is None and not is_bag:
        raise click.UsageError(
            f"{target} is no bag here, neither a tar nor a folder; a page of a batch needs --item too."
        )
    if is_bag:
        whole = _verify_bag(Path(target), key_files, page, as_json=as_json)
    else:
        question = (item, page) if item is not None and page is not None else None
        whole = verify_batch(target, key_files, question, as_json=as_json)
    sys.exit(ExitCode.DONE if whole else ExitCode.INVALID)


def _looks_like_a_bag(target: str) -> bool:
    return (
        "/" in target or target.endswith((".tar", ".tar.gz", ".tgz")) or Path(target, "bagit.txt").is_file()
    )


def _verify_bag(bag: Path, key_files: tuple[Path, ...], page: int | None, *, as_json: bool) -> bool:
    report = verify_custody(bag, believed_keys(key_files), page=page)
    if as_json:
        print_json(report.to_json())
    else:
        _tell(report)
    return report.whole


def believed_keys(key_files: tuple[Path, ...]) -> dict[str, PublicKey]:
    """The public keys of the files; this station's own where none is named.

    Raises:
        PublicKeyUnreadable: One of the files is damaged.
        PublicKeyNeeded: None was named, and this station has none.
    """
    if key_files:
        return {name: key for file in key_files for name, key in read_public_keys(file).items()}
    own = KeyFolder(load_settings().key_directory).public_keys()
    if not own:
        raise PublicKeyNeeded("No public key was named, and this station has none of its own.")
    return own


def _tell(report: CustodyReport) -> None:
    if report.page is not None:
        tell_page(report.page)
    for problem in report.problems:
        out.print(problem, markup=False)
    signed = report.statement
    if report.whole and signed is not None:
        out.print(
            f"The history of item {signed.item} of batch {signed.batch} is whole: {signed.events} events and "
            f"{signed.payload_files} files, as signed by key {signed.key}.",
            markup=False,
        )
    else:
        out.print(
            f"The history in {report.path} is not proved: {len(report.problems)} problems.", markup=False
        )
