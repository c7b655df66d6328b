# SPDX-License-Identifier: Apache-2.0
"""Uploading a bag beside `aws s3 cp`, both to the same S3 server on loopback.

    python -m benchmarks.upload [--size MB] [--rounds N] [--folder DIR]

The server is moto's, one Python process: it is the slowest of the three and sets the pace, so that
times tell overheads and not the speed of a network. Ours is measured with and without reading the
object back; `aws s3 cp` never reads back. The last row makes a bag of the same file and sends its tar
while it is made; `aws s3 cp` is not asked to make one.
"""

from __future__ import annotations

import argparse
import http.client
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

from benchmarks.measuring import (
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

PEER = "aws s3 cp"
PART = 8 << 20
"""Bytes of a part: what `aws s3 cp` takes where nothing else is configured."""

CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "benchmark",
    "AWS_SECRET_ACCESS_KEY": "benchmark",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_EC2_METADATA_DISABLED": "true",
}


def main() -> None:
    """Measure and print, or be one of the measured processes."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--size", type=int, default=256, help="MB of the bag")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--folder", type=Path, help="where the files are put")
    parser.add_argument("--send", nargs=3, metavar=("FILE", "ENDPOINT", "HOW"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.send:
        file, endpoint, how = arguments.send
        if how == "straight":
            _send_bag(Path(file).parent / "box", endpoint)
        else:
            _send(Path(file), endpoint, confirm=how == "confirm")
        return
    with work_folder(arguments.folder) as folder, _server() as endpoint:
        print_machine(folder)
        file = folder / "bag.tar"
        with file.open("wb") as written:
            for _ in range(arguments.size):
                written.write(os.urandom(MEGABYTE))
        (folder / "box").mkdir()
        (folder / "box" / "page.bin").hardlink_to(file)
        accounts = alternate(_contenders(file, endpoint), arguments.rounds, settle=lambda: _empty(endpoint))
        print_table(
            f"A bag of {arguments.size} MB in parts of 8 MiB, {arguments.rounds} rounds",
            ["", "seconds", f"by {PEER}", "CPU seconds", "peak MB"],
            [_row(name, accounts) for name in accounts],
        )


def _row(name: str, accounts: Mapping[str, list[Account]]) -> list[str]:
    mine = accounts[name]
    return [
        name,
        spread(seconds_of(mine)),
        spread(ratios(seconds_of(mine), seconds_of(accounts[PEER]))),
        spread([account.cpu_seconds for account in mine]),
        peak(mine),
    ]


def _contenders(file: Path, endpoint: str) -> dict[str, Callable[[], Account]]:
    aws = shutil.which("aws")
    if aws is None:
        raise StepFailed("There is no aws on the PATH: install the AWS command line")

    def ours(how: str) -> Account:
        return run([sys.executable, "-m", "benchmarks.upload", "--send", file, endpoint, how], CREDENTIALS)

    def theirs() -> Account:
        command = [aws, "s3", "cp", "--only-show-errors", "--endpoint-url", endpoint]
        return run([*command, "--checksum-algorithm", "SHA256", file, "s3://bench/bag.tar"], CREDENTIALS)

    return {
        "recto": lambda: ours("send"),
        "recto, read back": lambda: ours("confirm"),
        PEER: theirs,
        "recto, bag made and read back": lambda: ours("straight"),
    }


# Our side


def _send(file: Path, endpoint: str, *, confirm: bool) -> None:
    """Our side, in a process of its own: digests, parts, and the object read back."""
    from archive.storage.open_target import open_target
    from archive.storage.parts import digest_for_upload
    from archive.storage.target import FileUploadSession

    digests = digest_for_upload(file, PART)
    target = open_target("s3://bench", endpoint=endpoint)
    copy = target.upload(
        file,
        "bag.tar",
        sha256=digests.sha256,
        part_size=PART,
        part_sha256=digests.part_sha256,
        metadata={},
        session=FileUploadSession(file.with_suffix(".json")),
    )
    if confirm:
        target.confirm(copy)


def _send_bag(folder: Path, endpoint: str) -> None:
    """A bag of a folder, sent while it is made and read back, as `recto bag create --to`."""
    from archive.bag.profile import load_profile
    from archive.bag.straight_upload import send_folder
    from archive.storage.open_target import open_target
    from archive.storage.target import MemoryUploadSession

    send_folder(
        folder,
        open_target("s3://bench", endpoint=endpoint),
        profile=load_profile("bagit"),
        tags={},
        session=MemoryUploadSession(),
        part_size=PART,
    )


# The server


@contextmanager
def _server() -> Iterator[str]:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    endpoint = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(endpoint, server)
        yield endpoint
    finally:
        server.terminate()
        server.wait()


def _wait_for(endpoint: str, server: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        if server.poll() is not None:
            break
        try:
            _ask(endpoint, "GET", "/moto-api/")
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise StepFailed("moto's server does not start: install moto[server]")


def _empty(endpoint: str) -> None:
    """Let the server hold an empty bucket and nothing else."""
    _ask(endpoint, "POST", "/moto-api/reset")
    _ask(endpoint, "PUT", "/bench")


def _ask(endpoint: str, method: str, path: str) -> None:
    with closing(http.client.HTTPConnection(endpoint.removeprefix("http://"), timeout=60)) as connection:
        connection.request(method, path)
        status = connection.getresponse().status
    if status != http.HTTPStatus.OK:
        raise StepFailed(f"moto's server answered {method} {path} with {status}")


if __name__ == "__main__":
    main()
