# SPDX-License-Identifier: Apache-2.0
"""A batch while it runs: a live table in a terminal, lines elsewhere, JSON lines for programs."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any

from rich.console import Console, Group
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from app.batch_table import MARKS, words_of
from app.output import err
from archive.registry.board import BoardItem
from archive.registry.clock import now_iso
from archive.registry.pace import Pace
from archive.registry.stage_holds import StageHold
from archive.registry.states import State, state_of_whole
from workers.following import Look, follow
from workers.node import Node

LIVE_SECONDS = 0.125
"""Least time between two pictures: eight a second are as many as anybody can follow."""
NARROW = 60
"""Columns of a terminal below which names and states need the place of the bars."""
LINES_SECONDS = 0.25
LINES_AROUND = 6
"""Lines of the picture that are no items: title, head, what is left out, figures, and what is held."""
TOLD = frozenset({State.DONE, State.HELD, State.FAILED, State.CANCELLED})
"""States of stages that are worth a line."""

_URGENCY = (State.FAILED, State.HELD, State.RUNNING, State.QUEUED, State.WAITING, State.CANCELLED, State.DONE)


def follow_live(
    node: Node, batch: str, watch: Callable[[], None] = lambda: None, *, console: Console = err
) -> None:
    """Show a batch until nothing happens to it any more by itself: a table in a terminal, lines elsewhere.

    Args:
        node: The process's settings and registry.
        batch: The batch.
        watch: Called between two looks at the ledger.
        console: Where it is shown.

    Raises:
        BatchUnknown: No such batch.
    """
    if not console.is_terminal:
        _follow_in_lines(node, batch, watch, console)
        return
    begun = time.monotonic()
    # drawn only when there is something new, in one write each: no thread that redraws, no flicker
    with Live(console=console, auto_refresh=False, transient=True, vertical_overflow="crop") as live:
        for look in follow(node, batch, seconds_between=LIVE_SECONDS, watch=watch):
            room = max(1, console.height - LINES_AROUND - len(look.holds))
            narrow = console.width < NARROW
            live.update(picture(look, time.monotonic() - begun, room, narrow=narrow), refresh=True)


def follow_as_json(node: Node, batch: str, watch: Callable[[], None] = lambda: None) -> None:
    """Print a JSON object a line, at once and whenever something changed; see `line_of`.

    Raises:
        BatchUnknown: No such batch.
    """
    before: tuple[Any, ...] | None = None
    for look in follow(node, batch, seconds_between=LINES_SECONDS, watch=watch):
        news = (look.state, look.pages, look.holds)
        if look.changed or news != before:
            sys.stdout.write(json.dumps(line_of(look), ensure_ascii=False) + "\n")
            sys.stdout.flush()
        before = news


def line_of(look: Look) -> dict[str, Any]:
    """One line of `recto batch status BATCH --follow --json`.

    Returns:
        `{at, batch, state, pages: {pages, master, access, alto}, items_done, items, items_per_hour, seconds_left,
        holds, changed: [{id, state, on_hold, progress, stages: {stage: state}}]}`; the first line has all items.
    """
    return {
        "at": now_iso(),
        "batch": look.batch,
        "state": str(look.state),
        "pages": look.pages,
        "items_done": look.pace.items_done,
        "items": look.pace.items,
        "items_per_hour": look.pace.items_per_hour,
        "seconds_left": look.pace.seconds_left,
        "holds": [hold.to_json() for hold in look.holds],
        "changed": [
            {
                "id": item.name,
                "state": str(item.state),
                "on_hold": item.on_hold,
                "progress": round(progress_of(item), 3),
                "stages": {name: str(state) for name, state in stages_of(item, look.stages).items()},
            }
            for item in look.changed
        ],
    }


def _follow_in_lines(node: Node, batch: str, watch: Callable[[], None], console: Console) -> None:
    seen: dict[tuple[str, str], State] = {}
    held: tuple[StageHold, ...] = ()
    for look in follow(node, batch, seconds_between=LINES_SECONDS, watch=watch):
        for item in look.changed:
            for stage, state in stages_of(item, look.stages).items():
                key = (f"{batch}/{item.name}", stage)
                if state != seen.get(key) and state in TOLD:
                    console.print(f"{key[0]:<32} {stage:<13} {state}")
                seen[key] = state
        if [hold.stage for hold in look.holds] != [hold.stage for hold in held]:
            console.print("\n".join(map(words_of, look.holds)) or "Nothing is held any more.")
        held = look.holds


def stages_of(item: BoardItem, names: Sequence[str]) -> dict[str, State]:
    """The state of each stage of an item, in the pipeline's order."""
    states: dict[str, list[State]] = {name: [] for name in names}
    for line in item.units.splitlines():
        stage, state, _ = line.split(":", 2)
        states[stage].append(State(state))
    return {name: state_of_whole(parts) for name, parts in states.items() if parts}


