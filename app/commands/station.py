# SPDX-License-Identifier: Apache-2.0
"""`recto station`, `recto worker` and `recto beat`: the processes that do the work."""

from __future__ import annotations

import os
import signal
import stat
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

import click
import structlog

from app.output import err
from workers.errors import BrokerUnavailable, SettingsInvalid
from workers.idle_watch import IdleWatch
from workers.local_station import LocalStation
from workers.node import Node
from workers.operations import resume_all
from workers.settings import Settings, load_settings

log = structlog.get_logger(__name__)


@click.command()
@click.option("--until-idle", is_flag=True, help="End when no desktop is open and no work is left to do.")
@click.option("--detach", is_flag=True, help="Return at once; the station runs in a session of its own.")
def station(*, until_idle: bool, detach: bool) -> None:
    """Run this station: private broker if none is configured, workers for all queues, and the schedule."""
    settings = load_settings()
    if detach and not _leave_the_terminal():
        return
    node = Node(settings)
    watch = IdleWatch(node) if until_idle else None
    with LocalStation(settings) as running, _metrics(settings):
        err.print(
            f"Station {settings.station} works. Stop it with Ctrl-C; logs are in {running.log_folder()}."
        )
        resume_all(node)
        if watch is None:
            _stay(running)
            return
        told_to_end = not _stay(running, until=lambda: watch.is_outdated() or watch.is_over())
    if not told_to_end and not watch.is_over():
        # a fresh process: settings that hold from the start are read by modules when they are imported
        os.execv(sys.executable, [sys.executable, "-m", "app", "station", "--until-idle"])  # noqa: S606 (no shell)


@click.command()
@click.option(
    "--queues",
    help="Comma-separated: capture.<station>, default, compute_intensive, imaging_heavy, io_bound.",
)
@click.option("--concurrency", type=click.IntRange(1, 256), help="Processes or threads of each worker.")
def worker(queues: str | None, concurrency: int | None) -> None:
    """Run workers for some queues of a configured broker."""
    settings = _site_settings()
    names = [name.strip() for name in queues.split(",") if name.strip()] if queues else None
    with (
        LocalStation(settings, queues=names, concurrency=concurrency, beat=False) as running,
        _metrics(settings),
    ):
        err.print(f"Workers run: {', '.join(map(str, running.pids))}. Stop them with Ctrl-C.")
        _stay(running)


@click.command()
def beat() -> None:
    """Run the schedule; of several on one site one sends, and the others stand by to take over."""
    settings = _site_settings()
    with LocalStation(settings, workers=False) as running, _metrics(settings):
        err.print("The schedule runs, or stands by while another one does. Stop it with Ctrl-C.")
        _stay(running)


@contextmanager
def _metrics(settings: Settings) -> Iterator[None]:
    """Serve figures for Prometheus beside the work, where the settings name a port."""
    if settings.metrics.port is None:
        yield
        return
    from workers.nodes.metrics_endpoint import metrics_endpoint

    with metrics_endpoint(settings) as url:
        err.print(
            f"Figures are at {url}." if url else f"No figures here: port {settings.metrics.port} is taken."
        )
        yield


def _never() -> bool:
    return False


def _leave_the_terminal() -> bool:
    """Go on in a child with a session of its own.

    Returns:
        Whether this is the child; its parent has nothing more to do.
    """
    if os.fork() > 0:
        return False
    os.setsid()
    return True


def _stay(running: LocalStation, until: Callable[[], bool] = _never) -> bool:
    """Keep the processes alive until somebody ends this one, which is the ordinary way to end it.

    Returns:
        Whether it ended by itself, and nobody told it to.
    """
    if signal.getsignal(signal.SIGHUP) is signal.SIG_DFL:
        signal.signal(signal.SIGHUP, _hang_up)
    try:
        while not until():
            try:
                running.revive()
            except BrokerUnavailable as error:
                # the disk may have room again, or the program be back, when it is tried next
                log.warning("broker.not_revived", message=error.message)
            time.sleep(1.0)
    except KeyboardInterrupt:
        err.print(
            "Stopping: units in work are finished, or given back. Ctrl-C again gives them back at once."
        )
        return False
    return True


def _hang_up(_number: int, _frame: FrameType | None) -> None:
    """The terminal is closed: stop as on Ctrl-C, and say no more, for writing there is an error now."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout.fileno(), sys.stderr.fileno()):
        if stat.S_ISCHR(os.fstat(stream).st_mode):
            os.dup2(nowhere, stream)
    raise KeyboardInterrupt


def _site_settings() -> Settings:
    """The settings of a node of a site, which has a broker of its own.

    Raises:
        SettingsInvalid: No broker is configured.
    """
    settings = load_settings()
    if settings.broker_url is None:
        raise SettingsInvalid(
            "No broker is configured for this node.",
            remedy="Set RECTO_BROKER_URL; on a single machine run `recto station`, which brings its own broker.",
        )
    return settings
