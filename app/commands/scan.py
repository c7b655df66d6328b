# SPDX-License-Identifier: Apache-2.0
"""`recto scan`: capture pages from a device straight into TIFF masters, without a batch."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

import click

from app.commands.scan_arguments import PAGES, REGION
from app.commands.scan_job import ScanJob
from app.commands.scan_pages import PageNames, keep_pages
from app.commands.scan_preview import scan_preview
from app.commands.scan_profile import scan_settings
from app.commands.scan_start import wait_for_button, wait_until_loaded
from app.devices import open_device, station_hardware
from app.exit_codes import ExitCode, exit_code_of
from app.interruption import Interruption
from app.json_option import as_json_option
from app.output import describe_usage, err, print_error, print_json
from archive.errors import ArchiveError
from archive.unfinished_files import living_folder, remove_unfinished
from hardware.configuration import HardwareConfiguration
from hardware.device_process.session import DeviceSession
from hardware.errors import Retry, ScanCancelled, ScannerError
from hardware.options import Value
from hardware.preview import Area, region_settings
from hardware.scanner import BatchEnd, ScanRequest
from workers.failures import describe_failure


@click.command()
@click.argument("device")
@click.option(
    "-o",
    "--out",
    "file",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    help="FILE.tif; pages after the first get -0002 and so on. A preview may be a FILE.png.",
)
@click.option(
    "--set", "assignments", multiple=True, metavar="NAME=VALUE", help="A SANE option, as often as needed."
)
@click.option(
    "--profile",
    type=click.Path(path_type=Path, dir_okay=False),
    help="A file of option values in TOML, YAML or JSON; --set goes over it.",
)
@click.option(
    "--pages",
    type=PAGES,
    default="1",
    show_default=True,
    help="How many pages at most, or all of the feeder.",
)
@click.option(
    "--first-page", type=click.IntRange(min=1), default=1, show_default=True, help="Number of the first page."
)
@click.option(
    "--area", type=REGION, metavar="X,Y,W,H", help="Scan this region only: left, top, width, height in mm."
)
@click.option("--preview", is_flag=True, help="Only a quick look at the glass, in low resolution.")
@click.option("--when-loaded", is_flag=True, help="Begin when there is a sheet in the feeder.")
@click.option("--on-button", metavar="NAME", help="Begin when this button of the device is pressed.")
@as_json_option
def scan(
    device: str,
    file: Path,
    assignments: tuple[str, ...],
    profile: Path | None,
    pages: int | None,
    first_page: int,
    area: Area | None,
    on_button: str | None,
    *,
    preview: bool,
    when_loaded: bool,
    as_json: bool,
) -> None:
    """Scan from DEVICE into FILE, each page proved against the pixels that the scanner delivered.

    When something goes wrong, or on Ctrl-C, the pages that came whole are kept.
    """
    job = ScanJob(
        device,
        PageNames(file, first_page, pages),
        profile,
        assignments,
        area,
        preview,
        when_loaded,
        on_button,
        as_json,
    )
    try:
        job.refuse_contradictions()
        settings = scan_settings(profile, assignments)
    except click.UsageError as error:
        if not as_json:
            raise
        _end(job, describe_usage(error), as_json=True)
    with Interruption() as interruption:
        failure = _failure(job, settings, interruption)
    _end(job, failure, as_json=as_json)


def _failure(job: ScanJob, settings: dict[str, Value], interruption: Interruption) -> dict[str, Any] | None:
    """Do the job; what went wrong, as an error's JSON, or None."""
    try:
        ended = _run(job, settings, interruption)
    except (ArchiveError, ScannerError, OSError) as error:
        if isinstance(error, ScanCancelled) and interruption.asked.is_set():
            return _INTERRUPTED
        return describe_failure(error)
    except KeyboardInterrupt:
        return _INTERRUPTED
    if ended != "cancelled":
        return None
    if interruption.asked.is_set():
        return _INTERRUPTED
    return ScanCancelled(f"The scan was stopped at {job.device}.", by="device").to_json()


