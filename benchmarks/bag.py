# SPDX-License-Identifier: Apache-2.0
"""Making and verifying a tarred bag, beside bagit.py with tar, for few large files and for many small ones.

Every side is a process of its own with its interpreter's start in the figures, because both are
Python programs. Ours is measured three times: with the digests that were recorded when each file was
written, as the pipeline has them (for a directory, and for a storage that is sent parts), and with
files that nobody has digested yet, as `recto bag create` finds them. bagit.py bags in place, so its payload is put back after each round, untimed. Its
`--processes 2` is measured too: ours uses threads. The steps of the peers are told apart: ours returns
a tar that is on disk and whose digest is known,
which is more than bagit.py and tar alone do. The page cache is warm in the rounds that count; one more
turn with the payload dropped from it tells what each side fetches from disk. DART is not run: it is a
desktop program, and what it reads, writes and digests is known (see `_print_passes`).
"""

from __future__ import annotations

import argparse
import dataclasses
import functools
import hashlib
import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator
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

FILES_IN_A_FOLDER = 500

MANY_FILES = 100_000
"""For which peak memory is told."""

PART = 16 << 20
"""Bytes of a part, as `archive.storage.parts` has it where nothing else is set."""

RECORDED = "recto, digests recorded"
FOR_PARTS = "recto, recorded, sent in parts"
NEW = "recto, new files"

PROCESSES = (1, 2)
"""Of bagit.py; one is its default."""

Contenders = dict[str, Callable[[], Account]]
Chains = dict[str, tuple[int, tuple[str, ...]]]
"""What is told of the peers: a label; bagit.py's processes, and the steps that are added up."""

MAKING: Chains = {
    "bagit.py + tar": (1, ("bagit", "tar")),
    "bagit.py --processes 2 + tar": (2, ("bagit", "tar")),
    "bagit.py + tar + sync": (1, ("bagit", "tar", "sync")),
    "bagit.py + tar + sync + sha256sum + md5sum": (1, ("bagit", "tar", "sync", "sha256sum", "md5sum")),
}
VERIFYING: Chains = {
    "tar -x + bagit.py --validate": (1, ("tar", "bagit")),
    "tar -x + bagit.py --validate --processes 2": (2, ("tar", "bagit")),
    "bagit.py --validate, unpacked before": (1, ("bagit",)),
}


@dataclasses.dataclass(frozen=True, slots=True)
class Load:
    """A payload: so many files of so many bytes."""

    files: int
    size: int

    def __str__(self) -> str:
        size = f"{self.size / MEGABYTE:.0f} MB" if self.size >= MEGABYTE else f"{self.size} bytes"
        return f"{self.files:,} x {size}"


