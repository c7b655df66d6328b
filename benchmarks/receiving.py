# SPDX-License-Identifier: Apache-2.0
"""A scan of receiving locations that finds nothing new, beside only listing them, both by this process.

    python -m benchmarks.receiving [--depositors N] [--keys N] [--rounds N] [--folder DIR]

All bags that lie there are known: ingested, and left where they arrived. Listing reads every list to its end and
forgets it, by as many threads as the scan; the scan also decides of each object, asks the registry (SQLite) and
records that it was there. Directories are the harder case, for listing them costs next to nothing. The S3 server
is moto's, a Python process of its own, which sets the pace of both: there the processor time tells more than
the clock.
"""

from __future__ import annotations

import argparse
import contextvars
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from benchmarks.measuring import StepFailed, print_machine, print_table, ratios, spread, work_folder

if TYPE_CHECKING:
    from archive.registry.institutions import Institution
    from workers.node import Node

CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "benchmark",
    "AWS_SECRET_ACCESS_KEY": "benchmark",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_EC2_METADATA_DISABLED": "true",
}


class Cost(NamedTuple):
    """What one round cost: seconds by the clock, and of this process's processor time."""

    seconds: float
    cpu_seconds: float


def main() -> None:
    """Measure and print, or be the S3 server."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--depositors", type=int, default=1000)
    parser.add_argument("--keys", type=int, default=10_000, help="objects of all depositors together")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", choices=["directories", "s3"], help="one kind of place; both when left out")
    parser.add_argument("--folder", type=Path, help="where files and registry are put")
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.serve:
        _serve(arguments.depositors, arguments.keys)
        return
    os.environ.update(CREDENTIALS)
    with work_folder(arguments.folder) as folder:
        print_machine(folder)
        for depositors in (arguments.depositors, 1):
            title = f"{depositors} depositors with {arguments.keys} keys in all, {arguments.rounds} rounds"
            rows: list[list[str]] = []
            if arguments.only != "s3":
                rows += _directories(folder / f"{depositors}-directories", depositors, arguments)
            if arguments.only != "directories":
                with _server(depositors, arguments.keys) as endpoint:
                    rows += _buckets(folder / f"{depositors}-buckets", depositors, endpoint, arguments.rounds)
            print_table(title, ["", "listing", "scan", "scan by listing", "of processor time"], rows)


def _directories(folder: Path, depositors: int, arguments: argparse.Namespace) -> Iterator[list[str]]:
    locations = []
    for number in range(depositors):
        location = folder / f"d{number:04}"
        location.mkdir(parents=True)
        for key in _keys(arguments.keys // depositors):
            (location / key).touch()
        locations.append(str(location))
    yield _row("directories", folder, locations, arguments.rounds)


def _buckets(folder: Path, depositors: int, endpoint: str, rounds: int) -> Iterator[list[str]]:
    folder.mkdir()
    locations = [f"s3://d{number:04}?endpoint={endpoint}" for number in range(depositors)]
    yield _row("S3 (moto)", folder, locations, rounds)


def _row(name: str, folder: Path, locations: Sequence[str], rounds: int) -> list[str]:
    node = _node(folder, locations)
    with node.registry.reading() as session:
        from archive.registry.institutions import all_institutions

        institutions = list(all_institutions(session))
    _know_all(node, institutions)
    costs: dict[str, list[Cost]] = {"list": [], "scan": []}
    for _ in range(rounds + 1):
        costs["list"].append(_measured(lambda: _list(node, institutions)))
        costs["scan"].append(_measured(lambda: _scan(node)))
    # the first round is not counted
    listing, scan = costs["list"][1:], costs["scan"][1:]
    node.close()
    return [
        name,
        spread([cost.seconds for cost in listing]),
        spread([cost.seconds for cost in scan]),
        spread(ratios([cost.seconds for cost in scan], [cost.seconds for cost in listing])),
        spread(ratios([cost.cpu_seconds for cost in scan], [cost.cpu_seconds for cost in listing])),
    ]


def _measured(work: Callable[[], None]) -> Cost:
    begun, cpu = time.perf_counter(), time.process_time()
    work()
    return Cost(time.perf_counter() - begun, time.process_time() - cpu)


def _node(folder: Path, locations: Sequence[str]) -> Node:
    os.environ["RECTO_HOME"] = str(folder / "home")
    os.environ["RECTO_RECEIVING__QUIET_SECONDS"] = "0"
    from archive.registry.institutions import Institution, add_institution
    from workers.logs import configure_logging
    from workers.node import Node
    from workers.settings import load_settings

    configure_logging("warning")
    node = Node(load_settings())
    with node.registry.transaction() as session:
        for number, location in enumerate(locations):
            name = f"depositor-{number:04}"
            add_institution(session, Institution(name, name, location, {"Standard": ("/east",)}, "Standard"))
    return node


def _know_all(node: Node, institutions: Sequence[Institution]) -> None:
    """Have every bag that lies there ingested already, and left where it arrived."""
    from archive.receiving.arrivals import arrived
    from archive.registry.receiving_tables import WorkItemRow
    from archive.registry.tables import BatchRow
    from archive.storage.shared_clients import shared_clients

    with shared_clients():
        found = [
            (institution, arrived(each))
            for institution in institutions
            for each in node.place(institution.receiving).objects()
            if _is_bag(each.key)
        ]
    for start in range(0, len(found), 1000):
        with node.registry.transaction() as session:
            for institution, bag in found[start : start + 1000]:
                batch = f"ingest-{institution.id}-{bag.bag}"
                session.add(
                    BatchRow(
                        id=batch,
                        kind="ingest",
                        state="done",
                        station="",
                        institution=institution.id,
                        manifest={},
                        manifest_sha256="",
                        manifest_path="",
                        created_at=bag.modified_at,
                    )
                )
                session.flush()
                session.add(
                    WorkItemRow(
                        institution=institution.id,
                        name=bag.name,
                        etag=bag.etag,
                        size=bag.size,
                        modified_at=bag.modified_at,
                        bag_sha256="",
                        content=bag.content,
                        batch=batch,
                        outcome="ingested",
                        created_at=bag.modified_at,
                    )
                )


def _is_bag(key: str) -> bool:
    return key.endswith(".tar")


def _list(node: Node, institutions: Sequence[Institution]) -> None:
    from archive.storage.shared_clients import shared_clients

    def read(institution: Institution) -> int:
        return sum(1 for _ in node.place(institution.receiving).objects())

    # with one client for all, as the scan has it
    with shared_clients(), ThreadPoolExecutor(node.settings.receiving.locations_at_once) as readers:
        context = contextvars.copy_context()
        sum(readers.map(lambda institution: context.copy().run(read, institution), institutions))


def _scan(node: Node) -> None:
    from workers.receiving.reading_buckets import read_buckets

    for location in read_buckets(node):
        if location.error is not None or location.made:
            raise StepFailed(f"{location.institution}: {location.error or location.made}")


def _keys(number: int) -> list[str]:
    """Half bags, half receipts."""
    bags = [f"bag-{each:05}.tar" for each in range(number // 2)]
    return bags + [f"{bag}.receipt.json" for bag in bags]


@contextmanager
def _server(depositors: int, keys: int) -> Iterator[str]:
    command = [sys.executable, "-m", "benchmarks.receiving", "--serve"]
    command += ["--depositors", str(depositors), "--keys", str(keys)]
    server = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    try:
        if server.stdout is None:
            raise StepFailed("The server has no output")
        yield server.stdout.readline().strip()
    finally:
        server.communicate("")


def _serve(depositors: int, keys: int) -> None:
    """An S3 server with a bucket for each depositor, until its input is closed."""
    from moto.s3.models import s3_backends
    from moto.server import ThreadedMotoServer

    behind = s3_backends["123456789012"]["aws"]
    for number in range(depositors):
        behind.create_bucket(f"d{number:04}", "us-east-1")
        for key in _keys(keys // depositors):
            behind.put_object(f"d{number:04}", key, b"")
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    sys.stdout.write(f"http://{host}:{port}\n")
    sys.stdout.flush()
    sys.stdin.read()
    server.stop()


if __name__ == "__main__":
    main()
