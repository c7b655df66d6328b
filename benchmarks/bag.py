# SPDX-License-Identifier: Apache-2.0
"""Making and verifying a tarred bag, beside bagit.py with tar, for few large files and for many small ones.

Every side is a process of its own with its interpreter's start in the figures, because both are
Python programs. bagit.py bags in place, so its payload is put back after each round, untimed. Its
`--processes 2` is measured too: ours uses a second thread. The steps of the peers are told apart: ours
returns a tar that is on disk and whose digests for the upload are known, which is more than bagit.py
and tar alone do. The page cache is warm in the rounds that count; one more turn with the payload
dropped from it tells what each side fetches from disk.
"""

from __future__ import annotations

import argparse
import dataclasses
import functools
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

PROCESSES = (1, 2)
"""Of bagit.py; one is its default."""

Contenders = dict[str, Callable[[], Account]]
Chains = dict[str, tuple[int, tuple[str, ...]]]
"""What is told of the peers: a label; bagit.py's processes, and the steps that are added up."""

MAKING: Chains = {
    "bagit.py + tar": (1, ("bagit", "tar")),
    "bagit.py --processes 2 + tar": (2, ("bagit", "tar")),
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
    parser.add_argument("--verify", type=Path, metavar="BAG", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.make:
        _make(*arguments.make)
    elif arguments.verify:
        _verify(arguments.verify)
    else:
        with work_folder(arguments.work) as folder:
            print_machine(folder)
            loads = SMALL if arguments.small else LARGE
            _compare(folder, loads, arguments.rounds or (2 if arguments.small else 3))


def _compare(folder: Path, loads: tuple[Load, ...], rounds: int) -> None:
    made: list[list[str]] = []
    verified: list[list[str]] = []
    cold: list[list[str]] = []
    for load in loads:
        shutil.rmtree(folder / "payload", ignore_errors=True)
        _fill(folder / "payload", load)
        making = _makers(folder)
        made += _rows(load, alternate(making, rounds), MAKING)
        cold += _cold_rows(load, folder / "payload", making, ("bagit", "tar"))
        verifying = _verifiers(folder)
        verified += _rows(load, alternate(verifying, rounds), VERIFYING)
        cold += _cold_rows(load, folder / "payload.tar", verifying, ("tar", "bagit"))
    columns = ["payload", "who", "seconds", "ours / theirs", "cpu s", "peak MB"]
    print_table(f"Making a tarred bag with MD5 and SHA-256, {rounds} rounds, warm cache", columns, made)
    print_table(f"Verifying it, {rounds} rounds, warm cache", columns, verified)
    columns = ["payload", "who", "seconds", "from disk, MB", "by read calls, MB"]
    print_table("One turn each with the payload, or the tar, dropped from the page cache", columns, cold)


def _rows(load: Load, accounts: dict[str, list[Account]], chains: Chains) -> list[list[str]]:
    ours = accounts["recto"]
    rows = [[str(load), "recto", spread(seconds_of(ours)), "1", *_costs(ours)]]
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
    for name in ("recto", _peer(1)):
        _drop_from_cache(where)
        account = contenders[name]()
        if name != "recto":
            account = _sum(account, chain)
        read = [f"{count / MEGABYTE:.0f}" for count in (account.disk_bytes, account.read_bytes)]
        rows.append(
            [str(load), "recto" if name == "recto" else " + ".join(chain), f"{account.seconds:.2f}", *read]
        )
    return rows


# The payload


def _fill(folder: Path, load: Load) -> None:
    for number in range(load.files):
        file = folder / f"{number // FILES_IN_A_FOLDER:04d}" / f"{number:06d}.tif"
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("wb") as written:
            left = load.size
            while left:
                left -= written.write(os.urandom(min(left, MEGABYTE)))


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

    def ours() -> Account:
        tar.unlink(missing_ok=True)
        return run([sys.executable, __file__, "--make", payload, folder])

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

    return _contenders(ours, theirs)


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

    return _contenders(ours, theirs)


def _contenders(ours: Callable[[], Account], theirs: Callable[[int], Account]) -> Contenders:
    peers = {_peer(processes): functools.partial(theirs, processes) for processes in PROCESSES}
    return {"recto": ours, **peers}


def _bagit(processes: int) -> list[str | Path]:
    script = Path(sys.executable).with_name("bagit.py")
    if not script.exists():
        raise StepFailed(f"There is no bagit.py beside {sys.executable}: install the package bagit")
    return [sys.executable, "-W", "ignore", script, "--quiet", "--processes", str(processes)]


def _make(folder: Path, destination: Path) -> None:
    """Our side, in a process of its own."""
    from archive.bag.folder import bag_folder
    from archive.bag.profile import load_profile

    # the profile that asks for both manifests, as the peer is told to write them
    tags = {"aptrust-info.txt": {"Title": "Benchmark"}}
    bag_folder(folder, profile=load_profile("aptrust-2.3"), tags=tags, destination_dir=destination, tar=True)


def _verify(bag: Path) -> None:
    """Our side, in a process of its own."""
    from archive.bag.validator import verify_bag

    report = verify_bag(bag, second_opinion=False)
    if not report.valid:
        raise StepFailed(f"{bag} is not valid: {report.errors[:3]}")


if __name__ == "__main__":
    main()
