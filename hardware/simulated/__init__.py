# SPDX-License-Identifier: Apache-2.0
"""Simulated scanners: devices that draw their pages, or find real images on their glass."""
