# SPDX-License-Identifier: Apache-2.0
"""Units that may have killed their worker are done in a process of their own, where nobody dies with them.

A pool of threads is one process: a unit that crashes takes the others with it. They all come back, and
nobody knows which it was; tried again among others, it would take them along each time, until innocent
ones have used up their attempts. So each of them is tried apart, once: what crashes there is guilty.
"""

from __future__ import annotations

import json
import math
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import structlog

from archive.errors import LeaseLost, RegistryError
from archive.registry import ledger
from archive.registry.ledger import Claim
from archive.registry.stages import StageRule
from workers.node import Node
from workers.nodes.stopping import WorkerStops, stopping

log = structlog.get_logger(__name__)

LOOK_SECONDS = 0.1
MARGIN_SECONDS = 30.0
"""Beyond its hard limit, for a unit to be given up and for its process to start and to end."""
LONGEST_TRACEBACK = 4000
STOP_SECONDS = 2.0


def must_run_apart(claim: Claim) -> bool:
    """Whether a unit may have killed its worker, and this one has others that it could kill."""
    return claim.after_loss and threading.current_thread() is not threading.main_thread()


def run_apart(node: Node, claim: Claim, rule: StageRule) -> None:
    """Do a claimed unit in a process of its own, which sends what becomes ready by its end.

    A process that dies has shown that the unit kills whoever does it: it is failed, with what Python's
    faulthandler could still tell.

    Args:
        node: The process's settings and registry.
        claim: The right to do the unit; it is the new process's from now on.
        rule: The stage.

    Raises:
        WorkerStops: The worker stops; the process was ended, and the unit may be given back.
    """
    log.warning("unit.runs_apart", reason="its worker died when it was done last")
    with tempfile.NamedTemporaryFile(prefix="recto-unit-", suffix=".txt") as last_words:
        with _process(claim, last_words.name) as process:
            status = _wait(node, claim, process, rule.hard_seconds + MARGIN_SECONDS)
        if status != 0:
            _record_crash(node, claim, status, Path(last_words.name))


@contextmanager
def _process(claim: Claim, last_words: str) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "workers.apart_unit", json.dumps(asdict(claim)), last_words]
    # its standard input ends when we do, and so does it
    process = subprocess.Popen(command, stdin=subprocess.PIPE, env=dict(os.environ))
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
        if process.stdin is not None:
            process.stdin.close()


def _wait(node: Node, claim: Claim, process: subprocess.Popen[bytes], seconds: float) -> int:
    """Wait for the process, and renew the lease for it: where much is going on, it takes seconds to start."""
    deadline = time.monotonic() + seconds
    renew_at = 0.0
    while (status := process.poll()) is None:
        if time.monotonic() > renew_at:
            renew_at = time.monotonic() + _renew(node, claim)
        if stopping.is_due():
            process.terminate()
            time.sleep(STOP_SECONDS)
            raise WorkerStops
        if time.monotonic() > deadline:
            process.kill()
            return process.wait()
        time.sleep(LOOK_SECONDS)
    return status


def _renew(node: Node, claim: Claim) -> float:
    """Renew the lease.

    Returns:
        In how many seconds it is to be renewed again; never, where it was lost: what is done with the unit meanwhile, the
        process itself finds out.
    """
    lease = node.settings.ledger.lease_seconds
    try:
        with node.registry.transaction() as session:
            ledger.renew(session, claim, lease_seconds=lease)
    except LeaseLost:
        return math.inf
    except RegistryError as error:
        # the next one may come through; if none does, the lease ends and another worker goes on
        log.warning("lease.not_renewed", error=error.message)
    return lease / 3


def _record_crash(node: Node, claim: Claim, status: int, last_words: Path) -> None:
    told = last_words.read_text(encoding="utf-8", errors="replace")[:LONGEST_TRACEBACK]
    try:
        with node.registry.transaction() as session:
            ledger.fail(session, claim, crashed(claim, status, told), max_attempts=1)
    except LeaseLost:
        # it was recorded there, or cancelled
        log.info("unit.taken_over_already")
        return
    log.error("unit.crashed", status=status, traceback=told)


def crashed(claim: Claim, status: int, told: str) -> dict[str, Any]:
    """That a unit kills the process that does it, as an error's JSON."""
    how = signal.Signals(-status).name if status < 0 else f"exit code {status}"
    return {
        "code": "worker.lost",
        "message": f"The {claim.stage} stage ends every process that does it: {how}, also when it ran alone.",
        "consequence": "The item stands still; its finished stages are kept, and no other unit was harmed.",
        "remedy": "Look at the traceback and at the pages of the item, mend the cause, then: recto batch retry.",
        "retry": "never",
        "facts": {"traceback": told, "status": status},
    }
