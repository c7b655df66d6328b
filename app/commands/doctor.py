# SPDX-License-Identifier: Apache-2.0
"""`recto doctor`: what is installed, reachable and writable, with the remedy for what is not."""

from __future__ import annotations

import os
import platform
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict
from importlib.util import find_spec
from urllib.parse import urlsplit

import click

from app.commands.doctor_finding import Finding
from app.commands.doctor_site import SITE_CHECKS
from app.exit_codes import ExitCode
from app.json_option import as_json_option
from app.output import out, print_json
from archive.errors import ArchiveError, ColorProfileUnknown, EngineBroken
from archive.imaging.color_profiles import profile_space, site_profiles
from archive.imaging.opinions import TOOLS, installed_tools
from archive.storage.file_url import path_of
from archive.text.engines import site_engines
from hardware.discovery import list_devices
from hardware.notices import DiscoveryNotice
from workers.connection_trials import try_broker
from workers.embedded_broker import EmbeddedBroker, find_server
from workers.errors import PipelineRefused, StepBroken
from workers.node import Node
from workers.pipelines.catalogue import clash_of, known_pipelines, mismatch_of
from workers.receiving.fixity_standing import fixity_watch
from workers.settings import load_settings
from workers.steps.registry import site_steps
from workers.versions import package_version

CONNECT_SECONDS = 3.0
ROOM_WANTED = 2 << 30
"""Bytes below which a disk is called full: some forty A4 masters at 600 dpi."""


@click.command()
@as_json_option
def doctor(*, as_json: bool) -> None:
    """Check this machine; exit 0 when the main job can be done here, 1 when something needed is missing."""
    node = Node(load_settings())
    findings = [finding for check in CHECKS for finding in check(node)]
    healthy = all(finding.good for finding in findings if finding.needed)
    if as_json:
        print_json({"healthy": healthy, "checks": [asdict(finding) for finding in findings]})
    else:
        for finding in findings:
            mark = "ok     " if finding.good else "MISSING" if finding.needed else "absent "
            out.print(f"{mark} {finding.check:<20} {finding.found}", markup=False)
            if not finding.good:
                out.print(f"        {'':<20} {finding.remedy}", markup=False)
    sys.exit(ExitCode.DONE if healthy else ExitCode.INVALID)


def _recto(_node: Node) -> Iterator[Finding]:
    yield Finding(
        "Recto", good=True, found=f"{package_version('recto')} on Python {platform.python_version()}"
    )


def _extras(node: Node) -> Iterator[Finding]:
    modules = {"pytesseract": "OCR", "pikepdf": "PDF/A", "img2pdf": "PDF/A", "py3langid": "languages"}
    gone = sorted(name for name in modules if find_spec(name) is None)
    yield Finding(
        "worker packages",
        good=not gone,
        found=f"missing: {', '.join(gone)}" if gone else "all installed",
        remedy="Install them with: pip install 'recto[worker]'",
    )
    if node.settings.devices.folders and find_spec("rawpy") is None:
        yield Finding(
            "raw files",
            good=False,
            found="rawpy is not installed: raw files of cameras in hot folders are refused",
            remedy="Install it with: pip install 'recto[raw]'",
            needed=False,
        )


def _tesseract(node: Node) -> Iterator[Finding]:
    program = shutil.which("tesseract")
    if program is None:
        yield Finding("Tesseract", good=False, found="not installed", remedy="apt-get install tesseract-ocr")
        return
    answer = subprocess.run([program, "--list-langs"], capture_output=True, text=True, check=False)
    languages = sorted(answer.stdout.split("\n")[1:]) if answer.returncode == 0 else []
    wanted = node.settings.ocr.language
    yield Finding(
        "Tesseract",
        good=set(wanted.split("+")) <= set(languages),
        found=f"languages: {' '.join(languages).strip()}",
        remedy=f"The default language {wanted} has no data: apt-get install tesseract-ocr-{wanted.lower()}",
    )


