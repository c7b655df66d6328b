# SPDX-License-Identifier: Apache-2.0
"""`recto verify-chain BATCH`: the chain in the registry, held against what was signed while it grew."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Iterable, Iterator
from pathlib import Path

from app.commands.page_origin import tell_page
from app.output import err, out, print_json
from archive.custody.anchors import Anchors, hold_against_anchors
from archive.custody.key_folder import KeyFolder
from archive.custody.keys import read_public_keys
from archive.custody.report import PageCustody
from archive.custody.statement import SIGNATURE_PATH, STATEMENT_PATH
from archive.registry.batches import items_of
from archive.registry.events import ChainReport, digest_of_event, verify_chain
from archive.registry.page_origin import origin_of_page
from workers.node import Node
from workers.settings import load_settings


def verify_batch(
    batch: str, key_files: tuple[Path, ...], question: tuple[str, int] | None, *, as_json: bool
) -> bool:
    """Verify the chain of a batch and tell what was found.

    Args:
        batch: The batch.
        key_files: Public keys to believe besides the station's own.
        question: Item and number of a page whose origin is asked for.
        as_json: Whether to print JSON.

    Returns:
        Whether everything is proved.
    """
    node = Node(load_settings())
    keys = KeyFolder(node.settings.key_directory).public_keys()
    for file in key_files:
        keys |= read_public_keys(file)
    with node.registry.reading() as session:
        chain = verify_chain(session, batch)
        items = [item.name for item in items_of(session, batch)]
        digest_at = functools.partial(digest_of_event, session, batch)
        anchors = hold_against_anchors(batch, _signed(node, batch, items), keys, digest_at)
        report = dataclasses.replace(chain, problems=(*chain.problems, *anchors.problems))
        origin = origin_of_page(session, batch, *question) if question and report.whole else None
    if question and report.whole and origin is None:
        missing = f"No event tells of the capture of page {question[1]} of {question[0]}."
        report = dataclasses.replace(report, problems=(missing,))
    _tell(report, anchors, origin, as_json=as_json)
    return report.whole


def _signed(node: Node, batch: str, items: Iterable[str]) -> Iterator[tuple[str, bytes, bytes]]:
    for item in items:
        folder = node.item_folder(batch, item)
        try:
            yield item, (folder / STATEMENT_PATH).read_bytes(), (folder / SIGNATURE_PATH).read_bytes()
        except FileNotFoundError:
            # not bagged yet
            continue


def _tell(report: ChainReport, anchors: Anchors, origin: PageCustody | None, *, as_json: bool) -> None:
    if as_json:
        print_json(
            report.to_json()
            | {
                "signed_items": anchors.proved,
                "signed_up_to": anchors.length,
                "unknown_keys": list(anchors.unknown_keys),
                "page": origin.to_json() if origin else None,
            }
        )
        return
    if origin is not None:
        tell_page(origin)
    for problem in report.problems:
        out.print(problem, markup=False)
    if not report.whole:
        out.print(
            f"The chain of batch {report.batch} is broken: {len(report.problems)} problems.", markup=False
        )
        return
    out.print(
        f"The chain of batch {report.batch} is whole: {report.events} events, head {report.head}; "
        f"up to event {anchors.length} it is proved by the signatures of "
        f"{anchors.proved} {'item' if anchors.proved == 1 else 'items'}.",
        markup=False,
    )
    for key in anchors.unknown_keys:
        err.print(f"Signatures by key {key} were not checked: name its file with --key.", markup=False)
