# SPDX-License-Identifier: Apache-2.0
"""An uploader killed with -9 at every step: nothing half is stored, and resuming costs one part at most."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from archive.storage.parts import digest_for_upload
from archive.storage.s3 import S3Options, S3Target
from archive.storage.target import FileUploadSession
from tests.integration.storage.conftest import StrictS3

PART = 5 << 20
PARTS = 3

UPLOADER = """
import sys
import threading
from pathlib import Path
from tests.integration.storage.test_crash import upload
upload(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
"""


def upload(endpoint: str, source: Path, session: Path) -> None:
    """Upload one part at a time, as the killed process and as the one after it."""
    digests = digest_for_upload(source, PART)
    target = S3Target("strict", "", S3Options(endpoint=endpoint, parts_at_once=1, attempts=1, timeout=20))
    copy = target.upload(
        source,
        "bag.tar",
        sha256=digests.sha256,
        part_size=PART,
        part_sha256=digests.part_sha256,
        metadata={},
        session=FileUploadSession(session),
    )
    target.confirm(copy)


MOMENTS = [
    ("POST uploads", "after"),
    *(
        (f"PUT partNumber {number}", moment)
        for number in range(1, PARTS + 1)
        for moment in ("before", "after")
    ),
    ("POST uploadId", "before"),
    ("POST uploadId", "after"),
]


@pytest.mark.parametrize(("request_line", "moment"), MOMENTS)
def test_a_killed_upload_is_resumed_at_the_cost_of_one_part(
    request_line: str, moment: str, strict_s3: StrictS3, tmp_path: Path
) -> None:
    source, session = tmp_path / "bag.tar", tmp_path / "session.json"
    # two parts and a half
    source.write_bytes(bytes(range(256)) * (10 * (2 * PARTS - 1) << 10))
    killed = threading.Event()

    def kill(line: str, now: str) -> bool:
        if killed.is_set() or (line, now) != (request_line, moment):
            return False
        killed.set()
        os.kill(child.pid, signal.SIGKILL)
        return True

    strict_s3.on_request = kill
    child = subprocess.Popen([sys.executable, "-c", UPLOADER, strict_s3.endpoint, str(source), str(session)])
    assert child.wait(30) == -signal.SIGKILL
    completed = (request_line, moment) == ("POST uploadId", "after")
    assert ("bag.tar" in strict_s3.objects) == completed
    upload(strict_s3.endpoint, source, session)
    assert strict_s3.objects["bag.tar"].body == source.read_bytes()
    sent = [line for line in strict_s3.requests if line.startswith("PUT")]
    assert len(sent) <= PARTS + 1
    # only an upload whose number never reached us is left to the sweep of orphans
    assert len(strict_s3.uploads) == (request_line == "POST uploads")
    assert not session.exists()
