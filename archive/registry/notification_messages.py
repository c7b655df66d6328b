# SPDX-License-Identifier: Apache-2.0
"""Messages made of notifications: one of a kind waits for each target, and grows until it may be sent."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from archive.registry.clock import now_iso, now_seconds
from archive.registry.receiving_tables import NotificationMessageRow, NotificationRow

WAITING, SENDING, SENT, FAILED = "waiting", "sending", "sent", "failed"

EXAMPLES = 20
"""Notifications that a message tells in full; of the others it tells how many they are."""
AT_ONCE = 5_000
"""Notifications that are gathered in one transaction: others want to write as well."""
FIRST_PAUSE, LONGEST_PAUSE = 60.0, 3600.0
"""Seconds after the first failed attempt, doubled with each, and at most."""
LEASE_SECONDS = 300.0
"""After this a message that somebody was sending waits again: he died."""

Targets = Mapping[str, Callable[[str], bool]]
"""For each target, whether it wants a kind."""


def gather(session: Session, targets: Targets) -> int:
    """Make messages of notifications, which go with that.

    Args:
        session: The transaction.
        targets: All who are told.

    Returns:
        How many notifications were gathered; when they are `AT_ONCE`, there may be more.
    """
    query = select(NotificationRow).order_by(NotificationRow.id).limit(AT_ONCE)
    rows = list(session.scalars(query.with_for_update(skip_locked=True)))
    by_kind: dict[str, dict[str, dict[str, Any]]] = defaultdict(dict)
    for row in rows:
        # of what is told again of the same subject, the last counts
        by_kind[row.kind][row.subject] = {"subject": row.subject, "facts": row.facts, "at": row.created_at}
    for kind, told in by_kind.items():
        for target, wants in targets.items():
            if wants(kind):
                _add(session, target, kind, len(told), list(told.values())[:EXAMPLES])
    if rows:
        session.execute(delete(NotificationRow).where(NotificationRow.id.in_([row.id for row in rows])))
    return len(rows)


def _add(session: Session, target: str, kind: str, number: int, examples: Sequence[dict[str, Any]]) -> None:
    waiting = _waiting(session, target, kind)
    if waiting is None:
        session.add(
            NotificationMessageRow(
                target=target,
                kind=kind,
                number=number,
                examples=list(examples),
                state=WAITING,
                created_at=now_iso(),
                changed_at=now_seconds(),
            )
        )
        return
    _join(waiting, number, examples)
    waiting.changed_at = now_seconds()


def _join(message: NotificationMessageRow, number: int, examples: Sequence[dict[str, Any]]) -> None:
    """Have a message tell of more; subjects among its examples are not counted twice."""
    known = {example["subject"]: example for example in message.examples}
    again = sum(example["subject"] in known for example in examples)
    message.number += number - again
    message.examples = list({**known, **{example["subject"]: example for example in examples}}.values())[
        :EXAMPLES
    ]


def _waiting(session: Session, target: str, kind: str) -> NotificationMessageRow | None:
    return session.scalar(
        select(NotificationMessageRow)
        .where(
            NotificationMessageRow.target == target,
            NotificationMessageRow.kind == kind,
            NotificationMessageRow.state == WAITING,
        )
        .with_for_update()
    )


def take_due(
    session: Session, target: str, *, group_seconds: float, per_hour: int
) -> NotificationMessageRow | None:
    """Take the oldest message to a target that may be sent now; nobody else takes it meanwhile.

    Args:
        session: The transaction.
        target: The target.
        group_seconds: For how long after one message of a kind the next one gathers.
        per_hour: Messages that the target gets in an hour at most.

    Returns:
        The message; None where none may be sent now.
    """
    moment = now_seconds()
    sent = NotificationMessageRow.sent_at
    to_target = NotificationMessageRow.target == target
    # whoever else sends to this target waits here: the limits are those of both
    rows = list(
        session.scalars(
            select(NotificationMessageRow)
            .where(to_target, NotificationMessageRow.state == WAITING)
            .order_by(NotificationMessageRow.id)
            .with_for_update()
        )
    )
    if not rows:
        return None
    newest = (
        select(NotificationMessageRow.kind, func.max(sent))
        .where(to_target, sent > moment - group_seconds, sent <= moment)
        .group_by(NotificationMessageRow.kind)
    )
    last = {kind: sent_at for kind, sent_at in session.execute(newest)}  # noqa: C416 (rows are no pairs for mypy)
    within_hour = (
        session.scalar(select(func.count()).where(to_target, sent > moment - 3600.0, sent <= moment)) or 0
    )
    if within_hour >= per_hour:
        return None
    for row in rows:
        # what is to wait for longer than anything does was put back by a clock that was ahead
        waits = moment < row.next_attempt_at <= moment + LONGEST_PAUSE
        if not waits and row.kind not in last:
            row.state, row.changed_at = SENDING, moment
            row.attempts += 1
            return row
    return None


def note_sent(session: Session, message: int) -> None:
    """Note that a target took a message."""
    row = session.get(NotificationMessageRow, message)
    if row is not None:
        row.state, row.error = SENT, ""
        row.sent_at = row.changed_at = now_seconds()


def note_not_sent(session: Session, message: int, error: str, *, give_up_seconds: float) -> bool:
    """Note that a message could not be sent: it waits for another attempt, or is given up.

    Args:
        session: The transaction.
        message: Key of the message.
        error: Why, without secrets.
        give_up_seconds: For how long after the first attempt it is tried.

    Returns:
        Whether it was given up.
    """
    row = session.get(NotificationMessageRow, message)
    if row is None:
        return False
    row.error = error
    _put_back(session, row, min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(row.attempts - 1, 10)), give_up_seconds)
    return row.state == FAILED


def put_back_lost(session: Session, *, give_up_seconds: float) -> None:
    """Have messages wait again whose sender died."""
    lost = select(NotificationMessageRow).where(
        NotificationMessageRow.state == SENDING,
        NotificationMessageRow.changed_at < now_seconds() - LEASE_SECONDS,
    )
    for row in session.scalars(lost.with_for_update(skip_locked=True)).all():
        _put_back(session, row, 0.0, give_up_seconds)


def _put_back(session: Session, row: NotificationMessageRow, pause: float, give_up_seconds: float) -> None:
    moment = now_seconds()
    row.changed_at, row.next_attempt_at = moment, moment + pause
    if row.first_attempt_at and row.first_attempt_at < moment - give_up_seconds:
        row.state = FAILED
        return
    row.first_attempt_at = row.first_attempt_at or moment
    since = _waiting(session, row.target, row.kind)
    if since is not None:
        # what came while this one was being sent goes with it
        _join(row, since.number, since.examples)
        session.delete(since)
        session.flush()
    row.state = WAITING


def send_again(session: Session, messages: Collection[int] | None = None) -> int:
    """Have messages tried again that were given up, and at once those that wait.

    Args:
        session: The transaction.
        messages: Their keys; all when left out.

    Returns:
        How many will be tried.
    """
    query = select(NotificationMessageRow).where(NotificationMessageRow.state.in_([WAITING, FAILED]))
    if messages is not None:
        query = query.where(NotificationMessageRow.id.in_(messages))
    rows = session.scalars(query.order_by(NotificationMessageRow.id).with_for_update()).all()
    for row in rows:
        if row not in session:
            continue
        if row.state == FAILED:
            row.first_attempt_at = 0.0
            _put_back(session, row, 0.0, 1.0)
        row.first_attempt_at = row.next_attempt_at = 0.0
        session.flush()
    return len(rows)


def prune(session: Session, *, kept_seconds: float, unsent_seconds: float) -> None:
    """Forget old messages, and notifications that nobody has made a message of.

    Args:
        session: The transaction.
        kept_seconds: How long messages are kept that were sent or given up, after that.
        unsent_seconds: How long everything else is.
    """
    moment = now_seconds()
    ended = NotificationMessageRow.state.in_([SENT, FAILED])
    changed = NotificationMessageRow.changed_at
    session.execute(
        delete(NotificationMessageRow).where(
            (ended & (changed < moment - kept_seconds)) | (~ended & (changed < moment - unsent_seconds))
        )
    )
    session.execute(delete(NotificationRow).where(NotificationRow.created_at < _iso_before(unsent_seconds)))


def _iso_before(seconds: float) -> str:
    moment = dt.datetime.fromtimestamp(now_seconds() - seconds, dt.UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.000Z")


def forget_unsent(session: Session) -> None:
    """Forget what was not sent: a registry that is restored from a backup would tell it once more."""
    session.execute(delete(NotificationRow))
    session.execute(
        delete(NotificationMessageRow).where(NotificationMessageRow.state.in_([WAITING, SENDING]))
    )


def list_messages(session: Session, *, all_states: bool = False) -> list[NotificationMessageRow]:
    """Messages that were not sent, the oldest first; the sent ones too where asked for."""
    query = select(NotificationMessageRow).order_by(NotificationMessageRow.id)
    if not all_states:
        query = query.where(NotificationMessageRow.state != SENT)
    return list(session.scalars(query))


def count_states(session: Session) -> dict[tuple[str, str], int]:
    """How many messages are in which state, by target and state, those that were sent left out."""
    state, target = NotificationMessageRow.state, NotificationMessageRow.target
    query = select(target, state, func.count()).where(state != SENT).group_by(target, state)
    return {(name, which): number for name, which, number in session.execute(query)}


def count_ungathered(session: Session) -> int:
    """How many notifications nobody has made a message of yet."""
    return session.scalar(select(func.count()).select_from(NotificationRow)) or 0