def _outside_tools(_node: Node) -> Iterator[Finding]:
    """Programs that judge masters too, where they are installed."""
    here = installed_tools()
    packages = {
        "exiftool": "apt-get install libimage-exiftool-perl",
        "jpylyzer": "pip install jpylyzer",
        "checkit_tiff": "apt-get install checkit-tiff",
    }
    for tool in TOOLS:
        yield Finding(
            tool,
            good=tool in here,
            found=(here[tool] or "installed")
            if tool in here
            else "not installed: masters are judged without it",
            remedy=f"Where its opinion is wanted: {packages[tool]}",
            needed=False,
        )


def _color_profiles(node: Node) -> Iterator[Finding]:
    """The site's ICC profiles, and those of its scanners, where any are set."""
    masters, devices = node.settings.masters, node.settings.devices
    if masters.icc_folder is None and not devices.icc:
        return
    try:
        found = sorted(site_profiles(masters.icc_folder))
        for setting in devices.icc:
            found.append(f"{profile_space(setting.profile)} of {setting.device}")
    except ColorProfileUnknown as error:
        yield Finding("colour profiles", good=False, found=error.message, remedy=error.remedy)
        return
    yield Finding(
        "colour profiles",
        good=bool(found),
        found=", ".join(found) or f"none in {masters.icc_folder}",
        remedy="Name the files as manifests name the profiles: eciRGBv2.icc, AdobeRGB.icc.",
        needed=False,
    )


def _devices(node: Node) -> Iterator[Finding]:
    notices: list[DiscoveryNotice] = []
    found = [device.id for device in list_devices(node.hardware(), notices.append)]
    yield Finding(
        "scanners",
        good=bool(found),
        found=", ".join(found) or "none",
        remedy="Switch the scanner on, install libsane1 and its driver, or configure a simulated one.",
    )
    for notice in notices:
        yield Finding("scanners", good=False, found=notice.message, remedy=notice.remedy, needed=False)


def _steps(_node: Node) -> Iterator[Finding]:
    """The steps that other packages offer to pipelines, each loaded."""
    try:
        offered = site_steps()
    except StepBroken as error:
        yield Finding("steps", good=False, found=error.message, remedy=error.remedy, needed=False)
        return
    for step in offered:
        broken = step.broken
        yield Finding(
            f"step {step.name}",
            good=broken is None,
            found=broken.message if broken else f"offered by {step.distribution}",
            remedy=broken.remedy if broken else "",
            needed=False,
        )


def _engines(_node: Node) -> Iterator[Finding]:
    """The OCR engines that other packages offer, each loaded."""
    try:
        offered = site_engines()
    except EngineBroken as error:
        yield Finding("OCR engines", good=False, found=error.message, remedy=error.remedy, needed=False)
        return
    for engine in offered:
        broken = engine.broken
        yield Finding(
            f"OCR engine {engine.name}",
            good=broken is None,
            found=broken.message if broken else f"offered by {engine.distribution}",
            remedy=broken.remedy if broken else "",
            needed=False,
        )


def _pipelines(node: Node) -> Iterator[Finding]:
    """The pipelines of the folder that the settings name."""
    folder = node.settings.pipelines.folder
    if folder is None:
        return
    try:
        known = [pipeline for pipeline in known_pipelines(folder) if not pipeline.shipped]
    except PipelineRefused as error:
        yield Finding("pipelines", good=False, found=error.message, remedy=error.remedy, needed=False)
        return
    for pipeline in known:
        trouble = clash_of(pipeline) or mismatch_of(pipeline)
        yield Finding(
            f"pipeline {pipeline.name}",
            good=not trouble,
            found=trouble or str(pipeline.path),
            remedy=f"See all problems with: recto pipeline check {pipeline.path}",
            needed=False,
        )


def _broker(node: Node) -> Iterator[Finding]:
    if node.settings.broker_url is not None:
        yield from _site_broker(node)
        return
    try:
        server = find_server()
    except ArchiveError as error:
        yield Finding("broker", good=False, found=error.message, remedy=error.remedy)
        return
    running = (
        "running" if EmbeddedBroker(node.settings.state_directory).answers() else "starts with a station"
    )
    yield Finding("broker", good=True, found=f"private, {server} ({running})")


