# SPDX-License-Identifier: Apache-2.0
"""Write docs/desktop-requirements.md: what the desktop must do, and which tests prove it."""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
PAGE = REPOSITORY / "docs" / "desktop-requirements.md"

INTRODUCTION = """\
# What the desktop must do

Thirty requirements, each with the tests that prove it. A test says so by a line `# requirement NN` above it; this
page is written from those lines by `python -m tools.write_desktop_requirements`, and a test fails when it is old.

| | requirement | proved by |
|---|---|---|
"""

REQUIREMENTS: dict[int, str] = {
    1: "An item is opened, captured (ten pages, one of them twice) and finished without a mouse.",
    2: "The capture key answers within 100 ms; a simulated page shows within a second of its data.",
    3: "The window never stands still for more than 50 ms while 200 pages are captured and sent on.",
    4: "10,000 thumbnails show within 50 ms, with at most 1,000 questions to their model.",
    5: "Scrolling decodes only what comes to rest in view; older wishes lapse.",
    6: "A page of 400 megapixels: overview within 200 ms, sharp at 1:1 within 400 ms, at most 500 MB more memory.",
    7: "Import shows every problem with the spreadsheet's own row and column, each linked to its cell.",
    8: "Import gives the sheet back with its problems beside the rows; the mended sheet goes in.",
    9: "Nothing is created in the registry or on disk while a problem is left.",
    10: "A pedal's key never reaches a text field while capture is armed, and a held key is one capture.",
    11: "Any key can be learnt; a key that something else has is named.",
    12: "Every action has a key or an entry in the palette; the list of keys is made from the actions.",
    13: "Discard, retake, order, labels, verdicts and metadata can be undone, each by its name.",
    14: "After kill -9 in the middle of a capture the next start offers what was captured; no page lost or doubled.",
    15: "After kill -9 of a scanner's process there is one error with a remedy, and the device comes back.",
    16: "Every fault that can be simulated has words and a button of its own.",
    17: "Stop gives control back within 500 ms and keeps what was scanned.",
    18: "Closing the window leaves the work running; the board is right when it is opened again.",
    19: "A failed cell shows reason and attempts, and can be tried again alone or with all of its kind.",
    20: "Progress comes at most ten times a second, never goes back, and is not whole before the end.",
    21: "Everything that can be used has a name for screen readers; Tab reaches all of it and is held nowhere.",
    22: "No state is told by colour alone; text has a contrast of at least 4.5:1 in both themes.",
    23: "The theme changes while the desktop runs; images stand on neutral grey in both.",
    24: "At 1280 x 720, at scale 2 and with texts 40 % longer no text is cut and no button hidden.",
    25: "Every text can be translated, and none is missing in German.",
    26: "Everything lies in the XDG directories; a private base directory leaves all others untouched.",
    27: "From the first start to the first captured item within two minutes, without network or manual.",
    28: "Every error says what happened, what it means and what to do; its details can be copied.",
    29: "Desktop entry, AppStream metadata and icons are valid and share one id.",
    30: "What is simulated says so on the screen, in metadata and in the bag.",
}

ELSEWHERE: dict[int, str] = {
    3: "by the clock: `benchmarks/desktop_shift.py`, with figures in [performance.md](performance.md)",
    6: "by the clock: `benchmarks/desktop.py`, with figures in [performance.md](performance.md)",
}
"""Requirements that something else than a test proves, wholly or in part, or that wait for something."""

MARK = re.compile(r"^# requirements? (?P<numbers>\d+(?:(?:,| and) ?\d+)*)$", re.MULTILINE)
TEST = re.compile(r"^(?:async )?def (test_\w+)", re.MULTILINE)


def proofs_by_requirement() -> dict[int, list[tuple[str, str]]]:
    """Path and name of the tests that prove each requirement."""
    found: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for path in sorted((REPOSITORY / "tests").rglob("test_*.py")):
        text = path.read_text(encoding="utf-8")
        for mark in MARK.finditer(text):
            test = TEST.search(text, mark.end())
            if test is None:
                raise SystemExit(f"{path}: no test follows {mark[0]!r}")
            for number in re.findall(r"\d+", mark["numbers"]):
                found[int(number)].append((str(path.relative_to(REPOSITORY)), test[1]))
    return found


def requirements_page() -> str:
    """The whole page."""
    found = proofs_by_requirement()
    lines = []
    for number, requirement in REQUIREMENTS.items():
        proofs = [
            f"[{name.removeprefix('test_').replace('_', ' ')}](../{path})" for path, name in found[number]
        ]
        if number in ELSEWHERE:
            proofs.append(ELSEWHERE[number])
        lines.append(f"| {number} | {requirement} | {'<br>'.join(proofs)} |\n")
    return INTRODUCTION + "".join(lines)


def main() -> int:
    """Write the page.

    Returns:
        0, or 1 while a requirement is proved by nothing.
    """
    PAGE.write_text(requirements_page(), encoding="utf-8")
    found = proofs_by_requirement()
    unproved = [number for number in REQUIREMENTS if not found[number] and number not in ELSEWHERE]
    for number in unproved:
        print(f"nothing proves requirement {number}: {REQUIREMENTS[number]}")
    return 1 if unproved else 0


if __name__ == "__main__":
    sys.exit(main())
