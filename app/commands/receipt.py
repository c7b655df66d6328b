# SPDX-License-Identifier: Apache-2.0
"""`recto receipt`: prove a receipt of an archive with nothing but its public key."""

from __future__ import annotations

from pathlib import Path

import click

from app.commands.chain import believed_keys
from app.json_option import as_json_option
from app.output import out, print_json
from archive.receiving.receipts import LARGEST, prove_receipt


@click.group()
def receipt() -> None:
    """Receipts: what an archive answered to a bag, signed."""


@receipt.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--key",
    "key_files",
    multiple=True,
    type=click.Path(path_type=Path),
    help="File of public keys to believe; this station's own where none is named.",
)
@as_json_option
def verify(file: Path, key_files: tuple[Path, ...], *, as_json: bool) -> None:
    """Prove that an archive signed the receipt in FILE, and tell what it says.

    Exit 0 when it is proved, 1 when it is not.
    """
    keys = believed_keys(key_files)
    with file.open("rb") as opened:
        proved = prove_receipt(opened.read(LARGEST + 1), keys)
    document = proved.document
    if as_json:
        print_json({"valid": True, "key": proved.key, "receipt": dict(document)})
        return
    out.print(
        f"Key {proved.key} has signed that {document['institution']} has the bag {document['bag']['name']} "
        f"as version {document.get('version')} of {document['object']} ({proved.verdict}, {document['decided_at']}).",
        markup=False,
    )
    out.print(f"  SHA-256 of the tar: {proved.bag_sha256}", markup=False)
    for copy in document["copies"]:
        out.print(f"  {copy['location']}: {copy['contents']} contents, proved: {copy['proof']}", markup=False)
