# SPDX-License-Identifier: Apache-2.0
"""`recto bag`: make bags of existing folders, and verify bags."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import sys
from pathlib import Path
from typing import Any

import click

from app.byte_progress import ByteProgress
from app.commands.bag_profile import profile_command
from app.exit_codes import ExitCode, exit_code_of
from app.json_option import as_json_option
from app.output import err, out, print_error, print_json
from archive.bag.batch_sheet import read_batch_sheet
from archive.bag.bulk import BagRequest, Outcome, bag_folders, wants_tar
from archive.bag.contents import TagFile
from archive.bag.profile import BagProfile, load_profile
from archive.bag.report import BagReport
from archive.bag.tag_files import TagValue, values_of
from archive.bag.validator import verify_bag
from archive.bag.writer import WrittenBag
from archive.errors import BagUnreadable
from archive.progress import ProgressCallback


@click.group()
def bag() -> None:
    """Bags: create them from folders, verify them."""


bag.add_command(profile_command)


@bag.command()
@click.argument("folders", metavar="FOLDER...", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--csv",
    "sheet",
    type=click.Path(path_type=Path),
    help="Bag the folders of this CSV: Bag-Name, Root-Directory, and a column tagfile/tag for each tag.",
)
@click.option(
    "--profile", default="aptrust-2.3", show_default=True, help="A shipped profile's name, or a file."
)
@click.option(
    "--tag",
    "tags",
    multiple=True,
    metavar="K=V",
    help="A tag for every bag, again for another value; FILE/K=V for another tag file.",
)
@click.option(
    "--tag-file",
    "tag_files",
    multiple=True,
    metavar="PATH=FILE",
    help="A file beside data/ in every bag, such as metadata/mods.xml=mods.xml; {name} in FILE is the bag's.",
)
@click.option("-o", "--out", "destination", type=click.Path(path_type=Path), help="Folder for the bags.")
@click.option(
    "--to",
    "url",
    help="Write each bag as a tar straight into this storage target instead, as `recto upload --to` takes it.",
)
@click.option(
    "--tar", is_flag=True, help="Write each bag as one tar; a profile that demands a tar gets one anyway."
)
@click.option(
    "--concurrency",
    type=click.IntRange(1, 64),
    default=min(4, os.cpu_count() or 1),
    show_default=True,
    help="Bags made at the same time.",
)
@as_json_option
def create(
    folders: tuple[Path, ...],
    sheet: Path | None,
    profile: str,
    tags: tuple[str, ...],
    tag_files: tuple[str, ...],
    destination: Path | None,
    url: str | None,
    *,
    tar: bool,
    concurrency: int,
    as_json: bool,
) -> None:
    """Make one bag of each FOLDER; one that fails is named and does not harm the others.

    Run again after an interruption, it makes what is missing: bags that are there and equal are named
    and left alone.
    """
    if bool(folders) == bool(sheet):
        raise click.UsageError("Name folders, or a CSV with --csv.")
    if bool(destination) == bool(url):
        raise click.UsageError("Name a folder for the bags with -o, or a storage target with --to.")
    rules = load_profile(profile)
    placed = rules.place_tags(_assignments(tags))
    if sheet is not None:
        requests = read_batch_sheet(sheet, rules, placed)
    else:
        requests = [BagRequest(folder, "", placed) for folder in folders]
    requests = [_with_tag_files(request, tag_files) for request in requests]
    if url or destination is None:
        from app.commands.bag_to_storage import send_bags

        send_bags(requests, rules, url or "", concurrency, as_json=as_json)
        return
    tar = wants_tar(rules, asked=tar)
    results: dict[int, dict[str, Any]] = {}
    with ByteProgress() as bars:
        outcomes = bag_folders(
            requests,
            profile=rules,
            destination_dir=destination,
            tar=tar,
            concurrency=concurrency,
            watch=lambda request: bars.listener(request.bag_name),
        )
        with contextlib.closing(outcomes):
            for outcome in outcomes:
                bars.end(outcome.request.bag_name)
                results[id(outcome.request)] = _tell(outcome, as_json=as_json)
    documents = [results[id(request)] for request in requests]
    if as_json:
        print_json(documents)
    _tell_count(documents)
    sys.exit(max(exit_code_of(document["error"]) if "error" in document else 0 for document in documents))


def _tell(outcome: Outcome[WrittenBag], *, as_json: bool) -> dict[str, Any]:
    """Print what became of one folder, and give it as a JSON object."""
    folder = str(outcome.request.folder)
    if outcome.error is not None:
        from workers.failures import describe_failure

        document = describe_failure(outcome.error)
        print_error(document | {"message": f"{folder}: {document['message']}"})
        return {"folder": folder, "name": outcome.request.bag_name, "error": document}
    written = outcome.written
    assert written is not None  # noqa: S101 - one of the two is there
    if not as_json:
        # a folder has no digest of its own: its tag manifest seals everything in it
        digest = (
            f"sha256 {written.sha256}" if written.sha256 else f"tag manifest {written.tag_manifest_sha256}"
        )
        what = "was there already, and is equal" if written.already_there else digest
        out.print(f"{written.path}: {written.payload_files} files, {what}", markup=False)
    return {
        "folder": folder,
        "name": written.name,
        "path": str(written.path),
        "size": written.size,
        "sha256": written.sha256,
        "tag_manifest_sha256": written.tag_manifest_sha256,
        "files": written.payload_files,
        "already_there": written.already_there,
        "empty_folders": list(written.empty_folders),
    }


def _tell_count(documents: list[dict[str, Any]]) -> None:
    if len(documents) > 1:
        there = sum(bool(document.get("already_there")) for document in documents)
        failed = sum("error" in document for document in documents)
        made = len(documents) - there - failed
        err.print(f"{len(documents)} folders: {made} bagged, {there} there already, {failed} failed.")


def _assignments(texts: tuple[str, ...]) -> dict[str, TagValue]:
    tags: dict[str, TagValue] = {}
    for text in texts:
        name, sign, value = text.partition("=")
        if not sign or not name.strip():
            raise click.UsageError(f"--tag takes K=V or FILE/K=V, not {text!r}.")
        label = name.strip()
        tags[label] = (*values_of(tags[label]), value) if label in tags else value
    return tags


def _with_tag_files(request: BagRequest, texts: tuple[str, ...]) -> BagRequest:
    """The request with the files named on the command line, each found by the bag's name where it asks for it."""
    found = []
    for text in texts:
        path, sign, file = text.partition("=")
        if not sign or not path or not file:
            raise click.UsageError(f"--tag-file takes PATH=FILE, not {text!r}.")
        found.append(TagFile(path, source=Path(file.replace("{name}", request.bag_name))))
    return dataclasses.replace(request, tag_files=tuple(found))


