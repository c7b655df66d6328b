# SPDX-License-Identifier: Apache-2.0
"""`recto upload --abandon-orphans`: uploads that nobody will finish, listed and aborted."""

from __future__ import annotations

import datetime as dt
import re
import sys
from typing import Any

import click

from app.exit_codes import exit_code_of
from app.output import out, print_error, print_json
from app.storage_choice import chosen_target
from archive.errors import ArchiveError
from workers.node import Node
from workers.orphans import uploads_in_use
from workers.settings import load_settings

_AGE = re.compile(r"(?P<number>\d+(?:\.\d+)?)\s*(?P<unit>[mhd])")
_SECONDS = {"m": 60, "h": 3600, "d": 86400}
_DAY = 24.0


def clear_orphans(
    url: str | None, endpoint: str | None, older_than: str | None, *, dry_run: bool, as_json: bool
) -> None:
    """Abort what is old enough at one target, or at all of the settings; ends the command.

    Args:
        url: A target's address or name; all targets of the settings where None.
        endpoint: Address of an S3 service.
        older_than: Age, as "24h"; the settings' own where None, else a day.
        dry_run: Whether only to list.
        as_json: Whether to print one JSON document on stdout.
    """
    settings = load_settings()
    hours = hours_of(older_than) if older_than else settings.upload.orphan_hours or _DAY
    spare = uploads_in_use(Node(settings), hours)
    answers: list[dict[str, Any]] = []
    for name in [url] if url else sorted(settings.storage_targets()):
        try:
            target = chosen_target(settings, name, endpoint=endpoint)
            orphans = target.abandon_orphans(dt.timedelta(hours=hours), spare=spare, only_list=dry_run)
        except ArchiveError as error:
            print_error(error.to_json() | {"message": f"{name}: {error.message}"})
            answers.append({"target": name, "error": error.to_json()})
            continue
        told = [
            {"url": orphan.url, "upload_id": orphan.upload_id, "begun_at": orphan.begun_at}
            for orphan in orphans
        ]
        answers.append({"target": name, "aborted": not dry_run, "orphans": told})
        if not as_json:
            _print(name, told, dry_run=dry_run)
    if as_json:
        print_json(answers)
    sys.exit(max(exit_code_of(answer["error"]) if "error" in answer else 0 for answer in answers))


def _print(name: str, orphans: list[dict[str, str]], *, dry_run: bool) -> None:
    done = "would be aborted" if dry_run else "aborted"
    for orphan in orphans:
        out.print(f"{orphan['url']}: begun {orphan['begun_at']}, {done}", markup=False)
    out.print(f"{name}: {len(orphans)} unfinished uploads {done}.", markup=False)


def hours_of(text: str) -> float:
    """The hours of an age such as 90m, 24h or 7d.

    Raises:
        UsageError: It is none.
    """
    match = _AGE.fullmatch(text.strip())
    if match is None:
        raise click.UsageError(f"--older-than takes an age such as 90m, 24h or 7d, not {text!r}.")
    return float(match["number"]) * _SECONDS[match["unit"]] / 3600