SMALL = (Load(1, 512 * MEGABYTE), Load(500, MEGABYTE), Load(5_000, 4096))
LARGE = (Load(1, 2_000 * MEGABYTE), Load(2_000, MEGABYTE), Load(50_000, 4096))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", action="store_true", help="512 MB instead of 2 GB, fewer rounds")
    parser.add_argument("--rounds", type=int, help="rounds that count")
    parser.add_argument("--work", type=Path, help="where the files go; the temporary folder when left out")
    parser.add_argument("--make", nargs=2, type=Path, metavar=("FOLDER", "OUT"), help=argparse.SUPPRESS)
    parser.add_argument("--make-recorded", nargs=2, type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--make-for-parts", nargs=2, type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--verify", type=Path, metavar="BAG", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.make:
        _make(*arguments.make)
    elif arguments.make_recorded:
        _make_recorded(*arguments.make_recorded, part_size=0)
    elif arguments.make_for_parts:
        _make_recorded(*arguments.make_for_parts, part_size=PART)
    elif arguments.verify:
        _verify(arguments.verify)
    else:
        with work_folder(arguments.work) as folder:
            print_machine(folder)
            loads = SMALL if arguments.small else LARGE
            _compare(folder, loads, arguments.rounds or (2 if arguments.small else 3))
            _compare_memory(folder, MANY_FILES // 10 if arguments.small else MANY_FILES)
            _print_passes()


def _compare(folder: Path, loads: tuple[Load, ...], rounds: int) -> None:
    made: list[list[str]] = []
    verified: list[list[str]] = []
    cold: list[list[str]] = []
    for load in loads:
        _fill(folder / "payload", load)
        making = _makers(folder)
        accounts = alternate(making, rounds)
        for ours in (RECORDED, FOR_PARTS, NEW):
            made += _rows(load, ours, accounts, MAKING)
        cold += _cold_rows(load, folder / "payload", making, ("bagit", "tar"))
        verifying = _verifiers(folder)
        verified += _rows(load, "recto", alternate(verifying, rounds), VERIFYING)
        cold += _cold_rows(load, folder / "payload.tar", verifying, ("tar", "bagit"))
    columns = ["payload", "who", "seconds", "ours / theirs", "cpu s", "peak MB"]
    print_table(f"Making a tarred bag with MD5 and SHA-256, {rounds} rounds, warm cache", columns, made)
    print_table(f"Verifying it, {rounds} rounds, warm cache", columns, verified)
    columns = ["payload", "who", "seconds", "from disk, MB", "by read calls, MB"]
    print_table("One turn each with the payload, or the tar, dropped from the page cache", columns, cold)


def _compare_memory(folder: Path, files: int) -> None:
    load = Load(files, 1000)
    _fill(folder / "payload", load)
    makers, verifiers = _makers(folder), _verifiers(folder)
    rows = [
        [f"make, {name}" if contenders is makers else f"verify, {name}", peak([work()])]
        for contenders in (makers, verifiers)
        for name, work in contenders.items()
        if name != _peer(2)
    ]
    print_table(f"Peak memory for {load}", ["who", "peak MB"], rows)


def _print_passes() -> None:
    """What is read, written and digested of P payload bytes on their way to a store, by each program's source.

    DART (dart-runner, core/bagger.go, tar_writer.go, job_runner.go, validator.go, tarred_bag_reader.go)
    reads the payload into the tar, with all digests in one thread and without a sync; then it validates,
    which digests the tar's files again; then it uploads the tar.
    """
    columns = ["who", "reads", "writes", "passes of digests over P", "synced"]
    rows = [
        ["recto, straight to a store", "1 P", "0", "SHA-256 of files, tar and parts", "by the store"],
        ["recto, tar and upload", "2 P", "1 P", "the same", "yes"],
        ["bagit.py + tar, then upload", "3 P", "1 P", "MD5 and SHA-256, and those of the upload", "no"],
        ["DART", "3 P", "1 P", "twice MD5 and SHA-256, and those of the upload", "no"],
    ]
    print_table("Arithmetic: a bag of P bytes with MD5 and SHA-256 manifests", columns, rows)


def _rows(load: Load, name: str, accounts: dict[str, list[Account]], chains: Chains) -> list[list[str]]:
    ours = accounts[name]
    rows = [[str(load), name, spread(seconds_of(ours)), "1", *_costs(ours)]]
    for label, (processes, steps) in chains.items():
        theirs = [_sum(account, steps) for account in accounts[_peer(processes)]]
        ratio = spread(ratios(seconds_of(ours), seconds_of(theirs)))
        rows.append([str(load), label, spread(seconds_of(theirs)), ratio, *_costs(theirs)])
    return rows


def _costs(accounts: list[Account]) -> list[str]:
    return [spread([account.cpu_seconds for account in accounts]), peak(accounts)]


def _sum(account: Account, steps: tuple[str, ...]) -> Account:
    first, *others = (account.facts[step] for step in steps)
    total: Account = sum(others, start=first)
    return total


def _cold_rows(load: Load, where: Path, contenders: Contenders, chain: tuple[str, ...]) -> list[list[str]]:
    rows = []
    for name in contenders:
        if name == _peer(2):
            continue
        _drop_from_cache(where)
        account = contenders[name]()
        if name == _peer(1):
            account = _sum(account, chain)
        read = [f"{count / MEGABYTE:.0f}" for count in (account.disk_bytes, account.read_bytes)]
        rows.append(
            [str(load), " + ".join(chain) if name == _peer(1) else name, f"{account.seconds:.2f}", *read]
        )
    return rows


# The payload


def _fill(folder: Path, load: Load) -> None:
    """Make a payload, and beside it the record of its digests, as capture would have taken them."""
    shutil.rmtree(folder, ignore_errors=True)
    with _record(folder).open("w", encoding="utf-8") as record:
        for number in range(load.files):
            path = f"{number // FILES_IN_A_FOLDER:04d}/{number:06d}.tif"
            file = folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            sha256, md5 = hashlib.sha256(), hashlib.md5(usedforsecurity=False)
            with file.open("wb") as written:
                left = load.size
                while left:
                    block = os.urandom(min(left, MEGABYTE))
                    sha256.update(block)
                    md5.update(block)
                    left -= written.write(block)
            record.write(json.dumps([path, load.size, sha256.hexdigest(), md5.hexdigest()]) + "\n")


def _record(folder: Path) -> Path:
    return folder.with_suffix(".jsonl")


def _files(where: Path) -> Iterator[Path]:
    return iter([where]) if where.is_file() else (file for file in where.rglob("*") if file.is_file())


def _drop_from_cache(where: Path) -> None:
    os.sync()
    for file in _files(where):
        with file.open("rb") as opened:
            # only clean pages go (posix_fadvise(2)), hence the sync
            os.posix_fadvise(opened.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def _take_out_of_bag(folder: Path) -> None:
    """Undo what bagit.py did to a folder."""
    for entry in list(folder.iterdir()):
        if entry.name != "data":
            entry.unlink()
    for entry in list((folder / "data").iterdir()):
        entry.rename(folder / entry.name)
    (folder / "data").rmdir()


# The contenders


def _peer(processes: int) -> str:
    return f"bagit.py, {processes} processes"


def _steps(**commands: list[str | Path]) -> Account:
    """Run commands after one another; each one's account is in `facts` under its name."""
    accounts = {name: run(command) for name, command in commands.items()}
    first, *others = accounts.values()
    total: Account = sum(others, start=first)
    return dataclasses.replace(total, facts=accounts)


def _makers(folder: Path) -> Contenders:
    payload, tar, peer_tar = folder / "payload", folder / "payload.tar", folder / "bagit.tar"

    def ours(how: str) -> Account:
        tar.unlink(missing_ok=True)
        return run([sys.executable, __file__, how, payload, folder])

    def theirs(processes: int) -> Account:
        peer_tar.unlink(missing_ok=True)
        account = _steps(
            bagit=[*_bagit(processes), "--md5", "--sha256", payload],
            tar=["tar", "-cf", peer_tar, "-C", folder, "payload"],
            sync=["sync", peer_tar],
            sha256sum=["sha256sum", peer_tar],
            md5sum=["md5sum", peer_tar],
        )
        _take_out_of_bag(payload)
        return account

    ways = {RECORDED: "--make-recorded", FOR_PARTS: "--make-for-parts", NEW: "--make"}
    return {name: functools.partial(ours, how) for name, how in ways.items()} | _peers(theirs)


def _verifiers(folder: Path) -> Contenders:
    tar, unpacked = folder / "payload.tar", folder / "unpacked"

    def ours() -> Account:
        return run([sys.executable, __file__, "--verify", tar])

    def theirs(processes: int) -> Account:
        unpacked.mkdir()
        account = _steps(
            tar=["tar", "-xf", tar, "-C", unpacked],
            bagit=[*_bagit(processes), "--validate", unpacked / "payload"],
        )
        shutil.rmtree(unpacked)
        return account

    return {"recto": ours, **_peers(theirs)}


def _peers(work: Callable[[int], Account]) -> Contenders:
    return {_peer(processes): functools.partial(work, processes) for processes in PROCESSES}


def _bagit(processes: int) -> list[str | Path]:
    script = Path(sys.executable).with_name("bagit.py")
    if not script.exists():
        raise StepFailed(f"There is no bagit.py beside {sys.executable}: install the package bagit")
    return [sys.executable, "-W", "ignore", script, "--quiet", "--processes", str(processes)]


# the profile that asks for both manifests, as the peer is told to write them
PROFILE = "aptrust-2.3"
TAGS = {"aptrust-info.txt": {"Title": "Benchmark"}}


def _make(folder: Path, destination: Path) -> None:
    """Our side with new files, in a process of its own."""
    from archive.bag.folder import bag_folder
    from archive.bag.profile import load_profile

    bag_folder(folder, profile=load_profile(PROFILE), tags=TAGS, destination_dir=destination, tar=True)


def _make_recorded(folder: Path, destination: Path, part_size: int) -> None:
    """Our side with recorded digests, in a process of its own; part_size in bytes, 0 for a directory."""
    from archive.bag.contents import PayloadFile
    from archive.bag.profile import load_profile
    from archive.bag.writer import write_tar

    with _record(folder).open(encoding="utf-8") as record:
        payload = [
            PayloadFile(path, f"{folder}/{path}", size, {"sha256": sha256, "md5": md5})
            for path, size, sha256, md5 in map(json.loads, record)
        ]
    write_tar(
        folder.name,
        payload,
        TAGS,
        destination / f"{folder.name}.tar",
        profile=load_profile(PROFILE),
        part_size=part_size,
        bagging_date="2026-03-31",
    )


def _verify(bag: Path) -> None:
    """Our side, in a process of its own."""
    from archive.bag.validator import verify_bag

    report = verify_bag(bag, second_opinion=False)
    if not report.valid:
        raise StepFailed(f"{bag} is not valid: {report.errors[:3]}")


if __name__ == "__main__":
    main()
