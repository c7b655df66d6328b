# SPDX-License-Identifier: Apache-2.0
"""A test scan in words: when it was, and what was measured."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QCoreApplication, QDateTime, QLocale

from workers.test_scans import TestScan

_MM_AN_INCH = 25.4


def last_test_text(test: TestScan | None) -> str:
    """When a device was tried last, in one line."""
    if test is None:
        return QCoreApplication.translate("devices", "No test scan yet")
    at = QDateTime.fromSecsSinceEpoch(int(datetime.fromisoformat(test.at).timestamp()))
    facts = " · ".join((resolution_text(test), depth_text(test), seconds_text(test)))
    return QCoreApplication.translate("devices", "Last test scan {time}: {facts}").format(
        time=QLocale().toString(at, QLocale.FormatType.ShortFormat), facts=facts
    )


def resolution_text(test: TestScan) -> str:
    """The resolution."""
    horizontal, vertical = test.dpi
    if min(horizontal, vertical) <= 0:
        return QCoreApplication.translate("devices", "resolution not told")
    locale = QLocale()
    if horizontal == vertical:
        return f"{locale.toString(round(horizontal))} dpi"
    return f"{locale.toString(round(horizontal))} x {locale.toString(round(vertical))} dpi"


def depth_text(test: TestScan) -> str:
    """Colour and depth."""
    if test.bits_per_sample == 1:
        return QCoreApplication.translate("devices", "black and white, 1 bit")
    words = (
        QCoreApplication.translate("devices", "colour, {bits} bit")
        if test.samples_per_pixel > 1
        else QCoreApplication.translate("devices", "gray, {bits} bit")
    )
    return words.format(bits=test.bits_per_sample)


def seconds_text(test: TestScan) -> str:
    """How long it took."""
    return QCoreApplication.translate("devices", "{seconds} s").format(
        seconds=QLocale().toString(test.seconds, "f", 1)
    )


def size_text(test: TestScan) -> str:
    """The size in pixels."""
    locale = QLocale()
    return QCoreApplication.translate("devices", "{width} x {height} pixels").format(
        width=locale.toString(test.width), height=locale.toString(test.height)
    )


def paper_text(test: TestScan) -> str:
    """The size in millimetres; "" where the resolution is not told."""
    horizontal, vertical = test.dpi
    if min(horizontal, vertical) <= 0:
        return ""
    locale = QLocale()
    return QCoreApplication.translate("devices", "{width} x {height} mm").format(
        width=locale.toString(round(test.width / horizontal * _MM_AN_INCH)),
        height=locale.toString(round(test.height / vertical * _MM_AN_INCH)),
    )
