# SPDX-License-Identifier: Apache-2.0
"""A report on the quality of pages for a supervisor to print: one HTML file with small pictures and plots."""

from __future__ import annotations

import base64
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from archive.imaging.quality.files import CheckedFile
from archive.imaging.quality.profile import Limits, Measurement, QualityProfile

WORDS = {"pass": "passed", "review": "to be looked at", "hold": "not acceptable"}
SIGNS = {"pass": "✓", "review": "◐", "hold": "✗"}

PLOTTED: tuple[tuple[Measurement, str], ...] = (
    ("skew", "Skew, degrees"),
    ("paper_white", "Lightness of the paper, L*"),
    ("evenness", "Unevenness of the paper, L*"),
    ("noise", "Noise of the paper, L*"),
    ("sharpness", "Sharpness, levels"),
    ("blank", "Share of ink"),
    ("cut_text", "Strokes that run over an edge"),
)
"""Measurements that are drawn over all pages."""

WIDTH, HEIGHT, MARGIN = 640, 120, 8

STYLE = """
body { font: 14px/1.45 "DejaVu Sans", "Segoe UI", sans-serif; color: #1b1b1b; margin: 2em auto; max-width: 62em; }
h1 { font-size: 1.6em; } h2 { font-size: 1.15em; margin-top: 2em; }
table { border-collapse: collapse; width: 100%; } td, th { text-align: left; padding: .3em .6em; vertical-align: top; }
tr { border-top: 1px solid #c8c8c8; page-break-inside: avoid; } img { max-width: 9em; border: 1px solid #8a8a8a; }
.hold { color: #a3211b; } .review { color: #7d4e00; } .pass { color: #1d6b34; } .plain { color: #555; }
svg { width: 100%; height: auto; background: #f6f6f6; } figure { margin: 1em 0; } figcaption { color: #555; }
ul { margin: .2em 0; padding-left: 1.2em; }
@page { size: A4; margin: 15mm; }
@media print { body { margin: 0; max-width: none; font-size: 11px; } figure, tr { break-inside: avoid; }
  svg, .hold, .review, .pass { print-color-adjust: exact; -webkit-print-color-adjust: exact; } }
"""


def quality_report(files: Sequence[CheckedFile], profile: QualityProfile, made: str) -> str:
    """The report as HTML that needs no other file.

    Args:
        files: The pages in their order.
        profile: What they were judged by.
        made: When and by which program, for people.
    """
    counts = Counter(file.verdict for file in files)
    summary = ", ".join(f"{counts[verdict]} {WORDS[verdict]}" for verdict in ("hold", "review", "pass"))
    return "".join(
        (
            '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Quality of ',
            f"{len(files)} pages</title><style>{STYLE}</style></head><body>",
            f"<h1>Quality of {len(files)} pages</h1><p>{escape(summary)}.</p>",
            f'<p class="plain">Judged by “{escape(profile.title)}”. {escape(profile.source)}.<br>{escape(made)}</p>',
            "<h2>Measurements over all pages</h2>",
            *(_figure(files, check, title, profile.limits(check)) for check, title in PLOTTED),
            "<h2>Pages</h2><table><tr><th>Page</th><th>Verdict</th><th>Findings</th></tr>",
            *(_row(file) for file in sorted(files, key=_worst_first)),
            "</table></body></html>\n",
        )
    )


def _worst_first(file: CheckedFile) -> int:
    return list(WORDS).index(file.verdict) * -1


def _row(file: CheckedFile) -> str:
    picture = ""
    if file.picture:
        encoded = base64.b64encode(file.picture).decode("ascii")
        picture = f'<br><img alt="" src="data:image/jpeg;base64,{encoded}">'
    findings = "".join(
        f'<li class="{check.verdict}">{escape(check.sentence)}</li>'
        for check in file.checks
        if check.verdict != "pass"
    )
    facts = ""
    if file.technical is not None:
        dpi = f", {file.technical.dpi[0]:g} dpi" if file.technical.dpi else ", no resolution stated"
        facts = (
            f'<span class="plain">{file.technical.width} x {file.technical.height} pixels, '
            f"{file.technical.samples_per_pixel} x {file.technical.bits_per_sample} bit{dpi}</span>"
        )
    return (
        f"<tr><td>{escape(file.path.name)}{picture}</td>"
        f'<td class="{file.verdict}">{SIGNS[file.verdict]} {WORDS[file.verdict]}</td>'
        f"<td>{facts}<ul>{findings}</ul></td></tr>"
    )


@dataclass(frozen=True, slots=True)
class _Point:
    index: int
    value: float
    verdict: str
    name: str


def _figure(files: Sequence[CheckedFile], check: str, title: str, limits: Limits) -> str:
    points = list(_points(files, check))
    if not points:
        return ""
    lines = {
        value: verdict
        for value, verdict in (
            (limits.review_below, "review"),
            (limits.review_above, "review"),
            (limits.hold_below, "hold"),
            (limits.hold_above, "hold"),
        )
        # sharpness is limited by what is usual, not by a value
        if value is not None and check != "sharpness"
    }
    top = max([point.value for point in points] + list(lines)) or 1.0
    bottom = min([0.0, *(point.value for point in points)])
    drawn = "".join(_limit(value, verdict, bottom, top) for value, verdict in lines.items())
    drawn += "".join(_dot(point, len(files), bottom, top) for point in points)
    return (
        f'<figure><svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(title)}">{drawn}</svg>'
        f"<figcaption>{escape(title)}: {bottom:g} to {top:g}</figcaption></figure>"
    )


def _points(files: Sequence[CheckedFile], check: str) -> Iterator[_Point]:
    for index, file in enumerate(files):
        for result in file.checks:
            if result.check == check and isinstance(result.measured, (int, float)):
                value = abs(result.measured) if check == "skew" else float(result.measured)
                yield _Point(index, value, result.verdict, file.path.name)


def _height(value: float, bottom: float, top: float) -> float:
    return HEIGHT - MARGIN - (value - bottom) / ((top - bottom) or 1.0) * (HEIGHT - 2 * MARGIN)


def _limit(value: float, verdict: str, bottom: float, top: float) -> str:
    y = _height(value, bottom, top)
    return (
        f'<line class="{verdict}" x1="0" x2="{WIDTH}" y1="{y:.1f}" y2="{y:.1f}" stroke="currentColor" '
        'stroke-dasharray="6 4"/>'
    )


def _dot(point: _Point, pages: int, bottom: float, top: float) -> str:
    x = MARGIN + (point.index + 0.5) / pages * (WIDTH - 2 * MARGIN)
    y = _height(point.value, bottom, top)
    radius = 3 if point.verdict == "pass" else 5
    return (
        f'<circle class="{point.verdict}" cx="{x:.1f}" cy="{y:.1f}" r="{radius}" fill="currentColor">'
        f"<title>{escape(point.name)}: {point.value:g}</title></circle>"
    )
