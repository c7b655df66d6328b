# SPDX-License-Identifier: Apache-2.0
"""Capturing a page of SANE's `test` device into a proved master, beside scanimage and python-sane.

All run as processes of their own, in turn; behind the others come sha256sum and sync. Ours does more:
it digests the pixels as the driver delivers them, brings the page to disk, makes it the master, reads
that back from the disk and compares. Of ours three times are told: the whole process; from opening the
device on, without the interpreter's start and imports; and the page alone, as it is for every page of
a session but the first. Of python-sane only the page alone is told, and only for 8 bit: its 16-bit
pages are corrupt.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from measuring import (
    MEGABYTE,
    Account,
    StepFailed,
    alternate,
    print_machine,
    print_table,
    ratios,
    run,
    seconds_of,
    spread,
    work_folder,
)

if TYPE_CHECKING:
    from archive.imaging.master import WrittenMaster
    from hardware.device_process.session import DeviceSession

PAGE = {"br-x": 148, "br-y": 200}
"""Millimetres: as much of A5 as the device's bed takes."""

PICTURE = "Color pattern"

DEBIAN_PYTHON = Path("/usr/bin/python3")
"""What python3-sane and python3-pil are installed for."""

TAGS_AND_PROFILE = 1 << 17
"""Bytes by which two files of the same pixels may differ: directory, texts, ICC profile."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", action="store_true", help="only 300 and 600 dpi, fewer rounds")
    parser.add_argument("--rounds", type=int, help="rounds that count")
    parser.add_argument("--work", type=Path, help="where the files go; the temporary folder when left out")
    parser.add_argument("--one-page", nargs=3, metavar=("DPI", "DEPTH", "FILE"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one_page:
        dpi, depth, file = arguments.one_page
        _one_page(int(dpi), int(depth), Path(file))
        return
    missing = [name for name in ("scanimage", "sha256sum", "sync") if shutil.which(name) is None]
    if missing:
        print(f"Nothing to compare with: {', '.join(missing)} not installed (Debian: sane-utils, coreutils)")
        return
    if not _has_python_sane():
        print("Without python-sane (Debian: python3-sane, python3-pil)")
    rounds = arguments.rounds or (3 if arguments.small else 7)
    with work_folder(arguments.work) as folder:
        print_machine(folder)
        _compare(folder, (300, 600) if arguments.small else (300, 600, 1200), rounds)


def _compare(folder: Path, resolutions: tuple[int, ...], rounds: int) -> None:
    times, memory = [], []
    for dpi in resolutions:
        for depth in (8, 16):
            contenders = {
                "recto": _recto(folder, dpi, depth),
                "scanimage": _scanimage(folder, dpi, depth),
            }
            if depth == 8 and _has_python_sane():  # noqa: PLR2004 - bits
                contenders["python-sane"] = _python_sane(folder, dpi)
            accounts = alternate(contenders, rounds)
            ours, theirs, others = (accounts.get(name, []) for name in ("recto", "scanimage", "python-sane"))
            _require_same_page(ours[0], theirs[0], others)
            name = f"{dpi} dpi, {depth} bit, {ours[0].facts['size'] / MEGABYTE:.0f} MB"
            times.append([name, *_time_columns(ours, theirs, others)])
            memory.append([name, *_memory_columns(ours, theirs, others)])
    print_table(
        f"Capture of one colour page, {rounds} rounds: seconds, and ours / scanimage + sha256sum + sync",
        [
            "page",
            "scanimage chain, s",
            "python-sane chain, s",
            "ours, s",
            "ratio",
            "with opening",
            "with interpreter",
        ],
        times,
    )
    print_table(
        "Processor seconds of the page alone, and peak memory in MB",
        ["page", "scanimage, cpu s", "ours, cpu s", "scanimage", "python-sane", "ours", "device process"],
        memory,
    )


def _has_python_sane() -> bool:
    if not DEBIAN_PYTHON.exists():
        return False
    return (
        subprocess.run([DEBIAN_PYTHON, "-c", "import sane, PIL"], capture_output=True, check=False).returncode
        == 0
    )


def _require_same_page(ours: Account, theirs: Account, others: list[Account]) -> None:
    size, peer_size = ours.facts["size"], theirs.facts["size"]
    if abs(size - peer_size) > TAGS_AND_PROFILE:
        raise StepFailed(f"The masters are not of the same page: {size} and {peer_size} bytes")
    if others and others[0].facts["pixel_sha256"] != ours.facts["pixel_sha256"]:
        raise StepFailed("python-sane and Recto do not have the same pixels")


def _time_columns(ours: list[Account], theirs: list[Account], others: list[Account]) -> list[str]:
    peer = seconds_of(theirs)
    return [
        spread(peer),
        spread(seconds_of(others)) if others else "-",
        spread(_facts(ours, "page_seconds")),
        *(spread(ratios(_facts(ours, f"{key}_seconds"), peer)) for key in ("page", "session", "whole")),
    ]


def _memory_columns(ours: list[Account], theirs: list[Account], others: list[Account]) -> list[str]:
    def peak(accounts: list[Account], name: str) -> str:
        return f"{max(_facts(accounts, name)) / MEGABYTE:.0f}" if accounts else "-"

    return [
        spread([account.cpu_seconds for account in theirs]),
        spread(_facts(ours, "page_cpu_seconds")),
        peak(theirs, "scan_peak"),
        peak(others, "peak"),
        peak(ours, "peak"),
        peak(ours, "device_peak"),
    ]


def _facts(accounts: list[Account], name: str) -> list[float]:
    return [account.facts[name] for account in accounts]


def _python_sane(folder: Path, dpi: int) -> Callable[[], Account]:
    file = folder / "python-sane.tif"
    script = Path(__file__).with_name("python_sane.py")
    options = {"mode": "Color", "depth": 8, "resolution": dpi, "test-picture": PICTURE, **PAGE}

    def work() -> Account:
        file.unlink(missing_ok=True)
        command = [DEBIAN_PYTHON, script, json.dumps(options), file]
        scan = run(command, {"SANE_CONFIG_DIR": str(_test_configuration(folder))})
        told = json.loads(scan.facts["output"])
        # the interpreter's start and the opening of the device are not counted against it
        scan = dataclasses.replace(scan, seconds=told["page_seconds"])
        chain = scan + run(["sha256sum", file]) + run(["sync", file])
        chain.facts.update(told)
        return chain

    return work


def _test_configuration(folder: Path) -> Path:
    """A SANE configuration with the `test` backend only."""
    configuration = folder / "sane"
    configuration.mkdir(exist_ok=True)
    (configuration / "dll.conf").write_text("test\n")
    return configuration


def _scanimage(folder: Path, dpi: int, depth: int) -> Callable[[], Account]:
    configuration = _test_configuration(folder)
    options = {"mode": "Color", "depth": depth, "resolution": dpi, "test-picture": PICTURE}
    file = folder / "scanimage.tif"
    command: list[str | Path] = [
        "scanimage",
        "--device-name=test:0",
        "--format=tiff",
        f"--output-file={file}",
    ]
    command += [f"--{name}={value}" for name, value in options.items()]
    command += ["-x", str(PAGE["br-x"]), "-y", str(PAGE["br-y"])]

    def work() -> Account:
        file.unlink(missing_ok=True)
        scan = run(command, {"SANE_CONFIG_DIR": str(configuration)})
        chain = scan + run(["sha256sum", file]) + run(["sync", file])
        chain.facts.update(scan_peak=scan.peak_bytes, size=file.stat().st_size)
        return chain

    return work


def _recto(folder: Path, dpi: int, depth: int) -> Callable[[], Account]:
    file = folder / "recto.tif"

    def work() -> Account:
        file.unlink(missing_ok=True)
        account = run([sys.executable, __file__, "--one-page", str(dpi), str(depth), file])
        told = account.facts["output"].splitlines()[-1]  # before it may come log lines
        account.facts.update(json.loads(told))
        account.facts["whole_seconds"] = account.seconds - account.facts["page_seconds"]
        return account

    return work


def _one_page(dpi: int, depth: int, file: Path) -> None:
    """Our side, in a process of its own: two pages from the device to their masters, told as JSON.

    The first page has the session's beginning in it; the second is what every other page costs.
    """
    from archive.imaging.color_profiles import icc_profile
    from hardware.configuration import HardwareConfiguration
    from hardware.discovery import open_session

    options: dict[str, Any] = {"mode": "Color", "depth": depth, "resolution": dpi, "test-picture": PICTURE}
    profile = icc_profile("sRGB")
    begun = time.perf_counter()
    with open_session("sane:test:0", HardwareConfiguration(sane_backends=("test",))) as session:
        session.apply(options | PAGE)
        _capture(session, file, profile)
        first = time.perf_counter() - begun
        file.unlink()
        started, cpu_before = time.perf_counter(), _cpu_of(session.process_id)
        master = _capture(session, file, profile)
        committed, cpu_after = time.perf_counter(), _cpu_of(session.process_id)
        device_peak = _peak_of(session.process_id)
        closing = time.perf_counter()
    document = {
        "size": master.size,
        "pixel_sha256": master.pixel_sha256,
        "page_cpu_seconds": cpu_after - cpu_before,
        "page_seconds": committed - started,
        "session_seconds": first + time.perf_counter() - closing,
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
        "device_peak": device_peak,
    }
    print(json.dumps(document))


def _capture(session: DeviceSession, file: Path, profile: bytes) -> WrittenMaster:
    """One page from the device to its proved master."""
    from archive.imaging.master import MasterTags, write_master
    from archive.imaging.raw_page import RawPage
    from hardware.scanner import PageCompleted, ScanRequest

    tags = MasterTags("bench/item/0001", "Pattern", "Noname", "test", "Recto", "", "", "2026-01-01T00:00:00Z")
    masters = []
    for event in session.scan(ScanRequest(spool=file.parent / "spool", pages=1)):
        if isinstance(event, PageCompleted):
            page = event.page
            raw = RawPage(
                path=page.path,
                width=page.width,
                height=page.height,
                bits_per_sample=page.bits_per_sample,
                samples_per_pixel=page.samples_per_pixel,
                photometric=page.photometric,
                dpi=page.dpi,
                pixel_sha256=page.pixel_sha256,
                pixel_offset=page.pixel_offset,
            )
            masters.append(write_master(raw, file, tags, profile))
            page.path.unlink()
    [master] = masters
    return master


def _cpu_of(process: int | None) -> float:
    """Processor seconds so far of this process and of a device process."""
    words = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    # utime, stime, and those of children that were waited for (proc(5), fields 14 to 17)
    ticks = sum(int(word) for word in words[11:15])
    return time.process_time() + ticks / os.sysconf("SC_CLK_TCK")


def _peak_of(process: int | None) -> int:
    """The peak of a process that lives; wait4 would count the size of the process that started it."""
    for line in Path(f"/proc/{process}/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    raise StepFailed(f"The kernel does not tell the peak memory of process {process}")


if __name__ == "__main__":
    main()