def _run(job: ScanJob, settings: dict[str, Value], interruption: Interruption) -> BatchEnd:
    configuration = station_hardware()
    with open_device(job.device, configuration, cancelled=interruption.asked) as session:
        _set_up(job, settings, session)
        for each in job.rounded():
            err.print(f"The device has rounded an option: {each}.", markup=False)
        if not _may_begin(job, session, configuration, interruption):
            return "cancelled"
        interruption.ends(session.cancel)
        folder = job.names.file.absolute().parent
        folder.mkdir(parents=True, exist_ok=True)
        with _room_beside(folder / job.names.file.name) as room:
            try:
                return _scan(job, session, room / "spool")
            finally:
                if interruption.asked.is_set():
                    err.print("Waiting for the driver to stop. Another Ctrl-C does not wait for it.")
                # nothing may still be writing into the folder when it is removed
                session.close()


@contextmanager
def _room_beside(file: Path) -> Iterator[Path]:
    """A folder for what is not finished; one that a killed scan to the same file has left is removed."""
    remove_unfinished(file)
    # beside the target: the spool needs the same room, and not a temporary file system in memory
    with (
        tempfile.TemporaryDirectory(prefix=f".{file.name[:100]}.", suffix=".part", dir=file.parent) as room,
        living_folder(Path(room)),
    ):
        yield Path(room)


def _set_up(job: ScanJob, settings: dict[str, Value], session: DeviceSession) -> None:
    applied = session.apply(settings)
    if job.area is not None and not job.preview:
        # the source, set before, decides how large a region may be
        applied |= session.apply(region_settings(session.options(), job.area))
    job.options = {name: option.to_json() for name, option in applied.items()}


def _may_begin(
    job: ScanJob, session: DeviceSession, configuration: HardwareConfiguration, interruption: Interruption
) -> bool:
    if job.when_loaded:
        return wait_until_loaded(session, configuration.sensor_interval, interruption.asked)
    if job.button is not None:
        return wait_for_button(session, job.button, configuration.sensor_interval, interruption.asked)
    return True


def _scan(job: ScanJob, session: DeviceSession, spool: Path) -> BatchEnd:
    if job.preview:
        return scan_preview(session, job.names.file, job.area, spool, job.keep)
    request = ScanRequest(spool, job.names.count, job.names.first)
    return keep_pages(session.scan(request), job.names, spool, job.keep)


# How it ended

_INTERRUPTED: dict[str, Any] = {
    "code": "interrupted",
    "message": "The scan was interrupted.",
    "consequence": "Pages that came whole are kept; the page in work is void.",
    "remedy": "Go on when you like.",
    "retry": "after_operator",
    "facts": {},
}


def _command(job: ScanJob, failure: dict[str, Any]) -> str:
    """How to go on, in words for a shell; nothing where the same call would fail again."""
    if failure["retry"] == Retry.NEVER and not job.pages:
        return ""
    if failure["facts"].get("front_kept"):
        # with the settings of this scan, the sheet would give its front once more
        rest = job.rest(left_out=1)
        return f" For the sheets after it: {rest}" if rest else ""
    rest = job.rest()
    return f" The command for that: {rest}" if rest else ""


def _end(job: ScanJob, failure: dict[str, Any] | None, *, as_json: bool) -> NoReturn:
    """Tell what exists and what went wrong, and leave with the exit code for it."""
    if failure is not None and (job.pages or "next_page" in failure["facts"]) and not job.preview:
        failure = failure | {"remedy": f"{failure['remedy']}{_command(job, failure)}"}
    if as_json:
        print_json(job.document(failure))
    if failure is None:
        if len(job.pages) < (job.names.count or 0):
            err.print(f"{len(job.pages)} of {job.names.count} pages came: no more were in the scanner.")
        sys.exit(ExitCode.DONE)
    print_error(failure)
    sys.exit(exit_code_of(failure))
