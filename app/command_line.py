# SPDX-License-Identifier: Apache-2.0
"""The `recto` command: one click group whose commands each live in a module of app/commands."""

from __future__ import annotations

import importlib
import io
import signal
import sys
import threading
from pathlib import Path
from types import FrameType
from typing import Any

import click

from app.base_directory import use_temporary_base_directory
from app.exit_codes import ExitCode, exit_code_of
from app.output import describe_usage, print_error, print_json
from archive.errors import ArchiveError
from hardware.errors import ScannerError
from workers.failures import describe_failure
from workers.logs import configure_logging

COMMANDS: dict[str, tuple[str, str, str]] = {
    "bag": ("app.commands.bag", "bag", "Bags: create them from folders, verify them."),
    "batch": ("app.commands.batch", "batch", "Batches: from a manifest to proved bags in storage."),
    "beat": ("app.commands.station", "beat", "Run the schedule; a second one stands by."),
    "demo": ("app.commands.demo", "demo", "The main job on simulated scanners, with nothing configured."),
    "devices": ("app.commands.devices", "devices", "All scanners that are found, real and simulated."),
    "doctor": ("app.commands.doctor", "doctor", "Check this machine, with the remedy for what is missing."),
    "fixity": ("app.commands.fixity", "fixity", "Prove kept copies by reading them, mend what is damaged."),
    "institution": ("app.commands.institution", "institution", "Depositors: add, list, change, disable."),
    "key": ("app.commands.key", "key", "The keys that sign histories: show, export, rotate."),
    "manifest": ("app.commands.manifest", "manifest", "Manifests: the files that describe batches."),
    "metrics": ("app.commands.metrics", "metrics", "Figures for Prometheus: served, or printed once."),
    "object": ("app.commands.object", "object_command", "What is kept: objects, versions, files, history."),
    "notify": ("app.commands.notify", "notify", "Notifications: try targets, list what was not sent."),
    "options": ("app.commands.options", "options", "The options of a scanner."),
    "pipeline": ("app.commands.pipeline", "pipeline", "Pipelines: what the items of a batch go through."),
    "quality": ("app.commands.quality", "quality", "Measure image files and judge them by a profile."),
    "target": ("app.commands.target", "target", "Measure a colour target: how true a scanner is."),
    "receipt": ("app.commands.receipt", "receipt", "Receipts of an archive: prove one."),
    "receive": ("app.commands.receive", "receive", "Bags that arrive: found, ingested, answered."),
    "restore": ("app.commands.restore", "restore_command", "Give back what is kept; drill that."),
    "registry": ("app.commands.registry", "registry", "The registry: back it up, verify, restore."),
    "scan": ("app.commands.scan", "scan", "Scan straight into TIFF masters, without a batch."),
    "schedule": ("app.commands.schedule", "schedule", "What is done again and again: next, last, now."),
    "stage": ("app.commands.stage", "stage", "Stages of all batches: hold one, let it go on."),
    "staging": ("app.commands.staging", "staging", "What lies between the hosts of a site."),
    "station": ("app.commands.station", "station", "Run this station: broker, workers and schedule."),
    "status": ("app.commands.status", "status", "Broker, queues, nodes and disks; what stands still."),
    "suggestions": ("app.commands.suggestions", "suggestions", "What programs suggest; accept, refuse."),
    "upload": ("app.commands.upload", "upload", "Send bags to a storage target and prove the stored bytes."),
    "verify-chain": ("app.commands.chain", "verify_chain_command", "Verify the history of a batch or bag."),
    "worker": ("app.commands.station", "worker", "Run workers for some queues of a configured broker."),
}
"""Module, name and one line of help of each command; a module is imported when its command is called."""


_DESKTOP = ("app.commands.desktop", "desktop", "Open the desktop.")
"""Not among the commands: it is what `recto` does without one, or with a manifest in a command's place."""

_AS_JSON = "app.as_json"
"""Where a context remembers that somebody reads the answer by program."""


class RectoGroup(click.Group):
    """The commands by name, imported when they are needed; errors become three sentences and an exit code."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All command names."""
        del ctx
        return sorted(COMMANDS)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, without importing any."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, _, text) in sorted(COMMANDS.items())])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """One command, imported now."""
        del ctx
        if cmd_name not in COMMANDS and cmd_name != _DESKTOP[1]:
            return None
        module, name, _ = COMMANDS.get(cmd_name, _DESKTOP)
        command: click.Command = getattr(importlib.import_module(module), name)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """A file in a command's place is a manifest, as file managers and desktop entries hand it over."""
        if args[0] not in COMMANDS and Path(args[0]).is_file():
            return _DESKTOP[1], self.get_command(ctx, _DESKTOP[1]), args
        if args[0] not in COMMANDS and (Path(args[0]).suffix or Path(args[0]).is_absolute()):
            raise click.UsageError(f"There is no file {args[0]}.", ctx)
        return super().resolve_command(ctx, args)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Note whether the answer is to be JSON, also that to a call that cannot be understood."""
        ctx.meta[_AS_JSON] = "--json" in args
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; a known error is printed in its three parts and ends with its exit code."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            # whoever read our output has enough of it
            sys.stderr.close()
            sys.exit(ExitCode.DONE)
        except click.UsageError as error:
            if ctx.meta[_AS_JSON]:
                print_json({"error": describe_usage(error)})
            raise
        except (ArchiveError, ScannerError, OSError) as error:
            document = describe_failure(error)
            print_error(document, as_json=ctx.meta[_AS_JSON])
            sys.exit(exit_code_of(document))
        except (KeyboardInterrupt, click.Abort):
            click.echo("Interrupted. What was finished is kept.", err=True)
            sys.exit(ExitCode.INTERRUPTED)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


@click.group(
    cls=RectoGroup, context_settings={"help_option_names": ["-h", "--help"]}, invoke_without_command=True
)
@click.version_option(package_name="recto", prog_name="recto")
@click.option("-v", "--verbose", count=True, help="Tell more on stderr; twice for everything.")
@click.option(
    "--temp-basedir", is_flag=True, help="Use a new, empty profile that touches nothing else of this user."
)
@click.pass_context
def main(context: click.Context, *, verbose: int, temp_basedir: bool) -> None:
    """Take a stack of paper to a verified bag in an archive.

    Without a command the desktop opens; a manifest in a command's place opens in it.
    """
    # told to stop, a command leaves as on Ctrl-C: its blocks end, and its workers with them
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, _interrupt)
    if isinstance(sys.stdout, io.TextIOWrapper):
        # names of files need not be UTF-8; this spelling of theirs is an escape in JSON as well
        sys.stdout.reconfigure(errors="backslashreplace")
    configure_logging(("warning", "info", "debug")[min(verbose, 2)])
    if temp_basedir:
        click.echo(f"Everything is kept in {use_temporary_base_directory()}", err=True)
    if context.invoked_subcommand is None:
        desktop = context.command.get_command(context, _DESKTOP[1])  # type: ignore[attr-defined]
        context.invoke(desktop, manifests=())
