# SPDX-License-Identifier: Apache-2.0
"""An uploader killed with -9 at every step: nothing half is stored, and resuming costs what was on its way."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from archive.bag.profile import load_profile
from archive.bag.straight_upload import send_folder
from archive.storage.parts import digest_for_upload
from archive.storage.s3 import S3Options, S3Target
from archive.storage.target import FileUploadSession
from tests.integration.storage.conftest import ACCESS_KEY, SECRETS, SMALL_PART, StrictS3

PART = SMALL_PART
PARTS = 5

NURSERY = """
import json, os, sys
from pathlib import Path
from archive.storage import parts
from tests.integration.storage.test_crash import PART, send
parts.SMALLEST_PART = PART
for line in sys.stdin:
    child = os.fork()
    if not child:
        send(**json.loads(line))
        os._exit(0)
    print(child, flush=True)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""
"""One process that has everything imported, and forks each uploader that is to be killed."""


def send(endpoint: str, source: str, session: str, at_once: int) -> None:
    """Upload a tar, or a folder as a stream, as the killed process and as the one after it."""
    target = S3Target(
        "strict", "", S3Options(endpoint=endpoint, parts_at_once=at_once, attempts=1, timeout=20)
    )
    notes = FileUploadSession(Path(session))
    if Path(source).is_dir():
        send_folder(
            Path(source),
            target,
            profile=load_profile("bagit"),
            tags={},
            session=notes,
            part_size=PART,
            bagging_date="2026-03-31",
        )
        return
    digests = digest_for_upload(Path(source), PART)
    copy = target.upload(
        Path(source),
        "bag.tar",
        sha256=digests.sha256,
        part_size=PART,
        part_sha256=digests.part_sha256,
        metadata={},
        session=notes,
    )
    target.confirm(copy)


@pytest.fixture(scope="module")
def nursery() -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "-c", NURSERY],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "AWS_ACCESS_KEY_ID": ACCESS_KEY, "AWS_SECRET_ACCESS_KEY": SECRETS[ACCESS_KEY][0]},
    ) as process:
        yield process
        assert process.stdin is not None
        process.stdin.close()


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A tar of five parts and a half, and a folder whose bag has as many."""
    top = tmp_path_factory.mktemp("sources")
    (top / "bag").mkdir()
    size = PART * (2 * PARTS - 1) // 2 - (16 << 10)
    for path in (top / "bag.tar", top / "bag" / "pages.bin"):
        with path.open("wb") as file:
            for number in range(size >> 10):
                file.write(bytes([number % 251]) * (1 << 10))
    return {"tar": top / "bag.tar", "folder": top / "bag"}


COMMIT = "POST uploadId"
MOMENTS = [
    *(("tar", 1, f"PUT partNumber {number}", when) for number in (1, PARTS) for when in ("before", "after")),
    *(("tar", 4, f"PUT partNumber {number}", when) for number in (1, 4) for when in ("before", "after")),
    ("folder", 1, "PUT partNumber 2", "after"),
    *(("folder", 4, f"PUT partNumber {number}", when) for number, when in [(1, "after"), (4, "before")]),
    *((form, 4, line, when) for form in ("tar", "folder") for line, when in [
        ("POST uploads", "after"), (COMMIT, "before"), (COMMIT, "after"),
    ]),
]  # fmt: skip


@pytest.mark.usefixtures("small_parts")
@pytest.mark.parametrize(("form", "at_once", "request_line", "moment"), MOMENTS)
def test_a_killed_upload_is_resumed_at_the_cost_of_the_parts_on_their_way(
    form: str,
    at_once: int,
    request_line: str,
    moment: str,
    strict_s3: StrictS3,
    nursery: subprocess.Popen[str],
    sources: dict[str, Path],
    tmp_path: Path,
) -> None:
    session = tmp_path / "session.json"
    job: dict[str, Any] = {
        "endpoint": strict_s3.endpoint,
        "source": str(sources[form]),
        "session": str(session),
        "at_once": at_once,
    }
    born, killed, child = threading.Event(), threading.Event(), 0

    def kill(line: str, now: str) -> bool:
        if killed.is_set():
            # what the dead uploader still had on its way arrives nowhere, until it is begun again
            return not resumed.is_set()
        if (line, now) != (request_line, moment):
            return False
        killed.set()
        born.wait(20)
        os.kill(child, signal.SIGKILL)
        return True

    resumed = threading.Event()
    strict_s3.on_request = kill
    assert nursery.stdin is not None
    assert nursery.stdout is not None
    nursery.stdin.write(json.dumps(job) + "\n")
    nursery.stdin.flush()
    child = int(nursery.stdout.readline())
    born.set()
    assert int(nursery.stdout.readline()) == -signal.SIGKILL
    completed = (request_line, moment) == (COMMIT, "after")
    assert ("bag.tar" in strict_s3.objects) == completed
    resumed.set()
    send(**job)
    if form == "tar":
        assert strict_s3.objects["bag.tar"].body == sources["tar"].read_bytes()
    else:
        assert (
            strict_s3.objects["bag.tar"]
            .body[512:]
            .count(sources["folder"].joinpath("pages.bin").read_bytes())
            == 1
        )
    sent = [line for line in strict_s3.requests if line.startswith("PUT")]
    assert PARTS <= len(sent) <= PARTS + at_once
    # only an upload whose number never reached us is left to the sweep of orphans
    assert len(strict_s3.uploads) == (request_line == "POST uploads")
    assert not session.exists()
