# SPDX-License-Identifier: Apache-2.0
"""Stations and devices: a screen of the desktop."""
