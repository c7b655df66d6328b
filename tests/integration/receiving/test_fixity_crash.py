# SPDX-License-Identifier: Apache-2.0
"""An auditor killed with -9 at every step of a repair: old or new bytes, and the next audit ends what it began."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from archive.registry.receiving_tables import ContentCopyRow
from tests.audited_copies import Archive, flip_bit, make_archive
from workers.receiving.audit_report import AuditRequest
from workers.receiving.audits import audit_copies

STEPS = ("fsync", "link", "unlink", "rename", "replace")
MOST = 40
PAGE = b"a page of a letter" * 50


def _audit_and_die(archive: Archive, step: int) -> None:
    """Audit in this process, which kills itself at the given step."""
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
    audit_copies(archive.node, AuditRequest(older_than=0.0))


def _leases_end(archive: Archive) -> None:
    with archive.node.registry.transaction() as session:
        session.execute(update(ContentCopyRow).values(lease_until=0.0))


def kill_at_every_step(top: Path) -> None:
    """Tell as JSON what stood under the key after each death, and what the next audit found and left."""
    archive = make_archive([str(top / "here"), str(top / "there")])
    archive.keep("letters", [PAGE])
    copy = archive.file("letters", PAGE, 0)
    deaths: list[dict[str, Any]] = []
    for step in range(1, MOST):
        damaged = flip_bit(copy)
        # a child must not have its parent's database
        archive.node.close()
        child = os.fork()
        if child == 0:
            _audit_and_die(archive, step)
            os._exit(0)
        if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0:
            break
        found = copy.read_bytes()
        _leases_end(archive)
        report = audit_copies(archive.node, AuditRequest(older_than=0.0))
        deaths.append(
            {
                "whole": found in {damaged, PAGE},
                "mended": found == PAGE or report.mended == 1,
                "good": copy.read_bytes() == PAGE and archive.states(0) == ["verified"],
                "left": report.left,
                "chain": archive.chain("letters").whole,
            }
        )
    archive.node.close()
    print(json.dumps(deaths))  # noqa: T201


def test_a_repair_that_is_killed_leaves_old_or_new_bytes_and_is_ended_by_the_next_audit(
    recto_home: Path, tmp_path: Path
) -> None:
    script = f"from {__name__} import kill_at_every_step; from pathlib import Path; import sys; kill_at_every_step(Path(sys.argv[1]))"
    told = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        cwd=Path(__file__).parents[3],
    )
    if told.returncode:
        pytest.fail(told.stderr)
    deaths = json.loads(told.stdout.splitlines()[-1])
    assert len(deaths) > 4
    assert deaths == [{"whole": True, "mended": True, "good": True, "left": 0, "chain": True}] * len(deaths)
