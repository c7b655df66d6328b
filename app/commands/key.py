# SPDX-License-Identifier: Apache-2.0
"""`recto key`: show, export and rotate the keys with which this station signs the histories of its bags."""

from __future__ import annotations

from pathlib import Path

import click

from app.json_option import as_json_option
from app.output import err, out, print_json
from archive.custody.key_folder import KeyFolder
from archive.durable import write_durably
from workers.settings import load_settings


@click.group()
def key() -> None:
    """The keys that sign the histories in bags: show, export, rotate."""


@key.command()
@as_json_option
def show(*, as_json: bool) -> None:
    """Show the key that signs now and those that signed before; a first key is made."""
    keys = _keys()
    current = keys.signing_key().public.id
    rows = [
        {"id": public.id, "signs": public.id == current, "public_key": public.pem.decode()}
        for public in keys.public_keys().values()
    ]
    rows.sort(key=lambda row: (not row["signs"], row["id"]))
    if as_json:
        print_json({"folder": str(keys.folder), "keys": rows})
        return
    for row in rows:
        out.print(
            f"{row['id']}  {'signs now' if row['signs'] else 'signs no more; its signatures stay valid'}"
        )
    err.print(f"The keys lie in {keys.folder}. Back that folder up where only you can read it.")


@key.command()
@click.option("-o", "--out", "file", type=click.Path(path_type=Path), help="Write it there, not on stdout.")
@click.option("--all", "everything", is_flag=True, help="Also the keys that sign no more.")
def export(file: Path | None, *, everything: bool) -> None:
    """Give out the public key by which anybody can check this station's bags."""
    keys = _keys()
    current = keys.signing_key().public
    chosen = [current]
    if everything:
        chosen += [public for public in keys.public_keys().values() if public.id != current.id]
    content = b"".join(public.pem for public in chosen)
    if file is None:
        click.echo(content.decode(), nl=False)
        return
    try:
        write_durably(file, content, overwrite=False)
    except OSError as error:
        raise click.BadParameter(
            f"{file} cannot be written: {error.strerror}.", param_hint="--out"
        ) from error
    err.print(f"{len(chosen)} public keys are in {file}.")


@key.command()
@click.confirmation_option(prompt="The key that signs now will be destroyed; its public half is kept. Go on?")
@as_json_option
def rotate(*, as_json: bool) -> None:
    """Make a new signing key. Bags signed before stay valid under their old public keys."""
    made = _keys().rotate().public
    if as_json:
        print_json({"id": made.id, "public_key": made.pem.decode()})
        return
    out.print(f"Key {made.id} signs from now on.")
    err.print("Give it out with: recto key export --all")


def _keys() -> KeyFolder:
    return KeyFolder(load_settings().key_directory)
