# SPDX-License-Identifier: Apache-2.0
"""`recto notify`: try the targets of notifications, see what was not sent, and keep their addresses."""

from __future__ import annotations

import sys
from typing import Any

import click

from app.exit_codes import exit_code_of
from app.json_option import as_json_option
from app.output import err, out, print_error, print_json
from archive.errors import ArchiveError
from archive.registry.notification_messages import count_ungathered, list_messages, send_again
from archive.registry.receiving_tables import NotificationMessageRow
from workers.errors import SettingsInvalid
from workers.node import Node
from workers.settings import load_settings


@click.group()
def notify() -> None:
    """Notifications: try targets, list what was not sent, send again, keep addresses."""


@notify.command()
@click.argument("target", required=False)
@as_json_option
def test(target: str | None, *, as_json: bool) -> None:
    """Send a message to a target, or to all; exit 4 when one does not take it."""
    from workers.notifications.delivery import send_trial

    node = Node(load_settings())
    answers: list[dict[str, Any]] = []
    for name in _names(node, target):
        try:
            send_trial(node, name)
        except ArchiveError as error:
            answers.append({"target": name, "sent": False, "error": error.to_json()})
            print_error(error.to_json())
        else:
            answers.append({"target": name, "sent": True})
            if not as_json:
                out.print(f"{name}: the message was taken")
    if as_json:
        print_json(answers)
    sys.exit(max(exit_code_of(answer["error"]) if "error" in answer else 0 for answer in answers))


@notify.command("list")
@click.option("--all", "everything", is_flag=True, help="Those that were sent too.")
@as_json_option
def list_command(*, everything: bool, as_json: bool) -> None:
    """List the messages that wait or were given up, and how many notifications are in none yet."""
    node = Node(load_settings())
    with node.registry.reading() as session:
        messages = [_told(row) for row in list_messages(session, all_states=everything)]
        waiting = count_ungathered(session)
    if as_json:
        print_json({"targets": _targets(node), "notifications": waiting, "messages": messages})
        return
    for message in messages:
        why = f": {message['error']}" if message["error"] else ""
        out.print(
            f"{message['id']:>6}  {message['state']:<8} {message['target']:<16} {message['kind']:<18} "
            f"{message['number']:>5}  {message['created_at']}{why}"
        )
    err.print(f"{len(messages)} messages; {waiting} notifications are in none yet.")


@notify.command()
@click.argument("messages", nargs=-1, type=int, metavar="[ID]...")
@as_json_option
def retry(messages: tuple[int, ...], *, as_json: bool) -> None:
    """Try messages again that wait or were given up; all when none is named."""
    from workers.notifications.delivery import deliver

    node = Node(load_settings())
    with node.registry.transaction() as session:
        chosen = send_again(session, messages or None)
    done = deliver(node)
    if as_json:
        print_json({"tried": chosen, "sent": done.sent, "failed": done.failed})
    else:
        out.print(f"{done.sent} messages were sent; {done.failed} were not.")
    sys.exit(0 if not done.failed else 4)


@notify.command()
@click.argument("target")
def keep(target: str) -> None:
    """Keep the address of a target in your keyring; it is asked for, and not shown."""
    from workers.notifications.sending import Address, require_usable
    from workers.secrets import keep_notification_address

    if sys.stdin.isatty():
        text = click.prompt("Address, as Apprise writes it", hide_input=True, err=True)
    else:
        text = sys.stdin.readline()
    address = text.strip()
    require_usable(target, Address(address))
    keep_notification_address(target, address)
    err.print(f'Kept. The settings find it with credentials = "keyring" in [notifications.targets.{target}].')


def _names(node: Node, target: str | None) -> list[str]:
    known = sorted(node.settings.notifications.targets)
    if not known:
        raise SettingsInvalid(
            "The settings name no target of notifications.",
            consequence="Nobody is told anything.",
            remedy="Add a table [notifications.targets.NAME]; docs/notifications.md shows how.",
        )
    if target is not None and target not in known:
        raise SettingsInvalid(
            f"There is no notification target {target!r}; known are: {', '.join(known)}.",
            consequence="Nothing was sent.",
        )
    return [target] if target is not None else known


def _targets(node: Node) -> list[dict[str, Any]]:
    """The targets without their addresses."""
    return [
        {
            "name": name,
            "kinds": [str(kind) for kind in target.kinds],
            "severity": str(target.severity),
            "credentials": target.credentials,
        }
        for name, target in sorted(node.settings.notifications.targets.items())
    ]


def _told(row: NotificationMessageRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "target": row.target,
        "kind": row.kind,
        "number": row.number,
        "state": row.state,
        "created_at": row.created_at,
        "attempts": row.attempts,
        "next_attempt_at": row.next_attempt_at or None,
        "sent_at": row.sent_at or None,
        "error": row.error,
        "subjects": [example["subject"] for example in row.examples],
    }
