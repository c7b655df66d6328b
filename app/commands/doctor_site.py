# SPDX-License-Identifier: Apache-2.0
"""What `recto doctor` asks of a site: whether people can be told, and whether the registry is backed up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator

from app.commands.doctor_finding import Finding
from archive.errors import ArchiveError
from archive.registry.notification_messages import FAILED, count_states
from archive.registry.schedule_runs import newest_runs
from workers.node import Node
from workers.schedules import SCHEDULES, due_next
from workers.settings import settings_file
from workers.settings_overrides import overriding_variable

READABLE_BY_OTHERS = 0o044
LATE = dt.timedelta(hours=6)
"""A backup that is due runs within minutes; this long after it something is wrong."""


def _notifications(node: Node) -> Iterator[Finding]:
    targets = node.settings.notifications.targets
    if not targets:
        return
    from workers.notifications.sending import address_of, require_usable

    for name, target in sorted(targets.items()):
        try:
            address = address_of(name, target)
            require_usable(name, address)
        except ArchiveError as error:
            yield Finding(
                f"notify {name}", good=False, found=error.message, remedy=error.remedy, needed=False
            )
        else:
            yield Finding(f"notify {name}", good=True, found=f"{address.service}, not tried")
    yield from _given_up(node)
    yield from _readable_addresses(node)


def _given_up(node: Node) -> Iterator[Finding]:
    try:
        with node.registry.reading() as session:
            counted = count_states(session)
    except ArchiveError:
        # the check of the registry tells that
        return
    for (target, state), number in sorted(counted.items()):
        if state == FAILED:
            yield Finding(
                f"notify {target}",
                good=False,
                found=f"{number} messages could not be sent and were given up",
                remedy="See them with: recto notify list; try again with: recto notify retry",
                needed=False,
            )


def _readable_addresses(node: Node) -> Iterator[Finding]:
    """Addresses are secrets: the file they may stand in is for its owner."""
    file = settings_file()
    try:
        readable = bool(file.stat().st_mode & READABLE_BY_OTHERS)
    except OSError:
        return
    in_file = [
        name
        for name, target in node.settings.notifications.targets.items()
        if target.url is not None and overriding_variable(("notifications", "targets", name, "url")) is None
    ]
    if readable and in_file:
        yield Finding(
            "settings file",
            good=False,
            found=f"{file} can be read by others, and addresses of notifications are secrets",
            remedy=f"chmod 600 {file}, or keep the addresses with: recto notify keep TARGET",
            needed=False,
        )


def _registry_backup(node: Node) -> Iterator[Finding]:
    check, remedy = "registry backup", "See why: recto schedule history registry_backup"
    if not node.settings.backup.target:
        yield Finding(
            check,
            good=False,
            found="none is made",
            remedy="Name a storage target: target in [backup] of the settings.",
            needed=False,
        )
        return
    try:
        with node.registry.reading() as session:
            newest = newest_runs(session).get(SCHEDULES["registry_backup"].run)
    except ArchiveError:
        return
    if newest is None:
        yield Finding(check, good=True, found=f"goes to {node.settings.backup.target}; none was made yet")
        return
    began = dt.datetime.fromisoformat(newest.started_at)
    due = due_next(node.settings.schedules, "registry_backup", began)
    late = due is not None and due + LATE < dt.datetime.now(dt.UTC)
    told = f"the last of {newest.started_at}: {newest.outcome or 'not finished'}"
    runs = not newest.outcome and dt.datetime.now(dt.UTC) - began < LATE
    good = runs or (newest.outcome in {"success", "warning"} and not late)
    yield Finding(
        check, good=good, found=f"{told}{', and none since' if late else ''}", remedy=remedy, needed=False
    )


SITE_CHECKS: tuple[Callable[[Node], Iterator[Finding]], ...] = (_notifications, _registry_backup)
