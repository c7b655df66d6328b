# SPDX-License-Identifier: Apache-2.0
"""`recto fixity`: prove kept copies by reading them, mend what is damaged, tell what is overdue."""

from __future__ import annotations

import json
import re
import sys
import time
from typing import Any

import click

from app.byte_progress import ByteProgress
from app.commands.upload_orphans import hours_of
from app.exit_codes import ExitCode
from app.fixity_report import print_preview, print_report, print_standing
from app.interruption import Interruption
from app.json_option import as_json_option
from app.output import err, print_json
from archive.registry.copy_audits import is_known_location
from workers.node import Node
from workers.receiving.audit_report import AuditReport, AuditRequest
from workers.settings import load_settings

PAUSE_SECONDS = 600.0
"""How long the service waits between two audits; what is due is due for days."""

_SIZE = re.compile(r"(?P<number>\d+(?:\.\d+)?)\s*(?P<unit>[%KMGT]?)", re.IGNORECASE)
_UNITS = {"": 1, "K": 10**3, "M": 10**6, "G": 10**9, "T": 10**12}


@click.group(invoke_without_command=True)
@click.option("--once", is_flag=True, help="Audit what is due, then end; otherwise go on until Ctrl-C.")
@click.option("--object", "identifier", default="", help="All copies of one object, due or not.")
@click.option("--all", "everything", is_flag=True, help="Every copy, due or not.")
@click.option("--older-than", metavar="AGE", help="Copies that were proved longer ago, as 12h or 30d.")
@click.option("--share", metavar="SHARE", help="Read no more than this: 5% of all bytes, or a size as 200G.")
@click.option("--no-repair", is_flag=True, help="Tell what is damaged and mend nothing.")
@click.option("--dry-run", is_flag=True, help="Tell what would be read, and read nothing.")
@click.option(
    "--refill",
    multiple=True,
    metavar="LOCATION",
    help="This location is new and empty: store its copies again.",
)
@as_json_option
@click.pass_context
def fixity(
    context: click.Context,
    *,
    once: bool,
    identifier: str,
    everything: bool,
    older_than: str | None,
    share: str | None,
    no_repair: bool,
    dry_run: bool,
    refill: tuple[str, ...],
    as_json: bool,
) -> None:
    """Prove kept copies by reading them, those first that were proved longest ago.

    A damaged or missing copy is made again from one that was just proved, if the settings allow it.
    Exit 0 when all that was read is good, 1 when a copy was damaged or missing, mended or not; 4 when
    a location could not be reached.
    """
    if context.invoked_subcommand is not None:
        return
    if sum(map(bool, (identifier, everything, older_than))) > 1:
        raise click.UsageError("Give one of --object, --all and --older-than.")
    node = Node(load_settings())
    part, most_bytes = _share(share)
    request = AuditRequest(
        object=identifier,
        older_than=0.0 if everything else 3600 * hours_of(older_than) if older_than else None,
        share=part,
        most_bytes=most_bytes,
        repair=node.settings.fixity.repair and not no_repair,
        refill=frozenset(refill),
    )
    _require_known(node, refill)
    if dry_run:
        _preview(node, request, as_json=as_json)
    elif once or not request.is_by_policy:
        sys.exit(_exit_code(_audit(node, request, as_json=as_json)))
    else:
        _serve(node, request, as_json=as_json)


def _require_known(node: Node, locations: tuple[str, ...]) -> None:
    with node.registry.reading() as session:
        unknown = [location for location in locations if not is_known_location(session, location)]
    if unknown:
        raise click.UsageError(
            f"No copy is kept at {unknown[0]}; locations are named as by: recto institution show ID"
        )


@fixity.command()
@as_json_option
def status(*, as_json: bool) -> None:
    """Tell what is overdue and what is damaged, what the last audit did, and whether the policy keeps up.

    Exit 0 when all is well, 1 when copies are damaged, missing or overdue.
    """
    from workers.receiving.fixity_standing import fixity_standing

    standing = fixity_standing(Node(load_settings()))
    if as_json:
        print_json(standing.to_json())
    else:
        print_standing(standing)
    states = standing.figures.states
    is_well = not standing.figures.overdue and not states.get("mismatch") and not states.get("missing")
    sys.exit(ExitCode.DONE if is_well else ExitCode.INVALID)


def _preview(node: Node, request: AuditRequest, *, as_json: bool) -> None:
    from workers.receiving.audits import preview_audit

    told = preview_audit(node, request)
    if as_json:
        print_json(told)
    else:
        print_preview(told)


def _audit(node: Node, request: AuditRequest, *, as_json: bool) -> AuditReport:
    with Interruption() as interruption:
        report = _run(node, request, interruption)
        interrupted = interruption.asked.is_set()
    if as_json:
        print_json(_document(report))
    else:
        print_report(report)
    if interrupted:
        raise KeyboardInterrupt
    return report


def _run(node: Node, request: AuditRequest, interruption: Interruption) -> AuditReport:
    from workers.receiving.audits import audit_copies

    with ByteProgress() as bars:
        return audit_copies(node, request, watch=bars.listener("audit"), stopped=interruption.asked.is_set)


def _serve(node: Node, request: AuditRequest, *, as_json: bool) -> None:
    err.print(f"Auditing what is due, every {PAUSE_SECONDS / 60:.0f} minutes. Stop with Ctrl-C.")
    with Interruption() as interruption:
        while not interruption.asked.is_set():
            report = _run(node, request, interruption)
            if as_json:
                click.echo(json.dumps(_document(report), ensure_ascii=False))
            elif report.copies:
                print_report(report)
            interruption.asked.wait(PAUSE_SECONDS)


def _document(report: AuditReport) -> dict[str, Any]:
    return {"at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), **report.to_json()}


def _exit_code(report: AuditReport) -> ExitCode:
    if report.found_bad:
        return ExitCode.INVALID
    return ExitCode.STORAGE_OR_NETWORK if report.unreachable or report.away else ExitCode.DONE


def _share(text: str | None) -> tuple[float | None, int | None]:
    """A share as part of the whole, or as bytes.

    Raises:
        UsageError: It is neither.
    """
    if text is None:
        return None, None
    match = _SIZE.fullmatch(text.strip())
    number = float(match["number"]) if match else 0.0
    if match is None or not number or (match["unit"] == "%" and number > 100):  # noqa: PLR2004 - per cent
        raise click.UsageError(f"--share takes a part such as 5%, or a size such as 200G, not {text!r}.")
    if match["unit"] == "%":
        return number / 100, None
    return None, max(1, int(number * _UNITS[match["unit"].upper()]))
