# SPDX-License-Identifier: Apache-2.0
"""A writer into a directory killed with -9 at every fsync, link and removal: a name means whole bytes."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from archive.bag.profile import load_profile
from archive.bag.straight_upload import send_folder
from archive.storage.local_directory import LocalDirectoryTarget
from archive.storage.parts import digest_for_upload
from archive.storage.target import FileUploadSession

STEPS = ("fsync", "link", "unlink", "rename", "replace")
MOST = 40


def store(how: str, top: Path) -> None:
    """Put the bag of a box into the vault beside it, as a stream or as a file that was made before."""
    target = LocalDirectoryTarget(top / "vault")
    session = FileUploadSession(top / "notes" / "upload.json")
    if how == "stream":
        profile = load_profile("bagit")
        send_folder(top / "box", target, profile=profile, tags={}, session=session, bagging_date="2026-03-31")
        return
    found = digest_for_upload(top / "box.tar")
    copy = target.upload(
        top / "box.tar",
        "box.tar",
        sha256=found.sha256,
        part_size=16 << 20,
        part_sha256=found.part_sha256,
        metadata={},
        session=session,
    )
    target.confirm(copy)


def _store_and_die(how: str, top: Path, step: int) -> None:
    """Store in this process, which kills itself at the given step."""
    taken = 0

    def counted(function: Any) -> Any:
        def call(*arguments: Any, **options: Any) -> Any:
            nonlocal taken
            taken += 1
            if taken == step:
                os.kill(os.getpid(), signal.SIGKILL)
            return function(*arguments, **options)

        return call

    for name in STEPS:
        setattr(os, name, counted(getattr(os, name)))
    store(how, top)


def kill_at_every_step(how: str, top: Path) -> None:
    """Tell as JSON what stood under the final name after each death, and after the writer that came next."""
    deaths: list[dict[str, Any]] = []
    for step in range(1, MOST):
        child = os.fork()
        if not child:
            _store_and_die(how, top, step)
            os._exit(0)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        if status == 0:
            break
        final = top / "vault" / "box.tar"
        death: dict[str, Any] = {
            "status": status,
            "whole": not final.exists() or final.read_bytes() == (top / "box.tar").read_bytes(),
        }
        store(how, top)
        death["files"] = sorted(path.name for path in (top / "vault").iterdir())
        death["stored"] = final.read_bytes() == (top / "box.tar").read_bytes()
        deaths.append(death)
        shutil.rmtree(top / "vault")
    sys.stdout.write(json.dumps(deaths))


@pytest.mark.parametrize("how", ["stream", "file"])
def test_a_name_means_whole_bytes_wherever_the_writer_dies(how: str, tmp_path: Path) -> None:
    (tmp_path / "box").mkdir()
    (tmp_path / "box" / "page.tif").write_bytes(os.urandom(70_000))
    store("stream", tmp_path)
    (tmp_path / "vault" / "box.tar").rename(tmp_path / "box.tar")
    code = (
        "import sys; from pathlib import Path; from tests.integration.storage.test_local_crash import *; "
        "kill_at_every_step(sys.argv[1], Path(sys.argv[2]))"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code, how, str(tmp_path)], capture_output=True, text=True, check=True
    )
    deaths = json.loads(ended.stdout)
    # the bytes, the name, the folder; the temporary name goes
    assert 4 <= len(deaths) < MOST - 1
    for death in deaths:
        assert death == {"status": -signal.SIGKILL, "whole": True, "files": ["box.tar"], "stored": True}