def _site_broker(node: Node) -> Iterator[Finding]:
    """A message is sent and taken back, and a result written, with the passwords and certificates of the settings."""
    try:
        trial = try_broker(node.settings)
    except ArchiveError as error:
        yield Finding("broker", good=False, found=error.message, remedy=error.remedy)
        return
    kind = "RabbitMQ" if trial.kind == "amqp" else "Redis"
    yield Finding("broker", good=True, found=f"{kind} {trial.server} took a message and gave it back")
    if trial.advice:
        found = f"{kind} {trial.server} asks for a setting"
        yield Finding("long units", good=False, found=found, remedy=trial.advice, needed=False)


def _registry(node: Node) -> Iterator[Finding]:
    try:
        with node.registry.reading():
            yield Finding("registry", good=True, found=node.registry.url)
    except ArchiveError as error:
        yield Finding("registry", good=False, found=error.message, remedy=error.remedy)


def _fixity(node: Node) -> Iterator[Finding]:
    """Kept copies, where this registry has any."""
    try:
        watch = fixity_watch(node)
    except ArchiveError:
        # told by the check of the registry
        return
    if watch.copies:
        yield Finding(
            "kept copies",
            good=not watch.warning,
            found=watch.warning or f"{watch.copies}, none damaged, none overdue",
            remedy="See which and why with: recto fixity status",
            needed=False,
        )


def _folders(node: Node) -> Iterator[Finding]:
    folders = {"data": node.settings.data_directory, "state": node.settings.state_directory}
    for name, target in node.settings.storage_targets().items():
        if not target.url.startswith("s3:"):
            folders[f"storage {name}"] = path_of(target.url)
    for name, folder in folders.items():
        existing = next(path for path in (folder, *folder.parents) if path.exists())
        writable = os.access(existing, os.W_OK)
        free = shutil.disk_usage(existing).free
        yield Finding(
            name,
            good=writable and free > ROOM_WANTED,
            found=f"{folder}, {free >> 30} GiB free" + ("" if writable else ", not writable"),
            remedy="Give this user the right to write there, make room, or choose another folder in the settings.",
        )


def _storage(node: Node) -> Iterator[Finding]:
    for name, target in node.settings.storage_targets().items():
        if target.url.startswith("s3:"):
            address = target.endpoint or f"https://s3.{target.region or 'us-east-1'}.amazonaws.com"
            yield _reachable(f"storage {name}", address, default_port=443)
    if node.stages_files:
        yield _staging(node)


def _staging(node: Node) -> Finding:
    try:
        next(node.staging.objects(), None)
    except ArchiveError as error:
        return Finding("staging", good=False, found=error.message, remedy=error.remedy)
    return Finding("staging", good=True, found=f"{node.staging.url} answers")


def _reachable(check: str, address: str, *, default_port: int) -> Finding:
    """Whether somebody answers at an address; keys and passwords are tried when work is sent."""
    parts = urlsplit(address)
    host, port = parts.hostname or "localhost", parts.port or (80 if parts.scheme == "http" else default_port)
    place = f"{parts.scheme}://{host}:{port}"
    try:
        socket.create_connection((host, port), timeout=CONNECT_SECONDS).close()
    except OSError as error:
        return Finding(
            check, good=False, found=f"{place}: {error}", remedy="Start the server, or correct its address."
        )
    return Finding(check, good=True, found=f"{place} answers")


CHECKS: tuple[Callable[[Node], Iterator[Finding]], ...] = (
    _recto,
    _extras,
    _tesseract,
    _outside_tools,
    _color_profiles,
    _devices,
    _steps,
    _engines,
    _pipelines,
    _broker,
    _registry,
    _fixity,
    _folders,
    _storage,
    *SITE_CHECKS,
)
