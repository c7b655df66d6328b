# SPDX-License-Identifier: Apache-2.0
"""What a device's id tells without opening the device."""

from __future__ import annotations


def is_simulated(device: str) -> bool:
    """Whether a device draws its pages itself, so that no sheet of paper can be lost or taken for another."""
    return device.startswith("simulated:")


def is_hot_folder(device: str) -> bool:
    """Whether a device is a folder of files, where page n is the n-th file however often it is asked for."""
    return device.startswith("folder:")
