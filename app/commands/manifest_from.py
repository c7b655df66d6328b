# SPDX-License-Identifier: Apache-2.0
"""`recto manifest from-folder` and `from-server`: a manifest of images that exist already."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from app.exit_codes import ExitCode
from app.file_progress import file_progress
from app.json_option import as_json_option
from app.output import err, out, print_json
from archive.fetching.access import Access
from archive.fetching.addresses import SourceAddress, parse_address
from archive.fetching.batch_manifest import BatchFacts, item_id, make_manifest, write_checked
from archive.fetching.findings import Finding
from archive.fetching.image_facts import ImageFacts, most_common, read_image_facts
from archive.fetching.listing import Found, FoundItem, declared_by
from archive.manifest.model import Manifest
from archive.manifest.rules import COLOR_PROFILES
from archive.manifest.writer import FORMATS
from archive.progress import ProgressCallback

MOST_NOTES = 12
"""Notes that are shown in a terminal; --json has all of them."""


def batch_options(pipeline: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """The options of both commands: what files do not say of themselves."""
    options = (
        click.option(
            "-o",
            "--out",
            "file",
            type=click.Path(path_type=Path, dir_okay=False),
            required=True,
            help=f"The manifest to write; ends in {', '.join(FORMATS)}. Nothing is overwritten.",
        ),
        click.option("--id", "batch_id", help="Id of the batch; made of the folder's name when left out."),
        click.option("--institution", help="Who owns the material."),
        click.option("--collection", help="The collection that the items belong to."),
        click.option("--scanner-model", help="What they were scanned with, where the images do not say."),
        click.option("--resolution", type=int, help="Dots per inch; what most images say when left out."),
        click.option(
            "--color-profile",
            type=click.Choice(COLOR_PROFILES, case_sensitive=False),
            help="As most images have it when left out.",
        ),
        click.option("--language", help="Language of all items, such as eng or deu+fra."),
        click.option("--rights", help="Rights statement of all items."),
        click.option("--bag-profile", help="Name of the bag profile."),
        click.option("--storage", multiple=True, help="Storage target; may be given several times."),
        click.option("--tag", "tags", multiple=True, metavar="K=V", help="A bag tag of all items."),
        click.option("--pipeline", default=pipeline, show_default=True, help="The pipeline."),
        click.option("--one-item", is_flag=True, help="All images directly there are one item."),
        click.option("--images-only", is_flag=True, help="Leave other files than images out of the bags."),
        as_json_option,
    )

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


@click.command("from-folder")
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option(
    "--leave-out-unreadable", is_flag=True, help="Leave images out that cannot be read, in place of refusing."
)
@batch_options("existing-files")
def from_folder(folder: Path, *, leave_out_unreadable: bool, **options: Any) -> None:
    """A manifest of the images in FOLDER: each sub-folder one item, its images pages in natural order."""
    from archive.fetching.folder import survey_folder

    file: Path = options["file"]
    base = file.absolute().parent
    if not folder.resolve().is_relative_to(base.resolve()):
        raise click.UsageError(
            f"A manifest names files below its own folder: write it into {folder} or above, not to {file}."
        )
    _require_new(file)
    with file_progress() as progress:
        found = survey_folder(folder, base, one_item=options["one_item"], progress=progress)
        facts = read_image_facts(
            ((page, base / page) for item in found.items for page in item.pages), progress
        )
    findings = list(found.findings)
    if leave_out_unreadable:
        found = _without(found, facts.unreadable)
    for name, reason in facts.unreadable.items():
        findings.append(_unreadable(name, reason, left_out=leave_out_unreadable))
    _finish(found, facts, findings, item_id(folder.resolve().name), options)


@click.command("from-server")
@click.argument("url")
@click.option(
    "--ask-password",
    is_flag=True,
    help="Ask for the user's password, and keep it in the keyring for workers.",
)
@batch_options("server-import")
def from_server(url: str, *, ask_password: bool, **options: Any) -> None:
    """A manifest of the images below URL (https, http, s3 or sftp), or in the list of files that it names."""
    from archive.fetching.listing import list_server
    from archive.fetching.servers import Servers
    from workers.fetch_access import access_of
    from workers.settings import load_settings

    start = parse_address(url)
    _require_new(options["file"])
    access = access_of(load_settings())
    if ask_password:
        access = _with_password(access, start)
    with Servers(access) as servers, file_progress() as progress:
        found = list_server(servers, start, one_item=options["one_item"], progress=progress)
        silent = not (options["resolution"] and options["color_profile"] and options["scanner_model"])
        facts = _first_image(servers, found, progress) if silent else ImageFacts()
    findings = list(found.findings)
    findings += [_unreadable(name, reason, left_out=False) for name, reason in facts.unreadable.items()]
    findings += _assumed(found, facts)
    name = start.plain_path.rstrip("/").rpartition("/")[2] or start.host
    _finish(found, facts, findings, item_id(name), options)


def _require_new(file: Path) -> None:
    if file.suffix.lower().removeprefix(".").replace("yml", "yaml") not in FORMATS:
        raise click.UsageError(f"A manifest ends in {', '.join(FORMATS)}: {file} does not.")
    if file.exists():
        raise click.UsageError(f"{file} exists already; it was left as it is.")
    if not file.absolute().parent.is_dir():
        raise click.UsageError(f"There is no folder {file.absolute().parent}.")


def _with_password(access: Access, start: SourceAddress) -> Access:
    from workers.fetch_access import keep_server_password

    if not start.user:
        raise click.UsageError("A password belongs to a user: write the address as sftp://user@host/folder.")
    password: str = click.prompt(f"Password of {start.user} on {start.place}", hide_input=True, err=True)
    keep_server_password(start, password)
    return replace(access, password_of=lambda address: password if address.user == start.user else None)


def _first_image(servers: Any, found: Found, progress: ProgressCallback) -> ImageFacts:
    """What the first image says, which stands for all: the others come when the batch runs."""
    from archive.fetching.download import download

    first = next((page for item in found.items for page in item.pages), None)
    if first is None:
        return ImageFacts()
    with tempfile.TemporaryDirectory(prefix="recto-first-image-") as folder:
        fetched = download(servers, parse_address(first), Path(folder) / "image", progress=progress)
        return read_image_facts([(fetched.url, fetched.path)])


def _assumed(found: Found, facts: ImageFacts) -> list[Finding]:
    """What somebody should know who relies on a manifest of files that nobody has seen yet."""
    notes = []
    if facts.images:
        message = "What no option says of resolution, colour and scanner is that of the first image."
        notes.append(Finding("note", "first-image", "", message))
    counted = declared_by(found.items)
    if unproved := counted["pages"] - counted["with_digest"]:
        message = f"The server tells no digest of {unproved} of {counted['pages']} pages."
        notes.append(Finding("note", "no-digest", "", message, "They are taken as they come."))
    return notes


def _without(found: Found, names: dict[str, str]) -> Found:
    items = [
        FoundItem(item.name, tuple(page for page in item.pages if page not in names), item.others)
        for item in found.items
    ]
    return Found(items, found.findings)


def _unreadable(name: str, reason: str, *, left_out: bool) -> Finding:
    if left_out:
        return Finding("note", "left-out", name, f"{name!a} was left out: {reason}")
    return Finding(
        "error",
        "unreadable",
        name,
        f"{name!a} is no image that can be taken in: {reason}",
        "Mend it or take it away, or say --leave-out-unreadable where it is not wanted.",
    )


def _finish(
    found: Found, facts: ImageFacts, findings: list[Finding], name: str, options: dict[str, Any]
) -> None:
    """Make the manifest, write it when nothing is wrong, tell what was found, and leave with the exit code."""
    manifest = make_manifest(found, _facts(facts, findings, name, options), findings)
    wrong = any(finding.severity == "error" for finding in findings)
    written = manifest is not None and not wrong and write_checked(manifest, options["file"], findings)
    if options["as_json"]:
        print_json(_document(manifest, found, findings, options["file"] if written else None))
    else:
        _print(manifest, found, findings, options["file"], written=written)
    sys.exit(ExitCode.DONE if written else ExitCode.INVALID)


def _facts(facts: ImageFacts, findings: list[Finding], name: str, options: dict[str, Any]) -> BatchFacts:
    total = facts.images
    resolution = options["resolution"]
    if resolution is None and (said := most_common(facts.resolutions, "resolution", findings, total)):
        resolution = int(said)
    color = options["color_profile"] or most_common(facts.colors, "colour", findings, total)
    scanner = options["scanner_model"] or most_common(facts.scanners, "scanner", findings, total)
    tags = dict(_tag(text) for text in options["tags"])
    return BatchFacts(
        values={
            "id": options["batch_id"] or name,
            "institution": options["institution"],
            "collection": options["collection"],
            "scanner_model": scanner,
            "resolution_dpi": resolution,
            "color_profile": color,
            "pipeline": options["pipeline"],
            "bag_profile": options["bag_profile"],
            "storage": options["storage"] or None,
        },
        per_item={"language": options["language"] or "", "rights": options["rights"] or ""},
        tags=tags,
        attach=not options["images_only"],
    )


def _tag(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name.strip():
        raise click.UsageError(f"A tag is written NAME=VALUE, not {text!r}.")
    return name.strip(), value.strip()


def _document(
    manifest: Manifest | None, found: Found, findings: list[Finding], written: Path | None
) -> dict[str, Any]:
    return {
        "written": str(written) if written else None,
        "batch": manifest.id if manifest else None,
        "items": len(manifest.items) if manifest else 0,
        **declared_by(found.items),
        "attachments": sum(len(item.attachments) for item in manifest.items) if manifest else 0,
        "findings": [finding.to_json() for finding in findings],
    }


def _print(
    manifest: Manifest | None, found: Found, findings: list[Finding], file: Path, *, written: bool
) -> None:
    notes = [finding for finding in findings if finding.severity == "note"]
    for note in notes[:MOST_NOTES]:
        err.print(f"note: {note.message} {note.remedy}".rstrip())
    if len(notes) > MOST_NOTES:
        err.print(f"and {len(notes) - MOST_NOTES} notes more; --json has all of them.")
    for error in (finding for finding in findings if finding.severity == "error"):
        out.print(f"error: {error.message}\n    {error.remedy}  [{error.code}]")
    if written and manifest is not None:
        counted = declared_by(found.items)
        out.print(
            f"Written: {file}; batch {manifest.id} with {len(manifest.items)} items and {counted['pages']} pages."
        )
        out.print(f"Run it with: recto batch submit {file}")
    else:
        out.print("Nothing was written.")