@bag.command()
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--profile", help="Check against this profile; else against the one that the bag names.")
@as_json_option
def verify(paths: tuple[Path, ...], profile: str | None, *, as_json: bool) -> None:
    """Verify bags (folders, tars or tar.gz); exit 0 when all are valid, 1 when one is not.

    Each is told as it ends. One that cannot be opened counts as not valid and does not stop the others.
    """
    rules = load_profile(profile) if profile else None
    reports: list[BagReport] = []
    with ByteProgress() as bars:
        for path in paths:
            reports.append(_verified(path, rules, bars.listener("verify")))
            if not as_json:
                _print_report(reports[-1])
    if as_json:
        print_json([report.to_json() for report in reports])
    bad = sum(not report.valid for report in reports)
    if len(reports) > 1:
        err.print(f"{len(reports)} bags: {len(reports) - bad} valid, {bad} not valid.")
    sys.exit(ExitCode.INVALID if bad else ExitCode.DONE)


def _verified(path: Path, profile: BagProfile | None, progress: ProgressCallback) -> BagReport:
    try:
        return verify_bag(path, profile=profile, progress=progress)
    except BagUnreadable as error:
        return BagReport.unreadable(path, error.message)


def _print_report(report: BagReport) -> None:
    out.print(f"{report.path}: {'valid' if report.valid else 'NOT valid'}", markup=False)
    for kind, findings in (("error", report.errors), ("warning", report.warnings)):
        for finding in findings:
            out.print(f"  {kind} [{finding.rule}] {finding.file}: {finding.message}", markup=False)
    out.print(f"  profile: {report.profile or 'none'}; second opinion: {report.second_opinion}", markup=False)
