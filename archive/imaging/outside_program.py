# SPDX-License-Identifier: Apache-2.0
"""Running a program of others over a file: found on the PATH or beside this Python, ended when it hangs."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path

LONGEST_ANSWER = 4 << 20
"""Bytes of an answer that are read."""


class NoAnswer(Exception):
    """A program said nothing that could be read; its words are why."""


def find_program(name: str) -> str | None:
    """The whole path of a program, on the PATH or beside this Python; None where it is not installed."""
    return shutil.which(name) or shutil.which(name, path=str(Path(sys.executable).parent))


def answer_of(command: Sequence[str], seconds: float) -> tuple[int, str]:
    """Run a program to its end.

    Args:
        command: The program and its arguments.
        seconds: When it is killed, with all that it started.

    Returns:
        Its exit status, and what it printed.

    Raises:
        NoAnswer: It cannot be started, or took too long.
    """
    # not a pipe: a child of the program that lives on would keep it open
    with tempfile.TemporaryFile() as output:
        try:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        except OSError as error:
            raise NoAnswer(f"it cannot be started: {error.strerror or error}") from error
        try:
            status = process.wait(seconds)
        except subprocess.TimeoutExpired as error:
            raise NoAnswer(f"it took more than {seconds:g} seconds and was ended") from error
        finally:
            # also where it ended by itself: a child of its own may not have
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        output.seek(0)
        return status, output.read(LONGEST_ANSWER).decode("utf-8", "replace")


@cache
def version_of(program: str, argument: str) -> str:
    """What a program prints as its version; "" where it prints none.

    Args:
        program: Its whole path.
        argument: What makes it print its version.
    """
    try:
        status, answer = answer_of([program, argument], 10)
    except NoAnswer:
        return ""
    return answer.strip() if status == 0 and len(answer) < 20 else ""  # noqa: PLR2004 (no version is longer)
