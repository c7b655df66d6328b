# SPDX-License-Identifier: Apache-2.0
"""Delivering: notifications become messages, messages go to their targets, what cannot be sent waits or is told."""

from __future__ import annotations

from dataclasses import dataclass

import structlog

from archive.errors import ArchiveError
from archive.notification_kinds import SEVERITIES, Kind, Severity
from archive.registry.notification_messages import (
    AT_ONCE,
    gather,
    note_not_sent,
    note_sent,
    prune,
    put_back_lost,
    take_due,
)
from archive.registry.receiving_tables import NotificationMessageRow
from workers.node import Node
from workers.notification_settings import NotificationTargetSettings
from workers.notifications.sending import address_of, send
from workers.notifications.templates import Message, render

log = structlog.get_logger(__name__)

MOST_AT_ONCE = 20
"""Messages to one target in one round; the next round is half a minute away."""
UNSENT_SECONDS = 7 * 86_400.0
"""What nobody sent for so long tells of another time, and goes."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """What one round did.

    Attributes:
        sent: Messages that targets took.
        failed: Messages that they did not take; all but those given up wait.
        given_up: Of these, those that nobody tries again.
    """

    sent: int = 0
    failed: int = 0
    given_up: int = 0


def deliver(node: Node) -> Delivered:
    """Make messages of what is to be told, and send what may be sent now.

    A process without targets leaves everything to those that have some.

    Raises:
        RegistryUnreachable: The registry does not answer.
    """
    settings = node.settings.notifications
    done = _deliver_all(node) if settings.targets else Delivered()
    with node.registry.transaction() as session:
        prune(session, kept_seconds=settings.kept_days * 86_400.0, unsent_seconds=UNSENT_SECONDS)
    return done


def send_trial(node: Node, name: str) -> None:
    """Send a message that says that this target works.

    Raises:
        SettingsInvalid: There is no such target, or its address cannot be used.
        SecretsUnavailable: Its address is in the keyring, which stays locked.
        NotificationNotSent: The target did not take it.
    """
    message = Message(
        "A trial of Recto's notifications",
        f"The station {node.settings.station} can tell the target {name!r} what happens.",
    )
    send(name, address_of(name, node.settings.notifications.targets[name]), message, Severity.INFO)


def _deliver_all(node: Node) -> Delivered:
    settings = node.settings.notifications
    gathered = AT_ONCE
    while gathered == AT_ONCE:
        with node.registry.transaction() as session:
            put_back_lost(session, give_up_seconds=settings.give_up_hours * 3600.0)
            gathered = gather(session, {name: target.wants for name, target in settings.targets.items()})
    rounds = [_deliver_to(node, name, target) for name, target in settings.targets.items()]
    return Delivered(
        sum(done.sent for done in rounds),
        sum(done.failed for done in rounds),
        sum(done.given_up for done in rounds),
    )


def _deliver_to(node: Node, name: str, target: NotificationTargetSettings) -> Delivered:
    sent = 0
    for _ in range(MOST_AT_ONCE):
        message = _take(node, name, target)
        if message is None:
            break
        try:
            _send(node, name, target, message)
        except ArchiveError as error:
            # whatever is wrong with this target, its other messages would fare alike
            return Delivered(sent, 1, int(_put_back(node, message, error)))
        with node.registry.transaction() as session:
            note_sent(session, message.id)
        log.info("notification.sent", target=name, kind=message.kind, number=message.number)
        sent += 1
    return Delivered(sent)


def _take(node: Node, name: str, target: NotificationTargetSettings) -> NotificationMessageRow | None:
    with node.registry.transaction() as session:
        return take_due(
            session,
            name,
            group_seconds=node.settings.notifications.group_seconds,
            per_hour=target.per_hour,
        )


def _send(node: Node, name: str, target: NotificationTargetSettings, row: NotificationMessageRow) -> None:
    known = next((kind for kind in Kind if kind == row.kind), None)
    severity = SEVERITIES[known] if known is not None else Severity.INFO
    message = render(row.kind, row.examples, row.number, node.settings.notifications.templates)
    send(name, address_of(name, target), message, severity)


def _put_back(node: Node, row: NotificationMessageRow, error: ArchiveError) -> bool:
    with node.registry.transaction() as session:
        given_up = note_not_sent(
            session,
            row.id,
            error.message,
            give_up_seconds=node.settings.notifications.give_up_hours * 3600.0,
        )
    log.warning(
        "notification.given_up" if given_up else "notification.not_sent",
        target=row.target,
        kind=row.kind,
        number=row.number,
        attempts=row.attempts,
        message=error.message,
    )
    return given_up