def progress_of(item: BoardItem) -> float:
    """How much of an item's units are done, from 0 to 1; a unit that runs counts as half."""
    states = [line.split(":", 2)[1] for line in item.units.splitlines()]
    if not states:
        return 0.0
    return (states.count(State.DONE) + states.count(State.RUNNING) / 2) / len(states)


def picture(look: Look, seconds: float, room: int, *, narrow: bool = False) -> Group:
    """The batch as it is drawn in a terminal.

    Args:
        look: The batch.
        seconds: Since when it has been followed.
        room: How many items there is room for; those that need somebody, and those in work, come first.
        narrow: Whether bars are left out.
    """
    table = Table(
        title=f"Batch {look.batch}: {look.state}", title_justify="left", expand=True, box=None, padding=(0, 1)
    )
    table.add_column("item", no_wrap=True, ratio=3, min_width=8)
    table.add_column("pages", no_wrap=True, justify="right", min_width=5)
    if not narrow:
        table.add_column("", no_wrap=True, ratio=4, min_width=10)
    table.add_column("", no_wrap=True, justify="right", min_width=4)
    table.add_column("state", no_wrap=True, ratio=5, min_width=12 if narrow else 20)
    shown = _chosen(look.items, room)
    for item in shown:
        done = progress_of(item)
        table.add_row(
            item.name,
            str(item.pages),
            *([] if narrow else [ProgressBar(total=1.0, completed=done)]),
            f"{int(100 * done)}%",
            _state_of(item, look.stages),
        )
    lines: list[Any] = [table]
    if len(shown) < len(look.items):
        lines.append(Text(f" and {len(look.items) - len(shown)} more", style="dim", no_wrap=True))
    lines += [
        Text(f" {words_of(hold)}", style="magenta", no_wrap=True, overflow="ellipsis") for hold in look.holds
    ]
    lines.append(Text(f" {figures_of(look.pages, look.pace, seconds)}", no_wrap=True, overflow="ellipsis"))
    return Group(*lines)


def figures_of(pages: dict[str, int], pace: Pace, seconds: float) -> str:
    """How far a batch is, how fast it goes and how long it still takes, where that can be told."""
    told = [
        f"{pace.items_done} of {pace.items} items proved",
        f"{pages['master']} of {pages['pages']} pages captured, {pages['alto']} read",
    ]
    if pace.items_per_hour is not None:
        told.append(f"{pace.items_per_hour:.0f} items an hour")
    if pace.seconds_left:
        told.append(f"about {_length(pace.seconds_left)} left")
    elif pace.seconds_left is None:
        told.append("time left not known yet")
    return " · ".join([*told, f"{seconds:.0f} s"])


def _length(seconds: float) -> str:
    minutes, rest = divmod(max(1, round(seconds)), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min" if minutes else f"{rest} s"


def _chosen(items: Sequence[BoardItem], room: int) -> Sequence[BoardItem]:
    if len(items) <= room:
        return items
    by_urgency = sorted(items, key=lambda item: (_URGENCY.index(item.state), not item.is_worked_on))
    chosen = {item.key for item in by_urgency[:room]}
    return [item for item in items if item.key in chosen]


def _state_of(item: BoardItem, names: Sequence[str]) -> Text:
    sign, style = MARKS[item.state]
    if item.on_hold is not None and item.state is not State.DONE:
        return Text("! at the desk" if item.on_hold == "desk" else "! on hold", style="magenta")
    stages = stages_of(item, names)
    stopped = [name for name, state in stages.items() if state in {State.FAILED, State.HELD}]
    if stopped:
        return Text(f"{sign} {item.state}: {', '.join(stopped)}", style=style)
    running = [name for name in stages if f"{name}:{State.RUNNING}:" in item.units]
    return Text(f"{sign} {', '.join(running) or item.state}", style=style)
