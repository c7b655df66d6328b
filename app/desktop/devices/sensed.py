# SPDX-License-Identifier: Apache-2.0
"""What the sensors of an idle device say about why it could not scan now."""

from __future__ import annotations

from collections.abc import Mapping

from hardware.errors import CoverOpen, FeederEmpty, ScannerError
from hardware.sensors import COVER_OPEN, PAGE_LOADED
from hardware.session_reports import OptionsNow
from hardware.sources import is_feeder


def sensed_failure(sensors: Mapping[str, bool], options: OptionsNow) -> ScannerError | None:
    """The error that a scan would meet now, as far as the sensors tell; None where they see nothing amiss.

    Args:
        sensors: What they told last, by standard name.
        options: The device's options: a glass needs no sheet in the feeder.
    """
    if sensors.get(COVER_OPEN):
        return CoverOpen("The cover is open.")
    if sensors.get(PAGE_LOADED) is False and is_feeder(str(options.values.get("source", ""))):
        return FeederEmpty("No sheet lies in the feeder.")
    return None
