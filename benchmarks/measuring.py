# SPDX-License-Identifier: Apache-2.0
"""What the benchmarks share: child processes with their accounts, rounds that alternate, and tables.

Only the standard library is imported here. The kernel counts the size of the process that starts a
child towards the child's peak memory, so the measuring process has to stay small.
"""

from __future__ import annotations

import datetime as dt
import os
import platform
import resource
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

MEGABYTE = 1_000_000


class StepFailed(RuntimeError):
    """A measured command did not do its work, so that its time means nothing."""


@dataclass(frozen=True, slots=True)
class Account:
    """What one piece of work cost.

    Attributes:
        seconds: By the clock on the wall.
        cpu_seconds: User and system time of the process and of the children it waited for.
        peak_bytes: Resident memory of the largest of these processes (wait4(2)).
        disk_bytes: Bytes fetched from storage (proc(5), read_bytes): what the page cache did not hold.
        read_bytes: Bytes that read calls returned (proc(5), rchar), wherever they came from.
        facts: What the work tells of itself.
    """

    seconds: float
    cpu_seconds: float
    peak_bytes: int
    disk_bytes: int
    read_bytes: int
    facts: dict[str, Any] = field(default_factory=dict)

    def __add__(self, after: Account) -> Account:
        return Account(
            self.seconds + after.seconds,
            self.cpu_seconds + after.cpu_seconds,
            max(self.peak_bytes, after.peak_bytes),
            self.disk_bytes + after.disk_bytes,
            self.read_bytes + after.read_bytes,
            self.facts | after.facts,
        )


def run(command: Sequence[str | Path], environment: Mapping[str, str] | None = None) -> Account:
    """Run a command to its end; its output is in `facts["output"]`.

    Raises:
        StepFailed: It ended with another status than 0.
    """
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        before = _io()
        begun = time.perf_counter()
        process = subprocess.Popen(
            [str(word) for word in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=errors,
            env={**os.environ, **(environment or {})},
        )
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
        after = _io()
        output.seek(0)
        errors.seek(0)
        if process.returncode != 0:
            words = errors.read()[-2000:].decode(errors="replace")
            raise StepFailed(f"{command[0]} ended with {process.returncode}: {words}")
        return Account(
            seconds,
            usage.ru_utime + usage.ru_stime,
            usage.ru_maxrss * 1024,
            after["read_bytes"] - before["read_bytes"],
            after["rchar"] - before["rchar"],
            {"output": output.read().decode(errors="replace")},
        )


def _io() -> dict[str, int]:
    """This process's accounts, with those of the children it has waited for (proc(5), /proc/pid/io)."""
    lines = (line.split(":") for line in Path("/proc/self/io").read_text(encoding="ascii").splitlines())
    return {name: int(value) for name, value in lines}


def alternate(
    contenders: Mapping[str, Callable[[], Account]], rounds: int, settle: Callable[[], None] = os.sync
) -> dict[str, list[Account]]:
    """Run all contenders in turn, `rounds` times after one turn that is not counted.

    Args:
        contenders: Their work, by name.
        rounds: Turns that count.
        settle: Called before each work, so that what the one before left to be written does not slow
            this one down.
    """
    accounts: dict[str, list[Account]] = {name: [] for name in contenders}
    for turn in range(rounds + 1):
        for name, work in contenders.items():
            settle()
            account = work()
            if turn:
                accounts[name].append(account)
    return accounts


# Figures


def seconds_of(accounts: Sequence[Account]) -> list[float]:
    """The wall-clock seconds of each round."""
    return [account.seconds for account in accounts]


def ratios(ours: Sequence[float], peer: Sequence[float]) -> list[float]:
    """Ours by the peer's, round by round."""
    return [mine / theirs for mine, theirs in zip(ours, peer, strict=True)]


def spread(values: Sequence[float], form: str = ".2f") -> str:
    """The median, with the least and the greatest behind it."""
    return f"{statistics.median(values):{form}} ({min(values):{form}}-{max(values):{form}})"


def peak(accounts: Sequence[Account]) -> str:
    """The greatest peak of all rounds, in MB."""
    return f"{max(account.peak_bytes for account in accounts) / MEGABYTE:.0f}"


def print_table(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a Markdown table whose columns are also straight in a terminal."""
    widths = [max(len(row[place]) for row in [columns, *rows]) for place in range(len(columns))]
    print(f"\n{title}\n")
    for row in [columns, ["-" * width for width in widths], *rows]:
        print("| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |")


# The machine


def print_machine(folder: Path) -> None:
    """Say what the figures below were taken on."""
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    floor = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    moment = dt.datetime.now(dt.UTC).isoformat(timespec="minutes")
    print(f"{moment}, {_cpu_model()}, {os.cpu_count()} cores, {memory / 1e9:.0f} GB, load {load}")
    print(f"{platform.system()} {platform.release()}, Python {platform.python_version()}")
    print(f"Work folder {folder}: 256 MB written and synced at {_write_speed(folder):.0f} MB/s")
    print(f"Peaks below {floor / MEGABYTE:.0f} MB are this measuring process's own", flush=True)


def _cpu_model() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _write_speed(folder: Path) -> float:
    block = os.urandom(MEGABYTE)
    with tempfile.TemporaryFile(dir=folder) as file:
        begun = time.perf_counter()
        for _ in range(256):
            file.write(block)
        file.flush()
        os.fsync(file.fileno())
        return 256 / (time.perf_counter() - begun)


@contextmanager
def work_folder(parent: Path | None) -> Iterator[Path]:
    """A folder for the files of a benchmark, removed at its end."""
    with tempfile.TemporaryDirectory(prefix="recto-bench-", dir=parent) as name:
        yield Path(name)
