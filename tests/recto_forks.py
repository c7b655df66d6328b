# SPDX-License-Identifier: Apache-2.0
"""`recto` in forks of one process that has its modules loaded: a start anew costs a second of processor time.

For commands that run to their end and start neither workers nor devices. Run as `python -m tests.recto_forks`: it takes a
line of JSON for each command, and answers with the process's id and then with its exit code.
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import traceback
from dataclasses import dataclass, field
from pathlib import Path
from selectors import EVENT_READ, DefaultSelector
from typing import IO, Any, NoReturn

GROUPS = {
    "bag": frozenset({"verify", "create"}),
    "batch": frozenset(
        {"status", "retry", "accept", "hold", "unhold", "cancel", "export", "receipts", "release"}
    ),
    "key": frozenset({"show", "export", "rotate"}),
    "manifest": frozenset({"check"}),
}
SINGLE = frozenset({"verify-chain"})
LOADED = (
    *("app.command_line", "app.commands.bag", "app.commands.batch", "app.commands.chain", "app.commands.key"),
    *("app.commands.manifest", "archive.bag.validator", "archive.registry.ledger", "workers.operations"),
)
ROOT = Path(__file__).resolve().parent.parent


def suits(arguments: tuple[str, ...]) -> bool:
    """Whether a command is one of those that may run in a fork."""
    group, *rest = arguments
    return group in SINGLE or (bool(rest) and rest[0] in GROUPS.get(group, ()))


@dataclass
class Forks:
    """The process that forks, started at the first command."""

    _process: subprocess.Popen[str] | None = field(default=None)

    def run(
        self, arguments: tuple[str, ...], environment: dict[str, str], timeout: float
    ) -> subprocess.CompletedProcess[str]:
        """Run a command to its end.

        Args:
            arguments: Those of `recto`.
            environment: All of its environment.
            timeout: Seconds after which it is killed.

        Raises:
            TimeoutExpired: It was.
        """
        with tempfile.TemporaryDirectory(prefix="recto-fork-") as folder:
            out, err = Path(folder) / "out", Path(folder) / "err"
            order = {"arguments": arguments, "environment": environment, "out": str(out), "err": str(err)}
            code = self._carried_out(order, timeout)
            return subprocess.CompletedProcess(arguments, code, out.read_text(), err.read_text())

    def _carried_out(self, order: dict[str, Any], timeout: float) -> int:
        process = self._started()
        assert process.stdin is not None
        process.stdin.write(json.dumps(order) + "\n")
        process.stdin.flush()
        pid = self._answer(process, timeout)["pid"]
        try:
            code: int = self._answer(process, timeout)["code"]
        except TimeoutError:
            os.kill(pid, signal.SIGKILL)
            self._answer(process, 10)
            raise subprocess.TimeoutExpired(list(order["arguments"]), timeout) from None
        return code

    def stop(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.communicate(timeout=30)
            self._process = None

    def _started(self) -> subprocess.Popen[str]:
        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.recto_forks"],
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                bufsize=1,
            )
        return self._process

    def _answer(self, process: subprocess.Popen[str], timeout: float) -> dict[str, Any]:
        assert process.stdout is not None
        with DefaultSelector() as selector:
            selector.register(process.stdout, EVENT_READ)
            if not selector.select(timeout):
                raise TimeoutError
        answer: dict[str, Any] = json.loads(process.stdout.readline())
        return answer


def _serve(orders: IO[str], answers: IO[str]) -> None:
    for module in LOADED:
        importlib.import_module(module)
    for line in orders:
        order = json.loads(line)
        pid = os.fork()
        if pid == 0:
            _command(order)
        print(json.dumps({"pid": pid}), file=answers, flush=True)
        _, status = os.waitpid(pid, 0)
        print(json.dumps({"code": os.waitstatus_to_exitcode(status)}), file=answers, flush=True)


def _command(order: dict[str, Any]) -> NoReturn:
    from app.command_line import main

    code: Any = 1
    try:
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        for number, name in ((1, "out"), (2, "err")):
            os.dup2(os.open(order[name], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), number)
        os.environ.clear()
        os.environ.update(order["environment"])
        sys.argv = ["recto", *order["arguments"]]
        main(order["arguments"])
        code = 0
    except SystemExit as ended:
        code = ended.code
    except BaseException:
        # as the interpreter does it; beyond this line the process is gone
        traceback.print_exc()
        raise
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code if isinstance(code, int) else 0 if code is None else 1)


if __name__ == "__main__":
    _serve(sys.stdin, sys.stdout)
