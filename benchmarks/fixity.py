# SPDX-License-Identifier: Apache-2.0
"""An audit of kept copies beside `sha256sum` of the same files: a few large ones, many, and very many small ones.

Both read from the disk: what the page cache has of the files is dropped before each turn, as an audit
drops it itself. An audit also knows which files are due, claims them, compares, and records each in the
registry and in the object's chain; sha256sum prints digests that somebody is still to compare.
Interpreter and imports are told apart: a worker has them behind it.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from measuring import (
    MEGABYTE,
    Account,
    StepFailed,
    alternate,
    peak,
    print_machine,
    print_table,
    ratios,
    run,
    seconds_of,
    spread,
    work_folder,
)

INSTITUTION = "library.example.org"
OBJECT_FILES = 1000
"""Files of one object, as a bound volume has them."""


@dataclass(frozen=True, slots=True)
class Load:
    """Kept files: so many of so many bytes."""

    files: int
    size: int

    def __str__(self) -> str:
        size = f"{self.size / MEGABYTE:.0f} MB" if self.size >= MEGABYTE else f"{self.size} bytes"
        return f"{self.files:,} x {size}"


SMALL = (Load(2, 256 * MEGABYTE), Load(300, MEGABYTE), Load(3_000, 20_000))
LARGE = (Load(4, 1_000 * MEGABYTE), Load(4_000, MEGABYTE), Load(50_000, 20_000))


def _keep(load: Load, location: Path) -> None:
    """Keep files in one location; run in a process of its own."""
    import hashlib

    from archive.receiving.keys import content_key
    from archive.registry.archival_objects import object_for_deposit
    from archive.registry.clock import now_iso
    from archive.registry.content_copies import StoredContent, record_stored
    from archive.registry.receiving_tables import InstitutionRow
    from workers.node import Node
    from workers.settings import load_settings

    node = Node(load_settings())
    with node.registry.transaction() as session:
        whole = {"storage_options": {"Standard": [str(location)]}, "default_option": "Standard"}
        names = {"id": INSTITUTION, "name": "Library", "state": "active", "created_at": now_iso()}
        session.add(InstitutionRow(**names, **whole, receiving="/nowhere", restore="", quarantine=""))
    block = os.urandom(load.size)
    for first in range(0, load.files, OBJECT_FILES):
        stored = []
        with node.registry.transaction() as session:
            kept = object_for_deposit(session, INSTITUTION, f"volume-{first}", storage_option="Standard")
            for number in range(first, min(first + OBJECT_FILES, load.files)):
                content = number.to_bytes(8) + block[8:]
                sha256 = hashlib.sha256(content).hexdigest()
                key = content_key(kept.uid, sha256)
                file = location / key
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(content)
                stored.append(StoredContent(sha256, load.size, key, file.as_uri(), "size-only"))
            record_stored(session, kept.id, str(location), stored)
    node.close()


def _audit(files: int) -> None:
    """Audit all files; run in a process of its own."""
    from workers.node import Node
    from workers.receiving.audit_report import AuditRequest
    from workers.receiving.audits import audit_copies
    from workers.settings import load_settings

    node = Node(load_settings())
    report = audit_copies(node, AuditRequest(older_than=0.0))
    if report.good != files:
        raise SystemExit(f"Of {files} files {report.good} are good.")
    print(json.dumps({"audit": report.seconds}))


def _drop(location: Path) -> None:
    """Let nothing of the files be in memory."""
    for file in location.rglob("*"):
        if file.is_file():
            descriptor = os.open(file, os.O_RDONLY)
            os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
            os.close(descriptor)


def _contenders(load: Load, home: Path, location: Path) -> dict[str, Callable[[], Account]]:
    script = [sys.executable, __file__, "--audit", str(load.files)]

    def ours(parallel: int) -> Callable[[], Account]:
        settings = {
            "RECTO_HOME": str(home),
            "RECTO_FIXITY__PARALLEL": str(parallel),
            "RECTO_LOG_LEVEL": "error",
        }
        return lambda: run(script, settings)

    def sums(processes: int) -> Callable[[], Account]:
        command = f"find {location} -type f -print0 | xargs -0 -n 100 -P {processes} sha256sum | tail -n 1"
        return lambda: run(["sh", "-c", command])

    return {
        "sha256sum": sums(1),
        "sha256sum, 2 at once": sums(2),
        "recto, 1 at once": ours(1),
        "recto": ours(2),
    }


def _measure(load: Load, folder: Path, rounds: int) -> list[str]:
    home, location = folder / "home", folder / "kept"
    location.mkdir(parents=True)
    run(
        [sys.executable, __file__, "--keep", json.dumps([load.files, load.size]), str(location)],
        {"RECTO_HOME": str(home)},
    )
    os.sync()
    accounts = alternate(_contenders(load, home, location), rounds, lambda: _drop(location))
    one, two = seconds_of(accounts["sha256sum"]), seconds_of(accounts["sha256sum, 2 at once"])
    single, ours = _audits(accounts["recto, 1 at once"]), _audits(accounts["recto"])
    rate = load.files * load.size / MEGABYTE / sorted(ours)[len(ours) // 2]
    return [
        str(load),
        spread(one),
        spread(two),
        spread(single),
        spread(ours),
        spread(seconds_of(accounts["recto"])),
        spread(ratios(single, one)),
        spread(ratios(ours, two)),
        f"{rate:.0f}",
        peak(accounts["recto"]),
    ]


def _audits(accounts: list[Account]) -> list[float]:
    """The seconds of the audits alone: a worker's interpreter has started long before."""
    return [json.loads(account.facts["output"].splitlines()[-1])["audit"] for account in accounts]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", action="store_true", help="a tenth of the bytes")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--work", type=Path, help="folder for the files")
    parser.add_argument("--keep", nargs=2, help=argparse.SUPPRESS)
    parser.add_argument("--audit", type=int, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.keep:
        _keep(Load(*json.loads(arguments.keep[0])), Path(arguments.keep[1]))
        return
    if arguments.audit:
        _audit(arguments.audit)
        return
    columns = (
        "files",
        "sha256sum, s",
        "2 at once, s",
        "audit 1 at once, s",
        "audit, s",
        "with Python's start",
    )
    with work_folder(arguments.work) as folder:
        print_machine(folder)
        rows = []
        for number, load in enumerate(SMALL if arguments.small else LARGE):
            try:
                rows.append(_measure(load, folder / str(number), arguments.rounds))
            except StepFailed as error:
                raise SystemExit(str(error)) from error
        print_table("Audit", (*columns, "ratio 1 to 1", "ratio 2 to 2", "MB/s", "memory, MB"), rows)


if __name__ == "__main__":
    main()
