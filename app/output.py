# SPDX-License-Identifier: Apache-2.0
"""What commands print: one JSON document or text on stdout, errors in three parts on stderr."""

from __future__ import annotations

import json
import sys
from typing import Any

import click
from rich.console import Console

WIDTH_OF_A_FILE = 160
"""Columns of a table that goes into a file or a pipe, where no terminal sets a width."""


def _console(*, stderr: bool) -> Console:
    terminal = (sys.stderr if stderr else sys.stdout).isatty()
    return Console(
        stderr=stderr,
        highlight=False,
        # names of files and scanners hold brackets: they are no instructions
        markup=False,
        soft_wrap=True,
        width=None if terminal else WIDTH_OF_A_FILE,
    )


out = _console(stderr=False)
"""Results."""
err = _console(stderr=True)
"""Everything that is not the result: progress, notes, errors."""


def print_json(document: Any) -> None:
    """Print one JSON document on stdout."""
    json.dump(document, sys.stdout, indent=2, ensure_ascii=False)
    sys.stdout.write("\n")


def on_a_line(text: str) -> str:
    """Words of others as a terminal can be given them: letters that would steer it become escapes."""
    return "".join(letter if letter.isprintable() else ascii(letter)[1:-1] for letter in text)


def print_error(error: dict[str, Any], *, as_json: bool = False) -> None:
    """Print an error: what happened, what it means for the work, what to do."""
    if as_json:
        print_json({"error": error})
    click.echo(f"{click.style('Error:', fg='red', bold=True)} {error['message']}", err=True)
    click.echo(f"  This means: {error['consequence']}", err=True)
    click.echo(f"  What to do: {error['remedy']}", err=True)
    click.echo(f"  Code: {error['code']}", err=True)


def describe_usage(error: click.UsageError) -> dict[str, Any]:
    """A wrong call of a command as an error's JSON, in three parts as all others."""
    context = error.ctx or click.get_current_context(silent=True)
    path = context.command_path if context else "recto"
    return {
        "code": "usage",
        "message": error.format_message(),
        "consequence": "Nothing was done.",
        "remedy": f"See how it is called with: {path} --help",
        "retry": "never",
        "facts": {},
    }
